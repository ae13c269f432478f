//! WitFunc: a function of a component: called with values of Python's.

use std::cell::Cell;

use landbridge::frame::Reader;
use landbridge::host::wit::Crossing;
use landbridge::{
    self as lb, Blobs, Error, ErrorKind, FuncDef, FuncRole, TypeDef, TypeKind, WitType, WorldItem,
    text,
};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use super::blobs::Beside;
use super::call::{Given, WitCall};
use super::decode::Decoder;
use super::discard::discard;
use super::encode::Encoder;
use super::method::Method;
use super::names::snake;
use super::plan::{How, Plan};
use super::sink::{CallSink, Sorts};
use super::types::Types;
use super::wit_type::{self, PyWitType};
use crate::call::{self, Scope};
use crate::exception;
use crate::gil;
use crate::guard::{Fault, guard};
use crate::lazy::Lazy;
use crate::store::Store;

/// A function that a component exports.
#[pyclass(frozen, module = "landbridge", weakref)]
pub(crate) struct WitFunc {
    native: lb::WitFunc,
    store: Py<Store>,
    types: Py<Types>,
    params: Box<[Param]>,
    result: Option<Plan>,
    sorts: Sorts,
    /// Its own name in WIT, and whether it takes a resource first.
    own_name: String,
    is_method: bool,
    docs: Option<String>,
}

struct Param {
    spelt: String,
    place: String,
    plan: Plan,
}

thread_local! {
    /// Of calls before, for the next one.
    static BUFFERS: Cell<(Vec<u8>, Vec<u8>)> = const { Cell::new((Vec::new(), Vec::new())) };
}

/// Buffers that are larger are not kept.
const KEPT_BYTES: usize = 64 << 10;

impl WitFunc {
    /// The function of a name, long or short.
    pub(crate) fn find(types: &Bound<'_, Types>, name: &str) -> Result<Py<WitFunc>, Fault> {
        let found = WitFunc::alone(types, name)?;
        fill(types)?;
        Ok(found)
    }

    /// The same, while the classes of its resources may have no methods yet.
    fn alone(types: &Bound<'_, Types>, name: &str) -> Result<Py<WitFunc>, Fault> {
        let py = types.py();
        let (Some(instance), Some(store)) = (&types.get().instance, &types.get().store) else {
            return Err(Error::new(ErrorKind::Internal, "these types have no instance").into());
        };
        let native = gil::enter(|| instance.wit_func(name))?;
        let def = def(&types.get().module, name);
        let (ty, mut params) = (native.ty(), Vec::new());
        for (i, param) in ty.params.iter().enumerate() {
            params.push(Param {
                spelt: snake(&param.name),
                place: format!("args[{i}]"),
                plan: types.get().plan(py, &param.ty)?,
            });
        }
        let result = ty.result.as_ref();
        let result = result.map(|ty| types.get().plan(py, ty)).transpose()?;
        let found = WitFunc {
            store: store.clone_ref(py),
            types: types.clone().unbind(),
            params: params.into(),
            sorts: result.as_ref().map(Sorts::of).unwrap_or_default(),
            result,
            own_name: def.map_or_else(|| name.to_owned(), |it| it.own_name().to_owned()),
            is_method: def.is_some_and(|it| matches!(it.role, FuncRole::Method(_))),
            docs: def.and_then(|it| it.docs.as_deref().map(str::to_owned)),
            native,
        };
        Ok(Py::new(py, found)?)
    }

    /// Whether so many arguments can be enough: options at the end may be left out.
    fn check_count(&self, given: usize) -> Result<(), Fault> {
        let left = self.params.iter().skip(given);
        match given <= self.params.len() && left.clone().all(|it| it.plan.is_option()) {
            true => Ok(()),
            false => Ok(self.native.check_count(given)?),
        }
    }

