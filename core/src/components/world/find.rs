//! Finds an exported function of a component by the name that a program gives.

use std::sync::Arc;

use super::{Found, FuncDef, Interface, World, WorldItem};
use crate::components::naming::{fits, split};
use crate::near::did_you_mean;
use crate::{Error, ErrorKind, Result, text};

/// So many names are told.
const MOST_NAMES: usize = 20;

/// Names are not made shorter among more exports: each is compared with all others.
const MOST_SHORT: usize = 100;

impl World {
    /// Finds an exported function by its name.
    ///
    /// - `hello`: a function of the world.
    /// - `demo:app/shapes@1.2.0#area`: a function of an interface, by the interface's full name.
    /// - `demo:app/shapes@1.2#area`, `demo:app/shapes#area`, `shapes#area`: short names, if they mean only one interface. `@1.2`
    ///   finds 1.2.3 and, where there is no 1.2, any version that is compatible with it, such as 1.3.0.
    /// - `shapes#[method]canvas.draw` or `shapes#canvas.draw`: a method or a static function of a resource;
    ///   `shapes#[constructor]canvas` or `shapes#canvas`: its constructor.
    ///
    /// # Errors
    /// `not_found`, with the names that there are and the one that was probably meant, or with all that a short name could mean.
    pub fn find(&self, name: &str) -> Result<Found> {
        let Some((interface, func)) = name.rsplit_once('#') else {
            return self.of_world(name);
        };
        let interface = self.interface(interface)?;
        let found = pick(interface.funcs.iter(), func);
        let found = found.ok_or_else(|| missing_in(interface, func))?;
        Ok(Found::of(Some(interface.name.clone()), found))
    }

    fn of_world(&self, name: &str) -> Result<Found> {
        let funcs = self.exports.iter().filter_map(|item| match item {
            WorldItem::Func(func) => Some(func),
            _ => None,
        });
        match pick(funcs, name) {
            Some(func) => Ok(Found::of(None, func)),
            None => Err(self.missing(name)),
        }
    }

    /// The exported interface of a name that may be short.
    fn interface(&self, name: &str) -> Result<&Interface> {
        if let Some(exact) = self.exported().find(|it| *it.name == *name) {
            return Ok(exact);
        }
        let ranked = self
            .exported()
            .filter_map(|it| Some((fits(name, &it.name)?, it)));
        let ranked: Vec<_> = ranked.collect();
        let best = ranked.iter().map(|(rank, _)| *rank).min();
        let found = ranked.iter().filter(|(rank, _)| Some(*rank) == best);
        let found: Vec<_> = found.map(|(_, it)| *it).collect();
        match &found[..] {
            [one] => Ok(one),
            [] => Err(self.no_interface(name)),
            many => {
                let names = many.iter().map(|it| text::name(&it.name));
                Err(Error::new(
                    ErrorKind::NotFound,
                    format!(
                        "{} may be any of {}; write the name in full",
                        text::quoted(name),
                        text::listed(names, MOST_NAMES, ", ")
                    ),
                ))
            }
        }
    }

    #[cold]
    fn no_interface(&self, name: &str) -> Error {
        if self.imported().any(|it| fits(name, &it.name).is_some()) {
            let text = format!(
                "the interface {} is one that the component imports: its host provides it, and it cannot be called here",
                text::quoted(name)
            );
            return Error::new(ErrorKind::NotFound, text);
        }
        let all: Vec<_> = self.exported().map(|it| &*it.name).collect();
        let meant = did_you_mean(name, all.iter().flat_map(|it| [*it, short(it)]));
        let there = match all.len() {
            0 => "it exports none".to_owned(),
            _ => {
                let names = all.iter().map(|it| text::name(it));
                format!("there is {}", text::listed(names, MOST_NAMES, ", "))
            }
        };
        let name = text::quoted(name);
        let text = format!("the component exports no interface {name}; {there}{meant}");
        Error::new(ErrorKind::NotFound, text)
    }

    #[cold]
    fn missing(&self, name: &str) -> Error {
        let refuse = |text: String| Error::new(ErrorKind::NotFound, text);
        let quoted = text::quoted(name);
        if let Ok(interface) = self.interface(name) {
            let first = interface.funcs.first().map_or("name", |it| it.bare_name());
            return refuse(format!(
                "{quoted} is an interface; name one of its functions, as in \"{}#{}\"",
                text::name(name),
                text::name(first)
            ));
        }
        let all: Vec<String> = self.func_names().collect();
        let there = match all.len() {
            0 => "nothing".to_owned(),
            _ => text::listed(all.iter().map(|it| text::name(it)), MOST_NAMES, ", "),
        };
        // A function that is in an interface is found by its own name here, to be named with it.
        let inside = all.iter().find(|it| it.rsplit('#').next() == Some(name));
        let meant = match inside {
            Some(full) => format!("; did you mean {}?", text::quoted(full)),
            None => did_you_mean(name, all.iter().map(String::as_str)),
        };
        refuse(format!(
            "no function is named {quoted}; there is {there}{meant}"
        ))
    }

    /// The names of all exported functions, as short as they may be given.
    pub fn func_names(&self) -> impl Iterator<Item = String> {
        self.exports.iter().flat_map(|item| match item {
            WorldItem::Func(func) => vec![func.bare_name().to_owned()],
            WorldItem::Interface(interface) => {
                let short = self.shortest(interface);
                let names = interface.funcs.iter();
                names
                    .map(|it| format!("{short}#{}", it.bare_name()))
                    .collect()
            }
            _ => Vec::new(),
        })
    }

    /// A name that means this exported interface and no other.
    fn shortest<'a>(&self, interface: &'a Interface) -> &'a str {
        let full = &*interface.name;
        if self.exports.len() > MOST_SHORT {
            return full;
        }
        let names = [short(full), split(full).0];
        let is_one = |name: &&str| self.interface(name).is_ok_and(|it| *it.name == *full);
        names.into_iter().find(is_one).unwrap_or(full)
    }
}

impl Found {
    fn of(interface: Option<Arc<str>>, func: &FuncDef) -> Found {
        Found {
            interface,
            name: func.name.clone(),
            ty: func.ty.clone(),
        }
    }
}

/// By its whole name, or without what it is to a resource.
fn pick<'a>(funcs: impl Iterator<Item = &'a FuncDef> + Clone, name: &str) -> Option<&'a FuncDef> {
    let exact = funcs.clone().find(|it| *it.name == *name);
    exact.or_else(|| funcs.clone().find(|it| it.bare_name() == name))
}

#[cold]
fn missing_in(interface: &Interface, name: &str) -> Error {
    let all = interface.funcs.iter().map(FuncDef::bare_name);
    let meant = did_you_mean(name, all.clone());
    let there = match all.len() {
        0 => "nothing".to_owned(),
        _ => text::listed(all.map(text::name), MOST_NAMES, ", "),
    };
    let (of, name) = (text::name(&interface.name), text::quoted(name));
    let text = format!("the interface {of} has no function {name}; there is {there}{meant}");
    Error::new(ErrorKind::NotFound, text)
}

/// `shapes` of `demo:app/shapes@1.2.0`.
fn short(name: &str) -> &str {
    let name = split(name).0;
    name.rsplit('/').next().unwrap_or(name)
}
