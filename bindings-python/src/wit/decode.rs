//! From a frame to objects of Python's.

use landbridge::frame::{Laid, Reader};
use landbridge::{Error, ErrorKind, HostResource, text};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyString};

use super::cases::{ERR, OK, SOME, class};
use super::handle::Handle;
use super::numbers::Number;
use super::plan::{
    CasePlan, FlagsPlan, How, Plan, RecordPlan, Ref, ResourcePlan, VariantPlan, case_bytes,
    flags_bytes,
};
use crate::guard::Fault;
use crate::kept::Lent;
use crate::lazy::Lazy;
use crate::store::Store;
use crate::value::widen;

type Taken<'py> = Result<Bound<'py, PyAny>, Fault>;

/// What lies beside a frame that is read.
pub(crate) trait Blobs<'py> {
    /// A text.
    fn text(&mut self, py: Python<'py>, index: u32) -> Taken<'py>;

    /// A list of numbers.
    fn numbers(&mut self, py: Python<'py>, index: u32, number: Number) -> Taken<'py>;
}

/// Reads values, one behind the other.
pub(crate) struct Decoder<'a, 'py> {
    pub(crate) py: Python<'py>,
    pub(crate) frame: Reader<'a>,
    pub(crate) beside: &'a mut dyn Blobs<'py>,
    /// Objects of Python's that came as resources.
    pub(crate) objects: &'a [HostResource],
    /// None where no resource can be.
    pub(crate) store: Option<&'a Py<Store>>,
}

impl<'py> Decoder<'_, 'py> {
    #[allow(clippy::too_many_lines, reason = "a line or two for each type")]
    pub(crate) fn take(&mut self, plan: &Plan) -> Taken<'py> {
        macro_rules! number {
            ($Rust:ty, $make:path, $As:ty) => {{
                let number = <$Rust>::from_le_bytes(self.frame.array()?);
                // SAFETY: a new reference, or null with an exception set.
                Ok(unsafe { Bound::from_owned_ptr_or_err(self.py, $make(<$As>::from(number)))? })
            }};
        }
        match &plan.how {
            How::Bool => {
                let it = self.case(2, 1)? == 1;
                Ok(pyo3::types::PyBool::new(self.py, it).to_owned().into_any())
            }
            How::S8 => number!(i8, ffi::PyLong_FromLong, std::ffi::c_long),
            How::U8 => number!(u8, ffi::PyLong_FromLong, std::ffi::c_long),
            How::S16 => number!(i16, ffi::PyLong_FromLong, std::ffi::c_long),
            How::U16 => number!(u16, ffi::PyLong_FromLong, std::ffi::c_long),
            How::S32 => number!(i32, ffi::PyLong_FromLong, std::ffi::c_long),
            How::U32 => number!(u32, ffi::PyLong_FromLongLong, i64),
            How::S64 => number!(i64, ffi::PyLong_FromLongLong, i64),
            How::U64 => number!(u64, ffi::PyLong_FromUnsignedLongLong, u64),
            How::F32 => {
                let number = f32::from_le_bytes(self.frame.array()?);
                Ok(PyFloat::new(self.py, widen(number)).into_any())
            }
            How::F64 => {
                let number = f64::from_le_bytes(self.frame.array()?);
                Ok(PyFloat::new(self.py, number).into_any())
            }
            How::Char => self.char(),
            How::String => match self.frame.laid(1)? {
                Laid::Here(bytes) => text_of(self.py, bytes),
                Laid::Beside(index) => self.beside.text(self.py, index),
            },
            How::Numbers(number) => match self.frame.laid(number.bytes())? {
                Laid::Here(bytes) => numbers_of(self.py, *number, bytes),
                Laid::Beside(index) => self.beside.numbers(self.py, index, *number),
            },
            How::List(of) => self.list(of),
            How::Record(of) => self.record(of),
            How::Tuple(of) => self.tuple(of),
            How::Variant(of) => self.variant(of),
            How::Enum(of) => {
                let count = of.members.len();
                let case = self.case(count, case_bytes(count))?;
                Ok(of.members[case].get(self.py).to_owned())
            }
            How::Flags(of) => self.flags(of),
            How::Option(of) => self.option(of),
            How::Result(ok, err) => match self.side(ok.as_deref(), err.as_deref())? {
                Ok(value) => Ok(class(self.py, &OK, "Ok")?.call1((value,))?),
                Err(value) => Ok(class(self.py, &ERR, "Err")?.call1((value,))?),
            },
            How::Resource(of) => self.resource(of),
        }
    }

    /// Which case it is of so many.
    #[inline]
    fn case(&mut self, of: usize, bytes: usize) -> Result<usize, Fault> {
        let case = self.frame.case(bytes)? as usize;
        match case < of {
            true => Ok(case),
            false => Err(self
                .frame
                .wrong(&format!("there is no case {case} of {of}"))
                .into()),
        }
    }

    fn char(&mut self) -> Taken<'py> {
        let point = u32::from_le_bytes(self.frame.array()?);
        // SAFETY: a new reference, or null with an exception set.
        Ok(unsafe {
            Bound::from_owned_ptr_or_err(self.py, ffi::PyUnicode_FromOrdinal(point as i32))?
        })
    }

    fn list(&mut self, of: &Plan) -> Taken<'py> {
        let count = self.frame.length()?;
        // SAFETY: each element is set once. Nobody else sees the list before that: the collector is told of it again
        // when all are there.
        unsafe {
            let list = ffi::PyList_New(count as ffi::Py_ssize_t);
            let list = Bound::from_owned_ptr_or_err(self.py, list)?;
            ffi::PyObject_GC_UnTrack(list.as_ptr().cast());
            for i in 0..count {
                let item = self.take(of)?;
                ffi::PyList_SET_ITEM(list.as_ptr(), i as ffi::Py_ssize_t, item.into_ptr());
            }
            ffi::PyObject_GC_Track(list.as_ptr().cast());
            Ok(list)
        }
    }

    fn tuple(&mut self, of: &[Plan]) -> Taken<'py> {
        // SAFETY: as in `list`. The empty tuple is nobody's, and is not tracked.
        unsafe {
            let tuple = ffi::PyTuple_New(of.len() as ffi::Py_ssize_t);
            let tuple = Bound::from_owned_ptr_or_err(self.py, tuple)?;
            if of.is_empty() {
                return Ok(tuple);
            }
            ffi::PyObject_GC_UnTrack(tuple.as_ptr().cast());
            for (i, plan) in of.iter().enumerate() {
                let item = self.take(plan)?;
                ffi::PyTuple_SET_ITEM(tuple.as_ptr(), i as ffi::Py_ssize_t, item.into_ptr());
            }
            ffi::PyObject_GC_Track(tuple.as_ptr().cast());
            Ok(tuple)
        }
    }

    #[inline]
    fn record(&mut self, of: &RecordPlan) -> Taken<'py> {
        if !of.is_made {
            let fields = PyDict::new(self.py);
            for field in &of.fields {
                fields.set_item(field.name.get(self.py), self.take(&field.plan)?)?;
            }
            return Ok(of.class.get(self.py).call((), Some(&fields))?);
        }
        let made = self.made(of.class)?;
        for field in &of.fields {
            let value = self.take(&field.plan)?;
            self.set(&made, field.name, &value)?;
        }
        Ok(made)
    }

    /// An object of a class of ours, with nothing in it.
    #[inline]
    fn made(&self, class: Ref) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: the class was made by `_wit.py`, and has no `__new__` of its own.
        unsafe {
            let class = class.0.cast::<ffi::PyTypeObject>();
            let object = ffi::PyType_GenericAlloc(class, 0);
            Bound::from_owned_ptr_or_err(self.py, object)
        }
    }

    /// Sets a field of an object that refuses that to others.
    #[inline]
    fn set(
        &self,
        object: &Bound<'py, PyAny>,
        name: Ref,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        // SAFETY: all of them are alive.
        let done = unsafe { ffi::PyObject_GenericSetAttr(object.as_ptr(), name.0, value.as_ptr()) };
        match done {
            0 => Ok(()),
            _ => Err(PyErr::fetch(self.py)),
        }
    }

    fn variant(&mut self, of: &VariantPlan) -> Taken<'py> {
        let count = of.cases.len();
        let case: &CasePlan = &of.cases[self.case(count, case_bytes(count))?];
        match (&case.plan, case.alone) {
            (None, Some(alone)) => Ok(alone.get(self.py).to_owned()),
            (None, None) => Ok(case.class.get(self.py).call0()?),
            (Some(plan), _) => {
                let value = self.take(plan)?;
                if !case.is_made {
                    return Ok(case.class.get(self.py).call1((value,))?);
                }
                let made = self.made(case.class)?;
                let name = Ref(pyo3::intern!(self.py, "value").as_ptr());
                self.set(&made, name, &value)?;
                Ok(made)
            }
        }
    }

    fn flags(&mut self, of: &FlagsPlan) -> Taken<'py> {
        let bytes = self.frame.raw(flags_bytes(of.names.len()))?;
        let mut bits = [0; 8];
        bits[..bytes.len().min(8)].copy_from_slice(&bytes[..bytes.len().min(8)]);
        let bits = u64::from_le_bytes(bits);
        let known = of.known.get(self.py);
        match known
            .cast::<PyDict>()
            .map_err(PyErr::from)?
            .get_item(bits)?
        {
            Some(found) => Ok(found),
            None => Ok(of.class.get(self.py).call1((bits,))?),
        }
    }

    fn option(&mut self, of: &Plan) -> Taken<'py> {
        if self.case(2, 1)? == 0 {
            return Ok(self.py.None().into_bound(self.py));
        }
        let value = self.take(of)?;
        match of.is_option() {
            true => Ok(class(self.py, &SOME, "Some")?.call1((value,))?),
            false => Ok(value),
        }
    }

    /// What a result holds; `None` where that is nothing.
    pub(crate) fn side(
        &mut self,
        ok: Option<&Plan>,
        err: Option<&Plan>,
    ) -> Result<Result<Bound<'py, PyAny>, Bound<'py, PyAny>>, Fault> {
        let is_err = self.case(2, 1)? == 1;
        let held = if is_err { err } else { ok };
        let value = match held {
            Some(plan) => self.take(plan)?,
            None => self.py.None().into_bound(self.py),
        };
        Ok(if is_err { Err(value) } else { Ok(value) })
    }

    fn resource(&mut self, of: &ResourcePlan) -> Taken<'py> {
        let number = u64::from_le_bytes(self.frame.array()?);
        if number >> 32 != 0
            && let Some(store) = self.store
        {
            // Made first: whatever fails then lets go of the resource.
            let handle = Handle::new(self.py, store, number, of.is_own)?;
            let made = self.made(of.class)?;
            let name = Ref(pyo3::intern!(self.py, "_handle").as_ptr());
            self.set(&made, name, handle.as_any())?;
            return Ok(made);
        }
        let object = self
            .objects
            .get(number as usize)
            .and_then(HostResource::get::<Lent>);
        match object.map(|it| it.get(self.py)) {
            Some(Some(object)) => Ok(object),
            Some(None) => {
                let why = "the object of this resource is gone: its store was closed";
                Err(Error::new(ErrorKind::Closed, why).into())
            }
            None => {
                let why = "the resource is an object of another language";
                Err(Error::new(ErrorKind::Type, text::of(why)).into())
            }
        }
    }
}

