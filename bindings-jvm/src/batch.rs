//! Batches: a function over columns of Java.
//!
//! Arrays are copied by their regions, a chunk at a time. Of a buffer, Java copies a chunk to or from an array that
//! goes with it, and so says itself if its memory is gone by now. Nothing of Java's is pinned.

use std::sync::Arc;

use jni::sys::{jint, jlong, jobject, jsize};
use landbridge::{Batch, Columns, Func, MapArg, Result, Slot, Type};

use crate::classes::classes;
use crate::env::{Env, jvm};
use crate::types::{Here, Ints, Longs, Object, Objects};
use crate::value::type_of;

/// Added to the number of a type: the column is a buffer. `Columns.java` knows it.
const BUFFER: jint = 0x100;

/// What is no column has no rows, see [`rows`], and no type, see [`map`].
const SCALAR: jlong = -1;
const NO_TYPE: jint = 0;

/// How many rows a batch has. `args` are the rows of columns, and [`SCALAR`]; `given` those of the result columns, if they are
/// given; `rows` is negative if nobody says it.
pub(crate) fn rows(
    func: Arc<Func>,
    args: Here<Longs>,
    given: Here<Longs>,
    rows: jlong,
) -> Result<jlong> {
    let count = |rows: &jlong| *rows as usize;
    let args: Vec<_> = args
        .all()?
        .iter()
        .map(|rows| (*rows != SCALAR).then(|| count(rows)))
        .collect();
    let given: Vec<_> = given.all()?.iter().map(count).collect();
    let rows = func.batch_rows(&args, &given, usize::try_from(rows).ok())?;
    Ok(rows as jlong)
}

/// Maps it. Types are those of the columns, results behind arguments, and the objects are in the same order; scalars
/// are bits.
pub(crate) fn map(
    func: Arc<Func>,
    rows: jlong,
    types: Here<Ints>,
    scalars: Here<Longs>,
    columns: Here<Objects>,
) -> Result<()> {
    let (env, types, scalars) = (types.env, types.read()?, scalars.all()?);
    let mut args = Vec::with_capacity(scalars.len());
    let mut found = Vec::with_capacity(types.len());
    for (index, number) in types.iter().enumerate() {
        let column = column(env, *number, columns, index)?;
        if index >= scalars.len() {
            func.check_result_column(index - scalars.len(), type_of(*number & !BUFFER)?)?;
        } else {
            args.push(match &column {
                Some(column) => MapArg::column(column.ty),
                None => MapArg::Scalar(Slot::from_i64(scalars[index])),
            });
        }
        found.push(column);
    }
    let params = args.len();
    let mut columns = Found { env, found, params };
    func.map_columns(&Batch::new(rows as usize, &args), &mut columns)
}

/// Where the memory of a direct buffer is. It is only compared.
pub(crate) fn direct_address(buffer: Here<Object>) -> Result<jlong> {
    let env = buffer.env;
    // SAFETY: a valid reference to a buffer, says Java.
    let address = unsafe { jvm!(env, GetDirectBufferAddress, buffer.it.0) };
    Ok(address.addr() as jlong)
}

/// Throws: an argument is a column of something else.
pub(crate) fn wrong_column(
    func: Arc<Func>,
    index: jint,
    is_result: bool,
    given: String,
) -> Result<()> {
    let (index, ty) = (index as usize, func.ty());
    let name = || landbridge::text::name(func.name());
    let (place, expected) = match is_result {
        true => (
            landbridge::messages::result(index + 1, name()),
            ty.results()[index],
        ),
        false => (func.argument_place(index), ty.params()[index]),
    };
    Err(landbridge::messages::wrong_column(place, given, expected))
}

fn column(env: Env, number: jint, columns: Here<Objects>, index: usize) -> Result<Option<Column>> {
    if number == NO_TYPE {
        return Ok(None);
    }
    let ty = type_of(number & !BUFFER)?;
    let object = columns.get(index)?;
    let (buffer, array) = match number & BUFFER {
        0 => (None, object),
        _ => (Some(object), room(env, object)?),
    };
    Ok(Some(Column { ty, array, buffer }))
}