    /// The arguments in their order, of which those at the end may be missing.
    fn arranged<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        keywords: &Bound<'py, PyDict>,
    ) -> Result<Bound<'py, PyTuple>, Fault> {
        let py = args.py();
        let mut all: Vec<_> = args.iter().map(Some).collect();
        for (key, value) in keywords.iter() {
            let key = key.cast::<PyString>().map_err(PyErr::from)?.to_str()?;
            let Some(at) = self.params.iter().position(|it| it.spelt == key) else {
                return Err(self.refused("takes no argument", key));
            };
            if all.get(at).is_some_and(Option::is_some) {
                return Err(self.refused("got two values for its argument", key));
            }
            all.resize(all.len().max(at + 1), None);
            all[at] = Some(value);
        }
        let missing = |(i, it): (usize, &Option<_>)| {
            it.is_none() && self.params.get(i).is_some_and(|it| !it.plan.is_option())
        };
        if let Some((i, _)) = all.iter().enumerate().find(|it| missing(*it)) {
            return Err(self.refused("lacks its argument", &self.params[i].spelt));
        }
        let all = all
            .into_iter()
            .map(|it| it.unwrap_or_else(|| py.None().into_bound(py)));
        Ok(PyTuple::new(py, all.collect::<Vec<_>>())?)
    }

    #[cold]
    fn refused(&self, why: &str, argument: &str) -> Fault {
        let name = text::name(self.native.name());
        let argument = text::quoted(argument);
        let text = format!(
            "{name} {why} {argument}: it is {}",
            text::short(self.native.ty())
        );
        Error::new(ErrorKind::Type, text).into()
    }

    fn call<'py>(&self, args: &Bound<'py, PyTuple>) -> Result<Bound<'py, PyAny>, Fault> {
        let (frame, results) = BUFFERS.take();
        let (called, frame, results) = self.call_in(args, frame, results);
        if frame.capacity() <= KEPT_BYTES && results.capacity() <= KEPT_BYTES {
            BUFFERS.set((frame, results));
        }
        called
    }

    /// Calls it with buffers, and gives them back.
    fn call_in<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        frame: Vec<u8>,
        mut results: Vec<u8>,
    ) -> (Result<Bound<'py, PyAny>, Fault>, Vec<u8>, Vec<u8>) {
        results.clear();
        let (put, mut given) = self.given(args, frame);
        let called = put.and_then(|()| self.enter(&mut given, &mut results, args.py()));
        (called, given.bytes, results)
    }

    /// Writes arguments into a buffer.
    pub(super) fn given(
        &self,
        args: &Bound<'_, PyTuple>,
        frame: Vec<u8>,
    ) -> (Result<(), Fault>, Given<Beside>) {
        let store = self.store.get();
        let mut encoder = Encoder::new(args.py(), frame, store.roots(), Some(store));
        let put = self.put(args, &mut encoder);
        let frame = encoder.frame;
        let written = put.and_then(|()| frame.written().map(drop).map_err(Fault::Core));
        let given = Given {
            bytes: frame.into_buffer(),
            beside: encoder.beside,
            objects: encoder.objects,
            _held: encoder.held,
        };
        (written, given)
    }

    /// Calls the guest.
    pub(super) fn enter<'py, B: Blobs>(
        &self,
        given: &mut Given<B>,
        results: &mut Vec<u8>,
        py: Python<'py>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let mut sink = CallSink::new(&self.sorts);
        let crossing = Crossing {
            bytes: &mut given.bytes,
            blobs: &given.beside,
            objects: &given.objects,
        };
        let called = gil::enter(|| self.native.call_host(crossing, results, &mut sink));
        match called {
            Ok(objects) => self.take(results, &mut sink, &objects, py),
            Err(error) => Err(exception::thrown(error, &self.store)),
        }
    }

    fn put<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        encoder: &mut Encoder<'_, 'py>,
    ) -> Result<(), Fault> {
        if args.len() != self.params.len() {
            self.check_count(args.len())?;
        }
        for (param, arg) in self.params.iter().zip(args.iter_borrowed()) {
            let put = encoder.put(&param.plan, &arg);
            put.map_err(|it| it.at(&param.place))?;
        }
        for _ in args.len()..self.params.len() {
            encoder.frame.byte(0);
        }
        Ok(())
    }

    fn take<'py>(
        &self,
        results: &[u8],
        sink: &mut CallSink<'_>,
        objects: &[lb::HostResource],
        py: Python<'py>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let Some(plan) = &self.result else {
            return Ok(py.None().into_bound(py));
        };
        let mut decoder = Decoder {
            py,
            frame: Reader::values(results),
            beside: sink,
            objects,
            store: Some(&self.store),
        };
        let taken = match &plan.how {
            How::Result(ok, err) => decoder.side(ok.as_deref(), err.as_deref()),
            _ => decoder.take(plan).map(Ok),
        };
        match taken {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(payload)) => Err(self.gave(&payload)?),
            Err(fault) => {
                discard(plan, results, decoder.frame.at(), self.native.store());
                Err(fault)
            }
        }
    }

    /// An `err` as text; a resource has none.
    fn told(&self, payload: &Bound<'_, PyAny>) -> Option<String> {
        let Some(How::Result(_, Some(plan))) = self.result.as_ref().map(|it| &it.how) else {
            return Some("err".to_owned());
        };
        let ty = PyWitType::new(payload.py(), &plan.ty, &self.types).ok()?;
        let told = ty.get().format(payload).ok()?;
        Some(text::of(format_args!("err({told})")))
    }

    /// The exception for an `err`.
    #[cold]
    fn gave(&self, payload: &Bound<'_, PyAny>) -> PyResult<Fault> {
        static CLASS: Lazy<Py<PyAny>> = Lazy::new();
        let py = payload.py();
        let class = CLASS.import(py, "landbridge.errors", "WitError")?;
        let raised = class.call1((payload, self.told(payload)))?;
        Ok(PyErr::from_value(raised).into())
    }
}

