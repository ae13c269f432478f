//! Batches: a function over columns, which are typed arrays.

use std::ptr;

use landbridge::{
    Batch, ColumnSpan, Columns, Error, Func, MapArg, Result, Slot, Type, messages, text,
};
use napi_sys as sys;

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::js::get;
use crate::loan::at_home;
use crate::object::shown;
use crate::slot::{lower_slot, refusal, viewed};
use crate::target::{Target, argument, with_text};

pub(crate) const TABLE: &[(&str, Native)] = &[("funcMap", map)];

/// `funcMap(function, arguments, rows or undefined, out or undefined)`: what it gives in columns, as a call gives it.
fn map(call: &CallbackInfo) -> Result<Js> {
    let (env, target) = (call.env, argument(call, 0)?);
    let (func, side) = (&target.func, &target.side);
    let args = arguments(env, target, &env.items(call.args[1])?)?;
    let rows = call.whole_or_none(2, "rows")?;
    let rows = rows.map(|rows| usize::try_from(rows).unwrap_or(usize::MAX));
    let out = given(env, func, call.args[3])?;
    let lengths: Vec<_> = args.iter().map(Argument::rows).collect();
    let outs = out.iter().flatten().map(|it| it.rows);
    let rows = func.batch_rows(&lengths, &outs.collect::<Vec<_>>(), rows)?;
    let results = match &out {
        Some(out) => out.iter().map(|it| it.array).collect(),
        None => made(env, target, rows)?,
    };
    let batch: Vec<_> = args.iter().map(Argument::as_map_arg).collect();
    let mut columns = JsColumns {
        func,
        args: &args,
        results: &results,
        given: out.as_deref().unwrap_or_default(),
    };
    let done = func.map_columns(&Batch::new(rows, &batch), &mut columns);
    done.map_err(|error| shown(env, side, error))?;
    side.sweep(env)?;
    match (&out, &results[..]) {
        (Some(_), _) => Ok(call.args[3]),
        (None, []) => env.undefined(),
        (None, [one]) => Ok(*one),
        (None, _) => env.array(results.iter().map(|it| Ok(*it))),
    }
}

/// A typed array, and what it is known by.
#[derive(Clone, Copy)]
struct View {
    array: Js,
    /// The type of its elements in wasm; the name of one that wasm has not.
    element: std::result::Result<Type, &'static str>,
    rows: usize,
    /// Where its elements were when it was looked at.
    at: usize,
    is_gone: bool,
}

/// The types of elements of typed arrays, by their numbers in Node-API. What is signed in one and not in another is one
/// type in wasm.
const ELEMENTS: [std::result::Result<Type, &str>; 12] = [
    Err("i8"),
    Err("u8"),
    Err("u8"),
    Err("i16"),
    Err("u16"),
    Ok(Type::I32),
    Ok(Type::I32),
    Ok(Type::F32),
    Ok(Type::F64),
    Ok(Type::I64),
    Ok(Type::I64),
    Err("f16"),
];

impl View {
    /// Of a value, if it is a typed array.
    fn of(env: Env, array: Js) -> Result<Option<View>> {
        if !get!(env, napi_is_typedarray(array), false)? {
            return Ok(None);
        }
        let (mut ty, mut rows, mut at, mut buffer) = (-1, 0, ptr::null_mut(), ptr::null_mut());
        // SAFETY: the environment runs on this thread, the value is of the open scope; the out pointers that are null are
        // not wanted.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env.raw(),
                array,
                &mut ty,
                &mut rows,
                &mut at,
                &mut buffer,
                ptr::null_mut(),
            )
        };
        env.check(status)?;
        // A buffer that is shared cannot be detached, and is none for Node-API.
        let is_gone =
            rows == 0 && get!(env, napi_is_detached_arraybuffer(buffer), false).unwrap_or(false);
        let element = usize::try_from(ty).ok().and_then(|ty| ELEMENTS.get(ty));
        Ok(Some(View {
            array,
            element: element.copied().unwrap_or(Err("something else")),
            rows,
            at: at.addr(),
            is_gone,
        }))
    }
}

