//! From objects of Python's to a frame: all that can be wrong with a value is found here, before a guest is entered.

use landbridge::frame::{BLOB_MIN, Writer};
use landbridge::{HostResource, WitType};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyList, PyString, PyTuple};
use std::sync::Arc;

use super::blobs::{Beside, Buffer};
use super::cases;
use super::handle::{self, Handle};
use super::numbers::Number;
use super::plan::{How, Plan};
use super::record;
use super::wrong::{Put, What, Wrong, other};
use crate::kept::{Lent, Roots};
use crate::store::Store;
use crate::value::{digits, narrow};

/// Writes values, one behind the other.
pub(crate) struct Encoder<'a, 'py> {
    pub(super) py: Python<'py>,
    pub(crate) frame: Writer,
    pub(crate) beside: Beside,
    /// Objects that cross as resources of the host.
    pub(crate) objects: Vec<HostResource>,
    /// Guests' resources that were met.
    pub(crate) held: Vec<Py<Handle>>,
    /// Where they lie that a guest may keep.
    pub(crate) roots: &'a Arc<Roots>,
    /// None where no resource can be: then there is nothing to give it to.
    pub(crate) store: Option<&'a Store>,
}

impl<'a, 'py> Encoder<'a, 'py> {
    pub(crate) fn new(
        py: Python<'py>,
        buffer: Vec<u8>,
        roots: &'a Arc<Roots>,
        store: Option<&'a Store>,
    ) -> Encoder<'a, 'py> {
        Encoder {
            py,
            frame: Writer::values(buffer),
            beside: Beside::default(),
            objects: Vec::new(),
            held: Vec::new(),
            roots,
            store,
        }
    }

    pub(crate) fn put(&mut self, plan: &Plan, object: &Bound<'py, PyAny>) -> Put {
        macro_rules! integer {
            ($Rust:ty) => {{
                let number = self.integer(plan, object)?;
                match <$Rust>::try_from(number) {
                    Ok(number) => self.frame.raw(&number.to_le_bytes()),
                    Err(_) => return Err(unfit(number, &plan.ty)),
                }
            }};
        }
        match &plan.how {
            How::Bool => match object.cast::<PyBool>() {
                Ok(it) => self.frame.byte(u8::from(it.is_true())),
                Err(_) => return Err(other(&plan.ty, object)),
            },
            How::S8 => integer!(i8),
            How::U8 => integer!(u8),
            How::S16 => integer!(i16),
            How::U16 => integer!(u16),
            How::S32 => integer!(i32),
            How::U32 => integer!(u32),
            How::S64 => integer!(i64),
            How::U64 => integer!(u64),
            How::F32 => {
                let number = narrow(float(plan, object)?);
                self.frame.raw(&number.to_le_bytes());
            }
            How::F64 => {
                let number = float(plan, object)?;
                self.frame.raw(&number.to_le_bytes());
            }
            How::Char => return self.char(plan, object),
            How::String => return self.text(plan, object),
            How::Numbers(number) => return self.numbers(plan, *number, object),
            How::List(of) => return self.list(plan, of, object),
            How::Record(of) => return record::record(self, plan, of, object),
            How::Tuple(of) => return self.tuple(plan, of, object),
            How::Variant(of) => return cases::variant(self, plan, of, object),
            How::Enum(of) => return cases::enumerator(self, plan, of, object),
            How::Flags(of) => return cases::flags(self, plan, of, object),
            How::Option(of) => return cases::option(self, plan, of, object),
            How::Result(ok, err) => {
                return cases::result(self, plan, [ok.as_deref(), err.as_deref()], object);
            }
            How::Resource(_) => return self.resource(plan, object),
        }
        Ok(())
    }

    #[inline]
    fn integer(&mut self, plan: &Plan, object: &Bound<'py, PyAny>) -> Result<i128, Wrong> {
        // SAFETY: the object is alive, and its type is checked.
        unsafe {
            if ffi::PyLong_CheckExact(object.as_ptr()) != 0 {
                let mut overflow = 0;
                let number = ffi::PyLong_AsLongLongAndOverflow(object.as_ptr(), &mut overflow);
                if overflow == 0 {
                    return Ok(number.into());
                }
            }
        }
        large_integer(plan, object)
    }

