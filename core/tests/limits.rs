//! Absurd sizes, wrong types and strange modules: each is an ordinary error of a sensible kind.

use std::slice;
use std::sync::Arc;

use landbridge::*;

fn store() -> Store {
    Store::new(&Engine::shared().unwrap()).unwrap()
}

fn module(wat: &str) -> Module {
    Module::new(wat).unwrap_or_else(|e| panic!("{e}\n{wat}"))
}

fn instance(wat: &str) -> Instance {
    module(wat).instantiate(&Imports::new()).unwrap()
}

#[track_caller]
fn fails<T: std::fmt::Debug>(kind: ErrorKind, outcome: Result<T>) {
    let error = outcome.expect_err("an error");
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(!error.message().is_empty());
}

fn nothing(_: &HostContext<'_>, _: &[Value]) -> Result<Vec<Value>> {
    Ok(vec![])
}

const NULL_FUNC: Value = Value::FuncRef(None);
const NULL_EXTERN: Value = Value::ExternRef(None);

#[test]
fn memories_of_impossible_types() {
    let store = store();
    let ty = |min, max, is_64, page_bytes| MemoryType {
        min,
        max,
        is_64,
        page_bytes,
    };
    for ty in [
        ty(2, Some(1), false, 1 << 16),
        ty(65_537, None, false, 1 << 16),
        ty(u64::MAX, None, false, 1 << 16),
        ty(u64::MAX, None, true, 1 << 16),
        ty(1 << 40, None, true, 1 << 16),
        ty(1, None, false, 0),
        ty(1, None, false, 7),
        ty(1, None, false, u64::MAX),
    ] {
        let made = Memory::new(&store, &ty);
        let kind = made.map_err(|error| error.kind()).map(|_| ());
        assert_eq!(kind, Err(ErrorKind::Limit), "{ty:?}");
    }
    fails(
        ErrorKind::Unsupported,
        Memory::new(&store, &ty(1, None, false, 1)),
    );
    let options = EngineOptions {
        custom_page_sizes: true,
        ..EngineOptions::default()
    };
    let bytewise = Store::new(&Engine::new(options).unwrap()).unwrap();
    for ty in [
        ty(u64::MAX, Some(u64::MAX), true, 1),
        ty(u64::MAX, None, false, 1),
    ] {
        fails(ErrorKind::Limit, Memory::new(&bytewise, &ty));
    }
    let tiny = Memory::new(&bytewise, &ty(3, Some(5), false, 1)).unwrap();
    assert_eq!((tiny.size_bytes().unwrap(), tiny.grow(2).unwrap()), (3, 3));
    fails(ErrorKind::MemoryLimit, tiny.grow(1));
    let empty = Memory::new(&store, &MemoryType::new(0, Some(0))).unwrap();
    assert!(empty.view().unwrap().is_empty());
    assert!(empty.read(0, 0).unwrap().is_empty());
    fails(ErrorKind::OutOfBounds, empty.read(0, 1));
}

