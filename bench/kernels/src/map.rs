//! A hash map with the standard library's own hash.

use std::collections::HashMap;

use crate::numbers::Numbers;

pub(crate) fn count(size: usize, mut numbers: Numbers) -> u32 {
    let text = numbers.words(size);
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_default() += 1;
    }
    // In no order, as a map gives them.
    let sums = counts.iter().map(|(word, count)| crate::sum(word.as_bytes()).wrapping_mul(*count));
    sums.fold(0, u32::wrapping_add)
}
