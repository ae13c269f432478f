//! Batches
//!
//! A batch calls a function once a row, over columns of numbers, in one crossing. The loop runs as compiled code in the
//! function's own store, so a row costs a few nanoseconds.
//!
//!     int32_t xs[3] = {1, 2, 3}, ten = 10, sums[3];
//!     lb_column_t args[2] = {LB_COLUMN(LB_TYPE_I32, xs, 3), LB_REPEATED(LB_TYPE_I32, &ten)};
//!     lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, sums, 3);
//!     lb_error_t *err = lb_func_map(add, args, 2, &result, 1, NULL);

use std::ffi::c_void;

use landbridge::{
    Batch, Bitmap, ColumnSpan, Columns, Error, ErrorKind, Func, MapArg, Result, Slot, Type,
    messages, text,
};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::handle::lb_func_t;
use crate::noun::Noun;
use crate::read::{array, null};
use crate::types::{lb_type_t, type_of};
use crate::versioned::Versioned;

/// The columns say how many rows there are; header/batch.h says it to C.
const LB_ROWS_OF_COLUMNS: usize = usize::MAX;

/// An argument of a batch. Begin with LB_COLUMN or LB_REPEATED.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_column_t {
    /// sizeof(lb_column_t), by which the library knows what the program knew.
    pub size: usize,
    /// The elements, one after the other: int32_t, int64_t, float or double, or unsigned ones of the same size. One
    /// element if it repeats.
    pub data: *const c_void,
    /// How many rows it has; not looked at if it repeats.
    pub rows: usize,
    /// LB_TYPE_I32, LB_TYPE_I64, LB_TYPE_F32 or LB_TYPE_F64.
    pub r#type: lb_type_t,
    /// 1 if data leads to one value that repeats for each row, 0 for a column.
    pub repeats: u32,
    /// Which rows have a value, a bit a row and the lowest of a byte first, set if there is one; NULL if all have. A
    /// row without one is not called, and its results are zero.
    pub validity: *const u8,
    /// The bit of row 0 in validity.
    pub validity_offset: usize,
}

/// A column that takes results. Begin with LB_RESULT_COLUMN.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_result_column_t {
    /// sizeof(lb_result_column_t), by which the library knows what the program knew.
    pub size: usize,
    /// Room for the elements.
    pub data: *mut c_void,
    /// How many rows it has.
    pub rows: usize,
    /// LB_TYPE_I32, LB_TYPE_I64, LB_TYPE_F32 or LB_TYPE_F64.
    pub r#type: lb_type_t,
    /// 0.
    pub reserved: u32,
}

/// What else a batch may be told. Begin with LB_BATCH.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_batch_t {
    /// sizeof(lb_batch_t), by which the library knows what the program knew.
    pub size: usize,
    /// How many rows there are; LB_ROWS_OF_COLUMNS, the default, where a column says so.
    pub rows: usize,
    /// The rows to call, in ascending order; NULL for all. Results of other rows stay as they are.
    pub selection: *const u64,
    /// How many there are.
    pub nselection: usize,
    /// Receives which rows have results, a bit a row from bit 0 on: those that were to be called and have no null.
    /// NULL if nobody asks. Bits of rows that are not selected stay as they are. It may be the validity of an argument. If
    /// the batch fails, nothing is written to it.
    pub validity: *mut u8,
}

// SAFETY: each begins with its size, and has no member that zeros are not good for.
unsafe impl Versioned for lb_column_t {
    const NAME: &'static str = "lb_column_t";
    const START: &'static str = "LB_COLUMN";
    const SIZES: &'static [usize] = &[size_of::<lb_column_t>()];
}
// SAFETY: as above.
unsafe impl Versioned for lb_result_column_t {
    const NAME: &'static str = "lb_result_column_t";
    const START: &'static str = "LB_RESULT_COLUMN";
    const SIZES: &'static [usize] = &[size_of::<lb_result_column_t>()];
}
// SAFETY: as above.
unsafe impl Versioned for lb_batch_t {
    const NAME: &'static str = "lb_batch_t";
    const START: &'static str = "LB_BATCH";
    const SIZES: &'static [usize] = &[size_of::<lb_batch_t>()];
}

