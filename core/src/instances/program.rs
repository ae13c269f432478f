//! Program: a module of WASI that is run from its start to its end.

use std::path::Path;

use crate::built_for;
use crate::{
    Engine, Error, ErrorKind, Imports, Instance, Module, Policy, Result, Sandbox, World, text,
};

/// Runs a program, as `docker run` would: loads it with the default engine, and gives its exit code.
/// It has the process's own streams, the arguments (its first one is the file's name), the real clock
/// and secure random numbers, and nothing else: no folders, no environment, no network. To grant more,
/// or less, use [`Program::run_with`].
///
/// ```no_run
/// # fn main() -> landbridge::Result<()> {
/// let code = landbridge::run("app.wasm", ["--verbose", "in.txt"])?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`Program::load`] and [`Program::run_with`].
pub fn run<A: Into<String>>(
    path: impl AsRef<Path>,
    args: impl IntoIterator<Item = A>,
) -> Result<i32> {
    Program::load(path)?.run(args)
}

/// A module that can be run: it exports `_start`. Cheap to clone; may be run any number of times, each
/// time in a store of its own.
#[derive(Clone, Debug)]
pub struct Program {
    module: Module,
    name: String,
}

impl Program {
    /// Loads a program from a file, with the engine that is shared by default.
    ///
    /// # Errors
    /// As [`Module::from_file`] and [`Program::new`].
    pub fn load(path: impl AsRef<Path>) -> Result<Program> {
        Program::load_with_engine(&Engine::shared()?, path)
    }

    /// The same with another engine.
    ///
    /// # Errors
    /// As [`Program::load`].
    pub fn load_with_engine(engine: &Engine, path: impl AsRef<Path>) -> Result<Program> {
        let path = path.as_ref();
        let module = Module::from_file_with_engine(engine, path)?;
        Program::new(&module, &name_of(path))
    }

    /// Makes a program of a module. The name is the first of its arguments.
    ///
    /// # Errors
    /// `not_found` if it is not a program: it exports no `_start`.
    pub fn new(module: &Module, name: &str) -> Result<Program> {
        check(module)?;
        Ok(Program {
            module: module.clone(),
            name: name.to_owned(),
        })
    }

    /// Its module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Its name, which it sees as the first of its arguments.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A policy with the program's name and its arguments. Those of the policy stay if none are given.
    ///
    /// # Errors
    /// As [`Policy::with_args`].
    pub fn policy<A: Into<String>>(
        &self,
        policy: &Policy,
        args: impl IntoIterator<Item = A>,
    ) -> Result<Policy> {
        let args: Vec<String> = args.into_iter().map(A::into).collect();
        match args.is_empty() && !policy.args().is_empty() {
            true => Ok(policy.clone()),
            false => policy
                .clone()
                .with_args([self.name.clone()].into_iter().chain(args)),
        }
    }

    /// Runs it as [`run`] does, and gives its exit code: 0 if it just ends.
    ///
    /// # Errors
    /// As [`Program::run_with`].
    pub fn run<A: Into<String>>(&self, args: impl IntoIterator<Item = A>) -> Result<i32> {
        self.run_with(args, &Sandbox::program())
    }

    /// Runs it in a sandbox of its own; [`Sandbox::program`] is one to start from.
    ///
    /// # Errors
    /// As [`Module::instantiate_with`] and [`Instance::run`](crate::Instance::run): a trap, an uncaught
    /// exception and a limit that is reached are errors, an exit code never is.
    pub fn run_with<A: Into<String>>(
        &self,
        args: impl IntoIterator<Item = A>,
        sandbox: &Sandbox,
    ) -> Result<i32> {
        let ran = self.instantiate(args, sandbox).and_then(|it| it.run());
        // A module may end itself while it is instantiated.
        ran.or_else(|error| error.exit_code().ok_or(error))
    }

    /// Makes an instance that is ready to run once.
    ///
    /// # Errors
    /// As [`Module::instantiate_with`].
    pub fn instantiate<A: Into<String>>(
        &self,
        args: impl IntoIterator<Item = A>,
        sandbox: &Sandbox,
    ) -> Result<Instance> {
        let sandbox = Sandbox {
            policy: self.policy(&sandbox.policy, args)?,
            ..sandbox.clone()
        };
        self.module.instantiate_with(&Imports::new(), &sandbox)
    }
}

/// What a program of this file is called.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A library is no program.
pub(crate) fn check(module: &Module) -> Result<()> {
    let exports = module.exports();
    if exports.iter().any(|(name, _)| name == "_start") {
        return Ok(());
    }
    if let Some(world) = module.world() {
        return Err(no_program(world));
    }
    let there = match exports.len() {
        0 => "it exports nothing".to_owned(),
        _ => {
            let names = exports.iter().map(|(name, _)| text::name(name));
            format!("it exports {}", text::listed(names, 20, ", "))
        }
    };
    let todo = built_for::said(module.imports().iter())
        .unwrap_or("instantiate it and call what it exports, or build it as a program of WASI");
    Err(Error::new(
        ErrorKind::NotFound,
        format!("this is no program, there is no _start; {there}; {todo}"),
    ))
}

/// Why a component does not run.
#[cold]
fn no_program(world: &World) -> Error {
    let is_command = |name: &str| name == "wasi:cli/run" || name.starts_with("wasi:cli/run@");
    if world.exported().any(|it| is_command(&it.name)) {
        let text = "this is a program of WASI 0.2, which Landbridge does not run yet: build it for WASI 0.1, as with the \
                    target wasm32-wasip1 of Rust";
        return Error::new(ErrorKind::Unsupported, text);
    }
    let names: Vec<_> = world.func_names().collect();
    let there = match names.len() {
        0 => "nothing".to_owned(),
        _ => text::listed(names.iter().map(|it| text::name(it)), 20, ", "),
    };
    let text = format!(
        "this is a component and no program: its functions are called by name, as with the command landbridge call; \
         there is {there}"
    );
    Error::new(ErrorKind::NotFound, text)
}