    fn char(&mut self, plan: &Plan, object: &Bound<'py, PyAny>) -> Put {
        let Ok(text) = object.cast::<PyString>() else {
            return Err(other(&plan.ty, object));
        };
        let point = match text.len()? {
            // SAFETY: a str of one character.
            1 => unsafe { ffi::PyUnicode_ReadChar(text.as_ptr(), 0) },
            count => {
                let (expected, given) =
                    (plan.ty.to_string(), format!("a text of {count} characters"));
                return Err(What::Other { expected, given }.into());
            }
        };
        match char::from_u32(point) {
            Some(point) => self.frame.raw(&u32::from(point).to_le_bytes()),
            None => return Err(What::Surrogate.into()),
        }
        Ok(())
    }

    #[inline]
    fn text(&mut self, plan: &Plan, object: &Bound<'py, PyAny>) -> Put {
        // SAFETY: the object is alive. UTF-8 that a str has given stays where it is as long as the str.
        unsafe {
            if ffi::PyUnicode_Check(object.as_ptr()) == 0 {
                return Err(other(&plan.ty, object));
            }
            let is_long = ffi::PyUnicode_GET_LENGTH(object.as_ptr()) as usize >= BLOB_MIN;
            if is_long && !is_ascii(object) {
                return self.long_text(object);
            }
            let mut length = 0;
            let start = ffi::PyUnicode_AsUTF8AndSize(object.as_ptr(), &mut length);
            if start.is_null() {
                return Err(no_text(self.py));
            }
            let bytes = (start.cast::<u8>(), length as usize);
            self.bytes(bytes, 1, |beside| {
                beside.object(bytes, object.clone().unbind())
            });
        }
        Ok(())
    }

    /// A text whose UTF-8 the str would keep for ever.
    #[cold]
    fn long_text(&mut self, object: &Bound<'py, PyAny>) -> Put {
        // SAFETY: the object is a str; a new reference or null.
        let encoded = unsafe {
            let encoded = ffi::PyUnicode_AsUTF8String(object.as_ptr());
            Bound::from_owned_ptr_or_opt(self.py, encoded)
        };
        let encoded = encoded.ok_or_else(|| no_text(self.py))?;
        self.bytes_object(&encoded.cast_into::<PyBytes>().map_err(PyErr::from)?);
        Ok(())
    }

    fn bytes_object(&mut self, object: &Bound<'py, PyBytes>) {
        let bytes = object.as_bytes();
        let bytes = (bytes.as_ptr(), bytes.len());
        // SAFETY: bytes do not change, and are kept.
        self.bytes(bytes, 1, |beside| unsafe {
            beside.object(bytes, object.clone().into_any().unbind())
        });
    }

    /// Bytes, in the frame or beside it.
    #[inline]
    fn bytes(
        &mut self,
        (start, length): (*const u8, usize),
        each: usize,
        keep: impl FnOnce(&mut Beside) -> usize,
    ) {
        if length >= BLOB_MIN {
            let index = keep(&mut self.beside);
            self.frame.beside(index);
            return;
        }
        self.frame.length(length / each);
        if length > 0 {
            // SAFETY: so many bytes are there. No code of Python's runs meanwhile.
            self.frame
                .raw(unsafe { std::slice::from_raw_parts(start, length) });
        }
    }

