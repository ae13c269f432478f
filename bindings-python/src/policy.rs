//! Policy: what a guest may touch. The classes of its parts are in `_names.py`.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use landbridge::{self as lb, Access, Clock, Dir, Error, ErrorKind, Random, given};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

use crate::gil;
use crate::guard::{Fault, guard};
use crate::lazy;

use crate::network::{self, socket};
use crate::read::{arguments, is_a, items, not_a, number, text, text_named};
use crate::sent::{Sent, sent};

/// What the guests of a store may touch.
#[pyclass(frozen, eq, module = "landbridge")]
#[derive(PartialEq, Eq)]
pub(crate) struct Policy(pub(crate) lb::Policy);

/// Something of Python's.
type Any<'a, 'py> = &'a Bound<'py, PyAny>;

/// Something that may be missing.
type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (*, dirs=None, env=None, args=None, clock=None, random=None, network=None))]
    fn new(
        dirs: Given<'_, '_>,
        env: Given<'_, '_>,
        args: Given<'_, '_>,
        clock: Given<'_, '_>,
        random: Given<'_, '_>,
        network: Given<'_, '_>,
    ) -> PyResult<Policy> {
        guard(|| {
            let mut policy = lb::Policy::none();
            for (name, dir) in items(dirs, "dirs")? {
                let name = text_named(&name, "dirs", || "the name of a folder".to_owned())?;
                policy = grant_dir(policy, name, &dir)?;
            }
            for (name, value) in items(env, "env")? {
                let name = text_named(&name, "env", || "the name of a variable".to_owned())?;
                let value = text_named(&value, "env", || given::variable(&name))?;
                policy = policy.with_env(name, value)?;
            }
            if let Some(args) = args {
                policy = policy.with_args(arguments(args)?)?;
            }
            if let Some(clock) = clock {
                policy = policy.with_clock(lower_clock(clock)?);
            }
            if let Some(random) = random {
                policy = policy.with_random(lower_random(random)?);
            }
            if let Some(network) = network {
                policy = network::grant(policy, network)?;
            }
            Ok(Policy(policy))
        })
    }

    /// What a program that is run needs to start.
    #[staticmethod]
    fn program() -> Policy {
        Policy(lb::Policy::program())
    }

    /// Reads a policy from JSON.
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_json(text: &str) -> PyResult<Policy> {
        guard(|| Ok(Policy(lb::Policy::from_json(text)?)))
    }

    /// Reads a policy from a file of JSON.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn from_file(py: Python<'_>, path: PathBuf) -> PyResult<Policy> {
        guard(|| {
            let read = gil::detach(py, || lb::Policy::from_file(&path));
            Ok(Policy(read.map_err(Fault::Core)?))
        })
    }

    /// The policy as JSON, the same bytes in every host.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// What both grant.
    #[pyo3(signature = (by, /))]
    fn restrict(&self, by: &Bound<'_, Policy>) -> Policy {
        Policy(self.0.restrict(&by.get().0))
    }

    /// Whether everything that the other grants is granted here.
    #[pyo3(signature = (other, /))]
    fn allows(&self, other: &Bound<'_, Policy>) -> bool {
        self.0.allows(&other.get().0)
    }

    /// Whether a guest may connect to an address by TCP.
    fn allows_tcp_connect(&self, address: Any<'_, '_>, port: Any<'_, '_>) -> PyResult<bool> {
        guard(|| Ok(self.0.allows_tcp_connect(socket(address, port)?)))
    }

    /// Whether a guest may wait for connections at an address.
    fn allows_tcp_bind(&self, address: Any<'_, '_>, port: Any<'_, '_>) -> PyResult<bool> {
        guard(|| Ok(self.0.allows_tcp_bind(socket(address, port)?)))
    }

    /// Whether a guest may send to an address by UDP.
    fn allows_udp_connect(&self, address: Any<'_, '_>, port: Any<'_, '_>) -> PyResult<bool> {
        guard(|| Ok(self.0.allows_udp_connect(socket(address, port)?)))
    }

    /// Whether a guest may receive at an address by UDP.
    fn allows_udp_bind(&self, address: Any<'_, '_>, port: Any<'_, '_>) -> PyResult<bool> {
        guard(|| Ok(self.0.allows_udp_bind(socket(address, port)?)))
    }

    /// Whether a guest may resolve a name.
    fn allows_name(&self, name: Any<'_, '_>) -> PyResult<bool> {
        guard(|| Ok(self.0.allows_name(&text(name, "name")?)))
    }

    /// Whether a guest may connect by TCP to an address that this name resolved to.
    fn allows_name_port(&self, name: Any<'_, '_>, port: Any<'_, '_>) -> PyResult<bool> {
        guard(|| {
            let name = text(name, "name")?;
            Ok(self.0.allows_name_port(&name, network::port(port)?))
        })
    }

    /// Whether a guest may make a request by HTTP.
    fn allows_http(
        &self,
        scheme: Any<'_, '_>,
        host: Any<'_, '_>,
        port: Any<'_, '_>,
        method: Any<'_, '_>,
    ) -> PyResult<bool> {
        guard(|| {
            let (scheme, host) = (text(scheme, "scheme")?, text(host, "host")?);
            let (port, method) = (network::port(port)?, text(method, "method")?);
            Ok(self.0.allows_http(&scheme, &host, port, &method))
        })
    }

    #[getter]
    fn dirs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, dir) in self.0.dirs() {
            dict.set_item(name, lift_dir(py, dir)?)?;
        }
        for (name, dir) in self.0.memory_dirs() {
            dict.set_item(name, lift_memory_dir(py, dir)?)?;
        }
        Ok(dict)
    }

    #[getter]
    fn env<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.env().into_pyobject(py)
    }

    #[getter]
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.args())
    }

    #[getter]
    fn clock<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.0.clock() {
            Clock::None => py.None().into_bound_py_any(py),
            Clock::Real => "real".into_bound_py_any(py),
            Clock::Fixed(ns) => names(py, "FixedClock")?.call1((ns,)),
            Clock::Stepped { start, step } => names(py, "SteppedClock")?.call1((start, step)),
        }
    }

    #[getter]
    fn random<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.0.random() {
            Random::None => py.None().into_bound_py_any(py),
            Random::Secure => "secure".into_bound_py_any(py),
            Random::Seeded(seed) => seed.into_bound_py_any(py),
        }
    }

    #[getter]
    fn network<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        names(py, "network")?.call1((self.0.to_json(),))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.to_json().hash(&mut hasher);
        hasher.finish()
    }

    /// It travels as its JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Sent<'py>> {
        guard(|| {
            let json = self.0.to_json();
            if lb::Policy::from_json(&json)? != self.0 {
                let text = "a policy with a path that is not UTF-8 cannot be pickled";
                return Err(Error::new(ErrorKind::Unsupported, text).into());
            }
            Ok(sent(py, "policy", (json,))?)
        })
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!("<Policy {}>", self.0.to_json())
    }
}

