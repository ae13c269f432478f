//! Column: numbers that a batch gave, as a sequence, as a buffer, and as an array of Arrow's.

use std::alloc::{Layout, alloc_zeroed};
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::Arc;

use landbridge::{self as lb, Error, ErrorKind, Slot, Type};
use pyo3::exceptions::{PyBufferError, PyIndexError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PySlice, PyTuple};

use crate::batch::arrow::{ArrowArray, ArrowSchema, capsule};
use crate::guard::{Fault, guard};
use crate::value;

/// The numbers of a column. The batch writes them, before anybody else has them.
pub(crate) struct Numbers {
    ty: Type,
    /// Words, so that numbers are aligned.
    words: Box<[u64]>,
    /// Which rows have a number, as Arrow's bitmap.
    valid: Option<Box<[u8]>>,
}

impl Numbers {
    /// So many zeroes.
    pub(crate) fn new(ty: Type, rows: usize) -> lb::Result<Numbers> {
        Ok(Numbers {
            ty,
            words: words(rows, width(ty))?,
            valid: None,
        })
    }

    pub(crate) fn ty(&self) -> Type {
        self.ty
    }

    /// Where to write them.
    pub(crate) fn data_mut(&mut self) -> *mut u8 {
        self.words.as_mut_ptr().cast()
    }

    pub(crate) fn set_valid(&mut self, valid: Option<Box<[u8]>>) {
        self.valid = valid;
    }

    fn data(&self) -> *const u8 {
        self.words.as_ptr().cast()
    }

    fn has(&self, row: usize) -> bool {
        let valid = self.valid.as_deref();
        valid.is_none_or(|valid| valid[row / 8] >> (row % 8) & 1 != 0)
    }
}

/// Zeroes for so many numbers, if there is room for them.
pub(crate) fn words(rows: usize, width: usize) -> lb::Result<Box<[u64]>> {
    let no_room = || {
        let text = format!("there is no memory for a column of {rows} rows");
        Error::new(ErrorKind::MemoryLimit, text)
    };
    let count = rows.checked_mul(width).ok_or_else(no_room)?.div_ceil(8);
    if count == 0 {
        return Ok(Box::default());
    }
    let layout = Layout::array::<u64>(count).map_err(|_| no_room())?;
    // SAFETY: the layout is not empty. Zeroes are values of words, and the box gives them up by the same layout.
    unsafe {
        let words = alloc_zeroed(layout).cast::<u64>();
        match words.is_null() {
            true => Err(no_room()),
            false => Ok(Box::from_raw(ptr::slice_from_raw_parts_mut(words, count))),
        }
    }
}

fn width(ty: Type) -> usize {
    match ty {
        Type::I32 | Type::F32 => 4,
        _ => 8,
    }
}

/// Numbers that ``Func.map`` gave.
#[pyclass(frozen, sequence, module = "landbridge", weakref)]
pub(crate) struct Column {
    numbers: Arc<Numbers>,
    first: usize,
    rows: usize,
}

impl Column {
    pub(crate) fn new(numbers: Numbers, rows: usize) -> Column {
        Column {
            numbers: Arc::new(numbers),
            first: 0,
            rows,
        }
    }

    /// The number of a row, or None.
    fn number<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyAny>> {
        let (row, numbers) = (self.first + row, &*self.numbers);
        if !numbers.has(row) {
            return Ok(py.None().into_bound(py));
        }
        // SAFETY: so many numbers are there; the answer is a new reference, or null with an exception set.
        unsafe {
            let at = numbers.data().add(row * width(numbers.ty));
            let slot = match numbers.ty {
                Type::I32 => Slot::from_i32(at.cast::<i32>().read()),
                Type::I64 => Slot::from_i64(at.cast::<i64>().read()),
                Type::F32 => Slot::from_f32(at.cast::<f32>().read()),
                _ => Slot::from_f64(at.cast::<f64>().read()),
            };
            Bound::from_owned_ptr_or_err(py, value::lift_slot(&slot, numbers.ty))
        }
    }

