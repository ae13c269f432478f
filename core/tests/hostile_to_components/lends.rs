//! What is lent, given and dropped where it should not be.

use super::*;

pub(crate) const ECHO: &str = r#"(component
  (core module $m
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 64))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))))
      (local.get $at))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0))
      (i32.store (i32.const 4) (local.get 1))
      (i32.const 0))
    (func (export "ping") (result i32) (i32.const 1)))
  (core instance $m (instantiate $m))
  (func (export "echo") (param "text" string) (result string)
    (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (func (export "ping") (result u32) (canon lift (core func $m "ping"))))"#;

/// One blob that does what it likes when it is asked for.
pub(crate) struct One<F: Fn() + Sync>(pub(crate) usize, pub(crate) F);

impl<F: Fn() + Sync> Blobs for One<F> {
    fn len(&self, index: u32) -> Option<usize> {
        (index == 0).then_some(self.0)
    }

    fn copy(&self, _: u32, to: &mut [u8]) -> Result<()> {
        (self.1)();
        to.fill(b'x');
        Ok(())
    }
}

/// A frame of one text that lies beside it.
pub(crate) const BESIDE: &[u8] = &[255, 255, 255, 255, 0, 0, 0, 0];

#[test]
fn what_lies_beside_a_frame_cannot_enter_the_store_while_it_is_copied() {
    let store = store();
    let module = Module::new(ECHO).unwrap();
    let it = store.instantiate(&module, &Imports::new()).unwrap();
    let other = store.instantiate(&module, &Imports::new()).unwrap();
    let seen = Mutex::new(Vec::new());
    let blobs = One(2000, || {
        let error = call(&other, "ping", &[]).unwrap_err();
        seen.lock().unwrap().push(error.kind());
    });
    let args = WitArgs {
        bytes: BESIDE,
        blobs: &blobs,
    };
    let mut results = WitFrame::default();
    let echo = it.wit_func("echo").unwrap();
    echo.call_frame(&args, &mut results).unwrap();
    assert_eq!(*seen.lock().unwrap(), [ErrorKind::Busy]);
    assert_eq!(results.blobs[0].as_bytes(), [b'x'; 2000]);
    assert_eq!(call(&other, "ping", &[]).unwrap(), Some(1u32.into()));
}

/// There always is one more.
pub(crate) struct Endless;

impl Blobs for Endless {
    fn len(&self, _: u32) -> Option<usize> {
        Some(1)
    }

    fn copy(&self, _: u32, to: &mut [u8]) -> Result<()> {
        to.fill(b'x');
        Ok(())
    }
}

#[test]
fn blobs_without_an_end_are_counted_as_far_as_the_frame_may_name_them() {
    let it = Module::new(ECHO).unwrap();
    let it = it.instantiate(&Imports::new()).unwrap();
    let args = WitArgs {
        bytes: BESIDE,
        blobs: &Endless,
    };
    let mut results = WitFrame::default();
    let echo = it.wit_func("echo").unwrap();
    echo.call_frame(&args, &mut results).unwrap();
    assert_eq!(results.bytes, [1, 0, 0, 0, b'x']);
}

pub(crate) struct Panics;

impl Sink for Panics {
    fn blob(&mut self, _: &[u8], _: usize) -> Result<u32> {
        panic!("a sink")
    }
}

#[test]
fn a_panic_in_the_middle_of_a_value_poisons_the_store() {
    let is_poisoned = |it: &Instance| {
        let error = it.store().instantiate(it.module(), &Imports::new());
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Poisoned);
    };
    let module = Module::new(ECHO).unwrap();
    let it = module.instantiate(&Imports::new()).unwrap();
    let echo = it.wit_func("echo").unwrap();
    let blobs = One(2000, || panic!("a blob"));
    let args = WitArgs {
        bytes: BESIDE,
        blobs: &blobs,
    };
    let called = catch_unwind(AssertUnwindSafe(|| {
        echo.call_frame(&args, &mut WitFrame::default())
    }));
    assert!(called.is_err());
    is_poisoned(&it);
    assert_eq!(
        echo.call(&["a".into()]).unwrap_err().kind(),
        ErrorKind::Poisoned
    );

    let it = module.instantiate(&Imports::new()).unwrap();
    let echo = it.wit_func("echo").unwrap();
    let blobs = One(2000, || {});
    let args = WitArgs {
        bytes: BESIDE,
        blobs: &blobs,
    };
    let called = catch_unwind(AssertUnwindSafe(|| {
        echo.call_into(&args, &mut Vec::new(), &mut Panics)
    }));
    assert!(called.is_err());
    is_poisoned(&it);
}

