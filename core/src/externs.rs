//! Externs: what modules import and export, as a host holds it. Each belongs to a store.

mod any;
pub(crate) mod few;
pub(crate) mod func;
pub(crate) mod global;
pub(crate) mod identity;
pub(crate) mod memory;
pub(crate) mod shown;
pub(crate) mod table;
pub(crate) mod tag;
pub(crate) mod typed;
