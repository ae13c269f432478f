//! Types: the classes of Python's for the types of one component, and the plans of its functions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use landbridge::{self as lb, ResourceType, WitType};
use pyo3::IntoPyObjectExt;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::names::{camel, snake, upper};
use super::numbers::Number;
use super::plan::{
    CasePlan, EnumPlan, FieldPlan, FlagsPlan, How, Plan, RecordPlan, Ref, ResourcePlan, VariantPlan,
};
use crate::lazy::{self, Lazy};
use crate::store::Store;

/// The classes for the types of a component. What its plans refer to, it keeps.
#[pyclass(frozen, module = "landbridge._native", name = "_Types")]
pub(crate) struct Types {
    pub(super) module: lb::Module,
    /// What exports the resources; none for the types of what is imported.
    pub(super) instance: Option<lb::Instance>,
    pub(super) store: Option<Py<Store>>,
    /// The user's own classes, by the types that they stand for.
    users: HashMap<WitType, Ref>,
    held: Mutex<Vec<Py<PyAny>>>,
    /// How types with a class cross, by where core has them.
    known: Mutex<HashMap<usize, (WitType, How)>>,
    resources: Mutex<HashMap<ResourceType, Ref>>,
    /// Classes of resources that have no methods yet.
    bare: Mutex<Vec<(ResourceType, Ref)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

static MADE: Lazy<Py<PyAny>> = Lazy::new();

/// A function of `_wit.py`.
fn made<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let import = || PyResult::Ok(lazy::module(py, "landbridge._wit")?.unbind());
    MADE.get_or_try_init(py, import)?.bind(py).getattr(name)
}

impl Types {
    pub(crate) fn new(
        py: Python<'_>,
        module: &lb::Module,
        of: Option<(&lb::Instance, &Py<Store>)>,
    ) -> PyResult<Py<Types>> {
        let users = Vec::new();
        Types::with(py, module, of, users)
    }

