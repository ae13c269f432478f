//! The call of a function.

use std::slice;

use landbridge::{self as lb, Error, ErrorKind, Slot, Value};
use pyo3::ffi;
use pyo3::prelude::*;

use super::shape::{Known, Looked, MOST_SLOTS, Results, Signature};
use super::{Func, of};
use crate::exception::thrown;
use crate::gil;
use crate::guard::{Fault, guard_call};
use crate::stay;
use crate::value;

/// How functions of a signature are called: those of one or two numbers of one type by a call of their own.
pub(super) fn of_type(ty: &lb::FuncType) -> ffi::vectorcallfunc {
    use lb::Type::{F32, F64, I32, I64};
    match (ty.params(), ty.results()) {
        _ if !ty.is_plain() => call_values,
        ([I32], []) => call_plain::<1, Known<1, i32, ()>>,
        ([I32], [I32]) => call_plain::<1, Known<1, i32, i32>>,
        ([I64], [I64]) => call_plain::<1, Known<1, i64, i64>>,
        ([F32], [F32]) => call_plain::<1, Known<1, f32, f32>>,
        ([F64], [F64]) => call_plain::<1, Known<1, f64, f64>>,
        ([I32, I32], []) => call_plain::<2, Known<2, i32, ()>>,
        ([I32, I32], [I32]) => call_plain::<2, Known<2, i32, i32>>,
        ([I64, I64], [I64]) => call_plain::<2, Known<2, i64, i64>>,
        ([F32, F32], [F32]) => call_plain::<2, Known<2, f32, f32>>,
        ([F64, F64], [F64]) => call_plain::<2, Known<2, f64, f64>>,
        _ if ty.slots() <= 2 => call_plain::<2, Looked>,
        _ if ty.slots() <= MOST_SLOTS => call_plain::<MOST_SLOTS, Looked>,
        _ => call_values,
    }
}

/// Calls a function of plain values with at most `N` slots: nothing is allocated, nothing looked up.
unsafe extern "C" fn call_plain<const N: usize, S: Signature>(
    callee: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargsf: usize,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    guard_call(|| {
        // SAFETY: the interpreter calls with the object alive and so many arguments.
        let (func, args) = unsafe { (of(callee), positional(args, nargsf)) };
        if !keywords.is_null() || args.len() != S::count(func) {
            check(func, args, keywords)?;
        }
        let mut slots = [Slot::zero(); N];
        for i in 0..S::count(func).min(N) {
            let ty = S::param(func, i);
            // SAFETY: there are so many arguments, alive during the call, and the lock is held.
            slots[i] = match unsafe { value::lower_fast(args[i], ty) } {
                Some(slot) => slot,
                None => lower_slowly(func, args[i], ty, i)?,
            };
        }
        let called = gil::enter(|| func.native.call_raw(&mut slots));
        called.map_err(|error| thrown(error, &func.store))?;
        match S::results(func) {
            // SAFETY: the lock is held again.
            Results::None => Ok(unsafe { ffi::Py_NewRef(ffi::Py_None()) }),
            Results::One(ty) => made(value::lift_slot(&slots[0], ty)),
            Results::More => tuple(&slots, func.native.ty().results()),
        }
    })
}

/// Calls any function.
unsafe extern "C" fn call_values(
    callee: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    nargsf: usize,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    guard_call(|| {
        // SAFETY: the interpreter calls with the object alive and so many arguments.
        let (func, args) = unsafe { (of(callee), positional(args, nargsf)) };
        check(func, args, keywords)?;
        gil::held(|py| {
            let roots = func.store.get().roots();
            let mut values: Vec<Value> = Vec::with_capacity(args.len());
            for (i, (arg, ty)) in args.iter().zip(func.native.ty().params()).enumerate() {
                // SAFETY: arguments are alive during the call.
                let arg = unsafe { Bound::from_borrowed_ptr(py, *arg) };
                let place = || func.native.argument_place(i);
                values.push(value::lower(&arg, *ty, roots, &place)?);
            }
            let results = gil::enter(|| func.native.call(&values));
            let results = results.map_err(|error| thrown(error, &func.store))?;
            Ok(value::lift_results(py, results, &func.store)?.into_ptr())
        })
    })
}

/// # Safety
/// `args` points to as many arguments as `nargsf` says.
#[inline(always)]
pub(super) unsafe fn positional<'a>(
    args: *const *mut ffi::PyObject,
    nargsf: usize,
) -> &'a [*mut ffi::PyObject] {
    match nargsf & !ffi::PY_VECTORCALL_ARGUMENTS_OFFSET {
        0 => &[],
        // SAFETY: the caller's promise.
        count => unsafe { slice::from_raw_parts(args, count) },
    }
}

fn check(
    func: &Func,
    args: &[*mut ffi::PyObject],
    keywords: *mut ffi::PyObject,
) -> Result<(), Fault> {
    if !keywords.is_null() {
        refuse_keywords(func, keywords)?;
    }
    check_count(func, args)
}

#[inline(always)]
pub(super) fn check_count(func: &Func, args: &[*mut ffi::PyObject]) -> Result<(), Fault> {
    let checked = func.native.check_count(args.len());
    checked.map_err(|error| wrong_count(error, args))
}

/// Whoever gives a text may have meant one argument by it.
#[cold]
fn wrong_count(error: Error, args: &[*mut ffi::PyObject]) -> Fault {
    // SAFETY: arguments are alive during the call.
    let is_text = |arg: &*mut ffi::PyObject| unsafe { ffi::PyUnicode_Check(*arg) != 0 };
    match args.iter().any(is_text) {
        true => error.with_text_given().into(),
        false => error.into(),
    }
}

#[cold]
fn refuse_keywords(func: &Func, keywords: *mut ffi::PyObject) -> Result<(), Fault> {
    // SAFETY: the interpreter gives a tuple of names.
    if unsafe { ffi::PyTuple_Size(keywords) } == 0 {
        return Ok(());
    }
    let text = format!(
        "{} takes no keyword arguments",
        lb::text::name(func.native.name())
    );
    Err(Error::new(ErrorKind::Type, text).into())
}

#[cold]
fn lower_slowly(
    func: &Func,
    arg: *mut ffi::PyObject,
    ty: lb::Type,
    index: usize,
) -> Result<Slot, Fault> {
    gil::held(|py| {
        // SAFETY: arguments are alive during the call.
        let arg = unsafe { Bound::from_borrowed_ptr(py, arg) };
        value::lower_slot(&arg, ty, &|| func.native.argument_place(index))
    })
}

#[inline(always)]
fn made(object: *mut ffi::PyObject) -> Result<*mut ffi::PyObject, Fault> {
    match object.is_null() {
        false => Ok(object),
        true => Err(Fault::Set),
    }
}

fn tuple(slots: &[Slot], types: &[lb::Type]) -> Result<*mut ffi::PyObject, Fault> {
    // A new tuple may set off the collector, which runs code of Python's.
    stay::enrol();
    // SAFETY: the lock is held; each element is filled once, and an unfinished tuple is given up.
    unsafe {
        let tuple = made(ffi::PyTuple_New(types.len() as ffi::Py_ssize_t))?;
        for (i, ty) in types.iter().enumerate() {
            let object = value::lift_slot(&slots[i], *ty);
            if object.is_null() {
                ffi::Py_DECREF(tuple);
                return Err(Fault::Set);
            }
            ffi::PyTuple_SetItem(tuple, i as ffi::Py_ssize_t, object);
        }
        Ok(tuple)
    }
}
