//! Runs the directives of one file. Each instance has a store of its own, since a trap ends all components of a store.

use std::collections::HashMap;
use std::path::Path;

use landbridge::{Engine, Error, ErrorKind, Imports, Instance, Module, Store};
use landbridge_worlds::Value;
use wast::{QuoteWat, QuoteWatTest, WastDirective, WastExecute, WastInvoke};

use crate::{plain, value, wit};

/// What came of a directive.
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    /// It needs what is off, and was refused in words; or it asks what was refused.
    Off(Off),
}

/// What is no part of WIT 0.2.
#[derive(Clone, Copy)]
pub(crate) enum Off {
    /// Async functions, streams, futures, threads.
    Async,
    /// Maps and lists of fixed length.
    Types,
}

/// Why a directive did not do as it says.
#[derive(Clone)]
pub(crate) enum Stop {
    /// The library answered with an error.
    Error(Error),
    /// Something else was found than the suite says.
    Wrong(String),
    Off(Off),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

impl From<String> for Stop {
    fn from(what: String) -> Stop {
        Stop::Wrong(what)
    }
}

type Done<T = ()> = Result<T, Stop>;

/// The line, the name and the outcome of each directive.
pub(crate) fn run(engine: &Engine, path: &Path) -> Vec<(usize, &'static str, Outcome)> {
    let read = crate::read(path, |text, wast| {
        let mut file = File::new(engine);
        let directives = wast.directives.into_iter();
        let outcome = |directive: WastDirective<'_>| {
            let line = directive.span().linecol_in(text).0 + 1;
            let (what, done) = file.directive(directive);
            let outcome = match done {
                Ok(()) => Outcome::Passed,
                Err(Stop::Off(off)) => Outcome::Off(off),
                Err(Stop::Wrong(why)) => Outcome::Failed(why),
                Err(Stop::Error(error)) => Outcome::Failed(format!("{}: {error}", error.kind())),
            };
            (line, what, outcome)
        };
        directives.map(outcome).collect()
    });
    read.unwrap_or_else(|e| panic!("{e}"))
}

/// What the directives of a file know, by name; what was made last has the empty name.
struct File<'a> {
    engine: &'a Engine,
    definitions: HashMap<String, Done<Module>>,
    instances: HashMap<String, Done<Instance>>,
}

