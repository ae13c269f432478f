//! The programs of the guide; each block there is cut from here.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use landbridge::*;

/// The programs name their guests as files that lie beside them.
fn beside_the_guests() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guide");
    std::env::set_current_dir(folder).expect("the folder of the guests");
}

fn calc() -> Result<Instance> {
    beside_the_guests();
    Module::from_file("calc.wat")?.instantiate(&Imports::new())
}

#[test]
fn load() -> Result<()> {
    beside_the_guests();
    // [load]
    use landbridge::{Imports, Module, Value};

    let module = Module::from_file("calc.wat")?; // .wasm or .wat; Module::new takes bytes or text
    let calc = module.instantiate(&Imports::new())?;
    let five = calc.call("add", &[Value::I32(2), Value::I32(3)])?;
    // [end load]
    assert_eq!(five, [Value::I32(5)]);
    Ok(())
}

#[test]
fn describe() -> Result<()> {
    beside_the_guests();
    // [describe]
    let module = Module::from_file("app.wat")?;
    for import in module.imports() {
        println!("needs {}.{}: {}", import.module, import.name, import.ty);
    }
    for (name, ty) in module.exports() {
        println!("has {name}: {ty}"); // has run: func () -> (i64)
    }
    // [end describe]
    assert_eq!(module.exports()[1].1.to_string(), "func () -> (i64)");
    Ok(())
}

#[test]
fn call() -> Result<()> {
    let calc = calc()?;
    // [call]
    let add = calc.func("add")?; // looked up once
    assert_eq!(add.ty().to_string(), "(i32, i32) -> (i32)");
    assert_eq!(add.call(&[Value::I32(2), Value::I32(3)])?, [Value::I32(5)]);

    let swapped = calc.call("swap", &[Value::I32(1), Value::I64(2)])?;
    let [Value::I64(two), Value::I32(one)] = swapped[..] else {
        unreachable!("the type says what comes")
    };
    // [end call]
    assert_eq!((one, two), (1, 2));
    Ok(())
}

#[test]
fn raw() -> Result<()> {
    let add = calc()?.func("add")?;
    // [raw]
    let mut slots = [Slot::from_i32(2), Slot::from_i32(3)];
    add.call_raw(&mut slots)?; // the arguments go in, the results come out
    assert_eq!(slots[0].as_i32(), 5);
    // [end raw]
    Ok(())
}

// [clock]
struct Clock(std::time::Instant);

impl HostFunc for Clock {
    fn call(&self, _: &HostContext<'_>, _: &FuncType, _: &[Value]) -> Result<Vec<Value>> {
        Ok(vec![Value::I64(self.0.elapsed().as_nanos() as i64)])
    }

    fn call_raw(&self, _: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        // The guest chose the type it imports, and bits are not checked: look before writing.
        if ty.results() != [Type::I64] {
            return Err(Error::new(
                ErrorKind::Type,
                format!("now gives an i64, not {ty}"),
            ));
        }
        slots[0] = Slot::from_i64(self.0.elapsed().as_nanos() as i64);
        Ok(())
    }
}
// [end clock]

fn clock() -> Arc<Clock> {
    Arc::new(Clock(std::time::Instant::now()))
}

#[test]
fn lend() -> Result<()> {
    beside_the_guests();
    // [lend]
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = lines.clone();
    let mut imports = Imports::new();
    imports.func("env", "log", move |caller, args| {
        let (Some(Extern::Memory(memory)), [Value::I32(at), Value::I32(length)]) =
            (caller.export("memory"), args)
        else {
            return Err(Error::new(ErrorKind::Type, "log takes a piece of `memory`"));
        };
        let bytes = memory.read(*at as u32 as u64, *length as u32 as usize)?;
        log.lock()
            .unwrap()
            .push(String::from_utf8_lossy(&bytes).into_owned());
        Ok(vec![])
    });
    imports.host_func("env", "now", Arc::new(Clock(std::time::Instant::now())));

    let app = Module::from_file("app.wat")?.instantiate(&imports)?;
    app.call("run", &[])?;
    // [end lend]
    assert_eq!(*lines.lock().unwrap(), ["hello"]);
    Ok(())
}

