//! Errors
//!
//! Functions that can fail return an lb_error_t pointer: NULL if all went well, else an error that
//! is the caller's, to be freed with lb_error_free(). An error is complete in itself: it holds the
//! kind, the message, the trap code, the guest's frames and the host's own exception. It may be
//! read from several threads, and outlives the objects it speaks of. Only the error for releasing what
//! was closed or released before need not be freed: there is one for each sort of object.
//!
//! All readers below take NULL too and then answer 0, "" or NULL.

use std::any::Any;
use std::collections::BTreeMap;
use std::ffi::{CString, c_char, c_void};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use landbridge::{Error, ErrorKind, Exception, Frame, Result, TrapCode, Type};

use crate::read::text;
use crate::text::{c_path, c_text, pointer};

/// One of the LB_KIND_ numbers.
pub type lb_kind_t = u32;

/// One of the LB_TRAP_ numbers; 0 if there was no trap.
pub type lb_trap_t = u32;

/// An error. Opaque; read it with the functions below.
pub struct lb_error_t {
    error: Error,
    message: CString,
    output: CString,
    path: Option<CString>,
    frames: Vec<FrameText>,
    /// The payload as C has it, made when it is first asked for.
    payload: OnceLock<Kept>,
    /// Whether it is nobody's, and is not freed.
    is_kept: bool,
}

/// What is kept with an error.
pub(crate) type Kept = Box<dyn Any + Send + Sync>;

/// The texts that a frame points to.
struct FrameText {
    #[expect(dead_code, reason = "held for the pointer in `view`")]
    module: Option<CString>,
    #[expect(dead_code, reason = "held for the pointer in `view`")]
    func_name: Option<CString>,
    view: lb_frame_t,
}

/// One frame of the guest's call stack.
#[repr(C)]
pub struct lb_frame_t {
    /// The module's name, or NULL if it has none. Names in frames are for reading: long ones are cut,
    /// control characters are written out.
    pub module: *const c_char,
    /// The function's name, or NULL if the module has none for it; demangled if it is mangled and not
    /// long.
    pub func_name: *const c_char,
    /// The function's index in its module.
    pub func_index: u32,
    /// The offset of the instruction in the module's bytes, or -1 if it is not known.
    pub module_offset: i64,
}

// SAFETY: the pointers lead to texts that the error owns and never changes.
unsafe impl Send for lb_error_t {}
// SAFETY: as above.
unsafe impl Sync for lb_error_t {}

/// Frees what a data pointer leads to. Called once, when nothing uses the data any more, on the thread that
/// used it last; must not unwind or jump. It may call everything of this library, also the store that used
/// the data, if that is not closed.
///
/// While a guest's collector runs, nothing is dropped. What it collected is dropped when a host function
/// returns to the guest, when the outermost call is over, or with the store. If such a drop makes more
/// garbage, that goes the next time.
pub type lb_drop_t = Option<unsafe extern "C" fn(data: *mut c_void)>;

/// Something of the C program's with the function that frees it.
pub(crate) struct Owned {
    pub(crate) data: *mut c_void,
    pub(crate) drop: lb_drop_t,
}

impl Owned {
    /// Nothing.
    pub(crate) const NONE: Owned = Owned {
        data: std::ptr::null_mut(),
        drop: None,
    };
}

// SAFETY: whoever hands data over promises that it may be used and freed on any thread.
unsafe impl Send for Owned {}
// SAFETY: as above.
unsafe impl Sync for Owned {}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(drop) = self.drop {
            // SAFETY: the function was handed over together with the data, and this runs once.
            unsafe { drop(self.data) }
        }
    }
}

impl FrameText {
    fn new(frame: &Frame) -> FrameText {
        let module = frame.module.as_deref().map(c_text);
        let func_name = frame.func_name.as_deref().map(c_text);
        let offset = frame.module_offset.and_then(|n| i64::try_from(n).ok());
        let view = lb_frame_t {
            module: pointer(&module),
            func_name: pointer(&func_name),
            func_index: frame.func_index,
            module_offset: offset.unwrap_or(-1),
        };
        FrameText {
            module,
            func_name,
            view,
        }
    }
}

