//! JSON as programs use it: read, change a little, write.

use std::fmt::Write;

use serde_json::Value;

use crate::numbers::Numbers;

fn records(count: usize, numbers: &mut Numbers) -> String {
    let mut text = String::from("[");
    for id in 0..count {
        let comma = if id == 0 { "" } else { "," };
        let (price, name) = (numbers.below(100_000), numbers.words(3));
        let (x, y) = (numbers.below(1000), numbers.below(1000));
        let record = format_args!(
            r#"{comma}{{"id":{id},"name":"{name}","price":{}.{:02},"tags":["a\n","{x}"],"at":{{"x":{x}.5,"y":-{y}e-2}},"sold":{}}}"#,
            price / 100,
            price % 100,
            x > y,
        );
        text.write_fmt(record).expect("a string takes text");
    }
    text.push(']');
    text
}

pub(crate) fn change(size: usize, mut numbers: Numbers) -> u32 {
    let text = records(size, &mut numbers);
    let mut value: Value = serde_json::from_str(&text).expect("it is JSON");
    for record in value.as_array_mut().expect("a list") {
        let price = record["price"].as_f64().expect("a number");
        record["price"] = Value::from((price * 1.2 * 100.0).round() / 100.0);
        let name = record["name"].as_str().expect("text").trim().to_uppercase();
        record["name"] = Value::from(name);
    }
    crate::sum(serde_json::to_string(&value).expect("it can be written").as_bytes())
}
