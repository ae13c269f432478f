//! Maps each step to the public API.

use std::sync::Arc;
use std::time::{Duration, Instant};

use landbridge::*;
use serde_json::Value as Json;

use crate::hosts::host;
use crate::step::Step;
use crate::values::{check, ty, types, value, values};
use crate::world::{Done, Stop, Thing, World, same, wrong};
use crate::{calls, corpus, fails, files, inspect, limits, refs, wit, wit_hosts};

/// Runs a case, with an engine whose traps come by signals or with one whose do not.
pub(crate) fn case(json: &Json, signal_handlers: bool) -> Result<(), String> {
    let world = Arc::new(World::new(signal_handlers));
    let outcome = Step::new(json).and_then(|case| {
        case.text("name")?;
        let list = case.list("steps")?;
        case.end()?;
        steps(&world, list)
    });
    world.clear();
    match outcome {
        Ok(()) => Ok(()),
        Err(Stop::Wrong(why)) => Err(why),
        Err(Stop::Failed(error)) => Err(format!("{error:?}")),
    }
}

fn steps(world: &Arc<World>, list: &[Json]) -> Done {
    for (i, json) in list.iter().enumerate() {
        run(world, json).map_err(|stop| match stop {
            Stop::Wrong(why) => Stop::Wrong(format!("step {}: {why}", i + 1)),
            Stop::Failed(e) => Stop::Wrong(format!("step {}: {e:?}", i + 1)),
        })?;
    }
    Ok(())
}

fn run(world: &Arc<World>, json: &Json) -> Done {
    let step = Step::new(json)?;
    let expected = step.get("fails");
    let within = step.number_or_none("within_ms")?;
    let started = Instant::now();
    let outcome = act(world, &step);
    let took = started.elapsed();
    match (outcome, expected) {
        (Err(Stop::Failed(error)), Some(expected)) => fails::check(world, &error, expected)?,
        (Ok(()), Some(expected)) => return wrong(format!("did not fail: {expected}")),
        (Ok(()), None) => step.end()?,
        (stop, _) => stop?,
    }
    within.map_or(Ok(()), |within| in_time(took, within))
}

/// Tells how long a step took, and whether that is too long.
fn in_time(took: Duration, within_ms: u64) -> Done {
    let told = format!(
        "took {:.1} ms, may take {within_ms} ms",
        took.as_secs_f64() * 1e3
    );
    println!("{told}");
    match took > Duration::from_millis(within_ms) {
        true => wrong(told),
        false => Ok(()),
    }
}

fn act(world: &Arc<World>, step: &Step<'_>) -> Done {
    match step.text("do")? {
        "engine" | "load" | "load_string" | "load_text" | "load_bytes" | "store"
        | "instantiate" | "export" | "new_func" | "new_memory" | "new_table" | "new_global"
        | "view" | "new_tag" | "new_exception" | "travel" | "load_precompiled" | "load_written"
        | "call_async" | "pool" | "take" => {
            let thing = make(world, step)?;
            world.put(step.text("as")?, thing);
            Ok(())
        }
        "in_threads" => in_threads(world, step, step.number("threads")?),
        "repeat" => in_threads(world, step, 1),
        "small_stack" => {
            let (bytes, list) = (step.number("bytes")?, step.list("steps")?);
            std::thread::scope(|scope| {
                let small = std::thread::Builder::new().stack_size(bytes);
                let thread = small
                    .spawn_scoped(scope, || steps(world, list))
                    .expect("a thread");
                thread.join().expect("no panic")
            })
        }
        "log" => check_log(world, step),
        "run" => same(
            world.instance(step.text("instance")?)?.run()?,
            step.number("exit")?,
        ),
        "run_program" => {
            let file = corpus().join("modules").join(step.text("module")?);
            let sandbox = limits::sandbox_from(world, step, Sandbox::program())?;
            let args = step.list("args")?.iter();
            let args = args.map(|it| it.as_str().unwrap_or_default());
            let engine = world.default_engine()?;
            let program = Program::load_with_engine(&engine, file)?;
            same(program.run_with(args, &sandbox)?, step.number("exit")?)
        }
        "write_file" | "symlink" | "make_pipe" | "read_file" | "file_exists" | "restrict"
        | "policy" | "limits_json" | "allows" | "written" => limits::act_alone(world, step),
        "usage" | "set_fuel" | "cancel" | "output" | "output_text" => limits::act(world, step),
        "await" | "cancel_call" | "await_exit" | "pool_call" | "pool_counts" => {
            calls::act(world, step)
        }
        wit if wit.starts_with("wit_") => wit::act(world, step),
        "gc" => Ok(world.store(step.text("store")?)?.gc()?),
        "close" => close(world, step.text("target")?),
        "name" => {
            let module = world.module(step.text("module")?)?;
            same(module.name(), step.need("equals")?.as_str())
        }
        "imports" => {
            let module = world.module(step.text("module")?)?;
            let line = |it: &ImportType| serde_json::json!([it.module, it.name, it.ty.to_string()]);
            same(
                &module.imports().iter().map(line).collect(),
                step.need("equals")?,
            )
        }
        "exports" => {
            let module = world.module(step.text("module")?)?;
            let line =
                |(name, ty): &(String, ExternType)| serde_json::json!([name, ty.to_string()]);
            same(
                &module.exports().iter().map(line).collect(),
                step.need("equals")?,
            )
        }
        "bytes" | "digest" | "compile" | "damage" => files::act(world, step),
        "inspect" => inspect::check(step),
        "gc_type" | "gc_len" | "gc_get" | "gc_set" | "same_tag" | "exception" => {
            refs::act(world, step)
        }
        other => use_item(world, step, other),
    }
}

