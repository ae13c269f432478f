//! `landbridge.json`: what the header declares, for programs that make a binding of it. What C does not say is read
//! from the comments, so they say it in a few fixed ways: "NAME (or NULL)", "A and B may be NULL", "Errors: ...",
//! "else as lb_...()", "The same ...".

use std::collections::{BTreeMap, BTreeSet};

use crate::declared::{Declared, MemberType, Place, Signature, What};
use crate::json::Json;

/// A section of the header: its name and title, and what it declares.
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) all: Vec<Declared>,
}

const ABOUT: &str =
    "What landbridge.h declares, written from the same text. See docs/contributing/host.md.";

/// What any function may fail with that gives an lb_error_t.
const EVERYWHERE: [&str; 3] = ["LB_KIND_TYPE", "LB_KIND_CLOSED", "LB_KIND_INTERNAL"];

pub(crate) fn describe(sections: &[Section], version: &str) -> Json {
    let facts = Facts::of(sections);
    let (mut functions, mut types, mut enums, mut constants) = (vec![], vec![], vec![], vec![]);
    let mut before = None;
    for section in sections {
        for it in &section.all {
            let mut out = vec![
                ("name", Json::text(&it.name)),
                ("section", Json::text(section.name)),
            ];
            let list = match &it.what {
                What::Function(signature) => {
                    let function = Function {
                        it,
                        signature,
                        before,
                    };
                    before = Some(it);
                    out.extend(function.describe(&facts));
                    &mut functions
                }
                What::Enum(values) => {
                    out.push(("values", Json::List(values.iter().map(value).collect())));
                    &mut enums
                }
                What::Constant(_) if facts.is_initialiser(&it.name) => continue,
                What::Constant(text) => {
                    out.push(("value", text.parse().map_or(Json::text(text), Json::Number)));
                    &mut constants
                }
                _ => {
                    out.extend(facts.describe(it));
                    &mut types
                }
            };
            out.extend(doc(&it.doc));
            list.push(Json::Object(out));
        }
    }
    let section = |it: &Section| {
        Json::Object(vec![
            ("name", Json::text(it.name)),
            ("title", Json::text(&it.title)),
        ])
    };
    Json::Object(vec![
        ("about", Json::text(ABOUT)),
        ("version", Json::text(version)),
        (
            "errors_everywhere",
            Json::texts(&EVERYWHERE.map(str::to_owned)),
        ),
        (
            "sections",
            Json::List(sections.iter().map(section).collect()),
        ),
        ("enums", Json::List(enums)),
        ("constants", Json::List(constants)),
        ("types", Json::List(types)),
        ("functions", Json::List(functions)),
    ])
}

fn doc(text: &str) -> Option<(&'static str, Json)> {
    (!text.is_empty()).then(|| ("doc", Json::text(text)))
}

fn value((name, number, text): &(String, i64, String)) -> Json {
    let mut out = vec![
        ("name", Json::text(name)),
        ("number", Json::Number(*number)),
    ];
    out.extend(doc(text));
    Json::Object(out)
}

/// What is to be known of all declarations.
struct Facts<'a> {
    functions: BTreeMap<&'a str, &'a Declared>,
    /// What releases a value of a type.
    releases: BTreeMap<&'a str, String>,
    handles: BTreeSet<&'a str>,
    /// Structs that begin with their size.
    versioned: BTreeSet<&'a str>,
    callbacks: BTreeSet<&'a str>,
    /// By the struct: the macro that a program begins with, and the members as it has them.
    initialisers: BTreeMap<&'a str, (&'a str, Vec<String>)>,
}

impl<'a> Facts<'a> {
    fn of(sections: &'a [Section]) -> Facts<'a> {
        let all = || sections.iter().flat_map(|section| &section.all);
        let is = |it: &Declared, test: fn(&What) -> bool| test(&it.what);
        let named = |test: fn(&What) -> bool| {
            let found = all().filter(move |it| is(it, test));
            found
                .map(|it| (it.name.as_str(), it))
                .collect::<BTreeMap<_, _>>()
        };
        let functions = named(|it| matches!(it, What::Function(_)));
        let types = named(|it| matches!(it, What::Members(..) | What::Opaque));
        let release = |name: &&'a str| {
            let stem = name.trim_end_matches("_t");
            let names = ["release", "free"].map(|verb| format!("{stem}_{verb}"));
            let found = names
                .into_iter()
                .find(|it| functions.contains_key(it.as_str()));
            found.map(|found| (*name, found))
        };
        let keys =
            |found: BTreeMap<&'a str, &'a Declared>| found.into_keys().collect::<BTreeSet<_>>();
        Facts {
            releases: types.keys().filter_map(release).collect(),
            handles: keys(named(
                |it| matches!(it, What::Members(_, members) if members.len() == 1 && members[0].name == "id"),
            )),
            versioned: keys(named(
                |it| matches!(it, What::Members(_, members) if members[0].name == "size"),
            )),
            callbacks: keys(named(|it| matches!(it, What::Callback(_)))),
            initialisers: all().filter_map(initialiser).collect(),
            functions,
        }
    }

