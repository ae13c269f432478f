//! The guest of the bench does what is measured.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use landbridge::{
    Imports, Instance, Module, NumberList, Result, WitContext, WitFrame, WitFuncType, WitHost,
    WitValue,
};

use crate::shop::tree;

const HOST: &str = "landbridge:bench/host@1.0.0";

fn open(called: &Arc<AtomicU32>) -> Instance {
    let mut imports = Imports::new();
    let count = |called: &Arc<AtomicU32>| {
        let called = called.clone();
        move || called.fetch_add(1, Ordering::Relaxed)
    };
    let counted = count(called);
    imports.wit_func(HOST, "noop", move |_, _| {
        counted();
        Ok(None)
    });
    imports.wit_func(HOST, "add", |_, args| match args {
        [WitValue::U32(a), WitValue::U32(b)] => Ok(Some((a + b).into())),
        other => panic!("{other:?}"),
    });
    let counted = count(called);
    imports.wit_func(HOST, "text", move |_, args| {
        counted();
        Ok(Some(args[0].clone()))
    });
    let counted = count(called);
    imports.wit_func(HOST, "bytes-in", move |_, args| match &args[0] {
        WitValue::Numbers(NumberList::U8(bytes)) => {
            counted();
            Ok(Some((bytes.len() as u32).into()))
        }
        other => panic!("{other:?}"),
    });
    let bytes = std::fs::read(tree("bench/component.wasm")).expect("the guest");
    let module = Module::new(bytes).expect("a component");
    module.instantiate(&imports).expect("an instance")
}

fn call(guest: &Instance, name: &str, args: &str) -> Option<WitValue> {
    let func = guest.wit_func(&format!("calls#{name}")).expect(name);
    let args: Vec<WitValue> = match &func.ty().params[..] {
        [one] => vec![WitValue::parse(&one.ty, args).expect(args)],
        _ => func
            .ty()
            .parse_args(&args.split_terminator(", ").collect::<Vec<_>>())
            .expect(args),
    };
    func.call(&args).expect(name)
}

#[test]
fn what_is_measured_is_done() {
    let called = Arc::default();
    let guest = open(&called);
    for (name, it) in [
        ("text", "\"sixty-four bytes, or so\""),
        ("texts", "[\"a\", \"\", \"bc\"]"),
        (
            "ten",
            "{a: 1, b: \"two\", c: 3.5, d: true, e: 5, f: -6, g: \"seven\", h: 8, i: 9.5, j: -10}",
        ),
        ("pairs", "[{id: 1, name: \"one\"}, {id: 2, name: \"\"}]"),
        ("points", "[{x: 1.0, y: 2.0, z: 3.5}]"),
        ("shape", "circle(2.5)"),
        ("shape", "dot"),
        ("outcome", "ok(\"fine\")"),
        ("outcome", "err(\"bad\")"),
    ] {
        for _ in 0..2 {
            let given = call(&guest, name, it).map(|it| it.to_text());
            assert_eq!(given.as_deref(), Some(it), "{name}");
        }
    }
    assert_eq!(call(&guest, "noop", ""), None);
    assert_eq!(call(&guest, "add", "2, 3"), Some(5u32.into()));
    assert_eq!(call(&guest, "bytes-in", "[1, 2, 3]"), Some(3u32.into()));
    assert_eq!(call(&guest, "floats-in", "[0.5, 1]"), Some(2u32.into()));
    for round in 0..3 {
        match call(&guest, "bytes-out", "1048576") {
            Some(WitValue::Numbers(NumberList::U8(bytes))) => assert_eq!(bytes.len(), 1 << 20),
            other => panic!("{other:?} in round {round}"),
        }
        match call(&guest, "floats-out", "100000") {
            Some(WitValue::Numbers(NumberList::F64(floats))) => assert_eq!(floats.len(), 100_000),
            other => panic!("{other:?} in round {round}"),
        }
    }
    assert_eq!(call(&guest, "host-add", "101"), Some(5050u32.into()));
    call(&guest, "host-noop", "7");
    call(&guest, "host-text", "7, \"text\"");
    call(&guest, "host-bytes-in", "7, 1000");
    assert_eq!(called.load(Ordering::Relaxed), 21);
}

/// Notes how many bytes lay beside the arguments, and takes those of every third call away.
#[derive(Default)]
struct Takes(Mutex<Vec<Vec<u8>>>, Mutex<Vec<usize>>);

impl WitHost for Takes {
    fn call(&self, _: &WitContext<'_>, _: &WitFuncType, args: &mut WitFrame) -> Result<WitFrame> {
        let mut seen = self.1.lock().expect("no panic");
        seen.push(args.blobs[0].as_bytes().len());
        if seen.len().is_multiple_of(3)
            && let NumberList::U8(bytes) = args.blobs.remove(0)
        {
            assert!(bytes.capacity() <= 2 * bytes.len(), "{}", bytes.capacity());
            self.0.lock().expect("no panic").push(bytes);
        }
        let mut given = WitFrame::default();
        given.bytes.extend(1u32.to_le_bytes());
        Ok(given)
    }
}

#[test]
fn what_lies_beside_arguments_is_that_of_each_call() {
    let takes = Arc::new(Takes::default());
    let mut imports = Imports::new();
    imports.wit(HOST, "bytes-in", takes.clone());
    for name in ["noop", "add", "text"] {
        imports.wit_func(HOST, name, |_, _| Ok(None));
    }
    let bytes = std::fs::read(tree("bench/component.wasm")).expect("the guest");
    let module = Module::new(bytes).expect("a component");
    let guest = module.instantiate(&imports).expect("an instance");
    let lengths = [1 << 20, 1500, 1 << 20, 700_000, 2000, 3 << 20, 1024];
    for length in lengths {
        call(&guest, "host-bytes-in", &format!("3, {length}"));
    }
    let seen = takes.1.lock().expect("no panic");
    assert_eq!(*seen, lengths.map(|it| [it; 3]).concat());
    let taken = takes.0.lock().expect("no panic");
    assert!(taken.iter().map(Vec::len).eq(lengths));
}
