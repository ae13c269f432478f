//! Texts that a host gives for guests: what is wrong with them is said in core, in the same words in
//! every host.

pub use crate::module_file::read_from as module_from;
pub use crate::near::did_you_mean;
pub use crate::policy::{argument, not_unicode, variable};
pub use crate::wasi::is_provided;
