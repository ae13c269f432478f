//! Values, linking and misuse, through the Rust API.

use landbridge::*;

fn instance(wat: &str) -> Instance {
    Module::new(wat)
        .unwrap()
        .instantiate(&Imports::new())
        .unwrap()
}

#[test]
fn references_come_back_as_the_same_object() {
    let echo = instance(
        r#"(module
            (table (export "table") 2 externref)
            (func (export "extern") (param externref) (result externref) local.get 0)
            (func (export "func") (param funcref) (result funcref) local.get 0))"#,
    );
    let object = ExternRef::new(String::from("mine"));
    let back = echo
        .call("extern", &[Value::ExternRef(Some(object.clone()))])
        .unwrap();
    let [Value::ExternRef(Some(back))] = &back[..] else {
        panic!("{back:?}")
    };
    assert!(back.same(&object));
    assert_eq!(back.get::<String>().unwrap(), "mine");

    let func = echo.func("func").unwrap();
    let back = func.call(&[Value::FuncRef(Some(func.clone()))]).unwrap();
    let [Value::FuncRef(Some(back))] = &back[..] else {
        panic!("{back:?}")
    };
    assert!(back.same(&func));

    let table = echo.table("table").unwrap();
    table
        .set(1, &Value::ExternRef(Some(object.clone())))
        .unwrap();
    let Value::ExternRef(Some(back)) = table.get(1).unwrap() else {
        panic!()
    };
    assert!(back.same(&object));
    assert!(matches!(table.get(0).unwrap(), Value::ExternRef(None)));
    assert_eq!(table.get(2).unwrap_err().kind(), ErrorKind::OutOfBounds);
    assert_eq!(
        table.set(0, &Value::FuncRef(None)).unwrap_err().kind(),
        ErrorKind::Type
    );
}

#[test]
fn many_results_and_all_bits() {
    let echo = instance(
        r#"(module (func (export "echo")
            (param i32 i64 f32 f64 v128 i32 i32 i32 i32) (result f64 f32 v128 i64)
            local.get 3 local.get 2 local.get 4 local.get 1))"#,
    );
    let nan = f64::from_bits(0x7ff8_0000_dead_beef);
    let mut args = vec![
        Value::I32(1),
        Value::I64(i64::MIN),
        Value::F32(-0.0),
        Value::F64(nan),
        Value::V128(u128::MAX - 5),
    ];
    args.extend((0..4).map(Value::I32));
    let results = echo.call("echo", &args).unwrap();
    let [Value::F64(a), Value::F32(b), Value::V128(c), Value::I64(d)] = results[..] else {
        panic!("{results:?}")
    };
    assert_eq!(
        (a.to_bits(), b.to_bits(), c, d),
        (nan.to_bits(), (-0.0f32).to_bits(), u128::MAX - 5, i64::MIN)
    );
}

#[test]
fn instances_of_one_store_share_what_they_export() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let a = Module::new(
        r#"(module (memory (export "mem") 1) (global (export "n") (mut i32) (i32.const 7))
            (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0))))"#,
    );
    let a = store.instantiate(&a.unwrap(), &Imports::new()).unwrap();
    let b = Module::new(
        r#"(module (import "a" "mem" (memory 1)) (import "a" "n" (global $n (mut i32)))
            (import "a" "peek" (func $peek (param i32) (result i32)))
            (func (export "poke") (i32.store8 (i32.const 3) (global.get $n)))
            (func (export "peek3") (result i32) (call $peek (i32.const 3))))"#,
    )
    .unwrap();
    let mut imports = Imports::new();
    imports.instance("a", &a).unwrap();
    let linked = store.instantiate(&b, &imports).unwrap();
    linked.call("poke", &[]).unwrap();
    assert!(matches!(
        linked.call("peek3", &[]).unwrap()[..],
        [Value::I32(7)]
    ));
    a.global("n").unwrap().set(&Value::I32(9)).unwrap();
    linked.call("poke", &[]).unwrap();
    assert_eq!(a.memory("mem").unwrap().read(3, 1).unwrap(), [9]);
    assert_eq!(
        b.instantiate(&imports).unwrap_err().kind(),
        ErrorKind::WrongStore
    );
}

