//! What runs once: `_initialize` of a reactor, `_start` of a program.

use landbridge::{
    ErrorKind, Imports, Instance, Module, Pool, PoolOptions, Reset, Result, Sandbox, Store,
    TrapCode, Value,
};

/// Counts how often it was initialized, and imports nothing.
const REACTOR: &str = r#"(module (memory (export "memory") 1)
    (global $count (mut i32) (i32.const 0))
    (func (export "_initialize")
      (global.set $count (i32.add (global.get $count)
        (i32.add (i32.const 1) (i32.load (i32.const 0))))))
    (func (export "count") (result i32) (global.get $count)))"#;

fn module(text: &str) -> Module {
    Module::new(text).expect("a module")
}

fn count(instance: &Instance) -> Vec<Value> {
    instance.call("count", &[]).expect("a count")
}

fn by_hand() -> Imports {
    let mut imports = Imports::new();
    imports.initialize(false);
    imports
}

fn ran_already(result: Result<impl Sized>, what: &str) {
    let error = result.err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.message().contains(what), "{error}");
}

#[test]
fn a_reactor_is_initialized_once_whatever_it_imports() {
    let instance = module(REACTOR).instantiate(&Imports::new()).unwrap();
    assert_eq!(count(&instance), [Value::I32(1)]);
    ran_already(
        instance.call("_initialize", &[]),
        "when the instance was made",
    );
    let func = instance.func("_initialize").unwrap();
    ran_already(func.call(&[]), "option initialize");
    assert_eq!(count(&instance), [Value::I32(1)]);
}

#[test]
fn the_caller_may_set_the_memory_up_before() {
    let store = Store::new(module(REACTOR).engine()).unwrap();
    let instance = store.instantiate(&module(REACTOR), &by_hand()).unwrap();
    assert_eq!(count(&instance), [Value::I32(0)]);
    instance.memory("memory").unwrap().write(0, &[41]).unwrap();
    assert_eq!(instance.call("_initialize", &[]).unwrap(), []);
    assert_eq!(count(&instance), [Value::I32(42)]);
    ran_already(instance.call("_initialize", &[]), "make a new instance");
}

#[test]
fn another_module_that_imports_it_runs_it_once_too() {
    let reactor = module(REACTOR);
    let store = Store::new(reactor.engine()).unwrap();
    let instance = store.instantiate(&reactor, &by_hand()).unwrap();
    let caller =
        module(r#"(module (import "lib" "_initialize" (func $i)) (func (export "go") (call $i)))"#);
    let mut imports = Imports::new();
    imports.instance("lib", &instance).unwrap();
    let caller = store.instantiate(&caller, &imports).unwrap();
    caller.call("go", &[]).unwrap();
    assert_eq!(count(&instance), [Value::I32(1)]);
    ran_already(caller.call("go", &[]), "ran already");
}

#[test]
fn a_trap_in_it_leaves_no_instance() {
    let trapping = module(r#"(module (func (export "_initialize") unreachable))"#);
    let error = trapping.instantiate(&Imports::new()).err().expect("a trap");
    assert_eq!(error.trap_code(), Some(TrapCode::Unreachable), "{error}");
    let instance = trapping.instantiate(&by_hand()).unwrap();
    let error = instance.call("_initialize", &[]).expect_err("a trap");
    assert_eq!(error.trap_code(), Some(TrapCode::Unreachable), "{error}");
    ran_already(instance.call("_initialize", &[]), "make a new instance");
}

#[test]
fn what_only_has_the_name_is_an_export_like_others() {
    let text = r#"(module (func (export "_initialize") (param i32) (result i32) (local.get 0)))"#;
    let instance = module(text).instantiate(&Imports::new()).unwrap();
    for n in 0..2 {
        let given = instance.call("_initialize", &[Value::I32(n)]).unwrap();
        assert_eq!(given, [Value::I32(n)]);
    }
    let text = r#"(module (global (export "_initialize") i32 (i32.const 3)))"#;
    let instance = module(text).instantiate(&Imports::new()).unwrap();
    assert_eq!(
        instance.global("_initialize").unwrap().get().unwrap(),
        Value::I32(3)
    );
}

#[test]
fn a_program_with_both_is_initialized_and_then_run() {
    let text = r#"(module (global $count (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $count (i32.const 10)))
        (func (export "_start")
          (global.set $count (i32.add (global.get $count) (i32.const 1))))
        (func (export "count") (result i32) (global.get $count)))"#;
    let instance = module(text).instantiate(&Imports::new()).unwrap();
    assert_eq!(instance.run().unwrap(), 0);
    assert_eq!(count(&instance), [Value::I32(11)]);
}

#[test]
fn a_program_runs_once() {
    let text = r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (func (export "_start") (call $exit (i32.const 3))))"#;
    let instance = module(text).instantiate(&Imports::new()).unwrap();
    assert_eq!(instance.run().unwrap(), 3);
    ran_already(instance.run(), "the program ran already");
    let fresh = module(text).instantiate(&Imports::new()).unwrap();
    assert_eq!(fresh.run().unwrap(), 3);
    let library = module("(module)").instantiate(&Imports::new()).unwrap();
    for _ in 0..2 {
        assert_eq!(library.run().unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn an_instance_that_a_pool_uses_again_is_not_initialized_again() {
    let options = PoolOptions {
        max: 1,
        reset: Reset::Reuse,
        ..PoolOptions::default()
    };
    let sandbox = Sandbox::default();
    let pool = Pool::new(&module(REACTOR), &Imports::new(), &sandbox, options).unwrap();
    for _ in 0..2 {
        let instance = pool.get().unwrap();
        ran_already(instance.call("_initialize", &[]), "ran already");
        assert_eq!(count(&instance), [Value::I32(1)]);
    }
}
