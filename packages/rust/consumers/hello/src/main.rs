//! A module and a component, called through the crates as they are published.

use landbridge::{Imports, Module, Value, Wit};

#[derive(Wit, Debug)]
struct Unused {
    name: String,
}

const CALC: &str = r#"(module (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1))))"#;

fn main() -> landbridge::Result<()> {
    let calc = Module::new(CALC)?.instantiate(&Imports::new())?;
    println!("{:?}", calc.call("add", &[Value::I32(2), Value::I32(3)])?);

    let greet = Module::from_file("greet.wasm")?.instantiate(&Imports::new())?;
    let hello = greet.typed_wit_func::<(&str,), String>("hello")?;
    println!("{}", hello.call(("Ada",))?);

    // The derive is there without a dependency of its own, and a type that does not fit says so.
    let wrong = greet.typed_wit_func::<(Unused,), String>("hello");
    println!("{:?}", wrong.err().map(|error| error.kind()));
    Ok(())
}
