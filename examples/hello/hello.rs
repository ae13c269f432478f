//! The smallest program: loads a module and calls it.

// [hello]
use landbridge::{Imports, Module, Value};

fn main() -> landbridge::Result<()> {
    let calc = Module::from_file("calc.wasm")?.instantiate(&Imports::new())?;
    let results = calc.call("add", &[Value::I32(2), Value::I32(3)])?;
    if let [Value::I32(five)] = results[..] {
        println!("{five}");
    }
    Ok(())
}
// [end hello]
