//! Side: what the guests of a store hold of JavaScript.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use landbridge::{Func, Identity, Result};

use crate::addon::Addon;
use crate::env::{Env, Js};
use crate::guard::CallbackInfo;
use crate::handle::Noun;
use crate::inbox::Inbox;
use crate::js::gone;
use crate::reference::Reference;

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

/// What belongs to a store is held with that store's side.
impl<T: Noun> Noun for (T, Arc<Side>) {
    const NAME: &'static str = T::NAME;
}

/// The same, of what a handle holds.
pub(crate) fn of<T: Any>(held: &dyn Any) -> Option<&T> {
    held.downcast_ref::<(T, Arc<Side>)>().map(|(it, _)| it)
}

impl CallbackInfo {
    /// What an argument is a handle of, and the side of its store.
    pub(crate) fn sided<T: Noun>(&self, index: usize) -> Result<(&'static T, &'static Arc<Side>)> {
        let (it, side) = self.held::<(T, Arc<Side>)>(index)?;
        Ok((it, side))
    }
}
