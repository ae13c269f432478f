//! The class of functions: what the interpreter calls by its slots, its methods and properties.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::offset_of;
use std::ptr;
use std::sync::atomic::Ordering;

use landbridge::{self as lb, Error, ErrorKind};
use pyo3::IntoPyObjectExt;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::call::{check_count, of_type, positional};
use super::{CALLS, CLASS, Func, native, of, wrap};
use crate::batch::{self, Few, Given};
use crate::call::{self, Scope};
use crate::callable;
use crate::exception;
use crate::gil;
use crate::guard::{Fault, guard_call, guard_status};
use crate::lazy::Lazy;
use crate::read::not_a;
use crate::store::{Store, hash_in};
use crate::types;

/// The class, for the module. Made once.
pub(crate) fn class(py: Python<'_>) -> PyResult<Py<PyAny>> {
    // SAFETY: the specification and its tables are complete, end with a null entry, and the
    // tables live for ever; the functions in them have the signatures their slots ask for.
    unsafe {
        let mut slots = slots();
        let mut spec = ffi::PyType_Spec {
            name: c"landbridge.Func".as_ptr(),
            basicsize: size_of::<Func>() as c_int,
            itemsize: 0,
            flags: (ffi::Py_TPFLAGS_DEFAULT
                | ffi::Py_TPFLAGS_HAVE_GC
                | ffi::Py_TPFLAGS_HAVE_VECTORCALL) as _,
            slots: slots.as_mut_ptr(),
        };
        let class = ffi::PyType_FromSpec(&raw mut spec);
        let class = Bound::from_owned_ptr_or_err(py, class)?;
        share(&class, DOC)?;
        (*class.as_ptr().cast::<ffi::PyTypeObject>()).tp_flags |= ffi::Py_TPFLAGS_IMMUTABLETYPE;
        let _ = CALLS.set(of_type);
        CLASS.store(class.as_ptr().cast(), Ordering::Relaxed);
        // One reference stays with the static for ever.
        Ok(class.clone().unbind())
    }
}

const DOC: &str = "A function of a guest, or one of Python's in a store: called like any other.

Func(store, type, callable) makes one of a callable of Python's, for tables and imports.";

/// The interpreter puts the documentation of the class where that of an object would be.
const OF_OBJECT: &str = "_doc";

/// Gives the class itself what its objects have under the same names.
pub(crate) fn share(class: &Bound<'_, PyAny>, doc: &'static str) -> PyResult<()> {
    let py = class.py();
    let attributes = class.getattr("__dict__")?;
    let names = [
        ("__doc__", OF_OBJECT, Some(doc)),
        ("__signature__", "__signature__", None),
    ];
    for (name, from, of_class) in names {
        let of_object = attributes.get_item(from)?.unbind();
        let shared = Shared {
            of_class,
            of_object,
        };
        class.setattr(name, Py::new(py, shared)?)?;
    }
    class.delattr(OF_OBJECT)
}

/// An attribute that means one thing of the class and another of its objects.
#[pyclass(frozen, module = "landbridge._native")]
struct Shared {
    of_class: Option<&'static str>,
    of_object: Py<PyAny>,
}

#[pymethods]
impl Shared {
    fn __get__<'py>(
        &self,
        object: &Bound<'py, PyAny>,
        class: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = object.py();
        match object.is_none() {
            true => self.of_class.into_bound_py_any(py),
            false => self
                .of_object
                .bind(py)
                .call_method1("__get__", (object, class)),
        }
    }
}

/// `Func(store, type, callable)`: a host function that can be put into a table or lent.
unsafe extern "C" fn new(
    _class: *mut ffi::PyTypeObject,
    args: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    guard_call(|| {
        gil::held(|py| {
            // SAFETY: the interpreter gives a tuple, and a dict or null.
            let (args, keywords) = unsafe {
                (
                    Bound::from_borrowed_ptr(py, args).cast_into_unchecked::<PyTuple>(),
                    Bound::from_borrowed_ptr_or_opt(py, keywords)
                        .map(|k| k.cast_into_unchecked::<PyDict>()),
                )
            };
            if keywords.is_some_and(|keywords| !keywords.is_empty()) {
                let text = "Func takes no keyword arguments";
                return Err(Error::new(ErrorKind::Type, text).into());
            }
            if args.len() != 3 {
                let text = format!(
                    "Func takes a store, a type and a callable, got {}",
                    args.len()
                );
                return Err(Error::new(ErrorKind::Type, text).into());
            }
            let (store, ty, callable) =
                args.extract::<(Bound<'_, Store>, Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            if !callable.is_callable() {
                return Err(not_a(&callable, "Func", "a callable"));
            }
            let host = callable::host_func(&callable, store.get().roots())?;
            let native = lb::Func::new(store.get().native(), &types::signature(&ty)?, host)?;
            Ok(wrap(py, native, &store.unbind())?.into_ptr())
        })
    })
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the interpreter gives the last reference to an object of this class. Its fields are
    // dropped once, its memory is freed the way it was allocated, and its class is let go of.
    let freed = guard_status(|| unsafe {
        let class = ffi::Py_TYPE(object);
        let func = object.cast::<Func>();
        ffi::PyObject_GC_UnTrack(object.cast());
        if !(*func).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(object);
        }
        gil::held(|_| {
            ptr::drop_in_place(&raw mut (*func).native);
            ptr::drop_in_place(&raw mut (*func).store);
        });
        ffi::PyObject_GC_Del(object.cast());
        ffi::Py_DECREF(class.cast());
        Ok(())
    });
    debug_assert_eq!(freed, 0);
}

