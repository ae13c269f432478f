//! Values that are deep, long, or far larger than the memory they come from.

use std::time::{Duration, Instant};

use landbridge::{
    CompileCache, Engine, EngineOptions, ErrorKind, Imports, Instance, Limits, Module, Store,
    WitValue,
};
use landbridge_worlds::{Encoding, Place, Type, World, text};

fn engine() -> Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

/// The component that gives back a value of a type.
fn echo_text(ty: Type) -> String {
    text(&World {
        seed: 0,
        number: 0,
        params: vec![("x".to_owned(), ty)],
        place: Place::World,
        encoding: Encoding::Utf8,
        through_host: false,
        post_return: true,
    })
}

fn load(text: &str) -> landbridge::Result<Module> {
    Module::with_engine(&engine(), text)
}

fn instance(text: &str, limits: Option<Limits>) -> Instance {
    let module = load(text).unwrap_or_else(|e| panic!("{e}"));
    let store = match limits {
        Some(limits) => Store::with(module.engine(), &limits.into()),
        None => Store::new(module.engine()),
    };
    let instance = store.and_then(|store| store.instantiate(&module, &Imports::new()));
    instance.unwrap_or_else(|e| panic!("{e}"))
}

/// Gives it back unchanged.
fn echoes(ty: Type, value: &WitValue) {
    let instance = instance(&echo_text(ty), None);
    let func = instance.wit_func("echo").expect("the function");
    let found = func.call(std::slice::from_ref(value)).expect("a call");
    assert!(found.as_ref() == Some(value), "another value came back");
}

fn nested(depth: usize, inner: Type, outer: fn(Box<Type>) -> Type) -> Type {
    (0..depth).fold(inner, |ty, _| outer(Box::new(ty)))
}

/// As deep as a type may be.
#[test]
fn a_value_may_be_as_deep_as_its_type() {
    for depth in [1, 50, 90] {
        let deep = (0..depth).fold(WitValue::U8(7), |value, _| WitValue::some(value));
        echoes(nested(depth, Type::U8, Type::Option), &deep);
        let deep = (0..depth).fold(WitValue::from(vec![7_u8]), |value, _| vec![value].into());
        let ty = nested(depth, Type::List(Box::new(Type::U8)), Type::List);
        echoes(ty, &deep);
        let tuple = |ty: Box<Type>| Type::Tuple(vec![*ty]);
        let deep = (0..depth).fold(WitValue::from("é"), |value, _| {
            WitValue::Tuple(vec![value])
        });
        echoes(nested(depth, Type::String, tuple), &deep);
    }
}

#[test]
fn a_type_that_is_too_deep_is_refused() {
    for depth in [101, 1000] {
        for outer in [Type::Option, Type::List] {
            let error =
                load(&echo_text(nested(depth, Type::U8, outer))).expect_err("it is too deep");
            assert_eq!(error.kind(), ErrorKind::Compile, "{error}");
            assert!(error.message().contains("nest"), "{error}");
        }
    }
}

#[test]
fn flags_and_cases_are_as_many_as_the_engine_takes() {
    let names = |count: usize| (0..count).map(|i| format!("n{i}")).collect::<Vec<_>>();
    let flags = |count| Type::Flags("f".to_owned(), names(count));
    for count in [1, 8, 9, 16, 17, 32] {
        let set = names(count).iter().map(|it| it.as_str().into()).collect();
        echoes(flags(count), &WitValue::Flags(set));
        echoes(flags(count), &WitValue::Flags(vec![]));
    }
    for count in [0, 33, 100] {
        let error = load(&echo_text(flags(count))).expect_err("no such type");
        assert_eq!(error.kind(), ErrorKind::Compile, "{error}");
        assert!(error.message().contains("flags"), "{error}");
    }
    for count in [1, 256, 257, 10_000] {
        let ty = Type::Enum("e".to_owned(), names(count));
        echoes(
            ty,
            &WitValue::Enum(format!("n{}", count - 1).as_str().into()),
        );
    }
}

/// What takes no room in a value: it takes a byte in memory.
fn nothing() -> Type {
    Type::Enum("e".to_owned(), vec!["a".to_owned()])
}

