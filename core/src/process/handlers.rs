//! Handlers: what to do when the program replaces the engine's signal handlers.
//!
//! The engine installs handlers for its traps once, and takes them for the last ones. Others come
//! later, such as a crash reporter that is turned on late, or put back what they found before the
//! engine was there; then the next trap would end the process. So a handler of ours stands in front
//! of the engine's. Whether it still does is looked at, at the ticks of an engine and when stores are
//! made, and whoever came instead is put behind it: traps are the engine's, and all else is theirs.
//!
//! A handler that comes later finds the one of ours that is in front, hands on to it what is not its
//! own, and puts it back when it goes. So there is one of ours for each level: the lowest is there
//! from the start and leads to whoever came before the engine; each one above leads to the handler
//! that came next. By where it is called from nobody can tell, and by which one is called everybody
//! can: nothing is kept while a handler of others runs, since that may never return.

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) use linux::{found_family, glance, install_with, join_family, look};

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
pub(crate) use elsewhere::{found_family, glance, install_with, join_family, look};

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod family;

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

    pub(crate) fn found_family() -> usize {
        0
    }

    pub(crate) unsafe fn join_family(_: usize) {}
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod linux {
    use std::ffi::c_void;
    use std::mem;
    use std::ptr;
    use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

    use libc::{c_int, sigaction, siginfo_t};

    use super::family;
    use crate::fork::{self, Lock};

    type Handler = unsafe extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

    /// Ours, by level.
    static HANDLERS: [Handler; 16] = [
        handle::<0>,
        handle::<1>,
        handle::<2>,
        handle::<3>,
        handle::<4>,
        handle::<5>,
        handle::<6>,
        handle::<7>,
        handle::<8>,
        handle::<9>,
        handle::<10>,
        handle::<11>,
        handle::<12>,
        handle::<13>,
        handle::<14>,
        handle::<15>,
    ];

    const TOP: usize = HANDLERS.len() - 1;

    /// Somebody else's handler.
    struct Theirs {
        handler: AtomicUsize,
        flags: AtomicI32,
    }

    /// One signal that traps come by.
    struct Signal {
        number: c_int,
        /// The engine's handler; zero until it is installed.
        engine: AtomicUsize,
        /// Which of ours is in front.
        level: AtomicUsize,
        /// What each of ours leads to.
        theirs: [Theirs; HANDLERS.len()],
    }

    static SIGNALS: [Signal; 3] = [
        Signal::new(libc::SIGSEGV),
        Signal::new(libc::SIGILL),
        Signal::new(libc::SIGFPE),
    ];

    /// Makes an engine, which installs its handlers if it is the first, and puts ours in front.
    pub(crate) fn install_with<R>(engine: impl FnOnce() -> R) -> R {
        static NOTED: Lock<bool> = Lock::new(false);
        let mut noted = NOTED.lock();
        if *noted {
            drop(noted);
            return engine();
        }
        let before = SIGNALS.each_ref().map(Signal::stand_in);
        let made = engine();
        for (signal, before) in SIGNALS.iter().zip(&before) {
            signal.begin(before);
        }
        *noted = true;
        made
    }

    /// Looks if ours is in front for the one signal that everybody wants: a third of the system calls
    /// of [`look`].
    pub(crate) fn glance() {
        let [faults, ..] = &SIGNALS;
        let front = HANDLERS[faults.level.load(Ordering::SeqCst)];
        let is_there = faults.engine.load(Ordering::SeqCst) != 0;
        if !is_there {
            return;
        }
        let found = now(faults.number).sa_sigaction;
        if found != address(front) && !leads_to_us(faults.number, found) {
            look();
        }
    }

    /// Makes what the copies of this library in the process know each other by.
    pub(crate) fn found_family() -> usize {
        family::found()
    }

    /// Lets this copy and those of the family know each other.
    ///
    /// # Safety
    /// `family` is what [`found_family`] gave in this process, to whichever copy. This one is never unloaded.
    pub(crate) unsafe fn join_family(family: usize) {
        // SAFETY: the caller's promise.
        unsafe { family::join(family, next) }
    }

    /// What other copies ask: what a handler of ours leads to.
    extern "C" fn next(number: c_int, handler: usize) -> usize {
        let level = HANDLERS.iter().position(|it| address(*it) == handler);
        match (signal(number), level) {
            (Some(signal), Some(level)) => signal.theirs[level].handler.load(Ordering::SeqCst),
            _ => 0,
        }
    }

    /// Whether what is in front is another copy's, and hands on to us what is not its own.
    fn leads_to_us(number: c_int, found: usize) -> bool {
        family::leads_to(number, found, is_ours)
    }

    fn is_ours(handler: usize) -> bool {
        HANDLERS.iter().any(|it| address(*it) == handler)
    }

    /// Puts whoever came instead of ours behind it.
    pub(crate) fn look() {
        static LOOKING: Lock<()> = Lock::new(());
        let _one = LOOKING.lock();
        SIGNALS.iter().for_each(Signal::look);
    }

    /// More who come at the same time are seen at the next look.
    const MOST_AT_ONCE: usize = 4;

    impl Signal {
        const fn new(number: c_int) -> Signal {
            Signal {
                number,
                engine: AtomicUsize::new(0),
                level: AtomicUsize::new(0),
                theirs: [const {
                    Theirs {
                        handler: AtomicUsize::new(libc::SIG_DFL),
                        flags: AtomicI32::new(0),
                    }
                }; HANDLERS.len()],
            }
        }

        /// Lets the engine find a handler of ours, so that it hands on everything to that: it would
        /// set a signal to the standard while another thread needs the handler.
        fn stand_in(&self) -> sigaction {
            let before = now(self.number);
            self.note(0, &before);
            install(self.number, first, &before);
            before
        }

        fn begin(&self, before: &sigaction) {
            let found = now(self.number);
            if found.sa_sigaction == address(first) {
                // The engine does not want this signal here.
                set(self.number, before);
                return;
            }
            self.engine.store(found.sa_sigaction, Ordering::SeqCst);
            install(self.number, HANDLERS[0], before);
        }

        fn note(&self, level: usize, found: &sigaction) {
            let theirs = &self.theirs[level];
            theirs.flags.store(found.sa_flags, Ordering::SeqCst);
            theirs.handler.store(found.sa_sigaction, Ordering::SeqCst);
        }

        fn look(&self) {
            if self.engine.load(Ordering::SeqCst) == 0 {
                return;
            }
            let mut found = now(self.number);
            for _ in 0..MOST_AT_ONCE {
                let Some(level) = self.place(&found) else {
                    return;
                };
                self.level.store(level, Ordering::SeqCst);
                let replaced = install(self.number, HANDLERS[level], &found);
                if replaced.sa_sigaction == found.sa_sigaction {
                    return;
                }
                found = replaced;
            }
        }

        /// The level for what was found in front; none if that is one of ours.
        fn place(&self, found: &sigaction) -> Option<usize> {
            let handler = found.sa_sigaction;
            let highest = self.level.load(Ordering::SeqCst);
            if handler == address(HANDLERS[highest]) {
                return None;
            }
            if let Some(level) = HANDLERS.iter().position(|it| address(*it) == handler) {
                // Who came after it has gone again.
                self.level.store(level, Ordering::SeqCst);
                return None;
            }
            if leads_to_us(self.number, handler) {
                return None;
            }
            if handler == address(first) || handler == self.engine.load(Ordering::SeqCst) {
                return Some(0);
            }
            let known = &self.theirs[..=highest];
            let is_it = |it: &Theirs| it.handler.load(Ordering::SeqCst) == handler;
            let level = match known.iter().position(is_it) {
                // Everybody is to be gone.
                _ if is_standard(handler) => 0,
                Some(level) => level,
                // There is no level left: it stays in front, and hands traps on if it hands on at all.
                None if highest == TOP => return None,
                None => highest + 1,
            };
            self.note(level, found);
            Some(level)
        }

        /// Whether the engine takes it. If so, the thread goes on elsewhere.
        ///
        /// # Safety
        /// The arguments are those of a handler.
        unsafe fn is_trap(&self, info: *mut siginfo_t, context: *mut c_void) -> bool {
            // SAFETY: the system's arguments are handed on as they are; the engine's handler has
            // this signature, and returns, since all that it hands on to is `first`.
            unsafe {
                let before = counter(context);
                let engine = self.engine.load(Ordering::SeqCst);
                let mut asked = *info;
                asked.si_errno = ASKED;
                fork::in_trap(|| {
                    mem::transmute::<usize, Handler>(engine)(self.number, &mut asked, context);
                });
                counter(context) != before
            }
        }

        /// Does what would be done if ours and the engine's were not there.
        ///
        /// # Safety
        /// The arguments are those of a handler.
        unsafe fn hand_on(&self, level: usize, info: *mut siginfo_t, context: *mut c_void) {
            let theirs = &self.theirs[level];
            let handler = theirs.handler.load(Ordering::SeqCst);
            // SAFETY: the information is the system's, or a copy of it, and so is the context.
            let (is_fault, in_handler) = unsafe { ((*info).si_code > 0, is_in_handler(context)) };
            let flags = theirs.flags.load(Ordering::SeqCst);
            let in_front = level == self.level.load(Ordering::SeqCst);
            let again = in_front && in_handler && !is_fault && flags & libc::SA_NODEFER == 0;
            match handler {
                libc::SIG_IGN if !is_fault => (),
                libc::SIG_DFL | libc::SIG_IGN => self.end(is_fault),
                // It raised the signal again, to end the process.
                _ if again => self.end(is_fault),
                _ => {
                    if flags & libc::SA_RESETHAND != 0 {
                        theirs.handler.store(libc::SIG_DFL, Ordering::SeqCst);
                    }
                    // SAFETY: what was noted are handlers. The system gives all of them these three
                    // arguments, also those that only look at the first.
                    unsafe {
                        mem::transmute::<usize, Handler>(handler)(self.number, info, context);
                    }
                }
            }
        }

        /// Ends the process as the system does: a fault comes again, what was sent is sent again.
        fn end(&self, is_fault: bool) {
            // SAFETY: both calls may be made in a handler.
            unsafe {
                libc::signal(self.number, libc::SIG_DFL);
                if !is_fault {
                    libc::raise(self.number);
                }
            }
        }
    }

    /// Who sets these wants to be rid of handlers.
    fn is_standard(handler: usize) -> bool {
        handler == libc::SIG_DFL || handler == libc::SIG_IGN
    }

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

    /// Sets an action, and gives the one that it took the place of.
    fn set(number: c_int, action: &sigaction) -> sigaction {
        // SAFETY: all zeroes are a valid `sigaction`, which the call fills; `action` is one that the
        // system gave, or one of `install`.
        unsafe {
            let mut replaced: sigaction = mem::zeroed();
            libc::sigaction(number, action, &mut replaced);
            replaced
        }
    }

    /// Installs one of ours for somebody else: with the other signals that he wants to be kept away
    /// meanwhile, and with interrupted calls going on if he wants that; always with what the engine
    /// needs: the address of the fault, a stack of its own, faults inside of handlers. Gives what it
    /// took the place of.
    fn install(number: c_int, handler: Handler, theirs: &sigaction) -> sigaction {
        let needed = libc::SA_SIGINFO | libc::SA_NODEFER | libc::SA_ONSTACK;
        let mut action = *theirs;
        action.sa_flags = needed | theirs.sa_flags & libc::SA_RESTART;
        action.sa_sigaction = address(handler);
        action.sa_restorer = None;
        // SAFETY: a mask that the system gave.
        unsafe { libc::sigdelset(&mut action.sa_mask, number) };
        set(number, &action)
    }

    /// Marks a signal that the engine is asked about by `handle`, in a field that Linux does not use.
    const ASKED: c_int = 0x6c62;

    fn signal(number: c_int) -> Option<&'static Signal> {
        SIGNALS.iter().find(|it| it.number == number)
    }

    /// What the engine finds before itself.
    unsafe extern "C" fn first(number: c_int, info: *mut siginfo_t, context: *mut c_void) {
        // SAFETY: the information is the system's, or a copy of it.
        let asked = unsafe { (*info).si_errno == ASKED };
        if let (false, Some(signal)) = (asked, signal(number)) {
            // SAFETY: the arguments are ours.
            unsafe { signal.hand_on(0, info, context) };
        }
    }

    /// Asks the engine, then whoever came at this level. Only calls what may be called in a handler.
    unsafe extern "C" fn handle<const LEVEL: usize>(
        number: c_int,
        info: *mut siginfo_t,
        context: *mut c_void,
    ) {
        if let Some(signal) = signal(number) {
            // SAFETY: the arguments are ours.
            unsafe {
                if !signal.is_trap(info, context) {
                    signal.hand_on(LEVEL, info, context);
                }
            }
        }
    }

    /// Whether the signal came while a handler ran on this thread's stack for them.
    ///
    /// # Safety
    /// `context` must be what the system gave to a handler.
    unsafe fn is_in_handler(context: *mut c_void) -> bool {
        // SAFETY: the caller's promise.
        let context = unsafe { &*context.cast::<libc::ucontext_t>() };
        #[cfg(target_arch = "x86_64")]
        let at = context.uc_mcontext.gregs[libc::REG_RSP as usize] as usize;
        #[cfg(target_arch = "aarch64")]
        let at = context.uc_mcontext.sp as usize;
        let stack = &context.uc_stack;
        at.wrapping_sub(stack.ss_sp.addr()) < stack.ss_size
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
