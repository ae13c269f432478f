//! Components: modules whose functions take and give strings, lists, records, variants and resources.

pub(crate) mod bridge;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod exports;
pub(crate) mod frame;
pub(crate) mod func;
pub(crate) mod host;
pub(crate) mod lane;
pub(crate) mod lent;
pub(crate) mod link;
pub(crate) mod linked;
pub(crate) mod made;
pub(crate) mod missing;
pub(crate) mod naming;
pub(crate) mod numbers;
pub(crate) mod resource;
pub(crate) mod resources;
pub(crate) mod shapes;
pub(crate) mod state;
pub(crate) mod text;
pub(crate) mod typed;
pub(crate) mod types;
pub(crate) mod value;
pub(crate) mod wave;
pub(crate) mod world;
pub(crate) mod wrong;
