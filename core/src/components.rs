//! Components: modules whose functions take and give strings, lists, records, variants and resources.

pub(crate) mod frame;
pub(crate) mod numbers;
pub(crate) mod resource;
mod text;
pub(crate) mod types;
pub(crate) mod value;
