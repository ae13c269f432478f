//! Handlers: what to do when somebody takes the engine's signal handlers away.
//!
//! The engine installs handlers for its traps once, and hands on what is not its own to whoever was
//! there before. Who comes after it, such as a crash reporter that is turned on late, takes the
//! traps and ends the process for them. So whoever comes after is found here, at the ticks of an
//! engine and when stores are made, and is put behind the engine again: traps are the engine's,
//! and all else is theirs.

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) use linux::{glance, install_with, look};

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
pub(crate) use elsewhere::{glance, install_with, look};

/// Elsewhere the engine's handlers are not signals, or nobody has tried.
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
mod elsewhere {
    pub(crate) fn install_with<R>(engine: impl FnOnce() -> R) -> R {
        engine()
    }

    pub(crate) fn glance() {}

    pub(crate) fn look() {}
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod linux {
    use std::ffi::c_void;
    use std::mem;
    use std::ptr;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    use libc::{c_int, sigaction, siginfo_t};

    use crate::turn::thread_token;

    /// One signal that traps come by.
    struct Signal {
        number: c_int,
        /// The engine's handler; zero until it is installed.
        engine: AtomicUsize,
        /// The handler that came after it; zero if none did.
        after: AtomicUsize,
        /// Whether that takes three arguments.
        after_takes_info: AtomicBool,
        /// The thread that is in it.
        inside: AtomicUsize,
    }

    impl Signal {
        const fn new(number: c_int) -> Signal {
            Signal {
                number,
                engine: AtomicUsize::new(0),
                after: AtomicUsize::new(0),
                after_takes_info: AtomicBool::new(false),
                inside: AtomicUsize::new(0),
            }
        }
    }

    static SIGNALS: [Signal; 3] = [
        Signal::new(libc::SIGSEGV),
        Signal::new(libc::SIGILL),
        Signal::new(libc::SIGFPE),
    ];

    /// Makes an engine, which installs its handlers if it is the first, and notes them.
    pub(crate) fn install_with<R>(engine: impl FnOnce() -> R) -> R {
        static NOTED: Mutex<bool> = Mutex::new(false);
        let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
        if *noted {
            drop(noted);
            return engine();
        }
        for signal in &SIGNALS {
            if is_standard(now(signal.number).sa_sigaction) {
                install(signal.number, first);
            }
        }
        let made = engine();
        for signal in &SIGNALS {
            let found = now(signal.number).sa_sigaction;
            if found != address(first) {
                signal.engine.store(found, Ordering::SeqCst);
            }
        }
        *noted = true;
        made
    }

    /// Looks if somebody came after the engine for the one signal that everybody wants: a third of
    /// the system calls of [`look`].
    pub(crate) fn glance() {
        let [faults, ..] = &SIGNALS;
        let engine = faults.engine.load(Ordering::SeqCst);
        if engine != 0 && ![engine, address(handle)].contains(&now(faults.number).sa_sigaction) {
            look();
        }
    }

    /// Puts whoever came after the engine behind it.
    pub(crate) fn look() {
        for signal in &SIGNALS {
            let engine = signal.engine.load(Ordering::SeqCst);
            if engine == 0 {
                continue;
            }
            let found = now(signal.number);
            let handler = found.sa_sigaction;
            let known = [engine, address(handle), address(first)];
            if !known.contains(&handler) && !is_standard(handler) {
                let takes_info = found.sa_flags & libc::SA_SIGINFO != 0;
                signal.after_takes_info.store(takes_info, Ordering::SeqCst);
                signal.after.store(handler, Ordering::SeqCst);
                install(signal.number, handle);
            }
        }
    }

    /// Who sets these wants to be rid of handlers.
    fn is_standard(handler: usize) -> bool {
        handler == libc::SIG_DFL || handler == libc::SIG_IGN
    }

    type Handler = unsafe extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

    fn address(handler: Handler) -> usize {
        (handler as *const ()).addr()
    }

    fn now(number: c_int) -> sigaction {
        // SAFETY: all zeroes are a valid `sigaction`, which the call fills.
        unsafe {
            let mut found: sigaction = mem::zeroed();
            libc::sigaction(number, ptr::null(), &mut found);
            found
        }
    }

    /// With the flags that the engine has, for the same reasons: the address of the fault, a stack
    /// of its own, and faults inside of handlers.
    fn install(number: c_int, handler: Handler) {
        // SAFETY: all zeroes are a valid `sigaction`; the handler has the signature its flags say.
        unsafe {
            let mut action: sigaction = mem::zeroed();
            action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_ONSTACK;
            action.sa_sigaction = address(handler);
            libc::sigemptyset(&mut action.sa_mask);
            libc::sigaction(number, &action, ptr::null_mut());
        }
    }

    /// Marks a signal that the engine is asked about by `handle`, in a field that Linux does not use.
    const ASKED: c_int = 0x6c62;

    /// Stands for nobody, so that the engine does not set a signal to the standard while another
    /// thread may need whoever came after it.
    unsafe extern "C" fn first(number: c_int, info: *mut siginfo_t, _: *mut c_void) {
        // SAFETY: the information is the system's, or a copy of it.
        let asked = unsafe { info.as_ref() }.is_some_and(|info| info.si_errno == ASKED);
        if !asked {
            // SAFETY: may be called in a handler. The fault comes again, and ends the process.
            unsafe { libc::signal(number, libc::SIG_DFL) };
        }
    }

    /// Asks the engine, then whoever came after it. Only calls what may be called in a handler.
    unsafe extern "C" fn handle(number: c_int, info: *mut siginfo_t, context: *mut c_void) {
        let Some(signal) = SIGNALS.iter().find(|it| it.number == number) else {
            return;
        };
        // SAFETY: the system's arguments are handed on as they are; what was noted are handlers
        // with the signatures that their flags said.
        unsafe {
            let before = counter(context);
            let engine = signal.engine.load(Ordering::SeqCst);
            let mut asked = *info;
            asked.si_errno = ASKED;
            mem::transmute::<usize, Handler>(engine)(number, &mut asked, context);
            if counter(context) != before {
                // It was a trap, or whoever was there before the engine knew what to do.
                return;
            }
            let me = thread_token();
            if signal.inside.load(Ordering::SeqCst) == me {
                // It raised the signal again to end the process.
                libc::signal(number, libc::SIG_DFL);
                return;
            }
            // Whoever was there before the engine may have set the signal to the standard.
            install(number, handle);
            signal.inside.store(me, Ordering::SeqCst);
            let after = signal.after.load(Ordering::SeqCst);
            match signal.after_takes_info.load(Ordering::SeqCst) {
                true => mem::transmute::<usize, Handler>(after)(number, info, context),
                false => mem::transmute::<usize, unsafe extern "C" fn(c_int)>(after)(number),
            }
            signal.inside.store(0, Ordering::SeqCst);
        }
    }

    /// Where the thread goes on after the handler.
    ///
    /// # Safety
    /// `context` must be what the system gave to a handler.
    unsafe fn counter(context: *mut c_void) -> u64 {
        // SAFETY: the caller's promise.
        let context = unsafe { &*context.cast::<libc::ucontext_t>() };
        #[cfg(target_arch = "x86_64")]
        return context.uc_mcontext.gregs[libc::REG_RIP as usize] as u64;
        #[cfg(target_arch = "aarch64")]
        return context.uc_mcontext.pc;
    }
}