impl lb_error_t {
    /// Makes an error the caller's.
    #[cold]
    pub(crate) fn give(error: Error) -> *mut lb_error_t {
        Box::into_raw(Box::new(lb_error_t::of(error)))
    }

    /// An error that is lent.
    pub(crate) fn of(error: Error) -> lb_error_t {
        lb_error_t {
            message: c_text(error.message()),
            output: c_text(error.output()),
            path: error.path().map(c_path),
            frames: error.frames().iter().map(FrameText::new).collect(),
            payload: OnceLock::new(),
            error,
            is_kept: false,
        }
    }

    /// The error for releasing what is released: one for each sort of object, which lives as long as the
    /// process. Programs close and then release, and look at neither; nothing is lost by that.
    #[cold]
    pub(crate) fn released(kind: &'static str, error: Error) -> *mut lb_error_t {
        static KEPT: Mutex<BTreeMap<&str, &lb_error_t>> = Mutex::new(BTreeMap::new());
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let one = kept.entry(kind).or_insert_with(|| {
            Box::leak(Box::new(lb_error_t {
                is_kept: true,
                ..lb_error_t::of(error)
            }))
        });
        std::ptr::from_ref::<lb_error_t>(one).cast_mut()
    }

    /// Takes an error back from its owner.
    ///
    /// # Safety
    /// `error` came from [`lb_error_t::give`] and is not used any more.
    pub(crate) unsafe fn take(error: *mut lb_error_t) -> Error {
        // SAFETY: the caller's promise; what is kept is only read.
        unsafe {
            match (*error).is_kept {
                true => (*error).error.clone(),
                false => Box::from_raw(error).error,
            }
        }
    }

    /// What a function of the program's gave: NULL is no error.
    ///
    /// # Safety
    /// As [`lb_error_t::take`], if it is not NULL.
    #[inline(always)]
    pub(crate) unsafe fn taken(error: *mut lb_error_t) -> Result<()> {
        match error.is_null() {
            true => Ok(()),
            // SAFETY: the caller's promise.
            false => Err(unsafe { lb_error_t::take(error) }),
        }
    }

    pub(crate) fn exception(&self) -> Option<&Exception> {
        self.error.exception()
    }

    /// The error as core has it, and what is kept beside it.
    pub(crate) fn parts(&self) -> (&Error, &OnceLock<Kept>) {
        (&self.error, &self.payload)
    }

    fn host(&self) -> Option<&Owned> {
        self.error.host_exception()?.downcast_ref()
    }
}

/// Names by number, as C texts; 0 and unknown numbers have none.
struct Names(OnceLock<Vec<CString>>);

impl Names {
    fn get(&self, number: u32, all: impl Fn() -> Vec<&'static str>) -> *const c_char {
        let names = self
            .0
            .get_or_init(|| all().into_iter().map(c_text).collect());
        let index = (number as usize).checked_sub(1);
        let name = index.and_then(|index| names.get(index));
        name.map_or(c"".as_ptr(), |name| name.as_ptr())
    }
}

/// The name of a kind, such as "not_found"; "" if there is none of this number. Static.
#[unsafe(no_mangle)]
pub extern "C" fn lb_kind_name(kind: lb_kind_t) -> *const c_char {
    static NAMES: Names = Names(OnceLock::new());
    NAMES.get(kind, || {
        ErrorKind::ALL.iter().map(|kind| kind.name()).collect()
    })
}

/// The name of a trap code, such as "unreachable"; "" if there is none of this number. Static.
#[unsafe(no_mangle)]
pub extern "C" fn lb_trap_name(code: lb_trap_t) -> *const c_char {
    static NAMES: Names = Names(OnceLock::new());
    NAMES.get(code, || {
        TrapCode::ALL.iter().map(|code| code.name()).collect()
    })
}

