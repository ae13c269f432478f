//! A call of a function of a component: arguments and result are texts in WAVE.

use landbridge::{Error, Instance, WitFuncType, WitType, WitValue, text};

use crate::failure::Failure;
use crate::wit::{label, parts};

/// The exit code if the function gives an `err`.
const ERR: i32 = 1;

/// How many types a hint defines.
const DEFINITIONS: usize = 8;

/// How many types are looked at for them: a guest's may be without end.
const LOOKED_AT: usize = 200;

/// What to print, and the exit code.
pub(crate) fn call(
    instance: &Instance,
    name: &str,
    words: &[String],
    as_strings: bool,
) -> Result<(String, i32), Failure> {
    let func = instance
        .wit_func(name)
        .map_err(|error| missing(error, name))?;
    let args = match as_strings {
        true => arguments(func.ty(), &quoted(func.ty(), words)),
        false => arguments(func.ty(), words),
    };
    let args = args.map_err(|error| {
        let hint = hint(func.ty(), name, words, as_strings);
        Failure::usage(error).hint(hint)
    })?;
    Ok(match func.call(&args)? {
        None => (String::new(), 0),
        Some(WitValue::String(it)) if as_strings => (it + "\n", 0),
        Some(value @ WitValue::Result(Err(_))) => (format!("{value}\n"), ERR),
        Some(value) => (format!("{value}\n"), 0),
    })
}

/// Some have learnt to write a call as one word.
fn missing(error: Error, name: &str) -> Failure {
    match name.split_once('(') {
        Some((name, _)) => Failure::from(error).hint(format!(
            "arguments are words of their own, behind the name: {} '\"Ada\"' 5",
            text::name(name)
        )),
        None => error.into(),
    }
}

fn arguments(ty: &WitFuncType, words: &[String]) -> Result<Vec<WitValue>, Error> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    ty.parse_args(&words)
}

/// The words, with quotes around those that are strings as they are.
fn quoted(ty: &WitFuncType, words: &[String]) -> Vec<String> {
    let words = words.iter().enumerate();
    words
        .map(|(i, word)| match is_string(ty, i) {
            true => WitValue::from(word.as_str()).to_text(),
            false => word.clone(),
        })
        .collect()
}

fn is_string(ty: &WitFuncType, param: usize) -> bool {
    ty.params
        .get(param)
        .is_some_and(|it| it.ty == WitType::String)
}

/// What to do about arguments that are wrong.
fn hint(ty: &WitFuncType, name: &str, words: &[String], as_strings: bool) -> String {
    let words = words.iter().enumerate();
    let mut bare =
        words.filter(|(i, word)| is_string(ty, *i) && !word.trim_start().starts_with('"'));
    match bare.next() {
        Some((_, word)) if !as_strings => format!(
            "the shell takes quotes away: write {}, or give --string",
            for_shell(word)
        ),
        _ => definitions(ty, name),
    }
}

/// How to write a string on a command line, unless it is long.
fn for_shell(word: &str) -> String {
    let word = if word.len() > 40 { "..." } else { word };
    let text = WitValue::from(word).to_text();
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The function, and the types that its parameters are made of.
fn definitions(ty: &WitFuncType, name: &str) -> String {
    let mut lines = vec![ty.signature(name)];
    let mut types: Vec<&WitType> = ty.params.iter().map(|it| &it.ty).collect();
    let mut at = 0;
    while at < types.len().min(LOOKED_AT) && lines.len() <= DEFINITIONS {
        let ty = types[at];
        at += 1;
        if label(ty).is_some_and(|it| it.name.is_some()) {
            let definition = ty.definition();
            if lines.contains(&definition) {
                continue;
            }
            lines.push(definition);
        }
        types.extend(parts(ty));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use landbridge::{Field, Label, Record};

    use super::*;

    fn record(name: &str, fields: &[(&str, WitType)]) -> WitType {
        let fields = fields.iter().map(|(name, ty)| field(name, ty)).collect();
        let name = Some(name.into());
        let label = Label {
            name,
            ..Label::default()
        };
        WitType::Record(Arc::new(Record { label, fields }))
    }

    fn field(name: &str, ty: &WitType) -> Field {
        let (name, ty, docs) = (name.into(), ty.clone(), None);
        Field { name, ty, docs }
    }

    fn func(params: &[(&str, WitType)]) -> WitFuncType {
        let params = params.iter().map(|(name, ty)| field(name, ty)).collect();
        let result = None;
        WitFuncType { params, result }
    }

    #[test]
    fn types_are_defined_once() {
        let point = record("point", &[("x", WitType::F64)]);
        let list = WitType::List(Arc::new(point.clone()));
        let line = record("line", &[("from", point), ("others", list)]);
        let text = definitions(&func(&[("it", line.clone()), ("too", line)]), "draw");
        let expected = "draw: func(it: line, too: line)\n\
            record line { %from: point, others: list<point> }\n\
            record point { x: f64 }";
        assert_eq!(text, expected);
    }

    #[test]
    fn types_without_end_are_looked_at_for_a_while() {
        let wide = (0..60).fold(WitType::U8, |of, _| WitType::Tuple([of.clone(), of].into()));
        let deep = (0..60).fold(wide, |of, i| {
            record(&format!("r{i}"), &[("a", of.clone()), ("b", of)])
        });
        let text = definitions(&func(&[("it", deep)]), "f");
        assert_eq!(text.lines().count(), 1 + DEFINITIONS);
    }

    #[test]
    fn a_string_is_shown_as_a_shell_wants_it() {
        assert_eq!(for_shell("Ada"), r#"'"Ada"'"#);
        assert_eq!(for_shell("it's \u{1b}"), r#"'"it'\''s \u{1b}"'"#);
        assert_eq!(for_shell(&"a".repeat(1000)), r#"'"..."'"#);
    }
}
