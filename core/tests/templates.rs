//! Functions of the host that many instances import: what is made of them once is right for each, and they go when
//! nobody can call them any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};

use landbridge::*;

const ASKS: &str = r#"(module (import "env" "price" (func $price (param i32) (result i32)))
    (import "env" "object" (func $object (param externref) (result externref)))
    (func (export "price") (param i32) (result i32) (call $price (local.get 0)))
    (func (export "object") (param externref) (result externref) (call $object (local.get 0))))"#;

struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Counted {
        count.fetch_add(1, Ordering::SeqCst);
        Counted(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Functions that multiply, and that count while they are there.
fn imports(factor: i32, count: &Arc<AtomicUsize>) -> Imports {
    let (one, two) = (Counted::new(count), Counted::new(count));
    let mut imports = Imports::new();
    imports.func("env", "price", move |_, args| {
        let _held = &one;
        match args {
            [Value::I32(n)] => Ok(vec![Value::I32(n * factor)]),
            other => panic!("{other:?}"),
        }
    });
    imports.func("env", "object", move |_, args| {
        let _held = &two;
        Ok(args.to_vec())
    });
    imports
}

fn price(instance: &Instance) -> Value {
    instance.call("price", &[Value::I32(3)]).unwrap().remove(0)
}

#[test]
fn each_instance_calls_the_functions_that_it_was_given() {
    let count = Arc::new(AtomicUsize::new(0));
    let module = Module::new(ASKS).unwrap();
    let mut lent = imports(2, &count);
    let before: Vec<_> = (0..5).map(|_| module.instantiate(&lent).unwrap()).collect();
    let clone = lent.clone();
    lent.func("env", "price", |_, _| Ok(vec![Value::I32(100)]));
    let after: Vec<_> = (0..5).map(|_| module.instantiate(&lent).unwrap()).collect();
    let cloned: Vec<_> = (0..5)
        .map(|_| module.instantiate(&clone).unwrap())
        .collect();
    assert!(
        before
            .iter()
            .chain(&cloned)
            .all(|it| price(it) == Value::I32(6))
    );
    assert!(after.iter().all(|it| price(it) == Value::I32(100)));
    for instance in before.iter().chain(&after) {
        let object = ExternRef::new(5);
        let same = instance.call("object", &[Value::ExternRef(Some(object.clone()))]);
        match &same.unwrap()[..] {
            [Value::ExternRef(Some(got))] => assert!(got.same(&object)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn functions_go_with_the_last_that_can_call_them() {
    let count = Arc::new(AtomicUsize::new(0));
    let module = Module::new(ASKS).unwrap();
    let lent = imports(2, &count);
    let made: Vec<_> = (0..5).map(|_| module.instantiate(&lent).unwrap()).collect();
    drop(lent);
    assert!(made.iter().all(|it| price(it) == Value::I32(6)));
    for instance in &made {
        assert_eq!(count.load(Ordering::SeqCst), 2);
        instance.close();
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn one_store_has_many_instances_of_one_template() {
    let count = Arc::new(AtomicUsize::new(0));
    let module = Module::new(ASKS).unwrap();
    let lent = imports(2, &count);
    let store = Store::new(module.engine()).unwrap();
    let made: Vec<_> = (0..5)
        .map(|_| store.instantiate(&module, &lent).unwrap())
        .collect();
    assert!(made.iter().all(|it| price(it) == Value::I32(6)));
    drop(lent);
    store.close();
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn what_is_wrong_with_imports_is_told_each_time() {
    let module = Module::new(ASKS).unwrap();
    let mut lent = Imports::new();
    lent.func("env", "price", |_, args| Ok(args.to_vec()));
    for _ in 0..4 {
        let error = module.instantiate(&lent).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Link);
        assert!(error.message().contains("object"), "{error}");
    }
    // The same name twice, with two types.
    let twice = r#"(module (import "env" "price" (func (param i32) (result i32)))
        (import "env" "price" (func $other (param i64) (result i64)))
        (func (export "other") (result i64) (call $other (i64.const 7))))"#;
    let twice = Module::new(twice).unwrap();
    for _ in 0..4 {
        let instance = twice.instantiate(&lent).unwrap();
        assert_eq!(instance.call("other", &[]).unwrap(), [Value::I64(7)]);
    }
    // Memories live in one store.
    let store = Store::new(module.engine()).unwrap();
    lent.define(
        "env",
        "m",
        Memory::new(&store, &MemoryType::new(1, None)).unwrap(),
    );
    let with_memory = r#"(module (import "env" "m" (memory 1)) (import "env" "price" (func (param i32) (result i32))))"#;
    let with_memory = Module::new(with_memory).unwrap();
    for _ in 0..4 {
        let error = with_memory.instantiate(&lent).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongStore);
        store.instantiate(&with_memory, &lent).unwrap();
    }
}

#[test]
fn a_function_may_instantiate_with_the_imports_that_it_is_in() {
    static DEPTH: AtomicI32 = AtomicI32::new(0);
    let text =
        r#"(module (import "env" "again" (func $again)) (func (export "run") (call $again)))"#;
    let module = Module::new(text).unwrap();
    let place: Arc<std::sync::Mutex<Option<Imports>>> = Arc::default();
    let mut lent = Imports::new();
    let (inner, of) = (place.clone(), module.clone());
    lent.func("env", "again", move |_, _| {
        if DEPTH.fetch_add(1, Ordering::SeqCst) < 20 {
            let lent = inner.lock().unwrap().clone().unwrap();
            of.instantiate(&lent)?.call("run", &[])?;
        }
        Ok(Vec::new())
    });
    *place.lock().unwrap() = Some(lent.clone());
    module.instantiate(&lent).unwrap().call("run", &[]).unwrap();
    assert_eq!(DEPTH.load(Ordering::SeqCst), 21);
    place.lock().unwrap().take();
}

#[test]
fn threads_share_imports() {
    let count = Arc::new(AtomicUsize::new(0));
    let modules =
        [ASKS.to_owned(), format!("{ASKS} ;; another")].map(|text| Module::new(text).unwrap());
    let lent = imports(2, &count);
    std::thread::scope(|scope| {
        for i in 0..4 {
            let (modules, lent) = (&modules, &lent);
            scope.spawn(move || {
                for n in 0..200 {
                    let instance = modules[(i + n / 50) % 2].instantiate(lent).unwrap();
                    assert_eq!(price(&instance), Value::I32(6));
                    instance.close();
                }
            });
        }
    });
    drop(lent);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}
