//! Values of WIT types as text: WAVE, the WebAssembly Value Encoding, in both directions.
//!
//! Our own, since the crate `wasm-wave` drops fields that a record does not have, takes records without commas, and
//! tells a wrong value by the bytes it is at and no more.

mod fault;
mod lexer;
mod read;
mod strings;
mod write;

use super::types::{WitFuncType, WitType};
use super::value::WitValue;
use crate::{Error, ErrorKind, Result, text};
use read::Reader;

/// Words that stand for themselves; a case that is called so has `%` in front.
const KEYWORDS: &[&str] = &["true", "false", "some", "none", "ok", "err", "inf", "nan"];

impl WitValue {
    /// Reads a value of a type from text in WAVE, such as `{name: "Ada", age: 36}`, `[1, 2]`, `circle(2.5)`, `none`.
    ///
    /// Integers may also be written as `0xff` and `1_000`. A list of numbers becomes [`WitValue::Numbers`], the
    /// fields of a record are in the order of its type. `type` if the text is no such value, `range` if
    /// a number does not fit: the message says where, and what was expected. Resources have no text that could be read.
    pub fn parse(ty: &WitType, text: &str) -> Result<WitValue> {
        Reader::new(text)
            .whole(ty)
            .map_err(|fault| fault.error("value", text))
    }

    /// The value as text in WAVE. [`WitValue::parse`] reads it back, to the same bits. Two exceptions: all NaN are written as
    /// `nan`, and a resource as `<resource canvas 3>`, which cannot be read back.
    pub fn to_text(&self) -> String {
        self.to_string()
    }
}

impl WitFuncType {
    /// Reads the arguments of a function, each from its own text in WAVE. Options at the end may be left out.
    ///
    /// `type` if there are too few or too many, or a text is no value of its parameter's type; `range`.
    pub fn parse_args(&self, texts: &[&str]) -> Result<Vec<WitValue>> {
        let left_out = self.params.iter().skip(texts.len());
        let may_be = left_out.clone().all(|it| is_option(&it.ty));
        if texts.len() > self.params.len() || !may_be {
            return Err(self.wrong_count(texts.len()));
        }
        let read = |(i, (text, param)): (usize, (&&str, &super::types::Field))| {
            let read = Reader::new(text).whole(&param.ty);
            read.map_err(|fault| fault.error(format_args!("args[{i}]"), text))
        };
        let given = texts.iter().zip(&self.params).enumerate().map(read);
        given.chain(left_out.map(|_| Ok(WitValue::NONE))).collect()
    }

    fn wrong_count(&self, given: usize) -> Error {
        let params = self.params.iter();
        let list = text::listed(
            params.map(|it| format!("{}: {}", it.name, text::short(&it.ty))),
            text::LISTED_TYPES,
            ", ",
        );
        let count = self.params.len();
        let what = format!("args: expected {count} ({list}), got {given}");
        Error::new(ErrorKind::Type, what)
    }
}

fn is_option(ty: &WitType) -> bool {
    matches!(ty, WitType::Option(_))
}
