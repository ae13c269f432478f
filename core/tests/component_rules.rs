//! What ends a component, and when it may not be called.

use std::sync::{Arc, Mutex, OnceLock};

use landbridge::{Engine, Error, ErrorKind, Imports, Instance, Module, Store, WitFunc, WitValue};

const REENTER: &str = r#"(component
  (import "cb" (func $cb (result u32)))
  (import "may-fail" (func $fail (result (result (error u32)))))
  (core func $cb (canon lower (func $cb)))
  (core module $libc (memory (export "memory") 1))
  (core instance $libc (instantiate $libc))
  (core func $fail (canon lower (func $fail) (memory (core memory $libc "memory"))))
  (core module $m
    (import "" "cb" (func $cb (result i32)))
    (import "" "fail" (func $fail (param i32)))
    (import "" "memory" (memory 1))
    (func (export "run") (result i32) (call $cb))
    (func (export "ping") (result i32) (i32.const 1))
    (func (export "fail") (result i32)
      (call $fail (i32.const 0))
      (if (result i32) (i32.load8_u (i32.const 0)) (then (i32.load (i32.const 4))) (else (i32.const 0))))
    (func (export "spin") (loop $l (br $l)))
    (func (export "trap") unreachable))
  (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb)) (export "fail" (func $fail))
    (export "memory" (memory $libc "memory"))))))
  (func (export "run") (result u32) (canon lift (core func $m "run")))
  (func (export "ping") (result u32) (canon lift (core func $m "ping")))
  (func (export "fail") (result u32) (canon lift (core func $m "fail")))
  (func (export "spin") (canon lift (core func $m "spin")))
  (func (export "trap") (canon lift (core func $m "trap"))))"#;

type Callback = dyn Fn() -> landbridge::Result<u32> + Send + Sync;

fn instance(store: &Store, callback: Arc<Callback>) -> Instance {
    let mut imports = Imports::new();
    imports.wit_func("", "cb", move |_, _| callback().map(|it| Some(it.into())));
    imports.wit_func("", "may-fail", |_, _| {
        let error = Error::new(ErrorKind::Host, "it went wrong");
        Err(error.with_payload(WitValue::U32(77)))
    });
    let module = Module::new(REENTER).unwrap();
    store.instantiate(&module, &imports).unwrap()
}

fn store() -> Store {
    Store::new(&Engine::shared().unwrap()).unwrap()
}

fn call(it: &Instance, name: &str) -> landbridge::Result<Option<WitValue>> {
    it.wit_func(name).unwrap().call(&[])
}

#[test]
fn a_component_at_work_is_busy() {
    let store = store();
    let inner: Arc<OnceLock<WitFunc>> = Arc::default();
    let seen: Arc<Mutex<Vec<ErrorKind>>> = Arc::default();
    let (func, kinds) = (inner.clone(), seen.clone());
    let it = instance(
        &store,
        Arc::new(move || {
            let error = func.get().unwrap().call(&[]).unwrap_err();
            kinds.lock().unwrap().push(error.kind());
            assert!(
                error.message().contains("ping cannot be called now"),
                "{error}"
            );
            Ok(5)
        }),
    );
    inner.set(it.wit_func("ping").unwrap()).unwrap();
    assert_eq!(call(&it, "run").unwrap(), Some(5u32.into()));
    assert_eq!(*seen.lock().unwrap(), [ErrorKind::Busy]);
    assert_eq!(call(&it, "ping").unwrap(), Some(1u32.into()));
}

#[test]
fn another_component_of_the_store_may_be_called_meanwhile() {
    let store = store();
    let other = instance(&store, Arc::new(|| Ok(1)));
    let ping = other.wit_func("ping").unwrap();
    let it = instance(
        &store,
        Arc::new(move || {
            assert_eq!(ping.call(&[])?, Some(1u32.into()));
            Ok(9)
        }),
    );
    assert_eq!(call(&it, "run").unwrap(), Some(9u32.into()));
}

#[test]
fn an_error_of_the_host_comes_out_as_it_is_and_ends_the_components() {
    let store = store();
    let thrown: Arc<dyn std::any::Any + Send + Sync> = Arc::new("mine".to_owned());
    let given = thrown.clone();
    let it = instance(
        &store,
        Arc::new(move || Err(Error::host("it", given.clone()))),
    );
    let other = instance(&store, Arc::new(|| Ok(1)));
    let error = call(&it, "run").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Host);
    assert!(Arc::ptr_eq(error.host_exception().unwrap(), &thrown));
    for it in [&it, &other] {
        let error = call(it, "ping").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Poisoned);
        assert!(error.message().contains("host: it"), "{error}");
    }
    let error = store
        .instantiate(&Module::new(REENTER).unwrap(), &Imports::new())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned);
}

#[test]
fn an_error_with_a_payload_is_the_guests_own() {
    let it = instance(&store(), Arc::new(|| Ok(1)));
    assert_eq!(call(&it, "fail").unwrap(), Some(77u32.into()));
    assert_eq!(call(&it, "ping").unwrap(), Some(1u32.into()));
}

#[test]
fn core_modules_of_the_store_go_on() {
    let store = store();
    let it = instance(&store, Arc::new(|| Ok(1)));
    let core =
        r#"(module (func (export "f") (result i32) i32.const 5) (func (export "t") unreachable))"#;
    let core = store
        .instantiate(&Module::new(core).unwrap(), &Imports::new())
        .unwrap();
    assert_eq!(call(&it, "trap").unwrap_err().kind(), ErrorKind::Trap);
    assert_eq!(core.call("f", &[]).unwrap(), [landbridge::Value::I32(5)]);
    assert_eq!(call(&it, "ping").unwrap_err().kind(), ErrorKind::Poisoned);
}

#[test]
fn a_trap_of_a_core_module_ends_the_components_of_its_store() {
    let store = store();
    let it = instance(&store, Arc::new(|| Ok(1)));
    let core = r#"(module (func (export "t") unreachable))"#;
    let core = store
        .instantiate(&Module::new(core).unwrap(), &Imports::new())
        .unwrap();
    assert_eq!(core.call("t", &[]).unwrap_err().kind(), ErrorKind::Trap);
    assert_eq!(call(&it, "ping").unwrap_err().kind(), ErrorKind::Poisoned);
}

#[test]
fn panics_of_host_functions_poison() {
    let it = instance(&store(), Arc::new(|| panic!("oh")));
    let ping = it.wit_func("ping").unwrap();
    let error = call(&it, "run").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(ping.call(&[]).unwrap_err().kind(), ErrorKind::Poisoned);
}

#[test]
fn closed_is_closed() {
    let store = store();
    let it = instance(&store, Arc::new(|| Ok(1)));
    let ping = it.wit_func("ping").unwrap();
    it.close();
    assert_eq!(ping.call(&[]).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(it.wit_func("ping").unwrap_err().kind(), ErrorKind::Closed);
    let again = instance(&store, Arc::new(|| Ok(1)));
    let ping = again.wit_func("ping").unwrap();
    store.close();
    assert_eq!(ping.call(&[]).unwrap_err().kind(), ErrorKind::Closed);
}

#[test]
fn a_function_of_a_component_is_no_function_of_numbers() {
    let it = instance(&store(), Arc::new(|| Ok(1)));
    let error = it.func("ping").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    let error = it.func("pong").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
}