impl<'a> File<'a> {
    fn new(engine: &'a Engine) -> File<'a> {
        File {
            engine,
            definitions: HashMap::new(),
            instances: HashMap::new(),
        }
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> (&'static str, Done) {
        use WastDirective as D;
        match directive {
            D::Module(component) => ("component", self.component(component)),
            D::ModuleDefinition(component) => ("definition", self.definition(component)),
            D::ModuleInstance {
                instance, module, ..
            } => {
                let module = module.map_or("", |id| id.name());
                (
                    "instance",
                    self.instance(module, instance.map(|id| id.name())),
                )
            }
            D::AssertInvalid { module, .. } => ("assert_invalid", self.refused(module)),
            D::AssertMalformed { module, .. } => ("assert_malformed", self.refused(module)),
            D::AssertUnlinkable { module, .. } => {
                ("assert_unlinkable", self.unlinkable(QuoteWat::Wat(module)))
            }
            D::AssertTrap { exec, message, .. } => ("assert_trap", self.trap(exec, message)),
            D::AssertReturn { exec, results, .. } => {
                let expected = results
                    .iter()
                    .map(value::result)
                    .collect::<Result<Vec<_>, _>>();
                let done = expected
                    .map_err(Stop::from)
                    .and_then(|expected| self.returns(exec, &expected));
                ("assert_return", done)
            }
            D::Invoke(call) => ("invoke", self.invoke(&call).map(drop)),
            other => (
                "?",
                Err(format!("no directive of a component: {other:?}").into()),
            ),
        }
    }

    fn component(&mut self, component: QuoteWat<'_>) -> Done {
        let name = component.name().map(|id| id.name().to_owned());
        let module = self.load(component);
        put(&mut self.definitions, name.as_deref(), &module);
        self.instance("", name.as_deref())
    }

    fn definition(&mut self, component: QuoteWat<'_>) -> Done {
        let name = component.name().map(|id| id.name().to_owned());
        let module = self.load(component);
        put(&mut self.definitions, name.as_deref(), &module);
        module.map(drop)
    }

    fn instance(&mut self, of: &str, name: Option<&str>) -> Done {
        let instance = find(&self.definitions, of).and_then(|module| self.link(&module));
        put(&mut self.instances, name, &instance);
        instance.map(drop)
    }

    /// Text stays text: the library reads it.
    fn load(&self, mut component: QuoteWat<'_>) -> Done<Module> {
        let bytes = match component.to_test() {
            Ok(QuoteWatTest::Binary(bytes) | QuoteWatTest::Text(bytes)) => bytes,
            Err(e) => return Err(format!("no component: {}", e.message()).into()),
        };
        Module::with_engine(self.engine, &bytes).map_err(|error| match off(&error) {
            Some(off) => Stop::Off(off),
            None => Stop::Error(error),
        })
    }

    fn link(&self, module: &Module) -> Done<Instance> {
        Ok(Store::new(self.engine)?.instantiate(module, &Imports::new())?)
    }

    fn refused(&self, component: QuoteWat<'_>) -> Done {
        match self.load(component) {
            Err(Stop::Error(error)) if error.kind() == ErrorKind::Compile => Ok(()),
            // What is not even text that can be written was refused before it came to the library.
            Err(Stop::Wrong(why)) if why.starts_with("no component: ") => Ok(()),
            Err(other) => Err(other),
            Ok(_) => Err("was accepted".to_owned().into()),
        }
    }

    fn unlinkable(&self, component: QuoteWat<'_>) -> Done {
        let module = self.load(component)?;
        match self.link(&module) {
            Err(Stop::Error(error)) if error.kind() == ErrorKind::Link => Ok(()),
            Err(other) => Err(other),
            Ok(_) => Err("was linked".to_owned().into()),
        }
    }

    fn trap(&mut self, exec: WastExecute<'_>, message: &str) -> Done {
        match self.execute(exec) {
            Err(Stop::Error(error)) if says(&error, message) => Ok(()),
            Err(Stop::Error(error)) => {
                Err(format!("not {message:?}, but {}: {error}", error.kind()).into())
            }
            Err(other) => Err(other),
            Ok(found) => Err(format!("no trap, but {found:?}").into()),
        }
    }

    fn returns(&mut self, exec: WastExecute<'_>, expected: &[Value]) -> Done {
        let found = self.execute(exec)?;
        match found.as_slice() == expected {
            true => Ok(()),
            false => Err(format!("found {found:?}, expected {expected:?}").into()),
        }
    }

    fn execute(&mut self, exec: WastExecute<'_>) -> Done<Option<Value>> {
        match exec {
            WastExecute::Invoke(call) => self.invoke(&call),
            WastExecute::Wat(component) => {
                let module = self.load(QuoteWat::Wat(component))?;
                self.link(&module).map(|_| None)
            }
            WastExecute::Get { global, .. } => {
                Err(format!("a component has no global {global:?}").into())
            }
        }
    }

    fn invoke(&self, call: &WastInvoke<'_>) -> Done<Option<Value>> {
        let instance = find(&self.instances, call.module.map_or("", |id| id.name()))?;
        let args = call
            .args
            .iter()
            .map(|it| value::argument(it).map(|it| wit::wit(&it)));
        let args = args.collect::<Result<Vec<_>, _>>()?;
        let found = instance.wit_func(call.name)?.call(&args)?;
        Ok(found.as_ref().map(plain::value))
    }
}

/// Whether a component was refused since it needs what is off: the error says so.
fn off(error: &Error) -> Option<Off> {
    let text = error.to_string();
    let is_compile = error.kind() == ErrorKind::Compile;
    match () {
        () if is_compile && text.contains("of WASI 0.3") => Some(Off::Async),
        () if is_compile && text.contains("no part of WIT 0.2") => Some(Off::Types),
        () => None,
    }
}

/// Whether an error is the one that the suite means. Where the library has words of its own, these are they.
fn says(error: &Error, message: &str) -> bool {
    let message = message.trim_start_matches("wasm trap: ");
    let ours = match message {
        "string pointer/length out of bounds of memory" => {
            "a string that is out of bounds of its memory"
        }
        "cannot enter component instance" => "were ended by an earlier error",
        _ => message,
    };
    let text = error.to_string();
    text.contains(message) || text.contains(ours)
}

/// Makes it the last one, also known under its name.
fn put<T: Clone>(known: &mut HashMap<String, Done<T>>, name: Option<&str>, it: &Done<T>) {
    known.insert(String::new(), it.clone());
    if let Some(name) = name {
        known.insert(name.to_owned(), it.clone());
    }
}

fn find<T: Clone>(known: &HashMap<String, Done<T>>, name: &str) -> Done<T> {
    let nothing = || Err(format!("nothing is known as {name:?}").into());
    known.get(name).cloned().unwrap_or_else(nothing)
}
