//! Writes worlds to files, for hosts other than Rust: `write-worlds DIR SEED COUNT [FIRST]`. Each is called first, so
//! that what it gives, what it fails with and the fuel that it used stand beside it.

mod spoilt;
mod wit;

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use landbridge::{
    CompileCache, Engine, EngineOptions, HostContext, Imports, Instance, Limits, Module, Sandbox,
    WitFunc, WitValue,
};
use landbridge_worlds::{Random, Value, World, text};
use serde_json::{Value as Json, json};

/// How often each world is called, and how often with a wrong value.
const CALLS: usize = 6;
const WRONG: usize = 2;

/// More than a world uses.
const FUEL: u64 = 1_000_000_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, seed, count, first @ ..] = &args[..] else {
        return Err("usage: write-worlds DIR SEED COUNT [FIRST]".into());
    };
    let (dir, seed, count) = (PathBuf::from(dir), seed.parse()?, count.parse::<u64>()?);
    let first = first.first().map_or(Ok(0), |it| it.parse::<u64>())?;
    fs::create_dir_all(&dir)?;
    let engine = engine(&dir)?;
    let numbers: Vec<u64> = (first..first + count).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = numbers.len().div_ceil(threads).max(1);
    let written = thread::scope(|scope| {
        let shares = numbers.chunks(share);
        let shares: Vec<_> = shares
            .map(|numbers| scope.spawn(|| write_all(&engine, &dir, seed, numbers)))
            .collect();
        let written = shares.into_iter().map(|it| it.join().expect("worlds hold"));
        written.collect::<Vec<_>>()
    });
    let mut file = BufWriter::new(File::create(dir.join("worlds.jsonl"))?);
    written
        .iter()
        .flatten()
        .try_for_each(|it| writeln!(file, "{it}"))?;
    file.flush()?;
    println!("{count} worlds of seed {seed} in {}", dir.display());
    Ok(())
}

/// What it compiles is kept beside the worlds, for those who load them.
fn engine(dir: &Path) -> Result<Engine, Box<dyn Error>> {
    let cache = dir.join("cache");
    if cache.exists() {
        fs::remove_dir_all(&cache)?;
    }
    let options = EngineOptions {
        cache: CompileCache::Folder(cache),
        ..EngineOptions::default()
    };
    Ok(Engine::new(options)?)
}

fn write_all(engine: &Engine, dir: &Path, seed: u64, numbers: &[u64]) -> Vec<Json> {
    let numbers = numbers.iter();
    numbers
        .map(|number| write(engine, dir, &World::new(seed, *number)))
        .collect()
}

/// Writes the component, and tells the rest.
fn write(engine: &Engine, dir: &Path, world: &World) -> Json {
    let (seed, number) = (world.seed, world.number);
    let name = format!("{number}.wasm");
    let bytes = wat::parse_str(text(world)).expect("a component");
    fs::write(dir.join(&name), &bytes).expect("written");
    let mut called = Called::new(engine, &bytes, world);
    let calls = world.calls(CALLS);
    let told = calls.iter().zip(calls.iter().rev());
    let told: Vec<Json> = told.map(|(args, other)| called.call(args, other)).collect();
    json!({
        "seed": seed.to_string(),
        "number": number.to_string(),
        "file": name,
        "func": called.func.name(),
        "import": world.through_host.then(|| json!([world.host().unwrap_or_default(), world.host_echo()])),
        "type": called.func.ty().to_string(),
        "calls": told,
        "wrong": called.wrong(&calls),
    })
}

/// A world that is called.
struct Called<'a> {
    world: &'a World,
    instance: Instance,
    func: WitFunc,
    gives: Arc<Mutex<Option<WitValue>>>,
}

impl<'a> Called<'a> {
    fn new(engine: &Engine, bytes: &[u8], world: &'a World) -> Called<'a> {
        let gives = Arc::new(Mutex::new(None));
        let given = gives.clone();
        let echo =
            move |_: &HostContext<'_>, _: &[WitValue]| Ok(given.lock().expect("given").clone());
        let mut imports = Imports::new();
        if world.through_host {
            imports.wit_func(&world.host().unwrap_or_default(), world.host_echo(), echo);
        }
        let limits = Limits {
            fuel: Some(FUEL),
            ..Limits::default()
        };
        let module = Module::with_engine(engine, bytes).expect("a component");
        let instance = module
            .instantiate_with(&imports, &Sandbox::from(limits))
            .expect("an instance");
        let name = world
            .api()
            .map_or("echo".to_owned(), |api| format!("{api}#echo"));
        let func = instance.wit_func(&name).expect("a function");
        Called {
            world,
            instance,
            func,
            gives,
        }
    }

    /// A call, whose host gives something else than it got.
    fn call(&mut self, args: &[Value], other: &[Value]) -> Json {
        let given = World::echoed(if self.world.through_host { other } else { args }.to_vec());
        *self.gives.lock().expect("given") = given.as_ref().map(wit::wit);
        let args: Vec<WitValue> = args.iter().map(wit::wit).collect();
        let result = self.func.call(&args).expect("a call");
        let result = result.map(|it| it.to_text());
        assert_eq!(
            result,
            given.map(|it| wit::wit(&it).to_text()),
            "{:?}",
            self.world
        );
        json!({
            "args": args.iter().map(WitValue::to_text).collect::<Vec<_>>(),
            "result": result,
            "fuel": self.fuel(),
        })
    }

    fn fuel(&self) -> Option<u64> {
        self.instance.store().usage().expect("usage").fuel_used
    }

    /// Calls with a value that is wrong somewhere; they use no fuel.
    fn wrong(&self, calls: &[Vec<Value>]) -> Vec<Json> {
        let mut random = Random::new(self.world.seed ^ self.world.number.rotate_left(17));
        let fuel = self.fuel();
        let calls = calls.iter().filter(|args| !args.is_empty()).take(WRONG);
        let wrong = calls.filter_map(|args| self.wrong_one(&mut random, args));
        let wrong = wrong.collect();
        assert_eq!(self.fuel(), fuel);
        wrong
    }

    /// None if the message is so long that it is cut.
    fn wrong_one(&self, random: &mut Random, args: &[Value]) -> Option<Json> {
        let at = random.below(args.len());
        let (told, value) = spoilt::spoilt(random, &self.world.params[at].1, &args[at]);
        let mut given: Vec<WitValue> = args.iter().map(wit::wit).collect();
        let mut texts: Vec<Json> = given.iter().map(|it| it.to_text().into()).collect();
        (given[at], texts[at]) = (value, told);
        let error = self.func.call(&given).expect_err("a wrong value");
        // What was given is told in each host's own words.
        let message = match error.message().rsplit_once(", got ") {
            Some((words, _)) => format!("{words}, got "),
            None => error.message().to_owned(),
        };
        let fails = json!({"kind": error.kind().name(), "message": [message]});
        (!message.contains(" ...")).then(|| json!({"args": texts, "fails": fails}))
    }
}