    fn numbers(&mut self, plan: &Plan, number: Number, object: &Bound<'py, PyAny>) -> Put {
        if number == Number::U8
            && let Ok(bytes) = object.cast_exact::<PyBytes>()
        {
            self.bytes_object(bytes);
            return Ok(());
        }
        if let Some(buffer) = Buffer::of(object, number) {
            self.bytes(buffer.bytes(), number.bytes(), |beside| {
                beside.buffer(buffer, number.bytes())
            });
            return Ok(());
        }
        let WitType::List(of) = &plan.ty else {
            return Err(other(&plan.ty, object));
        };
        let each = Plan {
            ty: (**of).clone(),
            how: how_of(number),
        };
        let items = items(plan, object)?;
        let count = items.len();
        let outer = std::mem::replace(&mut self.frame, Writer::values(Vec::new()));
        let put = self.each(&each, &items);
        let alone = std::mem::replace(&mut self.frame, outer).into_buffer();
        put?;
        // A list may have become another length meanwhile.
        debug_assert_eq!(alone.len(), count * number.bytes());
        match alone.len() >= BLOB_MIN {
            true => {
                let index = self.beside.own(alone, number.bytes());
                self.frame.beside(index);
            }
            false => {
                self.frame.length(alone.len() / number.bytes());
                self.frame.raw(&alone);
            }
        }
        Ok(())
    }

    fn list(&mut self, plan: &Plan, of: &Plan, object: &Bound<'py, PyAny>) -> Put {
        let items = items(plan, object)?;
        self.frame.length(items.len());
        self.each(of, &items)
    }

    /// Nobody else has the tuple, or it cannot change.
    fn each(&mut self, plan: &Plan, items: &Bound<'py, PyTuple>) -> Put {
        for (i, item) in items.iter_borrowed().enumerate() {
            self.put(plan, &item).map_err(|it| it.in_element(i))?;
        }
        Ok(())
    }

    fn tuple(&mut self, plan: &Plan, of: &[Plan], object: &Bound<'py, PyAny>) -> Put {
        let items = match object.cast::<PyTuple>() {
            Ok(items) => items.clone(),
            Err(_) => match object.cast::<PyList>() {
                Ok(items) => items.to_tuple(),
                Err(_) => return Err(other(&plan.ty, object)),
            },
        };
        if items.len() != of.len() {
            let told = |count: usize| format!("a tuple of {count}");
            let (expected, given) = (told(of.len()), told(items.len()));
            return Err(What::Other { expected, given }.into());
        }
        for (i, (plan, item)) in of.iter().zip(items.iter_borrowed()).enumerate() {
            self.put(plan, &item).map_err(|it| it.in_field(i))?;
        }
        Ok(())
    }

    /// Whether an object of the host can stand for it, core says.
    fn resource(&mut self, plan: &Plan, object: &Bound<'py, PyAny>) -> Put {
        let number = match handle::of(object)? {
            Some(handle) => match self.store {
                Some(store) => {
                    let number = handle.get().number_in(store)?;
                    self.held.push(handle.unbind());
                    number
                }
                None => return Err(other("a value", object)),
            },
            None if object.is_none() => return Err(other(&plan.ty, object)),
            None => {
                let lent = Lent::new(self.roots, object.clone().unbind());
                self.objects.push(HostResource::new(lent));
                self.objects.len() as u64 - 1
            }
        };
        self.frame.raw(&number.to_le_bytes());
        Ok(())
    }
}

fn how_of(number: Number) -> How {
    match number {
        Number::S8 => How::S8,
        Number::U8 => How::U8,
        Number::S16 => How::S16,
        Number::U16 => How::U16,
        Number::S32 => How::S32,
        Number::U32 => How::U32,
        Number::S64 => How::S64,
        Number::U64 => How::U64,
        Number::F32 => How::F32,
        Number::F64 => How::F64,
    }
}

/// What a list holds: of a list, a tuple, or another object with elements in an order. What has no order is none, nor
/// are texts and mappings. Code of Python's may change a list while it is written, so it is copied.
fn items<'py>(plan: &Plan, object: &Bound<'py, PyAny>) -> Result<Bound<'py, PyTuple>, Wrong> {
    if let Ok(items) = object.cast::<PyTuple>() {
        return Ok(items.clone());
    }
    if let Ok(items) = object.cast::<PyList>() {
        return Ok(items.to_tuple());
    }
    // SAFETY: the object is alive.
    let is_sequence = unsafe { ffi::PySequence_Check(object.as_ptr()) } != 0;
    let is_iterator = object.hasattr("__next__")?;
    let is_bytes =
        object.is_instance_of::<PyBytes>() || object.is_instance_of::<pyo3::types::PyByteArray>();
    let is_mapping = object.hasattr("keys")?;
    if object.is_instance_of::<PyString>()
        || is_mapping
        || is_bytes
        || !(is_sequence || is_iterator)
    {
        return Err(other(&plan.ty, object));
    }
    // SAFETY: a new reference, or null with an exception set.
    let items = unsafe {
        Bound::from_owned_ptr_or_err(object.py(), ffi::PySequence_Tuple(object.as_ptr()))?
    };
    Ok(items.cast_into().map_err(PyErr::from)?)
}

