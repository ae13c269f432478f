//! Imports: what Python lends to a module, and host functions as the core calls them.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, OnceLock};

use landbridge::host::Loan;
use landbridge::{
    self as lb, Error, ErrorKind, Extern, ExternType, FuncType, HostContext, HostFunc, ImportType,
    Slot, Value,
};
use pyo3::exceptions::PyKeyError;
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString, PyTuple, PyType};

use crate::call;
use crate::exports::{self, Exports};
use crate::func;
use crate::gil;
use crate::global::Global;
use crate::guard::{Fault, carry, guard};
use crate::instance::Instance;
use crate::kept::{Lent, Roots, gone};
use crate::memory::Memory;
use crate::store::Store;
use crate::table::Table;
use crate::tag::Tag;
use crate::value;

/// Takes what `module` asks for out of mappings, objects with attributes and instances. What of it
/// is Python's, `roots` keep.
pub(crate) fn lend(
    module: &lb::Module,
    given: Option<&Bound<'_, PyAny>>,
    roots: &Arc<Roots>,
) -> Result<lb::Imports, Fault> {
    let mut imports = lb::Imports::new();
    let Some(given) = given.filter(|given| !given.is_none()) else {
        return Ok(imports);
    };
    let mut is_missing = false;
    for import in module.imports() {
        if let Some(space) = look_up(given, &import.module)?
            && let Some(item) = look_up(&space, &import.name)?
        {
            put(&mut imports, import, &item, roots)?;
        } else {
            is_missing |= !lb::given::is_provided(&import.module, &import.name);
        }
    }
    if is_missing {
        offer(&mut imports, given)?;
    }
    Ok(imports)
}

/// The most names that are told the core of what was given.
const OFFERED: usize = 1000;

/// Tells the core what else was given, for the message about what is missing.
fn offer(imports: &mut lb::Imports, given: &Bound<'_, PyAny>) -> Result<(), Fault> {
    let mut left = OFFERED;
    for (name, space) in names_of(given)? {
        if space.is_callable() || native(&space).is_some() {
            imports.offer(None, &name);
        }
        for (inner, _) in names_of(&space)?.into_iter().take(left) {
            imports.offer(Some(&name), &inner);
            left -= 1;
        }
    }
    Ok(())
}

/// The names that a dict has, or an object in its own; none of another mapping, which may make them.
fn names_of<'py>(place: &Bound<'py, PyAny>) -> Result<Vec<(String, Bound<'py, PyAny>)>, Fault> {
    let own = match place.cast::<PyDict>() {
        Ok(dict) => Some(dict.clone()),
        Err(_) if place.is_instance_of::<PyModule>() => None,
        Err(_) => {
            let own = place.getattr_opt("__dict__")?;
            own.and_then(|own| own.cast_into::<PyDict>().ok())
        }
    };
    let items = own.iter().flat_map(|dict| dict.iter()).take(OFFERED);
    let named = items.filter_map(|(name, item)| Some((name.extract().ok()?, item)));
    Ok(named.collect())
}

fn look_up<'py>(place: &Bound<'py, PyAny>, name: &str) -> Result<Option<Bound<'py, PyAny>>, Fault> {
    let py = place.py();
    if let Ok(dict) = place.cast::<PyDict>() {
        return Ok(dict.get_item(name)?);
    }
    if let Ok(instance) = place.cast::<Instance>() {
        return look_up(instance.get().exports().bind(py), name);
    }
    if place.is_instance_of::<Exports>() || place.cast::<PyMapping>().is_ok() {
        return match place.get_item(name) {
            Err(e) if e.is_instance_of::<PyKeyError>(py) => Ok(None),
            found => Ok(Some(found?)),
        };
    }
    Ok(attribute(place, name)?)
}

/// An attribute that is lent: the guest chose the name, and much of an object is not meant for it.
fn attribute<'py>(place: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    if name.starts_with('_') {
        return Ok(None);
    }
    let module = place.cast::<PyModule>().ok();
    if let Some(module) = module
        && let Some(all) = module.dict().get_item("__all__")?
    {
        return match all.contains(name)? {
            true => module.getattr_opt(name),
            false => Ok(None),
        };
    }
    if let Ok(class) = place.cast::<PyType>()
        && !defines(class, name)?
    {
        return Ok(None);
    }
    let Some(found) = place.getattr_opt(name)? else {
        return Ok(None);
    };
    let is_lent = !found.is_instance_of::<PyModule>()
        && module.map_or(Ok(true), |module| is_own(module, &found))?;
    Ok(is_lent.then_some(found))
}