    /// The same with classes of the user's.
    pub(crate) fn with(
        py: Python<'_>,
        module: &lb::Module,
        of: Option<(&lb::Instance, &Py<Store>)>,
        users: Vec<(WitType, Bound<'_, PyAny>)>,
    ) -> PyResult<Py<Types>> {
        let by_type = |(ty, class): &(WitType, Bound<'_, PyAny>)| (ty.clone(), Ref(class.as_ptr()));
        let types = Types {
            module: module.clone(),
            instance: of.map(|(instance, _)| instance.clone()),
            store: of.map(|(_, store)| store.clone_ref(py)),
            users: users.iter().map(by_type).collect(),
            held: Mutex::new(users.into_iter().map(|(_, class)| class.unbind()).collect()),
            known: Mutex::default(),
            resources: Mutex::default(),
            bare: Mutex::default(),
        };
        Py::new(py, types)
    }

    /// A copy of it with classes of the user's.
    pub(super) fn with_users(
        &self,
        py: Python<'_>,
        users: Vec<(WitType, Bound<'_, PyAny>)>,
    ) -> PyResult<Py<Types>> {
        let of = self.instance.as_ref().zip(self.store.as_ref());
        Types::with(py, &self.module, of, users)
    }

    pub(super) fn keep(&self, object: Bound<'_, PyAny>) -> Ref {
        let kept = Ref(object.as_ptr());
        locked(&self.held).push(object.unbind());
        kept
    }

    fn name(&self, py: Python<'_>, name: &str) -> Ref {
        self.keep(PyString::intern(py, name).into_any())
    }

    /// How values of a type cross.
    pub(crate) fn plan(&self, py: Python<'_>, ty: &WitType) -> PyResult<Plan> {
        let of = |ty: &WitType| PyResult::Ok(Arc::new(self.plan(py, ty)?));
        let how = match ty {
            WitType::Bool => How::Bool,
            WitType::S8 => How::S8,
            WitType::U8 => How::U8,
            WitType::S16 => How::S16,
            WitType::U16 => How::U16,
            WitType::S32 => How::S32,
            WitType::U32 => How::U32,
            WitType::S64 => How::S64,
            WitType::U64 => How::U64,
            WitType::F32 => How::F32,
            WitType::F64 => How::F64,
            WitType::Char => How::Char,
            WitType::String => How::String,
            WitType::List(it) => match Number::of(it) {
                Some(number) => How::Numbers(number),
                None => How::List(of(it)?),
            },
            WitType::Tuple(it) => {
                let plans = it.iter().map(|ty| self.plan(py, ty));
                How::Tuple(plans.collect::<PyResult<Vec<_>>>()?.into())
            }
            WitType::Option(it) => How::Option(of(it)?),
            WitType::Result(it) => {
                let [ok, err] = [&it.ok, &it.err].map(|it| it.as_ref().map(of).transpose());
                How::Result(ok?, err?)
            }
            WitType::Own(it) => self.resource(py, it, true)?,
            WitType::Borrow(it) => self.resource(py, it, false)?,
            _ => self.named(py, ty)?,
        };
        let ty = ty.clone();
        Ok(Plan { ty, how })
    }

    /// Of a type with a class, looked up or made.
    fn named(&self, py: Python<'_>, ty: &WitType) -> PyResult<How> {
        let at = match ty {
            WitType::Record(it) => Arc::as_ptr(it).addr(),
            WitType::Variant(it) => Arc::as_ptr(it).addr(),
            WitType::Enum(it) => Arc::as_ptr(it).addr(),
            WitType::Flags(it) => Arc::as_ptr(it).addr(),
            _ => 0,
        };
        if let Some((_, how)) = locked(&self.known).get(&at) {
            return Ok(how.clone());
        }
        let user = self.users.get(ty).copied();
        let how = match ty {
            WitType::Record(it) => How::Record(Arc::new(self.record(py, it, user)?)),
            WitType::Variant(it) => How::Variant(Arc::new(self.variant(py, it, user)?)),
            WitType::Enum(it) => How::Enum(Arc::new(self.enumerators(py, it, user)?)),
            WitType::Flags(it) => How::Flags(Arc::new(self.flags(py, it, user)?)),
            _ => unreachable!("it has a class"),
        };
        // The type is kept, so that nothing else can be where it is.
        locked(&self.known).insert(at, (ty.clone(), how.clone()));
        Ok(how)
    }

    fn record(&self, py: Python<'_>, it: &lb::Record, user: Option<Ref>) -> PyResult<RecordPlan> {
        let mut fields = Vec::with_capacity(it.fields.len());
        let rows = PyList::empty(py);
        for field in &it.fields {
            let (spelt, plan) = (snake(&field.name), self.plan(py, &field.ty)?);
            let row = (
                &*field.name,
                &*spelt,
                self.key(py, &field.ty)?,
                field.docs.as_deref(),
            );
            rows.append(row)?;
            fields.push(FieldPlan {
                wit: field.name.clone(),
                name: self.name(py, &spelt),
                spelt,
                plan,
            });
        }
        let class = match user {
            Some(class) => class,
            None => {
                let class = made(py, "record")?.call1((label(py, &it.label)?, rows.to_tuple()))?;
                self.keep(class)
            }
        };
        Ok(RecordPlan {
            class,
            is_made: user.is_none(),
            fields: fields.into(),
        })
    }

    fn variant(
        &self,
        py: Python<'_>,
        it: &lb::Variant,
        user: Option<Ref>,
    ) -> PyResult<VariantPlan> {
        let mut plans = Vec::with_capacity(it.cases.len());
        let rows = PyList::empty(py);
        for case in &it.cases {
            plans.push(case.ty.as_ref().map(|ty| self.plan(py, ty)).transpose()?);
            let key = case.ty.as_ref().map(|ty| self.key(py, ty)).transpose()?;
            rows.append((&*case.name, camel(&case.name), key, case.docs.as_deref()))?;
        }
        // Of a user's, a dict of classes by the names of cases.
        let classes = match user {
            Some(classes) => classes.get(py).to_owned(),
            None => {
                let class = made(py, "variant")?.call1((label(py, &it.label)?, rows.to_tuple()))?;
                self.keep(class.clone());
                class.getattr("_cases_")?
            }
        };
        let mut cases = Vec::with_capacity(it.cases.len());
        for (case, plan) in it.cases.iter().zip(plans) {
            let class = classes.get_item(&*case.name)?;
            let alone = class.getattr_opt("_alone_")?.filter(|it| !it.is_none());
            cases.push(CasePlan {
                wit: case.name.clone(),
                spelt: camel(&case.name),
                class: self.keep(class),
                alone: alone.map(|it| self.keep(it)),
                is_made: user.is_none(),
                plan,
            });
        }
        let cases = cases.into();
        Ok(VariantPlan { cases })
    }

    fn enumerators(&self, py: Python<'_>, it: &lb::Enum, user: Option<Ref>) -> PyResult<EnumPlan> {
        // Of a user's, a dict of members by their names in WIT.
        let members = match user {
            Some(members) => members.get(py).to_owned(),
            None => {
                let rows = rows(py, &it.names)?;
                let class = made(py, "enumeration")?.call1((label(py, &it.label)?, rows))?;
                self.keep(class.clone());
                class.getattr("_value2member_map_")?
            }
        };
        let member = |name: &Arc<str>| PyResult::Ok(self.keep(members.get_item(&**name)?));
        let found = it.names.iter().map(member).collect::<PyResult<Vec<_>>>()?;
        Ok(EnumPlan {
            names: it.names.clone(),
            members: found.into(),
        })
    }

    fn flags(&self, py: Python<'_>, it: &lb::Flags, user: Option<Ref>) -> PyResult<FlagsPlan> {
        let class = match user {
            Some(class) => class.get(py).to_owned(),
            None => made(py, "flags")?.call1((label(py, &it.label)?, rows(py, &it.names)?))?,
        };
        let known = class.getattr("_value2member_map_")?;
        Ok(FlagsPlan {
            names: it.names.clone(),
            class: self.keep(class),
            known: self.keep(known),
        })
    }

    fn resource(&self, py: Python<'_>, it: &ResourceType, is_own: bool) -> PyResult<How> {
        let class = self.class_of(py, it)?;
        Ok(How::Resource(ResourcePlan { class, is_own }))
    }

    /// The class for a resource of a guest: one with its methods, if this component exports it.
    pub(super) fn class_of(&self, py: Python<'_>, it: &ResourceType) -> PyResult<Ref> {
        if let Some(class) = locked(&self.resources).get(it) {
            return Ok(*class);
        }
        let label = label(py, it.label())?;
        let class = made(py, "resource")?.call1((label,))?;
        // Another thread may have made one meanwhile.
        if let Some(class) = locked(&self.resources).get(it) {
            return Ok(*class);
        }
        let kept = self.keep(class);
        // Known before it has methods: they may take it.
        locked(&self.resources).insert(it.clone(), kept);
        if self.instance.is_some() {
            locked(&self.bare).push((it.clone(), kept));
        }
        Ok(kept)
    }

    /// A class of a resource that has no methods yet, or not all of them.
    pub(super) fn first_bare(&self) -> Option<(ResourceType, Ref)> {
        locked(&self.bare).first().cloned()
    }

    /// Tells that a class has all its methods.
    pub(super) fn filled(&self, class: Ref) {
        locked(&self.bare).retain(|(_, it)| *it != class);
    }

    /// What makes a type equal to another one, as an object: a text, a tuple, or its class.
    pub(super) fn key<'py>(&self, py: Python<'py>, ty: &WitType) -> PyResult<Bound<'py, PyAny>> {
        let held = |it: &Option<WitType>| it.as_ref().map(|ty| self.key(py, ty)).transpose();
        match ty {
            WitType::List(it) => ("list", self.key(py, it)?).into_bound_py_any(py),
            WitType::Option(it) => ("option", self.key(py, it)?).into_bound_py_any(py),
            WitType::Tuple(it) => {
                let keys = it.iter().map(|ty| self.key(py, ty));
                let keys = PyTuple::new(py, keys.collect::<PyResult<Vec<_>>>()?)?;
                ("tuple", keys).into_bound_py_any(py)
            }
            WitType::Result(it) => ("result", held(&it.ok)?, held(&it.err)?).into_bound_py_any(py),
            WitType::Own(it) | WitType::Borrow(it) => {
                let sort = if matches!(ty, WitType::Own(_)) {
                    "own"
                } else {
                    "borrow"
                };
                let label = it.label();
                (sort, label.interface.as_deref(), label.name.as_deref()).into_bound_py_any(py)
            }
            WitType::Record(_) | WitType::Variant(_) | WitType::Enum(_) | WitType::Flags(_) => {
                self.class(py, ty)
            }
            scalar => scalar.to_string().into_bound_py_any(py),
        }
    }

    /// The class that was made for a type.
    pub(super) fn class<'py>(&self, py: Python<'py>, ty: &WitType) -> PyResult<Bound<'py, PyAny>> {
        match self.plan(py, ty)?.how {
            How::Record(it) => Ok(it.class.get(py).to_owned()),
            How::Variant(it) => match it.cases.first() {
                Some(case) if case.is_made => case.class.get(py).getattr("_variant_"),
                Some(_) => {
                    let classes = it.cases.iter().map(|case| case.class.get(py));
                    made(py, "union")?.call1((PyTuple::new(py, classes.collect::<Vec<_>>())?,))
                }
                None => Ok(py.None().into_bound(py)),
            },
            How::Enum(it) => match it.members.first() {
                Some(member) => Ok(member.get(py).get_type().into_any()),
                None => Ok(py.None().into_bound(py)),
            },
            How::Flags(it) => Ok(it.class.get(py).to_owned()),
            How::Resource(it) => Ok(it.class.get(py).to_owned()),
            _ => self.key(py, ty),
        }
    }
}

/// What a type is called: its name in WIT, that of its interface, and its documentation.
fn label<'py>(py: Python<'py>, label: &lb::Label) -> PyResult<Bound<'py, PyTuple>> {
    let name = label.name.as_deref();
    let spelt = name.map(camel);
    let parts = (
        name,
        spelt,
        label.interface.as_deref(),
        label.docs.as_deref(),
    );
    parts.into_pyobject(py)
}

/// Names in WIT and in Python.
fn rows<'py>(py: Python<'py>, names: &[Arc<str>]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, names.iter().map(|name| (&**name, upper(name))))
}

#[pymethods]
impl Types {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(store) = &self.store {
            visit.call(store)?;
        }
        // Held for a moment only, while no code of Python's runs.
        let held = locked(&self.held);
        held.iter().try_for_each(|it| visit.call(it))
    }
}
