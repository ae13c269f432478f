//! Host: a callable of Python's as a function that is lent to components.

use std::sync::Arc;

use landbridge::frame::Reader;
use landbridge::{self as lb, Error, WitContext, WitFrame, WitFuncType, WitHost, text};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::cases::{self, ERR, OK, class};
use super::decode::Decoder;
use super::encode::Encoder;
use super::plan::{How, Plan, Ref};
use crate::caller::Caller;
use crate::gil;
use crate::guard::Fault;
use crate::kept::{Lent, gone};
use crate::lazy::Lazy;
use crate::loan;
use crate::passing::carry_told;
use crate::store::Store;

/// What is called.
pub(crate) enum Target {
    /// A callable.
    Callable(Lent),
    /// A method of the object that comes first, by its name.
    Method(Ref),
}

/// A function of Python's, and how its values cross.
pub(crate) struct HostFunction {
    pub(crate) target: Target,
    /// What keeps all that the plans refer to: a `Types`.
    pub(crate) types: Arc<Lent>,
    pub(crate) params: Vec<Plan>,
    pub(crate) result: Option<Plan>,
    /// Whether the first argument is a [`Caller`].
    pub(crate) takes_caller: bool,
    /// Whether there are resources in its type.
    pub(crate) has_handles: bool,
}

/// So many arguments lie on the stack, behind room for the callee, as the protocol allows.
const ROOM: usize = 8;

type Given<'py> = Result<Bound<'py, PyAny>, Fault>;

impl HostFunction {
    fn run(
        &self,
        py: Python<'_>,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        frame: &mut WitFrame,
    ) -> Result<WitFrame, Fault> {
        // What the plans refer to stays until this returns.
        let _types = self.types.get(py).ok_or_else(gone)?;
        let store = match self.has_handles {
            true => Some(Store::of_roots(py, &self.types.roots, context.store())?),
            false => None,
        };
        let objects = context.take_objects(ty, frame)?;
        let given = {
            let WitFrame { bytes, blobs } = frame;
            let decoder = Decoder {
                py,
                frame: Reader::values(bytes),
                beside: blobs,
                objects: &objects,
                store: store.as_ref(),
            };
            self.called(context, decoder)
        };
        let given = self.given(given, py)?;
        let buffer = std::mem::take(&mut frame.bytes);
        let of_handles = store.as_ref().map(Py::get);
        let mut encoder = Encoder::new(py, buffer, &self.types.roots, of_handles);
        let put = self.put(&mut encoder, &given);
        put.map_err(|it| it.at(&format!("result of {}", text::name(context.name()))))?;
        let mut result = WitFrame {
            bytes: encoder.frame.finish()?,
            blobs: encoder.beside.into_own(),
        };
        context.give_objects(ty, &mut result, &encoder.objects)?;
        Ok(result)
    }

