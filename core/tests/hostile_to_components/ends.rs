//! What ends a component, and what goes through several of them.

use super::lends::*;
use super::*;

/// Imports `demo:app/fails`, whose function has a `result`.
const ASKS: &str = r#"(component
  (import "demo:app/fails" (instance $h (export "try" (func (result (result (error u32)))))))
  (core module $libc (memory (export "memory") 1))
  (core instance $libc (instantiate $libc))
  (core func $try (canon lower (func $h "try") (memory (core memory $libc "memory"))))
  (core module $m
    (import "" "try" (func $try (param i32)))
    (import "" "memory" (memory 1))
    (func (export "ask") (result i32) (call $try (i32.const 0))
      (if (result i32) (i32.load8_u (i32.const 0)) (then (i32.load (i32.const 4))) (else (i32.const 0)))))
  (core instance $m (instantiate $m (with "" (instance (export "try" (func $try)) (export "memory" (memory $libc "memory"))))))
  (func (export "ask") (result u32) (canon lift (core func $m "ask"))))"#;

/// Exports that; it fails by a function of the host's that has no `result`.
const FAILS: &str = r#"(component
  (import "cb" (func $cb))
  (core func $cb (canon lower (func $cb)))
  (core module $m (import "" "cb" (func $cb)) (memory (export "memory") 1)
    (func (export "try") (result i32) (call $cb) (i32.const 0)))
  (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb))))))
  (func $try (result (result (error u32))) (canon lift (core func $m "try") (memory (core memory $m "memory"))))
  (instance $i (export "try" (func $try)))
  (export "demo:app/fails" (instance $i)))"#;

/// One whose import is the export of another, which is given these imports.
fn asks_of_one_that_fails(store: &Store, imports: &Imports) -> Instance {
    let fails = store
        .instantiate(&Module::new(FAILS).unwrap(), imports)
        .unwrap();
    let mut lent = Imports::new();
    lent.instance("demo:app/fails", &fails).unwrap();
    store
        .instantiate(&Module::new(ASKS).unwrap(), &lent)
        .unwrap()
}

#[test]
fn an_error_that_ended_a_component_is_no_value_for_another() {
    let store = store();
    let mut imports = Imports::new();
    imports.wit_func("", "cb", |_, _| {
        Err(Error::new(ErrorKind::Host, "it went wrong").with_payload(WitValue::U32(77)))
    });
    let asks = asks_of_one_that_fails(&store, &imports);
    let error = call(&asks, "ask", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Host);
    assert_eq!(error.message(), "it went wrong");
}

/// Fails in the middle of a call that something was lent to.
struct Fails(OnceLock<WitFunc>);

impl WitHost for Fails {
    fn call(&self, _: &WitContext<'_>, _: &WitFuncType, _: &mut WitFrame) -> Result<WitFrame> {
        self.0.get().unwrap().call(&[])?;
        Ok(WitFrame::default())
    }
}

#[test]
fn an_error_of_a_host_that_something_was_lent_to_comes_out_as_it_is() {
    let store = store();
    let look = Arc::new(Fails(OnceLock::new()));
    let mut imports = Imports::new();
    lend_things(&mut imports, "api", &Arc::default());
    imports.wit("api", "look", look.clone());
    imports.wit_resource("types", "thing");
    let it = store
        .instantiate(&Module::new(THINGS).unwrap(), &imports)
        .unwrap();
    let mut imports = Imports::new();
    imports.wit_func("", "cb", |_, _| panic!("the inner one"));
    let fails = store
        .instantiate(&Module::new(FAILS).unwrap(), &imports)
        .unwrap();
    let inner = fails.wit_func("demo:app/fails#try").unwrap();
    assert!(look.0.set(inner).is_ok());
    let error = call(&it, "run", &[1u32.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
    assert!(error.message().contains("the inner one"), "{error}");
}

/// Exports `thrown`, which throws; imports `cb`.
const THROWS: &str = r#"(component
  (import "cb" (func $cb))
  (core func $cb (canon lower (func $cb)))
  (core module $m (import "" "cb" (func $cb))
    (tag $t (param i32))
    (func (export "throw") (throw $t (i32.const 5)))
    (func (export "run")
      (block $caught (try_table (catch_all $caught) (call $cb)))))
  (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb))))))
  (func (export "throw") (canon lift (core func $m "throw")))
  (func (export "run") (canon lift (core func $m "run"))))"#;