unsafe extern "C" fn traverse(
    object: *mut ffi::PyObject,
    visit: ffi::visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the collector gives an object of this class; nothing is changed.
    unsafe {
        let seen = visit(ffi::Py_TYPE(object).cast(), arg);
        if seen != 0 {
            return seen;
        }
        visit(of(object).store.as_ptr(), arg)
    }
}

unsafe extern "C" fn repr(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the object is alive.
    text(unsafe { of(object) }, |func| format!("<{}>", func.shown()))
}

unsafe extern "C" fn compare(
    a: *mut ffi::PyObject,
    b: *mut ffi::PyObject,
    op: c_int,
) -> *mut ffi::PyObject {
    guard_call(|| {
        gil::held(|py| {
            // SAFETY: both are alive.
            let (a, b) = unsafe {
                (
                    Bound::from_borrowed_ptr(py, a),
                    Bound::from_borrowed_ptr(py, b),
                )
            };
            let (Some(left), Some(right)) = (native(&a), native(&b)) else {
                return Ok(py.NotImplemented().into_ptr());
            };
            let answer = match op {
                ffi::Py_EQ => left.same(right),
                ffi::Py_NE => !left.same(right),
                _ => return Ok(py.NotImplemented().into_ptr()),
            };
            Ok(answer
                .into_pyobject(py)
                .map(|b| b.to_owned().into_ptr())
                .unwrap_or_default())
        })
    })
}

/// Functions that are equal live in one store and have one type.
unsafe extern "C" fn hash(object: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: the object is alive.
    let func = unsafe { of(object) };
    // The top bit is left out: -1 would mean an error.
    (hash_in(&func.store, func.native.ty()) >> 1) as ffi::Py_hash_t
}

/// A text made from the function.
fn text(func: &Func, what: impl FnOnce(&lb::Func) -> String) -> *mut ffi::PyObject {
    guard_call(|| gil::held(|py| Ok(PyString::new(py, &what(&func.native)).into_any().into_ptr())))
}

unsafe extern "C" fn get_name(object: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the object is alive.
    text(unsafe { of(object) }, |func| func.name().to_owned())
}

unsafe extern "C" fn get_doc(object: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the object is alive.
    text(unsafe { of(object) }, |func| {
        let shown = func.shown();
        shown.strip_prefix("Func ").unwrap_or(&shown).to_owned()
    })
}

unsafe extern "C" fn get_type(object: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the object is alive.
    let func = unsafe { of(object) };
    guard_call(|| gil::held(|py| Ok(types::wrap_func(py, func.native.ty())?.into_ptr())))
}

unsafe extern "C" fn get_store(object: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the object is alive.
    let func = unsafe { of(object) };
    guard_call(|| gil::held(|py| Ok(func.store.clone_ref(py).into_ptr())))
}

unsafe extern "C" fn get_signature(
    object: *mut ffi::PyObject,
    _: *mut c_void,
) -> *mut ffi::PyObject {
    static SIGNATURE: Lazy<Py<PyAny>> = Lazy::new();
    // SAFETY: the object is alive.
    let func = unsafe { of(object) };
    guard_call(|| {
        gil::held(|py| {
            let make = SIGNATURE.import(py, "landbridge._names", "signature")?;
            let ty = types::wrap_func(py, func.native.ty())?;
            Ok(make.call1((ty,))?.into_ptr())
        })
    })
}

/// A table for the interpreter, which only reads it.
struct Table<T, const N: usize>([T; N]);

// SAFETY: never written.
unsafe impl<T, const N: usize> Sync for Table<T, N> {}

const fn property(name: &'static CStr, doc: &'static CStr, get: ffi::getter) -> ffi::PyGetSetDef {
    ffi::PyGetSetDef {
        name: name.as_ptr(),
        get: Some(get),
        set: None,
        doc: doc.as_ptr(),
        closure: ptr::null_mut(),
    }
}

/// `call_async(*args)`: calls it, and does not wait.
unsafe extern "C" fn call_async(
    callee: *mut ffi::PyObject,
    args: *mut *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
) -> *mut ffi::PyObject {
    guard_call(|| {
        // SAFETY: the interpreter calls with the object alive and so many arguments.
        let (func, args) = unsafe { (of(callee), positional(args, count as usize)) };
        check_count(func, args)?;
        gil::held(|py| {
            // SAFETY: all of them are alive during the call.
            let object = |it: &*mut ffi::PyObject| unsafe { Bound::from_borrowed_ptr(py, *it) };
            let what = object(&callee);
            let args = PyTuple::new(py, args.iter().map(object).collect::<Vec<_>>())?;
            let store = func.store.get();
            let scope = Scope::in_store(store.native());
            Ok(call::start(store.line(py)?, scope, &what, args)?.into_ptr())
        })
    })
}

