//! Instances: a module with its imports, alone, in a pool or as a program.

pub(crate) mod host_call;
pub(crate) mod imports;
pub(crate) mod initialize;
pub(crate) mod instance;
pub(crate) mod missing;
pub(crate) mod pool;
pub(crate) mod program;
pub(crate) mod template;
