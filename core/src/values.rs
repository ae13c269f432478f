//! Values: what goes into a guest and comes out of it, and the types of all that does.

pub(crate) mod exception;
pub(crate) mod gc;
pub(crate) mod types;
pub(crate) mod value;