#[test]
fn memory() -> Result<()> {
    let calc = calc()?;
    // [memory]
    let memory = calc.memory("memory")?;
    memory.write(0, b"hello")?; // checked and copied
    assert_eq!(memory.read(0, 5)?, b"hello");

    let spaces = memory.with_bytes(0, 4096, |bytes| {
        bytes.iter().filter(|b| **b == b' ').count()
    })?; // in place
    memory.with_bytes_mut(0, 5, |bytes| bytes.make_ascii_uppercase())?;

    assert_eq!(memory.grow(1)?, 1); // in pages; gives the size before
    assert_eq!(memory.size_bytes()?, 131_072);
    // [end memory]
    assert_eq!((spaces, memory.read(0, 5)?), (0, b"HELLO".to_vec()));
    Ok(())
}

#[test]
fn view() -> Result<()> {
    let memory = calc()?.memory("memory")?;
    // [view]
    let view = memory.view()?; // stays valid when the memory grows and when its store is closed
    // SAFETY: the view keeps the bytes mapped, and no guest runs meanwhile.
    let bytes = unsafe { std::slice::from_raw_parts(view.data(), view.len()) };
    // [end view]
    assert_eq!(bytes.len(), 65_536);
    Ok(())
}

#[test]
fn errors() -> Result<()> {
    let calc = calc()?;
    // [errors]
    let error = calc
        .call("div", &[Value::I32(1), Value::I32(0)])
        .unwrap_err();
    match error.kind() {
        ErrorKind::Trap => println!("{:?} in {}", error.trap_code(), error.frames()[0]),
        kind => println!("{kind}: {error}"),
    }
    // [end errors]
    assert_eq!(error.trap_code(), Some(TrapCode::IntegerDivisionByZero));
    assert!(error.frames()[0].to_string().starts_with("calc!div @ 0x"));
    Ok(())
}

#[test]
fn exceptions() -> Result<()> {
    beside_the_guests();
    let mut imports = Imports::new();
    imports.host_func("env", "now", clock());
    // [exceptions]
    imports.func("env", "log", |_, _| {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        Err(Error::host(full.to_string(), Arc::new(full)))
    });
    let app = Module::from_file("app.wat")?.instantiate(&imports)?;

    let error = app.call("run", &[]).unwrap_err();
    let full = error
        .host_exception()
        .and_then(|it| it.downcast_ref::<std::io::Error>());
    assert_eq!(
        full.map(|it| it.kind()),
        Some(std::io::ErrorKind::StorageFull)
    );
    assert_eq!(error.frames()[0].func_name.as_deref(), Some("run")); // where the guest was
    // [end exceptions]
    assert_eq!(error.kind(), ErrorKind::Host);
    Ok(())
}

#[test]
fn threads() -> Result<()> {
    let calc = calc()?;
    // [threads]
    let add = calc.func("add")?;
    std::thread::scope(|scope| {
        for n in 0..4 {
            let add = &add;
            scope.spawn(move || {
                let sum = add.call(&[Value::I32(n), Value::I32(1)]).expect("a sum");
                assert_eq!(sum, [Value::I32(n + 1)]);
            });
        }
    });
    // [end threads]

    // [parallel]
    let module = calc.module();
    std::thread::scope(|scope| {
        for n in 0..4 {
            scope.spawn(move || {
                // Compiled once, a store for each.
                let own = module.instantiate(&Imports::new()).expect("an instance");
                let sum = own.call("add", &[Value::I32(n), Value::I32(1)]);
                assert_eq!(sum.expect("a sum"), [Value::I32(n + 1)]);
            });
        }
    });
    // [end parallel]
    Ok(())
}

#[test]
fn linking() -> Result<()> {
    beside_the_guests();
    // [linking]
    let lender = Module::new(r#"(module (memory (export "memory") 1))"#)?;
    let user = Module::new(
        r#"(module (import "lender" "memory" (memory 1))
          (func (export "poke") (i32.store8 (i32.const 0) (i32.const 42))))"#,
    )?;

    let store = Store::new(&Engine::shared()?)?;
    let lender = store.instantiate(&lender, &Imports::new())?;
    let user = store.instantiate(&user, Imports::new().instance("lender", &lender)?)?;
    user.call("poke", &[])?;
    assert_eq!(lender.memory("memory")?.read(0, 1)?, [42]);
    // [end linking]
    Ok(())
}

