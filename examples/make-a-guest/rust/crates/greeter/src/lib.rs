// [rust]
wit_bindgen::generate!({ path: "../../wit", world: "greeter" });

use exports::demo::greeter::greetings::{Guest, Person};

struct Greeter;

impl Guest for Greeter {
    fn hello(who: Person) -> Result<String, String> {
        if who.name.is_empty() {
            return Err("nobody to greet".to_owned());
        }
        Ok(format!(
            "Hello, {}! At {} you speak {} languages.",
            who.name,
            who.age,
            who.languages.len()
        ))
    }
}

export!(Greeter);
// [end rust]
