//! Asynchronous calls of components
//!
//! As asynchronous calls of modules are, for functions of components: a frame of arguments goes with the call, and one of the
//! result waits for whoever asks for it.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use landbridge::host::wit::Crossed;
use landbridge::{Call, Result};

use crate::call::{Waits, on_done, start, wait_for};
use crate::error::lb_error_t;
use crate::guard::{guard, guard_out, guard_release, guard_same};
use crate::handle::{lb_pool_t, lb_wit_call_t, lb_wit_func_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::text;
use crate::types::lb_bool;
use crate::wit_frame::{Blobbing, Given, lb_wit_frame_t, lb_wit_sink_t};

noun!(lb_wit_call_t, "call of a component", Call<Crossed>);

/// Called once a call is over, with the error that it failed with, or with NULL; its result is told by
/// lb_wit_call_wait_frame(), which does not wait then. data is what it was handed over with. The error is lent, and is
/// released when the function returns.
///
/// Runs as a lb_done_t does, and must return as one does.
pub type lb_wit_done_t = Option<unsafe extern "C" fn(data: *mut c_void, error: *const lb_error_t)>;

/// A function of C that waits for an outcome.
struct Done {
    done: unsafe extern "C" fn(*mut c_void, *const lb_error_t),
    data: *mut c_void,
}

// SAFETY: whoever hands data over promises that it may be used on any thread.
unsafe impl Send for Done {}

impl Done {
    fn of(done: lb_wit_done_t, data: *mut c_void) -> Option<Done> {
        done.map(|done| Done { done, data })
    }
}

impl Waits<Crossed> for Done {
    fn run(self, outcome: Result<Crossed>) {
        // SAFETY: whoever handed the function over promises that it takes its data and this.
        match outcome {
            Ok(_) => unsafe { (self.done)(self.data, std::ptr::null()) },
            Err(error) => unsafe { (self.done)(self.data, &lb_error_t::of(error)) },
        }
    }
}

/// # Safety
/// `frame` is NULL or leads to a frame that is as it says.
unsafe fn own(frame: *const lb_wit_frame_t) -> Result<Crossed> {
    // SAFETY: the caller's promise.
    let (frame, objects) = unsafe { Given::read(frame) }?.into_frame(Vec::new())?;
    Ok(Crossed { frame, objects })
}

/// Calls a function as lb_wit_func_call_frame() does, on a thread of the library's. The frame is copied; objects in it are
/// the library's from then on, also if this fails. call (or NULL) receives a handle of the call, which the caller releases,
/// and which is there before done is called. done (or NULL) is called with data once the call is over, and never inside of
/// this function; if this function fails, it is not called.
///
/// Errors: LB_KIND_CLOSED if the function was released, LB_KIND_LIMIT if no thread can be started, LB_KIND_TYPE for a blob
/// that cannot be. All else is the outcome of the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_call_frame_async(
    func: lb_wit_func_t,
    args: *const lb_wit_frame_t,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start(call, Done::of(done, data), || unsafe {
        let args = own(args)?;
        Ok(func.get()?.func.prepare_crossed(args))
    })
}

/// Takes an instance of a pool, calls a function of it by name with a frame, and gives it back, on a thread of the
/// library's; else as lb_wit_func_call_frame_async(). Any number may be in flight: as many run at a time as the pool has
/// room for. Handles of resources are of one instance: none can be among the arguments, and those in the result are closed.
///
/// Errors: as lb_wit_func_call_frame_async(). All else is the outcome of the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_wit_call_frame_async(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_frame_t,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start(call, Done::of(done, data), || unsafe {
        let args = own(args)?;
        let (kept, name) = (pool.get()?, text(name, "name")?);
        Ok(kept.pool.prepare_crossed(&name, args))
    })
}

/// Waits until the call is over, and hands the frame of its result to the sink. May be called any number of times, and from
/// several threads. A resource in the result is there once, whoever asks.
///
/// Errors: what the call failed with, of which each caller gets an error of its own; those of the sink; LB_KIND_DEADLOCK in a
/// host function of the store that the call is to run in; LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_call_wait_frame(
    call: lb_wit_call_t,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let mut sink = Blobbing::new(sink)?;
        let given = call.get()?.wait()?;
        sink.give_crossed(given.frame, &given.objects)
    })
}

/// Waits until the call is over, for at most so many milliseconds; is_done receives whether it is.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_wait_for(
    call: lb_wit_call_t,
    timeout_ms: u64,
    is_done: Out<lb_bool>,
) -> *mut lb_error_t {
    guard_out(is_done, 0, || {
        let call = (*call.get()?).clone();
        let most = Duration::from_millis(timeout_ms);
        Ok(wait_for(call, most).into())
    })
}

/// Whether the call is over. False if it is no handle of a call.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_is_done(call: lb_wit_call_t) -> bool {
    guard_same(|| Ok(call.get()?.is_done()))
}

/// Ends this call and no other, as lb_call_cancel() does.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_cancel(call: lb_wit_call_t) -> *mut lb_error_t {
    guard(|| {
        call.get()?.cancel();
        Ok(())
    })
}

/// Has a function called once the call is over, beside the one that it was started with. If the call is over, it is called
/// here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called then.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_on_done(
    call: lb_wit_call_t,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    on_done(call, Done::of(done, data))
}

/// Releases the handle. The call goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_release(call: lb_wit_call_t) -> *mut lb_error_t {
    guard_release(call)
}