#[test]
fn a_list_may_have_a_million_elements() {
    let million = 1_000_000;
    let nothings = vec![WitValue::Enum("a".into()); million];
    echoes(Type::List(Box::new(nothing())), &nothings.into());
    let records = vec![WitValue::record([("a", true.into()), ("b", "x".into())]); million / 4];
    let fields = vec![("a".to_owned(), Type::Bool), ("b".to_owned(), Type::String)];
    let ty = Type::List(Box::new(Type::Record("r".to_owned(), fields)));
    echoes(ty, &records.into());
    let bytes: Vec<u8> = (0..million * 16).map(|i| i as u8).collect();
    echoes(Type::List(Box::new(Type::U8)), &bytes.into());
}

/// Each of a million lists is the same megabyte of the guest's memory.
fn bomb(count: usize, inner: &str, length: usize) -> String {
    format!(
        r#"(component
  (type $inner {inner}) (type $outer (list $inner))
  (core module $m
    (memory (export "memory") 256)
    (func (export "run") (result i32) (local $at i32)
      (local.set $at (i32.const 0x200000))
      (loop $more
        (i32.store (local.get $at) (i32.const 16))
        (i32.store offset=4 (local.get $at) (i32.const {length}))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $more (i32.lt_u (local.get $at) (i32.const {end}))))
      (i32.store (i32.const 8) (i32.const 0x200000))
      (i32.store (i32.const 12) (i32.const {count}))
      (i32.const 8))
    (func (export "fine") (result i32) (i32.const 7)))
  (core instance $m (instantiate $m))
  (func (export "run") (result $outer) (canon lift (core func $m "run") (memory (core memory $m "memory"))))
  (func (export "fine") (result u32) (canon lift (core func $m "fine"))))"#,
        end = 0x20_0000 + count * 8
    )
}

/// It ends soon, and by a limit.
fn is_refused(instance: &Instance, about: &str) {
    let start = Instant::now();
    let run = instance.wit_func("run").expect("the function");
    let error = run.call(&[]).expect_err(about);
    assert_eq!(error.kind(), ErrorKind::Limit, "{about}: {error}");
    assert!(
        error.message().contains("transfer_bytes"),
        "{about}: {error}"
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{about}");
    let fine = instance.wit_func("fine").and_then(|it| it.call(&[]));
    assert_eq!(
        fine.expect_err(about).kind(),
        ErrorKind::Poisoned,
        "{about}"
    );
}

#[test]
fn values_that_are_larger_than_the_memory_they_come_from_end_at_a_limit() {
    for (inner, length) in [
        ("(list u8)", 0x10_0000),
        ("string", 0x10_0000),
        ("(list bool)", 0x10_0000),
    ] {
        is_refused(&instance(&bomb(100_000, inner, length), None), inner);
        let limits = Limits {
            transfer_bytes: Some(100_000),
            ..Limits::default()
        };
        is_refused(&instance(&bomb(1, inner, length), Some(limits)), inner);
    }
    // Empty ones take a place each in what the host gets.
    let limits = Limits {
        transfer_bytes: Some(1 << 20),
        ..Limits::default()
    };
    is_refused(
        &instance(&bomb(200_000, "string", 0), Some(limits.clone())),
        "empty strings",
    );
    let fits = instance(&bomb(1000, "string", 0), Some(limits));
    let found = fits
        .wit_func("run")
        .expect("the function")
        .call(&[])
        .expect("a call");
    assert_eq!(found, Some(vec![WitValue::from(""); 1000].into()));
}

/// Elements of a byte each are counted as what they are for a host.
#[test]
fn small_elements_are_counted_as_what_they_are_for_a_host() {
    let count: u32 = 100 << 20;
    let text = format!(
        r#"(component
  (type $list (list bool))
  (core module $m
    (memory (export "memory") 1601)
    (func (export "run") (result i32)
      (i32.store (i32.const 8) (i32.const 64))
      (i32.store (i32.const 12) (i32.const {count}))
      (i32.const 8))
    (func (export "fine") (result i32) (i32.const 7)))
  (core instance $m (instantiate $m))
  (func (export "run") (result $list) (canon lift (core func $m "run") (memory (core memory $m "memory"))))
  (func (export "fine") (result u32) (canon lift (core func $m "fine"))))"#
    );
    is_refused(&instance(&text, None), "a hundred million bools");
}
