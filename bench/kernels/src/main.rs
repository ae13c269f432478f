//! The kernels as native code, by the protocol of `bench/README.md`: `kernels-native NAME=SIZE=CHECKSUM ...`.
//! Before anything is measured, each has to return its checksum, with seed 1.

use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use kernels::{KERNELS, Kernel};

type Case = (String, Kernel, u32);

fn main() {
    let cases: Vec<Case> = std::env::args().skip(1).map(|it| case(&it)).collect();
    let names: Vec<&str> = cases.iter().map(|it| &*it.0).collect();
    println!("ready {}", names.join(" "));
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let (name, count) = line.split_once(' ').expect("CASE ITERATIONS");
        let (_, run, size) = cases.iter().find(|it| it.0 == name).expect("a known case");
        let count: u64 = count.parse().expect("a number of iterations");
        let start = Instant::now();
        for _ in 0..count {
            black_box(run(black_box(*size), 1));
        }
        println!("{}", start.elapsed().as_nanos());
        std::io::stdout().flush().expect("standard output is open");
    }
}

fn case(text: &str) -> Case {
    let parts: Vec<&str> = text.split('=').collect();
    let [name, size, checksum] = *parts else {
        panic!("{text} is not NAME=SIZE=CHECKSUM");
    };
    let found = KERNELS.iter().find(|it| it.0 == name);
    let run = found.expect("a kernel of this name").1;
    let size = size.parse().expect("a size");
    let sum = run(size, 1).to_string();
    assert_eq!(sum, checksum, "{name} of {size} returned another checksum");
    (name.to_owned(), run, size)
}
