//! Resources: of the host in a guest's hands, of a guest in the host's, and of one component in another's.

#[path = "wit_typed/things.rs"]
mod things;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use landbridge::{
    Engine, ErrorKind, GuestResource, HostResource, Imports, Instance, Module, Resource, Store,
    WitValue,
};

use things::{GUEST, MAKER};

/// An object of the host; what is dropped is counted.
struct Thing(u32, Arc<AtomicUsize>);

impl Drop for Thing {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

struct World {
    it: Instance,
    dropped: Arc<AtomicUsize>,
    kept: Arc<Mutex<Vec<HostResource>>>,
}

fn thing(value: &WitValue) -> HostResource {
    match value {
        WitValue::Resource(Resource::Host(host)) => host.clone(),
        other => panic!("{other:?}"),
    }
}

fn mine(value: Option<WitValue>) -> GuestResource {
    match value {
        Some(WitValue::Resource(Resource::Guest(it))) => it,
        other => panic!("{other:?}"),
    }
}

impl World {
    fn new() -> World {
        let dropped = Arc::new(AtomicUsize::new(0));
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut imports = Imports::new();
        let counter = dropped.clone();
        imports.wit_func("things", "[constructor]thing", move |_, args| {
            let WitValue::U32(n) = args[0] else {
                unreachable!()
            };
            Ok(Some(
                Resource::Host(HostResource::new(Thing(n, counter.clone()))).into(),
            ))
        });
        imports.wit_func("things", "[method]thing.get", |_, args| {
            let it = thing(&args[0]);
            Ok(Some(it.get::<Thing>().unwrap().0.into()))
        });
        imports.wit_func("things", "eat", |_, _| Ok(None));
        let keep = kept.clone();
        imports.wit_func("things", "keep", move |_, args| {
            keep.lock().unwrap().push(thing(&args[0]));
            Ok(None)
        });
        let it = Module::new(GUEST).unwrap().instantiate(&imports).unwrap();
        World { it, dropped, kept }
    }

    fn call(&self, name: &str, args: &[WitValue]) -> landbridge::Result<Option<WitValue>> {
        self.it.wit_func(name)?.call(args)
    }

    fn thing(&self, n: u32) -> WitValue {
        Resource::Host(HostResource::new(Thing(n, self.dropped.clone()))).into()
    }

    fn mine(&self, n: u32) -> GuestResource {
        mine(self.call("[constructor]mine", &[n.into()]).unwrap())
    }

    fn destroyed(&self) -> u32 {
        match self.call("dropped", &[]).unwrap() {
            Some(WitValue::U32(n)) => n,
            other => panic!("{other:?}"),
        }
    }

    fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }
}

#[test]
fn objects_of_the_host_live_until_the_guest_drops_them() {
    let world = World::new();
    assert_eq!(
        world.call("make", &[41u32.into()]).unwrap(),
        Some(41u32.into())
    );
    assert_eq!(world.dropped(), 1);
    // Lent: it is the host's again.
    let it = world.thing(5);
    assert_eq!(
        world.call("forward", std::slice::from_ref(&it)).unwrap(),
        Some(5u32.into())
    );
    assert_eq!(world.dropped(), 1);
    drop(it);
    assert_eq!(world.dropped(), 2);
    // Given, and given on to the host.
    world.call("give", &[world.thing(6)]).unwrap();
    assert_eq!(world.dropped(), 3);
    // Given, held, and given back: the same object.
    let it = world.thing(7);
    world.call("hold", std::slice::from_ref(&it)).unwrap();
    assert_eq!(world.call("return", &[]).unwrap(), Some(it.clone()));
    drop(it);
    assert_eq!(world.dropped(), 4);
    // Lent to the host, which keeps it.
    world.call("lend", &[world.thing(8)]).unwrap();
    assert_eq!(world.dropped(), 4);
    assert_eq!(world.kept.lock().unwrap()[0].get::<Thing>().unwrap().0, 8);
    world.kept.lock().unwrap().clear();
    assert_eq!(world.dropped(), 5);
    // With the store.
    world.call("hold", &[world.thing(9)]).unwrap();
    assert_eq!(world.dropped(), 5);
    world.it.close();
    assert_eq!(world.dropped(), 6);
}