    fn is_initialiser(&self, name: &str) -> bool {
        self.initialisers.values().any(|(it, _)| *it == name)
    }

    fn describe(&self, it: &Declared) -> Vec<(&'static str, Json)> {
        match &it.what {
            What::Members(sort, members) => {
                let is_handle = self.handles.contains(it.name.as_str());
                let mut out = vec![("sort", Json::text(if is_handle { "handle" } else { sort }))];
                let release = self.releases.get(it.name.as_str());
                out.extend(release.map(|release| ("release", Json::text(release))));
                let start = self.initialisers.get(it.name.as_str());
                out.extend(start.map(|(name, _)| ("initialiser", Json::text(*name))));
                let members = members.iter().enumerate().map(|(i, member)| {
                    let mut out = vec![("name", Json::text(&member.name))];
                    match &member.ty {
                        MemberType::Plain(ty) => out.push(("type", Json::text(ty))),
                        MemberType::Function(signature) => {
                            out.extend(self.callback(signature, &member.doc))
                        }
                    }
                    let start = start
                        .and_then(|(_, all)| all.get(i))
                        .filter(|it| !is_zero(it));
                    out.extend(start.map(|start| ("start", Json::text(start))));
                    out.extend(doc(&member.doc));
                    Json::Object(out)
                });
                out.push(("members", Json::List(members.collect())));
                out
            }
            What::Callback(signature) => {
                let mut out = vec![("sort", Json::text("callback"))];
                out.extend(self.callback(signature, &it.doc));
                out
            }
            What::Number(ty) => vec![("sort", Json::text("number")), ("type", Json::text(ty))],
            What::Opaque => {
                let mut out = vec![("sort", Json::text("opaque"))];
                let release = self.releases.get(it.name.as_str());
                out.extend(release.map(|release| ("release", Json::text(release))));
                out
            }
            _ => Vec::new(),
        }
    }

    /// A function of the program's: what it gives goes to the library, what it gets is lent to it.
    fn callback(&self, signature: &Signature, doc: &str) -> Vec<(&'static str, Json)> {
        let mut result = vec![("type", Json::text(&signature.result))];
        if signature.result.ends_with('*') {
            result.push(("owner", Json::text("library")));
            result.push(("nullable", Json::text("yes")));
        }
        let param = |(i, it): (usize, &Place)| {
            let next = signature.params.get(i + 1);
            let mut out = vec![("name", Json::text(&it.name)), ("type", Json::text(&it.ty))];
            let is_out =
                pointee(&it.ty).is_some_and(|inner| !["void", "lb_wit_context_t"].contains(&inner));
            out.push(("direction", Json::text(if is_out { "out" } else { "in" })));
            out.extend(count(it, next).map(|count| ("count", Json::text(count))));
            if it.ty.ends_with('*') && (it.name == "data" || it.ty.contains("lb_error_t"))
                || says_nullable(doc, &it.name)
            {
                out.push(("nullable", Json::text("yes")));
            }
            Json::Object(out)
        };
        let params = signature.params.iter().enumerate().map(param).collect();
        vec![
            ("result", Json::Object(result)),
            ("params", Json::List(params)),
        ]
    }
}

/// `#define LB_LIMITS { sizeof(lb_limits_t), 0 }`
fn initialiser(it: &Declared) -> Option<(&str, (&str, Vec<String>))> {
    let What::Constant(text) = &it.what else {
        return None;
    };
    let (ty, _) = text.strip_prefix("{ sizeof(")?.split_once(')')?;
    // The first one of a struct is its own; others, as of programs, are further values.
    let is_own = it.name.to_lowercase() + "_t" == ty;
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in text[1..text.len() - 1].chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            c => parts.last_mut().expect("there is one").push(c),
        }
    }
    let parts = parts.iter().map(|part| part.trim().to_owned()).collect();
    is_own.then_some((ty, (it.name.as_str(), parts)))
}

fn is_zero(start: &str) -> bool {
    matches!(start, "0" | "NULL" | "false" | "{ 0 }")
}