/// `map(*columns, rows=None, out=None)`: calls it once a row.
unsafe extern "C" fn map(
    callee: *mut ffi::PyObject,
    args: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    guard_call(|| {
        gil::held(|py| {
            // SAFETY: the interpreter calls with the object alive, so many arguments, and behind them one for each
            // name in the tuple, which may be null.
            let (func, args, names) = unsafe {
                let names = Bound::from_borrowed_ptr_or_opt(py, keywords);
                let names = names.map(|it| it.cast_into_unchecked::<PyTuple>());
                let all = count as usize + names.as_ref().map_or(0, |it| it.len());
                (of(callee), positional(args, all), names)
            };
            // SAFETY: all of them are alive during the call.
            let object = |it: &*mut ffi::PyObject| unsafe { Bound::from_borrowed_ptr(py, *it) };
            let (columns, named) = args.split_at(count as usize);
            let columns: Few<_> = columns.iter().map(object).collect();
            let mut given = Given {
                columns: &columns,
                rows: None,
                out: None,
            };
            for (name, value) in names.iter().flatten().zip(named) {
                let value = Some(object(value)).filter(|it| !it.is_none());
                match name.extract::<&str>()? {
                    "rows" => given.rows = value,
                    "out" => given.out = value,
                    other => return Err(unknown_keyword(func, other)),
                }
            }
            let failed = |error| exception::thrown(error, &func.store);
            Ok(batch::map(py, &func.native, &given, failed)?.into_ptr())
        })
    })
}

#[cold]
fn unknown_keyword(func: &Func, name: &str) -> Fault {
    let func = lb::text::name(func.native.name());
    let text = format!(
        "map of {func} takes rows and out, not {}",
        lb::text::quoted(name)
    );
    Error::new(ErrorKind::Type, text).into()
}

static METHODS: Table<ffi::PyMethodDef, 3> = Table([
    ffi::PyMethodDef {
        ml_name: c"map".as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunctionFastWithKeywords: map,
        },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
        ml_doc: c"map($self, /, *columns, rows=None, out=None)\n--\n\nCalls it once a row, over columns of numbers."
            .as_ptr(),
    },
    ffi::PyMethodDef {
        ml_name: c"call_async".as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunctionFast: call_async,
        },
        ml_flags: ffi::METH_FASTCALL,
        ml_doc: c"call_async($self, /, *args)\n--\n\nCalls it, and does not wait.".as_ptr(),
    },
    ffi::PyMethodDef::zeroed(),
]);

static PROPERTIES: Table<ffi::PyGetSetDef, 8> = Table([
    property(c"__name__", c"The name it was exported by.", get_name),
    property(c"__qualname__", c"The name it was exported by.", get_name),
    property(c"_doc", c"The name and the signature.", get_doc),
    property(c"__signature__", c"For inspect.signature.", get_signature),
    property(c"name", c"The name it was exported by.", get_name),
    property(c"type", c"The signature.", get_type),
    property(c"store", c"The store it lives in.", get_store),
    ffi::PyGetSetDef {
        name: ptr::null::<c_char>(),
        get: None,
        set: None,
        doc: ptr::null(),
        closure: ptr::null_mut(),
    },
]);

const fn offset(name: &'static CStr, offset: usize) -> ffi::PyMemberDef {
    ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as ffi::Py_ssize_t,
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    }
}

static MEMBERS: Table<ffi::PyMemberDef, 3> = Table([
    offset(c"__vectorcalloffset__", offset_of!(Func, call)),
    offset(c"__weaklistoffset__", offset_of!(Func, weak_references)),
    ffi::PyMemberDef {
        name: ptr::null(),
        type_code: 0,
        offset: 0,
        flags: 0,
        doc: ptr::null(),
    },
]);

/// The signature of the class.
const SIGNATURE: &CStr = c"Func(store, type, callable, /)\n--\n\n";

fn slots() -> [ffi::PyType_Slot; 13] {
    let slot = |slot, pfunc| ffi::PyType_Slot { slot, pfunc };
    [
        slot(ffi::Py_tp_new, new as *mut c_void),
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_call, ffi::PyVectorcall_Call as *mut c_void),
        slot(ffi::Py_tp_doc, SIGNATURE.as_ptr().cast_mut().cast()),
        slot(ffi::Py_tp_repr, repr as *mut c_void),
        slot(ffi::Py_tp_richcompare, compare as *mut c_void),
        slot(ffi::Py_tp_hash, hash as *mut c_void),
        slot(ffi::Py_tp_methods, (&raw const METHODS).cast_mut().cast()),
        slot(ffi::Py_tp_getset, (&raw const PROPERTIES).cast_mut().cast()),
        slot(ffi::Py_tp_members, (&raw const MEMBERS).cast_mut().cast()),
        slot(ffi::Py_tp_free, ffi::PyObject_GC_Del as *mut c_void),
        slot(0, ptr::null_mut()),
    ]
}