    /// Reads the arguments, and calls.
    fn called<'py>(&self, context: &WitContext<'_>, mut decoder: Decoder<'_, 'py>) -> Given<'py> {
        let py = decoder.py;
        if self.takes_caller || self.params.len() > ROOM {
            let mut args = Vec::with_capacity(self.params.len() + 1);
            for plan in &self.params {
                args.push(decoder.take(plan)?);
            }
            let store = Store::of_roots(py, &self.types.roots, context.store())?;
            return self.call(context, &store, args, py);
        }
        let mut args = [const { None::<Bound<'py, PyAny>> }; ROOM + 1];
        for (plan, arg) in self.params.iter().zip(&mut args[1..]) {
            *arg = Some(decoder.take(plan)?);
        }
        let returned = self.vectorcall(py, &args)?;
        if !self.is_awaited(&returned) {
            return Ok(returned);
        }
        let store = Store::of_roots(py, &self.types.roots, context.store())?;
        loan::answer(context, &returned, &store, drop)
    }

    /// Calls by Python's fastest protocol.
    #[inline]
    fn vectorcall<'py>(
        &self,
        py: Python<'py>,
        args: &[Option<Bound<'py, PyAny>>; ROOM + 1],
    ) -> Given<'py> {
        let count = self.params.len();
        let first: *const *mut ffi::PyObject = args[1..].as_ptr().cast();
        let nargs = count | ffi::PY_VECTORCALL_ARGUMENTS_OFFSET;
        // SAFETY: an option of an object is a pointer that may be null; so many of them are objects, with room before
        // them. A method's name is alive as the plans are. A new reference, or null with an exception set.
        unsafe {
            let returned = match &self.target {
                Target::Callable(lent) => {
                    let target = lent.get(py).ok_or_else(gone)?;
                    ffi::PyObject_Vectorcall(target.as_ptr(), first, nargs, std::ptr::null_mut())
                }
                Target::Method(name) => {
                    let name = name.get(py);
                    let none = std::ptr::null_mut();
                    ffi::PyObject_VectorcallMethod(name.as_ptr(), first, nargs, none)
                }
            };
            Ok(Bound::from_owned_ptr_or_err(py, returned)?)
        }
    }

    fn call<'py>(
        &self,
        context: &WitContext<'_>,
        store: &Py<Store>,
        mut args: Vec<Bound<'py, PyAny>>,
        py: Python<'py>,
    ) -> Given<'py> {
        let target = match &self.target {
            Target::Callable(lent) => lent.get(py).ok_or_else(gone)?,
            Target::Method(name) => {
                let name = name.get(py);
                args.remove(0)
                    .getattr(name.cast::<PyString>().map_err(PyErr::from)?)?
            }
        };
        let caller = match self.takes_caller {
            true => Some(Bound::new(py, Caller::new(context, store.clone_ref(py)))?),
            false => None,
        };
        if let Some(caller) = &caller {
            args.insert(0, caller.clone().into_any());
        }
        let called = target.call1(PyTuple::new(py, args)?);
        let caller = caller.as_ref().map(Bound::get);
        caller.inspect(|caller| caller.end());
        let returned = called?;
        match self.is_awaited(&returned) {
            true => loan::answer(context, &returned, store, |loan| {
                caller.inspect(|caller| caller.lend(loan));
            }),
            false => Ok(returned),
        }
    }

    /// Where any object may be a result, one that can be awaited is so only if an `async def` gave it.
    #[inline]
    fn is_awaited(&self, returned: &Bound<'_, PyAny>) -> bool {
        // SAFETY: the object is alive.
        loan::is_awaitable(returned)
            && (!self.has_handles || unsafe { ffi::PyCoro_CheckExact(returned.as_ptr()) } != 0)
    }

    /// What is to be written: an exception that is the `err` of the type is that.
    fn given<'py>(&self, given: Given<'py>, py: Python<'py>) -> Result<Side<'py>, Fault> {
        let is_result = self.result.as_ref().is_some_and(cases::is_result);
        match given {
            Ok(value) => Ok(Side::Value(value)),
            Err(Fault::Set) if is_result => {
                let raised = PyErr::fetch(py);
                match payload_of(&raised, py)? {
                    Some(payload) => Ok(Side::Err(payload)),
                    None => Err(raised.into()),
                }
            }
            Err(fault) => Err(fault),
        }
    }

    fn put<'py>(
        &self,
        to: &mut Encoder<'_, 'py>,
        given: &Side<'py>,
    ) -> Result<(), super::wrong::Wrong> {
        let py = to.py;
        let Some(plan) = &self.result else {
            return match given {
                Side::Value(value) if value.is_none() => Ok(()),
                Side::Value(value) | Side::Err(value) => Err(super::wrong::other("nothing", value)),
            };
        };
        let How::Result(ok, err) = &plan.how else {
            return match given {
                Side::Value(value) | Side::Err(value) => to.put(plan, value),
            };
        };
        let (ok, err) = (ok.as_deref(), err.as_deref());
        match given {
            Side::Err(payload) => cases::side(to, 1, err, payload, "err"),
            Side::Value(value) if ok.is_some_and(cases::is_result) => {
                cases::side(to, 0, ok, value, "ok")
            }
            Side::Value(value) => {
                let is_ok = value.is_instance(class(py, &OK, "Ok")?)?;
                match is_ok || value.is_instance(class(py, &ERR, "Err")?)? {
                    true => to.put(plan, value),
                    false => cases::side(to, 0, ok, value, "ok"),
                }
            }
        }
    }
}

/// What a host function gives: a value, or what its exception holds.
enum Side<'py> {
    Value(Bound<'py, PyAny>),
    Err(Bound<'py, PyAny>),
}

static WIT_ERROR: Lazy<Py<PyAny>> = Lazy::new();

/// What an exception says to a guest, if it is for guests.
fn payload_of<'py>(raised: &PyErr, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let class = WIT_ERROR.import(py, "landbridge.errors", "WitError")?;
    let raised = raised.value(py);
    match raised.is_instance(class)? {
        true => Ok(Some(raised.getattr(PyString::intern(py, "payload"))?)),
        false => Ok(None),
    }
}

impl WitHost for HostFunction {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> lb::Result<WitFrame> {
        let _attached = gil::Attached::for_host();
        gil::held(|py| self.run(py, context, ty, args)).map_err(carry_told)
    }

    fn check(&self, _name: &str, ty: &WitFuncType) -> lb::Result<()> {
        match ty.params.len() == self.params.len() {
            true => Ok(()),
            false => Err(Error::new(
                lb::ErrorKind::Internal,
                "a plan of another function",
            )),
        }
    }
}
