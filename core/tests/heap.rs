//! The guests' heap, exceptions and tags, as Rust holds them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use landbridge::*;

fn instance(wat: &str, imports: &Imports) -> Instance {
    Module::new(wat).unwrap().instantiate(imports).unwrap()
}

fn fails<T: std::fmt::Debug>(kind: ErrorKind, result: Result<T>) {
    assert_eq!(result.unwrap_err().kind(), kind);
}

fn object(value: Value) -> GcRef {
    match value {
        Value::AnyRef(Some(AnyRef::Object(object))) => object,
        other => panic!("{other:?}"),
    }
}

/// Counts how many of it there are.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn wrapped(count: &Arc<AtomicUsize>) -> ExternRef {
        count.fetch_add(1, Ordering::SeqCst);
        ExternRef::new(Counted(count.clone()))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

const HOLDER: &str = r#"(module
    (type $box (struct (field (mut anyref))))
    (tag (export "tag") (param externref))
    (global $kept (export "kept") (mut externref) (ref.null extern))
    (table $t (export "table") 2 anyref)
    (func (export "box") (param anyref) (result (ref $box)) (struct.new $box (local.get 0)))
    (func (export "pass") (param externref) (result externref) local.get 0)
    (func (export "throw") (param externref) (throw 0 (local.get 0))))"#;

#[test]
fn host_objects_are_released_when_neither_side_holds_them() {
    let guest = instance(HOLDER, &Imports::new());
    let count = Arc::new(AtomicUsize::new(0));
    let live = || {
        guest.store().gc().unwrap();
        count.load(Ordering::SeqCst)
    };
    let host = |object: &ExternRef| Value::AnyRef(Some(AnyRef::Host(object.clone())));

    let one = Counted::wrapped(&count);
    guest
        .call("pass", &[Value::ExternRef(Some(one.clone()))])
        .unwrap();
    assert_eq!(live(), 1);
    drop(one);
    assert_eq!(live(), 0, "passed through");

    let two = Counted::wrapped(&count);
    let table = guest.table("table").unwrap();
    table.set(0, &host(&two)).unwrap();
    drop(two);
    assert_eq!(live(), 1, "in a table");
    table.set(0, &Value::AnyRef(None)).unwrap();
    assert_eq!(live(), 0, "taken out of the table");

    let three = Counted::wrapped(&count);
    let boxed = object(guest.call("box", &[host(&three)]).unwrap().remove(0));
    drop(three);
    assert_eq!(live(), 1, "in a struct that the host holds");
    boxed.set(0, &host(&Counted::wrapped(&count))).unwrap();
    assert_eq!(live(), 1, "the other one in its place");
    drop(boxed);
    assert_eq!(live(), 0, "with the struct");

    let error = guest.call("throw", &[Value::ExternRef(Some(Counted::wrapped(&count)))]);
    let error = error.unwrap_err();
    assert_eq!(live(), 1, "in an exception");
    drop(error);
    assert_eq!(live(), 0, "with the exception");

    let kept = guest.global("kept").unwrap();
    kept.set(&Value::ExternRef(Some(Counted::wrapped(&count))))
        .unwrap();
    assert_eq!(live(), 1);
    guest.close();
    assert_eq!(count.load(Ordering::SeqCst), 0, "with the store");
}

#[test]
fn objects_may_be_let_go_on_any_thread_at_any_time() {
    let guest = instance(HOLDER, &Imports::new());
    let make = || object(guest.call("box", &[Value::AnyRef(None)]).unwrap().remove(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let objects: Vec<_> = (0..200).map(|_| make()).collect();
                for pair in objects.windows(2) {
                    let held = Value::AnyRef(Some(AnyRef::Object(pair[1].clone())));
                    pair[0].set(0, &held).unwrap();
                    assert_eq!(pair[0].get(0).unwrap(), held);
                    assert_ne!(pair[0], pair[1]);
                }
            });
        }
    });
    let last = make();
    guest.close();
    fails(ErrorKind::Closed, last.get(0));
    fails(ErrorKind::Closed, guest.store().gc());
}

