//! Landbridge's ways: frames, as the other hosts have them; values, for who learns the types when the program runs.

use std::hint::black_box;
use std::mem::take;
use std::sync::Arc;

use landbridge::{
    FromWit, Imports, Instance, Limits, Module, Result, Sandbox, Store, ToWit, WitContext,
    WitFrame, WitFunc, WitFuncType, WitHost, WitParams, WitValue,
};

use super::values::{self, FLOATS, Fields, Figure, MIB, Pair, Point, framed, valued};
use crate::Case;

const CALLS: [&str; 13] = [
    "noop",
    "add",
    "text",
    "bytes-in",
    "bytes-out",
    "floats-in",
    "floats-out",
    "texts",
    "pairs",
    "points",
    "ten",
    "shape",
    "outcome",
];
const HOST: &str = "landbridge:bench/host@1.0.0";

fn instance(component: &[u8], imports: &Imports) -> Instance {
    let module = Module::new(component).expect("the component compiles");
    let limits = Limits {
        transfer_bytes: Some(u64::MAX >> 1),
        ..Limits::default()
    };
    let sandbox: Sandbox = limits.into();
    let store = Store::with(module.engine(), &sandbox).expect("a store");
    let made = store.instantiate(&module, imports);
    made.expect("the component links")
}

fn func(instance: &Instance, name: &str) -> WitFunc {
    let name = format!("landbridge:bench/calls@1.0.0#{name}");
    instance.wit_func(&name).expect("the function is there")
}

/// Frames that were written before, and are not read.
pub(super) fn frames(component: &[u8]) -> Vec<Case<'static>> {
    let mut imports = Imports::new();
    for name in ["noop", "add", "text", "bytes-in"] {
        imports.wit(HOST, name, Arc::new(Framed(name)));
    }
    let instance = instance(component, &imports);
    let mut cases: Vec<Case<'static>> = CALLS
        .into_iter()
        .map(|name| {
            let (func, args) = (func(&instance, name), framed(name));
            let mut results = WitFrame::default();
            let run = move |n: u64| {
                for _ in 0..n {
                    let args = black_box(&args).lend();
                    func.call_frame(&args, &mut results).expect(name);
                    black_box(&results);
                }
            };
            (name, Box::new(run) as Box<dyn FnMut(u64)>)
        })
        .collect();
    cases.extend(host_cases(&instance));
    cases
}

/// The cases in which the guest calls the host.
fn host_cases(instance: &Instance) -> [Case<'static>; 4] {
    ["host-noop", "host-add", "host-text", "host-bytes-in"].map(|name| {
        let func = func(instance, name);
        let run = move |n: u64| {
            let mut args: Vec<WitValue> = vec![(n as u32).into()];
            match name {
                "host-text" => args.push(values::text().as_str().into()),
                "host-bytes-in" => args.push((MIB as u32).into()),
                _ => {}
            }
            black_box(func.call(&args).expect(name));
        };
        (name, Box::new(run) as Box<dyn FnMut(u64)>)
    })
}

/// A function of the host's, by its name.
struct Framed(&'static str);

impl WitHost for Framed {
    fn call(&self, _: &WitContext<'_>, _: &WitFuncType, args: &mut WitFrame) -> Result<WitFrame> {
        let mut it = take(args);
        let given = match self.0 {
            "add" => {
                let mut frame = it.reader();
                let a = u32::from_le_bytes(frame.array()?);
                a.wrapping_add(u32::from_le_bytes(frame.array()?))
            }
            "bytes-in" => it.blobs[0].len() as u32,
            _ => return Ok(it),
        };
        it.clear();
        it.bytes.extend_from_slice(&given.to_le_bytes());
        Ok(it)
    }
}

/// Values, made before.
pub(super) fn values(component: &[u8]) -> Vec<Case<'static>> {
    let mut imports = Imports::new();
    imports.wit_func(HOST, "noop", |_, _| Ok(None));
    imports.wit_func(HOST, "add", |_, args| match args {
        [WitValue::U32(a), WitValue::U32(b)] => Ok(Some(a.wrapping_add(*b).into())),
        other => panic!("{other:?}"),
    });
    imports.wit_func(HOST, "text", |_, args| Ok(Some(args[0].clone())));
    imports.wit_func(HOST, "bytes-in", |_, args| match &args[0] {
        WitValue::Numbers(bytes) => Ok(Some((bytes.len() as u32).into())),
        other => panic!("{other:?}"),
    });
    let instance = instance(component, &imports);
    let mut cases: Vec<Case<'static>> = CALLS
        .into_iter()
        .map(|name| {
            let (func, args) = (func(&instance, name), valued(name));
            let run = move |n: u64| {
                for _ in 0..n {
                    black_box(func.call(black_box(&args)).expect(name));
                }
            };
            (name, Box::new(run) as Box<dyn FnMut(u64)>)
        })
        .collect();
    cases.extend(host_cases(&instance));
    cases
}

/// Types of Rust.
pub(super) fn typed(component: &[u8]) -> Vec<Case<'static>> {
    let mut imports = Imports::new();
    imports.wit_typed(HOST, "noop", || ());
    imports.wit_typed(HOST, "add", |a: u32, b: u32| a.wrapping_add(b));
    imports.wit_typed(HOST, "text", |it: String| it);
    imports.wit_typed(HOST, "bytes-in", |it: Vec<u8>| it.len() as u32);
    let calls = instance(component, &imports);

    let (text, bytes, floats, texts) = (
        &*values::text().leak(),
        &*values::bytes().leak(),
        &*values::floats().leak(),
        &*values::texts().leak(),
    );
    let (pairs, points) = (&*values::pairs().leak(), &*values::points().leak());
    let ten: &Fields = Box::leak(Box::new(values::ten()));
    let figure: &Figure = Box::leak(Box::new(values::figure()));
    let outcome: std::result::Result<&str, &str> = Ok(text);
    let mut cases = vec![
        case::<(), ()>(&calls, "noop", ()),
        case::<(u32, u32), u32>(&calls, "add", (2, 3)),
        case::<(&str,), String>(&calls, "text", (text,)),
        case::<(&[u8],), u32>(&calls, "bytes-in", (bytes,)),
        case::<(u32,), Vec<u8>>(&calls, "bytes-out", (MIB as u32,)),
        case::<(&[f64],), u32>(&calls, "floats-in", (floats,)),
        case::<(u32,), Vec<f64>>(&calls, "floats-out", (FLOATS as u32,)),
        case::<(&[String],), Vec<String>>(&calls, "texts", (texts,)),
        case::<(&[Pair],), Vec<Pair>>(&calls, "pairs", (pairs,)),
        case::<(&[Point],), Vec<Point>>(&calls, "points", (points,)),
        case::<(&Fields,), Fields>(&calls, "ten", (ten,)),
        case::<(&Figure,), Figure>(&calls, "shape", (figure,)),
        case::<_, std::result::Result<String, String>>(&calls, "outcome", (outcome,)),
    ];
    cases.extend(host_cases(&calls));
    cases
}

fn case<P, R>(calls: &Instance, name: &'static str, args: P) -> Case<'static>
where
    P: WitParams + ToWit + Copy + 'static,
    R: FromWit + 'static,
{
    let func = func(calls, name).typed::<P, R>();
    let func = func.expect("it has this type");
    let run = move |n: u64| {
        for _ in 0..n {
            black_box(func.call(black_box(args)).expect(name));
        }
    };
    (name, Box::new(run))
}
