//! Batches: a function is called once a row, over columns, within one call of the store.

pub(crate) mod apart;
pub(crate) mod batch;
pub(crate) mod bitmap;
mod check;
mod chunk;
pub(crate) mod driver;
pub(crate) mod drivers;
mod layout;
mod picks;
mod run;
pub(crate) mod slices;

use batch::{Batch, Columns, MapArg};