#[test]
fn define() -> Result<()> {
    // [define]
    let store = Store::new(&Engine::shared()?)?;
    let memory = Memory::new(&store, &MemoryType::new(1, None))?; // made by the host
    let mut imports = Imports::new();
    imports.define("env", "memory", memory.clone());
    // [end define]
    let user =
        Module::new(r#"(module (import "env" "memory" (memory 1)) (export "m" (memory 0)))"#)?;
    let user = store.instantiate(&user, &imports)?;
    assert!(user.memory("m")?.same(&memory));
    Ok(())
}

#[test]
fn closing() -> Result<()> {
    let calc = calc()?;
    let instance = calc.clone();
    // [closing]
    let busy = std::thread::spawn(move || instance.call("spin", &[])); // runs for ever
    std::thread::sleep(Duration::from_millis(20));

    calc.close(); // does not wait; ends the call that runs
    assert_eq!(busy.join().unwrap().unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(calc.func("add").unwrap_err().kind(), ErrorKind::Closed);
    // [end closing]
    Ok(())
}

#[test]
fn heap() -> Result<()> {
    let guest = Module::new(
        r#"(module (type $point (struct (field (mut f64)) (field f64)))
            (func (export "point") (param f64 f64) (result (ref $point))
                (struct.new $point (local.get 0) (local.get 1)))
            (func (export "x") (param (ref $point)) (result f64)
                (struct.get $point 0 (local.get 0))))"#,
    )?;
    let guest = guest.instantiate(&Imports::new())?;
    // [heap]
    let point = guest.call("point", &[Value::F64(1.5), Value::F64(2.0)])?;
    if let Value::AnyRef(Some(AnyRef::Object(object))) = &point[0] {
        assert_eq!(object.ty().to_string(), "(struct (mut f64) f64)");
        object.set(0, &Value::F64(3.5))?; // seen by the guest
    }
    assert_eq!(guest.call("x", &point)?, [Value::F64(3.5)]);
    // [end heap]
    Ok(())
}

#[test]
fn thrown() -> Result<()> {
    // [thrown]
    let store = Store::new(&Engine::shared()?)?;
    let refused = Tag::new(&store, &[Type::I32])?;
    let tag = refused.clone();
    let mut imports = Imports::new();
    imports.define("env", "refused", refused.clone());
    imports.func("env", "check", move |_, args| {
        Err(Exception::new(&tag, args)?.into()) // a guest can catch it
    });
    let module = Module::new(
        r#"(module (import "env" "refused" (tag (param i32)))
            (import "env" "check" (func $check (param i32)))
            (func (export "run") (param i32) (call $check (local.get 0))))"#,
    )?;
    let guest = store.instantiate(&module, &imports)?;
    let error = guest.call("run", &[Value::I32(7)]).unwrap_err();
    let exception = error.exception().expect("this one does not");
    assert!(exception.tag().same(&refused));
    assert_eq!(exception.payload()?, [Value::I32(7)]);
    // [end thrown]
    Ok(())
}

#[test]
fn sandbox() -> Result<()> {
    let module = Module::new(
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const 3))))"#,
    )?;
    // [sandbox]
    let sandbox = Sandbox {
        policy: Policy::none()
            .with_read_only_dir("/data", ".")?
            .with_env("LANG", "C")?,
        limits: Limits {
            memory_bytes: Some(64 << 20),
            timeout: Some(Duration::from_millis(500)),
            ..Limits::default()
        },
        stdio: Stdio {
            stdout: Output::Capture,
            ..Stdio::default()
        },
    };
    let program = module.instantiate_with(&Imports::new(), &sandbox)?;
    assert_eq!(program.run()?, 3); // the exit code
    let written = program.store().stdout();
    // [end sandbox]
    assert!(written.is_empty());
    Ok(())
}

#[test]
fn asynchronous_calls() -> Result<()> {
    let calc = calc()?;
    // [async-call]
    let calls: Vec<_> = (0..1000)
        .map(|i| calc.call_async("add", &[Value::I32(i), Value::I32(1)]))
        .collect::<Result<_>>()?; // a Call is a future, too: call.await?
    for call in &calls {
        println!("{:?}", call.wait()?);
    }
    // [end async-call]
    assert_eq!(calls[999].wait()?, [Value::I32(1000)]);
    Ok(())
}