#[test]
fn exceptions_of_a_guest_end_at_the_component() {
    let store = store();
    let module = Module::new(THROWS).unwrap();
    let mut imports = Imports::new();
    imports.wit_func("", "cb", |_, _| Ok(None));
    let it = store.instantiate(&module, &imports).unwrap();
    call(&it, "run", &[]).unwrap();
    let throw = it.wit_func("throw").unwrap();
    let error = throw.call(&[]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Exception | ErrorKind::Trap),
        "{error}"
    );
    assert_eq!(throw.call(&[]).unwrap_err().kind(), ErrorKind::Poisoned);

    // One of a core module, or of another component, is nothing that a component can catch.
    let store = Store::new(store.engine()).unwrap();
    let core = r#"(module (tag $t (param i32)) (func (export "throw") (throw $t (i32.const 5))))"#;
    let core = store
        .instantiate(&Module::new(core).unwrap(), &Imports::new())
        .unwrap();
    let mut imports = Imports::new();
    imports.wit_func("", "cb", move |_, _| core.call("throw", &[]).map(|_| None));
    let it = store.instantiate(&module, &imports).unwrap();
    let error = call(&it, "run", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exception, "{error}");
    assert_eq!(
        call(&it, "throw", &[]).unwrap_err().kind(),
        ErrorKind::Poisoned
    );
}

#[test]
fn a_destructor_is_a_call_of_its_component() {
    let store = store();
    let work: Arc<OnceLock<WitFunc>> = Arc::default();
    let seen: Arc<Mutex<Vec<ErrorKind>>> = Arc::default();
    let mut imports = Imports::new();
    let (inner, kinds) = (work.clone(), seen.clone());
    imports.wit_func("", "cb", move |_, _| {
        let called = inner.get().unwrap().call(&[1u32.into()]);
        kinds.lock().unwrap().push(called.unwrap_err().kind());
        Ok(None)
    });
    let maker = store
        .instantiate(&Module::new(MAKER).unwrap(), &imports)
        .unwrap();
    work.set(maker.wit_func("work").unwrap()).unwrap();
    let made = call(&maker, "demo:app/things#[constructor]thing", &[7u32.into()]);
    mine(made.unwrap()).close().unwrap();
    assert_eq!(*seen.lock().unwrap(), [ErrorKind::Busy]);
}

#[test]
fn nothing_stays_after_many_rounds() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let store = store();
    let mut imports = Imports::new();
    lend_things(&mut imports, "demo:app/api", &dropped);
    imports.wit_resource("types", "thing");
    let it = store
        .instantiate(&Module::new(THINGS).unwrap(), &imports)
        .unwrap();
    let run = it.wit_func("run").unwrap();
    for n in 0..10_000u32 {
        assert_eq!(run.call(&[n.into()]).unwrap(), Some(n.into()));
    }
    assert_eq!(dropped.load(Ordering::SeqCst), 10_000);
    assert_eq!(store.usage().unwrap().handles, 0);
    // The store is gone with the last who knows it, and so is what was lent.
    let counted = Arc::strong_count(&dropped);
    assert_eq!(counted, 2);
    drop((imports, run, it, store));
    assert_eq!(Arc::strong_count(&dropped), 1);
}

#[test]
fn what_is_composed_is_gone_with_its_store() {
    let alive = Arc::new(());
    let store = store();
    let mut imports = Imports::new();
    let held = alive.clone();
    imports.wit_func("", "cb", move |_, _| {
        let _ = &held;
        Ok(None)
    });
    let maker = store
        .instantiate(&Module::new(MAKER).unwrap(), &imports)
        .unwrap();
    let mut lent = Imports::new();
    lent.instance("demo:app/things", &maker).unwrap();
    let user = store
        .instantiate(&Module::new(USER).unwrap(), &lent)
        .unwrap();
    for n in 0..1000u32 {
        call(&user, "hold", &[n.into()]).unwrap();
        call(&user, "let-go", &[]).unwrap();
    }
    assert_eq!(store.usage().unwrap().handles, 0);
    call(&user, "hold", &[1u32.into()]).unwrap();
    drop((imports, lent, maker, user, store));
    assert_eq!(Arc::strong_count(&alive), 1);
}

