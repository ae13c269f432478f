//! The manual pages in `cli/man`, which are made of what the options say. `UPDATE_MAN=1 cargo test --release -p
//! landbridge-cli man` writes them.

use std::fs;
use std::path::PathBuf;

use clap::{Command, CommandFactory};

use crate::Cli;

/// The pages of a built command and of those below it, by the names of their files.
fn pages(command: &Command) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![page(command)];
    all.extend(command.get_subcommands().map(page));
    all
}

fn page(command: &Command) -> (String, Vec<u8>) {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut page = Vec::new();
    // Without the version, which would change each page with each release.
    let manual = clap_mangen::Man::new(command.clone()).source("Landbridge");
    manual.render(&mut page).expect("a page");
    (format!("{name}.1"), page)
}

#[test]
fn the_manual_says_what_the_options_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("man");
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    for (name, page) in pages(&command) {
        let file = folder.join(&name);
        if std::env::var_os("UPDATE_MAN").is_some() {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(&file, &page).expect("written");
        }
        let kept = fs::read(&file).unwrap_or_default();
        let told = "is not what the options say; run UPDATE_MAN=1 cargo test --release -p landbridge-cli man";
        assert!(kept == page, "{} {told}", file.display());
    }
}