    fn nulls(&self) -> usize {
        let rows = self.first..self.first + self.rows;
        match self.numbers.valid {
            Some(_) => rows.filter(|row| !self.numbers.has(*row)).count(),
            None => 0,
        }
    }

    fn slice(&self, slice: &Bound<'_, PySlice>) -> Result<Column, Fault> {
        let found = slice.indices(self.rows as isize)?;
        if found.step == 1 {
            return Ok(Column {
                numbers: self.numbers.clone(),
                first: self.first + found.start as usize,
                rows: found.slicelength,
            });
        }
        let ty = self.numbers.ty;
        let mut numbers = Numbers::new(ty, found.slicelength)?;
        let mut valid = vec![0xff_u8; found.slicelength.div_ceil(8)];
        for to in 0..found.slicelength {
            let from = self.first + (found.start + to as isize * found.step) as usize;
            if !self.numbers.has(from) {
                valid[to / 8] &= !(1 << (to % 8));
            }
            // SAFETY: both have so many numbers.
            unsafe {
                let from = self.numbers.data().add(from * width(ty));
                let to = numbers.data_mut().add(to * width(ty));
                ptr::copy_nonoverlapping(from, to, width(ty));
            }
        }
        numbers.set_valid(self.numbers.valid.is_some().then(|| valid.into()));
        Ok(Column::new(numbers, found.slicelength))
    }
}

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.rows
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            if let Ok(slice) = key.cast::<PySlice>() {
                return Ok(Bound::new(py, self.slice(slice)?)?.into_any());
            }
            let index = key.extract::<isize>()?;
            let row = match index < 0 {
                true => index + self.rows as isize,
                false => index,
            };
            match usize::try_from(row) {
                Ok(row) if row < self.rows => Ok(self.number(py, row)?),
                _ => Err(PyIndexError::new_err("the column has no such row").into()),
            }
        })
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: a new reference, or null with an exception set.
        unsafe { Bound::from_owned_ptr_or_err(slf.py(), ffi::PySeqIter_New(slf.as_ptr())) }
    }

    /// The numbers as a list; a null is None.
    fn tolist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let numbers = (0..self.rows).map(|row| self.number(py, row));
        PyList::new(py, numbers.collect::<PyResult<Vec<_>>>()?)
    }

    /// The type of the numbers: "i32", "i64", "f32" or "f64".
    #[getter]
    fn r#type(&self) -> &'static str {
        self.numbers.ty.name()
    }

    /// How many rows have no number.
    #[getter]
    fn null_count(&self) -> usize {
        self.nulls()
    }

    /// For libraries that know Arrow. Nothing is copied.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // There is one type to give.
        let _ = requested_schema;
        let array = capsule(py, self.array())?;
        PyTuple::new(py, [self.__arrow_c_schema__(py)?, array])
    }

    /// For libraries that know Arrow.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        capsule(py, schema(self.numbers.ty))
    }

    /// Lends the numbers, to be read.
    ///
    /// # Safety
    /// `view` is null or a buffer to be filled, as the protocol has it.
    unsafe fn __getbuffer__(
        slf: &Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        guard(|| slf.get().lend(slf, view, flags))
    }

    /// # Safety
    /// `view` was filled by `__getbuffer__`.
    unsafe fn __releasebuffer__(&self, view: *mut ffi::Py_buffer) {
        // SAFETY: made by `__getbuffer__`, and released once.
        drop(unsafe { Box::from_raw((*view).internal.cast::<Extent>()) });
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = (0..self.rows.min(SHOWN)).map(|row| Ok(self.number(py, row)?.to_string()));
        let shown = shown.collect::<PyResult<Vec<_>>>()?.join(", ");
        let more = if self.rows > SHOWN { ", ..." } else { "" };
        let (ty, rows) = (self.numbers.ty, self.rows);
        Ok(format!("<Column of {rows} {ty}: [{shown}{more}]>"))
    }
}

/// How many numbers a column shows.
const SHOWN: usize = 6;

/// What a buffer points to.
struct Extent {
    shape: ffi::Py_ssize_t,
    stride: ffi::Py_ssize_t,
}

