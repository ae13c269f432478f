//! Components: what their calls promise.

mod limits;
