//! Components: their functions are called, and call the host, with values of WIT in lanes that JavaScript writes and reads
//! (`lib/wit`).

mod call;
mod crossed;
mod host;
mod lane;
mod plain;
mod resource;
mod text;
mod world;

pub(crate) use call::{arguments, promise};
pub(crate) use host::{Asked, lend};

use crate::guard::Native;

pub(crate) const TABLES: [&[(&str, Native)]; 6] = [
    call::TABLE,
    host::TABLE,
    lane::TABLE,
    resource::TABLE,
    text::TABLE,
    world::TABLE,
];