/// The name of a type, such as "i32"; "" if there is none of this number. Static.
#[unsafe(no_mangle)]
pub extern "C" fn lb_type_name(r#type: u32) -> *const c_char {
    static NAMES: Names = Names(OnceLock::new());
    NAMES.get(r#type, || Type::ALL.iter().map(|ty| ty.name()).collect())
}

/// What went wrong: one of the LB_KIND_ numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_kind(error: *const lb_error_t) -> lb_kind_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    unsafe { error.as_ref() }.map_or(0, |e| e.error.kind().number())
}

/// The name of the error's kind, such as "trap". Static: never free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_kind_name(error: *const lb_error_t) -> *const c_char {
    // SAFETY: the caller's promise is ours.
    lb_kind_name(unsafe { lb_error_kind(error) })
}

/// Why the guest trapped: one of the LB_TRAP_ numbers, or 0 if it did not. The error of a limit has one
/// too if the guest trapped because of the limit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_trap_code(error: *const lb_error_t) -> lb_trap_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    let code = unsafe { error.as_ref() }.and_then(|e| e.error.trap_code());
    code.map_or(0, TrapCode::number)
}

/// The exit code of a guest that ended itself; 0 also if the error is not of LB_KIND_EXIT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_exit_code(error: *const lb_error_t) -> i32 {
    // SAFETY: the caller passes NULL or an error that is alive.
    let code = unsafe { error.as_ref() }.and_then(|e| e.error.exit_code());
    code.unwrap_or(0)
}

/// The row of the batch that the error came from, the first of which is 0; the results of the rows before it are written. -1
/// if no row was begun, or no function was mapped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_row(error: *const lb_error_t) -> i64 {
    // SAFETY: the caller passes NULL or an error that is alive.
    let row = unsafe { error.as_ref() }.and_then(|e| e.error.row());
    row.map_or(-1, |row| row as i64)
}

/// The number that the operating system gave if it refused something, such as a file that is not there:
/// errno, or on Windows what GetLastError() says. 0 if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_os_code(error: *const lb_error_t) -> i32 {
    // SAFETY: the caller passes NULL or an error that is alive.
    let code = unsafe { error.as_ref() }.and_then(|e| e.error.os_code());
    code.unwrap_or(0)
}

/// The file or folder that the operating system refused, as it was given, or NULL. Lives as long as the
/// error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_path(error: *const lb_error_t) -> *const c_char {
    // SAFETY: the caller passes NULL or an error that is alive.
    let error = unsafe { error.as_ref() };
    error.map_or(std::ptr::null(), |e| pointer(&e.path))
}

/// The name of the trap code, such as "unreachable", or "" if the error is no trap. Static.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_trap_name(error: *const lb_error_t) -> *const c_char {
    // SAFETY: the caller's promise is ours.
    lb_trap_name(unsafe { lb_error_trap_code(error) })
}

/// What was wrong, in a sentence. It is for reading: what is over 8 KiB is left out, and control
/// characters but newlines and tabs are written out. Lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_message(error: *const lb_error_t) -> *const c_char {
    // SAFETY: the caller passes NULL or an error that is alive.
    unsafe { error.as_ref() }.map_or(c"".as_ptr(), |e| e.message.as_ptr())
}

/// The last that the guest wrote to streams that are discarded (LB_STREAM_NONE), and the last that WASI refused
/// it, if such lines are discarded too. A text for people, of at most 4 KiB of each stream; "" if there is
/// nothing. Lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_output(error: *const lb_error_t) -> *const c_char {
    // SAFETY: the caller passes NULL or an error that is alive.
    unsafe { error.as_ref() }.map_or(c"".as_ptr(), |e| e.output.as_ptr())
}

/// How many frames the guest's call stack had; 0 if no guest was running.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_frame_count(error: *const lb_error_t) -> usize {
    // SAFETY: the caller passes NULL or an error that is alive.
    unsafe { error.as_ref() }.map_or(0, |e| e.frames.len())
}