/// What a pointer leads to that may be written.
fn pointee(ty: &str) -> Option<&str> {
    let inner = ty.strip_suffix('*')?.trim_end();
    let is_const = match inner.ends_with('*') {
        true => false,
        false => inner.starts_with("const ") || inner.ends_with("const"),
    };
    (!is_const).then_some(inner)
}

/// The name of the parameter that says how many elements there are.
fn count<'a>(it: &Place, next: Option<&'a Place>) -> Option<&'a str> {
    let next = next.filter(|_| it.ty.ends_with('*'))?;
    let is_size = next.ty.trim_end_matches([' ', '*']) == "size_t";
    let is_count = ["count", "length", "size"].contains(&next.name.as_str());
    // One array, or where a lent array and its length go.
    let fits = !next.ty.ends_with('*') || it.ty.matches('*').count() > 1;
    (is_size && fits && (is_count || next.name == format!("n{}", it.name))).then_some(&next.name)
}

/// Whether a comment says that a parameter may be NULL.
fn says_nullable(doc: &str, name: &str) -> bool {
    let doc = doc.replace('\n', " ");
    let is_word = |text: &str| text.split([',', ' ']).any(|word| word == name);
    let listed = doc.match_indices("may be NULL").any(|(at, _)| {
        let start = doc[..at].rfind(['.', ';', ':']).map_or(0, |dot| dot + 1);
        is_word(&doc[start..at])
    });
    let marked = doc
        .match_indices(" (or NULL)")
        .any(|(at, _)| is_word(doc[..at].rsplit(' ').next().unwrap_or("")));
    listed || marked
}

struct Function<'a> {
    it: &'a Declared,
    signature: &'a Signature,
    /// The one that stands before it, which "The same" means.
    before: Option<&'a Declared>,
}

