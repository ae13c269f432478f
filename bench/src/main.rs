//! The Rust drivers of the bench: `floor` is the engine's own API, `rust` is Landbridge's.
//! The protocol is in `bench/README.md`.

mod components;
mod floor;
mod kernels;
mod rust;

use std::io::{BufRead, Write};
use std::time::Instant;

/// Runs a case so many times.
type Case<'a> = (&'static str, Box<dyn FnMut(u64) + 'a>);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(|it| &**it).collect();
    match words[..] {
        ["component", ..] => component(args[1..].to_vec()),
        ["kernels", ..] => serve(kernels::cases(args[1..].to_vec())),
        ["floor", path, large, ..] => serve(floor::cases(&read(path), &read(large))),
        ["rust", path, large, ..] => serve(rust::cases(&read(path), &read(large), large)),
        ["compile", large] => compile(&read(large)),
        ["live", path, count] => live(&read(path), count.parse().expect("how many")),
        _ => {
            eprintln!(
                "usage: landbridge-bench floor|rust BENCH_WAT LARGE_WASM | compile LARGE_WASM | live WAT COUNT"
            );
            std::process::exit(2);
        }
    }
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Says how many KiB of memory so many instances take that live at the same time.
fn live(bytes: &[u8], count: usize) {
    let module = landbridge::Module::new(bytes).expect("the module compiles");
    let imports = landbridge::Imports::new();
    let instance = || module.instantiate(&imports).expect("an instance");
    drop(instance());
    let before = resident_kib();
    let all: Vec<_> = (0..count).map(|_| instance()).collect();
    println!("{}", resident_kib() - before);
    drop(all);
}

/// The memory of this process, as Linux tells it.
fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.expect("VmRSS").parse().expect("a number")
}

/// Answers each line `CASE ITERATIONS` with the nanoseconds it took.
fn serve(mut cases: Vec<Case<'_>>) {
    for (_, run) in &mut cases {
        run(10);
    }
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    println!("ready {}", names.join(" "));
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let (name, count) = line.split_once(' ').expect("CASE ITERATIONS");
        let count = count.parse().expect("a number of iterations");
        let (_, run) = cases
            .iter_mut()
            .find(|(case, _)| *case == name)
            .expect("a known case");
        let start = Instant::now();
        run(count);
        println!("{}", start.elapsed().as_nanos());
        std::io::stdout().flush().expect("standard output is open");
    }
}

/// `component LANE COMPONENT_WASM BENCH_WAT`, with `CASE ITERATIONS` behind it for who counts instructions.
fn component(args: Vec<String>) {
    let [lane, path, wat, rest @ ..] = &*args else {
        eprintln!(
            "usage: landbridge-bench component LANE COMPONENT_WASM BENCH_WAT [CASE ITERATIONS]"
        );
        std::process::exit(2);
    };
    let component = std::fs::read(path).expect("the component can be read");
    let wat = std::fs::read(wat).expect("bench.wat can be read");
    let mut cases = components::cases(&component, lane);
    let of_modules = match &**lane {
        "floor" => floor::cases(&wat, &wat),
        _ => rust::cases(&wat, &wat, path),
    };
    cases.extend(of_modules.into_iter().filter(|it| it.0 == "callback"));
    let [case, count] = rest else {
        return serve(cases);
    };
    let case = cases.iter_mut().find(|it| it.0 == case);
    let (_, run) = case.expect("a known case");
    counted(run, count.parse().expect("a number of iterations"));
}

/// What is counted, apart from what makes it ready.
#[inline(never)]
fn counted(run: &mut dyn FnMut(u64), iterations: u64) {
    run(iterations);
}

/// Says how long the large module takes to compile, where `load` takes it from the cache.
fn compile(large: &[u8]) {
    let options = landbridge::EngineOptions {
        cache: landbridge::CompileCache::Off,
        ..Default::default()
    };
    for _ in 0..5 {
        let engine = landbridge::Engine::new(options.clone()).expect("an engine");
        let start = Instant::now();
        landbridge::Module::with_engine(&engine, large).expect("the module compiles");
        println!("{} us", start.elapsed().as_micros());
    }
}

/// The cheapest call that takes two integers and gives one, that often.
fn calls_of_empty(n: u64) {
    for _ in 0..n {
        std::hint::black_box(empty(2, 3));
    }
}

#[inline(never)]
fn empty(a: i32, b: i32) -> i32 {
    std::hint::black_box(a) ^ std::hint::black_box(b)
}
