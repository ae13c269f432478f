//! `conformance/surface.txt` and the Rust API say the same.

#[path = "surface/wit.rs"]
mod wit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use landbridge::*;

const SURFACE: &str = include_str!("../../conformance/surface.txt");

/// The lines of one sort, as name and number.
fn lines(sort: &str) -> Vec<(&'static str, &'static str)> {
    let lines = SURFACE.lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words
        .filter(|words| words[0] == sort)
        .map(|words| (words[1], words.get(2).copied().unwrap_or_default()))
        .collect()
}

fn numbered(sort: &str, ours: impl Iterator<Item = (&'static str, u32)>) {
    let ours: Vec<_> = ours.map(|(name, n)| (name, n.to_string())).collect();
    let ours: Vec<_> = ours.iter().map(|(name, n)| (*name, n.as_str())).collect();
    assert_eq!(lines(sort), ours);
}

#[test]
fn kinds_traps_and_types_have_their_numbers() {
    numbered(
        "kind",
        ErrorKind::ALL.iter().map(|it| (it.name(), it.number())),
    );
    numbered(
        "trap",
        TrapCode::ALL.iter().map(|it| (it.name(), it.number())),
    );
    numbered("type", Type::ALL.iter().map(|it| (it.name(), *it as u32)));
}

#[test]
fn every_line_is_of_a_known_sort() {
    let known = ["op", "kind", "trap", "type"].map(|sort| lines(sort).len());
    let all = SURFACE.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(known.iter().sum::<usize>(), all.count());
}

/// Everything that an operation needs to be used.
struct Bench {
    engine: Engine,
    module: Module,
    store: Store,
    instance: Instance,
    func: Func,
    memory: Memory,
    table: Table,
    global: Global,
    error: Error,
}

const GUEST: &str = r#"(module $guest (memory (export "m") 1) (table (export "t") 1 externref)
    (global (export "g") (mut i32) (i32.const 1)) (func (export "f") unreachable))"#;

fn bench() -> Result<Bench> {
    let engine = Engine::shared()?;
    let module = Module::new(GUEST)?;
    let store = Store::new(&engine)?;
    let instance = store.instantiate(&module, &Imports::new())?;
    Ok(Bench {
        func: instance.func("f")?,
        memory: instance.memory("m")?,
        table: instance.table("t")?,
        global: instance.global("g")?,
        error: instance.call("f", &[]).expect_err("a trap"),
        engine,
        module,
        store,
        instance,
    })
}

/// A tag of the store with an exception of it.
fn thrown(b: &Bench) -> Result<(Tag, Exception)> {
    let tag = Tag::new(&b.store, &[Type::I32])?;
    let exception = Exception::new(&tag, &[Value::I32(7)])?;
    Ok((tag, exception))
}

/// A struct of one mutable field, which holds 7.
fn gcref(b: &Bench) -> Result<GcRef> {
    let wat = r#"(module (type $s (struct (field (mut i32))))
        (func (export "make") (result (ref $s)) (struct.new $s (i32.const 7))))"#;
    let guest = b.store.instantiate(&Module::new(wat)?, &Imports::new())?;
    match guest.call("make", &[])?.pop() {
        Some(Value::AnyRef(Some(AnyRef::Object(object)))) => Ok(object),
        other => panic!("{other:?}"),
    }
}

/// A precompiled module goes to a file and comes back.
fn precompiled(b: &Bench) -> Result<bool> {
    let name = format!("landbridge-surface-{}", std::process::id());
    let file = std::env::temp_dir().join(name);
    b.module.compile(&file)?;
    // SAFETY: the file was written just now.
    let module = unsafe { Module::load_precompiled(&b.engine, &file) };
    std::fs::remove_file(&file).expect("the file is there");
    Ok(module?.digest() == b.module.digest())
}

fn pool(b: &Bench) -> Result<Pool> {
    let sandbox = Sandbox::default();
    Pool::new(&b.module, &Imports::new(), &sandbox, PoolOptions::default())
}

