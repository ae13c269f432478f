//! Compares the enumerators of the C++ header with the numbers of landbridge.h, and those with the core's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn include() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("include")
}

fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The constant that each enumerator stands for: lines such as `fuel = LB_KIND_FUEL,`, and such as
/// `KIND(FUEL, fuel, FuelExhausted)` in the table of kinds.
fn enumerators(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut is_enum = false;
    for line in header
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        is_enum = (is_enum || line.starts_with("enum class ")) && !line.starts_with("};");
        if let Some(kind) = line.strip_prefix("KIND(") {
            let mut parts = kind.split(", ");
            let number = parts.next().expect("a number");
            let name = parts.next().expect("a name");
            found.push((name.to_owned(), format!("LB_KIND_{number}")));
        } else if let (true, Some((name, rest))) = (is_enum, line.split_once(" = LB_")) {
            let constant = rest.split(',').next().expect("a constant");
            found.push((name.to_owned(), format!("LB_{constant}")));
        }
    }
    found
}

/// All enumerators, by the beginning of their constants' names.
fn groups() -> BTreeMap<String, BTreeSet<String>> {
    let folder = std::fs::read_dir(include().join("landbridge")).expect("the folder is there");
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in folder {
        let path = file.expect("the folder can be read").path();
        for (name, constant) in enumerators(&read(path)) {
            let group = constant.strip_suffix(&name.to_uppercase());
            let group = group.unwrap_or_else(|| panic!("{name} stands for {constant}"));
            groups.entry(group.to_owned()).or_default().insert(name);
        }
    }
    groups
}

/// The names of the constants of landbridge.h that begin so, in small letters.
fn constants(header: &str, group: &str) -> BTreeSet<String> {
    let words = header.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("#define ");
        line.split(' ').next()?.strip_prefix(group)
    });
    words.map(str::to_lowercase).collect()
}

#[test]
fn enumerators_of_cpp_are_the_constants_of_c() {
    let header = read(include().join("landbridge.h"));
    let groups = groups();
    for group in [
        "LB_KIND_",
        "LB_TRAP_",
        "LB_TYPE_",
        "LB_ACCESS_",
        "LB_RESET_",
    ] {
        assert_eq!(
            groups.get(group),
            Some(&constants(&header, group)),
            "{group}"
        );
    }
    assert_eq!(groups.len(), 5, "{:?}", groups.keys());
}

#[test]
fn enumerators_of_cpp_are_all_that_the_core_has() {
    let names = |all: &[&str]| {
        all.iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let kinds: Vec<_> = landbridge::ErrorKind::ALL
        .iter()
        .map(|it| it.name())
        .collect();
    let traps: Vec<_> = landbridge::TrapCode::ALL
        .iter()
        .map(|it| it.name())
        .collect();
    let types: Vec<_> = landbridge::Type::ALL.iter().map(|it| it.name()).collect();
    let groups = groups();
    assert_eq!(groups["LB_KIND_"], names(&kinds));
    assert_eq!(groups["LB_TRAP_"], names(&traps));
    assert_eq!(groups["LB_TYPE_"], names(&types));
}