impl Column {
    fn lend(
        &self,
        slf: &Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> Result<(), Fault> {
        if view.is_null() {
            return Err(PyBufferError::new_err("there is no view to fill").into());
        }
        if flags & ffi::PyBUF_WRITABLE != 0 {
            return Err(PyBufferError::new_err("a column of results can only be read").into());
        }
        if self.nulls() != 0 {
            let text = "the column has nulls, which a buffer cannot have: use tolist(), or give \
                        the column to a library that knows Arrow";
            return Err(PyBufferError::new_err(text).into());
        }
        let (ty, has) = (self.numbers.ty, |flag| flags & flag == flag);
        let format = match ty {
            Type::I32 => c"i",
            Type::I64 => c"q",
            Type::F32 => c"f",
            _ => c"d",
        };
        let width = width(ty);
        let extent = Box::into_raw(Box::new(Extent {
            shape: self.rows as ffi::Py_ssize_t,
            stride: width as ffi::Py_ssize_t,
        }));
        // SAFETY: the interpreter gives a view to be filled, and releases it once. The numbers are there as long as
        // the object that it refers to, the rest as long as the view.
        unsafe {
            let view = &mut *view;
            view.obj = slf.clone().into_any().into_ptr();
            view.buf = self
                .numbers
                .data()
                .add(self.first * width)
                .cast_mut()
                .cast();
            view.len = (self.rows * width) as ffi::Py_ssize_t;
            view.itemsize = width as ffi::Py_ssize_t;
            view.readonly = 1;
            view.ndim = 1;
            view.format = match has(ffi::PyBUF_FORMAT) {
                true => format.as_ptr().cast_mut(),
                false => ptr::null_mut(),
            };
            view.shape = match has(ffi::PyBUF_ND) {
                true => &raw mut (*extent).shape,
                false => ptr::null_mut(),
            };
            view.strides = match has(ffi::PyBUF_STRIDES) {
                true => &raw mut (*extent).stride,
                false => ptr::null_mut(),
            };
            view.suboffsets = ptr::null_mut();
            view.internal = extent.cast();
        }
        Ok(())
    }

    /// The column for Arrow, which keeps the numbers as long as it likes.
    fn array(&self) -> ArrowArray {
        let numbers = &self.numbers;
        let valid = numbers.valid.as_deref();
        let lent = Box::new(Lent {
            buffers: [
                valid.map_or(ptr::null(), |valid| valid.as_ptr().cast()),
                numbers.data().cast(),
            ],
            _numbers: numbers.clone(),
        });
        let lent = Box::into_raw(lent);
        ArrowArray {
            length: self.rows as i64,
            null_count: self.nulls() as i64,
            offset: self.first as i64,
            n_buffers: 2,
            n_children: 0,
            // SAFETY: it was just made.
            buffers: unsafe { (*lent).buffers.as_mut_ptr() },
            children: ptr::null_mut(),
            dictionary: ptr::null_mut(),
            release: Some(release_array),
            private_data: lent.cast(),
        }
    }
}

/// What an array of Arrow's points to. It may be let go of on any thread, without Python's lock.
struct Lent {
    buffers: [*const c_void; 2],
    _numbers: Arc<Numbers>,
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: made by `Column::array`; whoever has the array releases it once.
    unsafe {
        drop(Box::from_raw((*array).private_data.cast::<Lent>()));
        (*array).release = None;
    }
}

/// Arrow's flag for a column that may have nulls.
const NULLABLE: i64 = 2;

fn schema(ty: Type) -> ArrowSchema {
    let format = match ty {
        Type::I32 => c"i",
        Type::I64 => c"l",
        Type::F32 => c"f",
        _ => c"g",
    };
    ArrowSchema {
        format: format.as_ptr(),
        name: c"".as_ptr(),
        metadata: ptr::null(),
        flags: NULLABLE,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: ptr::null_mut(),
    }
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: whoever has the schema releases it once; its texts live for ever.
    unsafe { (*schema).release = None };
}
