//! Resources in signatures of Rust: of components, and of the host.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use landbridge::{
    Engine, ErrorKind, FromWit, GuestResource, HostObject, HostResource, Imports, Instance, Module,
    Resource, Result, Store, ToWit, Wit, WitParams,
};

use crate::things::{GUEST, MAKER};

/// Imports `thing` and exports `mine`; what it is given it gives back.
const GIVES_BACK: &str = r#"(component
  (import "demo:app/things" (instance $h
    (export "thing" (type $thing (sub resource)))
    (export "all" (func (param "x" (list (own $thing))) (result (list (own $thing)))))))
  (alias export $h "thing" (type $thing))
  (core module $d
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (global $n (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get 3)))
      (local.get $at))
    (func (export "dtor") (param i32) (global.set $n (i32.add (global.get $n) (local.get 0))))
    (func (export "dropped") (result i32) global.get $n))
  (core instance $d (instantiate $d))
  (alias core export $d "memory" (core memory $memory))
  (alias core export $d "realloc" (core func $realloc))
  (type $own' (resource (rep i32) (dtor (core func $d "dtor"))))
  (export $own "mine" (type $own'))
  (type $pair' (record (field "first" (own $own)) (field "second" (option (own $own)))))
  (export $pair "pair" (type $pair'))
  (core func $rnew (canon resource.new $own'))
  (core func $drop (canon resource.drop $thing))
  (core func $all (canon lower (func $h "all") (memory $memory) (realloc $realloc)))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "all" (func $all (param i32 i32 i32)))
    (import "" "memory" (memory 1))
    (func (export "mk") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "through") (param i32 i32) (result i32)
      (call $all (local.get 0) (local.get 1) (i32.const 8)) (i32.const 8))
    (func (export "list") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
    (func (export "record") (param i32 i32 i32) (result i32)
      (i32.store (i32.const 32) (local.get 0)) (i32.store (i32.const 36) (local.get 1))
      (i32.store (i32.const 40) (local.get 2)) (i32.const 32))
    (func (export "result") (param i32 i32) (result i32)
      (i32.store (i32.const 48) (local.get 0)) (i32.store (i32.const 52) (local.get 1)) (i32.const 48))
    (func (export "sum") (param $sum i32) (param $at i32) (param $count i32) (result i32)
      (loop $next (if (local.get $count) (then
        (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))
      (local.get $sum))
    (func (export "both") (param i32 i32) (result i32) (call $drop (local.get 0)) (local.get 1)))
  (core instance $m (instantiate $m (with "" (instance (export "new" (func $rnew)) (export "drop" (func $drop))
    (export "all" (func $all)) (export "memory" (memory $memory))))))
  (func (export "[constructor]mine") (param "n" u32) (result (own $own)) (canon lift (core func $m "mk")))
  (func (export "[method]mine.sum") (param "self" (borrow $own)) (param "others" (list (borrow $own))) (result u32)
    (canon lift (core func $m "sum") (memory $memory) (realloc $realloc)))
  (func (export "through") (param "x" (list (own $thing))) (result (list (own $thing)))
    (canon lift (core func $m "through") (memory $memory) (realloc $realloc)))
  (func (export "list") (param "x" (list (own $own))) (result (list (own $own)))
    (canon lift (core func $m "list") (memory $memory) (realloc $realloc)))
  (func (export "record") (param "x" $pair) (result $pair)
    (canon lift (core func $m "record") (memory $memory) (realloc $realloc)))
  (func (export "result") (param "x" (result (own $own) (error (own $own)))) (result (result (own $own) (error (own $own))))
    (canon lift (core func $m "result") (memory $memory) (realloc $realloc)))
  (func (export "both") (param "a" (own $thing)) (param "b" (borrow $own)) (result u32) (canon lift (core func $m "both")))
  (func (export "dropped") (result u32) (canon lift (core func $d "dropped"))))"#;

/// An object of the host; what is dropped is counted.
struct Thing(u32, Arc<AtomicUsize>);

impl Drop for Thing {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

/// Another one.
struct Other;

struct World {
    it: Instance,
    dropped: Arc<AtomicUsize>,
    kept: Arc<Mutex<Vec<HostObject<Thing>>>>,
}

impl World {
    fn new() -> World {
        World::of(GUEST)
    }

    fn of(guest: &str) -> World {
        let dropped = Arc::new(AtomicUsize::new(0));
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut imports = Imports::new();
        let counter = dropped.clone();
        imports.wit_typed("things", "[constructor]thing", move |n: u32| {
            HostObject::new(Thing(n, counter.clone()))
        });
        imports.wit_typed("things", "[method]thing.get", |this: HostObject<Thing>| {
            this.0
        });
        imports.wit_typed("things", "eat", |_: HostResource| ());
        let keep = kept.clone();
        imports.wit_typed("things", "keep", move |it: HostObject<Thing>| {
            keep.lock().unwrap().push(it);
        });
        imports.wit_typed("things", "all", |mut all: Vec<HostObject<Thing>>| {
            all.reverse();
            all
        });
        let it = Module::new(guest).unwrap().instantiate(&imports).unwrap();
        World { it, dropped, kept }
    }

    fn call<P: WitParams + ToWit, R: FromWit>(&self, name: &str, params: P) -> Result<R> {
        self.it.typed_wit_func::<P, R>(name)?.call(params)
    }

    fn thing(&self, n: u32) -> HostObject<Thing> {
        HostObject::new(Thing(n, self.dropped.clone()))
    }

    fn mine(&self, n: u32) -> GuestResource {
        self.call("[constructor]mine", (n,)).unwrap()
    }

    fn destroyed(&self) -> u32 {
        self.call("dropped", ()).unwrap()
    }

    fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }
}

#[test]
fn objects_of_the_host_live_until_the_guest_drops_them() {
    let world = World::new();
    assert_eq!(world.call::<_, u32>("make", (41_u32,)).unwrap(), 41);
    assert_eq!(world.dropped(), 1);
    // Lent: it is the host's again.
    let it = world.thing(5);
    assert_eq!(world.call::<_, u32>("forward", (&it,)).unwrap(), 5);
    assert_eq!(world.dropped(), 1);
    drop(it);
    assert_eq!(world.dropped(), 2);
    // Given, and given on to the host.
    world.call::<_, ()>("give", (world.thing(6),)).unwrap();
    assert_eq!(world.dropped(), 3);
    // Given, held, and given back: the same object.
    let it = world.thing(7);
    world.call::<_, ()>("hold", (it.clone(),)).unwrap();
    assert_eq!(
        world.call::<_, HostObject<Thing>>("return", ()).unwrap(),
        it
    );
    drop(it);
    assert_eq!(world.dropped(), 4);
    // Lent to the host, which keeps it.
    world.call::<_, ()>("lend", (world.thing(8),)).unwrap();
    assert_eq!(world.dropped(), 4);
    assert_eq!(world.kept.lock().unwrap()[0].0, 8);
    world.kept.lock().unwrap().clear();
    assert_eq!(world.dropped(), 5);
}

#[test]
fn resources_of_a_guest_are_closed_once() {
    let world = World::new();
    let rep = world
        .it
        .typed_wit_func::<(&GuestResource,), u32>("[method]mine.rep");
    let rep = rep.unwrap();
    let it = world.mine(100);
    assert_eq!(rep.call((&it,)).unwrap(), 100);
    assert_eq!(world.destroyed(), 0);
    it.close().unwrap();
    assert_eq!(world.destroyed(), 100);
    let error = rep.call((&it,)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    assert_eq!(
        error.message(),
        "args[0]: the resource was closed or given away, or it is of another store"
    );
    // What is only dropped goes with the next call.
    drop(world.mine(7));
    assert_eq!(world.destroyed(), 107);
}

#[test]
fn what_was_given_away_is_gone() {
    let world = World::new();
    // Given by value or by reference: the function's type tells that it is given.
    let it = world.mine(5);
    world.call::<_, u32>("eat-mine", (&it,)).unwrap();
    let error = world.call::<_, u32>("eat-mine", (it.clone(),)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
    it.close().unwrap();
    assert_eq!(world.destroyed(), 0);
}

#[test]
fn resources_of_another_sort_are_refused() {
    #[track_caller]
    fn refused<P: WitParams + ToWit>(
        world: &World,
        name: &str,
        params: P,
        kind: ErrorKind,
        why: &str,
    ) {
        let error = world.call::<P, u32>(name, params).unwrap_err();
        assert_eq!((error.kind(), error.message()), (kind, why));
    }
    let (world, other) = (World::new(), World::new());
    refused(
        &world,
        "forward",
        (world.mine(1),),
        ErrorKind::Type,
        "args[0]: the resource is of another type",
    );
    refused(
        &world,
        "[method]mine.rep",
        (world.thing(1),),
        ErrorKind::Type,
        "args[0]: the resource is of a component, and an object of the host cannot stand for it",
    );
    let error = world.call::<_, u32>("[method]mine.rep", (other.mine(1),));
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongStore);
    assert!(error.message().starts_with("args[0]: "), "{error}");
    // Nobody was entered.
    assert_eq!(world.destroyed(), 1);
}

#[test]
fn what_comes_is_of_another_sort() {
    let world = World::new();
    world.call::<_, ()>("hold", (world.thing(9),)).unwrap();
    let error = world.call::<_, GuestResource>("return", ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        error.message(),
        "result: the resource is an object of the host, not one of a component"
    );
    // It came, and is dropped.
    assert_eq!(world.dropped(), 1);
    let error = world.call::<_, HostResource>("[constructor]mine", (3_u32,));
    let error = error.unwrap_err();
    assert_eq!(
        error.message(),
        "result: the resource is of a component, not an object of the host"
    );
    assert_eq!(world.destroyed(), 3);
    // Any.
    let any = world
        .call::<_, Resource>("[constructor]mine", (4_u32,))
        .unwrap();
    assert_eq!(world.call::<_, u32>("[method]mine.rep", (any,)).unwrap(), 4);
}

#[test]
fn another_object_than_a_closure_takes() {
    let world = World::new();
    let error = world.call::<_, u32>("forward", (HostObject::new(Other),));
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        error.message(),
        "demo:app/things#[method]thing.get: args[0]: the resource is another object of the host, not \
         wit_typed::resources::Thing"
    );
    // A guest waited for it.
    let error = world.call::<_, u32>("dropped", ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Poisoned);
    // In a list.
    let world = World::of(GIVES_BACK);
    let all: Vec<HostResource> = vec![world.thing(1).into(), HostObject::new(Other).into()];
    let error = world
        .call::<_, Vec<Resource>>("through", (all,))
        .unwrap_err();
    assert_eq!(
        error.message(),
        "demo:app/things#all: args[0][1]: the resource is another object of the host, not \
         wit_typed::resources::Thing"
    );
    assert_eq!(world.dropped(), 1);
}

#[test]
fn a_closure_gives_another_sort() {
    let world = World::new();
    let mine = Mutex::new(Some(world.mine(1)));
    let mut imports = Imports::new();
    imports.wit_typed("things", "[constructor]thing", move |_: u32| {
        mine.lock().unwrap().take().unwrap()
    });
    imports.wit_typed("things", "[method]thing.get", |_: HostResource| 0_u32);
    imports.wit_typed("things", "eat", |_: HostResource| ());
    imports.wit_typed("things", "keep", |_: HostResource| ());
    let it = Module::new(GUEST).unwrap().instantiate(&imports).unwrap();
    let make = it.typed_wit_func::<(u32,), u32>("make").unwrap();
    let error = make.call((1,)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongStore);
    let place = "result of demo:app/things#[constructor]thing: ";
    assert!(error.message().starts_with(place), "{error}");
}

#[derive(Wit, Debug, PartialEq)]
struct Pair {
    first: GuestResource,
    second: Option<GuestResource>,
}

#[test]
fn resources_in_lists_records_options_and_results() {
    let world = World::of(GIVES_BACK);
    let sum = |it: &GuestResource, others: &[&GuestResource]| {
        world
            .call::<_, u32>("[method]mine.sum", (it, others))
            .unwrap()
    };
    let all = vec![world.mine(1), world.mine(10), world.mine(100)];
    let back: Vec<GuestResource> = world.call("list", (&all,)).unwrap();
    assert!(all.iter().all(|it| it.is_closed().unwrap()));
    assert_eq!(sum(&back[0], &[&back[1], &back[2]]), 111);
    assert_eq!(sum(&back[2], &[]), 100);
    let none: Vec<GuestResource> = world.call("list", (Vec::<GuestResource>::new(),)).unwrap();
    assert_eq!(none, []);

    let mut back = back.into_iter();
    let pair = Pair {
        first: back.next().unwrap(),
        second: back.next(),
    };
    let pair: Pair = world.call("record", (pair,)).unwrap();
    let second = pair.second.unwrap();
    assert_eq!(sum(&pair.first, &[&second]), 11);
    let pair = Pair {
        first: second,
        second: None,
    };
    let pair: Pair = world.call("record", (pair,)).unwrap();
    assert_eq!(pair.second, None);
    assert_eq!(sum(&pair.first, &[]), 10);

    type Either = std::result::Result<GuestResource, GuestResource>;
    let err: Either = world.call("result", (Either::Err(pair.first),)).unwrap();
    let err = err.unwrap_err();
    assert_eq!(sum(&err, &[]), 10);
    let ok: Either = world.call("result", (Either::Ok(err),)).unwrap();
    ok.unwrap().close().unwrap();
    assert_eq!(world.destroyed(), 10);

    // The second is the first again: each is given once.
    let it = world.mine(1000);
    let error = world.call::<_, Vec<GuestResource>>("list", ([&it, &it].as_slice(),));
    assert_eq!(
        error.unwrap_err().message(),
        "args[0][1]: the resource was closed or given away, or it is of another store"
    );
    assert!(!it.is_closed().unwrap());
}

#[test]
fn lists_of_objects_of_the_host() {
    let world = World::of(GIVES_BACK);
    let all = [world.thing(1), world.thing(2), world.thing(3)];
    let back: Vec<HostObject<Thing>> = world.call("through", (all.as_slice(),)).unwrap();
    assert_eq!(back.iter().map(|it| it.0).collect::<Vec<_>>(), [3, 2, 1]);
    assert!(back[0] == all[2]);
    drop(all);
    assert_eq!(world.dropped(), 0);
    drop(back);
    assert_eq!(world.dropped(), 3);
}

#[test]
fn a_call_that_is_refused_keeps_nothing() {
    let world = World::of(GIVES_BACK);
    let mine = world.mine(5);
    assert_eq!(
        world
            .call::<_, u32>("both", (world.thing(1), &mine))
            .unwrap(),
        5
    );
    assert_eq!(world.dropped(), 1);
    mine.close().unwrap();
    let thing = world.thing(2);
    let error = world.call::<_, u32>("both", (thing, &mine)).unwrap_err();
    assert_eq!(
        error.message(),
        "args[1]: the resource was closed or given away, or it is of another store"
    );
    assert_eq!(world.dropped(), 2);
}

#[test]
fn other_signatures() {
    #[track_caller]
    fn refused<P: WitParams, R: Wit>(world: &World, name: &str, why: &str) {
        let error = world.it.typed_wit_func::<P, R>(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type);
        assert_eq!(error.message(), why);
    }
    let world = World::new();
    refused::<(GuestResource,), GuestResource>(
        &world,
        "[constructor]mine",
        "[constructor]mine: args[0]: the function takes u32, not a resource",
    );
    refused::<(u32,), Option<HostObject<Other>>>(
        &world,
        "[constructor]mine",
        "[constructor]mine: result: the function gives mine, not option<a resource>",
    );
    refused::<(u32,), u32>(
        &world,
        "[method]mine.rep",
        "[method]mine.rep: args[0]: the function takes borrow<mine>, not u32",
    );
}

#[test]
fn calls_that_do_not_wait() {
    let world = World::of(GIVES_BACK);
    let list = world
        .it
        .typed_wit_func::<(Vec<GuestResource>,), Vec<GuestResource>>("list");
    let list = list.unwrap();
    // What is given to it may be dropped at once.
    let back = list
        .call_async((vec![world.mine(3)],))
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(world.destroyed(), 0);
    back[0].close().unwrap();
    assert_eq!(world.destroyed(), 3);
}

#[test]
fn resources_of_one_component_in_another() {
    let store = Store::new(&Engine::shared().unwrap()).unwrap();
    let maker = Module::new(MAKER).unwrap();
    let maker = store.instantiate(&maker, &Imports::new()).unwrap();
    let mut imports = Imports::new();
    imports.instance("demo:app/things", &maker).unwrap();
    let guest = Module::new(GUEST).unwrap();
    let it = store.instantiate(&guest, &imports).unwrap();
    let new = maker
        .typed_wit_func::<(u32,), GuestResource>("things#thing")
        .unwrap();
    let get = maker
        .typed_wit_func::<(&GuestResource,), u32>("things#thing.get")
        .unwrap();
    let hold = it.typed_wit_func::<(GuestResource,), ()>("hold").unwrap();
    let back = it.typed_wit_func::<(), GuestResource>("return").unwrap();
    hold.call((new.call((100,)).unwrap(),)).unwrap();
    let back = back.call(()).unwrap();
    assert_eq!(get.call((&back,)).unwrap(), 100);
    back.close().unwrap();
    let dropped = maker.typed_wit_func::<(), u32>("dropped").unwrap();
    assert_eq!(dropped.call(()).unwrap(), 100);
}
