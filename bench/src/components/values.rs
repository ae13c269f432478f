//! What crosses, as Rust has it, as frames and as values.

use std::hint::black_box;

use landbridge::{Wit, WitFrame, WitValue, WitWriter};
use wasmtime::component::{ComponentType, Lift, Lower};

use crate::Case;

pub(super) const MIB: usize = 1 << 20;
pub(super) const FLOATS: usize = 100_000;
const MANY: usize = 10_000;

/// The names of the fields of `Fields`.
const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

#[derive(ComponentType, Lift, Lower, Wit, Clone)]
#[component(record)]
pub(super) struct Fields {
    a: u32,
    b: String,
    c: f64,
    d: bool,
    e: u64,
    f: i32,
    g: String,
    h: u8,
    i: f32,
    j: i64,
}

#[derive(ComponentType, Lift, Lower, Wit, Clone)]
#[component(record)]
pub(super) struct Pair {
    id: u32,
    name: String,
}

#[derive(ComponentType, Lift, Lower, Wit, Clone)]
#[component(record)]
pub(super) struct Point {
    x: f64,
    y: f64,
    z: f64,
}

#[derive(ComponentType, Lift, Lower, Wit, Clone)]
#[component(variant)]
pub(super) enum Figure {
    #[component(name = "dot")]
    Dot,
    #[component(name = "circle")]
    Circle(f64),
    #[component(name = "named")]
    Named(String),
}

pub(super) fn text() -> String {
    "0123456789abcdef".repeat(4)
}

pub(super) fn bytes() -> Vec<u8> {
    vec![7; MIB]
}

pub(super) fn floats() -> Vec<f64> {
    (0..FLOATS).map(|it| it as f64).collect()
}

pub(super) fn texts() -> Vec<String> {
    (0..MANY).map(|it| format!("string number {it}")).collect()
}

pub(super) fn ten() -> Fields {
    Fields {
        a: 1,
        b: "a name".into(),
        c: 4.0,
        d: true,
        e: 2,
        f: -3,
        g: "something longer than a name".into(),
        h: 8,
        i: 5.0,
        j: -6,
    }
}

pub(super) fn pairs() -> Vec<Pair> {
    (0..MANY as u32)
        .map(|id| Pair {
            id,
            name: format!("name {id}"),
        })
        .collect()
}

pub(super) fn points() -> Vec<Point> {
    (0..MANY)
        .map(|it| Point {
            x: it as f64,
            y: 2.0,
            z: 3.0,
        })
        .collect()
}

pub(super) fn figure() -> Figure {
    Figure::Circle(1.5)
}

/// Plain copies, into what is there and into what is new.
pub(super) fn copies() -> Vec<Case<'static>> {
    let mut to = vec![1; MIB];
    let copy_in = copied(bytes(), move |from| {
        to.copy_from_slice(from);
        black_box(&to);
    });
    let copy_out = copied(bytes(), |from| drop(black_box(from.to_vec())));
    vec![
        ("copy-in", Box::new(copy_in)),
        ("copy-out", Box::new(copy_out)),
    ]
}

fn copied<T>(from: Vec<T>, mut copy: impl FnMut(&[T])) -> impl FnMut(u64) {
    move |n| (0..n).for_each(|_| copy(black_box(&from)))
}

/// Arguments as a frame.
pub(super) fn frame(write: impl FnOnce(&mut WitWriter<'static>)) -> WitFrame {
    let mut writer = WitWriter::new();
    write(&mut writer);
    writer.finish().expect("it fits")
}

fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The arguments of each call.
pub(super) fn framed(case: &str) -> WitFrame {
    let number = |number: usize| frame(|to| to.raw(&(number as u32).to_le_bytes()));
    match case {
        "noop" => frame(|_| {}),
        "add" => frame(|to| to.raw(&[2, 0, 0, 0, 3, 0, 0, 0])),
        "text" => frame(|to| to.text(kept(&text()))),
        "bytes-in" => frame(|to| to.own_numbers(bytes())),
        "bytes-out" => number(MIB),
        "floats-in" => frame(|to| to.own_numbers(floats())),
        "floats-out" => number(FLOATS),
        "texts" => frame(|to| {
            to.count(MANY);
            texts().iter().for_each(|it| to.text(kept(it)));
        }),
        "ten" => frame(|to| {
            let it = ten();
            to.raw(&it.a.to_le_bytes());
            to.text(kept(&it.b));
            to.raw(&it.c.to_le_bytes());
            to.raw(&[it.d.into()]);
            to.raw(&it.e.to_le_bytes());
            to.raw(&it.f.to_le_bytes());
            to.text(kept(&it.g));
            to.raw(&[it.h]);
            to.raw(&it.i.to_le_bytes());
            to.raw(&it.j.to_le_bytes());
        }),
        "pairs" => frame(|to| {
            to.count(MANY);
            for it in pairs() {
                to.raw(&it.id.to_le_bytes());
                to.text(kept(&it.name));
            }
        }),
        "points" => frame(|to| {
            to.count(MANY);
            for it in points() {
                [it.x, it.y, it.z]
                    .iter()
                    .for_each(|it| to.raw(&it.to_le_bytes()));
            }
        }),
        "shape" => frame(|to| {
            to.case(1, 1);
            to.raw(&1.5f64.to_le_bytes());
        }),
        "outcome" => frame(|to| {
            to.case(0, 1);
            to.text(kept(&text()));
        }),
        other => panic!("no case is named {other}"),
    }
}

/// The same as values.
pub(super) fn valued(case: &str) -> Vec<WitValue> {
    match case {
        "noop" => vec![],
        "add" => vec![2u32.into(), 3u32.into()],
        "text" => vec![text().as_str().into()],
        "bytes-in" => vec![bytes().into()],
        "bytes-out" => vec![(MIB as u32).into()],
        "floats-in" => vec![floats().into()],
        "floats-out" => vec![(FLOATS as u32).into()],
        "texts" => vec![list(texts().iter().map(String::as_str))],
        "ten" => {
            let it = ten();
            let values: [WitValue; 10] = [
                it.a.into(),
                it.b.as_str().into(),
                it.c.into(),
                it.d.into(),
                it.e.into(),
                it.f.into(),
                it.g.as_str().into(),
                it.h.into(),
                it.i.into(),
                it.j.into(),
            ];
            vec![WitValue::record(NAMES.into_iter().zip(values))]
        }
        "pairs" => vec![list(pairs().into_iter().map(|it| {
            WitValue::record([("id", it.id.into()), ("name", it.name.as_str().into())])
        }))],
        "points" => vec![list(points().into_iter().map(|it| {
            WitValue::record([("x", it.x.into()), ("y", it.y.into()), ("z", it.z.into())])
        }))],
        "shape" => vec![WitValue::variant("circle", Some(1.5f64.into()))],
        "outcome" => vec![WitValue::ok(Some(text().as_str().into()))],
        other => panic!("no case is named {other}"),
    }
}

fn list(items: impl IntoIterator<Item: Into<WitValue>>) -> WitValue {
    WitValue::List(items.into_iter().map(Into::into).collect())
}
