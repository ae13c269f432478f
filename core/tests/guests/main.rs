//! Components that real toolchains made of one WIT, in Rust, C, JavaScript and Python: all of them answer alike.
//!
//! Those in JavaScript and Python are not committed: `make -C examples/components js python` builds them.

mod answers;
mod baskets;
mod bench;
mod ends;
mod journals;
mod kernels;
mod large;
mod names;
mod office;
mod shop;

use shop::Guest;

const RUST: Guest = Guest {
    name: "rust",
    file: "examples/components/shop-rust.wasm",
    hears_of_close: true,
};

const C: Guest = Guest {
    name: "c",
    file: "examples/components/shop-c.wasm",
    hears_of_close: true,
};

const JS: Guest = Guest {
    name: "js",
    file: "target/components/shop-js.wasm",
    hears_of_close: true,
};

/// componentize-py 0.25.1 does nothing when the host lets go of a resource: no code of the guest runs.
const PYTHON: Guest = Guest {
    name: "python",
    file: "target/components/shop-python.wasm",
    hears_of_close: false,
};

macro_rules! tests {
    ($($module:ident: $($test:ident)*;)*) => {
        tests! { @ rust RUST $($($module $test)*)* }
        tests! { @ c C $($($module $test)*)* }
        tests! { @ js JS $($($module $test)*)* }
        tests! { @ python PYTHON $($($module $test)*)* }
    };
    (@ $name:ident $Guest:ident $($module:ident $test:ident)*) => {
        mod $name {$(
            #[test]
            fn $test() {
                crate::$module::$test(&crate::$Guest);
            }
        )*}
    };
}

tests! {
    answers: every_call_is_answered marks_still_hold;
    baskets: baskets_live_until_they_are_let_go_of baskets_change_hands lists_of_baskets_cross;
    journals: journals_are_of_the_host journals_change_hands what_a_guest_lets_go_of_is_let_go_of;
    names: types_have_names;
    large: much_crosses_at_once;
    ends: a_trap_ends_the_guest an_error_of_the_host_comes_out;
}