/// Calls a function once a row: args has a column or a value for each of its nargs parameters, results a column for each of
/// its nresults results. batch may be NULL. Numbers only: i32, i64, f32 and f64. It is one call: it has one timeout, and
/// lb_store_cancel() ends it. Fuel is used as by so many calls.
///
/// A result column may be the memory of an argument, at the same place. Where they overlap in another way, the argument
/// is copied first, so each row sees it as it was. If a host function changes columns meanwhile, some of the changes are
/// seen; the columns themselves must stay until the call returns, and the selection and bitmaps as they are.
///
/// On an error lb_error_row() says the row, and the results of the rows before it are written. After a trap the
/// instance may be used.
///
/// Errors: LB_KIND_TYPE if a column is not of its parameter's type, if columns differ in their rows, or if the function
/// takes or gives other things than numbers; LB_KIND_RANGE for a selection that is not in order;
/// LB_KIND_UNSUPPORTED for a struct of an unknown size; else as lb_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_map(
    func: lb_func_t,
    args: *const lb_column_t,
    nargs: usize,
    results: *const lb_result_column_t,
    nresults: usize,
    batch: *const lb_batch_t,
) -> *mut lb_error_t {
    guard(|| {
        let func = func.get()?;
        func.check_mappable()?;
        func.check_count(nargs)?;
        if nresults > 0 {
            func.check_result_count(nresults)?;
        }
        // SAFETY: the caller passes NULL or what the header asks for.
        unsafe {
            let args = structs(args, nargs, "args")?;
            let results = structs(results, nresults, "results")?;
            let batch = match batch.is_null() {
                true => None,
                false => Some(lb_batch_t::copy(batch)?),
            };
            map(&func, &args, &results, batch)
        }
    })
}

/// An array of structs that know their size: the first one's tells where the others are.
///
/// # Safety
/// `first` is NULL or leads to `count` of them.
unsafe fn structs<T: Versioned>(first: *const T, count: usize, what: &str) -> Result<Vec<T>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if first.is_null() {
        return Err(null(what));
    }
    // SAFETY: the caller's promise.
    let stride = unsafe { T::size(first) }?;
    let at = |index: usize| first.wrapping_byte_add(index * stride);
    // SAFETY: the caller's promise.
    (0..count)
        .map(|index| unsafe { T::copy(at(index)) })
        .collect()
}

