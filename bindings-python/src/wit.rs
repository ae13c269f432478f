//! Components: what their types, values, functions and resources are in Python.

pub(crate) mod blobs;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod func;
pub(crate) mod handle;
pub(crate) mod host;
pub(crate) mod lend;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod sink;
pub(crate) mod types;
pub(crate) mod value;
pub(crate) mod wit_type;
pub(crate) mod world;
pub(crate) mod wrong;
