//! Runs the commands of one file, in a store of its own.

use std::collections::HashMap;

use landbridge::{Engine, Error, Imports, Instance, Module, Store, Value};
use serde_json::Value as Json;

use crate::counts::Counts;
use crate::skips::Skips;
use crate::spectest;
use crate::value::Objects;

/// Why a command did not do what it should.
pub(crate) enum Stop {
    /// The library answered with an error.
    Failed(Error),
    /// Something else was found than the suite says.
    Wrong(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

impl From<String> for Stop {
    fn from(what: String) -> Stop {
        Stop::Wrong(what)
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Failed(error) => write!(f, "{}: {}", error.kind(), error.message()),
            Stop::Wrong(what) => f.write_str(what),
        }
    }
}

type Done<T = ()> = Result<T, Stop>;

pub(crate) fn run(engine: &Engine, skips: &Skips, name: &str) -> Counts {
    let list = crate::json(&format!("target/spec/{name}.json"));
    let mut file = File::new(engine, name).expect("a store with the host module");
    let mut counts = Counts::default();
    for command in list["commands"].as_array().expect("a list of commands") {
        let line = command["line"].as_u64().expect("a line");
        if skips.line(name, line) {
            counts.skipped += 1;
        } else if skips.file(name) {
            counts.skipped += u32::from(is_assertion(command));
        } else {
            match file.command(command) {
                Ok(()) => counts.passed += u32::from(is_assertion(command)),
                Err(why) => {
                    println!("FAILED {name}:{line} {}: {why}", command["do"]);
                    counts.failed += 1;
                }
            }
        }
    }
    counts
}

fn is_assertion(command: &Json) -> bool {
    let others = ["module", "define", "instance", "register", "action"];
    !others.contains(&text(&command["do"]))
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// What the commands of a file know, by name; what was made last has the empty name.
struct File {
    store: Store,
    imports: Imports,
    modules: Vec<u8>,
    definitions: HashMap<String, Module>,
    instances: HashMap<String, Instance>,
    objects: Objects,
}

impl File {
    fn new(engine: &Engine, name: &str) -> landbridge::Result<File> {
        let store = Store::new(engine)?;
        Ok(File {
            imports: spectest::imports(&store)?,
            store,
            modules: crate::bytes(&format!("target/spec/{name}.bin")),
            definitions: HashMap::new(),
            instances: HashMap::new(),
            objects: Objects::default(),
        })
    }

    fn command(&mut self, command: &Json) -> Done {
        match text(&command["do"]) {
            "module" => {
                self.instances.remove("");
                let module = self.load(command)?;
                self.instantiate(&module, &command["as"])
            }
            "define" => {
                self.definitions.remove("");
                let module = self.load(command)?;
                put(&mut self.definitions, &command["as"], &module);
                Ok(())
            }
            "instance" => {
                self.instances.remove("");
                let module = find(&self.definitions, &command["of"])?.clone();
                self.instantiate(&module, &command["as"])
            }
            "register" => {
                let instance = find(&self.instances, &command["of"])?;
                self.imports.instance(text(&command["name"]), instance)?;
                Ok(())
            }
            "action" => self.act(&command["action"]).map(drop),
            "return" => {
                let found = self.act(&command["action"])?;
                Ok(self.objects.check(&found, &command["results"])?)
            }
            "trap" if command.get("action").is_none() => {
                let module = self.load(command)?;
                must_trap(self.link(&module), command)
            }
            "trap" => must_trap(self.act(&command["action"]), command),
            "exception" => must_fail(self.act(&command["action"]), "exception").map(drop),
            "invalid" | "malformed" => must_fail(self.load(command), "compile").map(drop),
            "unlinkable" => {
                let module = self.load(command)?;
                must_fail(self.link(&module), "link").map(drop)
            }
            other => Err(format!("no command does {other:?}").into()),
        }
    }

    fn load(&self, command: &Json) -> Done<Module> {
        let number = |key: &str| command[key].as_u64().unwrap_or(u64::MAX) as usize;
        let (at, size) = (number("at"), number("size"));
        Ok(Module::with_engine(
            self.store.engine(),
            &self.modules[at..][..size],
        )?)
    }

    fn link(&self, module: &Module) -> Done<Instance> {
        Ok(self.store.instantiate(module, &self.imports)?)
    }

    fn instantiate(&mut self, module: &Module, name: &Json) -> Done {
        let instance = self.link(module)?;
        put(&mut self.instances, name, &instance);
        Ok(())
    }

    fn act(&mut self, action: &Json) -> Done<Vec<Value>> {
        let instance = find(&self.instances, &action["of"])?;
        let name = text(&action["name"]);
        match text(&action["type"]) {
            "invoke" => Ok(instance.call(name, &self.objects.values(&action["args"])?)?),
            "get" => Ok(vec![instance.global(name)?.get()?]),
            other => Err(format!("no action is {other:?}").into()),
        }
    }
}

/// Makes it the last one, also known under its name.
fn put<T: Clone>(known: &mut HashMap<String, T>, name: &Json, it: &T) {
    known.insert(String::new(), it.clone());
    known.insert(text(name).to_owned(), it.clone());
}

fn find<'a, T>(known: &'a HashMap<String, T>, name: &Json) -> Result<&'a T, String> {
    let found = known.get(text(name));
    found.ok_or_else(|| format!("nothing is known as {:?}", text(name)))
}

fn must_fail<T>(result: Done<T>, kind: &str) -> Done<Error> {
    match result {
        Err(Stop::Failed(error)) if error.kind().name() == kind => Ok(error),
        Err(other) => Err(format!("must fail with {kind}: {other}").into()),
        Ok(_) => Err(format!("must fail with {kind}, but succeeded").into()),
    }
}

fn must_trap<T>(result: Done<T>, command: &Json) -> Done {
    let error = must_fail(result, "trap")?;
    let code = error.trap_code().map_or("", |code| code.name());
    let codes = [&command["code"], &command["codes"]];
    match codes.iter().any(|codes| is_or_has(codes, code)) {
        true => Ok(()),
        false => Err(format!("trapped with {code}: {}", error.message()).into()),
    }
}

fn is_or_has(codes: &Json, code: &str) -> bool {
    codes == code
        || codes
            .as_array()
            .is_some_and(|codes| codes.iter().any(|it| it == code))
}
