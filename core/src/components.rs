//! Components: modules whose functions take and give strings, lists, records, variants and resources.

mod bridge;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod exports;
pub(crate) mod frame;
pub(crate) mod func;
mod handles;
pub(crate) mod host;
pub(crate) mod lane;
mod lent;
pub(crate) mod link;
pub(crate) mod linked;
pub(crate) mod naming;
pub(crate) mod numbers;
pub(crate) mod resource;
pub(crate) mod resources;
pub(crate) mod shapes;
pub(crate) mod state;
mod text;
pub(crate) mod typed;
pub(crate) mod types;
pub(crate) mod value;
mod walk;
mod wave;
pub(crate) mod world;
mod wrong;
