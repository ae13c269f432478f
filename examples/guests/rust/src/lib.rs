//! The most frequent words of a text, in Rust with its standard library.
//!
//!   alloc(len) -> ptr           room for input; free(ptr, len) gives it back
//!   words(ptr, len) -> i64      the report: its address in the high 32 bits, its length in the low 32
//!
//! The report has one line for each of the 100 most frequent words: the count, a tab, the word.

use std::collections::HashMap;
use std::fmt::Write;

#[unsafe(no_mangle)]
pub extern "C" fn alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0u8; len].into_boxed_slice()).cast()
}

/// # Safety
/// `ptr` and `len` are those of one `alloc`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(ptr: *mut u8, len: usize) {
    // SAFETY: the caller gives back what `alloc` gave out.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(ptr, len)) });
}

/// # Safety
/// `ptr` points at `len` bytes of this module's memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn words(ptr: *const u8, len: usize) -> u64 {
    // SAFETY: the host wrote these bytes, and the guest is alone while it runs.
    let text = String::from_utf8_lossy(unsafe { std::slice::from_raw_parts(ptr, len) });
    let report = Box::leak(report(&text).into_boxed_str());
    (report.as_ptr() as u64) << 32 | report.len() as u64
}

fn report(text: &str) -> String {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut report = String::new();
    for (word, count) in sorted.into_iter().take(100) {
        let _ = writeln!(report, "{count}\t{word}");
    }
    report
}
