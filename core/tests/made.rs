//! Functions and tags that a host makes in a store that lives long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use landbridge::*;

fn store() -> Store {
    Store::new(&Engine::shared().unwrap()).unwrap()
}

fn unary() -> FuncType {
    FuncType::new([Type::I32], [Type::I32])
}

/// A function that adds so much.
fn adder(store: &Store, ty: &FuncType, by: i32) -> Func {
    let add = move |_: &HostContext<'_>, args: &[Value]| match args {
        [Value::I32(arg)] => Ok(vec![Value::I32(arg + by)]),
        _ => Ok(vec![Value::I32(by)]),
    };
    Func::new(store, ty, Arc::new(add)).unwrap()
}

fn call(func: &Func, arg: i32) -> i32 {
    match func.call(&[Value::I32(arg)]).unwrap()[..] {
        [Value::I32(back)] => back,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn the_room_of_a_function_that_no_guest_saw_is_used_again() {
    let store = store();
    let first = adder(&store, &unary(), 0).identity().clone();
    for n in 0..1000 {
        let func = adder(&store, &unary(), n);
        assert_eq!(func.identity().clone(), first);
        assert_eq!(call(&func, 1), n + 1);
    }
    let (one, two) = (adder(&store, &unary(), 1), adder(&store, &unary(), 2));
    assert_ne!(one, two);
    assert_eq!((call(&one, 1), call(&two, 1)), (2, 3));
    let other = adder(&store, &FuncType::new([], [Type::I32]), 9);
    assert_eq!(other.call(&[]).unwrap(), [Value::I32(9)]);
    let clone = two.clone();
    drop(two);
    let three = adder(&store, &unary(), 3);
    assert_ne!(clone, three);
    assert_eq!((call(&clone, 1), call(&three, 1)), (3, 4));
}

#[test]
fn a_function_goes_with_its_last_clone_if_no_guest_saw_it() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    let (store, dropped) = (store(), Arc::new(AtomicUsize::new(0)));
    let make = || {
        let counted = Counted(dropped.clone());
        let call = move |_: &HostContext<'_>, _: &[Value]| {
            let _ = &counted;
            Ok(vec![Value::I32(1)])
        };
        Func::new(&store, &unary(), Arc::new(call)).unwrap()
    };
    let func = make();
    let clone = func.clone();
    drop(func);
    assert_eq!((call(&clone, 0), dropped.load(SeqCst)), (1, 0));
    drop(clone);
    assert_eq!(dropped.load(SeqCst), 1);
    let global = GlobalType {
        content: Type::FuncRef,
        mutable: true,
    };
    let given = Value::FuncRef(Some(make()));
    Global::new(&store, &global, &given).unwrap();
    drop(given);
    assert_eq!(dropped.load(SeqCst), 1, "a guest may have it");
    store.close();
    assert_eq!(dropped.load(SeqCst), 2);
}

const HOLDER: &str = r#"(module
    (type $f (func (param i32) (result i32)))
    (table $t (export "table") 1 funcref)
    (global $g (mut funcref) (ref.null func))
    (func (export "keep") (param funcref) (global.set $g (local.get 0)))
    (func (export "kept") (result funcref) (global.get $g))
    (func (export "call") (param i32) (result i32)
        (call_indirect $t (type $f) (local.get 0) (i32.const 0))))"#;

#[test]
fn a_function_that_a_guest_has_stays_what_it_is() {
    let guest = Module::new(HOLDER).unwrap();
    let guest = guest.instantiate(&Imports::new()).unwrap();
    let store = guest.store();
    let table = guest.table("table").unwrap();
    let by_table = adder(store, &unary(), 10);
    let id = by_table.identity().clone();
    table.set(0, &Value::FuncRef(Some(by_table))).unwrap();
    let by_argument = adder(store, &unary(), 20);
    guest
        .call("keep", &[Value::FuncRef(Some(by_argument))])
        .unwrap();
    let lent = adder(store, &unary(), 30);
    let text = r#"(module (import "h" "f" (func $f (param i32) (result i32)))
        (func (export "f") (param i32) (result i32) (call $f (local.get 0))))"#;
    let mut imports = Imports::new();
    imports.define("h", "f", lent);
    let user = store
        .instantiate(&Module::new(text).unwrap(), &imports)
        .unwrap();
    drop(imports);
    let new: Vec<_> = (0..100).map(|n| adder(store, &unary(), n)).collect();
    assert!(new.iter().all(|func| func.identity().clone() != id));
    assert_eq!(
        guest.call("call", &[Value::I32(1)]).unwrap(),
        [Value::I32(11)]
    );
    assert_eq!(user.call("f", &[Value::I32(1)]).unwrap(), [Value::I32(31)]);
    let kept = guest.call("kept", &[]).unwrap();
    let [Value::FuncRef(Some(kept))] = &kept[..] else {
        panic!("{kept:?}");
    };
    assert_eq!(call(kept, 1), 21);
}

#[test]
fn functions_come_and_go_on_many_threads() {
    let store = store();
    std::thread::scope(|scope| {
        for t in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..2000 {
                    let by = t * 10_000 + n;
                    let func = adder(store, &unary(), by);
                    assert_eq!(call(&func, 1), by + 1);
                }
            });
        }
    });
}

#[test]
fn a_tag_that_was_thrown_is_never_another_one() {
    let store = store();
    let tag = Tag::new(&store, &[Type::I32]).unwrap();
    let thrown = Exception::new(&tag, &[Value::I32(1)]).unwrap();
    drop(tag);
    for _ in 0..100 {
        let other = Tag::new(&store, &[Type::I32]).unwrap();
        assert_ne!(&other, thrown.tag());
    }
}
