//! Names of WIT in Python's spelling.

use pyo3::prelude::*;

/// Words that no name may be.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

fn free(mut name: String) -> String {
    if KEYWORDS.contains(&&*name) {
        name.push('_');
    }
    name
}

/// `my_func` of `my-func`: functions, fields, parameters.
pub(crate) fn snake(name: &str) -> String {
    free(name.replace('-', "_").to_ascii_lowercase())
}

/// `MyType` of `my-type`: types, cases, resources.
pub(crate) fn camel(name: &str) -> String {
    let mut spelt = String::with_capacity(name.len());
    for word in name.split('-') {
        let (first, rest) = word.split_at(word.len().min(1));
        spelt.push_str(&first.to_ascii_uppercase());
        spelt.push_str(&rest.to_ascii_lowercase());
    }
    free(spelt)
}

/// `MY_NAME` of `my-name`: names of enums and flags.
pub(crate) fn upper(name: &str) -> String {
    name.replace('-', "_").to_ascii_uppercase()
}

/// `shapes` of `demo:app/shapes@1.2.0`.
pub(crate) fn short(interface: &str) -> &str {
    let path = interface
        .split_once('@')
        .map_or(interface, |(path, _)| path);
    path.rsplit('/').next().unwrap_or(path)
}

/// A name in one of the spellings.
#[pyfunction]
#[pyo3(name = "_spelt", signature = (name, how, /))]
pub(crate) fn spelt(name: &str, how: &str) -> String {
    match how {
        "camel" => camel(name),
        "upper" => upper(name),
        _ => snake(name),
    }
}
