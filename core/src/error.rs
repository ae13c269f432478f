//! One error type, one channel. Kinds and trap codes have stable numbers and names, the same in
//! every host; bindings map them by table.

mod frame;

use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use frame::Frame;
use frame::frame;

use crate::engine_facts;
use crate::numbered::numbered;
use crate::trail::Trail;
use crate::{Exception, Type, WitValue, messages, text};

/// The result of every fallible operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

numbered! {
    /// The kind of an error: what went wrong, in a word. Numbers are never reused.
    pub enum ErrorKind {
        // generated: rust.kinds
        /// The bytes are not a valid module, or use a feature that is off.
        Compile = 1, "compile";
        /// An import is missing or does not have the type that the module needs.
        Link = 2, "link";
        /// The guest trapped; [`Error::trap_code`] says why.
        Trap = 3, "trap";
        /// A host function failed; the error holds the host's own exception.
        Host = 4, "host";
        /// A value of the wrong type, or the wrong number of them.
        Type = 5, "type";
        /// A number that does not fit the type it is meant for.
        Range = 6, "range";
        /// No export has this name, or it is of another sort, such as a memory instead of a
        /// function.
        NotFound = 7, "not_found";
        /// An access outside of a memory or a table, made by the host.
        OutOfBounds = 8, "out_of_bounds";
        /// The object was closed.
        Closed = 9, "closed";
        /// The object belongs to another store or engine.
        WrongStore = 10, "wrong_store";
        /// The store is in use and this thread must not wait for it, or all instances of a pool are
        /// taken.
        Busy = 11, "busy";
        /// Waiting for the store would never end: threads would wait for each other in a circle.
        Deadlock = 12, "deadlock";
        /// An earlier interruption or panic left the store in an unknown state; instantiate the
        /// module again.
        Poisoned = 13, "poisoned";
        /// The call was cancelled, as by [`Store::cancel`](crate::Store::cancel); its store cannot
        /// be used afterwards.
        Cancelled = 14, "cancelled";
        /// The call's deadline passed, see [`Limits::timeout`](crate::Limits::timeout); its store
        /// cannot be used afterwards.
        Timeout = 15, "timeout";
        /// The store's fuel is used up, see [`Limits::fuel`](crate::Limits::fuel); the store cannot
        /// be used afterwards.
        Fuel = 16, "fuel";
        /// The memories cannot become that large: their limit is reached, see
        /// [`Limits::memory_bytes`](crate::Limits::memory_bytes), or the machine has no more
        /// memory.
        MemoryLimit = 17, "memory_limit";
        /// Another limit was reached, such as that of tables, instances, output or compiling; the
        /// message names it.
        Limit = 18, "limit";
        /// The guest ended itself with an exit code.
        Exit = 19, "exit";
        /// The store's policy does not grant this.
        Denied = 20, "denied";
        /// A file could not be read or written.
        Io = 21, "io";
        /// The engine cannot do this, or was built without it; the message says what to do instead.
        Unsupported = 22, "unsupported";
        /// A defect in Landbridge, or a panic in a host function.
        Internal = 23, "internal";
        /// An exception of WebAssembly was thrown and not caught; see [`Error::exception`].
        Exception = 24, "exception";
        /// The `err` of a WIT `result`: what a function of a component returned, or what a host
        /// function returns to one.
        Wit = 25, "wit";
        // end generated
    }
}

numbered! {
    /// Why a guest trapped. Numbers are never reused.
    pub enum TrapCode {
        // generated: rust.traps
        /// The `unreachable` instruction was executed.
        Unreachable = 1, "unreachable";
        /// A load or store outside of linear memory.
        MemoryOutOfBounds = 2, "memory_out_of_bounds";
        /// An access outside of a table.
        TableOutOfBounds = 3, "table_out_of_bounds";
        /// An indirect call through an empty table element.
        IndirectCallToNull = 4, "indirect_call_to_null";
        /// An indirect call of a function with another signature.
        BadSignature = 5, "bad_signature";
        /// An integer operation overflowed.
        IntegerOverflow = 6, "integer_overflow";
        /// An integer was divided by zero.
        IntegerDivisionByZero = 7, "integer_division_by_zero";
        /// A float that no integer can hold was converted to one.
        BadConversionToInteger = 8, "bad_conversion_to_integer";
        /// The call stack is exhausted.
        StackOverflow = 9, "stack_overflow";
        /// An atomic access was not aligned.
        HeapMisaligned = 10, "heap_misaligned";
        /// A null reference was used.
        NullReference = 11, "null_reference";
        /// An access outside of a GC array.
        ArrayOutOfBounds = 12, "array_out_of_bounds";
        /// A GC allocation was too large.
        AllocationTooLarge = 13, "allocation_too_large";
        /// A reference was cast to a type it does not have.
        CastFailure = 14, "cast_failure";
        /// The guest was interrupted.
        Interrupt = 15, "interrupt";
        /// Fuel ran out.
        OutOfFuel = 16, "out_of_fuel";
        /// Any other trap of the engine; the message says which.
        Other = 17, "other";
        // end generated
    }
}