#[cold]
fn unfit(given: i128, ty: &WitType) -> Wrong {
    let (given, ty) = (given.to_string(), ty.to_string());
    What::Unfit { given, ty }.into()
}

/// An integer of more than 63 bits, or an object that stands for one.
#[cold]
fn large_integer(plan: &Plan, object: &Bound<'_, PyAny>) -> Result<i128, Wrong> {
    // SAFETY: the object is alive.
    let is_integer = unsafe { ffi::PyIndex_Check(object.as_ptr()) } != 0;
    if !is_integer || object.is_instance_of::<PyBool>() {
        return Err(other(&plan.ty, object));
    }
    // SAFETY: a new reference, or null with an exception set.
    let int =
        unsafe { Bound::from_owned_ptr_or_err(object.py(), ffi::PyNumber_Index(object.as_ptr())) };
    let int = int.map_err(
        |raised| match raised.is_instance_of::<PyTypeError>(object.py()) {
            // An array of numpy's may be an integer, or not.
            true => other(&plan.ty, object),
            false => raised.into(),
        },
    )?;
    if let Ok(number) = int.extract::<i64>() {
        return Ok(number.into());
    }
    if let Ok(number) = int.extract::<u64>() {
        return Ok(number.into());
    }
    let (given, ty) = (digits(&int)?, plan.ty.to_string());
    Err(What::Unfit { given, ty }.into())
}

#[inline]
fn float(plan: &Plan, object: &Bound<'_, PyAny>) -> Result<f64, Wrong> {
    match object.cast_exact::<PyFloat>() {
        Ok(number) => Ok(number.value()),
        Err(_) => any_float(plan, object),
    }
}

/// An integer, or an object that stands for a number.
#[cold]
fn any_float(plan: &Plan, object: &Bound<'_, PyAny>) -> Result<f64, Wrong> {
    let py = object.py();
    if object.is_instance_of::<PyBool>() {
        return Err(other(&plan.ty, object));
    }
    // SAFETY: the object is alive; -1.0 is only an error if an exception is set.
    let number = unsafe { ffi::PyFloat_AsDouble(object.as_ptr()) };
    match PyErr::take(py) {
        None => Ok(number),
        Some(raised) if raised.is_instance_of::<PyTypeError>(py) => Err(other(&plan.ty, object)),
        Some(raised) if object.is_instance_of::<PyInt>() => {
            drop(raised);
            let (given, ty) = (digits(object)?, plan.ty.to_string());
            Err(What::Unfit { given, ty }.into())
        }
        Some(raised) => Err(raised.into()),
    }
}

/// Why a str has no UTF-8.
#[cold]
fn no_text(py: Python<'_>) -> Wrong {
    let raised = PyErr::fetch(py);
    match raised.is_instance_of::<pyo3::exceptions::PyUnicodeEncodeError>(py) {
        true => What::Surrogate.into(),
        false => raised.into(),
    }
}

/// Whether a str is its own UTF-8.
#[cfg(not(Py_3_14))]
fn is_ascii(text: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive, and a str.
    unsafe { ffi::PyUnicode_IS_COMPACT_ASCII(text.as_ptr()) != 0 }
}

/// The same where a str keeps that to itself, as since CPython 3.14: its class is asked.
#[cfg(Py_3_14)]
fn is_ascii(text: &Bound<'_, PyAny>) -> bool {
    let class = text.py().get_type::<PyString>();
    let told = class.call_method1("isascii", (text,));
    told.and_then(|it| it.is_truthy()).unwrap_or(false)
}