#[test]
fn many_threads_drop_what_others_are_lent() {
    let mut imports = Imports::new();
    imports.wit_func("", "cb", |_, _| Ok(None));
    let it = Module::new(LENDER).unwrap().instantiate(&imports).unwrap();
    let new = it.wit_func("[constructor]mine").unwrap();
    let work = it.wit_func("[method]mine.work").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let resource = mine(new.call(&[1u32.into()]).unwrap());
                    let value = WitValue::from(Resource::Guest(resource.clone()));
                    let other = resource.clone();
                    std::thread::scope(|inner| {
                        inner.spawn(move || drop(other));
                        work.call(std::slice::from_ref(&value)).unwrap();
                    });
                }
            });
        }
    });
    assert_eq!(call(&it, "dropped", &[]).unwrap(), Some(1600u32.into()));
    assert_eq!(it.store().usage().unwrap().handles, 0);
}

/// No type of WIT is within itself.
#[derive(landbridge::Wit)]
#[allow(dead_code, reason = "only its type is looked at")]
struct Endlessly(Option<Box<Endlessly>>);

#[test]
fn a_type_within_itself_is_told_and_does_not_overflow() {
    let it = Module::new(ECHO).unwrap();
    let it = it.instantiate(&Imports::new()).unwrap();
    let echo = it.wit_func("echo").unwrap();
    let error = echo.typed::<(Endlessly,), String>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert!(error.message().contains("option<option<"), "{error}");
}

