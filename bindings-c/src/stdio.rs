//! Standard streams
//!
//! Where a guest's standard streams come from and go to, part of a lb_sandbox_t. Without one, stdin is
//! at its end, and output is discarded.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Input, Output, Result};

use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::guard_release;
use crate::noun::{Noun, noun};
use crate::read::{array, null, path_of};

/// Where a stream comes from or goes to: one of the LB_STREAM_ numbers.
pub type lb_stream_t = u32;

/// No input: the stream is at its end. Output is discarded, but the last of it is kept for lb_error_output().
pub const LB_STREAM_NONE: lb_stream_t = 0;
/// The process's own.
pub const LB_STREAM_INHERIT: lb_stream_t = 1;
/// A file. For output it is made, or emptied if it is there. If it is a named pipe, the guest waits for its
/// other end when it first reads or writes.
pub const LB_STREAM_FILE: lb_stream_t = 2;
/// For input only: bytes of the program's.
pub const LB_STREAM_BYTES: lb_stream_t = 3;
/// For output only: kept for lb_store_stdout(), lb_store_stderr() or lb_store_refusals().
pub const LB_STREAM_CAPTURE: lb_stream_t = 4;
/// For output only: a function of the program's.
pub const LB_STREAM_CALLBACK: lb_stream_t = 5;
/// For output only: a function of the program's that is called with each line of text. It is UTF-8, in which what
/// is invalid is replaced, without the line's end, and no zero byte follows. A line of more than 64 KiB comes in
/// parts of that size, and a last line without an end when the call of the guest ends.
pub const LB_STREAM_LINES: lb_stream_t = 6;

/// What a guest reads.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_input_t {
    /// LB_STREAM_NONE, LB_STREAM_INHERIT, LB_STREAM_FILE or LB_STREAM_BYTES.
    pub from: lb_stream_t,
    /// The path, for LB_STREAM_FILE.
    pub path: *const c_char,
    /// The bytes, for LB_STREAM_BYTES, which are copied.
    pub bytes: *const c_void,
    /// How many there are.
    pub length: usize,
}

/// Called with what a guest writes, on the thread of the call that reached it. data is what it was
/// registered with. It cannot enter the guest's store: that is LB_KIND_BUSY.
///
/// Returns NULL, or an error that it owned, which ends the guest and comes out of the outermost call.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_write_t = Option<
    unsafe extern "C" fn(data: *mut c_void, bytes: *const u8, length: usize) -> *mut lb_error_t,
>;

/// Where what a guest writes goes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_output_t {
    /// LB_STREAM_NONE, LB_STREAM_INHERIT, LB_STREAM_FILE, LB_STREAM_CAPTURE, LB_STREAM_CALLBACK or
    /// LB_STREAM_LINES.
    pub to: lb_stream_t,
    /// The path, for LB_STREAM_FILE.
    pub path: *const c_char,
    /// The function, for LB_STREAM_CALLBACK and LB_STREAM_LINES.
    pub write: lb_write_t,
    /// What it is called with. The store may be used on any thread: data must allow for that.
    pub data: *mut c_void,
    /// NULL, or called with data for each time that the struct was used, once that store is gone; at
    /// once if there is none.
    pub drop: lb_drop_t,
}

impl lb_input_t {
    /// # Safety
    /// The members that `from` names are NULL or what the header asks for.
    pub(crate) unsafe fn read(&self) -> Result<Input> {
        // SAFETY: the caller's promise is ours.
        unsafe {
            Ok(match self.from {
                LB_STREAM_NONE => Input::None,
                LB_STREAM_INHERIT => Input::Inherit,
                LB_STREAM_FILE => Input::File(path_of(self.path)?),
                LB_STREAM_BYTES => {
                    Input::Bytes(array(self.bytes.cast(), self.length, "bytes")?.to_vec())
                }
                other => return Err(no_stream(other, "in")),
            })
        }
    }
}

impl lb_output_t {
    /// Takes the data over.
    pub(crate) fn owned(&self) -> Owned {
        let (data, drop) = (self.data, self.drop);
        Owned { data, drop }
    }

    /// # Safety
    /// The members that `to` names are NULL or what the header asks for; `owned` is this one's.
    pub(crate) unsafe fn read(&self, owned: Owned, name: &str) -> Result<Output> {
        Ok(match self.to {
            LB_STREAM_NONE => Output::None,
            LB_STREAM_INHERIT => Output::Inherit,
            // SAFETY: the caller's promise.
            LB_STREAM_FILE => Output::File(unsafe { path_of(self.path) }?),
            LB_STREAM_CAPTURE => Output::Capture,
            LB_STREAM_CALLBACK => Writer::lend(self.write, owned)?,
            LB_STREAM_LINES => Writer::lend_lines(self.write, owned)?,
            other => return Err(no_stream(other, name)),
        })
    }
}

#[cold]
fn no_stream(number: lb_stream_t, name: &str) -> Error {
    let message = format!("{number} is no LB_STREAM_ number that the stream {name} may have");
    Error::new(ErrorKind::Type, message)
}

/// A function of C for output, with its data.
struct Writer {
    write: unsafe extern "C" fn(*mut c_void, *const u8, usize) -> *mut lb_error_t,
    owned: Owned,
}

impl Writer {
    fn new(write: lb_write_t, owned: Owned) -> Result<Writer> {
        let write = write.ok_or_else(|| null("the write function"))?;
        Ok(Writer { write, owned })
    }

    fn lend_lines(write: lb_write_t, owned: Owned) -> Result<Output> {
        let writer = Writer::new(write, owned)?;
        Ok(Output::Lines(Arc::new(move |_, line| {
            writer.run(line.as_bytes())
        })))
    }

    fn lend(write: lb_write_t, owned: Owned) -> Result<Output> {
        let writer = Writer::new(write, owned)?;
        Ok(Output::Callback(Arc::new(move |_, bytes| {
            writer.run(bytes)
        })))
    }

    fn run(&self, bytes: &[u8]) -> Result<()> {
        // SAFETY: whoever gave the function promises that it takes its data and these bytes and
        // returns.
        let error = unsafe { (self.write)(self.owned.data, bytes.as_ptr(), bytes.len()) };
        // SAFETY: the function gives an error that it owned.
        unsafe { lb_error_t::taken(error) }
    }
}

/// Bytes that the caller releases, with lb_bytes_release().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_bytes_t {
    /// The first byte. A zero byte follows on the last one.
    pub data: *const u8,
    /// How many there are, without that zero byte.
    pub length: usize,
    /// What keeps them.
    pub id: u64,
}

/// The handle inside of bytes.
#[derive(Clone, Copy)]
struct BytesHandle {
    id: u64,
}

noun!(BytesHandle, "bytes", Vec<u8>);

impl lb_bytes_t {
    pub(crate) const NONE: lb_bytes_t = lb_bytes_t {
        data: std::ptr::null(),
        length: 0,
        id: 0,
    };

    /// Makes bytes C's.
    pub(crate) fn give(mut bytes: Vec<u8>) -> Result<lb_bytes_t> {
        let length = bytes.len();
        bytes.push(0);
        let data = bytes.as_ptr();
        let id = BytesHandle::keep(bytes)?.id;
        Ok(lb_bytes_t { data, length, id })
    }
}

/// Releases bytes.
///
/// Errors: LB_KIND_CLOSED if they were released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_bytes_release(bytes: lb_bytes_t) -> *mut lb_error_t {
    guard_release(BytesHandle::of(bytes.id))
}
