//! What a call of a component costs in Rust, and a call of the host from one: the engine's own typed Rust, and Landbridge's
//! ways.

mod floor;
mod ours;
mod values;

use crate::Case;

/// The cases of one way to do it.
pub(crate) fn cases(component: &[u8], lane: &str) -> Vec<Case<'static>> {
    let mut cases = match lane {
        "floor" => floor::cases(component),
        "frame" => ours::frames(component),
        "rust" => ours::typed(component),
        "value" => ours::values(component),
        other => panic!("no lane is named {other}"),
    };
    cases.extend(values::copies());
    cases
}