/// What host functions got so far.
fn check_log(world: &World, step: &Step<'_>) -> Done {
    let log = world.shared.log.lock().unwrap().clone();
    let expected = step.list("equals")?;
    same(log.len(), expected.len())?;
    log.iter().zip(expected).try_for_each(|(found, expected)| {
        let expected = expected.as_array().map_or(&[][..], Vec::as_slice);
        check(found, &values(world, expected)?)
    })
}

pub(crate) fn engine(world: &World, step: &Step<'_>) -> Done<Engine> {
    match step.text_or_none("engine")? {
        Some(name) => world.engine(name),
        None => Ok(world.default_engine()?),
    }
}

fn make(world: &Arc<World>, step: &Step<'_>) -> Done<Thing> {
    let store = || world.store(step.text("store")?);
    Ok(match step.text("do")? {
        "engine" => {
            let mut options = world.default_options();
            if step.get("signal_handlers").is_some() {
                options.signal_handlers = step.flag("signal_handlers")?;
            }
            if step.get("interruptible").is_some() {
                options.interruptible = step.flag("interruptible")?;
            }
            if let Some(bytes) = step.number_or_none("stack_bytes")? {
                options.stack_bytes = bytes;
            }
            if let Some(units) = step.number_or_none("compile_cost")? {
                options.compile_cost = units;
            }
            if let Some(bytes) = step.number_or_none("memory_reservation_bytes")? {
                options.memory_reservation_bytes = bytes;
            }
            options.deterministic = step.get("deterministic").is_some_and(|it| *it == true);
            options.wide_arithmetic = step.get("wide_arithmetic").is_some_and(|it| *it == true);
            options.custom_page_sizes = step.get("custom_page_sizes").is_some_and(|it| *it == true);
            if let Some(threads) = step.number_or_none("call_threads")? {
                options.call_threads = threads;
            }
            if let Some(slots) = step.number_or_none("pool_slots")? {
                options.pool_slots = slots;
            }
            match step.text_or_none("cache")? {
                None => {}
                Some("off") => options.cache = CompileCache::Off,
                Some(other) => return wrong(format!("no cache is {other:?}")),
            }
            Thing::Engine(Engine::new(options)?)
        }
        "load" => {
            let path = match step.text_or_none("path")? {
                Some(path) => path.into(),
                None => corpus().join("modules").join(step.text("module")?),
            };
            Thing::Module(Module::from_file_with_engine(&engine(world, step)?, path)?)
        }
        "load_string" => {
            let string = step.text("string")?;
            let source = match string.strip_prefix("CASE/") {
                Some(file) => world.file(file).display().to_string(),
                None => string.to_owned(),
            };
            Thing::Module(Module::load_with_engine(&engine(world, step)?, &source)?)
        }
        "load_text" => Thing::Module(Module::with_engine(
            &engine(world, step)?,
            step.text("text")?,
        )?),
        "load_bytes" => Thing::Module(Module::with_engine(
            &engine(world, step)?,
            step.bytes("hex")?,
        )?),
        "store" => {
            let sandbox = limits::sandbox(world, step)?;
            Thing::Store(Store::with(&engine(world, step)?, &sandbox)?)
        }
        "instantiate" => {
            let module = world.module(step.text("module")?)?;
            let imports = imports_of(world, step)?;
            Thing::Instance(match step.text_or_none("store")? {
                Some(store) => world.store(store)?.instantiate(&module, &imports)?,
                None => module.instantiate_with(&imports, &limits::sandbox(world, step)?)?,
            })
        }
        "export" => {
            let instance = world.instance(step.text("instance")?)?;
            let name = step.text("name")?;
            Thing::Item(match step.text("sort")? {
                "func" => instance.func(name)?.into(),
                "memory" => instance.memory(name)?.into(),
                "table" => instance.table(name)?.into(),
                "global" => instance.global(name)?.into(),
                "tag" => instance.tag(name)?.into(),
                other => return wrong(format!("no sort: {other}")),
            })
        }
        "new_func" => {
            let ty = FuncType::new(types(step.list("params")?)?, types(step.list("results")?)?);
            let call = host(world, step.need("host")?)?;
            Thing::Item(Func::new(&store()?, &ty, Arc::new(call))?.into())
        }
        "new_memory" => {
            let ty = MemoryType {
                min: step.number("min")?,
                max: step.number_or_none("max")?,
                is_64: step.get("is_64").is_some_and(|it| *it == true),
                page_bytes: step.number_or_none("page_bytes")?.unwrap_or(65536),
            };
            Thing::Item(Memory::new(&store()?, &ty)?.into())
        }
        "new_table" => {
            let element = ty(step.text("element")?)?;
            let (min, max) = (step.number("min")?, step.number_or_none("max")?);
            let is_64 = step.get("is_64").is_some_and(|it| *it == true);
            let ty = TableType {
                element,
                min,
                max,
                is_64,
            };
            let init = value(world, step.need("init")?)?;
            Thing::Item(Table::new(&store()?, &ty, &init)?.into())
        }
        "new_global" => {
            let (content, mutable) = (ty(step.text("type")?)?, step.flag("mutable")?);
            let value = value(world, step.need("value")?)?;
            Thing::Item(Global::new(&store()?, &GlobalType { content, mutable }, &value)?.into())
        }
        "new_tag" => Thing::Item(Tag::new(&store()?, &types(step.list("params")?)?)?.into()),
        "new_exception" => {
            let payload = values(world, step.list("payload")?)?;
            Thing::Exception(Exception::new(&world.tag(step.text("tag")?)?, &payload)?)
        }
        "travel" | "load_precompiled" | "load_written" => Thing::Module(files::load(world, step)?),
        "call_async" => Thing::Calls(calls::start(world, step)?),
        "pool" => Thing::Pool(calls::pool(world, step)?),
        "take" => Thing::Instance(world.pool(step.text("pool")?)?.get()?),
        "view" => Thing::View(world.memory(step.text("memory")?)?.view()?),
        other => return wrong(format!("nothing is made by {other}")),
    })
}