/// A frame of the guest's call stack, 0 being the innermost, or NULL if there is none of this
/// index. Lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_frame(
    error: *const lb_error_t,
    index: usize,
) -> *const lb_frame_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    let frame = unsafe { error.as_ref() }.and_then(|e| e.frames.get(index));
    frame.map_or(std::ptr::null(), |frame| &raw const frame.view)
}

/// The data pointer that a host function put into the error (see lb_error_host()), the very same,
/// or NULL. It belongs to the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_host_exception(error: *const lb_error_t) -> *mut c_void {
    // SAFETY: the caller passes NULL or an error that is alive.
    let host = unsafe { error.as_ref() }.and_then(lb_error_t::host);
    host.map_or(std::ptr::null_mut(), |host| host.data)
}

/// The drop function that came with lb_error_host_exception(), or NULL. Compare it with your own
/// to know whether the data pointer is yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_host_drop(error: *const lb_error_t) -> lb_drop_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    unsafe { error.as_ref() }.and_then(lb_error_t::host)?.drop
}

/// Makes an error, for a host function to return. message (or NULL) is copied. The caller owns the error until
/// it is returned. A number that is no kind gives LB_KIND_HOST. For LB_KIND_EXIT there is lb_error_exit(), since
/// an exit has a code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_new(kind: lb_kind_t, message: *const c_char) -> *mut lb_error_t {
    let found = ErrorKind::ALL.iter().find(|each| each.number() == kind);
    // SAFETY: the caller passes NULL or a text.
    let message = unsafe { message_of(message) };
    lb_error_t::give(match found {
        Some(ErrorKind::Trap) => Error::trap(TrapCode::Other, message),
        found => Error::new(*found.unwrap_or(&ErrorKind::Host), message),
    })
}

/// Makes the error of a guest that ended itself with a code, of LB_KIND_EXIT. A host function that
/// returns it ends the guest that called it as WASI does. The caller owns it until it is returned.
#[unsafe(no_mangle)]
pub extern "C" fn lb_error_exit(code: i32) -> *mut lb_error_t {
    lb_error_t::give(Error::exit(code))
}

/// Makes the error for a host function that failed, of LB_KIND_HOST, with a data pointer that comes
/// out of the outermost call as the same pointer, however many calls are in between. message (or NULL) is
/// copied; drop (or NULL) is called with data once nobody needs it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_host(
    message: *const c_char,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or a text.
    let message = unsafe { message_of(message) };
    lb_error_t::give(Error::host(message, Arc::new(Owned { data, drop })))
}

/// Puts a data pointer into an error of any kind, in place of one that it may have, and returns the
/// error. For languages above C that let an error pass as an object of theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_attach(
    error: *mut lb_error_t,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    let owned = Arc::new(Owned { data, drop });
    // SAFETY: the caller passes NULL or an error of its own.
    if let Some(ours) = unsafe { error.as_mut() } {
        ours.error = ours.error.clone().with_host(owned);
    }
    error
}

/// A second error that says the same and shares the data pointer, or NULL for NULL. The caller owns
/// it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_clone(error: *const lb_error_t) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    let error = unsafe { error.as_ref() };
    error.map_or(std::ptr::null_mut(), |e| lb_error_t::give(e.error.clone()))
}

/// Frees an error. NULL is ignored. Free each error once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_free(error: *mut lb_error_t) {
    if !error.is_null() {
        // SAFETY: the caller owns the error and gives it up.
        drop(unsafe { lb_error_t::take(error) });
    }
}

/// # Safety
/// `message` is NULL or a text.
unsafe fn message_of(message: *const c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise is ours.
    match unsafe { text(message, "message") } {
        Ok(text) => text.into_owned(),
        // SAFETY: as above; a text that is no UTF-8 is kept as well as it can be.
        Err(_) => unsafe { std::ffi::CStr::from_ptr(message) }
            .to_string_lossy()
            .into_owned(),
    }
}
