//! Hosts
//!
//! A binding of another language that stands on this header may say how threads of that language wait, and what
//! they do while a guest runs or waits: let go of a global lock, look for Ctrl-C, end the guests of a thread that
//! is to stop. It installs functions for that once, when it is loaded. A program of C needs none of them.
//!
//!     static lb_error_t *tick(void *data, uint32_t ticks) {
//!       return stop_is_wanted() ? lb_error_new(LB_KIND_CANCELLED, "the program is stopping") : NULL;
//!     }
//!
//!     lb_host_t host = LB_HOST;
//!     host.tick = tick;
//!     lb_error_t *err = lb_host_install(&host);
//!
//! Each function may be NULL: then what stands there as "Without" holds. They are called on the thread that waits
//! or runs the guest, on several at the same time, and in a forked child too. An error that one returns was owned
//! by it, and comes out of the call. They may call all functions of this header, but LB_KIND_BUSY is what would
//! enter the store whose guest runs, and in wait and waiting what would have to wait for a store itself.
//!
//! They must return: no C++ exception, no longjmp and no pthread_exit may leave them.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::OnceLock;

use landbridge::host::{self, Host};
use landbridge::{Error, ErrorKind, Result};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::read::null;
use crate::types::lb_bool;
use crate::versioned::Versioned;

/// What a host does in its own way. Begin with LB_HOST and set what you like.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_host_t {
    /// sizeof(lb_host_t), by which the library knows what the program knew.
    pub size: usize,
    /// What each function is called with. It lives as long as the process.
    pub data: *mut c_void,
    /// Called when this thread must wait for its turn on a store, or for an instance of a pool. It calls
    /// lb_host_wait() once, with a global lock let go of around it, or returns an error of LB_KIND_BUSY without
    /// waiting. If it does neither, what waited fails with LB_KIND_INTERNAL.
    /// Without, the thread waits.
    pub wait: Option<unsafe extern "C" fn(data: *mut c_void) -> *mut lb_error_t>,
    /// Called every 10 milliseconds or so on a thread that waits, inside of lb_host_wait(). An error makes it
    /// give up. A loan that is entered here takes the place of the turn.
    /// Without, it waits on.
    pub waiting: Option<unsafe extern "C" fn(data: *mut c_void) -> *mut lb_error_t>,
    /// Called when this thread must wait for a guest's thread to do something for it; see lb_loan_enter(). It
    /// calls lb_host_wait() once, with a global lock let go of around it: that thread may need it.
    /// Without, the thread waits.
    pub wait_for_guest: Option<unsafe extern "C" fn(data: *mut c_void)>,
    /// Called on the thread that runs a guest when the guest is about to do what may block, such as reading a
    /// file or waiting for a loan. A host lets go of its global lock here until its own code runs again: at the
    /// start of a host function, or when the call returns.
    /// Without, nothing is done.
    pub block: Option<unsafe extern "C" fn(data: *mut c_void)>,
    /// Called on the thread that runs a guest, about once a millisecond. ticks counts from 1 in each outermost
    /// call, so a short call never gets past 1. An error ends the call, and its store is LB_KIND_POISONED then.
    /// Without, nothing is done.
    pub tick: Option<unsafe extern "C" fn(data: *mut c_void, ticks: u32) -> *mut lb_error_t>,
    /// Called when a guest is entered: a number of the coroutine that runs, of a language whose coroutines share
    /// the native stack of a thread by copying it; 0 on a thread without any. Must be fast.
    /// Without, coroutines are told apart by their stacks.
    pub coroutine: Option<unsafe extern "C" fn(data: *mut c_void) -> usize>,
    /// Whether SIGPIPE is to end the process when a guest writes to its own stdout or stderr and nobody reads
    /// that any more. If not, the guest is told by an error.
    pub ends_by_sigpipe: lb_bool,
}

// SAFETY: it begins with its size; NULL, no function and false are good values.
unsafe impl Versioned for lb_host_t {
    const NAME: &'static str = "lb_host_t";
    const START: &'static str = "LB_HOST";
    const SIZES: &'static [usize] = &[size_of::<lb_host_t>()];
}

/// Installs what a host does in its own way, for this process and as long as it lives. host is copied.
///
/// Errors: LB_KIND_UNSUPPORTED if there is one already, or if size is that of no version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_host_install(host: *const lb_host_t) -> *mut lb_error_t {
    guard(|| {
        if host.is_null() {
            return Err(null("host"));
        }
        // SAFETY: it is not NULL, and the caller promises the rest.
        let hooks = Hooks(unsafe { lb_host_t::copy(host) }?);
        if INSTALLED.set(hooks).is_err() {
            let text = "a host is installed already; install one, when the binding is loaded";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        if let Some(installed) = INSTALLED.get() {
            host::install(installed);
            if installed.0.coroutine.is_some() {
                host::tell_coroutines_apart(coroutine);
            }
        }
        Ok(())
    })
}