/// # Safety
/// What is in them leads to what the header asks for.
unsafe fn map(
    func: &Func,
    args: &[lb_column_t],
    results: &[lb_result_column_t],
    batch: Option<lb_batch_t>,
) -> Result<()> {
    let lengths = args.iter().map(|it| (it.repeats == 0).then_some(it.rows));
    let lengths: Vec<_> = lengths.collect();
    let result_lengths: Vec<_> = results.iter().map(|it| it.rows).collect();
    let rows = batch.map(|it| it.rows);
    let rows = rows.filter(|rows| *rows != LB_ROWS_OF_COLUMNS);
    let rows = func.batch_rows(&lengths, &result_lengths, rows)?;
    func.check_result_count(results.len())?;
    for (index, column) in results.iter().enumerate() {
        func.check_result_column(index, type_of(column.r#type)?)?;
        let place = || messages::result(index + 1, text::name(func.name()));
        check_memory(column.data, rows, column.r#type, place)?;
    }
    let given = args.iter().enumerate();
    // SAFETY: the caller's promise.
    let given = given.map(|(index, column)| unsafe { arg(func, index, column, rows) });
    let given: Vec<_> = given.collect::<Result<_>>()?;
    let mut whole = Batch::new(rows, &given);
    if let Some(batch) = &batch
        && !batch.selection.is_null()
    {
        // SAFETY: the caller's promise.
        whole.selection = Some(unsafe { array(batch.selection, batch.nselection, "selection")? });
    }
    let mut memory = Memory { args, results };
    func.map_columns(&whole, &mut memory)?;
    match batch.map(|it| it.validity) {
        // SAFETY: the caller's promise.
        Some(bits) if !bits.is_null() => unsafe { write_validity(&whole, bits) },
        _ => Ok(()),
    }
}

/// Tells which rows have results. The program may have given the bitmap of an argument, so it is written when all have
/// been read.
///
/// # Safety
/// `bits` leads to a bit for each row.
unsafe fn write_validity(batch: &Batch<'_>, bits: *mut u8) -> Result<()> {
    // SAFETY: the caller's promise.
    let mut told = unsafe { array(bits, batch.rows.div_ceil(8), "validity")? }.to_vec();
    batch.validity(&mut told);
    // SAFETY: as above. No bitmap is looked at any more.
    unsafe { bits.copy_from(told.as_ptr(), told.len()) };
    Ok(())
}

/// # Safety
/// As [`map`].
unsafe fn arg<'a>(
    func: &Func,
    index: usize,
    column: &'a lb_column_t,
    rows: usize,
) -> Result<MapArg<'a>> {
    let ty = type_of(column.r#type)?;
    let place = || func.argument_place(index);
    if column.repeats != 0 {
        if Some(&ty) != func.ty().params().get(index) {
            let expected = func.ty().params().get(index).copied().unwrap_or(ty);
            return Err(Error::wrong_type(&place(), expected, ty.name()));
        }
        check_memory(column.data, 1, column.r#type, place)?;
        let mut bytes = [0; 8];
        // SAFETY: it leads to one element, of so many bytes.
        unsafe {
            bytes
                .as_mut_ptr()
                .copy_from(column.data.cast(), bytes_of(ty))
        };
        return Ok(MapArg::Scalar(Slot::from_i64(i64::from_le_bytes(bytes))));
    }
    func.check_column(index, ty)?;
    check_memory(column.data, rows, column.r#type, place)?;
    if column.validity.is_null() {
        return Ok(MapArg::column(ty));
    }
    let bits = column.validity_offset.checked_add(rows);
    let bits = bits.ok_or_else(|| too_long(&place()))?;
    // SAFETY: the caller's promise: it has a bit for each row.
    let bytes = unsafe { array(column.validity, bits.div_ceil(8), "validity")? };
    Ok(MapArg::Column {
        ty,
        validity: Some(Bitmap::new(bytes, column.validity_offset)),
    })
}

fn bytes_of(ty: Type) -> usize {
    match ty {
        Type::I32 | Type::F32 => 4,
        _ => 8,
    }
}

/// Refuses NULL, and more rows than there can be.
fn check_memory(
    data: *const c_void,
    rows: usize,
    ty: lb_type_t,
    place: impl Fn() -> String,
) -> Result<()> {
    let bytes = rows.checked_mul(bytes_of(type_of(ty)?));
    match bytes.is_some_and(|bytes| bytes <= isize::MAX as usize) {
        false => Err(too_long(&place())),
        true if data.is_null() && rows > 0 => Err(null(&place())),
        true => Ok(()),
    }
}

#[cold]
fn too_long(place: &str) -> Error {
    let text = format!("{place}: a column cannot have so many rows");
    Error::new(ErrorKind::Range, text)
}

/// The program's columns. Nothing of them is borrowed while guests run.
struct Memory<'a> {
    args: &'a [lb_column_t],
    results: &'a [lb_result_column_t],
}

impl Columns for Memory<'_> {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        let column = &self.args[column];
        let size = type_of(column.r#type).map_or(8, bytes_of);
        let from = column.data.cast::<u8>().wrapping_add(first * size);
        // SAFETY: the program's column has these rows, which were counted before.
        unsafe { to.as_mut_ptr().copy_from(from, to.len()) };
        Ok(())
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        let column = &self.results[column];
        let size = type_of(column.r#type).map_or(8, bytes_of);
        let to = column.data.cast::<u8>().wrapping_add(first * size);
        // SAFETY: as above.
        unsafe { to.copy_from(from.as_ptr(), from.len()) };
        Ok(())
    }

    fn argument_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        let column = &self.args[column];
        let size = type_of(column.r#type).map_or(8, bytes_of);
        tell(ColumnSpan::dense(column.data.addr(), column.rows, size));
    }

    fn result_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        let column = &self.results[column];
        let size = type_of(column.r#type).map_or(8, bytes_of);
        tell(ColumnSpan::dense(column.data.addr(), column.rows, size));
    }
}
