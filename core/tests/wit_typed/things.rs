//! Components that take, make and keep resources.

/// Imports `thing`, exports `mine`.
pub(crate) const GUEST: &str = include_str!("../../../conformance/modules/things.wat");

/// Exports an interface with a resource; what was dropped is counted.
pub(crate) const MAKER: &str = include_str!("../../../conformance/modules/maker.wat");