type Op = (&'static str, fn(&Bench) -> Result<bool>);

const NULL: Value = Value::ExternRef(None);

fn nothing(_: &HostContext<'_>, _: &[Value]) -> Result<Vec<Value>> {
    Ok(Vec::new())
}

/// A context only exists inside of a call.
fn in_host(_: &Bench) -> Result<bool> {
    let module = Module::new(
        r#"(module (import "e" "f" (func $f)) (memory (export "m") 1) (func (export "run") (call $f)))"#,
    )?;
    let mut imports = Imports::new();
    imports.func("e", "f", |context, _| {
        assert!(context.export("m").is_some() && context.export("x").is_none());
        Ok(Vec::new())
    });
    module.instantiate(&imports)?.call("run", &[]).map(|_| true)
}

/// Each operation with a use of it, which says whether it did what it is for.
const OPS: &[Op] = &[
    ("version", |_| Ok(VERSION.split('.').count() == 3)),
    ("engine.new", |_| {
        Engine::new(EngineOptions::default()).map(|_| true)
    }),
    ("module.load_file", |_| {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../conformance/modules/state.wat"
        );
        Ok(Module::from_file(path)?.name() == Some("state"))
    }),
    ("module.load", |b| {
        let text = Module::load_with_engine(&b.engine, "(module $text)")?;
        let missing = Module::load("no/such/file.wasm").err();
        Ok(text.name() == Some("text") && missing.map(|e| e.kind()) == Some(ErrorKind::Io))
    }),
    ("module.load_text", |b| {
        Module::with_engine(&b.engine, "(module)").map(|_| true)
    }),
    ("module.load_bytes", |_| {
        Module::new(b"\0asm\x01\0\0\0").map(|_| true)
    }),
    ("module.name", |b| Ok(b.module.name() == Some("guest"))),
    ("module.imports", |b| Ok(b.module.imports().is_empty())),
    ("module.exports", |b| Ok(b.module.exports().len() == 4)),
    ("module.bytes", |b| {
        Ok(b.module.bytes().starts_with(b"\0asm"))
    }),
    ("module.digest", |b| Ok(b.module.digest().len() == 64)),
    ("module.compile", precompiled),
    ("module.load_precompiled", precompiled),
    ("inspect", |b| {
        Ok(Inspection::new(b.module.bytes())?.exports == b.module.exports())
    }),
    ("inspection.to_json", |b| {
        let json = Inspection::new(b.module.bytes())?.to_json();
        Ok(json.contains(r#""name":"guest""#))
    }),
    ("module.instantiate", |b| {
        b.module.instantiate(&Imports::new()).map(|_| true)
    }),
    ("store.new", |b| Store::new(&b.engine).map(|_| true)),
    ("store.with_sandbox", |b| {
        let limits = Limits {
            instances: Some(0),
            ..Limits::default()
        };
        let store = Store::with(&b.engine, &limits.into())?;
        Ok(store.instantiate(&b.module, &Imports::new()).is_err())
    }),
    ("store.usage", |b| Ok(b.store.usage()?.instances >= 1)),
    ("store.set_fuel", |b| Ok(b.store.set_fuel(1).is_err())),
    ("store.stdout", |b| Ok(b.store.stdout().is_empty())),
    ("store.stderr", |b| Ok(b.store.stderr().is_empty())),
    ("store.stdout_text", |b| {
        Ok(b.store.stdout_text().is_empty())
    }),
    ("store.stderr_text", |b| {
        Ok(b.store.stderr_text().is_empty())
    }),
    ("store.refusals", |b| Ok(b.store.refusals().is_empty())),
    ("instance.run", |b| Ok(b.instance.run().is_err())),
    ("error.output", |b| Ok(b.error.output().is_empty())),
    ("output.lines", |b| {
        let mut sandbox = Sandbox::program();
        sandbox.stdio.stdout = Output::Lines(Arc::new(|_, _| Ok(())));
        Store::with(&b.engine, &sandbox).map(|_| true)
    }),
    ("run", |_| Ok(run("/none.wasm", ["x"]).is_err())),
    ("error.exit_code", |b| Ok(b.error.exit_code().is_none())),
    ("error.row", |b| Ok(b.error.row().is_none())),
    ("error.os_code", |b| Ok(b.error.os_code().is_none())),
    ("error.path", |b| Ok(b.error.path().is_none())),
    ("policy.new", |_| {
        let policy = Policy::none().with_env("A", "1")?.with_args(["p"])?;
        Ok(policy.env().len() == 1 && policy.args() == ["p"])
    }),
    ("policy.network", |_| {
        let policy = Policy::none().with_tcp_connect("10.0.0.0/8", 443)?;
        let policy = policy.with_tcp_bind("::1", Ports::ANY)?;
        let policy = policy.with_udp_connect("192.0.2.1", 53)?;
        let policy = policy.with_udp_bind("127.0.0.1", 8000..=8999)?;
        let policy = policy.with_name("*.example.org", 443)?;
        let policy = policy.with_http("https", "example.org", 443, "GET")?;
        Ok(Policy::from_json(&policy.to_json())? == policy)
    }),
    ("policy.program", |_| {
        Ok(Policy::program() == Policy::from_json(r#"{"clock":"real","random":"secure"}"#)?)
    }),
    ("policy.memory_dir", |_| {
        let policy = Policy::none().with_memory_dir("/tmp", [("a", "1")], Access::Write)?;
        Ok(policy.memory_dirs()["/tmp"].files()["a"] == b"1")
    }),
    ("limits.from_json", |_| {
        Ok(Limits::from_json(r#"{"fuel":1}"#)?.fuel == Some(1))
    }),
    ("limits.to_json", |_| {
        let timeout = Some(Duration::from_nanos(1_500_001));
        let limits = Limits {
            timeout,
            ..Limits::default()
        };
        Ok(Limits::from_json(&limits.to_json())? == limits)
    }),
    ("policy.from_json", |_| {
        Ok(Policy::from_json(r#"{"clock":"real"}"#)?.clock() == Clock::Real)
    }),
    ("policy.from_file", |_| {
        Ok(Policy::from_file("/none").is_err())
    }),
    ("policy.to_json", |_| {
        let policy = Policy::none().with_random(Random::Seeded(1));
        Ok(Policy::from_json(&policy.to_json())? == policy)
    }),
    ("policy.restrict", |_| {
        let policy = Policy::none().with_env("A", "1")?;
        Ok(policy.restrict(&Policy::none()) == Policy::none())
    }),
    ("policy.allows", |_| {
        let policy = Policy::none().with_env("A", "1")?;
        Ok(policy.allows(&Policy::none()) && !Policy::none().allows(&policy))
    }),
    ("policy.allows_tcp_connect", |_| {
        let policy = Policy::none().with_tcp_connect("10.0.0.0/8", 443)?;
        Ok(policy.allows_tcp_connect(([10, 1, 2, 3], 443).into()))
    }),
    ("policy.allows_tcp_bind", |_| {
        let policy = Policy::none().with_tcp_bind("127.0.0.1", 8000..=8001)?;
        Ok(policy.allows_tcp_bind(([127, 0, 0, 1], 8001).into()))
    }),
    ("policy.allows_udp_connect", |_| {
        let policy = Policy::none().with_udp_connect("10.0.0.0/8", 53)?;
        Ok(policy.allows_udp_connect(([10, 1, 2, 3], 53).into()))
    }),
    ("policy.allows_udp_bind", |_| {
        let policy = Policy::none().with_udp_bind("0.0.0.0/0", Ports::ANY)?;
        Ok(policy.allows_udp_bind(([0, 0, 0, 0], 0).into()))
    }),
    ("policy.allows_name", |_| {
        let policy = Policy::none().with_name("*.example.org", 443)?;
        Ok(policy.allows_name("a.example.org") && !policy.allows_name("example.org"))
    }),
    ("policy.allows_name_port", |_| {
        let policy = Policy::none().with_name("example.org", 443)?;
        Ok(policy.allows_name_port("example.org", 443)
            && !policy.allows_name_port("example.org", 80))
    }),
    ("policy.allows_http", |_| {
        let policy = Policy::none().with_http("https", "example.org", 443, "GET")?;
        Ok(policy.allows_http("https", "example.org", 443, "GET"))
    }),
    ("store.cancel", |b| {
        b.store.cancel();
        Ok(true)
    }),
    ("store.instantiate", |b| {
        b.store
            .instantiate(&b.module, &Imports::new())
            .map(|_| true)
    }),
    ("store.output", |b| Ok(b.store.output().is_empty())),
    ("store.gc", |b| b.store.gc().map(|()| true)),
    ("store.close", |b| {
        let store = Store::new(&b.engine)?;
        store.close();
        Ok(store.is_closed())
    }),
    ("imports.func", |_| {
        Ok(format!("{:?}", Imports::new().func("e", "f", nothing)).contains('f'))
    }),
    ("imports.define", |b| {
        Ok(format!("{:?}", Imports::new().define("e", "m", b.memory.clone())).contains('m'))
    }),
    ("imports.value", |_| {
        Ok(format!("{:?}", Imports::new().value("e", "v", NULL)).contains('v'))
    }),
    ("imports.instance", |b| {
        Ok(format!("{:?}", Imports::new().instance("e", &b.instance)?).contains('g'))
    }),
    ("imports.initialize", |b| {
        let mut imports = Imports::new();
        imports.initialize(false);
        Ok(b.store.instantiate(&b.module, &imports)?.func("f").is_ok())
    }),
    ("instance.func", |b| Ok(b.instance.func("f")? == b.func)),
    ("instance.memory", |b| {
        Ok(b.instance.memory("m")?.same(&b.memory))
    }),
    ("instance.table", |b| b.instance.table("t").map(|_| true)),
    ("instance.global", |b| b.instance.global("g").map(|_| true)),
    ("instance.tag", |b| Ok(b.instance.tag("f").is_err())),
    ("instance.exports", |b| Ok(b.instance.exports()?.len() == 4)),
    ("instance.call", |b| Ok(b.instance.call("f", &[]).is_err())),
    ("instance.close", |b| {
        let other = b.module.instantiate(&Imports::new())?;
        other.close();
        Ok(other.is_closed())
    }),
    ("func.new", |b| {
        let ty = FuncType::new([], []);
        Func::new(&b.store, &ty, Arc::new(nothing))?
            .call(&[])
            .map(|found| found.is_empty())
    }),
    ("func.call", |b| Ok(b.func.call(&[]).is_err())),
    ("func.map", |b| {
        b.func.map_rows(0, &[], &mut []).map(|()| true)
    }),
    ("func.type", |b| Ok(b.func.ty().to_string() == "() -> ()")),
    ("func.name", |b| Ok(b.func.name() == "f")),
    ("memory.new", |b| {
        Memory::new(&b.store, &MemoryType::new(1, None)).map(|_| true)
    }),
    ("memory.read", |b| Ok(b.memory.read(0, 2)? == [0, 0])),
    ("memory.write", |b| b.memory.write(8, &[1]).map(|()| true)),
    ("memory.read_text", |b| {
        Ok(b.memory.read_text(0, 0)?.is_empty())
    }),
    ("memory.read_c_string", |b| {
        Ok(b.memory.read_c_string(0, None)?.is_empty())
    }),
    ("memory.write_text", |b| {
        Ok(b.memory.write_text(100, "größe")? == 7)
    }),
    ("memory.grow", |b| Ok(b.memory.grow(0)? == 1)),
    ("memory.size_bytes", |b| Ok(b.memory.size_bytes()? == 65536)),
    ("memory.size_pages", |b| Ok(b.memory.size_pages()? == 1)),
    ("memory.type", |b| Ok(b.memory.ty()?.min == 1)),
    ("memory.view", |b| Ok(b.memory.view()?.len() == 65536)),
    ("table.new", |b| {
        let ty = TableType::new(Type::ExternRef, 1, None);
        Table::new(&b.store, &ty, &NULL).map(|_| true)
    }),
    ("table.get", |b| Ok(b.table.get(0)? == NULL)),
    ("table.set", |b| b.table.set(0, &NULL).map(|()| true)),
    ("table.grow", |b| Ok(b.table.grow(0, &NULL)? == 1)),
    ("table.size", |b| Ok(b.table.size()? == 1)),
    ("table.type", |b| {
        Ok(b.table.ty()?.element == Type::ExternRef)
    }),
    ("global.new", |b| {
        let ty = GlobalType {
            content: Type::I32,
            mutable: true,
        };
        Global::new(&b.store, &ty, &Value::I32(1)).map(|_| true)
    }),
    ("global.get", |b| Ok(b.global.get()? == Value::I32(1))),
    ("global.set", |b| {
        b.global.set(&Value::I32(1)).map(|()| true)
    }),
    ("global.type", |b| Ok(b.global.ty()?.mutable)),
    ("func.same", |b| Ok(b.instance.func("f")? == b.func)),
    ("memory.same", |b| Ok(b.memory == b.memory.clone())),
    ("table.same", |b| Ok(b.table == b.table.clone())),
    ("global.same", |b| Ok(b.global == b.global.clone())),
    ("tag.same", |b| Ok(thrown(b)?.0 != thrown(b)?.0)),
    ("module.load_async", |b| {
        let load = Module::load_async(b.module.engine(), b.module.bytes())?;
        Ok(load.wait()?.same(&b.module))
    }),
    ("tag.new", |b| thrown(b).map(|_| true)),
    (
        "tag.type",
        |b| Ok(thrown(b)?.0.ty().params() == [Type::I32]),
    ),
    ("exception.new", |b| thrown(b).map(|_| true)),
    ("exception.tag", |b| {
        let (tag, exception) = thrown(b)?;
        Ok(*exception.tag() == tag)
    }),
    ("exception.payload", |b| {
        Ok(thrown(b)?.1.payload()? == [Value::I32(7)])
    }),
    ("gcref.type", |b| {
        Ok(gcref(b)?.ty().to_string() == "(struct (mut i32))")
    }),
    ("gcref.len", |b| Ok(gcref(b)?.len()? == 1)),
    ("gcref.get", |b| Ok(gcref(b)?.get(0)? == Value::I32(7))),
    ("gcref.set", |b| {
        gcref(b)?.set(0, &Value::I32(1)).map(|()| true)
    }),
    ("func.call_async", |b| {
        let call = b.func.call_async(&[])?;
        Ok(call.wait().is_err() && call.is_done())
    }),
    ("instance.call_async", |b| {
        Ok(b.instance.call_async("f", &[])?.wait().is_err())
    }),
    ("instance.run_async", |b| {
        Ok(b.instance.run_async()?.wait().is_err())
    }),
    ("call.cancel", |b| {
        let call = b.func.call_async(&[])?;
        call.cancel();
        Ok(call.wait().is_err())
    }),
    ("pool.new", |b| pool(b).map(|pool| !pool.is_closed())),
    ("pool.get", |b| {
        Ok(pool(b)?.get()?.memory("m")?.size_pages()? == 1)
    }),
    ("pool.call", |b| Ok(pool(b)?.call("f", &[]).is_err())),
    ("pool.call_async", |b| {
        Ok(pool(b)?.call_async("f", &[])?.wait().is_err())
    }),
    ("pool.counts", |b| Ok(pool(b)?.counts().ready == 1)),
    ("pool.close", |b| {
        let pool = pool(b)?;
        pool.close();
        Ok(pool.get().is_err())
    }),
    ("context.export", in_host),
    ("error.kind", |b| Ok(b.error.kind() == ErrorKind::Trap)),
    ("error.trap_code", |b| {
        Ok(b.error.trap_code() == Some(TrapCode::Unreachable))
    }),
    ("error.message", |b| {
        Ok(b.error.message().contains("unreachable"))
    }),
    ("error.frames", |b| Ok(b.error.frames().len() == 1)),
    ("error.host_exception", |b| {
        Ok(b.error.host_exception().is_none())
    }),
    ("error.exception", |b| {
        let error = Error::from(thrown(b)?.1);
        Ok(error.exception().is_some() && b.error.exception().is_none())
    }),
];

#[test]
fn every_operation_is_there_and_works() {
    let asked: BTreeSet<_> = lines("op").into_iter().map(|(name, _)| name).collect();
    let offered: BTreeMap<_, _> = OPS.iter().chain(wit::OPS).copied().collect();
    let names: BTreeSet<_> = offered.keys().copied().collect();
    assert_eq!(asked, names);
    let bench = bench().expect("a bench");
    for (name, op) in offered {
        assert!(
            op(&bench).unwrap_or_else(|e| panic!("{name}: {e:?}")),
            "{name}"
        );
    }
}
