//! Callable: a callable of Python's as a host function of the core.

use std::ptr;
use std::sync::Arc;

use landbridge::{self as lb, FuncType, HostContext, HostFunc, Slot, Value};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::caller::Caller;
use crate::gil;
use crate::guard::Fault;
use crate::kept::{Lent, Roots, gone};
use crate::loan;
use crate::passing::carry;
use crate::store::Store;
use crate::value;

/// A callable of Python's as a function the core can lend to guests whose stores have these roots.
pub(crate) fn host_func(
    callable: &Bound<'_, PyAny>,
    roots: &Arc<Roots>,
) -> Result<Arc<dyn HostFunc>, Fault> {
    let takes_caller = callable.getattr_opt("__wasm_caller__")?;
    let takes_caller = takes_caller.map_or(Ok(false), |flag| flag.is_truthy())?;
    Ok(Arc::new(Callable {
        lent: Lent::new(roots, callable.clone().unbind()),
        takes_caller,
    }))
}

struct Callable {
    lent: Lent,
    /// Whether the first argument is a [`Caller`].
    takes_caller: bool,
}

/// The most arguments that lie on the stack.
const MOST_ARGS: usize = 8;

/// Held while Python code runs that a guest called. An interpreter that ends makes threads exit
/// by unwinding from within; this stops such a thread here, before it unwinds the engine's frames.
struct StayHere;

impl Drop for StayHere {
    fn drop(&mut self) {
        loop {
            std::thread::park();
        }
    }
}

unsafe extern "C-unwind" {
    fn PyObject_Vectorcall(
        callable: *mut ffi::PyObject,
        args: *const *mut ffi::PyObject,
        nargsf: usize,
        kwnames: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject;
}

/// A strong reference, given up at the end of its scope, which must hold the lock.
struct Owned(*mut ffi::PyObject);

impl Drop for Owned {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: a reference of our own, or null.
        unsafe { ffi::Py_XDECREF(self.0) };
    }
}

impl Callable {
    /// The callable, with a reference of its own: closing the store must not free it while it runs.
    #[inline(always)]
    fn callee(&self) -> lb::Result<Owned> {
        let callee = self.lent.roots.get(self.lent.index);
        if callee.is_null() {
            return Err(gone());
        }
        // SAFETY: alive, and the lock is held.
        unsafe { ffi::Py_INCREF(callee) };
        Ok(Owned(callee))
    }

    /// Plain values through Python's fastest protocol, with nothing allocated on the way. `ROOM` is the arguments and
    /// one more: the first is for the callee, as the protocol allows.
    #[inline(always)]
    fn call_fast<const ROOM: usize>(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<(), Fault> {
        let callee = self.callee()?;
        let mut args = [const { Owned(ptr::null_mut()) }; ROOM];
        for ((arg, slot), ty) in args[1..].iter_mut().zip(&*slots).zip(ty.params()) {
            arg.0 = value::lift_slot(slot, *ty);
            if arg.0.is_null() {
                return Err(Fault::Set);
            }
        }
        let count = ty.params().len() | ffi::PY_VECTORCALL_ARGUMENTS_OFFSET;
        let stay = StayHere;
        // SAFETY: `Owned` is a pointer; so many arguments are alive, with room before them.
        let returned = Owned(unsafe {
            let first = args.as_ptr().cast::<*mut ffi::PyObject>().add(1);
            PyObject_Vectorcall(callee.0, first, count, ptr::null_mut())
        });
        std::mem::forget(stay);
        if returned.0.is_null() {
            return Err(Fault::Set);
        }
        match ty.results() {
            // SAFETY: `None` lives for ever.
            [] if returned.0 == unsafe { ffi::Py_None() } => return Ok(()),
            [ty] => {
                // SAFETY: the result is alive and the lock is held.
                if let Some(slot) = unsafe { value::lower_fast(returned.0, *ty) } {
                    slots[0] = slot;
                    return Ok(());
                }
            }
            _ => {}
        }
        gil::held(|py| {
            // SAFETY: alive, see above.
            let returned = unsafe { Bound::from_borrowed_ptr(py, returned.0) };
            if !loan::is_awaitable(&returned) {
                return lower_slots(context, ty, &returned, slots);
            }
            let store = Store::of_roots(py, &self.lent.roots, context.store())?;
            let answer = loan::answer(context, &returned, &store, drop)?;
            lower_slots(context, ty, &answer, slots)
        })
    }

    /// Any values; with the caller if the function takes it.
    fn call_any<'py>(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        mut args: Vec<Bound<'py, PyAny>>,
        store: &Py<Store>,
        py: Python<'py>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let callee = self.callee()?;
        // SAFETY: alive as long as `callee` is.
        let target = unsafe { Bound::from_borrowed_ptr(py, callee.0) };
        let caller = match self.takes_caller {
            true => Some(Bound::new(py, Caller::new(context, store.clone_ref(py)))?),
            false => None,
        };
        if let Some(caller) = &caller {
            args.insert(0, caller.clone().into_any());
        }
        let returned = target.call1(PyTuple::new(py, args)?);
        let caller = caller.as_ref().map(Bound::get);
        caller.inspect(|caller| caller.end());
        let returned = returned?;
        match loan::is_awaited(&target, &returned, ty.results())? {
            true => loan::answer(context, &returned, store, |loan| {
                caller.inspect(|caller| caller.lend(loan));
            }),
            false => Ok(returned),
        }
    }

