//! JSON as a person reads it: what fits into a line is in one.

use std::fmt::Write;

pub(crate) enum Json {
    Text(String),
    Number(i64),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

/// What a line may have.
const LINE: usize = 120;

impl Json {
    pub(crate) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    pub(crate) fn texts(all: &[String]) -> Json {
        Json::List(all.iter().map(Json::text).collect())
    }

    /// The value of a member; an empty text if there is none.
    pub(crate) fn get(&self, name: &str) -> &Json {
        const NONE: &Json = &Json::List(Vec::new());
        let Json::Object(members) = self else {
            return NONE;
        };
        let found = members.iter().find(|(key, _)| *key == name);
        found.map_or(NONE, |(_, value)| value)
    }

    pub(crate) fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn as_text(&self) -> &str {
        match self {
            Json::Text(text) => text,
            _ => "",
        }
    }

    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out + "\n"
    }

    fn write(&self, indent: usize, out: &mut String) {
        let line = self.line();
        let is_leaf = !matches!(self, Json::List(_) | Json::Object(_));
        if is_leaf || indent + line.len() <= LINE {
            return *out += &line;
        }
        let (open, close, parts): (_, _, Vec<(String, &Json)>) = match self {
            Json::Object(members) => {
                let named = members
                    .iter()
                    .map(|(name, value)| (format!("{}: ", quoted(name)), value));
                ('{', '}', named.collect())
            }
            Json::List(items) => ('[', ']', items.iter().map(|v| (String::new(), v)).collect()),
            _ => unreachable!("a leaf is a line"),
        };
        out.push(open);
        for (i, (name, value)) in parts.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(out, "{comma}\n{:width$}{name}", "", width = indent + 2)
                .expect("a String takes all");
            value.write(indent + 2, out);
        }
        write!(out, "\n{:indent$}{close}", "").expect("a String takes all");
    }

    fn line(&self) -> String {
        match self {
            Json::Text(text) => quoted(text),
            Json::Number(number) => number.to_string(),
            Json::List(items) => {
                let items: Vec<_> = items.iter().map(Json::line).collect();
                format!("[{}]", items.join(", "))
            }
            Json::Object(members) => {
                let member =
                    |(name, value): &(&str, Json)| format!("{}: {}", quoted(name), value.line());
                let members: Vec<_> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}
