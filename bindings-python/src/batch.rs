//! Batch: a function called once a row, over columns of the host.
//!
//! Buffers of Python's are pinned, and the lock is let go of unless the batch is short. Core asks for chunks of the
//! arguments, and gives chunks of the results.

mod arrow;
mod column;
mod numbers;
mod numpy;
mod pin;
mod place;
mod results;
mod source;

use landbridge::{self as lb, Batch, Bitmap, ColumnSpan, Columns, Error, ErrorKind, MapArg};
use pyo3::prelude::*;
use smallvec::SmallVec;

use crate::gil;
use crate::guard::Fault;
use crate::read::count;

use column::{Part, read, write};
use pin::Pins;
use place::Place;
use results::{Results, widths};
use source::Source;

/// As many as functions have arguments and results: for these nothing is allocated.
pub(crate) type Few<T> = SmallVec<[T; 4]>;

/// From so many rows on the lock is let go of at once: what letting go costs is lost in them.
const LET_GO_ROWS: usize = 2048;

/// What `map` was given.
pub(crate) struct Given<'a, 'py> {
    pub(crate) columns: &'a [Bound<'py, PyAny>],
    pub(crate) rows: Option<Bound<'py, PyAny>>,
    pub(crate) out: Option<Bound<'py, PyAny>>,
}

/// Calls `func` once a row, and gives a column for each result: none is `None`, one is itself, more are a tuple.
pub(crate) fn map<'py>(
    py: Python<'py>,
    func: &lb::Func,
    given: &Given<'_, 'py>,
    failed: impl FnOnce(Error) -> Fault,
) -> Result<Bound<'py, PyAny>, Fault> {
    let ty = func.ty();
    func.check_mappable()?;
    func.check_count(given.columns.len())?;
    let mut pins = Pins::new(ty.params().len() + ty.results().len());
    let mut is_numpy = false;
    let mut sources = Few::new();
    for (index, (object, ty)) in given.columns.iter().zip(ty.params()).enumerate() {
        let place = Place {
            func,
            index,
            is_result: false,
            ty: *ty,
        };
        sources.push(source::of(object, &place, &mut pins, &mut is_numpy)?);
    }
    let rows = match &given.rows {
        Some(rows) => Some(count(rows, "rows", ErrorKind::Range)? as usize),
        None => None,
    };
    let given_results = match &given.out {
        Some(out) => Some(Results::given(func, out, &mut pins)?),
        None => None,
    };
    let counts: Few<_> = sources.iter().map(Source::rows).collect();
    let given_counts = given_results.as_ref().map(Results::rows);
    let rows = func.batch_rows(&counts, &given_counts.unwrap_or_default(), rows)?;
    let valid = valid(&sources, rows);
    let results = match given_results {
        Some(results) => results,
        None if is_numpy && valid.is_none() => Results::of_numpy(py, func, rows, &mut pins)?,
        None => Results::new(func, rows)?,
    };
    let mut host = Host {
        sources: &sources,
        places: &results.places,
        widths: widths(ty.params()),
        result_widths: &results.widths,
    };
    let args = args(ty, &sources, valid.as_deref());
    let batch = Batch::new(rows, &args);
    let done = gil::enter(|| {
        if rows >= LET_GO_ROWS {
            gil::let_go();
        }
        func.map_columns(&batch, &mut host)
    });
    drop(args);
    done.map_err(failed)?;
    results.finish(py, rows, valid)
}

/// What core is told of the arguments. The first column has the nulls of all.
fn args<'a>(ty: &lb::FuncType, sources: &[Source], valid: Option<&'a [u8]>) -> Few<MapArg<'a>> {
    let mut validity = valid.map(|bits| Bitmap::new(bits, 0));
    let sources = sources.iter().zip(ty.params());
    let args = sources.map(|(source, ty)| match source {
        Source::Scalar(slot) => MapArg::Scalar(*slot),
        Source::Column { .. } => MapArg::Column {
            ty: *ty,
            validity: validity.take(),
        },
    });
    args.collect()
}

/// Which rows have no null, as Arrow's bitmap; none if all of them.
fn valid(sources: &[Source], rows: usize) -> Option<Vec<u8>> {
    let parts = sources.iter().flat_map(Source::parts);
    if parts.clone().all(|part| part.nulls.is_none()) {
        return None;
    }
    let mut valid = vec![0xff_u8; rows.div_ceil(8)];
    for source in sources {
        let mut first = 0;
        for part in source.parts() {
            if let Some(nulls) = part.nulls {
                for row in 0..part.rows {
                    // SAFETY: the array that the bitmap is of is alive and has so many rows.
                    if !unsafe { nulls.has(row) } {
                        valid[(first + row) / 8] &= !(1 << ((first + row) % 8));
                    }
                }
            }
            first += part.rows;
        }
    }
    Some(valid)
}

/// The columns, as core asks for them. The lock may be let go of meanwhile: nothing of Python's is touched.
struct Host<'a> {
    sources: &'a [Source],
    places: &'a [Part],
    widths: Few<usize>,
    result_widths: &'a [usize],
}

impl Columns for Host<'_> {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> lb::Result<()> {
        read(self.sources[column].parts(), self.widths[column], first, to);
        Ok(())
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> lb::Result<()> {
        write(self.places[column], self.result_widths[column], first, from);
        Ok(())
    }

    fn argument_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        let mut row = 0;
        for part in self.sources[column].parts() {
            tell(part.span(row));
            row += part.rows;
        }
    }

    fn result_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        tell(self.places[column].span(0));
    }
}