#[test]
fn accesses_at_and_past_the_end() {
    let guest = instance(r#"(module (memory (export "a") 1 2) (memory (export "b") i64 1 2))"#);
    for memory in ["a", "b"].map(|name| guest.memory(name).unwrap()) {
        assert!(memory.read(65_536, 0).unwrap().is_empty());
        memory.write(65_536, &[]).unwrap();
        memory.read_into(65_535, &mut [0]).unwrap();
        for (offset, length) in [
            (65_536, 1),
            (65_535, 2),
            (65_537, 0),
            (1 << 32, 1),
            (1 << 32, 0),
            (u64::MAX, 0),
            (u64::MAX, 1),
            (u64::MAX, usize::MAX),
            (0, usize::MAX),
            (1, usize::MAX),
        ] {
            fails(ErrorKind::OutOfBounds, memory.read(offset, length));
        }
        fails(ErrorKind::OutOfBounds, memory.write(65_535, &[1, 2]));
        assert_eq!(memory.read(65_535, 1).unwrap(), [0], "nothing was written");
        for delta in [2, 65_536, 1 << 32, 1 << 48, u64::MAX] {
            fails(ErrorKind::MemoryLimit, memory.grow(delta));
        }
        assert_eq!(
            (memory.grow(1).unwrap(), memory.size_pages().unwrap()),
            (1, 2)
        );
    }
}

#[test]
fn bytes_that_are_lent_cannot_be_reached_otherwise() {
    let guest = instance(
        r#"(module (memory (export "m") 1) (func (export "f") (i32.store8 (i32.const 0) (i32.const 1))))"#,
    );
    let memory = guest.memory("m").unwrap();
    let inside = |bytes: &mut [u8]| {
        fails(ErrorKind::Busy, guest.call("f", &[]));
        fails(ErrorKind::Busy, memory.write(0, &[2]));
        fails(ErrorKind::Busy, memory.with_bytes_mut(0, 1, |_| ()));
        bytes[0] = 3;
    };
    memory.with_bytes_mut(0, 1, inside).unwrap();
    guest.call("f", &[]).unwrap();
    let panics = || memory.with_bytes(0, 1, |_| -> () { panic!("inside") });
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    assert_eq!(memory.read(0, 1).unwrap(), [1], "the bytes are back");
    memory.with_bytes(0, 1, |_| guest.close()).unwrap();
    fails(ErrorKind::Closed, memory.read(0, 1));
}

#[test]
fn a_guest_may_have_much_stack() {
    let options = EngineOptions {
        stack_bytes: 8 << 20,
        ..EngineOptions::default()
    };
    let down = r#"(module (func $f (export "f") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0)))))"#;
    let deep = move || {
        let engine = Engine::new(options)?;
        let guest = Module::with_engine(&engine, down)?.instantiate(&Imports::new())?;
        guest.call("f", &[Value::I32(100_000)])
    };
    let large = std::thread::Builder::new().stack_size(16 << 20);
    let thread = large.spawn(deep).expect("a thread");
    let found = thread.join().expect("no panic").expect("no trap");
    assert_eq!(found, [Value::I32(100_000)]);
}

#[test]
fn an_engine_is_made_on_a_small_stack() {
    let make = || {
        let engine = Engine::new(EngineOptions::default())?;
        let limits = Limits {
            fuel: Some(1000),
            ..Limits::default()
        };
        let module = Module::with_engine(&engine, "(module)")?;
        let made = module.instantiate_with(&Imports::new(), &limits.into());
        made.map(drop)
    };
    let small = std::thread::Builder::new().stack_size(64 << 10);
    let thread = small.spawn(make).expect("a thread");
    thread.join().expect("no panic").expect("an engine");
}

#[test]
fn tables_of_impossible_types() {
    let store = store();
    let ty = |element, min, max| TableType {
        element,
        min,
        max,
        is_64: false,
    };
    let new = |ty: TableType, init: &Value| Table::new(&store, &ty, init);
    fails(
        ErrorKind::Limit,
        new(ty(Type::FuncRef, 2, Some(1)), &NULL_FUNC),
    );
    fails(
        ErrorKind::Limit,
        new(ty(Type::FuncRef, 1 << 32, None), &NULL_FUNC),
    );
    fails(
        ErrorKind::Limit,
        new(ty(Type::FuncRef, u64::MAX, None), &NULL_FUNC),
    );
    fails(
        ErrorKind::Limit,
        new(ty(Type::FuncRef, 0, Some(u64::MAX)), &NULL_FUNC),
    );
    fails(ErrorKind::Type, new(ty(Type::AnyRef, 1, None), &NULL_FUNC));
    for plain in Type::ALL.iter().filter(|ty| ty.is_plain()) {
        fails(ErrorKind::Type, new(ty(*plain, 1, None), &NULL_FUNC));
    }
    fails(
        ErrorKind::Type,
        new(ty(Type::FuncRef, 1, None), &NULL_EXTERN),
    );
    fails(
        ErrorKind::Type,
        new(ty(Type::ExternRef, 1, None), &Value::I32(1)),
    );
}

#[test]
fn elements_of_wrong_types_and_places() {
    let (store, other) = (store(), store());
    let ty = TableType::new(Type::FuncRef, 1, Some(2));
    let table = Table::new(&store, &ty, &NULL_FUNC).unwrap();
    let own = |store| Func::new(store, &FuncType::new([], []), Arc::new(nothing)).unwrap();
    let foreign = Value::FuncRef(Some(own(&other)));
    for (kind, value) in [
        (ErrorKind::Type, Value::I32(1)),
        (ErrorKind::Type, NULL_EXTERN),
        (ErrorKind::WrongStore, foreign),
    ] {
        fails(kind, table.set(0, &value));
        fails(kind, table.grow(1, &value));
        fails(kind, Table::new(&store, &ty, &value));
    }
    for index in [1, 1 << 32, u64::MAX] {
        fails(ErrorKind::OutOfBounds, table.get(index));
        fails(ErrorKind::OutOfBounds, table.set(index, &NULL_FUNC));
    }
    for delta in [2, 1 << 32, u64::MAX] {
        fails(ErrorKind::Limit, table.grow(delta, &NULL_FUNC));
    }
    assert_eq!(
        table.grow(1, &Value::FuncRef(Some(own(&store)))).unwrap(),
        1
    );
    assert_eq!(table.get(1).unwrap(), table.get(1).unwrap());
}

#[test]
fn globals_of_wrong_types() {
    let store = store();
    let ty = |content| GlobalType {
        content,
        mutable: true,
    };
    fails(
        ErrorKind::Type,
        Global::new(&store, &ty(Type::AnyRef), &NULL_FUNC),
    );
    for content in Type::ALL {
        let zero = Value::zero(*content);
        let global = Global::new(&store, &ty(*content), &zero).unwrap();
        assert_eq!(global.get().unwrap(), zero);
        let wrong = match content {
            Type::I32 => Value::I64(0),
            _ => Value::I32(0),
        };
        fails(ErrorKind::Type, global.set(&wrong));
        fails(ErrorKind::Type, Global::new(&store, &ty(*content), &wrong));
    }
}

#[test]
fn functions_of_many_parameters() {
    let store = store();
    struct Echo;
    impl HostFunc for Echo {
        fn call(&self, _: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
            Ok(args.to_vec())
        }
    }
    for (count, ty, value) in [
        (1000, Type::I64, Value::I64(5)),
        (1000, Type::ExternRef, NULL_EXTERN),
    ] {
        let shape = FuncType::new(vec![ty; count], vec![ty; count]);
        let echo = Func::new(&store, &shape, Arc::new(Echo)).unwrap();
        let args = vec![value; count];
        assert_eq!(echo.call(&args).unwrap(), args);
        fails(ErrorKind::Type, echo.call(&args[1..]));
        fails(ErrorKind::Type, echo.call_raw(&mut [Slot::zero(); 8]));
    }
    for count in [1001, 5000, 100_000] {
        let many = || vec![Type::I32; count];
        for shape in [FuncType::new(many(), []), FuncType::new([], many())] {
            fails(ErrorKind::Limit, Func::new(&store, &shape, Arc::new(Echo)));
        }
    }
}

#[test]
fn results_of_wrong_number_and_type() {
    let store = store();
    let plain = FuncType::new([], [Type::I32]);
    let mixed = FuncType::new([], [Type::I32, Type::ExternRef]);
    let foreign = Value::FuncRef(Some(
        Func::new(
            &Store::new(store.engine()).unwrap(),
            &plain,
            Arc::new(nothing),
        )
        .unwrap(),
    ));
    for (ty, given, kind) in [
        (&plain, vec![], ErrorKind::Type),
        (&plain, vec![Value::I64(1)], ErrorKind::Type),
        (&plain, vec![NULL_FUNC], ErrorKind::Type),
        (&plain, vec![Value::I32(1); 2], ErrorKind::Type),
        (&mixed, vec![Value::I32(1)], ErrorKind::Type),
        (&mixed, vec![Value::I32(1), NULL_FUNC], ErrorKind::Type),
        (
            &FuncType::new([], [Type::FuncRef]),
            vec![foreign],
            ErrorKind::WrongStore,
        ),
    ] {
        let give = move |_: &HostContext<'_>, _: &[Value]| Ok(given.clone());
        fails(
            kind,
            Func::new(&store, ty, Arc::new(give)).unwrap().call(&[]),
        );
    }
}

#[test]
fn references_of_exact_types() {
    let guest = instance(
        r#"(module
            (type $t (func (param i32) (result i32)))
            (type $s (struct (field i32)))
            (func $inc (export "inc") (type $t) (i32.add (local.get 0) (i32.const 1)))
            (func $f (export "f"))
            (table (export "typed") 2 (ref null $t))
            (table (export "any") 2 anyref)
            (table (export "extern") 2 externref)
            (global (export "typed_global") (mut (ref null $t)) (ref.func $inc))
            (global (export "i31") (mut i31ref) (ref.i31 (i32.const 1)))
            (global (export "extern_global") (mut externref) (ref.null extern))
            (func (export "take_typed") (param (ref null $t)))
            (func (export "take_func") (param (ref func)))
            (func (export "give_typed") (result (ref null $t)) (ref.func $inc))
            (func (export "give_struct") (result (ref $s)) (struct.new $s (i32.const 1)))
            (func (export "give_i31") (result i31ref) (ref.i31 (i32.const 1)))
            (func (export "give_extern") (result externref)
                (extern.convert_any (ref.i31 (i32.const 1))))
            (func (export "give_inner") (result externref)
                (extern.convert_any (struct.new $s (i32.const 1))))
            (func (export "fill")
                (table.set 2 (i32.const 0) (extern.convert_any (ref.i31 (i32.const 1))))
                (global.set 2 (extern.convert_any (ref.i31 (i32.const 1)))))
            (func (export "take_none") (param nullfuncref))
            (func (export "give_none") (result nullexternref) (ref.null noextern)))"#,
    );
    let inc = Value::FuncRef(Some(guest.func("inc").unwrap()));
    let other = Value::FuncRef(Some(guest.func("f").unwrap()));
    let typed = guest.table("typed").unwrap();
    for value in [&inc, &NULL_FUNC] {
        typed.set(1, value).unwrap();
        guest.call("take_typed", slice::from_ref(value)).unwrap();
    }
    for value in [&other, &NULL_EXTERN] {
        fails(ErrorKind::Type, typed.set(0, value));
        fails(ErrorKind::Type, typed.grow(1, value));
        fails(
            ErrorKind::Type,
            guest.global("typed_global").unwrap().set(value),
        );
        fails(
            ErrorKind::Type,
            guest.call("take_typed", slice::from_ref(value)),
        );
        fails(ErrorKind::Type, guest.table("any").unwrap().set(0, value));
        fails(ErrorKind::Type, guest.global("i31").unwrap().set(value));
        fails(
            ErrorKind::Type,
            guest.call("take_none", slice::from_ref(value)),
        );
    }
    fails(ErrorKind::Type, guest.call("take_func", &[NULL_FUNC]));
    guest.call("take_func", &[other]).unwrap();
    assert_eq!(guest.global("typed_global").unwrap().get().unwrap(), inc);
    assert_eq!(guest.call("give_typed", &[]).unwrap(), [inc]);
    assert_eq!(typed.get(0).unwrap(), NULL_FUNC);
    let one = Value::AnyRef(Some(AnyRef::I31(1)));
    assert_eq!(guest.call("give_i31", &[]).unwrap(), slice::from_ref(&one));
    let outward = Value::ExternRef(Some(ExternRef::from_any(AnyRef::I31(1))));
    assert_eq!(
        guest.call("give_extern", &[]).unwrap(),
        slice::from_ref(&outward)
    );
    let struct_of = |value: Value| match value {
        Value::AnyRef(Some(AnyRef::Object(object))) => object,
        Value::ExternRef(Some(object)) => match object.any() {
            Some(AnyRef::Object(object)) => object.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    for give in ["give_struct", "give_inner"] {
        let object = struct_of(guest.call(give, &[]).unwrap().remove(0));
        assert_eq!(object.get(0).unwrap(), Value::I32(1));
    }
    assert_eq!(guest.call("give_none", &[]).unwrap(), [NULL_EXTERN]);
    assert_eq!(guest.global("i31").unwrap().get().unwrap(), one);
    guest.call("fill", &[]).unwrap();
    let filled = guest.table("extern").unwrap().get(0).unwrap();
    assert_eq!(filled, outward);
    for (name, item) in guest.exports().unwrap() {
        assert_eq!(item.ty().unwrap().sort(), item.sort(), "{name}");
    }
}

#[test]
fn a_host_function_must_give_what_was_asked_for() {
    let wat = r#"(module (type $s (struct)) (import "e" "f" (func $f (result (ref $s))))
        (func (export "run") (drop (call $f))))"#;
    let mut imports = Imports::new();
    imports.func("e", "f", |_, _| Ok(vec![NULL_FUNC]));
    let guest = module(wat).instantiate(&imports).unwrap();
    fails(ErrorKind::Type, guest.call("run", &[]));
}

#[test]
fn exceptions_of_guests() {
    let guest = Module::new(
        r#"(module (tag $t (export "tag") (param i32))
            (func (export "throw") (throw $t (i32.const 1))))"#,
    );
    let guest = match guest {
        Ok(module) => module.instantiate(&Imports::new()).unwrap(),
        Err(error) => return assert_eq!(error.kind(), ErrorKind::Compile, "{error}"),
    };
    fails(ErrorKind::NotFound, guest.call("tag", &[]));
    assert_eq!(guest.exports().unwrap().len(), 2);
    let error = guest.call("throw", &[]).unwrap_err();
    let exception = error.exception().expect("an exception");
    assert_eq!(exception.tag(), &guest.tag("tag").unwrap());
    let asks = module(r#"(module (import "e" "tag" (tag)))"#);
    fails(ErrorKind::Link, asks.instantiate(&Imports::new()));
    fails(
        ErrorKind::Link,
        asks.instantiate(Imports::new().func("e", "tag", nothing)),
    );
}

#[test]
fn imports_of_other_types() {
    let lender = instance(
        r#"(module (memory (export "m") 1 2) (table (export "t") 1 2 funcref)
            (global (export "g") i32 (i32.const 1)) (func (export "f") (param i32)))"#,
    );
    for asked in [
        r#"(import "l" "m" (memory 2))"#,
        r#"(import "l" "m" (memory 1 1))"#,
        r#"(import "l" "m" (memory i64 1))"#,
        r#"(import "l" "t" (table 1 externref))"#,
        r#"(import "l" "t" (table 3 funcref))"#,
        r#"(import "l" "g" (global i64))"#,
        r#"(import "l" "g" (global (mut i32)))"#,
        r#"(import "l" "f" (func (param i64)))"#,
        r#"(import "l" "f" (func))"#,
        r#"(import "l" "f" (memory 1))"#,
        r#"(import "l" "f" (tag (param i32)))"#,
        r#"(import "l" "none" (func))"#,
    ] {
        let asks = module(&format!("(module {asked})"));
        let mut imports = Imports::new();
        imports.instance("l", &lender).unwrap();
        fails(ErrorKind::Link, lender.store().instantiate(&asks, &imports));
    }
}