#[test]
fn asynchronous_loading() -> Result<()> {
    beside_the_guests();
    // [async-load]
    let load = Module::from_file_async(&Engine::shared()?, "calc.wat")?; // a future, too
    let calc = load.wait()?.instantiate(&Imports::new())?;
    // [end async-load]
    assert_eq!(
        calc.call("add", &[2.into(), 3.into()])?,
        [Value::from(5_i32)]
    );
    Ok(())
}

#[test]
fn signatures_of_rust() -> Result<()> {
    // [typed]
    let module = Module::new(
        r#"(module (import "env" "scale" (func $scale (param i32 f64) (result f64)))
        (import "env" "check" (func $check (param i32)))
        (func (export "area") (param i32 f64) (result f64)
            (call $check (local.get 0)) (call $scale (local.get 0) (local.get 1))))"#,
    )?;
    let mut imports = Imports::new();
    imports.typed("env", "scale", |n: i32, by: f64| f64::from(n) * by);
    imports.typed(
        "env",
        "check",
        |context: &HostContext<'_>, n: i32| match n {
            0.. => Ok(()),
            _ => Err(Error::new(
                ErrorKind::Range,
                format!("{}: {n} is negative", context.name()),
            )),
        },
    );
    let guest = module.instantiate(&imports)?;
    let area = guest.typed_func::<(i32, f64), f64>("area")?; // checked once
    assert_eq!(area.call((4, 0.5))?, 2.0);
    // [end typed]
    assert!(area.call((-1, 0.5)).is_err());
    assert_eq!(area.clone().func().name(), "area");
    let wrong = guest.typed_func::<i32, ()>("area").unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Type);
    assert_eq!(
        wrong.message(),
        "area is (i32, f64) -> (f64), not (i32) -> ()"
    );
    let mut wrong = Imports::new();
    wrong.typed("env", "scale", |n: i32| n);
    wrong.typed("env", "check", |_: i32| ());
    let error = module.instantiate(&wrong).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Link);
    assert_eq!(
        error.message(),
        "env.scale is (i32, f64) -> (f64), not (i32) -> (i32)"
    );
    Ok(())
}

#[test]
fn cancelling_a_call() -> Result<()> {
    let module = Module::new(r#"(module (func (export "spin") (loop $l (br $l))))"#)?;
    let guest = module.instantiate(&Imports::new())?;
    // [async-cancel]
    let call = guest.call_async("spin", &[])?;
    std::thread::sleep(Duration::from_millis(100));
    call.cancel();
    let error = call.wait().unwrap_err();
    // [end async-cancel]
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    Ok(())
}

#[test]
fn batches() -> Result<()> {
    let calc = calc()?;
    // [map]
    let div = calc.func("div")?;
    let (xs, mut out) = ([10, 20, 30], [0; 3]);
    div.map(&[(&xs).into(), 2.into()], &mut [(&mut out).into()])?; // [5, 10, 15]; a number repeats
    let ys = [1, 0, 1];
    let failed = div.map(&[(&xs).into(), (&ys).into()], &mut [(&mut out).into()]);
    let row = failed.unwrap_err().row(); // Some(1), and out[0] is 10
    // [end map]
    assert_eq!((row, out), (Some(1), [10, 10, 15]));
    Ok(())
}

#[test]
fn pools() -> Result<()> {
    beside_the_guests();
    let module = Module::from_file("calc.wat")?;
    // [pool]
    let sandbox = Sandbox::from(Limits {
        timeout: Some(Duration::from_millis(500)),
        ..Limits::default()
    });
    let options = PoolOptions {
        max: 4,
        wait: Duration::from_secs(5),
        reset: Reset::Fresh,
    };
    let pool = Pool::new(&module, &Imports::new(), &sandbox, options)?;
    let calc = pool.get()?; // from any thread
    let five = calc.call("add", &[Value::I32(2), Value::I32(3)])?;
    calc.close(); // or drop: gives it back
    let seven = pool.call("add", &[Value::I32(3), Value::I32(4)])?; // all of it in one step
    // [end pool]
    assert_eq!((five, seven), (vec![Value::I32(5)], vec![Value::I32(7)]));
    assert_eq!(pool.counts().served, 2);
    Ok(())
}
