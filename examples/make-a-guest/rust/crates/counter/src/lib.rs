// [counter]
wit_bindgen::generate!({ path: "../../wit", world: "counter" });

use demo::greeter::logging::log;

struct Counter;

impl Guest for Counter {
    fn countdown(start: u32) -> u32 {
        for n in (1..=start).rev() {
            log(&n.to_string());
        }
        start
    }
}

export!(Counter);
// [end counter]