/// A resource of a guest that is lent to the host.
pub(crate) const LENDER: &str = r#"(component
  (import "cb" (func $cb))
  (core func $cb (canon lower (func $cb)))
  (core module $d
    (global $n (mut i32) (i32.const 0))
    (func (export "dtor") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
    (func (export "dropped") (result i32) global.get $n))
  (core instance $d (instantiate $d))
  (type $own' (resource (rep i32) (dtor (core func $d "dtor"))))
  (export $own "mine" (type $own'))
  (core func $rnew (canon resource.new $own'))
  (core module $m
    (import "" "cb" (func $cb))
    (import "" "rnew" (func $rnew (param i32) (result i32)))
    (func (export "mk") (param i32) (result i32) (call $rnew (local.get 0)))
    (func (export "work") (param i32) (call $cb)))
  (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb)) (export "rnew" (func $rnew))))))
  (func (export "[constructor]mine") (param "n" u32) (result (own $own)) (canon lift (core func $m "mk")))
  (func (export "[method]mine.work") (param "self" (borrow $own)) (canon lift (core func $m "work")))
  (func (export "dropped") (result u32) (canon lift (core func $d "dropped"))))"#;

pub(crate) fn mine(value: Option<WitValue>) -> GuestResource {
    match value {
        Some(WitValue::Resource(Resource::Guest(it))) => it,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_dropped_while_it_is_lent_is_destroyed_behind_the_call() {
    let kept: Arc<Mutex<Option<GuestResource>>> = Arc::default();
    let mut imports = Imports::new();
    let drops = kept.clone();
    imports.wit_func("", "cb", move |_, _| {
        drops.lock().unwrap().take();
        Ok(None)
    });
    let it = Module::new(LENDER).unwrap().instantiate(&imports).unwrap();
    let resource = mine(call(&it, "[constructor]mine", &[7u32.into()]).unwrap());
    let frame = resource.handle().to_le_bytes();
    *kept.lock().unwrap() = Some(resource);
    let args = WitArgs {
        bytes: &frame,
        blobs: &(),
    };
    let work = it.wit_func("[method]mine.work").unwrap();
    work.call_frame(&args, &mut WitFrame::default()).unwrap();
    assert_eq!(call(&it, "dropped", &[]).unwrap(), Some(7u32.into()));
}

/// What a test lends and the host keeps.
pub(crate) const THINGS: &str = r#"(component
  (import "demo:app/types" (instance $types (export "thing" (type (sub resource)))))
  (alias export $types "thing" (type $thing))
  (import "demo:app/api" (instance $api
    (alias outer 1 $thing (type $outer))
    (export "thing" (type $thing (eq $outer)))
    (export "make" (func (param "n" u32) (result (own $thing))))
    (export "look" (func (param "it" (borrow $thing)) (result u32)))))
  (core func $make (canon lower (func $api "make")))
  (core func $look (canon lower (func $api "look")))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "look" (func $look (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (param i32) (result i32) (local $t i32) (local $n i32)
      (local.set $t (call $make (local.get 0)))
      (local.set $n (call $look (local.get $t)))
      (call $drop (local.get $t))
      (local.get $n)))
  (core instance $m (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))"#;

/// An object of the host; what is dropped is counted.
pub(crate) struct Thing(pub(crate) u32, pub(crate) Arc<AtomicUsize>);

impl Drop for Thing {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

pub(crate) fn lend_things(imports: &mut Imports, interface: &str, dropped: &Arc<AtomicUsize>) {
    let dropped = dropped.clone();
    imports.wit_func(interface, "make", move |_, args| {
        let WitValue::U32(n) = args[0] else {
            unreachable!()
        };
        let thing = HostResource::new(Thing(n, dropped.clone()));
        Ok(Some(Resource::Host(thing).into()))
    });
    imports.wit_func(interface, "look", |_, args| match &args[0] {
        WitValue::Resource(Resource::Host(it)) => Ok(Some(it.get::<Thing>().unwrap().0.into())),
        other => panic!("{other:?}"),
    });
}

#[test]
fn a_resource_that_another_interface_uses_is_the_same_one() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let mut imports = Imports::new();
    lend_things(&mut imports, "demo:app/api", &dropped);
    imports.wit_resource("types", "thing");
    let it = Module::new(THINGS).unwrap().instantiate(&imports).unwrap();
    assert_eq!(call(&it, "run", &[5u32.into()]).unwrap(), Some(5u32.into()));
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

/// The same by the world itself.
pub(crate) const WORLDLY: &str = r#"(component
  (import "thing" (type $thing (sub resource)))
  (import "make" (func $make (param "n" u32) (result (own $thing))))
  (import "look" (func $look (param "it" (borrow $thing)) (result u32)))
  (core func $make (canon lower (func $make)))
  (core func $look (canon lower (func $look)))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "look" (func $look (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (param i32) (result i32) (local $t i32) (local $n i32)
      (local.set $t (call $make (local.get 0)))
      (local.set $n (call $look (local.get $t)))
      (call $drop (local.get $t))
      (local.get $n)))
  (core instance $m (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))"#;

#[test]
fn a_world_may_import_a_resource_by_itself() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let mut imports = Imports::new();
    lend_things(&mut imports, "", &dropped);
    let it = Module::new(WORLDLY).unwrap().instantiate(&imports).unwrap();
    assert_eq!(call(&it, "run", &[5u32.into()]).unwrap(), Some(5u32.into()));
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn an_interface_may_be_lent_under_its_short_and_its_full_name() {
    let mut all = Imports::new();
    lend_things(&mut all, "demo:app/api", &Arc::default());
    let mut imports = Imports::new();
    imports.wit_func("api", "make", |_, args| {
        let WitValue::U32(n) = args[0] else {
            unreachable!()
        };
        Ok(Some(Resource::Host(HostResource::new(n)).into()))
    });
    imports.wit_func("demo:app/api", "look", |_, _| Ok(Some(8u32.into())));
    imports.wit_resource("types", "thing");
    let it = Module::new(THINGS).unwrap().instantiate(&imports).unwrap();
    assert_eq!(call(&it, "run", &[5u32.into()]).unwrap(), Some(8u32.into()));
}

/// Exports `demo:app/things`, whose functions and destructor call the host.
pub(crate) const MAKER: &str = r#"(component
  (import "cb" (func $cb (param "n" u32)))
  (core func $cb (canon lower (func $cb)))
  (core module $m
    (import "" "cb" (func $cb (param i32)))
    (global $busy (mut i32) (i32.const 0))
    (func (export "dtor") (param i32)
      (if (global.get $busy) (then (call $cb (i32.const 666))))
      (call $cb (local.get 0)))
    (func (export "work") (param i32) (global.set $busy (i32.const 1)) (call $cb (local.get 0)) (global.set $busy (i32.const 0))))
  (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb))))))
  (type $thing' (resource (rep i32) (dtor (core func $m "dtor"))))
  (core func $rnew (canon resource.new $thing'))
  (func $new (param "n" u32) (result (own $thing')) (canon lift (core func $rnew)))
  (func $work (param "n" u32) (canon lift (core func $m "work")))
  (component $shim
    (import "the-thing" (type $thing' (sub resource)))
    (import "new" (func $new (param "n" u32) (result (own $thing'))))
    (export $thing "thing" (type $thing'))
    (export "[constructor]thing" (func $new) (func (param "n" u32) (result (own $thing)))))
  (instance $things (instantiate $shim (with "the-thing" (type $thing')) (with "new" (func $new))))
  (export "demo:app/things" (instance $things))
  (func (export "work") (param "n" u32) (canon lift (core func $m "work"))))"#;

/// Imports it, and makes and drops a thing.
pub(crate) const USER: &str = r#"(component
  (import "demo:app/things" (instance $h
    (export "thing" (type $thing (sub resource)))
    (export "[constructor]thing" (func (param "n" u32) (result (own $thing))))))
  (alias export $h "thing" (type $thing))
  (core func $drop (canon resource.drop $thing))
  (core func $new (canon lower (func $h "[constructor]thing")))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (global $held (mut i32) (i32.const 0))
    (func (export "hold") (param i32) (global.set $held (call $new (local.get 0))))
    (func (export "let-go") (call $drop (global.get $held))))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "hold") (param "n" u32) (canon lift (core func $m "hold")))
  (func (export "let-go") (canon lift (core func $m "let-go"))))"#;

#[test]
fn a_destructor_does_not_enter_a_component_that_is_at_work() {
    let store = store();
    let told: Arc<Mutex<Vec<u32>>> = Arc::default();
    let let_go: Arc<OnceLock<WitFunc>> = Arc::default();
    let mut imports = Imports::new();
    let (tell, inner) = (told.clone(), let_go.clone());
    imports.wit_func("", "cb", move |_, args| {
        let WitValue::U32(n) = args[0] else {
            unreachable!()
        };
        tell.lock().unwrap().push(n);
        if n == 1 {
            inner.get().unwrap().call(&[])?;
        }
        Ok(None)
    });
    let maker = store
        .instantiate(&Module::new(MAKER).unwrap(), &imports)
        .unwrap();
    let mut imports = Imports::new();
    imports.instance("demo:app/things", &maker).unwrap();
    let user = store
        .instantiate(&Module::new(USER).unwrap(), &imports)
        .unwrap();
    let_go.set(user.wit_func("let-go").unwrap()).unwrap();
    // At once where nobody is in the way.
    call(&user, "hold", &[7u32.into()]).unwrap();
    call(&user, "let-go", &[]).unwrap();
    assert_eq!(*told.lock().unwrap(), [7]);
    // Dropped by the one while the other is at work: behind that.
    call(&user, "hold", &[8u32.into()]).unwrap();
    call(&maker, "work", &[1u32.into()]).unwrap();
    assert_eq!(*told.lock().unwrap(), [7, 1, 8]);
}
