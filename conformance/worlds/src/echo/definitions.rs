//! Definitions of types, as the text format wants them.

use std::fmt::Write;

use crate::{Type, World};

/// Where they stand. What has a name is told there in the way of that place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// In a component that tells nobody.
    Plain,
    /// In the type of an imported instance.
    Instance,
    Imported,
    Exported,
}

pub(super) struct Definitions {
    pub(super) text: String,
    /// Of types with names, in the order of their definition.
    pub(super) names: Vec<String>,
    place: Place,
    /// In front of identifiers, so that those of two places are apart.
    prefix: &'static str,
    count: usize,
}

impl Definitions {
    pub(super) fn new(place: Place, prefix: &'static str) -> Definitions {
        Definitions {
            text: String::new(),
            names: Vec::new(),
            place,
            prefix,
            count: 0,
        }
    }

    /// Parameters and result of the world's function.
    pub(super) fn signature(&mut self, world: &World) -> String {
        let params = world.params.iter();
        let params: Vec<_> = params
            .map(|(name, ty)| format!("(param \"{name}\" {})", self.of(ty)))
            .collect();
        let result = world
            .result()
            .map(|ty| format!(" (result {})", self.of(&ty)));
        params.join(" ") + &result.unwrap_or_default()
    }

    /// How a type is spelled, once what it needs is defined.
    fn of(&mut self, ty: &Type) -> String {
        let (name, body) = match ty {
            Type::Record(name, fields) => {
                if let Some(known) = self.known(name) {
                    return known;
                }
                let fields = fields
                    .iter()
                    .map(|(name, ty)| format!(" (field \"{name}\" {})", self.of(ty)));
                (name, format!("record{}", fields.collect::<String>()))
            }
            Type::Variant(name, cases) => {
                if let Some(known) = self.known(name) {
                    return known;
                }
                let cases = cases.iter().map(|(name, ty)| match ty {
                    Some(ty) => format!(" (case \"{name}\" {})", self.of(ty)),
                    None => format!(" (case \"{name}\")"),
                });
                (name, format!("variant{}", cases.collect::<String>()))
            }
            Type::Enum(name, names) => (name, format!("enum{}", quoted(names))),
            Type::Flags(name, names) => (name, format!("flags{}", quoted(names))),
            _ => return self.without_name(ty),
        };
        match self.known(name) {
            Some(known) => known,
            None => self.named(name, &body),
        }
    }

    fn known(&self, name: &String) -> Option<String> {
        let known = self.names.contains(name);
        known.then(|| format!("${}{name}", self.prefix))
    }

    fn named(&mut self, name: &str, body: &str) -> String {
        let p = self.prefix;
        match self.place {
            Place::Plain => writeln!(self.text, "    (type ${p}{name} ({body}))"),
            Place::Instance => writeln!(
                self.text,
                "    (type ${p}r-{name} ({body}))\n    (export \"{name}\" (type ${p}{name} (eq ${p}r-{name})))"
            ),
            Place::Imported => writeln!(
                self.text,
                "    (type ${p}r-{name} ({body}))\n    (import \"{name}\" (type ${p}{name} (eq ${p}r-{name})))"
            ),
            Place::Exported => writeln!(
                self.text,
                "    (type ${p}r-{name} ({body}))\n    (export ${p}{name} \"{name}\" (type ${p}r-{name}))"
            ),
        }
        .expect("text");
        self.names.push(name.to_owned());
        format!("${p}{name}")
    }

    fn without_name(&mut self, ty: &Type) -> String {
        let body = match ty {
            Type::List(of) => format!("list {}", self.of(of)),
            Type::Option(of) => format!("option {}", self.of(of)),
            Type::Tuple(of) => {
                let of = of.iter().map(|it| format!(" {}", self.of(it)));
                format!("tuple{}", of.collect::<String>())
            }
            Type::Result(ok, err) => {
                let ok = ok.as_ref().map(|it| format!(" {}", self.of(it)));
                let err = err.as_ref().map(|it| format!(" (error {})", self.of(it)));
                format!(
                    "result{}{}",
                    ok.unwrap_or_default(),
                    err.unwrap_or_default()
                )
            }
            scalar => return format!("{scalar:?}").to_lowercase(),
        };
        let id = format!("${}u{}", self.prefix, self.count);
        self.count += 1;
        writeln!(self.text, "    (type {id} ({body}))").expect("text");
        id
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|it| format!(" \"{it}\"")).collect()
}