/// What a component says of a function of a name.
fn def<'a>(module: &'a lb::Module, name: &str) -> Option<&'a FuncDef> {
    let world = module.world()?;
    let found = world.find(name).ok()?;
    match &found.interface {
        Some(interface) => {
            let interface = world.exported().find(|it| it.name == *interface)?;
            interface.funcs.iter().find(|it| it.name == found.name)
        }
        None => world.exports.iter().find_map(|item| match item {
            WorldItem::Func(func) if func.name == found.name => Some(func),
            _ => None,
        }),
    }
}

/// Whether a function may be called with so many arguments.
pub(crate) fn check_count(func: &Bound<'_, PyAny>, given: usize) -> Result<(), Fault> {
    let func = func.cast::<WitFunc>().map_err(PyErr::from)?;
    func.get().check_count(given)
}

/// Gives classes of resources their methods. Threads that come at the same time all do it, and none waits: one that is in
/// a function of the host would wait for a thread that waits for the store.
fn fill(types: &Bound<'_, Types>) -> Result<(), Fault> {
    let py = types.py();
    while let Some((of, bare)) = types.get().first_bare() {
        let class = bare.get(py).to_owned();
        let kind = TypeKind::Resource(of);
        let Some(world) = types.get().module.world() else {
            return Ok(());
        };
        for interface in world.exported() {
            if let Some(def) = interface.types.iter().find(|it| it.kind == kind) {
                for func in interface.funcs.iter().filter(|it| is_of(it, def)) {
                    let full = format!("{}#{}", interface.name, func.name);
                    add_member(types, &class, func, &full)?;
                }
            }
        }
        let of_world = world.exports.iter().filter_map(|item| match item {
            WorldItem::Type(def) if def.kind == kind => Some(def),
            _ => None,
        });
        for def in of_world {
            for item in &world.exports {
                if let WorldItem::Func(func) = item
                    && is_of(func, def)
                {
                    add_member(types, &class, func, &func.name)?;
                }
            }
        }
        types.get().filled(bare);
    }
    Ok(())
}

