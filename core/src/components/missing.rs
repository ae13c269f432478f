//! Imports of a component that are missing: the first of them, how many there are, and what was probably meant.

use std::collections::{HashMap, HashSet};

use super::naming::{bare, fits};
use crate::missing::{LISTED, MEANT, meant, meant_within, message};
use crate::near::near;
use crate::{Error, ErrorKind, Imports, text};

#[derive(Default)]
pub(super) struct Missing(Vec<One>);

struct One {
    /// Empty for what the world asks for by itself.
    interface: Box<str>,
    name: Box<str>,
    /// What it should be.
    what: String,
    /// What was given in its place.
    given: Option<&'static str>,
}

/// Names as a component asks for them: those of each interface.
pub(super) type Asked<'a> = HashMap<&'a str, HashSet<&'a str>>;

/// A name with its interface, as messages tell it.
pub(super) fn full(interface: &str, name: &str) -> String {
    match interface {
        "" => text::name(name).into_owned(),
        _ => format!("{}#{}", text::name(interface), text::name(name)),
    }
}

impl Missing {
    pub(super) fn add(&mut self, interface: &str, name: &str, what: impl Into<String>) {
        self.put(interface, name, what.into(), None);
    }

    /// Something of another sort was given.
    pub(super) fn other(
        &mut self,
        interface: &str,
        name: &str,
        what: impl Into<String>,
        given: &'static str,
    ) {
        self.put(interface, name, what.into(), Some(given));
    }

    fn put(&mut self, interface: &str, name: &str, what: String, given: Option<&'static str>) {
        self.0.push(One {
            interface: interface.into(),
            name: name.into(),
            what,
            given,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error for what these imports do not have of all that the component asks for.
    #[cold]
    pub(super) fn error(&self, asked: &Asked<'_>, lent: &Imports) -> Error {
        let free = Free::new(asked, lent);
        let lines = self.0.iter().enumerate();
        let lines = lines.map(|(i, one)| one.line(i, &free));
        let mut message = message(self.0.len(), LISTED, lines);
        if self.0.iter().any(|it| it.interface.starts_with("wasi:")) {
            message.push_str(
                "\nwhat begins with wasi: is WASI 0.2, which Landbridge does not provide yet: build the component without it",
            );
        }
        Error::new(ErrorKind::Link, message)
    }
}

impl One {
    fn line(&self, index: usize, free: &Free<'_>) -> String {
        let why = match self.given {
            Some(given) => format!(" (a {given} was given)"),
            None if index < MEANT => free.said(&self.interface, &self.name),
            None => String::new(),
        };
        let what = &self.what;
        format!("{}: {what}{why}", full(&self.interface, &self.name))
    }
}

/// What was lent and is not asked for: it may have been meant for what is missing.
struct Free<'a> {
    items: Vec<(Option<&'a str>, &'a str)>,
    components: Vec<&'a str>,
}

impl<'a> Free<'a> {
    fn new(asked: &Asked<'_>, lent: &'a Imports) -> Free<'a> {
        let mut items: Vec<_> = lent.names().collect();
        items.sort_unstable();
        let of_one = items.chunk_by(|a, b| a.0 == b.0);
        let items = of_one.flat_map(|items| {
            let named = |it: &str| items[0].0.is_some_and(|given| fits(given, it).is_some());
            let names = asked.iter().filter(|(interface, _)| named(interface));
            let names: Vec<_> = names.map(|(_, names)| names).collect();
            let is_free = move |it: &&(_, &'a str)| !names.iter().any(|names| names.contains(it.1));
            items.iter().filter(is_free).copied()
        });
        let is_free = |it: &&str| !asked.keys().any(|asked| fits(it, asked).is_some());
        let mut components: Vec<_> = lent.component_names().filter(is_free).collect();
        components.sort_unstable();
        Free {
            items: items.collect(),
            components,
        }
    }

    /// What was probably meant for an import, in brackets behind it.
    fn said(&self, interface: &str, name: &str) -> String {
        let name = bare(name);
        match self.find(interface, name) {
            Some((Some(given), of)) => {
                let to = match fits(given, interface) {
                    Some(_) => full(given, name),
                    None if interface.is_empty() => {
                        format!("{}, with \"\" for the interface", text::name(name))
                    }
                    None => full(interface, name),
                };
                meant(&full(given, of), &to)
            }
            Some((None, of)) => meant_within(of, "an interface", interface),
            None => match near(interface, self.components.iter().copied()) {
                Some(given) => {
                    let given = format!("a component for {}", text::name(given));
                    meant(&given, &text::name(interface))
                }
                None => String::new(),
            },
        }
    }

    /// Something of a name that is near in the same interface, or of this name elsewhere.
    fn find(&self, interface: &str, name: &str) -> Option<(Option<&'a str>, &'a str)> {
        let is_here =
            |it: &&(Option<&str>, &str)| it.0.is_some_and(|it| fits(it, interface).is_some());
        let here = self.items.iter().filter(is_here);
        if let Some(found) = near(name, here.clone().map(|it| bare(it.1))) {
            return here.copied().find(|it| bare(it.1) == found);
        }
        let mut named = self.items.iter().filter(|it| bare(it.1) == name);
        named.next_back().copied()
    }
}
