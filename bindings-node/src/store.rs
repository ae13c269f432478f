//! Store: making and closing one, and what its guests hold of JavaScript.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use landbridge::{Func, Identity, Result, Store};

use crate::Addon;
use crate::env::{Env, Js, Reference};
use crate::error::gone;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::inbox::Inbox;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("storeNew", new), ("storeGc", gc), ("storeClose", close)];

/// The JavaScript side of a store. What guests hold of JavaScript (host functions, objects behind
/// `externref`) are elements of one JavaScript object, the *state*, which every JavaScript object
/// of the store holds. From here it is held weakly: so a host function that captures its own
/// instance is an ordinary cycle for the collector.
pub(crate) struct Side {
    pub(crate) addon: Arc<Addon>,
    state: Reference,
    next: Cell<u32>,
    /// Elements that are empty again.
    spare: RefCell<Vec<u32>>,
    /// Elements that no guest holds any more.
    freed: Mutex<Vec<u32>>,
    /// The JavaScript functions that exist, weakly, so that one function is one object.
    pub(crate) funcs: RefCell<HashMap<Identity, Reference>>,
}

// SAFETY: other threads hold it, by `Kept` and by the functions that guests call, and use `freed`
// of it at most; all else is used on the thread of its environment. The last one to hold it may
// drop it, on any thread: references are left to the inbox.
unsafe impl Send for Side {}
// SAFETY: as above.
unsafe impl Sync for Side {}

impl Side {
    pub(crate) fn new(env: Env, state: Js) -> Result<Arc<Side>> {
        Ok(Arc::new(Side {
            addon: env.addon()?,
            state: env.reference(state, true)?,
            next: Cell::new(0),
            spare: RefCell::default(),
            freed: Mutex::default(),
            funcs: RefCell::default(),
        }))
    }

    /// The object that holds what guests hold.
    pub(crate) fn state(&self, env: Env) -> Result<Js> {
        self.state.get(env).ok_or_else(gone)
    }

    /// The environment, if this is its thread.
    #[inline(always)]
    pub(crate) fn env(&self) -> Option<Env> {
        self.state.env()
    }

    /// The inbox of the environment.
    pub(crate) fn inbox(&self) -> &Arc<Inbox> {
        self.state.home()
    }

    /// Keeps a value until the result is dropped.
    pub(crate) fn keep(self: &Arc<Side>, env: Env, value: Js) -> Result<Kept> {
        let state = self.state(env)?;
        self.sweep(env)?;
        let spare = self.spare.borrow_mut().pop();
        let index = spare.unwrap_or_else(|| self.next.replace(self.next.get() + 1));
        env.set_element(state, index, value)?;
        Ok(Kept {
            side: self.clone(),
            index,
        })
    }

    /// Lets go of what no guest holds any more.
    pub(crate) fn sweep(&self, env: Env) -> Result<()> {
        let freed = std::mem::take(&mut *self.freed());
        if freed.is_empty() {
            return Ok(());
        }
        let state = self.state(env)?;
        for index in freed {
            env.set_element(state, index, env.undefined()?)?;
            self.spare.borrow_mut().push(index);
        }
        Ok(())
    }

    fn freed(&self) -> std::sync::MutexGuard<'_, Vec<u32>> {
        self.freed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The function object of a function, if there is one.
    pub(crate) fn known(&self, env: Env, func: &Func) -> Option<Js> {
        self.funcs.borrow().get(func.identity())?.get(env)
    }
}

/// A JavaScript value that a guest holds.
pub(crate) struct Kept {
    side: Arc<Side>,
    index: u32,
}

impl Kept {
    pub(crate) fn get(&self, env: Env) -> Result<Js> {
        env.element(self.side.state(env)?, self.index)
    }
}

impl Drop for Kept {
    /// Runs wherever the engine lets go of it, on any thread, so that it only takes a note.
    fn drop(&mut self) {
        self.side.freed().push(self.index);
    }
}

/// `storeNew(engine or undefined, state, sandbox or undefined)`
fn new(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 0)?;
    let side = Side::new(call.env, call.args[1])?;
    let sandbox = crate::sandbox::read(call.env, &side, call.args[2])?;
    Held::Store(Store::with(&engine, &sandbox)?, side).into_js(call.env)
}

/// `storeGc(store)`
fn gc(call: &Call) -> Result<Js> {
    let (store, side) = call.store(0)?;
    store.gc()?;
    side.sweep(call.env)?;
    call.env.undefined()
}

/// `storeClose(store)`
fn close(call: &Call) -> Result<Js> {
    let (store, side) = call.store(0)?;
    store.close();
    side.sweep(call.env)?;
    call.env.undefined()
}
