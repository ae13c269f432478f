//! Inputs that somebody else made: the seeds of the coverage-guided fuzzers, and thousands of texts and files made of
//! them, through the same functions. LANDBRIDGE_SEED and LANDBRIDGE_INPUTS say which ones and how many.

#[allow(unreachable_pub, reason = "it is a crate of its own for libFuzzer")]
#[path = "../../fuzz/guided/src/lib.rs"]
mod guided;

use std::path::Path;
use std::{env, fs, thread};

/// How many are made for each function.
const INPUTS: u64 = 10_000;

/// The most bytes of one.
const LENGTH: usize = 4096;

/// Numbers by SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Says which input it was, if the test ends while this is there.
struct Told<'a>(&'a str, u64, u64, &'a [u8]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let Told(name, seed, number, input) = self;
            eprintln!(
                "{name}: LANDBRIDGE_SEED={seed}, input {number}: \"{}\"",
                input.escape_ascii()
            );
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

/// The files of a folder of this repository that end in `ext`, in the order of their names.
fn seeds(folder: &str, ext: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|it| it.expect("a file").path());
    let mut files: Vec<_> = files
        .filter(|path| path.to_string_lossy().ends_with(ext))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| fs::read(path).expect("a file"))
        .collect()
}

/// Some bytes of one seed.
fn piece<'a>(random: &mut Random, seeds: &'a [Vec<u8>]) -> &'a [u8] {
    let seed = &seeds[random.below(seeds.len())];
    let from = random.below(seed.len());
    let to = seed.len().min(from + 1 + random.below(60));
    &seed[from..to]
}

/// A seed, changed in a few places.
fn made(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut input = seeds[random.below(seeds.len())].clone();
    for _ in 0..1 + random.below(6) {
        let at = random.below(input.len() + 1);
        let end = input.len().min(at + 1 + random.below(24));
        match random.below(7) {
            0 if at < end => input[at] = random.next() as u8,
            1 if at < end => input[at] ^= 1 << random.below(8),
            2 if at < end => drop(input.drain(at..end)),
            3 if at < end => input.extend_from_within(at..end),
            4 if at < end => drop(input.splice(at..end, piece(random, seeds).to_vec())),
            5 => input.truncate(at),
            _ => drop(input.splice(at..at, piece(random, seeds).to_vec())),
        }
    }
    input.truncate(LENGTH);
    input
}

/// Gives a function its seeds, and inputs made of them.
fn run(name: &str, more: Vec<Vec<u8>>) {
    let (_, function) = guided::ALL
        .into_iter()
        .find(|it| it.0 == name)
        .expect("a function");
    let mut seeds = seeds(&format!("fuzz/guided/corpus/{name}"), "");
    assert!(seeds.len() >= 5, "{name} has its seeds");
    seeds.extend(more);
    for (number, seed) in seeds.iter().enumerate() {
        let _told = Told(name, 0, number as u64, seed);
        function(seed);
    }
    let seed = number("LANDBRIDGE_SEED").unwrap_or(17);
    let mut random = Random(seed);
    for number in 0..number("LANDBRIDGE_INPUTS").unwrap_or(INPUTS) {
        let input = made(&mut random, &seeds);
        let _told = Told(name, seed, number, &input);
        function(&input);
    }
}

#[test]
fn policies() {
    run("policy", Vec::new());
}

#[test]
fn frames() {
    run("frame", Vec::new());
}

#[test]
fn texts() {
    run("text", seeds("conformance/modules", ".wat"));
}

#[test]
fn binaries() {
    let mut modules = seeds("conformance/modules", ".wasm");
    modules.retain(|module| module.len() <= LENGTH);
    modules
        .iter_mut()
        .for_each(|module| drop(module.drain(..8)));
    run("binary", modules);
}

#[test]
fn components() {
    run("component", Vec::new());
}

#[test]
fn values_of_components() {
    run("values", Vec::new());
}

#[test]
fn precompiled_files() {
    run("precompiled", Vec::new());
}

#[test]
fn values() {
    run("wave", Vec::new());
}
