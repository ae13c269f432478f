//! The native stack: how much of it this thread has left, and where the guest must stop.
//!
//! The engine gives the guest a fixed number of bytes below the point of entry and does not look at
//! what the thread has. Here the limit is set from the thread's own bounds before each outermost
//! call, so infinite recursion ends as a trap on the smallest stack.

use std::cell::Cell;

use wasmtime_environ::{HostPtr, PtrSize};

use crate::{Error, ErrorKind, Result, TrapCode};

thread_local! {
    /// The lowest address the guest may use; what is below is for host functions and guard pages.
    static FLOOR: Cell<usize> = const { Cell::new(0) };
}

/// What stays free for the host below the guest's part, at most. Host functions run there: an
/// interpreter needs tens of KiB, and HotSpot keeps about 100 KiB of guard and shadow pages.
const RESERVE_BYTES: usize = 256 << 10;

/// On a smaller stack the guest needs most of what there is to be entered at all.
const SMALL_BYTES: usize = 128 << 10;

/// The least a call needs of its own.
const ENTRY_BYTES: usize = 16 << 10;

/// Where the guest must stop on this thread: `max_bytes` below here, or at the floor.
#[inline(always)]
pub(crate) fn limit(max_bytes: usize) -> Result<usize> {
    let (here, floor) = (stack_pointer(), floor());
    if here < floor + ENTRY_BYTES {
        return Err(exhausted());
    }
    Ok(here.saturating_sub(max_bytes).max(floor))
}

/// Runs `what` with so much native stack: here if there is enough left, else on a thread of its
/// own.
pub(crate) fn with_room<R: Send>(bytes: usize, what: impl FnOnce() -> R + Send) -> Result<R> {
    if has_room(bytes) {
        return Ok(what());
    }
    std::thread::scope(|scope| {
        let room = std::thread::Builder::new().stack_size(2 * bytes);
        let thread = room.spawn_scoped(scope, what).map_err(|e| {
            Error::new(
                ErrorKind::Limit,
                format!("a thread for compiling cannot be started: {e}"),
            )
        })?;
        thread.join().map_err(|panic| Error::from_panic(&*panic))
    })
}

/// Whether this thread has so much native stack left.
pub(crate) fn has_room(bytes: usize) -> bool {
    stack_pointer().saturating_sub(floor()) >= bytes
}

#[inline(always)]
fn floor() -> usize {
    match FLOOR.get() {
        0 => measure(),
        floor => floor,
    }
}

#[inline(always)]
fn stack_pointer() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here) as usize
}

#[cold]
fn exhausted() -> Error {
    Error::trap(
        TrapCode::StackOverflow,
        "call stack exhausted: this thread has too little stack left to enter the guest",
    )
}

/// Asks the system for the thread's bounds, once; the reserve is at most half of the stack, and a
/// quarter of a small one.
#[cold]
fn measure() -> usize {
    let (low, size) = system_stack().unwrap_or_else(|| (stack_pointer() - (256 << 10), 256 << 10));
    let most = if size < SMALL_BYTES {
        size / 4
    } else {
        size / 2
    };
    let floor = low + RESERVE_BYTES.min(most);
    FLOOR.set(floor);
    floor
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn system_stack() -> Option<(usize, usize)> {
    let mut attr = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: `attr` is initialised by the first call before it is read and destroyed after; the
    // out pointers are valid.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attr.as_mut_ptr()) != 0 {
            return None;
        }
        let found = libc::pthread_attr_getstack(attr.as_ptr(), &mut low, &mut size);
        libc::pthread_attr_destroy(attr.as_mut_ptr());
        (found == 0).then_some((low as usize, size))
    }
}

#[cfg(target_os = "macos")]
fn system_stack() -> Option<(usize, usize)> {
    // SAFETY: both calls only read properties of the calling thread.
    unsafe {
        let top = libc::pthread_get_stackaddr_np(libc::pthread_self()) as usize;
        let size = libc::pthread_get_stacksize_np(libc::pthread_self());
        Some((top - size, size))
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
fn system_stack() -> Option<(usize, usize)> {
    None
}

/// Finds the word that holds the guest's stack limit, which compiled code reads at each function's
/// start. The offsets are the compiler's own, from the crate the engine is built on, at exactly the
/// same version; the words found are compared with values known to be in them.
pub(crate) fn find_limit<T: 'static>(
    body: &mut wasmtime::Store<T>,
    probe: &wasmtime::Module,
) -> Result<*mut usize> {
    let failed = |e| Error::from_engine(e, ErrorKind::Limit);
    let instance = wasmtime::Instance::new(&mut *body, probe, &[]).map_err(failed)?;
    let unknown = || {
        Error::new(
            ErrorKind::Internal,
            "the engine's layout is not the known one",
        )
    };
    let func = instance.get_func(&mut *body, "").ok_or_else(unknown)?;
    const MARK: u64 = 0x6c62_5f6d_6172_6b00;
    body.set_epoch_deadline(MARK);
    let func_ref = func.to_raw(&mut *body).cast::<u8>();
    let at = |base: *mut u8, offset: u8| base.wrapping_add(offset.into());
    // SAFETY: `func` is a function of a module, so its reference leads to that instance's context
    // and from there to the store's; each word lies inside the structure the engine allocated.
    let (limit, deadline) = unsafe {
        let vmctx = at(func_ref, HostPtr.vm_func_ref().vmctx())
            .cast::<*mut u8>()
            .read();
        let context = at(vmctx, HostPtr.vmcontext_store_context())
            .cast::<*mut u8>()
            .read();
        let limit = at(context, HostPtr.vm_store_context().stack_limit()).cast::<usize>();
        let deadline = at(context, HostPtr.vm_store_context().epoch_deadline()).cast::<u64>();
        (limit, deadline.read())
    };
    // SAFETY: as above.
    let untouched = unsafe { limit.read() } == usize::MAX;
    body.set_epoch_deadline(1);
    // The deadline is the mark plus the present epoch, which counts milliseconds.
    if untouched && deadline >= MARK && deadline - MARK < 1 << 48 {
        Ok(limit)
    } else {
        Err(unknown())
    }
}
