//! A component: strings, lists and records cross as what they are in Rust.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use landbridge::{Error, ErrorKind, Imports, Result, Wit, WitValue};

use crate::{Demo, line};

#[derive(Wit)]
struct Statistics {
    count: u32,
    least: f64,
    most: f64,
    mean: f64,
}

/// What the shop asks for and this program does not need.
const REST: [&str; 8] = [
    "journal",
    "journal.write",
    "journal.length",
    "journal.find",
    "worth",
    "reserve",
    "close",
    "title",
];

fn office(logged: &Arc<Mutex<String>>) -> Imports {
    let mut imports = Imports::new();
    let log = logged.clone();
    imports.wit_func("office", "log", move |_, args| {
        if let (Some(level), Some(text)) = (args[0].case(), args[1].as_str()) {
            log.lock().unwrap().push_str(&format!("{level}: {text}"));
        }
        Ok(None)
    });
    imports.wit_typed("", "currency", || "EUR".to_owned());
    for name in REST {
        let unused = || Error::new(ErrorKind::Unsupported, "not in this demo");
        imports.wit_func("office", name, move |_, _| Err(unused()));
    }
    imports
}

impl Demo {
    pub(crate) fn shop(&self) -> Result<()> {
        let logged = Arc::default();
        let shop = self
            .load("components/shop-rust.wasm")?
            .instantiate(&office(&logged))?;
        let checksum = shop.typed_wit_func::<(&[u8],), u32>("orders#checksum")?;
        let start = Instant::now();
        let sum = checksum.call((&self.input,))?;
        let time = start.elapsed();
        line("shop", "checksum", sum, &sum.to_le_bytes(), time);

        let text = String::from_utf8_lossy(&self.input);
        let lines: Vec<&str> = text.split('\n').collect();
        let echo = shop.typed_wit_func::<(&[&str],), Vec<String>>("echo#echo-strings")?;
        let start = Instant::now();
        let same = echo.call((&lines,))?;
        let time = start.elapsed();
        line(
            "shop",
            "echo-strings",
            same.len(),
            same.concat().as_bytes(),
            time,
        );

        let lengths: Vec<f64> = lines.iter().map(|line| line.len() as f64).collect();
        let describe = shop.typed_wit_func::<(&[f64],), Statistics>("orders#describe")?;
        let start = Instant::now();
        let found = describe.call((&lengths,))?;
        let time = start.elapsed();
        let mut bytes = found.count.to_le_bytes().to_vec();
        for number in [found.least, found.most, found.mean] {
            bytes.extend(number.to_le_bytes());
        }
        let mean = format!("{:.6}", found.mean);
        line("shop", "describe", mean, &bytes, time);

        let start = Instant::now();
        let greeting = shop.wit_call("greet", &["Zoë".into()])?;
        let time = start.elapsed();
        let greeting = greeting.as_ref().and_then(WitValue::as_str);
        let logged = logged.lock().unwrap();
        line(
            "shop",
            "greet",
            greeting.unwrap_or_default(),
            logged.as_bytes(),
            time,
        );
        Ok(())
    }
}
