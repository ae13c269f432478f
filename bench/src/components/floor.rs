//! The engine's own typed Rust, with epochs on as Landbridge has them: what every ratio is to.

use std::cell::RefCell;
use std::hint::black_box;

use wasmtime::component::{
    Component, ComponentNamedList, Instance, Lift, Linker, Lower, TypedFunc,
};
use wasmtime::{Config, Engine, Store};

use super::values::{self, FLOATS, Fields, Figure, MIB, Pair, Point};
use crate::Case;

type Shared = &'static RefCell<Store<()>>;

pub(super) fn cases(component: &[u8]) -> Vec<Case<'static>> {
    let engine = Engine::new(Config::new().epoch_interruption(true)).expect("an engine");
    let component = Component::new(&engine, component).expect("the component compiles");
    let mut store = Store::new(&engine, ());
    store.set_epoch_deadline(1 << 40);
    let instance = linker(&engine)
        .instantiate(&mut store, &component)
        .expect("the component links");
    let store: Shared = Box::leak(Box::new(RefCell::new(store)));
    let calls = Calls { store, instance };

    let (text, bytes, floats, texts) = (
        &*values::text().leak(),
        &*values::bytes().leak(),
        &*values::floats().leak(),
        &*values::texts().leak(),
    );
    let (pairs, points) = (&*values::pairs().leak(), &*values::points().leak());
    let ten: &Fields = Box::leak(Box::new(values::ten()));
    let figure: &Figure = Box::leak(Box::new(values::figure()));
    let outcome: Result<&str, &str> = Ok(text);
    vec![
        calls.case::<(), ()>("noop", ()),
        calls.case::<(u32, u32), (u32,)>("add", (2, 3)),
        calls.case::<(&str,), (String,)>("text", (text,)),
        calls.case::<(&[u8],), (u32,)>("bytes-in", (bytes,)),
        calls.case::<(u32,), (Vec<u8>,)>("bytes-out", (MIB as u32,)),
        calls.case::<(&[f64],), (u32,)>("floats-in", (floats,)),
        calls.case::<(u32,), (Vec<f64>,)>("floats-out", (FLOATS as u32,)),
        calls.case::<(&[String],), (Vec<String>,)>("texts", (texts,)),
        calls.case::<(&[Pair],), (Vec<Pair>,)>("pairs", (pairs,)),
        calls.case::<(&[Point],), (Vec<Point>,)>("points", (points,)),
        calls.case::<(&Fields,), (Fields,)>("ten", (ten,)),
        calls.case::<(&Figure,), (Figure,)>("shape", (figure,)),
        calls.case::<(Result<&str, &str>,), (Result<String, String>,)>("outcome", (outcome,)),
        calls.host::<(u32,), ()>("host-noop", |n| (n,)),
        calls.host::<(u32,), (u32,)>("host-add", |n| (n,)),
        calls.host::<(u32, &str), ()>("host-text", move |n| (n, text)),
        calls.host::<(u32, u32), ()>("host-bytes-in", |n| (n, MIB as u32)),
    ]
}

fn linker(engine: &Engine) -> Linker<()> {
    let mut linker = Linker::new(engine);
    let mut host = linker
        .instance("landbridge:bench/host@1.0.0")
        .expect("a name");
    host.func_wrap("noop", |_, ()| Ok(())).expect("noop");
    host.func_wrap("add", |_, (a, b): (u32, u32)| Ok((a.wrapping_add(b),)))
        .expect("add");
    host.func_wrap("text", |_, (it,): (String,)| Ok((it,)))
        .expect("text");
    host.func_wrap("bytes-in", |_, (it,): (Vec<u8>,)| Ok((it.len() as u32,)))
        .expect("bytes-in");
    linker
}

struct Calls {
    store: Shared,
    instance: Instance,
}

impl Calls {
    fn func<P, R>(&self, name: &str) -> TypedFunc<P, R>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let mut store = self.store.borrow_mut();
        let calls = "landbridge:bench/calls@1.0.0";
        let interface = self.instance.get_export_index(&mut *store, None, calls);
        let index = self
            .instance
            .get_export_index(&mut *store, interface.as_ref(), name);
        let func = self
            .instance
            .get_typed_func(&mut *store, index.expect("the function is there"));
        func.expect("it has this type")
    }

    /// A call with the same arguments each time.
    fn case<P, R>(&self, name: &'static str, args: P) -> Case<'static>
    where
        P: ComponentNamedList + Lower + Copy + 'static,
        R: ComponentNamedList + Lift + 'static,
    {
        let (store, func) = (self.store, self.func::<P, R>(name));
        let run = move |n| {
            let mut store = store.borrow_mut();
            for _ in 0..n {
                black_box(func.call(&mut *store, black_box(args)).expect(name));
            }
        };
        (name, Box::new(run))
    }

    /// One call, within which the guest calls the host so often.
    fn host<P, R>(&self, name: &'static str, args: impl Fn(u32) -> P + 'static) -> Case<'static>
    where
        P: ComponentNamedList + Lower + 'static,
        R: ComponentNamedList + Lift + 'static,
    {
        let (store, func) = (self.store, self.func::<P, R>(name));
        let run = move |n| {
            let mut store = store.borrow_mut();
            // The guest's bytes count as a transfer, up to which there is a limit a call.
            store.set_hostcall_fuel(usize::MAX);
            black_box(func.call(&mut *store, args(n as u32)).expect(name));
        };
        (name, Box::new(run))
    }
}