enum Argument {
    Scalar(Slot),
    View(View, Type),
    /// An array, converted.
    Array(Vec<u8>, Type),
}

impl Argument {
    fn rows(&self) -> Option<usize> {
        match self {
            Argument::Scalar(_) => None,
            Argument::View(view, _) => Some(view.rows),
            Argument::Array(bytes, ty) => Some(bytes.len() / element_bytes(*ty)),
        }
    }

    fn as_map_arg(&self) -> MapArg<'static> {
        match self {
            Argument::Scalar(slot) => MapArg::Scalar(*slot),
            Argument::View(_, ty) | Argument::Array(_, ty) => MapArg::column(*ty),
        }
    }
}

fn element_bytes(ty: Type) -> usize {
    match ty {
        Type::I32 | Type::F32 => 4,
        _ => 8,
    }
}

/// Reads the arguments. Arrays are converted here, once, since that may run code of theirs.
fn arguments(env: Env, target: &Target, given: &[Js]) -> Result<Vec<Argument>> {
    let func = &target.func;
    func.check_mappable()?;
    let counted = func.check_count(given.len());
    counted.map_err(|error| with_text(env, error, given))?;
    let pairs = given.iter().zip(&target.params).enumerate();
    let read = pairs.map(|(i, (value, ty))| read(env, func, i, *value, *ty));
    read.collect()
}

fn read(env: Env, func: &Func, index: usize, value: Js, ty: Type) -> Result<Argument> {
    let place = || func.argument_place(index);
    if let Some(view) = View::of(env, value)? {
        check(view, ty, place)?;
        return Ok(Argument::View(view, ty));
    }
    if get!(env, napi_is_array(value), false)? {
        return converted(env, value, ty, &place);
    }
    let mut slot = Slot::zero();
    match lower_slot(env, value, ty, &mut slot) {
        Some(()) => Ok(Argument::Scalar(slot)),
        None => Err(refused(env, value, ty, &place())),
    }
}

fn check(view: View, ty: Type, place: impl Fn() -> String) -> Result<()> {
    match view.element {
        _ if view.is_gone => Err(messages::detached_column(place())),
        Ok(element) if element == ty => Ok(()),
        Ok(element) => Err(messages::wrong_column(place(), element, ty)),
        Err(name) => Err(messages::wrong_column(place(), name, ty)),
    }
}

/// Why a value is neither a column nor one for all rows.
#[cold]
fn refused(env: Env, value: Js, ty: Type, place: &str) -> Error {
    if env.kind(value).ok() != Some(sys::ValueType::napi_object) {
        return refusal(env, value, ty, place);
    }
    let needed = match ty {
        Type::I32 => "object (an Int32Array, an array or a number is needed)",
        Type::I64 => "object (a BigInt64Array, an array or a BigInt is needed)",
        Type::F32 => "object (a Float32Array, an array or a number is needed)",
        _ => "object (a Float64Array, an array or a number is needed)",
    };
    Error::wrong_type(place, ty, needed)
}

/// Elements that are read in one scope of handles.
const SCOPE: u32 = 1024;

/// The elements of an array, each checked as an argument of a call.
fn converted(env: Env, array: Js, ty: Type, place: &dyn Fn() -> String) -> Result<Argument> {
    let (rows, size) = (env.array_length(array)?, element_bytes(ty));
    let mut bytes = Vec::new();
    for first in (0..rows).step_by(SCOPE as usize) {
        env.scoped(|| {
            for row in first..rows.min(first.saturating_add(SCOPE)) {
                let (value, mut slot) = (env.element(array, row)?, Slot::zero());
                let lowered = lower_slot(env, value, ty, &mut slot);
                lowered.ok_or_else(|| refusal(env, value, ty, &place()))?;
                bytes.extend_from_slice(&slot.as_i64().to_le_bytes()[..size]);
            }
            Ok(())
        })?;
    }
    Ok(Argument::Array(bytes, ty))
}

