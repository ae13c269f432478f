//! Another static library of Rust, with a standard library of its own.

#[no_mangle]
pub extern "C" fn other_sum(count: u32) -> u32 {
    let caught = std::panic::catch_unwind(|| (0..count).collect::<Vec<_>>().iter().sum());
    caught.unwrap_or(0)
}
