//! What objects say of themselves: one short line, and nobody waits for it.

use std::sync::Arc;
use std::sync::mpsc::channel;

use landbridge::{Func, FuncType, HostContext, Imports, Module, Store, Type, Value};

const GUEST: &str = r#"(module $guest (memory (export "memory") 1 4) (table (export "table") 2 5 externref)
    (global (export "count") (mut i64) (i64.const -7)) (global (export "any") externref (ref.null extern))
    (global (export "half") f64 (f64.const 0.5)) (tag (export "tag") (param i32))
    (func (export "add") (param i32 i32) (result i32) unreachable) (func (export "two") (result i32 i64) unreachable)
    (func (export "none")))"#;

#[test]
fn one_line_each() {
    let module = Module::new(GUEST).unwrap();
    let guest = module.instantiate(&Imports::new()).unwrap();
    let exports = "{ memory: memory 1 4, table: table 2 5 externref, count: global (mut i64), any: global externref, half: global f64, \
                   tag: tag (i32), add: (i32, i32) -> i32, two: () -> (i32, i64), and 1 more }";
    assert_eq!(format!("{module:?}"), format!("Module guest {exports}"));
    assert_eq!(format!("{guest:?}"), format!("Instance guest {exports}"));
    let memory = guest.memory("memory").unwrap();
    assert_eq!(format!("{memory:?}"), "Memory 1 4, 65536 bytes");
    memory.grow(1).unwrap();
    assert_eq!(format!("{memory:?}"), "Memory 1 4, 131072 bytes");
    let table = guest.table("table").unwrap();
    assert_eq!(format!("{table:?}"), "Table 2 5 externref, size 2");
    let global = |name| format!("{:?}", guest.global(name).unwrap());
    assert_eq!(global("count"), "Global (mut i64) = -7");
    assert_eq!(global("half"), "Global f64 = 0.5");
    assert_eq!(global("any"), "Global externref");
    let func = |name| format!("{:?}", guest.func(name).unwrap());
    assert_eq!(func("add"), "Func add(i32, i32) -> i32");
    assert_eq!(func("two"), "Func two() -> (i32, i64)");
    assert_eq!(func("none"), "Func none()");
    let store = guest.store().clone();
    assert_eq!(
        format!("{store:?}"),
        "Store instances: 1, bytes of memory: 131072"
    );
    store.close();
    assert_eq!(
        format!("{memory:?} {store:?}"),
        "Memory (closed) Store (closed)"
    );
    assert!(format!("{guest:?}").ends_with(" (closed)"));
    assert_eq!(format!("{:?}", Module::new("(module)").unwrap()), "Module");
}

#[test]
fn a_name_that_a_guest_chose_steers_nothing() {
    let name = "\\1b[2J\\n".repeat(200);
    let module = Module::new(format!(r#"(module (func (export "{name}")))"#)).unwrap();
    let shown = format!("{module:?}");
    assert!(
        shown.len() < 1000 && !shown.contains('\n') && !shown.contains('\x1b'),
        "{shown}"
    );
}

#[test]
fn nobody_waits() {
    let module = Module::new("(module (memory (export \"m\") 1))").unwrap();
    let store = Store::new(module.engine()).unwrap();
    let memory = store
        .instantiate(&module, &Imports::new())
        .unwrap()
        .memory("m")
        .unwrap();
    let (begun, has_begun) = channel();
    let (go, gone) = channel::<()>();
    let inside = (
        memory.clone(),
        store.clone(),
        std::sync::Mutex::new((begun, gone)),
    );
    let host = move |_: &HostContext<'_>, _: &[Value]| {
        let (memory, store, channels) = &inside;
        // The thread that is in the store sees it.
        assert_eq!(format!("{memory:?}"), "Memory 1, 65536 bytes");
        assert!(format!("{store:?}").starts_with("Store instances: 1"));
        let channels = channels.lock().unwrap();
        channels.0.send(()).unwrap();
        channels.1.recv().unwrap();
        Ok::<_, landbridge::Error>(vec![Value::I32(1)])
    };
    let func = Func::new(&store, &FuncType::new([], [Type::I32]), Arc::new(host)).unwrap();
    let call = std::thread::spawn(move || func.call(&[]));
    has_begun.recv().unwrap();
    assert_eq!(
        format!("{memory:?} {store:?}"),
        "Memory (busy) Store (busy)"
    );
    go.send(()).unwrap();
    call.join().unwrap().unwrap();
    assert_eq!(format!("{memory:?}"), "Memory 1, 65536 bytes");
}
