//! The guest of the bench of components. It does nothing but what crossing takes, so that what is measured is the
//! crossing.

wit_bindgen::generate!({ path: "wit", world: "bench" });

use exports::landbridge::bench::calls::{Fields, Figure, Guest, Pair, Point};
use landbridge::bench::host;

mod memory;

struct Bench;

macro_rules! same {
    ($($name:ident($Type:ty);)*) => {$(
        fn $name(it: $Type) -> $Type {
            it
        }
    )*};
}

impl Guest for Bench {
    same! {
        text(String);
        texts(Vec<String>);
        ten(Fields);
        pairs(Vec<Pair>);
        points(Vec<Point>);
        shape(Figure);
        outcome(Result<String, String>);
    }

    fn noop() {}

    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn bytes_in(it: Vec<u8>) -> u32 {
        it.len() as u32
    }

    fn bytes_out(length: u32) -> Vec<u8> {
        memory::whatever(length)
    }

    fn floats_in(it: Vec<f64>) -> u32 {
        it.len() as u32
    }

    fn floats_out(length: u32) -> Vec<f64> {
        memory::whatever(length)
    }

    fn host_noop(times: u32) {
        (0..times).for_each(|_| host::noop());
    }

    fn host_add(times: u32) -> u32 {
        (0..times).fold(0, host::add)
    }

    fn host_text(times: u32, it: String) {
        (0..times).for_each(|_| drop(host::text(&it)));
    }

    fn host_bytes_in(times: u32, length: u32) {
        let bytes: Vec<u8> = memory::whatever(length);
        (0..times).for_each(|_| _ = host::bytes_in(&bytes));
    }
}

export!(Bench);