    fn call_slots(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<(), Fault> {
        gil::held(|py| {
            let store = Store::of_roots(py, &self.lent.roots, context.store())?;
            let mut args = Vec::with_capacity(ty.params().len() + 1);
            for (slot, ty) in slots.iter().zip(ty.params()) {
                // SAFETY: a new reference, or null with an exception set.
                args.push(unsafe {
                    Bound::from_owned_ptr_or_err(py, value::lift_slot(slot, *ty))?
                });
            }
            let returned = self.call_any(context, ty, args, &store, py)?;
            lower_slots(context, ty, &returned, slots)
        })
    }

    fn call_values(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        args: &[Value],
    ) -> Result<Vec<Value>, Fault> {
        gil::held(|py| {
            let store = Store::of_roots(py, &self.lent.roots, context.store())?;
            let mut objects = Vec::with_capacity(args.len() + 1);
            for arg in args {
                objects.push(value::lift(py, arg.clone(), &store)?);
            }
            let returned = self.call_any(context, ty, objects, &store, py)?;
            let results = value::split_results(&returned, ty.results())?;
            context.check_count(ty.results(), results.len())?;
            let results = results.iter().zip(ty.results()).enumerate();
            let roots = store.get().roots();
            results
                .map(|(i, (object, ty))| {
                    value::lower(object, *ty, roots, &|| context.result_place(i))
                })
                .collect()
        })
    }
}

#[cold]
fn lower_slots(
    context: &HostContext<'_>,
    ty: &FuncType,
    returned: &Bound<'_, PyAny>,
    slots: &mut [Slot],
) -> Result<(), Fault> {
    let results = value::split_results(returned, ty.results())?;
    context.check_count(ty.results(), results.len())?;
    for (i, (object, ty)) in results.iter().zip(ty.results()).enumerate() {
        slots[i] = value::lower_slot(object, *ty, &|| context.result_place(i))?;
    }
    Ok(())
}

impl HostFunc for Callable {
    fn call(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        args: &[Value],
    ) -> lb::Result<Vec<Value>> {
        let _attached = gil::Attached::for_host();
        self.call_values(context, ty, args).map_err(carry)
    }

    fn call_raw(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> lb::Result<()> {
        let _attached = gil::Attached::for_host();
        let called = match ty.params().len() {
            _ if self.takes_caller => self.call_slots(context, ty, slots),
            0..=1 => self.call_fast::<2>(context, ty, slots),
            2 => self.call_fast::<3>(context, ty, slots),
            3..=MOST_ARGS => self.call_fast::<{ MOST_ARGS + 1 }>(context, ty, slots),
            _ => self.call_slots(context, ty, slots),
        };
        called.map_err(carry)
    }
}
