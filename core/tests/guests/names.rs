//! Names of types are told, as real toolchains leave them in components.

use crate::shop::Guest;

pub(crate) fn types_have_names(guest: &Guest) {
    let shop = guest.open();
    for (name, ty) in [
        ("greet", "func(name: string) -> string"),
        ("orders#total", "func(order: order) -> result<u64, refusal>"),
        ("orders#basket", "func(owner: string) -> basket"),
        (
            "orders#basket.add",
            "func(self: borrow<basket>, product: product, count: u16) -> u32",
        ),
        (
            "orders#basket.merge",
            "func(a: basket, b: basket) -> basket",
        ),
        ("orders#sum", "func(baskets: list<borrow<basket>>) -> u64"),
        (
            "orders#open",
            "func(title: string, lines: list<string>) -> journal",
        ),
        (
            "orders#note",
            "func(journal: borrow<journal>, text: string) -> tuple<u32, string>",
        ),
        (
            "demo:shop/echo@1.2#echo-err",
            "func(it: result<_, refusal>) -> result<_, refusal>",
        ),
        (
            "demo:shop/echo#echo-nested",
            "func(it: option<option<u8>>) -> option<option<u8>>",
        ),
        ("echo#echo-bare", "func(it: result) -> result"),
    ] {
        assert_eq!(shop.func(name).ty().to_string(), ty, "{name}");
    }
}
