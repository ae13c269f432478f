//! Imports that are missing: the first of them, how many there are, and what was probably meant.

use std::collections::HashSet;

use crate::built_for;
use crate::near::near;
use crate::wasi;
use crate::{Error, ErrorKind, ImportType, Imports, text};

/// The most imports that are told.
pub(crate) const LISTED: usize = 64;

/// The most that are told where one sentence says what all of them come from.
const LISTED_OF_KNOWN: usize = 3;

/// The most imports of which it is looked up what was meant.
pub(crate) const MEANT: usize = 8;

/// An import as it is told.
pub(crate) fn told(import: &ImportType) -> String {
    let (module, name) = (text::name(&import.module), text::name(&import.name));
    format!("{module}.{name}: {}", import.ty)
}

/// A message about so many imports that are missing, with a line for each of the first ones.
pub(crate) fn message(count: usize, most: usize, lines: impl Iterator<Item = String>) -> String {
    let noun = match count {
        1 => "1 import is".to_owned(),
        count => format!("{count} imports are"),
    };
    let lines = lines.take(most).map(|line| format!("\n    {line}"));
    let mut message = format!("{noun} missing:{}", lines.collect::<String>());
    if let more @ 1.. = count.saturating_sub(most) {
        message.push_str(&format!("\n    and {more} more"));
    }
    message
}

/// Behind a line: what was given by another name, and what was probably meant by it.
pub(crate) fn meant(given: &str, meant: &str) -> String {
    format!(" ({given} was given; did you mean {meant}?)")
}

/// The same for what stands beside its module or interface.
pub(crate) fn meant_within(name: &str, noun: &str, within: &str) -> String {
    let name = text::name(name);
    format!(
        " ({name} was given without {noun}; did you mean {{{:?}: {{{name:?}: ...}}}}?)",
        text::name(within)
    )
}

#[derive(Default)]
pub(crate) struct Missing<'a>(Vec<One<'a>>);

struct One<'a> {
    import: &'a ImportType,
    /// What was given in its place.
    given: Option<&'static str>,
}

impl<'a> Missing<'a> {
    pub(crate) fn add(&mut self, import: &'a ImportType) {
        self.0.push(One {
            import,
            given: None,
        });
    }

    /// Something of another sort was given.
    pub(crate) fn other(&mut self, import: &'a ImportType, given: &'static str) {
        let given = Some(given);
        self.0.push(One { import, given });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error for what these imports do not have of all that the module asks for.
    #[cold]
    pub(crate) fn error(&self, all: &[ImportType], lent: &Imports) -> Error {
        let absent = self.0.iter().filter(|one| one.given.is_none());
        let said = built_for::said(absent.map(|one| one.import));
        let most = if said.is_some() {
            LISTED_OF_KNOWN
        } else {
            LISTED
        };
        let meant = Meant::new(all, lent);
        let lines = self.0.iter().enumerate();
        let lines = lines.map(|(i, one)| format!("{}{}", told(one.import), one.why(i, &meant)));
        let mut message = message(self.0.len(), most, lines);
        if let Some(said) = said {
            message.push_str(&format!("\n{said}"));
        }
        Error::new(ErrorKind::Link, message)
    }
}

impl One<'_> {
    fn why(&self, index: usize, meant: &Meant<'_>) -> String {
        match self.given {
            Some(given) => format!(" (a {given} was given)"),
            None if index < MEANT => meant.said(self.import),
            None => String::new(),
        }
    }
}

/// What was lent and is not asked for: it may have been meant for what is missing.
struct Meant<'a>(Vec<(Option<&'a str>, &'a str)>);

impl<'a> Meant<'a> {
    fn new(all: &'a [ImportType], lent: &'a Imports) -> Meant<'a> {
        let asked = all
            .iter()
            .map(|it| (Some(it.module.as_str()), it.name.as_str()));
        let asked: HashSet<_> = asked.collect();
        let mut free: Vec<_> = lent.names().filter(|it| !asked.contains(it)).collect();
        free.sort_unstable();
        Meant(free)
    }

    /// What was probably meant for an import, in brackets behind it.
    fn said(&self, import: &ImportType) -> String {
        let (to, of) = (text::name(&import.module), text::name(&import.name));
        match self.find(import) {
            Some((Some(module), name)) => {
                let (module, name) = (text::name(module), text::name(name));
                meant(&format!("{module}.{name}"), &format!("{to}.{of}"))
            }
            Some((None, name)) => meant_within(name, "a module", &import.module),
            None if import.module == wasi::MODULE => {
                match near(&import.name, wasi::FUNCTIONS.iter().copied()) {
                    Some(known) => format!(" (did you mean {known}?)"),
                    None => String::new(),
                }
            }
            None if wasi::FUNCTIONS.contains(&import.name.as_str()) => {
                format!(
                    " (did you mean {}.{of}, which every store provides?)",
                    wasi::MODULE
                )
            }
            None => String::new(),
        }
    }

    /// Something of a name that is near in the same module, of this name in another one, or of this name
    /// without a module.
    fn find(&self, import: &ImportType) -> Option<(Option<&'a str>, &'a str)> {
        let module = Some(import.module.as_str());
        let here = self.0.iter().filter(|it| it.0 == module);
        if let Some(name) = near(&import.name, here.map(|it| it.1)) {
            return self
                .0
                .iter()
                .find(|it| it.0 == module && it.1 == name)
                .copied();
        }
        let named = |it: &&(Option<&str>, &str)| it.1 == import.name;
        let mut others = self.0.iter().filter(named);
        others.next_back().copied()
    }
}
