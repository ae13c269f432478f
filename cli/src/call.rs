//! `landbridge call`: one exported function.

use std::path::PathBuf;

use clap::Args;
use landbridge::{Error, Func, Imports, Instance, Policy, Value};

use crate::argument;
use crate::component;
use crate::failure::Failure;
use crate::grants::Grants;
use crate::output;
use crate::result;
use crate::source::Source;
use crate::string;

/// Calls an exported function, and prints its results, one a line.
///
/// Arguments are read by the function's type: integers signed or unsigned, decimal or with 0x; floats as 1.5, 1e9, inf,
/// nan or nan:0x8 with its bits; a v128 as 0x and up to 32 hexadecimal digits, lane 0 last; for a reference null, or a
/// small integer where an i31 fits. With --string they are texts. Results are printed in the same form, integers
/// signed. The guest gets the standard streams of this command, and nothing else.
///
/// Arguments of a component, and its result, are values in WAVE, each one word: 5, '"Ada"', '[1, 2]', '{name: "Ada",
/// age: 36}', 'circle(2.5)', none, 'some(5)', '{read, write}'. Options at the end may be left out. `inspect` shows its
/// functions and types. A result that is an err is printed like any other, and the exit code is 1.
#[derive(Args)]
#[command(after_help = "\
Examples:
  landbridge call calc.wasm add 2 3
  landbridge call calc.wasm add -- -2 0xff
  landbridge call greet.wasm hello --string Ada
  landbridge call component.wasm hello '\"Ada\"'
  landbridge call component.wasm greet '{name: \"Ada\", age: 36}'
  landbridge call component.wasm 'shapes#area' 'circle(2.5)'
  landbridge call untrusted.wasm work --fuel 1000000 --memory 16MiB --timeout 1s")]
pub(crate) struct Call {
    /// The module, in the binary format or as WebAssembly text; `-` reads it from standard input.
    file: PathBuf,

    #[command(flatten)]
    source: Source,

    /// The name of the function. For one in an interface of a component: demo:app/shapes@1.2.0#area, or shapes#area if
    /// only one interface has this name.
    func: String,

    /// Its arguments. Put those that begin with a hyphen and are not decimal numbers behind `--`.
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,

    /// The arguments are texts. Each is copied, as UTF-8, into the module's memory, where an exported function makes
    /// room (cabi_realloc, malloc, alloc or allocate), and passed as two i32, its address and its length. Two i32 that
    /// come back are read in the same way and printed as a text. For a component, arguments for parameters of type
    /// string are taken exactly as typed, without quotes, and a string that comes back is printed without quotes.
    #[arg(long)]
    string: bool,

    #[command(flatten)]
    grants: Grants,
}

impl Call {
    pub(crate) fn execute(self) -> Result<i32, Failure> {
        let sandbox = self.grants.sandbox(Policy::none())?;
        let module = self.source.load(&self.file)?;
        let instance = module.instantiate_with(&Imports::new(), &sandbox)?;
        if module.is_component() {
            let (text, code) = component::call(&instance, &self.func, &self.args, self.string)?;
            output::print(text.as_bytes())?;
            return Ok(code);
        }
        let func = self.find(&instance)?;
        if self.string {
            output::print(string::call(&instance, &func, &self.args)?.as_bytes())?;
            return Ok(0);
        }
        let args = self.values(&func)?;
        let results = func.call(&args)?;
        let lines: String = results.iter().map(|it| result::text(it) + "\n").collect();
        output::print(lines.as_bytes())?;
        Ok(0)
    }

    fn find(&self, instance: &Instance) -> Result<Func, Failure> {
        instance.func(&self.func).map_err(|error| {
            let mut exports = instance.module().exports().iter();
            let hint = format!(
                "this is a program: landbridge run {}",
                self.source.shown(&self.file)
            );
            match exports.any(|(name, _)| name == "_start") {
                true => Failure::from(error).hint(hint),
                false => error.into(),
            }
        })
    }

    fn values(&self, func: &Func) -> Result<Vec<Value>, Failure> {
        let params = func.ty().params();
        if params.len() != self.args.len() {
            return Err(Failure::usage(Error::count(
                &self.func,
                params,
                self.args.len(),
            )));
        }
        let pairs = self.args.iter().zip(params).enumerate();
        pairs
            .map(|(i, (text, ty))| argument::read(text, *ty, &func.argument_place(i)))
            .collect::<Result<_, _>>()
            .map_err(Failure::usage)
    }
}