#[test]
fn the_host_makes_memories_tables_globals_and_functions() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let ty = FuncType::new([Type::I32], [Type::I32]);
    struct Inc;
    impl HostFunc for Inc {
        fn call(&self, _: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
            let Value::I32(n) = args[0] else { panic!() };
            Ok(vec![Value::I32(n + 1)])
        }
    }
    let inc = Func::new(&store, &ty, std::sync::Arc::new(Inc)).unwrap();
    let table_ty = TableType::new(Type::FuncRef, 1, None);
    let table = Table::new(&store, &table_ty, &Value::FuncRef(Some(inc))).unwrap();
    let memory = Memory::new(&store, &MemoryType::new(1, Some(2))).unwrap();
    let global_ty = GlobalType {
        content: Type::I64,
        mutable: false,
    };
    let global = Global::new(&store, &global_ty, &Value::I64(5)).unwrap();
    let module = Module::new(
        r#"(module (import "h" "t" (table 1 funcref)) (import "h" "m" (memory 1))
            (import "h" "g" (global i64)) (type $f (func (param i32) (result i32)))
            (func (export "run") (result i32 i64)
                (call_indirect (type $f) (i32.load8_u (i32.const 0)) (i32.const 0)) (global.get 0)))"#,
    )
    .unwrap();
    memory.write(0, &[41]).unwrap();
    let mut imports = Imports::new();
    imports
        .define("h", "t", table)
        .define("h", "m", memory)
        .define("h", "g", global.clone());
    let results = store
        .instantiate(&module, &imports)
        .unwrap()
        .call("run", &[])
        .unwrap();
    assert!(
        matches!(results[..], [Value::I32(42), Value::I64(5)]),
        "{results:?}"
    );
    assert_eq!(
        global.set(&Value::I64(1)).unwrap_err().kind(),
        ErrorKind::Type
    );
}

#[test]
fn all_missing_imports_are_named_with_their_types() {
    let module = Module::new(
        r#"(module (import "env" "log" (func (param i32 i64))) (import "env" "mem" (memory 1 2)))"#,
    )
    .unwrap();
    let error = module.instantiate(&Imports::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Link);
    assert_eq!(
        error.message(),
        "2 imports are missing:\n    env.log: func (i32, i64) -> ()\n    env.mem: memory 1 2"
    );
}

#[test]
fn misuse_is_an_ordinary_error() {
    let calc = instance(
        r#"(module (memory (export "m") 1 1)
            (func (export "add") (param i32 i32) (result i32) i32.const 0))"#,
    );
    let kind = |outcome: Result<Vec<Value>>| outcome.unwrap_err().kind();
    assert_eq!(kind(calc.call("add", &[Value::I32(1)])), ErrorKind::Type);
    assert_eq!(
        kind(calc.call("add", &[Value::I32(1), Value::I64(1)])),
        ErrorKind::Type
    );
    assert_eq!(kind(calc.call("nope", &[])), ErrorKind::NotFound);
    assert_eq!(kind(calc.call("m", &[])), ErrorKind::NotFound);
    let memory = calc.memory("m").unwrap();
    assert_eq!(
        memory.read(65536, 1).unwrap_err().kind(),
        ErrorKind::OutOfBounds
    );
    assert_eq!(
        memory.write(u64::MAX, &[1]).unwrap_err().kind(),
        ErrorKind::OutOfBounds
    );
    assert_eq!(memory.grow(1).unwrap_err().kind(), ErrorKind::MemoryLimit);
    for bytes in [
        &b""[..],
        b"\0asm",
        b"\0asm\x01\0\0\0\x01",
        b"(module",
        b"\x7fELF",
    ] {
        assert_eq!(
            Module::new(bytes).unwrap_err().kind(),
            ErrorKind::Compile,
            "{bytes:?}"
        );
    }
    assert_eq!(
        Module::from_file("/no/such.wasm").unwrap_err().kind(),
        ErrorKind::Io
    );
    let other = Engine::new(EngineOptions::default()).unwrap();
    let module = Module::with_engine(&other, "(module)").unwrap();
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let error = store.instantiate(&module, &Imports::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongStore);
}

#[test]
fn a_shared_memory_is_refused_by_name() {
    let error = Module::new("(module (memory 1 1 shared))").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Compile);
    assert!(error.message().contains("threads"), "{}", error.message());
}

#[test]
fn kinds_and_codes_are_numbered_from_one_without_holes() {
    for (i, kind) in ErrorKind::ALL.iter().enumerate() {
        assert_eq!(kind.number() as usize, i + 1);
    }
    for (i, code) in TrapCode::ALL.iter().enumerate() {
        assert_eq!(code.number() as usize, i + 1);
    }
}
