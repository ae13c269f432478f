//! The sorts of the standard library.

use crate::numbers::Numbers;

pub(crate) fn both(size: usize, mut numbers: Numbers) -> u32 {
    let mut list: Vec<u32> = (0..size).map(|_| numbers.next()).collect();
    list.sort_unstable();
    let text = numbers.words(size / 10);
    let mut words: Vec<&str> = text.split(' ').collect();
    words.sort();
    let middle = words[words.len() / 2];
    list[size / 2].wrapping_add(crate::sum(middle.as_bytes()))
}
