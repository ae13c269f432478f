//! Bell: how other threads wake the event loop of an environment for the errands in its inbox.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use landbridge::Result;
use napi_sys as sys;

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::guard::{self, CallbackInfo, Native, quietly};
use crate::inbox::Inbox;
use crate::js::{get, run};

pub(crate) const TABLE: &[(&str, Native)] = &[("drain", drain)];

/// How long errands may keep the event loop from other things.
const SLICE: Duration = Duration::from_millis(2);

/// The inbox of an environment.
pub(crate) fn inbox(env: Env) -> Result<Arc<Inbox>> {
    let bell = bell(env)?;
    run!(env, napi_unref_threadsafe_function(bell))?;
    Ok(Inbox::new(bell))
}

/// A function of Node-API that other threads may call; it calls [`ring`] on the environment's.
fn bell(env: Env) -> Result<sys::napi_threadsafe_function> {
    let none = ptr::null_mut();
    let name = env.string("landbridge")?;
    let resource = get!(env, napi_create_object(), ptr::null_mut())?;
    let asked = guard::function(env, "hasRef", has_ref)?;
    run!(
        env,
        napi_set_named_property(resource, c"hasRef".as_ptr(), asked)
    )?;
    get!(
        env,
        napi_create_threadsafe_function(
            ptr::null_mut(),
            resource,
            name,
            0,
            1,
            none,
            None,
            none,
            Some(answer)
        ),
        ptr::null_mut()
    )
}

/// `hasRef()`, as timers and sockets have it: test runners ask by it what keeps the event loop alive.
fn has_ref(call: &CallbackInfo) -> Result<Js> {
    call.env.boolean(call.env.addon()?.inbox.is_kept())
}

/// Node.js calls this on the environment's thread when the bell was rung.
unsafe extern "C" fn answer(raw: sys::napi_env, _: Js, _: *mut c_void, _: *mut c_void) {
    if raw.is_null() {
        return;
    }
    // SAFETY: Node.js gives the environment of this thread.
    let env = unsafe { Env::new(raw) };
    quietly(|| {
        let _ = work(env);
    });
}

/// Runs errands; what is left when the time is over waits for the next turn of the event loop.
fn work(env: Env) -> Result<()> {
    let (addon, start) = (env.addon()?, Instant::now());
    while let Some(errand) = addon.inbox.next(env) {
        quietly(|| {
            // What can go wrong is told by the errand itself.
            let _ = env.scoped(|| {
                errand(Some(env));
                Ok(())
            });
        });
        if start.elapsed() >= SLICE {
            let later = addon.hook(env, Hook::Later)?;
            return env.call(later, &[]).map(drop);
        }
    }
    Ok(())
}

/// `drain()`: goes on with errands.
fn drain(call: &CallbackInfo) -> Result<Js> {
    work(call.env)?;
    call.env.undefined()
}
