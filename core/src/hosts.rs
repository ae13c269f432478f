//! Hosts: what bindings to other languages stand on.

pub mod frame;
pub mod given;
pub mod handle;
pub mod host;
