//! A program for WASI: tells all that it was granted, and writes what it read into its folder.
//! survey.go is the same program. Rebuild, with Rust 1.96 and its target wasm32-wasip1:
//!   rustc --edition 2024 --target wasm32-wasip1 -C opt-level=z -C strip=symbols -C panic=abort \
//!     -C codegen-units=1 -o survey_rust.wasm survey.rs

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs, process};

const FOLDER: &str = "/data";

fn main() -> io::Result<()> {
    let mut code = 0;
    for argument in env::args().skip(1) {
        println!("argument {argument}");
        if let Some(given) = argument.strip_prefix("exit=") {
            code = given.parse().unwrap_or(99);
        }
    }
    variables();
    input()?;
    folder()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    println!("clock {}", now.unwrap_or_default().as_nanos());
    println!("random {}", RandomState::new().build_hasher().finish());
    process::exit(code)
}

fn variables() {
    let mut all: Vec<_> = env::vars().collect();
    all.sort();
    for (name, value) in all {
        println!("variable {name}={value}");
    }
}

fn input() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    println!("input {} bytes, {} lines", text.len(), text.matches('\n').count());
    Ok(())
}

/// Lists the folder, and writes all that its files hold into a new file there, in capitals.
fn folder() -> io::Result<()> {
    let Ok(entries) = fs::read_dir(FOLDER) else {
        println!("no folder");
        return Ok(());
    };
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    let mut all = String::new();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            println!("folder {name}");
        } else {
            println!("file {name} {} bytes", entry.metadata()?.len());
            all += &fs::read_to_string(entry.path())?.to_uppercase();
        }
    }
    match fs::write(format!("{FOLDER}/all.txt"), all) {
        Ok(()) => println!("written"),
        Err(_) => eprintln!("all.txt cannot be written"),
    }
    Ok(())
}
