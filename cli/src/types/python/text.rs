//! Parts of a stub: imports, decorators and documentation.

use landbridge::{FuncDef, FuncRole};

/// The imports of a header whose names are used.
pub(super) fn needed(header: &str, body: &str) -> String {
    let is_used = |line: &&str| {
        line.split(' ')
            .next_back()
            .is_none_or(|name| body.contains(name))
    };
    let groups = header.split("\n\n").map(|group| {
        let lines: Vec<_> = group.lines().filter(is_used).collect();
        lines.join("\n")
    });
    let groups: Vec<_> = groups.filter(|group| !group.is_empty()).collect();
    groups.join("\n\n") + "\n"
}

/// What makes a function one that has `call_async`, too. A constructor has none, and `close` is that of all resources.
pub(super) fn decorators(indent: &str, is_static: bool, it: &FuncDef, own: &str) -> String {
    let alone = matches!(own, "close" | "closed" | "store") && it.resource().is_some();
    match it.role {
        FuncRole::Constructor(_) => String::new(),
        FuncRole::Method(_) if alone => String::new(),
        FuncRole::Method(_) => format!("{indent}@_method\n"),
        _ if is_static && alone => format!("{indent}@staticmethod\n"),
        _ if is_static => format!("{indent}@staticmethod\n{indent}@_func\n"),
        _ => format!("{indent}@_func\n"),
    }
}

/// A documentation text, if there is one.
pub(super) fn docs(indent: &str, docs: Option<&str>) -> String {
    let Some(docs) = docs else {
        return String::new();
    };
    let docs = docs.trim().replace('\\', "\\\\").replace('"', "\\\"");
    let docs = docs.replace('\n', &format!("\n{indent}"));
    format!("{indent}\"\"\"{docs}\"\"\"\n")
}