#[test]
fn a_borrow_that_a_guest_keeps_is_an_error() {
    let world = World::new();
    let error = world.call("leak", &[world.thing(5)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    assert!(error.message().contains("borrow"), "{error}");
    let error = world.call("dropped", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned);
}

#[test]
fn resources_of_a_guest_are_closed_once() {
    let world = World::new();
    let it = world.mine(100);
    let value = WitValue::from(Resource::Guest(it.clone()));
    assert_eq!(
        world
            .call("[method]mine.rep", std::slice::from_ref(&value))
            .unwrap(),
        Some(100u32.into())
    );
    assert_eq!(world.destroyed(), 0);
    it.close().unwrap();
    assert_eq!(world.destroyed(), 100);
    assert!(it.is_closed().unwrap());
    it.close().unwrap();
    assert_eq!(world.destroyed(), 100);
    let error = world
        .call("[method]mine.rep", std::slice::from_ref(&value))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(
        error.message(),
        "args[0]: the resource was closed or given away, or it is of another store"
    );
    // The component goes on.
    assert_eq!(world.destroyed(), 100);
}

#[test]
fn what_is_only_dropped_is_destroyed_by_the_next_call() {
    let world = World::new();
    drop(world.mine(7));
    assert_eq!(world.destroyed(), 7);
    let it = world.mine(8);
    std::thread::spawn(move || drop(it)).join().unwrap();
    assert_eq!(world.destroyed(), 15);
}

#[test]
fn what_was_given_away_is_gone() {
    let world = World::new();
    let it = world.mine(5);
    let value = WitValue::from(Resource::Guest(it.clone()));
    world
        .call("eat-mine", std::slice::from_ref(&value))
        .unwrap();
    let error = world
        .call("eat-mine", std::slice::from_ref(&value))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    it.close().unwrap();
    assert_eq!(world.destroyed(), 0);
}

#[test]
fn resources_of_another_sort_are_refused() {
    let world = World::new();
    let error = world
        .call("forward", &[Resource::Guest(world.mine(1)).into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(error.message(), "args[0]: the resource is of another type");
    let error = world
        .call("[method]mine.rep", &[world.thing(1)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    let other = World::new();
    let error = world
        .call("[method]mine.rep", &[Resource::Guest(other.mine(1)).into()])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongStore);
    let error = world.call("forward", &[3u32.into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(world.destroyed(), 1);
}

#[test]
fn a_destructor_that_traps_ends_the_component() {
    let world = World::new();
    let it = world.mine(13);
    let error = it.close().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Trap);
    assert_eq!(
        world.call("dropped", &[]).unwrap_err().kind(),
        ErrorKind::Poisoned
    );
    it.close().unwrap();
}

/// One that exports things, and one that imports them.
fn composed(store: &Store) -> (Instance, Instance) {
    let maker = store
        .instantiate(&Module::new(MAKER).unwrap(), &Imports::new())
        .unwrap();
    let mut imports = Imports::new();
    imports.instance("demo:app/things", &maker).unwrap();
    let user = store
        .instantiate(&Module::new(GUEST).unwrap(), &imports)
        .unwrap();
    (maker, user)
}

#[test]
fn a_component_imports_what_another_one_exports() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let (maker, it) = composed(&store);
    let call = |name: &str, args: &[WitValue]| it.wit_func(name).unwrap().call(args).unwrap();
    let dropped = || maker.wit_func("dropped").unwrap().call(&[]).unwrap();
    assert_eq!(call("make", &[41u32.into()]), Some(41u32.into()));
    assert_eq!(dropped(), Some(41u32.into()));
    // Made by the one, through the host, to the other, and back.
    let new = maker
        .wit_func("demo:app/things#[constructor]thing")
        .unwrap();
    let made = |n: u32| new.call(&[n.into()]).unwrap().unwrap();
    assert_eq!(call("forward", &[made(5)]), Some(5u32.into()));
    assert_eq!(dropped(), Some(46u32.into()));
    let it = made(100);
    call("hold", std::slice::from_ref(&it));
    assert_eq!(dropped(), Some(46u32.into()));
    let back = call("return", &[]).unwrap();
    let get = maker.wit_func("demo:app/things#[method]thing.get").unwrap();
    assert_eq!(
        get.call(std::slice::from_ref(&back)).unwrap(),
        Some(100u32.into())
    );
    assert!(get.call(&[it]).is_err());
    call("give", &[back]);
    assert_eq!(dropped(), Some(146u32.into()));
}

#[test]
fn a_destructor_waits_while_its_component_may_be_at_work() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let (maker, user) = composed(&store);
    let dropped = maker.wit_func("dropped").unwrap();
    let seen: Arc<Mutex<Vec<WitValue>>> = Arc::default();
    let (make, read, noted) = (
        user.wit_func("make").unwrap(),
        dropped.clone(),
        seen.clone(),
    );
    let mut imports = Imports::new();
    imports.wit_func("", "cb", move |_, _| {
        make.call(&[7u32.into()])?;
        noted.lock().unwrap().extend(read.call(&[])?);
        Ok(None)
    });
    let outer = r#"(component
        (import "cb" (func $cb))
        (core func $cb (canon lower (func $cb)))
        (core module $m (import "" "cb" (func $cb)) (func (export "run") (call $cb)))
        (core instance $m (instantiate $m (with "" (instance (export "cb" (func $cb))))))
        (func (export "run") (canon lift (core func $m "run"))))"#;
    let outer = store
        .instantiate(&Module::new(outer).unwrap(), &imports)
        .unwrap();
    outer.wit_func("run").unwrap().call(&[]).unwrap();
    // While the outer call was at work it was only noted.
    assert_eq!(*seen.lock().unwrap(), [0u32.into()]);
    assert_eq!(dropped.call(&[]).unwrap(), Some(7u32.into()));
}

#[test]
fn a_resource_without_functions_is_lent_by_its_name() {
    let text = r#"(component
        (import "demo:app/tokens" (instance $t (export "token" (type (sub resource)))))
        (alias export $t "token" (type $token))
        (core func $drop (canon resource.drop $token))
        (core module $m (import "" "drop" (func $drop (param i32))) (func (export "eat") (param i32) (call $drop (local.get 0))))
        (core instance $m (instantiate $m (with "" (instance (export "drop" (func $drop))))))
        (func (export "eat") (param "it" (own $token)) (canon lift (core func $m "eat"))))"#;
    let module = Module::new(text).unwrap();
    let error = module.instantiate(&Imports::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Link);
    let mut imports = Imports::new();
    imports.wit_resource("tokens", "token");
    let it = module.instantiate(&imports).unwrap();
    let dropped = Arc::new(AtomicUsize::new(0));
    let thing = HostResource::new(Thing(1, dropped.clone()));
    let eat = it.wit_func("eat").unwrap();
    eat.call(&[Resource::Host(thing).into()]).unwrap();
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}