impl TrapCode {
    /// The code for a trap of the engine.
    fn of(trap: wasmtime::Trap) -> TrapCode {
        use wasmtime::Trap as T;
        match trap {
            // generated: rust.engine_traps
            T::UnreachableCodeReached => TrapCode::Unreachable,
            T::MemoryOutOfBounds => TrapCode::MemoryOutOfBounds,
            T::TableOutOfBounds => TrapCode::TableOutOfBounds,
            T::IndirectCallToNull => TrapCode::IndirectCallToNull,
            T::BadSignature => TrapCode::BadSignature,
            T::IntegerOverflow => TrapCode::IntegerOverflow,
            T::IntegerDivisionByZero => TrapCode::IntegerDivisionByZero,
            T::BadConversionToInteger => TrapCode::BadConversionToInteger,
            T::StackOverflow => TrapCode::StackOverflow,
            T::HeapMisaligned => TrapCode::HeapMisaligned,
            T::NullReference => TrapCode::NullReference,
            T::ArrayOutOfBounds => TrapCode::ArrayOutOfBounds,
            T::AllocationTooLarge => TrapCode::AllocationTooLarge,
            T::CastFailure => TrapCode::CastFailure,
            T::Interrupt => TrapCode::Interrupt,
            T::OutOfFuel => TrapCode::OutOfFuel,
            _ => TrapCode::Other,
            // end generated
        }
    }
}

/// An error of any kind. Cheap to move, `Send + Sync`, and complete: the host's own exception, the
/// trap code and the guest's frames are inside.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    code: Option<TrapCode>,
    message: String,
    frames: Vec<Frame>,
    trail: Trail,
    host: Option<Arc<dyn Any + Send + Sync>>,
    exception: Option<Exception>,
    exit: Option<i32>,
    payload: Option<Payload>,
    /// See [`Error::output`].
    output: String,
    os: Os,
    row: Option<u64>,
}

/// What an error is as the error of a `result` of WIT.
type Payload = Option<Box<WitValue>>;

/// What the operating system said, and of which file.
#[derive(Clone, Default)]
struct Os {
    code: Option<i32>,
    path: Option<PathBuf>,
}

