//! What a module asks of WASI, in words.

use landbridge::{ExternType, ImportType};

/// The name that modules import WASI preview 1 by.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// Something that WASI can be asked for: its word, and how the names of its functions begin.
type Wish = (&'static str, &'static str, &'static [&'static str]);

/// Each with what grants it.
const WISHES: &[Wish] = &[
    ("files", "--dir", &["path_", "fd_prestat", "fd_readdir"]),
    ("standard streams or open files", "given", &["fd_"]),
    ("arguments", "given", &["args_"]),
    ("environment", "--env", &["environ_"]),
    ("clock", "--clock", &["clock_"]),
    ("random numbers", "--random", &["random_"]),
    ("waiting", "given", &["poll_"]),
    ("ending itself with an exit code", "given", &["proc_exit"]),
    ("signals", "never granted", &["proc_raise"]),
    ("giving up its turn", "given", &["sched_"]),
    ("sockets", "never granted", &["sock_"]),
];

/// A wish of a module.
pub(crate) struct Asked<'a> {
    /// What is asked for.
    pub(crate) what: &'static str,
    /// The option that grants it, or a word that says how it is.
    pub(crate) grant: &'static str,
    /// The functions it is asked for by.
    pub(crate) functions: Vec<&'a str>,
}

/// What a module asks for, in the order of the table.
pub(crate) fn asked(imports: &[ImportType]) -> Vec<Asked<'_>> {
    let wishes = WISHES
        .iter()
        .enumerate()
        .map(|(i, (what, grant, _))| Asked {
            what,
            grant,
            functions: names(imports)
                .filter(|name| wish(name) == Some(i))
                .collect(),
        });
    wishes.filter(|asked| !asked.functions.is_empty()).collect()
}

fn names(imports: &[ImportType]) -> impl Iterator<Item = &str> {
    let wasi = imports.iter().filter(|import| import.module == MODULE);
    wasi.map(|import| import.name.as_str())
}

/// The first wish that a function is for.
fn wish(name: &str) -> Option<usize> {
    let is_it = |(_, _, starts): &Wish| starts.iter().any(|start| name.starts_with(start));
    WISHES.iter().position(is_it)
}

/// What sort of module it is: a program is run, a reactor and a library are called.
pub(crate) fn role(exports: &[(String, ExternType)]) -> &'static str {
    let has = |wanted: &str| exports.iter().any(|(name, _)| name == wanted);
    match (has("_start"), has("_initialize")) {
        (true, _) => "program",
        (_, true) => "reactor",
        _ => "library",
    }
}
