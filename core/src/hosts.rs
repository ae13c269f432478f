//! Hosts: what bindings to other languages stand on.

pub(crate) mod context;
pub mod frame;
pub mod given;
pub(crate) mod habits;
pub(crate) mod handle;
pub mod host;
pub(crate) mod lent;
pub(crate) mod panic_hook;
pub mod wit;