impl Error {
    /// Makes an error of a kind, with a message that says what was wrong and what to do. A message
    /// is for reading: what is over 8 KiB is left out, and control characters are written out.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner {
            kind,
            code: None,
            message: text::message(message.into()),
            frames: Vec::new(),
            trail: Trail::default(),
            host: None,
            exception: None,
            exit: None,
            payload: None,
            output: String::new(),
            os: Os::default(),
            row: None,
        }))
    }

    /// The error for the host's own exception that a host function threw: it comes out of the
    /// outermost call as the same object.
    pub fn thrown(host: Arc<dyn Any + Send + Sync>) -> Error {
        Error::host(messages::host_threw(), host)
    }

    /// Makes the error for a host function that failed. `host` is the host's own exception: it
    /// comes out of the outermost call as the same object.
    pub fn host(message: impl Into<String>, host: Arc<dyn Any + Send + Sync>) -> Error {
        let mut error = Error::new(ErrorKind::Host, message);
        error.0.host = Some(host);
        error
    }

    /// The same error with the host's own exception in it, in place of one it may have: for an
    /// error of any kind that a host function lets pass as an object of its language.
    pub fn with_host(mut self, host: Arc<dyn Any + Send + Sync>) -> Error {
        self.0.host = Some(host);
        self
    }

    /// Makes a trap, as if the guest had trapped with this code.
    pub fn trap(code: TrapCode, message: impl Into<String>) -> Error {
        let mut error = Error::new(ErrorKind::Trap, message);
        error.0.code = Some(code);
        error
    }

    /// The error for a wrong number of arguments or results.
    pub fn count(what: &str, expected: &[Type], given: usize) -> Error {
        let list = crate::types::list(expected);
        let expected = format!("{} {list}", expected.len());
        messages::not_a(what, expected, given)
    }

    /// The error for a value of the wrong type. `what` names the place, such as `argument 1 of
    /// add`; `given` is the host's name for the type that came.
    pub fn wrong_type(what: &str, expected: Type, given: &str) -> Error {
        let error = messages::not_a(what, expected, given);
        match TEXTS.contains(&given) {
            true => error.with_text_given(),
            false => error,
        }
    }

    /// The error for an integer outside of `expected`'s range. Both the signed and the unsigned
    /// reading of a value are in range; an `i31ref` is signed.
    pub fn range(what: &str, expected: Type, given: &str) -> Error {
        let range = match expected {
            _ if !expected.is_plain() => "-1073741824 to 1073741823",
            Type::I32 => "-2147483648 to 4294967295",
            _ => "-9223372036854775808 to 18446744073709551615",
        };
        Error::new(
            ErrorKind::Range,
            format!("{what}: {given} is out of range for {expected} ({range})"),
        )
    }

    /// The error for an offset in a memory that is below zero: a pointer of a guest's that the host
    /// has as a signed number.
    pub fn negative_offset(given: impl fmt::Display) -> Error {
        let text = format!(
            "offset {given} is negative: a guest's pointers are unsigned, so take a pointer of 32 bits \
             & 0xFFFFFFFF (>>> 0 in JavaScript)"
        );
        Error::new(ErrorKind::OutOfBounds, text)
    }

    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Error {
        let mut told = Error::os(&path.display().to_string(), error);
        told.0.os.path = Some(path.to_owned());
        told
    }

    /// The error for what the operating system refused where there is no file to name.
    pub(crate) fn os(what: &str, error: &std::io::Error) -> Error {
        let mut told = Error::new(ErrorKind::Io, format!("{what}: {error}"));
        told.0.os.code = error.raw_os_error();
        told
    }

    /// The same error with its cause in front, as an error of another kind.
    pub(crate) fn because(mut self, kind: ErrorKind, cause: &str) -> Error {
        self.0.kind = kind;
        self.0.message = text::message(format!("{cause}: {}", self.0.message));
        self
    }

    /// The same error with more to say.
    pub(crate) fn and(mut self, more: &str) -> Error {
        self.0.message = text::message(format!("{}: {more}", self.0.message));
        self
    }

    /// The same error, of arguments of which one was a text.
    pub fn with_text_given(self) -> Error {
        self.and(TEXT_GIVEN)
    }

    /// Says where it is, in front.
    pub fn at_place(mut self, place: &str) -> Error {
        self.0.message = text::message(format!("{place}: {}", self.0.message));
        self
    }

    /// Says at which row of a batch it was, also in front of the message.
    #[cold]
    pub(crate) fn at_row(mut self, row: u64) -> Error {
        self.0.row = Some(row);
        self.at_place(&messages::at_row(row))
    }

    /// Says where in a text it is, at the end.
    pub(crate) fn in_text(mut self, place: &str) -> Error {
        self.0.message = text::message(format!("{} (at {place})", self.0.message));
        self
    }

    /// Says of which file the bytes are.
    pub(crate) fn in_file(mut self, path: &Path) -> Error {
        if self.kind() == ErrorKind::Compile {
            let text = format!("{}: {}", path.display(), self.0.message);
            self.0.message = text::message(text);
        }
        self
    }

    pub(crate) fn wrong_store(what: &str) -> Error {
        Error::new(
            ErrorKind::WrongStore,
            format!(
                "the {what} belongs to another store; objects of different stores cannot be used together"
            ),
        )
    }

    /// What went wrong, in a word.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Why the guest trapped, if it did.
    pub fn trap_code(&self) -> Option<TrapCode> {
        self.0.code
    }

    /// What was wrong, in a sentence, without the guest's frames.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The guests' call stack, innermost frame first: of each guest that the error went through, at
    /// most [`MOST_FRAMES`](crate::MOST_FRAMES) in all. Empty if no guest was running. An error that a host function gives once
    /// more, after the call that it came out of was over, has the frames of the call that raised it and those of the last one.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// For hosts that let an error pass as an object of theirs: gives the error that a host function
    /// failed with the trail that the object has. [`Error::frames`] are those to add to it.
    pub fn with_trail(mut self, trail: Trail) -> Error {
        self.0.trail = trail.thrown();
        self
    }

    /// How many of the frames that the object has stay, in front of [`Error::frames`].
    pub fn kept_frames(&self) -> usize {
        self.0.trail.kept
    }

    /// Whether the object's frames are others than those it had.
    pub fn has_other_frames(&self) -> bool {
        !self.0.frames.is_empty() || self.0.trail.kept != self.0.trail.known
    }

    /// What the object keeps, for [`Error::with_trail`].
    pub fn trail(&self) -> Trail {
        let mut trail = self.0.trail.clone();
        trail.kept += self.0.frames.len();
        trail
    }

    /// The host's own exception, if a host function failed with one.
    pub fn host_exception(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.0.host.as_ref()
    }

    /// The exception of WebAssembly, if the kind is `exception`. Its payload was read already.
    pub fn exception(&self) -> Option<&Exception> {
        self.0.exception.as_ref()
    }

    /// The same error, which a component that calls the host function gets as the `err` of its `result`. The payload is what
    /// that `err` holds, or nothing for `result` and `result<T>`. If the function's type has no such `result`, the error
    /// comes out of the host's call like any other.
    pub fn with_payload(mut self, value: impl Into<Option<WitValue>>) -> Error {
        self.0.payload = Some(value.into().map(Box::new));
        self
    }

    /// What the `err` of a `result` holds, if this error is one; see [`Error::with_payload`].
    pub fn payload(&self) -> Option<Option<&WitValue>> {
        self.0.payload.as_ref().map(Option::as_deref)
    }

    /// The row of the batch that it came from, the first of which is 0; the rows before it are done. `None` if no row was
    /// begun, or no function was mapped.
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    /// The exit code, if the kind is `exit`.
    pub fn exit_code(&self) -> Option<i32> {
        self.0.exit
    }

    /// The number that the operating system gave, if it refused something: `errno`, or on Windows
    /// what `GetLastError` says.
    pub fn os_code(&self) -> Option<i32> {
        self.0.os.code
    }

    /// The file or folder that the operating system refused, as it was given.
    pub fn path(&self) -> Option<&Path> {
        self.0.os.path.as_deref()
    }

    /// The error of a guest that ended itself with a code. A host function that gives it ends the
    /// guest that called it as WASI does.
    pub fn exit(code: i32) -> Error {
        let mut error = Error::new(ErrorKind::Exit, messages::exited(code));
        error.0.exit = Some(code);
        error
    }

    /// The last output of the guest that was discarded ([`Output::None`](crate::Output::None)), and what WASI
    /// refused it. Empty if there is none, or if the guest exited with code 0 or ended by an exception of
    /// the host. A text for reading, of at most 4 KiB of
    /// each stream: the guest's lines have `| ` in front, and no control characters.
    pub fn output(&self) -> &str {
        &self.0.output
    }

    /// Adds what a guest had written. An error that passes many stores tells no more of it.
    pub(crate) fn with_output(mut self, output: &str) -> Error {
        let told = &mut self.0.output;
        if !output.is_empty() && told.len() <= text::MESSAGE_BYTES {
            told.extend((!told.is_empty()).then_some('\n'));
            told.push_str(output);
        }
        self
    }

    /// The message with the guest's frames, one a line, and what the guest had written.
    pub fn report(&self) -> String {
        let mut text = self.0.message.clone();
        for frame in &self.0.frames {
            text.push_str(&format!("\n    at {frame}"));
        }
        if !self.0.output.is_empty() {
            text.push('\n');
            text.push_str(&self.0.output);
        }
        text
    }

    /// The error for a panic that a guard caught.
    pub fn from_panic(payload: &(dyn Any + Send)) -> Error {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned());
        Error::new(ErrorKind::Internal, format!("panic: {text}"))
    }

    /// Translates an error of the engine; `default` is the kind if the error does not tell.
    pub(crate) fn from_engine(error: wasmtime::Error, default: ErrorKind) -> Error {
        let told = Error::told(&error);
        told.unwrap_or_else(|| Error::new(default, Error::text_of(&error)))
    }

    /// The engine's words. It would show a trace with them, with names of any length; the frames
    /// are told elsewhere.
    pub(crate) fn text_of(error: &wasmtime::Error) -> String {
        match error.is::<wasmtime::WasmBacktrace>() {
            true => text::of(error.root_cause()),
            false => text::of(format_args!("{error:#}")),
        }
    }

    /// Translates an error of the engine that ended a call. One that does not tell its kind there
    /// is what a function of WASI does not forgive, such as a pointer out of bounds.
    pub(crate) fn from_call(error: wasmtime::Error, default: ErrorKind) -> Error {
        let wasi = || {
            let text = text::of(error.root_cause());
            let code = match engine_facts::is_wild_pointer(&text) {
                true => TrapCode::MemoryOutOfBounds,
                false => TrapCode::Other,
            };
            Error::trap(code, text)
        };
        match default {
            ErrorKind::Internal => Error::told(&error).unwrap_or_else(wasi),
            _ => Error::from_engine(error, default),
        }
    }

    /// An error of the engine that tells its kind.
    fn told(error: &wasmtime::Error) -> Option<Error> {
        if let Some(ours) = error.downcast_ref::<Error>() {
            return Some(ours.clone());
        }
        if let Some(exit) = error.downcast_ref::<wasmtime_wasi::I32Exit>() {
            return Some(Error::exit(exit.0));
        }
        if error.is::<wasmtime::GcHeapOutOfMemory<()>>() {
            let text = "the garbage-collected heap of the store is full";
            return Some(Error::new(ErrorKind::MemoryLimit, text));
        }
        match *error.downcast_ref::<wasmtime::Trap>()? {
            wasmtime::Trap::OutOfFuel => {
                let text = "the store's fuel is used up";
                Some(Error::new(ErrorKind::Fuel, text))
            }
            trap => Some(Error::trap(
                TrapCode::of(trap),
                engine_facts::trap_text(trap),
            )),
        }
    }

    /// The error as the engine carries it through the guest of a store. Frames that it has, or has
    /// no room for, are not looked for: through many nested calls that would take their number squared.
    pub(crate) fn into_engine(self, store: usize) -> wasmtime::Error {
        let is_traced = self.0.trail.has(store) || self.0.trail.room(&self.0.frames) == 0;
        let error = wasmtime::Error::new(self);
        match is_traced.then(engine_facts::no_frames).flatten() {
            Some(none) => error.context(none),
            None => error,
        }
    }

    /// The guest's frames in the engine's error that ended a call; those of our own modules are not.
    pub(crate) fn frames_of(
        error: &wasmtime::Error,
        is_ours: impl Fn(&wasmtime::Module) -> bool,
    ) -> Vec<Frame> {
        let trace = error.downcast_ref::<wasmtime::WasmBacktrace>();
        let frames = trace.map_or(&[][..], |trace| trace.frames());
        let guests = frames.iter().filter(|frame| !is_ours(frame.module()));
        guests.map(frame).collect()
    }

    /// Adds the guest's frames that it leaves. `store` tells the stores apart.
    pub(crate) fn traced(mut self, outer: Vec<Frame>, store: usize) -> Error {
        let inner = &mut *self.0;
        inner.trail.leave_guest(&mut inner.frames, outer, store);
        self
    }

    /// The error as a host function throws it that began at `since`; see `trail.rs`.
    pub(crate) fn thrown_since(mut self, since: u64) -> Error {
        let inner = &mut *self.0;
        inner.trail.leave_host(&mut inner.frames, since);
        self
    }
}

/// What hosts call a text.
const TEXTS: &[&str] = &["str", "string", "String", "java.lang.String"];

/// What to do with a text.
const TEXT_GIVEN: &str = "text goes through the guest's memory: write it there with write_text (writeText) and pass \
     its address and its length in bytes, or build the guest as a component";

impl From<Exception> for Error {
    /// The error that throws an exception, when a host function gives it.
    fn from(exception: Exception) -> Error {
        let types = crate::types::list(exception.tag().ty().params());
        let text = messages::not_caught(format_args!("tag {types}"));
        let mut error = Error::new(ErrorKind::Exception, text);
        error.0.exception = Some(exception);
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind(), self.report())
    }
}

impl std::error::Error for Error {}