/// Imports a function of what it exports itself, by the host.
#[test]
fn a_component_that_is_composed_with_itself_is_busy() {
    let store = store();
    let mut imports = Imports::new();
    let slot: Arc<OnceLock<WitFunc>> = Arc::default();
    let inner = slot.clone();
    imports.wit_func("", "cb", move |_, _| inner.get().unwrap().call(&[]));
    let asks = asks_of_one_that_fails(&store, &imports);
    // asks -> fails -> host -> asks.
    let ask = asks.wit_func("ask").unwrap();
    slot.set(ask.clone()).unwrap();
    let error = ask.call(&[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
    assert_eq!(ask.call(&[]).unwrap_err().kind(), ErrorKind::Poisoned);
}

#[test]
fn own_and_borrow_of_one_in_one_call_are_refused_wherever_they_are() {
    const BOTH: &str = r#"(component
      (type $r' (resource (rep i32)))
      (export $r "r" (type $r'))
      (core func $new (canon resource.new $r'))
      (core func $drop (canon resource.drop $r'))
      (core module $m
        (import "" "drop" (func $drop (param i32)))
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "two") (param i32 i32) (call $drop (local.get 0)) (call $drop (local.get 1)))
        (func (export "own-borrow") (param i32 i32) (call $drop (local.get 0)))
        (func (export "list") (param i32 i32)))
      (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
      (func (export "new") (param "n" u32) (result (own $r)) (canon lift (core func $new)))
      (func (export "two") (param "a" (own $r)) (param "b" (own $r)) (canon lift (core func $m "two")))
      (func (export "own-borrow") (param "a" (own $r)) (param "b" (borrow $r)) (canon lift (core func $m "own-borrow")))
      (func (export "borrow-own") (param "b" (borrow $r)) (param "a" (own $r)) (canon lift (core func $m "list")))
      (func (export "list") (param "a" (list (own $r)))
        (canon lift (core func $m "list") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
      (func (export "ping") (param "a" (list u8))
        (canon lift (core func $m "list") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))"#;
    let it = Module::new(BOTH).unwrap();
    let it = it.instantiate(&Imports::new()).unwrap();
    let new = || mine(call(&it, "new", &[1u32.into()]).unwrap());
    let resource = new();
    let value = || WitValue::from(Resource::Guest(resource.clone()));
    for (name, kind) in [
        ("two", ErrorKind::Closed),
        ("own-borrow", ErrorKind::Closed),
        ("borrow-own", ErrorKind::Busy),
    ] {
        let error = call(&it, name, &[value(), value()]).unwrap_err();
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.message().starts_with("args[1]"), "{error}");
    }
    let error = call(&it, "list", &[WitValue::List(vec![value(), value()])]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert!(error.message().starts_with("args[0][1]"), "{error}");
    // Nothing stays lent, and the component goes on.
    resource.close().unwrap();
    let other = new();
    call(&it, "ping", &[vec![1u8].into()]).unwrap();
    other.close().unwrap();
    assert_eq!(it.store().usage().unwrap().handles, 0);
}

#[test]
fn what_a_guest_gives_twice_ends_the_component_and_not_the_process() {
    const TWICE: &str = r#"(component
      (import "demo:app/things" (instance $h
        (export "thing" (type $thing (sub resource)))
        (export "eat" (func (param "a" (own $thing)) (param "b" (own $thing))))
        (export "make" (func (result (own $thing))))))
      (alias export $h "thing" (type $thing))
      (core func $make (canon lower (func $h "make")))
      (core func $eat (canon lower (func $h "eat")))
      (core module $m
        (import "" "make" (func $make (result i32)))
        (import "" "eat" (func $eat (param i32 i32)))
        (func (export "run") (local $t i32) (local.set $t (call $make)) (call $eat (local.get $t) (local.get $t))))
      (core instance $m (instantiate $m (with "" (instance (export "make" (func $make)) (export "eat" (func $eat))))))
      (func (export "run") (canon lift (core func $m "run"))))"#;
    let mut imports = Imports::new();
    imports.wit_func("things", "make", |_, _| {
        Ok(Some(Resource::Host(HostResource::new(1)).into()))
    });
    imports.wit_func("things", "eat", |_, _| Ok(None));
    let guest = Module::new(TWICE).unwrap().instantiate(&imports).unwrap();
    let error = call(&guest, "run", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap, "{error}");
    assert_eq!(
        call(&guest, "run", &[]).unwrap_err().kind(),
        ErrorKind::Poisoned
    );
}

#[test]
fn a_host_may_close_the_store_that_lent_something_to_it() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let mut imports = Imports::new();
    lend_things(&mut imports, "demo:app/api", &dropped);
    imports.wit_resource("types", "thing");
    imports.wit_func("demo:app/api", "look", |context, _| {
        context.store().close();
        Ok(Some(1u32.into()))
    });
    let it = Module::new(THINGS).unwrap().instantiate(&imports).unwrap();
    let error = call(&it, "run", &[5u32.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed, "{error}");
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn a_trap_below_two_components_and_a_module_says_where_it_was() {
    let store = store();
    let core = r#"(module $deep (func $inner unreachable) (func (export "t") (call $inner)))"#;
    let core = store
        .instantiate(&Module::new(core).unwrap(), &Imports::new())
        .unwrap();
    let mut imports = Imports::new();
    imports.wit_func("", "cb", move |_, _| core.call("t", &[]).map(|_| None));
    let asks = asks_of_one_that_fails(&store, &imports);
    let error = call(&asks, "ask", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    let trace = format!("{error:?}");
    let frames = trace.lines().filter(|line| line.contains(" at "));
    assert_eq!(frames.count(), 4, "{trace}");
    assert!(trace.contains("deep!inner"), "{trace}");
}

/// Names that the derived code must not trip over.
#[allow(
    dead_code,
    non_camel_case_types,
    clippy::enum_variant_names,
    reason = "the names are odd on purpose"
)]
mod odd {
    pub(super) struct Option;
    pub(super) struct Vec;
    pub(super) struct String;
    pub(super) struct Box;
    pub(super) enum Some {}
    pub(super) type Result = ();

    #[derive(landbridge::Wit)]
    pub(super) struct Fields<T>
    where
        T: Copy,
    {
        pub(super) frame: u8,
        pub(super) text: T,
        pub(super) ty: u8,
        pub(super) name: u8,
        pub(super) place: u8,
        pub(super) r#type: u8,
        pub(super) check: u8,
        pub(super) info: u8,
    }

    #[derive(landbridge::Wit)]
    pub(super) enum Cases {
        Ok(u8),
        Err(Fields<u32>),
        None,
        Some(char),
        Self_,
    }

    #[derive(landbridge::Wit)]
    #[repr(u8)]
    pub(super) enum Numbered {
        A = 3,
        B = 7,
    }

    #[derive(landbridge::Wit)]
    pub(super) struct Lent<'a, T: 'a> {
        pub(super) one: &'a T,
        pub(super) all: &'a [T],
    }

    #[derive(landbridge::Wit)]
    #[wit(flags)]
    pub(super) struct Flags {
        pub(super) frame: bool,
        pub(super) r#in: bool,
    }
}

#[test]
fn odd_names_are_derived() {
    let it = Module::new(ECHO).unwrap();
    let it = it.instantiate(&Imports::new()).unwrap();
    let echo = it.wit_func("echo").unwrap();
    let kind = |error: Error| assert_eq!(error.kind(), ErrorKind::Type, "{error}");
    kind(echo.typed::<(odd::Cases,), String>().unwrap_err());
    kind(echo.typed::<(odd::Numbered,), String>().unwrap_err());
    kind(echo.typed::<(odd::Lent<'_, u8>,), String>().unwrap_err());
    kind(echo.typed::<(odd::Flags,), String>().unwrap_err());
}
