//! A library for WASI, called into: counts, remembers what it was told, and reads a granted file.
//! tally.go and tally.c are the same library. Rebuild, with Rust 1.96 and its target wasm32-wasip1:
//!   rustc --edition 2024 --crate-type cdylib --target wasm32-wasip1 -C opt-level=z -C strip=symbols \
//!     -C panic=abort -C codegen-units=1 -o tally_rust.wasm tally.rs

use std::sync::atomic::{AtomicI64, Ordering};

static TOTAL: AtomicI64 = AtomicI64::new(0);

/// Adds to the total, which outlives the call.
#[unsafe(no_mangle)]
pub extern "C" fn add(n: i32) -> i64 {
    TOTAL.fetch_add(n.into(), Ordering::Relaxed) + i64::from(n)
}

/// Adds up the numbers in a file, one a line; -1 if it cannot be read.
#[unsafe(no_mangle)]
pub extern "C" fn sum_file() -> i64 {
    let Ok(text) = std::fs::read_to_string("/data/numbers.txt") else {
        return -1;
    };
    text.lines().filter_map(|line| line.parse::<i64>().ok()).sum()
}

/// Writes the total to standard output.
#[unsafe(no_mangle)]
pub extern "C" fn print() {
    println!("total {}", TOTAL.load(Ordering::Relaxed));
}
