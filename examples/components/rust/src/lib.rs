//! The shop in Rust. `generate!` makes types and traits of the WIT; what is left is to implement the traits.

// [generate]
wit_bindgen::generate!({ path: "../wit", world: "shop", additional_derives: [Clone] });

use demo::shop::office;

struct Shop;

impl Guest for Shop {
    fn greet(name: String) -> String {
        office::log(office::Level::Info, &format!("greet {name}"));
        format!("Hello, {name}!")
    }
    // [end generate]

    fn price(cents: u64) -> String {
        format!("{}.{:02} {}", cents / 100, cents % 100, currency())
    }

    fn give_up(reason: String) {
        panic!("{reason}")
    }
}

mod echo;
mod orders;

// [export]
export!(Shop);
// [end export]