impl Function<'_> {
    fn describe(&self, facts: &Facts<'_>) -> Vec<(&'static str, Json)> {
        let (errors, errors_as, outcome_as) = self.errors();
        let params = self.signature.params.iter().enumerate();
        let params = params.map(|(i, it)| self.param(facts, i, it)).collect();
        let mut out = vec![
            ("result", self.result(facts)),
            ("params", Json::List(params)),
        ];
        for (name, list) in [
            ("errors", errors),
            ("errors_as", errors_as),
            ("outcome_as", outcome_as),
        ] {
            let list: Vec<_> = list.into_iter().collect();
            out.extend((!list.is_empty()).then(|| (name, Json::texts(&list))));
        }
        out
    }

    fn result(&self, facts: &Facts<'_>) -> Json {
        let (ty, doc) = (&self.signature.result, &self.it.doc);
        let mut out = vec![("type", Json::text(ty))];
        if let Some(inner) = ty.strip_suffix('*').map(str::trim_end) {
            let owner = match facts.releases.contains_key(inner) {
                true => "caller",
                false if doc.contains("Static") => "static",
                false => "library",
            };
            out.push(("owner", Json::text(owner)));
            if self.fails(facts) {
                out.push(("outcome", Json::text("yes")));
            }
            if self.fails(facts) || doc.contains(", or NULL") {
                out.push(("nullable", Json::text("yes")));
            }
        }
        Json::Object(out)
    }

    /// Whether the result says that it failed; of those that make errors it is what they give.
    fn fails(&self, facts: &Facts<'_>) -> bool {
        let mut params = self.signature.params.iter();
        let has_out = params.any(|it| self.direction(facts, it) == "out");
        self.signature.result.contains("lb_error_t")
            && (has_out || !self.it.name.starts_with("lb_error_"))
    }

    fn param(&self, facts: &Facts<'_>, index: usize, it: &Place) -> Json {
        let next = self.signature.params.get(index + 1);
        let mut out = vec![("name", Json::text(&it.name)), ("type", Json::text(&it.ty))];
        let direction = self.direction(facts, it);
        out.push(("direction", Json::text(direction)));
        out.extend(count(it, next).map(|count| ("count", Json::text(count))));
        out.extend(
            self.owner(facts, index, it, direction)
                .map(|owner| ("owner", Json::text(owner))),
        );
        out.extend(
            self.nullable(facts, it)
                .map(|nullable| ("nullable", Json::text(nullable))),
        );
        Json::Object(out)
    }

    fn direction(&self, facts: &Facts<'_>, it: &Place) -> &'static str {
        match pointee(&it.ty) {
            None | Some("lb_error_t" | "lb_wit_context_t") => "in",
            Some("lb_wit_reader_t") if it.name == "reader" && !self.it.name.ends_with("_begin") => {
                "inout"
            }
            Some("void") if it.name == "data" => "in",
            Some(inner) if facts.versioned.contains(inner) => "inout",
            Some(_) if self.it.name.ends_with("_release") => "inout",
            Some(_) => "out",
        }
    }

    /// Whose a thing is after the call: nothing is said of what is copied, or stays the caller's.
    fn owner(
        &self,
        facts: &Facts<'_>,
        index: usize,
        it: &Place,
        direction: &str,
    ) -> Option<&'static str> {
        let ends = |verb| index == 0 && self.it.name.ends_with(verb);
        let gives_up =
            (ends("_release") || ends("_close")) && !self.it.doc.contains("keeps the handle");
        let has_drop = self.signature.params.iter().any(|it| it.ty == "lb_drop_t");
        let is_dropped = has_drop && it.name == "data" && direction == "in";
        if gives_up || is_dropped || it.ty == "lb_error_t *" {
            return Some("library");
        }
        let inner = pointee(&it.ty).filter(|_| direction != "in")?;
        match facts.releases.contains_key(inner) {
            true => Some("caller"),
            false if inner.ends_with('*') || inner == "lb_func_type_t" => Some("library"),
            false => None,
        }
    }

    fn nullable(&self, facts: &Facts<'_>, it: &Place) -> Option<&'static str> {
        let inner = it
            .ty
            .strip_suffix('*')
            .map(|inner| inner.trim_end().trim_start_matches("const "));
        let is_optional = match inner {
            Some(inner) => {
                facts.handles.contains(inner) && it.ty.starts_with("const ")
                    || inner == "lb_error_t"
            }
            None if !facts.callbacks.contains(it.ty.as_str()) => return None,
            None => it.ty == "lb_drop_t",
        };
        let is_first = self
            .signature
            .params
            .first()
            .is_some_and(|first| first.name == it.name);
        if is_optional
            || it.name == "data" && inner == Some("void")
            || self.says_nullable(facts, &it.name)
            || is_first && self.it.doc.contains("NULL is ignored")
        {
            return Some("yes");
        }
        let at = self
            .signature
            .params
            .iter()
            .position(|other| other.name == it.name)?;
        let next = self.signature.params.get(at + 1)?;
        // An empty array, or a buffer of no bytes.
        (count(it, Some(next)).is_some() && !next.ty.ends_with('*')).then_some("empty")
    }

    fn says_nullable(&self, facts: &Facts<'_>, name: &str) -> bool {
        let base = self.base(facts).filter(|base| base.name != self.it.name);
        says_nullable(&self.it.doc, name) || base.is_some_and(|base| says_nullable(&base.doc, name))
    }

    /// The function whose comment holds for this one too.
    fn base<'a>(&'a self, facts: &Facts<'a>) -> Option<&'a Declared> {
        let doc = self.it.doc.replace('\n', " ");
        if let Some((_, rest)) = doc.split_once("lse as lb_") {
            let name = format!("lb_{}", rest.split('(').next()?);
            return facts.functions.get(name.as_str()).copied();
        }
        self.before.filter(|_| doc.starts_with("The same"))
    }

    /// Kinds that it names, functions whose kinds it has too, and those whose kinds its outcome may have.
    fn errors(&self) -> (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) {
        let doc = self.it.doc.replace('\n', " ");
        let Some((head, errors)) = doc.split_once("Errors:") else {
            let as_before = self.before.filter(|_| doc.starts_with("The same"));
            let mut named = functions_in(&doc, "lse as ");
            named.extend(as_before.map(|it| it.name.clone()));
            return (BTreeSet::new(), named, BTreeSet::new());
        };
        let (own, outcome) = errors
            .split_once("All else is the outcome")
            .unwrap_or((errors, ""));
        let mut named = functions_in(own, "as ");
        named.extend(functions_in(head, "lse as "));
        (kinds_in(own), named, functions_in(outcome, "as "))
    }
}

fn kinds_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with("LB_KIND_"))
        .map(str::to_owned)
        .collect()
}

/// The functions in a list that begins with `before`: "as lb_a() and lb_b()".
fn functions_in(text: &str, before: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(before) {
        let list = text[at + before.len()..].trim_start_matches("of ");
        let words = list
            .split([' ', ','])
            .take_while(|word| word.starts_with("lb_") || ["and", ""].contains(word));
        let names = words.filter_map(|word| Some(word.split_once("()")?.0.to_owned()));
        found.extend(names);
    }
    found
}
