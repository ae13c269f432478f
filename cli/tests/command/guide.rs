//! What the guide shows of the command: each block of a console is typed as it stands, and must print what stands below.

use std::path::Path;
use std::process::Command;

use crate::scratch::Scratch;

const COMPONENTS: &str = include_str!("../../../docs/guide/components.md");

/// The guests of the guide, as the files that it names.
fn guests() -> Scratch {
    let guests = Scratch::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/guide");
    for name in ["greet", "paint", "dealer"] {
        let text = std::fs::read_to_string(format!("{folder}/{name}.wat")).expect("a guest");
        guests.write(&format!("{name}.wasm"), &text);
    }
    guests
}

/// The lines that are typed, and what is printed after each.
fn typed(block: &str) -> impl Iterator<Item = (&str, &str)> {
    let typed = block.split("$ ").skip(1);
    typed.map(|it| it.split_once('\n').expect("a line"))
}

fn printed(folder: &Path, line: &str) -> String {
    let command = Path::new(env!("CARGO_BIN_EXE_landbridge"));
    let mut path = command.parent().expect("a folder").as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{{ {line} ; }} 2>&1")]);
    let ran = shell.current_dir(folder).env("PATH", path).output();
    String::from_utf8(ran.expect("a shell").stdout).expect("text")
}

#[test]
#[cfg(unix)]
fn what_is_typed_prints_what_stands_there() {
    let guests = guests();
    let blocks = COMPONENTS.split("```console\n").skip(1);
    let mut count = 0;
    for block in blocks {
        let (block, _) = block.split_once("```").expect("the end of a block");
        for (line, expected) in typed(block) {
            assert_eq!(printed(guests.path(), line), expected, "{line}");
            count += 1;
        }
    }
    assert!(count >= 5, "{count} lines");
}
