//! A log searched with regular expressions.

use std::fmt::Write;

use regex::Regex;

use crate::numbers::Numbers;

const PATTERNS: [&str; 4] = [
    r"[a-z0-9.]+@[a-z]+\.(?:com|org|net)",
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)",
    r"\b(?:error|warning): (\w+)",
    r"took (\d+)(?:\.\d+)? ?ms$",
];

fn log(lines: usize, numbers: &mut Numbers) -> String {
    let mut text = String::new();
    for _ in 0..lines {
        let (month, day, hour) = (1 + numbers.below(12), 1 + numbers.below(28), numbers.below(24));
        write!(text, "2026-{month:02}-{day:02}T{hour:02}:00 ").expect("a string takes text");
        match numbers.below(4) {
            0 => text.push_str("error: disk full, "),
            1 => text.push_str("mail to ada.lovelace@example.org, "),
            _ => text.push_str(&numbers.words(4)),
        }
        writeln!(text, "took {}.5 ms", numbers.below(500)).expect("a string takes text");
    }
    text
}

pub(crate) fn find(size: usize, mut numbers: Numbers) -> u32 {
    let text = log(size, &mut numbers);
    let mut sum = 0_u32;
    for pattern in PATTERNS {
        let regex = Regex::new(pattern).expect("a regular expression");
        for line in text.lines() {
            for found in regex.captures_iter(line) {
                let part = found.get(found.len() - 1).map_or(0, |it| it.end() as u32);
                sum = sum.wrapping_mul(31).wrapping_add(part);
            }
        }
    }
    sum
}