/// A text of UTF-8.
pub(crate) fn text_of<'py>(py: Python<'py>, bytes: &[u8]) -> Taken<'py> {
    // SAFETY: so many bytes are there; a new reference, or null with an exception set.
    Ok(unsafe {
        let length = bytes.len() as ffi::Py_ssize_t;
        let text = ffi::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, std::ptr::null());
        Bound::from_owned_ptr_or_err(py, text)?
    })
}

/// A list of numbers: bytes, or an `array`.
pub(crate) fn numbers_of<'py>(py: Python<'py>, number: Number, bytes: &[u8]) -> Taken<'py> {
    static ARRAY: Lazy<Py<PyAny>> = Lazy::new();
    if number == Number::U8 {
        return Ok(PyBytes::new(py, bytes).into_any());
    }
    let array = ARRAY.import(py, "array", "array")?;
    let array = array.call1((PyString::intern(py, number.code()),))?;
    if !bytes.is_empty() {
        // SAFETY: the view is not used after the call, which copies, and the bytes are there until then.
        let view = unsafe {
            let length = bytes.len() as ffi::Py_ssize_t;
            let start = bytes.as_ptr().cast_mut().cast();
            let view = ffi::PyMemoryView_FromMemory(start, length, ffi::PyBUF_READ);
            Bound::from_owned_ptr_or_err(py, view)?
        };
        array.call_method1(pyo3::intern!(py, "frombytes"), (view,))?;
    }
    Ok(array)
}