#[test]
fn modules_that_cannot_be_made() {
    for wat in [
        r#"(module (data (i32.const 0) "x"))"#.to_owned(),
        "(module (memory 65537))".to_owned(),
        format!("(module {}", "(func ".repeat(10_000)),
        "(".repeat(1_000_000),
        format!("(module (func {} ))", "(block ".repeat(100_000)),
        format!("(module (type (func {})))", "(param i32)".repeat(1001)),
        format!("(module (func (local {})))", "i64 ".repeat(60_000)),
        "\u{0}".repeat(1000),
        "(component (import".to_owned(),
    ] {
        fails(ErrorKind::Compile, Module::new(wat));
    }
    let bounds = module(r#"(module (memory 1) (data (i32.const 65536) "x"))"#);
    let error = bounds.instantiate(&Imports::new()).unwrap_err();
    assert_eq!(error.trap_code(), Some(TrapCode::MemoryOutOfBounds));
    // Whether there is room for it depends on the machine; that it is no abort does not.
    let _ = module("(module (table 4294967295 funcref))").instantiate(&Imports::new());
    let _ = module("(module (memory i64 0xffff_ffff))").instantiate(&Imports::new());
}

#[test]
fn deep_nesting_compiles_on_a_small_stack() {
    let deep = |n| {
        format!(
            "(module (func {} {}))",
            "block ".repeat(n),
            "end ".repeat(n)
        )
    };
    let small = std::thread::Builder::new().stack_size(64 << 10);
    let compile = move || Module::new(deep(20_000)).map(drop);
    let outcome = small.spawn(compile).unwrap().join().unwrap();
    assert!(outcome.is_ok() || outcome.is_err_and(|e| e.kind() == ErrorKind::Compile));
}

#[test]
fn engines_of_strange_options() {
    for stack_bytes in [0, 1, 4096, 64 << 20, usize::MAX] {
        let made = Engine::new(EngineOptions {
            stack_bytes,
            ..EngineOptions::default()
        });
        let engine = match made {
            Ok(engine) => engine,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
                continue;
            }
        };
        let down = r#"(module (func $f (export "f") (call $f)))"#;
        let guest = Module::with_engine(&engine, down)
            .unwrap()
            .instantiate(&Imports::new());
        let outcome = guest.and_then(|guest| guest.call("f", &[]));
        assert_eq!(
            outcome.unwrap_err().trap_code(),
            Some(TrapCode::StackOverflow)
        );
    }
}