/// Whether a function is of a resource.
fn is_of(func: &FuncDef, resource: &TypeDef) -> bool {
    func.resource() == Some(&*resource.name)
}

/// A function of a resource as a member of its class.
fn add_member(
    types: &Bound<'_, Types>,
    class: &Bound<'_, PyAny>,
    func: &FuncDef,
    full: &str,
) -> Result<(), Fault> {
    let member = WitFunc::alone(types, full)?;
    match func.role {
        FuncRole::Constructor(_) => class.setattr("_constructor_", member)?,
        _ => class.setattr(snake(func.own_name()), member)?,
    }
    Ok(())
}

/// The function of a name, long or short.
#[pyfunction]
#[pyo3(name = "_wit_func", signature = (types, name, /))]
pub(crate) fn wit_func(types: &Bound<'_, Types>, name: &str) -> PyResult<Py<WitFunc>> {
    guard(|| WitFunc::find(types, name))
}

/// The class that was made for a type.
pub(crate) fn class<'py>(types: &Bound<'py, Types>, ty: &WitType) -> PyResult<Bound<'py, PyAny>> {
    guard(|| {
        let class = types.get().class(types.py(), ty)?;
        fill(types)?;
        Ok(class)
    })
}

#[pymethods]
impl WitFunc {
    #[pyo3(signature = (*args, **keywords))]
    fn __call__<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| match keywords {
            None => self.call(args),
            Some(keywords) => self.call(&self.arranged(args, keywords)?),
        })
    }

    /// Calls it, and does not wait.
    #[pyo3(signature = (*args, **keywords))]
    fn call_async<'py>(
        slf: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        guard(|| {
            let func = slf.get();
            let args = match keywords {
                None => args.clone(),
                Some(keywords) => func.arranged(args, keywords)?,
            };
            func.check_count(args.len())?;
            let store = func.store.get();
            let scope = Scope::in_store(store.native());
            let call = WitCall::new(slf, &args)?;
            let none = PyTuple::empty(slf.py());
            Ok(call::start(
                store.line(slf.py())?,
                scope,
                call.as_any(),
                none,
            )?)
        })
    }

    /// A method of an object of its resource.
    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        object: &Bound<'py, PyAny>,
        class: Option<&Bound<'py, PyType>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = class;
        if object.is_none() || !slf.get().is_method {
            return Ok(slf.clone().into_any());
        }
        Method::bound(slf.as_any(), object)
    }

    /// Its own name, in Python's spelling.
    #[getter]
    fn __name__(&self) -> String {
        snake(&self.own_name)
    }

    #[getter]
    fn __qualname__(&self) -> String {
        snake(&self.own_name)
    }

    // The class shares its documentation with its objects: see `share`.
    #[getter]
    fn _doc(&self) -> String {
        let signature = self.native.ty().signature(&self.own_name);
        match &self.docs {
            Some(docs) => format!("{signature}\n\n{docs}"),
            None => signature,
        }
    }

    #[getter]
    fn __signature__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        static SIGNATURE: Lazy<Py<PyAny>> = Lazy::new();
        let make = SIGNATURE.import(slf.py(), "landbridge._wit", "signature")?;
        make.call1((Self::r#type(slf)?,))
    }

    /// Its name in WIT, as it was asked for.
    #[getter]
    fn name(&self) -> &str {
        self.native.name()
    }

    /// Its type.
    #[getter]
    fn r#type<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let func = slf.get();
        wit_type::func_type(slf.py(), func.native.ty(), &func.types)
    }

    /// The store it lives in.
    #[getter]
    fn store(&self, py: Python<'_>) -> Py<Store> {
        self.store.clone_ref(py)
    }

    /// What holds its types.
    #[getter]
    fn _types(&self, py: Python<'_>) -> Py<Types> {
        self.types.clone_ref(py)
    }

    fn __repr__(&self) -> String {
        let signature = self.native.ty().signature(&self.own_name);
        format!("<WitFunc {}>", text::of(signature))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)?;
        visit.call(&self.types)
    }
}
