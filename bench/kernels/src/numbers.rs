//! Pseudo-random numbers and words, and primes.

/// Numbers from a seed (xorshift).
pub(crate) struct Numbers(u32);

const SYLLABLES: [&str; 16] = [
    "ba", "den", "ri", "sol", "ka", "mun", "te", "vor", "li", "nas", "qui", "po", "gra", "ex", "fu", "zy",
];

impl Numbers {
    pub(crate) fn new(seed: u32) -> Numbers {
        Numbers(seed.wrapping_mul(0x9e37_79b9) | 1)
    }

    pub(crate) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.next() % bound
    }

    /// Adds a word of up to three syllables.
    pub(crate) fn word(&mut self, to: &mut String) {
        for _ in 0..=self.below(3) {
            to.push_str(SYLLABLES[self.below(16) as usize]);
        }
    }

    /// Words with blanks between them.
    pub(crate) fn words(&mut self, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            self.word(&mut text);
            text.push(' ');
        }
        text
    }
}

pub(crate) fn sieve(size: usize, mut numbers: Numbers) -> u32 {
    let size = size + numbers.below(16) as usize;
    let mut composite = vec![false; size];
    let mut sum = 0_u32;
    for at in 2..size {
        if composite[at] {
            continue;
        }
        sum = sum.wrapping_mul(31).wrapping_add(at as u32);
        let mut multiple = at.saturating_mul(at);
        while multiple < size {
            composite[multiple] = true;
            multiple += at;
        }
    }
    sum
}