/// What a step lends.
pub(crate) fn imports_of(world: &Arc<World>, step: &Step<'_>) -> Done<Imports> {
    let mut imports = imports(world, step.list("imports")?)?;
    if step.get("initialize").is_some() {
        imports.initialize(step.flag("initialize")?);
    }
    Ok(imports)
}

fn imports(world: &Arc<World>, list: &[Json]) -> Done<Imports> {
    let mut imports = Imports::new();
    for json in list {
        let step = Step::new(json)?;
        let module = step.text("module")?;
        if wit_hosts::lend(world, &step, &mut imports)? {
            step.end()?;
            continue;
        }
        if let Some(instance) = step.text_or_none("instance")? {
            imports.instance(module, &world.instance(instance)?)?;
        } else if let Some(item) = step.text_or_none("item")? {
            imports.define(module, step.text("name")?, world.item(item)?);
        } else if let Some(given) = step.get("value") {
            imports.value(module, step.text("name")?, value(world, given)?);
        } else {
            imports.func(module, step.text("name")?, host(world, step.need("host")?)?);
        }
        step.end()?;
    }
    Ok(imports)
}

fn use_item(world: &Arc<World>, step: &Step<'_>, what: &str) -> Done {
    let memory = || world.memory(step.text("memory")?);
    let table = || world.table(step.text("table")?);
    let global = || world.global(step.text("global")?);
    let func = |key| world.func(step.text(key)?);
    let given = |key| value(world, step.need(key)?);
    match what {
        "call" => {
            let args = values(world, step.list("args")?)?;
            let found = match step.get("object") {
                Some(_) => func("object")?.call(&args)?,
                None => {
                    let instance = world.instance(step.text("instance")?)?;
                    instance.call(step.text("func")?, &args)?
                }
            };
            refs::keep(world, &found, step.list("keep")?)?;
            match step.get("results") {
                Some(_) => check(&found, &values(world, step.list("results")?)?),
                None => Ok(()),
            }
        }
        "map" => crate::batches::map(world, step),
        "func_type" => same(
            func("object")?.ty().to_string().as_str(),
            step.text("equals")?,
        ),
        "same" => {
            let (one, other) = (step.text("object")?, step.text("other")?);
            same(
                world.item(one)?.same(&world.item(other)?),
                step.flag("equals")?,
            )
        }
        "same_func" => same(func("object")?.same(&func("other")?), step.flag("equals")?),
        "type" => {
            let ty = world.item(step.text("object")?)?.ty()?;
            same(ty.to_string().as_str(), step.text("equals")?)
        }
        "read" => {
            let (offset, length) = (step.offset()?, step.number("length")?);
            let found = memory()?.read(offset, length)?;
            same(found, step.bytes("hex")?)
        }
        "write" => Ok(memory()?.write(step.offset()?, &step.bytes("hex")?)?),
        "read_text" => {
            let (offset, length) = (step.offset()?, step.number("length")?);
            same(
                memory()?.read_text(offset, length)?.as_str(),
                step.text("equals")?,
            )
        }
        "read_c_string" => {
            let (offset, most) = (step.offset()?, step.number_or_none("most")?);
            same(
                memory()?.read_c_string(offset, most)?.as_str(),
                step.text("equals")?,
            )
        }
        "write_text" => {
            let (offset, text) = (step.offset()?, step.text("text")?);
            same(memory()?.write_text(offset, text)?, step.number("result")?)
        }
        "grow" => same(
            memory()?.grow(step.number("pages")?)?,
            step.number("result")?,
        ),
        "size" => {
            same(memory()?.size_pages()?, step.number("pages")?)?;
            same(memory()?.size_bytes()?, step.number("bytes")?)
        }
        "view_read" => {
            let (bytes, at) = (step.bytes("hex")?, view_at(world, step)?);
            // SAFETY: `view_at` checked the range, and no guest runs.
            same(
                unsafe { std::slice::from_raw_parts(at, bytes.len()) },
                &bytes[..],
            )
        }
        "view_write" => {
            let (bytes, at) = (step.bytes("hex")?, view_at(world, step)?);
            // SAFETY: as above.
            unsafe { at.copy_from(bytes.as_ptr(), bytes.len()) };
            Ok(())
        }
        "table_get" => check(&[table()?.get(step.number("index")?)?], &[given("value")?]),
        "table_set" => Ok(table()?.set(step.number("index")?, &given("value")?)?),
        "table_grow" => {
            let found = table()?.grow(step.number("delta")?, &given("init")?)?;
            same(found, step.number("result")?)
        }
        "table_size" => same(table()?.size()?, step.number("equals")?),
        "global_get" => check(&[global()?.get()?], &[given("value")?]),
        "global_set" => Ok(global()?.set(&given("value")?)?),
        other => wrong(format!("no step does {other:?}")),
    }
}

fn view_at(world: &World, step: &Step<'_>) -> Done<*mut u8> {
    let (view, offset) = (
        world.view(step.text("view")?)?,
        step.number::<usize>("offset")?,
    );
    if offset + step.bytes("hex")?.len() > view.len() {
        return wrong("outside of the view");
    }
    Ok(view.data().wrapping_add(offset))
}

pub(crate) fn close(world: &World, target: &str) -> Done {
    match world.get(target)? {
        Thing::Instance(instance) => instance.close(),
        Thing::Store(store) => store.close(),
        Thing::Pool(pool) => pool.close(),
        _ => return wrong(format!("{target:?} cannot be closed")),
    }
    Ok(())
}

fn in_threads(world: &Arc<World>, step: &Step<'_>, threads: usize) -> Done {
    let times: usize = step.number("times")?;
    let list = step.list("steps")?;
    let work = || (0..times).try_for_each(|_| steps(&world.fork(), list));
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        started
            .into_iter()
            .try_for_each(|thread| thread.join().expect("no panic"))
    })
}
