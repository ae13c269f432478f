//! Texts that a host gives for guests: core makes the error for a wrong one, in the same words in
//! every host.

pub use crate::module_file::read_from as module_from;
pub use crate::near::did_you_mean;
pub use crate::policy::{address_of, argument, not_unicode, variable};
pub use crate::wasi::is_provided;
use crate::{Limits, Result, strict};

/// Reads limits from a JSON file, as [`Policy::from_file`](crate::Policy::from_file) reads a policy.
///
/// # Errors
/// `io` if the file cannot be read, otherwise as [`Limits::from_json`].
pub fn limits_from(path: &std::path::Path) -> Result<Limits> {
    strict::from_file(path, Limits::from_json)
}
