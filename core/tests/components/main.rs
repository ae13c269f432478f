//! Components: what their calls promise.

mod acts;
mod calls_async;
mod limits;
mod missing;
mod pools;