/// A name of `_names.py`.
fn names<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    lazy::module(py, "landbridge._names")?.getattr(name)
}

/// Grants a folder of one of the classes.
fn grant_dir(policy: lb::Policy, name: String, dir: Any<'_, '_>) -> Result<lb::Policy, Fault> {
    let path = || dir.getattr("path")?.extract::<PathBuf>();
    if is_a(dir, "ReadOnly")? {
        return Ok(policy.with_read_only_dir(name, path()?)?);
    }
    if is_a(dir, "ReadWrite")? {
        return Ok(policy.with_dir(name, path()?, Access::Write)?);
    }
    if is_a(dir, "MemoryDir")? {
        let (files, access) = lower_memory_dir(dir)?;
        return Ok(policy.with_memory_dir(name, files, access)?);
    }
    let expected = "ReadOnly(path), ReadWrite(path) or MemoryDir(files)";
    Err(not_a(dir, "dirs", expected))
}

/// The files at the start, and what guests may do; the class has checked them.
fn lower_memory_dir(dir: Any<'_, '_>) -> Result<(BTreeMap<String, Vec<u8>>, Access), Fault> {
    let files = dir.getattr("files")?.extract()?;
    let access = match dir.getattr("access")?.extract()? {
        "write" => Access::Write,
        _ => Access::Read,
    };
    Ok((files, access))
}

fn lift_memory_dir<'py>(py: Python<'py>, dir: &lb::MemoryDir) -> PyResult<Bound<'py, PyAny>> {
    let files = PyDict::new(py);
    for (name, bytes) in dir.files() {
        files.set_item(name, PyBytes::new(py, bytes))?;
    }
    let access = match dir.access() {
        Access::Read => "read",
        Access::Write => "write",
    };
    names(py, "MemoryDir")?.call1((files, access))
}

fn lift_dir<'py>(py: Python<'py>, dir: &Dir) -> PyResult<Bound<'py, PyAny>> {
    let name = match dir.access {
        Access::Read => "ReadOnly",
        Access::Write => "ReadWrite",
    };
    names(py, name)?.call1((dir.path.as_os_str(),))
}

fn lower_clock(given: &Bound<'_, PyAny>) -> Result<Clock, Fault> {
    let ns = |name: &str| number(&given.getattr(name)?, name);
    if is_a(given, "FixedClock")? {
        return Ok(Clock::Fixed(ns("ns")?));
    }
    if is_a(given, "SteppedClock")? {
        let (start, step) = (ns("start_ns")?, ns("step_ns")?);
        return Ok(Clock::Stepped { start, step });
    }
    match given.extract::<&str>() {
        Ok("real") => Ok(Clock::Real),
        _ => Err(not_a(
            given,
            "clock",
            "\"real\", FixedClock, SteppedClock or None",
        )),
    }
}

fn lower_random(given: &Bound<'_, PyAny>) -> Result<Random, Fault> {
    match given.cast::<PyString>() {
        Ok(text) if text.to_str()? == "secure" => Ok(Random::Secure),
        Ok(_) => Err(not_a(given, "random", "\"secure\", a seed or None")),
        Err(_) => Ok(Random::Seeded(number(given, "random")?)),
    }
}