/// Inside of the functions wait and wait_for_guest of lb_host_t, on their thread: waits. A second time does
/// nothing.
///
/// Errors: LB_KIND_UNSUPPORTED anywhere else.
#[unsafe(no_mangle)]
pub extern "C" fn lb_host_wait() -> *mut lb_error_t {
    guard(|| {
        // While it runs there is nothing to wait for: hooks may be called inside of it.
        let Some(wait) = WAIT.take() else {
            let text = "lb_host_wait() is for the functions wait and wait_for_guest of lb_host_t";
            return Err(Error::new(ErrorKind::Unsupported, text));
        };
        let outer = ASKED.replace(false);
        // SAFETY: it was put there by `waits`, further up on this stack, which takes it back.
        unsafe { (*wait)() };
        ASKED.set(outer);
        WAIT.set(Some(wait));
        Ok(())
    })
}

static INSTALLED: OnceLock<Hooks> = OnceLock::new();

/// How a thread waits that was asked to.
type Wait = *mut dyn FnMut();

thread_local! {
    /// What the innermost hook of this thread is to wait for.
    static WAIT: Cell<Option<Wait>> = const { Cell::new(None) };
    /// Whether a hook runs that is asked how to wait: this thread stands in a line, or is about to, and would
    /// stand behind itself.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

struct Hooks(lb_host_t);

// SAFETY: whoever installs them promises that they and their data may be used on any thread.
unsafe impl Send for Hooks {}
// SAFETY: as above.
unsafe impl Sync for Hooks {}

fn coroutine() -> usize {
    let hooks = INSTALLED.get().map(|hooks| hooks.0);
    let told = hooks.and_then(|it| Some((it.coroutine?, it.data)));
    // SAFETY: whoever installed it promises that it takes its data.
    told.map_or(0, |(hook, data)| unsafe { hook(data) })
}

/// Runs a hook that is to wait.
fn waits<R>(wait: &mut dyn FnMut(), hook: impl FnOnce() -> R) -> R {
    // SAFETY: only the lifetime changes: it is taken back before `wait` ends. A hook returns.
    let wait = unsafe { std::mem::transmute::<*mut dyn FnMut(), Wait>(wait) };
    let outer = WAIT.replace(Some(wait));
    let done = asked(hook);
    WAIT.set(outer);
    done
}

fn asked<R>(hook: impl FnOnce() -> R) -> R {
    let outer = ASKED.replace(true);
    let done = hook();
    ASKED.set(outer);
    done
}

#[cold]
fn waits_itself() -> Error {
    Error::new(
        ErrorKind::Busy,
        "the store is in use, and a host's function for waiting must not wait for one itself",
    )
}

// SAFETY, in all of them: whoever installed the hooks promises that they take their data, and give an error that
// they owned, or NULL.
impl Host for Hooks {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        match self.0.wait {
            _ if ASKED.get() => Err(waits_itself()),
            // SAFETY: see above.
            Some(hook) => waits(wait, || unsafe { lb_error_t::taken(hook(self.0.data)) }),
            None => {
                wait();
                Ok(())
            }
        }
    }

    fn waiting(&self) -> Result<()> {
        match self.0.waiting {
            // SAFETY: see above.
            Some(hook) => asked(|| unsafe { lb_error_t::taken(hook(self.0.data)) }),
            None => Ok(()),
        }
    }

    fn wait_for_guest(&self, wait: &mut dyn FnMut()) {
        match self.0.wait_for_guest {
            // SAFETY: see above.
            Some(hook) => waits(wait, || unsafe { hook(self.0.data) }),
            None => wait(),
        }
    }

    fn block(&self) {
        if let Some(hook) = self.0.block {
            // SAFETY: see above.
            unsafe { hook(self.0.data) }
        }
    }

    fn ends_by_sigpipe(&self) -> bool {
        self.0.ends_by_sigpipe != 0
    }

    fn tick(&self, ticks: u32) -> Result<()> {
        match self.0.tick {
            // SAFETY: see above.
            Some(hook) => unsafe { lb_error_t::taken(hook(self.0.data, ticks)) },
            None => Ok(()),
        }
    }
}
