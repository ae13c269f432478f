//! Names of Rust in the spelling of WIT.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Error, Ident, Result};

use crate::attributes::Attributes;

/// The name of a field or a case: what its attribute says, or its own.
pub(crate) fn of_part(ident: &Ident, attributes: &[Attribute]) -> Result<String> {
    of(ident, &Attributes::of_part(attributes)?)
}

pub(crate) fn of(ident: &Ident, attributes: &Attributes) -> Result<String> {
    if let Some(name) = &attributes.name {
        return Ok(name.value());
    }
    let name = kebab(&ident.unraw().to_string());
    match is_name(&name) {
        true => Ok(name),
        false => Err(Error::new(ident.span(), no_name(&name))),
    }
}

/// Checks that names differ, which WIT demands without regard to the case of letters.
pub(crate) fn check_differ<'n>(names: impl IntoIterator<Item = (&'n String, Span)>) -> Result<()> {
    let mut known = Vec::new();
    for (name, span) in names {
        let small = name.to_ascii_lowercase();
        if known.contains(&small) {
            return Err(Error::new(span, format!("two are called `{name}` in WIT")));
        }
        known.push(small);
    }
    Ok(())
}

/// Words with `-` between them: `max_size`, `MaxSize` and `MAX_SIZE` are `max-size`, `HTTPError` is `http-error`.
pub(crate) fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::new();
    // Whether the last letter of this word is a large one; none at its start.
    let mut large: Option<bool> = None;
    for (i, c) in letters.iter().copied().enumerate() {
        if c == '_' {
            large = None;
            continue;
        }
        let is_next_small = letters.get(i + 1).is_some_and(|it| it.is_lowercase());
        let is_new = match large {
            None => true,
            Some(large) => c.is_uppercase() && (!large || is_next_small),
        };
        if is_new && !words.is_empty() {
            words.push('-');
        }
        words.extend(c.to_lowercase());
        large = match c.is_alphabetic() {
            true => Some(c.is_uppercase()),
            false => Some(large.unwrap_or(false)),
        };
    }
    words
}

/// Whether WIT takes a name.
pub(crate) fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        let small = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let large = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
        !word.is_empty() && (word.bytes().all(small) || word.bytes().all(large))
    };
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.split('-').all(is_word)
}

pub(crate) fn no_name(name: &str) -> String {
    format!(
        "`{name}` is no name of WIT, which are letters and digits with `-` between words, as in `max-size`: say one \
         with #[wit(name = \"...\")]"
    )
}
