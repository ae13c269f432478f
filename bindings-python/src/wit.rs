//! Components: what their types, values, functions and resources are in Python.

pub(crate) mod blobs;
pub(crate) mod call;
pub(crate) mod cases;
pub(crate) mod decode;
pub(crate) mod discard;
pub(crate) mod encode;
pub(crate) mod func;
pub(crate) mod handle;
pub(crate) mod host;
pub(crate) mod lend;
pub(crate) mod method;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod sink;
pub(crate) mod types;
pub(crate) mod wit_type;
pub(crate) mod world;
pub(crate) mod wrong;

use pyo3::prelude::*;

/// Adds what Python sees of it.
pub(crate) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<func::WitFunc>()?;
    crate::func::class::share(
        module.getattr("WitFunc")?.as_any(),
        "A function that a component exports: called like any other.",
    )?;
    module.add_class::<wit_type::PyWitType>()?;
    module.add_class::<types::Types>()?;
    module.add_class::<handle::Handle>()?;
    module.add_class::<method::Method>()?;
    crate::func::class::share(
        module.getattr("_WitMethod")?.as_any(),
        "A method of a guest's resource, with the resource.",
    )?;
    module.add_function(wrap_pyfunction!(func::wit_func, module)?)?;
    module.add_function(wrap_pyfunction!(wit_type::with_users, module)?)?;
    module.add_function(wrap_pyfunction!(world::exports, module)?)?;
    module.add_function(wrap_pyfunction!(world::missing, module)?)?;
    module.add_function(wrap_pyfunction!(world::rank, module)?)?;
    module.add_function(wrap_pyfunction!(names::spelt, module)?)?;
    Ok(())
}