#[test]
fn handles_of_any_number() {
    let mut number = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..100_000 {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
        for made_up in [
            number,
            number >> 32,
            number & 0x1_0000_00ff,
            1 << 32 | number & 0xff,
        ] {
            assert!(handle::get::<Module>(made_up, "module").is_err());
            assert!(handle::with_func(made_up, |_| Ok(())).is_err());
            assert!(handle::release::<Module>(made_up, "module").is_err());
        }
    }
}

#[test]
fn everything_of_a_closed_store_says_so() {
    let store = store();
    let wat = r#"(module (memory (export "m") 1) (table (export "t") 1 externref)
        (global (export "g") (mut i32) (i32.const 1)) (func (export "f")))"#;
    let guest = store.instantiate(&module(wat), &Imports::new()).unwrap();
    let (memory, table) = (guest.memory("m").unwrap(), guest.table("t").unwrap());
    let (global, func) = (guest.global("g").unwrap(), guest.func("f").unwrap());
    store.close();
    let closed = ErrorKind::Closed;
    fails(closed, memory.ty());
    fails(closed, memory.grow(0));
    fails(closed, memory.view());
    fails(closed, memory.write(0, &[]));
    fails(closed, table.ty());
    fails(closed, table.get(0));
    fails(closed, table.set(0, &NULL_EXTERN));
    fails(closed, table.size());
    fails(closed, global.ty());
    fails(closed, global.get());
    fails(closed, global.set(&Value::I32(1)));
    fails(closed, func.call(&[]));
    fails(closed, guest.exports());
    fails(closed, guest.call("f", &[]));
    fails(closed, store.instantiate(guest.module(), &Imports::new()));
    fails(closed, Func::new(&store, func.ty(), Arc::new(nothing)));
    fails(closed, Memory::new(&store, &MemoryType::new(1, None)));
    assert!(func.same(&func.clone()) && memory.same(&memory.clone()));
}
