//! Sink: what lies beside a frame of results, made into objects while it is still in the guest's memory.

use landbridge::{Error, ErrorKind, NumberList, Result as CoreResult, Sink};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::decode::{Blobs, numbers_of, text_of};
use super::numbers::Number;
use super::plan::Plan;
use crate::gil;
use crate::guard::Fault;
use crate::passing::carry;

/// What a blob of a result can be, by the size of what it is made of.
#[derive(Clone, Copy, Default, PartialEq)]
enum Only {
    #[default]
    Nothing,
    /// A text.
    Text,
    Numbers(Number),
    /// One of several: that is known when its place is read.
    Several,
}

/// What the blobs of a type can be: mostly each size is one sort, and they can be made at once.
#[derive(Clone, Default)]
pub(crate) struct Sorts([Only; 4]);

fn place(bytes: usize) -> usize {
    bytes.trailing_zeros().min(3) as usize
}

impl Sorts {
    pub(crate) fn of(plan: &Plan) -> Sorts {
        let mut all = Vec::new();
        plan.beside(&mut all);
        let mut sorts = Sorts::default();
        for sort in all {
            let (at, only) = match sort {
                None => (0, Only::Text),
                Some(number) => (place(number.bytes()), Only::Numbers(number)),
            };
            let known = &mut sorts.0[at];
            *known = match *known {
                Only::Nothing => only,
                same if same == only => same,
                _ => Only::Several,
            };
        }
        sorts
    }
}

/// What was made of a blob.
enum Made {
    Text(Py<PyAny>),
    Numbers(Py<PyAny>, Number),
    Bytes(Py<PyBytes>),
}

pub(crate) struct CallSink<'a> {
    sorts: &'a Sorts,
    made: Vec<Option<Made>>,
}

impl<'a> CallSink<'a> {
    pub(crate) fn new(sorts: &'a Sorts) -> CallSink<'a> {
        let made = Vec::new();
        CallSink { sorts, made }
    }

    fn make(&self, py: Python<'_>, bytes: &[u8], each: usize) -> Result<Made, Fault> {
        Ok(match self.sorts.0[place(each)] {
            Only::Text => Made::Text(text_of(py, bytes)?.unbind()),
            Only::Numbers(number) => Made::Numbers(numbers_of(py, number, bytes)?.unbind(), number),
            _ => Made::Bytes(PyBytes::new(py, bytes).unbind()),
        })
    }

    fn taken(&mut self, index: u32) -> Result<Made, Fault> {
        let made = self.made.get_mut(index as usize).and_then(Option::take);
        made.ok_or_else(|| no_blob().into())
    }
}

#[cold]
fn no_blob() -> Error {
    Error::new(ErrorKind::Internal, "the blob of a result is not there")
}

impl Sink for CallSink<'_> {
    fn blob(&mut self, bytes: &[u8], each: usize) -> CoreResult<u32> {
        let _attached = gil::Attached::for_host();
        let made = gil::held(|py| self.make(py, bytes, each));
        self.made.push(Some(made.map_err(carry)?));
        Ok(self.made.len() as u32 - 1)
    }
}

impl<'py> Blobs<'py> for CallSink<'_> {
    fn text(&mut self, py: Python<'py>, index: u32) -> Result<Bound<'py, PyAny>, Fault> {
        match self.taken(index)? {
            Made::Text(text) => Ok(text.into_bound(py)),
            Made::Bytes(bytes) => text_of(py, bytes.as_bytes(py)),
            Made::Numbers(..) => Err(no_blob().into()),
        }
    }

    fn numbers(
        &mut self,
        py: Python<'py>,
        index: u32,
        number: Number,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match self.taken(index)? {
            Made::Numbers(numbers, made) if made == number => Ok(numbers.into_bound(py)),
            Made::Bytes(bytes) if number == Number::U8 => Ok(bytes.into_bound(py).into_any()),
            Made::Bytes(bytes) => numbers_of(py, number, bytes.as_bytes(py)),
            _ => Err(no_blob().into()),
        }
    }
}

/// What lies beside a frame of arguments of a host function.
impl<'py> Blobs<'py> for Vec<NumberList> {
    fn text(&mut self, py: Python<'py>, index: u32) -> Result<Bound<'py, PyAny>, Fault> {
        match self.get(index as usize) {
            Some(blob) => text_of(py, blob.as_bytes()),
            None => Err(no_blob().into()),
        }
    }

    fn numbers(
        &mut self,
        py: Python<'py>,
        index: u32,
        number: Number,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match self.get(index as usize) {
            Some(blob) => numbers_of(py, number, blob.as_bytes()),
            None => Err(no_blob().into()),
        }
    }
}
