// [rust]
wit_bindgen::generate!({ path: "../wit" });

struct Greeter;

impl Guest for Greeter {
    fn hello(name: String) -> String {
        format!("Hello, {name}!")
    }
}

export!(Greeter);
// [end rust]