/// The result columns that were given: a typed array for one result, an array of them otherwise.
fn given(env: Env, func: &Func, out: Js) -> Result<Option<Vec<View>>> {
    if env.is_undefined(out)? {
        return Ok(None);
    }
    let is_array = get!(env, napi_is_array(out), false)?;
    let is_one = func.ty().results().len() == 1;
    let arrays = match (is_one, is_array) {
        (true, _) => vec![out],
        (false, true) => env.items(out)?,
        (false, false) => {
            let expected = "an array of a typed array for each result";
            return Err(messages::not_a("out", expected, env.describe(out)));
        }
    };
    func.check_result_count(arrays.len())?;
    let pairs = arrays.into_iter().zip(func.ty().results()).enumerate();
    let read = pairs.map(|(i, (array, ty))| {
        let place = || result_place(func, i);
        let view = View::of(env, array)?;
        let none = || messages::not_a("out", "a typed array", env.describe(array));
        let view = view.ok_or_else(none)?;
        check(view, *ty, place).map(|()| view)
    });
    read.collect::<Result<_>>().map(Some)
}

/// New ones. JavaScript makes them, and throws if there is no room.
fn made(env: Env, target: &Target, rows: usize) -> Result<Vec<Js>> {
    let hook = target.side.addon.hook(env, Hook::Column)?;
    let results = target.func.ty().results().iter();
    let made = results.map(|ty| {
        let (name, rows) = (env.string(ty.name())?, env.number(rows as f64)?);
        env.call(hook, &[name, rows])
    });
    made.collect()
}

fn result_place(func: &Func, index: usize) -> String {
    messages::result(index + 1, text::name(func.name()))
}

struct JsColumns<'a> {
    func: &'a Func,
    args: &'a [Argument],
    results: &'a [Js],
    /// Those that the program gave: nothing lies where new ones are.
    given: &'a [View],
}

impl Columns for JsColumns<'_> {
    fn read(&mut self, column: usize, first: usize, to: &mut [u8]) -> Result<()> {
        match &self.args[column] {
            Argument::View(view, ty) => {
                let from = part(view.array, first * element_bytes(*ty), to.len())?;
                let from = from.ok_or_else(|| {
                    let place = self.func.argument_place(column);
                    messages::column_changed(place)
                })?;
                // SAFETY: `part` found so many bytes there, which stay until JavaScript runs again; another thread
                // may write to them if they are shared, or a guest's, and then it is any bytes that are copied.
                unsafe { ptr::copy(from, to.as_mut_ptr(), to.len()) };
            }
            Argument::Array(bytes, ty) => {
                to.copy_from_slice(&bytes[first * element_bytes(*ty)..][..to.len()]);
            }
            // It is not asked for.
            Argument::Scalar(_) => {}
        }
        Ok(())
    }

    fn write(&mut self, column: usize, first: usize, from: &[u8]) -> Result<()> {
        let size = element_bytes(self.func.ty().results()[column]);
        let to = part(self.results[column], first * size, from.len())?;
        let to = to.ok_or_else(|| messages::column_changed(result_place(self.func, column)))?;
        // SAFETY: as in `read`, the other way.
        unsafe { ptr::copy(from.as_ptr(), to, from.len()) };
        Ok(())
    }

    fn argument_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        if let Argument::View(view, ty) = &self.args[column] {
            tell(ColumnSpan::dense(view.at, view.rows, element_bytes(*ty)));
        }
    }

    fn result_spans(&self, column: usize, tell: &mut dyn FnMut(ColumnSpan)) {
        if let Some(view) = self.given.get(column) {
            let bytes = element_bytes(self.func.ty().results()[column]);
            tell(ColumnSpan::dense(view.at, view.rows, bytes));
        }
    }
}

/// Where some bytes of a typed array are now; nothing if it has them no more. Host functions of the guest can have its
/// buffer detached or made smaller since it was looked at last.
fn part(array: Js, offset: usize, length: usize) -> Result<Option<*mut u8>> {
    let array = array as usize;
    let (start, bytes) = at_home(move |env| {
        let bytes = viewed(env, array as Js);
        bytes.map_or((0, 0), |bytes| (bytes.cast::<u8>() as usize, bytes.len()))
    })?;
    let is_there = offset.checked_add(length).is_some_and(|end| end <= bytes);
    Ok(is_there.then(|| (start + offset) as *mut u8))
}
