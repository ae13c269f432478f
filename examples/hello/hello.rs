//! The smallest program: loads a component and calls it.

// [hello]
use landbridge::{Imports, Module};

fn main() -> landbridge::Result<()> {
    let greet = Module::from_file("greet.wasm")?.instantiate(&Imports::new())?;
    let hello = greet.typed_wit_func::<(&str,), String>("hello")?;
    println!("{}", hello.call(("Ada",))?);
    Ok(())
}
// [end hello]
