//! The second program of docs/start/rust.md: limits, and an error. examples/hello/run.py runs it.

// [careful]
use landbridge::{Imports, Limits, Module, Sandbox};
use std::time::Duration;

fn main() -> landbridge::Result<()> {
    let sandbox = Sandbox {
        limits: Limits {
            memory_bytes: Some(16 << 20),
            timeout: Some(Duration::from_millis(500)),
            ..Limits::default()
        },
        ..Sandbox::default()
    };
    let greet = Module::from_file("greet.wasm")?.instantiate_with(&Imports::new(), &sandbox)?;
    match greet.typed_wit_func::<(u32,), String>("hello") {
        Ok(hello) => println!("{}", hello.call((42,))?), // hello takes a string
        Err(error) => println!("{}: {error}", error.kind()),
    }
    Ok(())
}
// [end careful]
