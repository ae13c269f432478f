//! Arrow: columns of other libraries and ours by Arrow's C data interface, without any of these libraries.
//!
//! A producer gives capsules with a struct in each, which is moved out and released when the batch ends.

use std::ffi::{CStr, c_char, c_int, c_void};

use landbridge::Type;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::column::{Nulls, Part, Parts};
use super::place::Place;
use crate::guard::Fault;

/// Arrow's `struct ArrowSchema`.
#[repr(C)]
pub(crate) struct ArrowSchema {
    pub(crate) format: *const c_char,
    pub(crate) name: *const c_char,
    pub(crate) metadata: *const c_char,
    pub(crate) flags: i64,
    pub(crate) n_children: i64,
    pub(crate) children: *mut *mut ArrowSchema,
    pub(crate) dictionary: *mut ArrowSchema,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub(crate) private_data: *mut c_void,
}

/// Arrow's `struct ArrowArray`.
#[repr(C)]
pub(crate) struct ArrowArray {
    pub(crate) length: i64,
    pub(crate) null_count: i64,
    pub(crate) offset: i64,
    pub(crate) n_buffers: i64,
    pub(crate) n_children: i64,
    pub(crate) buffers: *mut *const c_void,
    pub(crate) children: *mut *mut ArrowArray,
    pub(crate) dictionary: *mut ArrowArray,
    pub(crate) release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub(crate) private_data: *mut c_void,
}

/// Arrow's `struct ArrowArrayStream`.
#[repr(C)]
struct ArrowArrayStream {
    get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

/// A struct of Arrow's: whoever has it calls its `release` once.
pub(crate) trait Released: Sized {
    const NAME: &'static CStr;
    fn release(&mut self) -> &mut Option<unsafe extern "C" fn(*mut Self)>;
}

macro_rules! released {
    ($($of:ident $name:literal)*) => {$(
        impl Released for $of {
            const NAME: &'static CStr = $name;
            fn release(&mut self) -> &mut Option<unsafe extern "C" fn(*mut Self)> {
                &mut self.release
            }
        }
    )*};
}

released! { ArrowSchema c"arrow_schema" ArrowArray c"arrow_array" ArrowArrayStream c"arrow_array_stream" }

/// A struct that is ours to release.
pub(super) struct Moved<T: Released>(T);

impl<T: Released> Moved<T> {
    /// A struct for a producer to fill; one that is all zeroes needs no release.
    fn empty() -> Moved<T> {
        // SAFETY: pointers, numbers and functions that may be null: zeroes are values of all of them.
        Moved(unsafe { std::mem::zeroed() })
    }

    /// Moves it out of a capsule, as the interface has it: what stays there is marked as released.
    fn out_of(capsule: &Bound<'_, PyAny>) -> PyResult<Moved<T>> {
        // SAFETY: the lock is held. A capsule of this name has such a struct, or none.
        unsafe {
            let found = ffi::PyCapsule_GetPointer(capsule.as_ptr(), T::NAME.as_ptr()).cast::<T>();
            if found.is_null() {
                return Err(PyErr::fetch(capsule.py()));
            }
            let mut moved = Moved(found.read());
            *(*found).release() = None;
            // A struct that was moved out before has nothing to give.
            if moved.0.release().is_none() {
                moved = Moved::empty();
            }
            Ok(moved)
        }
    }

