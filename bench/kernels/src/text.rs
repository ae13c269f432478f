//! Text in UTF-8.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::numbers::Numbers;

const WORDS: [&str; 8] = [
    "grüße", "cafe\u{301}", "Привет", "日本語", "naïve", "house", "e\u{301}te\u{301}", "👩\u{200d}💻",
];

pub(crate) fn work(size: usize, mut numbers: Numbers) -> u32 {
    let mut text = String::new();
    for _ in 0..size {
        text.push_str(WORDS[numbers.below(8) as usize]);
        text.push(' ');
    }
    let composed: String = text.nfc().collect();
    let graphemes = composed.graphemes(true).count() as u32;
    let capitals = composed.to_uppercase();
    let again = std::str::from_utf8(capitals.as_bytes()).expect("it is UTF-8");
    crate::sum(again.as_bytes()).wrapping_add(graphemes)
}
