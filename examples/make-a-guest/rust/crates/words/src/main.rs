// [words]
use std::io::{self, Read};
use std::{env, fs, process};

fn main() {
    let mut text = String::new();
    let read = match env::args().nth(1) {
        Some(file) => fs::read_to_string(&file).map(|it| text = it),
        None => io::stdin().read_to_string(&mut text).map(|_| ()),
    };
    if let Err(error) = read {
        eprintln!("words: {error}");
        process::exit(1);
    }
    println!("{} words", text.split_whitespace().count());
}
// [end words]
