//! Turns the official WebAssembly test suite into lists of commands that every host runs.

fn main() {}
