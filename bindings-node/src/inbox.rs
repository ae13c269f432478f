//! Inbox: what other threads want to be done on the thread of an environment, in the order it came.

use std::collections::VecDeque;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use landbridge::host::thread_token;
use napi_sys as sys;

use crate::env::Env;

/// Run once on the environment's thread; without an environment, on any thread, if that has ended.
pub(crate) type Errand = Box<dyn FnOnce(Option<Env>) + Send>;

/// The inbox of one environment.
pub(crate) struct Inbox {
    /// The environment's thread; zero when it has ended, since another thread may get the number
    /// then.
    thread: AtomicUsize,
    /// Whether it keeps the event loop alive.
    is_kept: AtomicBool,
    state: Mutex<State>,
}

struct State {
    /// Wakes the event loop; null when the environment has ended.
    bell: sys::napi_threadsafe_function,
    /// Whether it was rung and nobody has come yet.
    is_rung: bool,
    errands: VecDeque<Errand>,
    /// References that were dropped on other threads.
    dropped: Vec<sys::napi_ref>,
    /// Whether references are no more.
    is_gone: bool,
}

// SAFETY: the pointers are only handed to Node-API: the function as that allows from any thread,
// the references on the thread of their environment.
unsafe impl Send for State {}

impl Inbox {
    /// That of this thread's environment; `bell` wakes its event loop.
    pub(crate) fn new(bell: sys::napi_threadsafe_function) -> Arc<Inbox> {
        let state = State {
            bell,
            is_rung: false,
            errands: VecDeque::new(),
            dropped: Vec::new(),
            is_gone: false,
        };
        Arc::new(Inbox {
            thread: AtomicUsize::new(thread_token()),
            is_kept: AtomicBool::new(false),
            state: Mutex::new(state),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the environment's thread, and it has not ended.
    #[inline(always)]
    pub(crate) fn is_here(&self) -> bool {
        self.thread.load(Ordering::Relaxed) == thread_token()
    }

    /// Has an errand run. May be called from any thread.
    pub(crate) fn post(&self, errand: Errand) {
        let mut state = self.lock();
        if state.bell.is_null() {
            drop(state);
            return errand(None);
        }
        state.errands.push_back(errand);
        state.ring();
    }

    /// Keeps the event loop alive, or lets it end when nothing else does; what Node-API answers.
    pub(crate) fn keep_alive(&self, env: Env, keep: bool) -> sys::napi_status {
        let bell = self.lock().bell;
        self.is_kept.store(keep, Ordering::Relaxed);
        // SAFETY: this is the environment's thread, so it is not released meanwhile.
        unsafe {
            match (bell.is_null(), keep) {
                (true, _) => sys::Status::napi_ok,
                (_, true) => sys::napi_ref_threadsafe_function(env.raw(), bell),
                (_, false) => sys::napi_unref_threadsafe_function(env.raw(), bell),
            }
        }
    }

    /// Whether it does so.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }

    /// Lets go of a reference: here, or if this is not its thread, there.
    pub(crate) fn let_go(&self, env: sys::napi_env, reference: sys::napi_ref) {
        if self.is_here() {
            // SAFETY: the environment is alive until its thread has left it, and this is its
            // thread.
            unsafe { sys::napi_delete_reference(env, reference) };
            return;
        }
        let mut state = self.lock();
        if !state.is_gone {
            state.dropped.push(reference);
            state.ring();
        }
    }

    /// Takes the next errand, on the environment's thread.
    pub(crate) fn next(&self, env: Env) -> Option<Errand> {
        let mut state = self.lock();
        state.delete_dropped(env);
        let next = state.errands.pop_front();
        state.is_rung = next.is_some();
        next
    }

    /// The environment is about to end: no errand comes any more, and those that are here do not
    /// run there.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        let bell = std::mem::replace(&mut state.bell, ptr::null_mut());
        let errands = std::mem::take(&mut state.errands);
        drop(state);
        let abort = sys::ThreadsafeFunctionReleaseMode::abort;
        if !bell.is_null() {
            // SAFETY: it was made by `new`, and nobody finds it any more.
            unsafe { sys::napi_release_threadsafe_function(bell, abort) };
        }
        errands.into_iter().for_each(|errand| errand(None));
    }

    /// The environment has ended, and took its references along.
    pub(crate) fn end(&self, env: Env) {
        let mut state = self.lock();
        state.delete_dropped(env);
        state.is_gone = true;
        self.thread.store(0, Ordering::Relaxed);
    }
}

impl State {
    fn ring(&mut self) {
        if self.is_rung || self.bell.is_null() {
            return;
        }
        let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
        // SAFETY: it is alive while it is not null: `close` takes it before it is released.
        let status =
            unsafe { sys::napi_call_threadsafe_function(self.bell, ptr::null_mut(), mode) };
        self.is_rung = status == sys::Status::napi_ok;
    }

    fn delete_dropped(&mut self, env: Env) {
        for reference in self.dropped.drain(..) {
            // SAFETY: this is its thread, and the environment is alive.
            unsafe { sys::napi_delete_reference(env.raw(), reference) };
        }
    }
}
