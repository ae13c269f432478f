//! Values as text.

use std::fmt::{Display, Formatter, Result, Write};

use super::KEYWORDS;
use crate::components::resource::Resource;
use crate::components::value::{NumberList, WitValue};
use crate::text;

/// As WAVE has it.
impl Display for WitValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            WitValue::Bool(it) => write!(f, "{it}"),
            WitValue::S8(it) => write!(f, "{it}"),
            WitValue::U8(it) => write!(f, "{it}"),
            WitValue::S16(it) => write!(f, "{it}"),
            WitValue::U16(it) => write!(f, "{it}"),
            WitValue::S32(it) => write!(f, "{it}"),
            WitValue::U32(it) => write!(f, "{it}"),
            WitValue::S64(it) => write!(f, "{it}"),
            WitValue::U64(it) => write!(f, "{it}"),
            WitValue::F32(it) => float(f, it, it.is_nan()),
            WitValue::F64(it) => float(f, it, it.is_nan()),
            WitValue::Char(it) => quoted(f, '\'', [*it]),
            WitValue::String(it) => quoted(f, '"', it.chars()),
            WitValue::List(items) => within(f, ['[', ']'], items, |it, f| write!(f, "{it}")),
            WitValue::Numbers(numbers) => list(f, numbers),
            WitValue::Record(fields) => record(f, fields),
            WitValue::Tuple(items) => within(f, ['(', ')'], items, |it, f| write!(f, "{it}")),
            WitValue::Variant(name, value) => {
                case(f, name)?;
                payload(f, value)
            }
            WitValue::Enum(name) => case(f, name),
            WitValue::Flags(names) => within(f, ['{', '}'], names, |it, f| f.write_str(it)),
            WitValue::Option(None) => f.write_str("none"),
            WitValue::Option(some) => {
                f.write_str("some")?;
                payload(f, some)
            }
            WitValue::Result(Ok(value)) => {
                f.write_str("ok")?;
                payload(f, value)
            }
            WitValue::Result(Err(value)) => {
                f.write_str("err")?;
                payload(f, value)
            }
            WitValue::Resource(it) => resource(f, it),
        }
    }
}

/// The shortest digits that are read back as the same number.
fn float(f: &mut Formatter<'_>, number: &impl std::fmt::Debug, is_nan: bool) -> Result {
    match is_nan {
        true => f.write_str("nan"),
        false => write!(f, "{number:?}"),
    }
}

/// What could end the quotes or steer a terminal is written as an escape.
fn quoted(f: &mut Formatter<'_>, quote: char, chars: impl IntoIterator<Item = char>) -> Result {
    f.write_char(quote)?;
    for c in chars {
        match c {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            c if c == quote => write!(f, "\\{c}")?,
            c if text::steers(c) => write!(f, "{}", c.escape_unicode())?,
            c => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}

fn list(f: &mut Formatter<'_>, numbers: &NumberList) -> Result {
    fn put<T: Display>(f: &mut Formatter<'_>, numbers: &[T]) -> Result {
        within(f, ['[', ']'], numbers, |it, f| write!(f, "{it}"))
    }
    match numbers {
        NumberList::S8(all) => put(f, all),
        NumberList::U8(all) => put(f, all),
        NumberList::S16(all) => put(f, all),
        NumberList::U16(all) => put(f, all),
        NumberList::S32(all) => put(f, all),
        NumberList::U32(all) => put(f, all),
        NumberList::S64(all) => put(f, all),
        NumberList::U64(all) => put(f, all),
        NumberList::F32(all) => within(f, ['[', ']'], all, |it, f| float(f, it, it.is_nan())),
        NumberList::F64(all) => within(f, ['[', ']'], all, |it, f| float(f, it, it.is_nan())),
    }
}

/// Fields that hold `none` are left out, as readers of WAVE have it.
fn record(f: &mut Formatter<'_>, fields: &[(std::sync::Arc<str>, WitValue)]) -> Result {
    let told = fields.iter();
    let mut told = told
        .filter(|it| !matches!(it.1, WitValue::Option(None)))
        .peekable();
    match told.peek() {
        Some(_) => within(f, ['{', '}'], told, |it, f| write!(f, "{}: {}", it.0, it.1)),
        None => f.write_str("{:}"),
    }
}

fn case(f: &mut Formatter<'_>, name: &str) -> Result {
    f.write_str(if KEYWORDS.contains(&name) { "%" } else { "" })?;
    f.write_str(name)
}

fn payload(f: &mut Formatter<'_>, value: &Option<Box<WitValue>>) -> Result {
    match value {
        Some(value) => write!(f, "({value})"),
        None => Ok(()),
    }
}

/// Told, but not to be read back.
fn resource(f: &mut Formatter<'_>, resource: &Resource) -> Result {
    let Resource::Guest(guest) = resource else {
        return f.write_str("<resource of the host>");
    };
    let handle = guest.handle() as u32;
    match guest.ty().name() {
        Some(name) => write!(f, "<resource {name} {handle}>"),
        None => write!(f, "<resource {handle}>"),
    }
}

fn within<T>(
    f: &mut Formatter<'_>,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    mut put: impl FnMut(T, &mut Formatter<'_>) -> Result,
) -> Result {
    f.write_char(open)?;
    for (i, item) in items.into_iter().enumerate() {
        f.write_str(if i > 0 { ", " } else { "" })?;
        put(item, f)?;
    }
    f.write_char(close)
}