/// The array that goes with a buffer.
fn room(env: Env, buffer: jobject) -> Result<jobject> {
    let classes = classes();
    let args = (Object(buffer),);
    let room = classes.column_room.call(env, classes.native.raw(), args);
    env.check()?;
    Ok(room.0)
}

/// An array of Java's, or one for the chunks of a buffer.
struct Column {
    ty: Type,
    array: jobject,
    buffer: Option<jobject>,
}

/// All of a batch. References are those of the native that maps, and are used on its thread.
struct Found {
    env: Env,
    found: Vec<Option<Column>>,
    params: usize,
}

impl Columns for Found {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        let Some(Some(column)) = self.found.get(column) else {
            return Ok(());
        };
        let Some(buffer) = column.buffer else {
            return column.get(self.env, first, to);
        };
        column.copy(self.env, buffer, true, first, to.len())?;
        column.get(self.env, 0, to)
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        let Some(Some(column)) = self.found.get(self.params + column) else {
            return Ok(());
        };
        let Some(buffer) = column.buffer else {
            return column.set(self.env, first, from);
        };
        column.set(self.env, 0, from)?;
        column.copy(self.env, buffer, false, first, from.len())
    }
}

impl Column {
    fn bytes(&self) -> usize {
        match self.ty {
            Type::I32 | Type::F32 => 4,
            _ => 8,
        }
    }

    /// Has Java copy rows of the buffer into the array, or back.
    fn copy(
        &self,
        env: Env,
        buffer: jobject,
        is_read: bool,
        first: usize,
        bytes: usize,
    ) -> Result<()> {
        let classes = classes();
        let count = (bytes / self.bytes()) as jint;
        let args = (Object(buffer), first as jint, count);
        let method = match is_read {
            true => &classes.column_read,
            false => &classes.column_write,
        };
        method.call(env, classes.native.raw(), args);
        env.check()
    }

    fn get(&self, env: Env, first: usize, to: &mut [u8]) -> Result<()> {
        let (array, first, into) = (self.array, first as jsize, to.as_mut_ptr());
        let count = (to.len() / self.bytes()) as jsize;
        // SAFETY: Java says the type by the array's class, and the room has that many elements. The JVM checks the range,
        // and copies bytes, wherever they begin.
        unsafe {
            match self.ty {
                Type::I32 => jvm!(env, GetIntArrayRegion, array, first, count, into.cast()),
                Type::F32 => jvm!(env, GetFloatArrayRegion, array, first, count, into.cast()),
                Type::I64 => jvm!(env, GetLongArrayRegion, array, first, count, into.cast()),
                _ => jvm!(env, GetDoubleArrayRegion, array, first, count, into.cast()),
            }
        }
        env.check()
    }

    fn set(&self, env: Env, first: usize, from: &[u8]) -> Result<()> {
        let (array, first, from_bytes) = (self.array, first as jsize, from.as_ptr());
        let count = (from.len() / self.bytes()) as jsize;
        // SAFETY: as above.
        unsafe {
            match self.ty {
                Type::I32 => jvm!(
                    env,
                    SetIntArrayRegion,
                    array,
                    first,
                    count,
                    from_bytes.cast()
                ),
                Type::F32 => jvm!(
                    env,
                    SetFloatArrayRegion,
                    array,
                    first,
                    count,
                    from_bytes.cast()
                ),
                Type::I64 => jvm!(
                    env,
                    SetLongArrayRegion,
                    array,
                    first,
                    count,
                    from_bytes.cast()
                ),
                _ => jvm!(
                    env,
                    SetDoubleArrayRegion,
                    array,
                    first,
                    count,
                    from_bytes.cast()
                ),
            }
        }
        env.check()
    }
}