    fn is_released(&mut self) -> bool {
        self.0.release().is_none()
    }
}

impl<T: Released> Drop for Moved<T> {
    fn drop(&mut self) {
        if let Some(release) = *self.0.release() {
            // SAFETY: it is released once, by whoever has it.
            unsafe { release(&raw mut self.0) };
        }
    }
}

/// What keeps the numbers of a column where they are.
pub(super) type Kept = Vec<Moved<ArrowArray>>;

/// The chunks of what has `__arrow_c_array__`: one.
pub(super) fn of_array(
    method: &Bound<'_, PyAny>,
    place: &Place<'_>,
) -> Result<(Parts, Kept), Fault> {
    let given = method.call0()?;
    let Ok((schema, array)) = given
        .cast::<PyTuple>()
        .map_err(PyErr::from)
        .and_then(|pair| pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>())
    else {
        return Err(place.no_column("no pair of capsules"));
    };
    let schema = Moved::<ArrowSchema>::out_of(&schema)?;
    let array = Moved::<ArrowArray>::out_of(&array)?;
    check(&schema.0, place)?;
    let part = part(&array.0, place)?;
    Ok((Parts::from_iter([part]), vec![array]))
}

/// The chunks of what has `__arrow_c_stream__`.
pub(super) fn of_stream(
    method: &Bound<'_, PyAny>,
    place: &Place<'_>,
) -> Result<(Parts, Kept), Fault> {
    let mut stream = Moved::<ArrowArrayStream>::out_of(&method.call0()?)?;
    let (Some(get_schema), Some(get_next)) = (stream.0.get_schema, stream.0.get_next) else {
        return Err(place.no_column("a stream that is closed"));
    };
    let mut schema = Moved::<ArrowSchema>::empty();
    // SAFETY: the stream is alive, and fills a struct that is ours.
    if unsafe { get_schema(&raw mut stream.0, &raw mut schema.0) } != 0 {
        return Err(failed(&mut stream.0, place));
    }
    check(&schema.0, place)?;
    let (mut parts, mut kept) = (Parts::new(), Vec::new());
    loop {
        let mut array = Moved::<ArrowArray>::empty();
        // SAFETY: as above.
        if unsafe { get_next(&raw mut stream.0, &raw mut array.0) } != 0 {
            return Err(failed(&mut stream.0, place));
        }
        if array.is_released() {
            return Ok((parts, kept));
        }
        parts.push(part(&array.0, place)?);
        kept.push(array);
    }
}

#[cold]
fn failed(stream: &mut ArrowArrayStream, place: &Place<'_>) -> Fault {
    // SAFETY: the stream is alive; it gives a text or null.
    let text = unsafe {
        let text = stream.get_last_error.map(|get| get(stream));
        let text = text.filter(|text| !text.is_null());
        text.map(|text| CStr::from_ptr(text).to_string_lossy().into_owned())
    };
    place.no_column(text.as_deref().unwrap_or("a stream that failed"))
}

/// Whether the column has numbers of the type that is wanted.
fn check(schema: &ArrowSchema, place: &Place<'_>) -> Result<(), Fault> {
    if schema.release.is_none() || schema.format.is_null() {
        return Err(place.no_column("a schema that was taken before"));
    }
    if !schema.dictionary.is_null() {
        return Err(place.wrong("a dictionary's indices"));
    }
    // SAFETY: a schema that is not released has a text here.
    let format = unsafe { CStr::from_ptr(schema.format) }.to_bytes();
    match format {
        b"i" | b"I" => place.check(Type::I32),
        b"l" | b"L" => place.check(Type::I64),
        b"f" => place.check(Type::F32),
        b"g" => place.check(Type::F64),
        other => Err(place.wrong(&word(other))),
    }
}

/// What other columns are called.
fn word(format: &[u8]) -> String {
    let word = match format {
        b"n" => "nulls",
        b"b" => "bool",
        b"c" => "i8",
        b"C" => "u8",
        b"s" => "i16",
        b"S" => "u16",
        b"e" => "f16",
        b"u" | b"U" | b"vu" => "texts",
        [b'+', b's', ..] => "structs or a table",
        [b't', ..] => "times",
        other => return format!("Arrow's format {}", String::from_utf8_lossy(other)),
    };
    word.to_owned()
}

/// Where the numbers and the bitmap of an array are.
fn part(array: &ArrowArray, place: &Place<'_>) -> Result<Part, Fault> {
    let wrong = || place.no_column("an array that is no column of numbers");
    let (Ok(rows), Ok(first)) = (usize::try_from(array.length), usize::try_from(array.offset))
    else {
        return Err(wrong());
    };
    if array.release.is_none() || array.n_buffers != 2 || array.buffers.is_null() {
        return Err(wrong());
    }
    // SAFETY: an array of numbers that is not released has two buffers, of which the second has its rows
    // behind the offset.
    let (valid, numbers) = unsafe { (*array.buffers, *array.buffers.add(1)) };
    if numbers.is_null() && rows > 0 {
        return Err(wrong());
    }
    let width = place.width();
    let nulls = (array.null_count != 0 && !valid.is_null()).then(|| Nulls {
        bits: valid.cast(),
        first,
    });
    Ok(Part {
        data: numbers.cast::<u8>().wrapping_add(first * width),
        stride: width as isize,
        rows,
        nulls,
    })
}

/// A capsule for a struct of ours.
pub(crate) fn capsule<'py, T: Released>(py: Python<'py>, given: T) -> PyResult<Bound<'py, PyAny>> {
    let given = Box::into_raw(Box::new(given));
    // SAFETY: the name lives for ever; the struct is given up by `let_go`, or here.
    unsafe {
        let capsule = ffi::PyCapsule_New(given.cast(), T::NAME.as_ptr(), Some(let_go::<T>));
        if capsule.is_null() {
            drop(Moved(*Box::from_raw(given)));
        }
        Bound::from_owned_ptr_or_err(py, capsule)
    }
}

/// The end of a capsule, whose struct may have been moved out.
unsafe extern "C" fn let_go<T: Released>(capsule: *mut ffi::PyObject) {
    // SAFETY: a capsule of `capsule`, which ends once. An exception that is on its way stays.
    unsafe {
        let given = ffi::PyCapsule_GetPointer(capsule, T::NAME.as_ptr()).cast::<T>();
        if !given.is_null() {
            drop(Moved(*Box::from_raw(given)));
        }
    }
}
