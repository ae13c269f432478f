//! Stay: how a thread ends that an interpreter which ends does not let go on.
//!
//! Python ends a daemon thread that asks for the lock then, up to version 3.13 by `pthread_exit`,
//! from wherever it is. With glibc that unwinds the thread's stack, and where that meets frames of ours
//! the process is aborted. So such a thread stays where it is, as it does with later versions; the
//! process ends with it in a moment. Elsewhere `pthread_exit` unwinds nothing.

use std::sync::atomic::{AtomicBool, Ordering};

/// Set when the interpreter is about to end.
static EXITING: AtomicBool = AtomicBool::new(false);

/// The interpreter is about to end.
pub(crate) fn set_exiting() {
    EXITING.store(true, Ordering::Relaxed);
}

/// Whether the interpreter is about to end, or has ended.
pub(crate) fn is_exiting() -> bool {
    EXITING.load(Ordering::Relaxed)
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use glibc::enrol;

/// Makes sure that this thread stays.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
#[inline(always)]
pub(crate) fn enrol() {}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::cell::{Cell, UnsafeCell};
    use std::ffi::{c_int, c_void};
    use std::mem;
    use std::ptr;

    thread_local! {
        static ENROLLED: Cell<bool> = const { Cell::new(false) };
        /// What the system's list of this thread leads to.
        static ENTRY: UnsafeCell<Option<Box<Entry>>> = const { UnsafeCell::new(None) };
    }

    /// The system's `struct _pthread_cleanup_buffer`.
    #[repr(C)]
    struct Entry {
        routine: Option<Routine>,
        argument: *mut c_void,
        cancel_type: c_int,
        previous: *mut Entry,
    }

    type Routine = unsafe extern "C" fn(*mut c_void);
    type Push = unsafe extern "C" fn(*mut Entry, Routine, *mut c_void);

    /// Makes sure that this thread stays.
    #[inline(always)]
    pub(crate) fn enrol() {
        if !ENROLLED.get() {
            enter_list();
        }
    }

    /// Has the system call `stay` before it unwinds the first frame: it calls what is in its list when
    /// the frame goes in which the entry lies, and this one lies in none.
    #[cold]
    fn enter_list() {
        ENROLLED.set(true);
        // SAFETY: a name that ends with a zero.
        let push = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"_pthread_cleanup_push".as_ptr()) };
        if push.is_null() {
            return;
        }
        let entry = Box::new(Entry {
            routine: None,
            argument: ptr::null_mut(),
            cancel_type: 0,
            previous: ptr::null_mut(),
        });
        // At the end of a thread its values are gone: then there is nothing to enter any more.
        let _ = ENTRY.try_with(|place| {
            // SAFETY: only this thread reaches the place, once. The box stays where it is until the
            // thread's values are dropped, after which the list is not looked at; the system's
            // function has this signature, and fills the entry.
            unsafe {
                let entry = (*place.get()).insert(entry);
                mem::transmute::<*mut c_void, Push>(push)(&mut **entry, stay, ptr::null_mut());
            }
        });
    }

    /// Called when the thread is about to exit from within.
    unsafe extern "C" fn stay(_: *mut c_void) {
        if super::is_exiting() && is_inside() {
            loop {
                std::thread::park();
            }
        }
    }

    /// Whether frames of this library are on the stack.
    fn is_inside() -> bool {
        let mut search = Search {
            own: base_of(stay as *const c_void),
            frames: 0,
            found: false,
        };
        // SAFETY: the callback has this signature, and the search outlives the call.
        unsafe { _Unwind_Backtrace(visit, (&raw mut search).cast()) };
        search.found
    }

    struct Search {
        own: *mut c_void,
        frames: usize,
        found: bool,
    }

    /// `stay`, `is_inside`, and what calls `visit`.
    const OUR_OWN: usize = 3;

    unsafe extern "C" fn visit(context: *mut c_void, search: *mut c_void) -> c_int {
        // SAFETY: the search of `is_inside`, and the unwinder's own context.
        let (search, at) = unsafe { (&mut *search.cast::<Search>(), _Unwind_GetIP(context)) };
        search.frames += 1;
        search.found = search.frames > OUR_OWN && base_of(at as *const c_void) == search.own;
        // Anything but zero ends the walk.
        c_int::from(search.found)
    }

    /// The library that an address of code lies in.
    fn base_of(address: *const c_void) -> *mut c_void {
        // SAFETY: all zeroes are valid, and the call fills it if it finds something.
        unsafe {
            let mut found: libc::Dl_info = mem::zeroed();
            libc::dladdr(address, &mut found);
            found.dli_fbase
        }
    }

    unsafe extern "C" {
        fn _Unwind_Backtrace(
            visit: unsafe extern "C" fn(*mut c_void, *mut c_void) -> c_int,
            argument: *mut c_void,
        ) -> c_int;
        fn _Unwind_GetIP(context: *mut c_void) -> usize;
    }
}