#[test]
fn a_chain_of_exceptions_of_any_length_is_an_ordinary_error() {
    let guest = instance(
        r#"(module (tag $t (param exnref))
            (func (export "run") (param $n i32) (local $e exnref)
                (loop $again
                    (local.set $e (block $caught (result exnref)
                        (try_table (catch_all_ref $caught) (throw $t (local.get $e)))
                        unreachable))
                    (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (throw_ref (local.get $e))))"#,
        &Imports::new(),
    );
    let mut error = guest.call("run", &[Value::I32(100_000)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exception);
    for _ in 0..99_999 {
        let inner = match error.exception().unwrap().payload().unwrap().pop() {
            Some(Value::ExnRef(Some(inner))) => inner,
            other => panic!("{other:?}"),
        };
        error = inner.into();
    }
    let last = error.exception().unwrap().payload().unwrap();
    assert_eq!(last, [Value::ExnRef(None)]);
}

#[test]
fn what_a_host_throws_is_let_go_when_a_guest_caught_it() {
    let held = Arc::new(());
    let (host, tag) = (held.clone(), Arc::new(Mutex::new(None::<Tag>)));
    let thrown = tag.clone();
    let mut imports = Imports::new();
    imports.func("e", "f", move |_, _| {
        let tag = thrown.lock().unwrap().clone().unwrap();
        let exception = Exception::new(&tag, &[])?;
        Err(Error::from(exception).with_host(host.clone()))
    });
    let guest = instance(
        r#"(module (import "e" "f" (func $f)) (tag (export "tag"))
            (func (export "catch") (block $c (try_table (catch_all $c) (call $f)) unreachable))
            (func (export "let") (call $f)))"#,
        &imports,
    );
    *tag.lock().unwrap() = Some(guest.tag("tag").unwrap());
    guest.call("catch", &[]).unwrap();
    let with_closure = 2;
    assert_eq!(Arc::strong_count(&held), with_closure);
    let error = guest.call("let", &[]).unwrap_err();
    let same = error.host_exception().unwrap().clone();
    assert!(Arc::ptr_eq(&same.downcast::<()>().unwrap(), &held));
    assert_eq!(error.frames().len(), 1);
}

#[test]
fn tags_tell_themselves_apart() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let tags: Vec<_> = (0..50)
        .map(|_| Tag::new(&store, &[Type::I32]).unwrap())
        .collect();
    for (i, a) in tags.iter().enumerate() {
        for (j, b) in tags.iter().enumerate() {
            assert_eq!(a.same(b), i == j);
        }
        let exception = Exception::new(a, &[Value::I32(i as i32)]).unwrap();
        assert_eq!(exception.tag(), a);
    }
    let other = Store::new(&Engine::shared().unwrap()).unwrap();
    assert!(!Tag::new(&other, &[Type::I32]).unwrap().same(&tags[0]));
    store.close();
    assert!(tags[0].same(&tags[0].clone()) && !tags[0].same(&tags[1]));
    fails(
        ErrorKind::Closed,
        Exception::new(&tags[0], &[Value::I32(1)]),
    );
    fails(ErrorKind::Closed, Tag::new(&store, &[]));
}

#[test]
fn a_payload_must_fit() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let other = Store::new(&Engine::shared().unwrap()).unwrap();
    let tag = Tag::new(&store, &[Type::I32, Type::ExnRef]).unwrap();
    let foreign = Exception::new(&Tag::new(&other, &[]).unwrap(), &[]).unwrap();
    fails(ErrorKind::Type, Exception::new(&tag, &[]));
    let long = Value::I64(1);
    fails(
        ErrorKind::Type,
        Exception::new(&tag, &[long, Value::ExnRef(None)]),
    );
    let foreign = Value::ExnRef(Some(foreign));
    fails(
        ErrorKind::WrongStore,
        Exception::new(&tag, &[Value::I32(1), foreign]),
    );
    let many = vec![Type::I32; 1001];
    fails(ErrorKind::Limit, Tag::new(&store, &many));
}

#[test]
fn a_heap_that_is_full_is_a_trap_and_no_crash() {
    let guest = instance(
        r#"(module (type $a (array (mut i64)))
            (type $list (struct (field (ref null $list)) (field (ref null $a))))
            (func (export "huge") (drop (array.new_default $a (i32.const -1))))
            (func (export "two") (result i32) i32.const 2))"#,
        &Imports::new(),
    );
    let error = guest.call("huge", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap, "{error:?}");
    assert_eq!(guest.call("two", &[]).unwrap(), [Value::I32(2)]);
}