/// Whether a class or a base of it defines a name, and not only its own class: `mro`, or `register`.
fn defines(class: &Bound<'_, PyType>, name: &str) -> PyResult<bool> {
    for base in class.mro().iter() {
        if base.getattr("__dict__")?.contains(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a module defines what is in it, and did not import it from another one.
fn is_own(module: &Bound<'_, PyModule>, found: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !found.is_callable() || native(found).is_some() {
        return Ok(true);
    }
    let Some(home) = found.getattr_opt("__module__")? else {
        return Ok(false);
    };
    home.eq(module.name()?)
}

fn put(
    imports: &mut lb::Imports,
    import: &ImportType,
    item: &Bound<'_, PyAny>,
    roots: &Arc<Roots>,
) -> Result<(), Fault> {
    let (module, name) = (&import.module, &import.name);
    if let Some(item) = native(item) {
        imports.define(module, name, item);
    } else if item.is_callable() {
        imports.host_func(module, name, host_func(item, roots)?);
    } else if let ExternType::Global(ty) = &import.ty {
        let place = || place(import);
        imports.value(module, name, value::lower(item, ty.content, roots, &place)?);
    } else {
        return Err(not_lendable(import, item));
    }
    Ok(())
}

/// Names an import for messages, as the core does.
fn place(import: &ImportType) -> String {
    let (module, name) = (lb::text::name(&import.module), lb::text::name(&import.name));
    format!("{module}.{name}: {}", import.ty)
}

/// What lives in a store already.
fn native(item: &Bound<'_, PyAny>) -> Option<Extern> {
    if let Some(func) = func::native(item) {
        return Some(func.clone().into());
    }
    if let Ok(memory) = item.cast::<Memory>() {
        return Some(memory.get().native().clone().into());
    }
    if let Ok(table) = item.cast::<Table>() {
        return Some(table.get().native().clone().into());
    }
    if let Ok(tag) = item.cast::<Tag>() {
        return Some(tag.get().native().clone().into());
    }
    let global = item.cast::<Global>().ok()?;
    Some(global.get().native().clone().into())
}

fn not_lendable(import: &ImportType, item: &Bound<'_, PyAny>) -> Fault {
    let given = item.get_type().name();
    let given = given.map_or_else(|_| "an object".to_owned(), |name| name.to_string());
    let place = place(import);
    let text = format!("{place}: expected a callable or an item of a store, got {given}");
    Error::new(ErrorKind::Link, text).into()
}

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

/// Arguments on the stack; the first element is room for the callee, as the protocol allows.
const ROOM: usize = 8;

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

    /// Plain values through Python's fastest protocol, with nothing allocated on the way.
    #[inline(always)]
    fn call_fast(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<(), Fault> {
        let callee = self.callee()?;
        let mut args = [const { Owned(ptr::null_mut()) }; ROOM + 1];
        for (i, ty) in ty.params().iter().enumerate() {
            args[i + 1].0 = value::lift_slot(&slots[i], *ty);
            if args[i + 1].0.is_null() {
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
            if !call::is_awaitable(&returned) {
                return lower_slots(context, ty, &returned, slots);
            }
            let store = self.lent.roots.store(py, context.store())?;
            let answer = call::answer(context, &returned, &store, None)?;
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
        match call::is_awaited(&target, &returned, ty.results())? {
            true => call::answer(context, &returned, store, caller),
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
            let store = self.lent.roots.store(py, context.store())?;
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
            let store = self.lent.roots.store(py, context.store())?;
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
        let _turn = gil::Turn::of_host();
        self.call_values(context, ty, args).map_err(carry)
    }

    fn call_raw(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> lb::Result<()> {
        let _turn = gil::Turn::of_host();
        let called = match self.takes_caller || ty.params().len() > ROOM {
            false => self.call_fast(context, ty, slots),
            true => self.call_slots(context, ty, slots),
        };
        called.map_err(carry)
    }
}

/// Who called a host function; valid during that call, on its thread, and while it is awaited.
#[pyclass(frozen, module = "landbridge")]
pub(crate) struct Caller {
    context: AtomicPtr<HostContext<'static>>,
    thread: std::thread::ThreadId,
    loan: OnceLock<Loan>,
    #[pyo3(get)]
    name: String,
    #[pyo3(get)]
    store: Py<Store>,
}

impl Caller {
    fn new(context: &HostContext<'_>, store: Py<Store>) -> Caller {
        Caller {
            context: AtomicPtr::new(ptr::from_ref(context).cast_mut().cast()),
            thread: std::thread::current().id(),
            loan: OnceLock::new(),
            name: context.name().to_owned(),
            store,
        }
    }

    fn end(&self) {
        self.context.store(ptr::null_mut(), Ordering::Relaxed);
    }

    /// The host function is awaited now.
    pub(crate) fn lend(&self, loan: Loan) {
        let _ = self.loan.set(loan);
    }

    fn find(&self, name: &str) -> lb::Result<Option<Extern>> {
        match self.loan.get() {
            Some(loan) if loan.is_open() => Ok(loan.context().export(name)),
            _ => Ok(self.context()?.export(name)),
        }
    }

    fn context(&self) -> lb::Result<&HostContext<'_>> {
        let context = self.context.load(Ordering::Relaxed);
        if context.is_null() || std::thread::current().id() != self.thread {
            let text = "a caller can only be asked while its call runs, on the same thread";
            return Err(Error::new(ErrorKind::Closed, text));
        }
        // SAFETY: the call that lent the context has not ended, and cannot end before this
        // returns: it runs further out on this very stack.
        Ok(unsafe { &*context })
    }
}

#[pymethods]
impl Caller {
    /// An export of the instance that called, or None.
    fn export<'py>(&self, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
        guard(|| match self.find(name.to_str()?)? {
            Some(item) => Ok(Some(exports::wrap(name.py(), item, &self.store)?)),
            None => Ok(None),
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}
