//! Results: where the results of a batch go, and what `map` gives.

use landbridge::{self as lb, Error, Type};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::column::{Part, width};
use super::pin::Pins;
use super::place::Place;
use super::{Few, numpy};
use crate::column::{Column, Numbers};
use crate::guard::Fault;

/// Where results go.
pub(super) struct Results<'py> {
    pub(super) places: Few<Part>,
    pub(super) widths: Few<usize>,
    objects: Objects<'py>,
}

enum Objects<'py> {
    /// Given, or of numpy's.
    Objects(Bound<'py, PyAny>),
    /// New ones of ours.
    Ours(Few<Numbers>),
}

impl<'py> Results<'py> {
    /// Columns of ours.
    pub(super) fn new(func: &lb::Func, rows: usize) -> Result<Results<'py>, Fault> {
        let types = func.ty().results();
        let numbers = types.iter().map(|ty| Numbers::new(*ty, rows));
        let mut numbers = numbers.collect::<lb::Result<Few<_>>>()?;
        let places = numbers.iter_mut().map(|it| Part {
            data: it.data_mut(),
            stride: width(it.ty()) as isize,
            rows,
            nulls: None,
        });
        Ok(Results {
            places: places.collect(),
            widths: widths(types),
            objects: Objects::Ours(numbers),
        })
    }

    /// New arrays of numpy's.
    pub(super) fn of_numpy(
        py: Python<'py>,
        func: &lb::Func,
        rows: usize,
        pins: &mut Pins<'py>,
    ) -> Result<Results<'py>, Fault> {
        let types = func.ty().results();
        let arrays = types.iter().map(|ty| numpy::empty(py, *ty, rows));
        let arrays: Few<_> = arrays.collect::<Result<_, _>>()?;
        let out = match arrays.as_slice() {
            [] => py.None().into_bound(py),
            [array] => array.clone(),
            _ => PyTuple::new(py, arrays.as_slice())?.into_any(),
        };
        Results::pinned(func, out, &arrays, pins)
    }

    /// What the program gave.
    pub(super) fn given(
        func: &lb::Func,
        out: &Bound<'py, PyAny>,
        pins: &mut Pins<'py>,
    ) -> Result<Results<'py>, Fault> {
        let count = func.ty().results().len();
        let several = out
            .cast::<PyTuple>()
            .map(|it| it.iter().collect::<Few<_>>());
        let several = several.or_else(|_| out.cast::<PyList>().map(|it| it.iter().collect()));
        let columns: Few<_> = several.unwrap_or_else(|_| Few::from_iter([out.clone()]));
        if columns.len() != count {
            let place = lb::messages::results(lb::text::name(func.name()));
            return Err(Error::count(&place, func.ty().results(), columns.len()).into());
        }
        Results::pinned(func, out.clone(), &columns, pins)
    }

    fn pinned(
        func: &lb::Func,
        out: Bound<'py, PyAny>,
        columns: &[Bound<'py, PyAny>],
        pins: &mut Pins<'py>,
    ) -> Result<Results<'py>, Fault> {
        let types = func.ty().results();
        let mut places = Few::new();
        for (index, (column, ty)) in columns.iter().zip(types).enumerate() {
            let place = Place {
                func,
                index,
                is_result: true,
                ty: *ty,
            };
            places.push(match numpy::part(column, &place, true) {
                Some(part) => {
                    pins.keep(column);
                    part
                }
                None => pins.result(column, &place)?,
            });
        }
        Ok(Results {
            places,
            widths: widths(types),
            objects: Objects::Objects(out),
        })
    }
}

pub(super) fn widths(types: &[Type]) -> Few<usize> {
    types.iter().map(|ty| width(*ty)).collect()
}

impl<'py> Results<'py> {
    /// How many rows each has.
    pub(super) fn rows(&self) -> Few<usize> {
        self.places.iter().map(|it| it.rows).collect()
    }

    /// What `map` gives.
    pub(super) fn finish(
        self,
        py: Python<'py>,
        rows: usize,
        valid: Option<Vec<u8>>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let numbers = match self.objects {
            Objects::Objects(objects) => return Ok(objects),
            Objects::Ours(numbers) => numbers,
        };
        let mut columns = Few::new();
        for mut numbers in numbers {
            numbers.set_valid(valid.clone().map(Vec::into_boxed_slice));
            let column = Column::new(numbers, rows);
            columns.push(Bound::new(py, column)?.into_any());
        }
        Ok(match columns.len() {
            0 => py.None().into_bound(py),
            1 => columns.remove(0),
            _ => PyTuple::new(py, columns.into_vec())?.into_any(),
        })
    }
}
