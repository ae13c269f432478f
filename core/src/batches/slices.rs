//! Slices: batches over Rust's own columns.

use super::{Batch, Columns, MapArg};
use crate::{Error, Func, Result, Slot, Type};

/// An argument of a batch: a column, or a value that repeats.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// A column of `i32`.
    I32(&'a [i32]),
    /// A column of `i64`.
    I64(&'a [i64]),
    /// A column of `f32`.
    F32(&'a [f32]),
    /// A column of `f64`.
    F64(&'a [f64]),
    /// An `i32` for each row.
    OneI32(i32),
    /// An `i64` for each row.
    OneI64(i64),
    /// An `f32` for each row.
    OneF32(f32),
    /// An `f64` for each row.
    OneF64(f64),
}

/// A column that takes results.
#[derive(Debug)]
pub enum ColumnMut<'a> {
    /// Of `i32`.
    I32(&'a mut [i32]),
    /// Of `i64`.
    I64(&'a mut [i64]),
    /// Of `f32`.
    F32(&'a mut [f32]),
    /// Of `f64`.
    F64(&'a mut [f64]),
}

macro_rules! columns {
    ($($ty:ty: $column:ident $one:ident $slot:ident $size:literal;)*) => {$(
        impl<'a> From<&'a [$ty]> for Column<'a> {
            fn from(column: &'a [$ty]) -> Column<'a> {
                Column::$column(column)
            }
        }

        impl<'a, const N: usize> From<&'a [$ty; N]> for Column<'a> {
            fn from(column: &'a [$ty; N]) -> Column<'a> {
                Column::$column(column)
            }
        }

        impl<'a> From<&'a Vec<$ty>> for Column<'a> {
            fn from(column: &'a Vec<$ty>) -> Column<'a> {
                Column::$column(column)
            }
        }

        impl From<$ty> for Column<'_> {
            fn from(value: $ty) -> Self {
                Column::$one(value)
            }
        }

        impl<'a> From<&'a mut [$ty]> for ColumnMut<'a> {
            fn from(column: &'a mut [$ty]) -> ColumnMut<'a> {
                ColumnMut::$column(column)
            }
        }

        impl<'a, const N: usize> From<&'a mut [$ty; N]> for ColumnMut<'a> {
            fn from(column: &'a mut [$ty; N]) -> ColumnMut<'a> {
                ColumnMut::$column(column)
            }
        }

        impl<'a> From<&'a mut Vec<$ty>> for ColumnMut<'a> {
            fn from(column: &'a mut Vec<$ty>) -> ColumnMut<'a> {
                ColumnMut::$column(column)
            }
        }
    )*

        impl Column<'_> {
            fn rows(&self) -> Option<usize> {
                match self {
                    $(Column::$column(column) => Some(column.len()),)*
                    _ => None,
                }
            }

            fn ty(&self) -> Type {
                match self {
                    $(Column::$column(_) | Column::$one(_) => <$ty as crate::Number>::TYPE,)*
                }
            }

            fn arg(&self) -> MapArg<'static> {
                match self {
                    $(Column::$column(_) => MapArg::column(self.ty()),
                    Column::$one(value) => MapArg::Scalar(Slot::$slot(*value)),)*
                }
            }

            fn read(&self, first: usize, to: &mut [u8]) {
                match self {
                    $(Column::$column(column) => {
                        let elements = to.chunks_exact_mut($size).zip(&column[first..]);
                        elements.for_each(|(to, from)| to.copy_from_slice(&from.to_le_bytes()));
                    })*
                    _ => {}
                }
            }
        }

        impl ColumnMut<'_> {
            fn rows(&self) -> usize {
                match self {
                    $(ColumnMut::$column(column) => column.len(),)*
                }
            }

            fn ty(&self) -> Type {
                match self {
                    $(ColumnMut::$column(_) => <$ty as crate::Number>::TYPE,)*
                }
            }

            fn write(&mut self, first: usize, from: &[u8]) {
                match self {
                    $(ColumnMut::$column(column) => {
                        let elements = from.as_chunks::<$size>().0.iter().zip(&mut column[first..]);
                        elements.for_each(|(from, to)| *to = <$ty>::from_le_bytes(*from));
                    })*
                }
            }
        }
    };
}

columns! {
    i32: I32 OneI32 from_i32 4;
    i64: I64 OneI64 from_i64 8;
    f32: F32 OneF32 from_f32 4;
    f64: F64 OneF64 from_f64 8;
}

/// The columns of a batch of Rust's.
struct Slices<'a, 'b> {
    args: &'a [Column<'a>],
    results: &'a mut [ColumnMut<'b>],
}

impl Columns for Slices<'_, '_> {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        self.args[column].read(first, to);
        Ok(())
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        self.results[column].write(first, from);
        Ok(())
    }
}

impl Func {
    /// Calls it once a row over columns, in one crossing; one argument a parameter, one column a result.
    /// A value repeats.
    ///
    /// ```
    /// # fn main() -> landbridge::Result<()> {
    /// # let wat = r#"(module (func (export "add") (param i32 i32) (result i32)
    /// #     (i32.add (local.get 0) (local.get 1))))"#;
    /// # let calc = landbridge::Module::new(wat)?.instantiate(&landbridge::Imports::new())?;
    /// let add = calc.func("add")?;
    /// let mut sums = [0; 3];
    /// add.map(&[(&[1, 2, 3]).into(), 10.into()], &mut [(&mut sums).into()])?;
    /// assert_eq!(sums, [11, 12, 13]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Func::call`] for a row, with [`Error::row`](crate::Error::row); the results of the rows before it are in
    /// the columns. `type` without a row if a column is not of the type or does not have the rows of the others.
    pub fn map(&self, args: &[Column<'_>], results: &mut [ColumnMut<'_>]) -> Result<()> {
        self.map_slices(None, args, results)
    }

    /// The same where no column says how many rows there are.
    ///
    /// # Errors
    /// As [`Func::map`].
    pub fn map_rows(
        &self,
        rows: usize,
        args: &[Column<'_>],
        results: &mut [ColumnMut<'_>],
    ) -> Result<()> {
        self.map_slices(Some(rows), args, results)
    }

    fn map_slices(
        &self,
        rows: Option<usize>,
        args: &[Column<'_>],
        results: &mut [ColumnMut<'_>],
    ) -> Result<()> {
        let lengths: Vec<_> = args.iter().map(Column::rows).collect();
        let result_lengths: Vec<_> = results.iter().map(ColumnMut::rows).collect();
        let rows = self.batch_rows(&lengths, &result_lengths, rows)?;
        self.check_result_count(results.len())?;
        for (index, (arg, ty)) in args.iter().zip(self.ty().params()).enumerate() {
            if arg.rows().is_none() && arg.ty() != *ty {
                let place = self.argument_place(index);
                return Err(Error::wrong_type(&place, *ty, arg.ty().name()));
            }
        }
        for (index, result) in results.iter().enumerate() {
            self.check_result_column(index, result.ty())?;
        }
        let batch_args: Vec<_> = args.iter().map(Column::arg).collect();
        let mut columns = Slices { args, results };
        self.map_columns(&Batch::new(rows, &batch_args), &mut columns)
    }
}
