//! Functions that give back what they are given.

use crate::Shop;
use crate::exports::demo::shop::echo::*;

macro_rules! same {
    ($($name:ident($Type:ty);)*) => {$(
        fn $name(it: $Type) -> $Type {
            it
        }
    )*};
}

impl Guest for Shop {
    same! {
        echo_bool(bool);
        echo_s8(i8);
        echo_u8(u8);
        echo_s16(i16);
        echo_u16(u16);
        echo_s32(i32);
        echo_u32(u32);
        echo_s64(i64);
        echo_u64(u64);
        echo_f32(f32);
        echo_f64(f64);
        echo_char(char);
        echo_string(String);
        echo_bytes(Vec<u8>);
        echo_floats(Vec<f64>);
        echo_strings(Vec<String>);
        echo_products(Vec<Product>);
        echo_bools(Vec<bool>);
        echo_chars(Vec<char>);
        echo_pairs(Vec<(String, u32)>);
        echo_lists(Vec<Vec<String>>);
        echo_options(Vec<Option<u32>>);
        echo_tuple((u8, String, f64));
        echo_product(Product);
        echo_order(Order);
        echo_unit(Unit);
        echo_days(Days);
        echo_marks(Marks);
        echo_hours(Hours);
        echo_discount(Discount);
        echo_refusal(Refusal);
        echo_anything(Anything);
        echo_option(Option<String>);
        echo_nested(Option<Option<u8>>);
        echo_result(Result<u32, String>);
        echo_ok(Result<String, ()>);
        echo_err(Result<(), Refusal>);
        echo_bare(Result<(), ()>);
        echo_outcomes(Vec<Result<u32, String>>);
    }

    fn echo_numbers(
        a: Vec<i8>,
        b: Vec<i16>,
        c: Vec<u16>,
        d: Vec<i32>,
        e: Vec<u32>,
        f: Vec<i64>,
        g: Vec<u64>,
        h: Vec<f32>,
    ) -> (
        Vec<i8>,
        Vec<i16>,
        Vec<u16>,
        Vec<i32>,
        Vec<u32>,
        Vec<i64>,
        Vec<u64>,
        Vec<f32>,
    ) {
        (a, b, c, d, e, f, g, h)
    }

    fn nothing() {}

    #[rustfmt::skip]
    fn seventeen(
        a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: bool, j: char, k: f32, l: f64, m: u8, n: u16,
        o: u32, p: u64, q: String,
    ) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n} {o} {p} {q}")
    }
}
