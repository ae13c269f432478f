//! Reading a value of a given type.

use std::sync::Arc;

use super::fault::Fault;
use super::lexer::{Lexer, Word, cut};
use super::{KEYWORDS, is_option};
use crate::components::types::{Enum, Flags, Record, ResultType, Variant, WitType};
use crate::components::value::{NumberList, WitValue};
use crate::components::wrong::{self, DEPTH};
use crate::text;

type Read<T> = Result<T, Fault>;

pub(super) struct Reader<'a> {
    lexer: Lexer<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        let (lexer, depth) = (Lexer::new(text), 0);
        Reader { lexer, depth }
    }

    /// A value that is all of the text.
    pub(super) fn whole(mut self, ty: &WitType) -> Read<WitValue> {
        let value = self.value(ty)?;
        self.lexer.end()?;
        Ok(value)
    }

    fn value(&mut self, ty: &WitType) -> Read<WitValue> {
        if self.depth == DEPTH {
            return Err(Fault::of(self.lexer.at, wrong::too_deep()));
        }
        self.depth += 1;
        let value = self.of_type(ty);
        self.depth -= 1;
        value
    }

    fn of_type(&mut self, ty: &WitType) -> Read<WitValue> {
        match ty {
            WitType::Bool => self.bool().map(WitValue::Bool),
            WitType::S8 => self.integer(ty).map(WitValue::S8),
            WitType::U8 => self.integer(ty).map(WitValue::U8),
            WitType::S16 => self.integer(ty).map(WitValue::S16),
            WitType::U16 => self.integer(ty).map(WitValue::U16),
            WitType::S32 => self.integer(ty).map(WitValue::S32),
            WitType::U32 => self.integer(ty).map(WitValue::U32),
            WitType::S64 => self.integer(ty).map(WitValue::S64),
            WitType::U64 => self.integer(ty).map(WitValue::U64),
            WitType::F32 => self.float(ty, f32::NAN, f32::INFINITY).map(WitValue::F32),
            WitType::F64 => self.float(ty, f64::NAN, f64::INFINITY).map(WitValue::F64),
            WitType::Char => self.lexer.char().map(WitValue::Char),
            WitType::String => self.lexer.string().map(WitValue::String),
            WitType::List(of) => self.list(ty, of),
            WitType::Record(of) => self.record(ty, of),
            WitType::Tuple(of) => self.tuple(ty, of),
            WitType::Variant(of) => self.variant(ty, of),
            WitType::Enum(of) => self.enumeration(ty, of),
            WitType::Flags(of) => self.flags(ty, of),
            WitType::Option(of) => self.option(of),
            WitType::Result(of) => self.result(of),
            WitType::Own(_) | WitType::Borrow(_) => Err(self.resource(ty)),
        }
    }

    fn expected(&mut self, ty: &WitType) -> Fault {
        self.lexer.expected(text::short(ty))
    }

    fn bool(&mut self) -> Read<bool> {
        match self.keyword(["true", "false"]) {
            Some(word) => Ok(word == "true"),
            None => Err(self.expected(&WitType::Bool)),
        }
    }

    fn integer<T: TryFrom<i128>>(&mut self, ty: &WitType) -> Read<T> {
        let mut ahead = self.lexer.clone();
        let number = ahead
            .number()
            .and_then(|(text, at)| Some((text, at, integer(text)?)));
        let Some((text, at, number)) = number else {
            return Err(self.expected(ty));
        };
        self.lexer = ahead;
        let number = number.and_then(|it| T::try_from(it).ok());
        number.ok_or_else(|| Fault::of(at, wrong::unfit(cut(text), ty)))
    }

    /// Rounded to the nearest that there is, which may be an infinity.
    fn float<T>(&mut self, ty: &WitType, nan: T, infinity: T) -> Read<T>
    where
        T: std::str::FromStr + std::ops::Neg<Output = T>,
    {
        let mut ahead = self.lexer.clone();
        let float = match ahead.peek() {
            Some('a'..='z') => match ahead.word().map(|it| it.name) {
                Some("nan") => Some(nan),
                Some("inf") => Some(infinity),
                _ => None,
            },
            _ => match ahead.number() {
                Some(("-inf", _)) => Some(-infinity),
                Some((text, _)) if is_float(text) => text.parse().ok(),
                _ => None,
            },
        };
        match float {
            Some(float) => {
                self.lexer = ahead;
                Ok(float)
            }
            None => Err(self.expected(ty)),
        }
    }

    fn open(&mut self, mark: char, ty: &WitType) -> Read<()> {
        match self.lexer.take(mark) {
            true => Ok(()),
            false => Err(self.expected(ty)),
        }
    }

    fn list(&mut self, ty: &WitType, of: &WitType) -> Read<WitValue> {
        self.open('[', ty)?;
        macro_rules! numbers {
            ($Case:ident, $read:expr) => {
                self.items($read).map(|it| NumberList::$Case(it).into())
            };
        }
        match of {
            WitType::S8 => numbers!(S8, |it| it.integer(of)),
            WitType::U8 => numbers!(U8, |it| it.integer(of)),
            WitType::S16 => numbers!(S16, |it| it.integer(of)),
            WitType::U16 => numbers!(U16, |it| it.integer(of)),
            WitType::S32 => numbers!(S32, |it| it.integer(of)),
            WitType::U32 => numbers!(U32, |it| it.integer(of)),
            WitType::S64 => numbers!(S64, |it| it.integer(of)),
            WitType::U64 => numbers!(U64, |it| it.integer(of)),
            WitType::F32 => numbers!(F32, |it| it.float(of, f32::NAN, f32::INFINITY)),
            WitType::F64 => numbers!(F64, |it| it.float(of, f64::NAN, f64::INFINITY)),
            _ => self.items(|it| it.value(of)).map(WitValue::List),
        }
    }

    /// What stands in a list, up to its end.
    fn items<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = Vec::new();
        let mut has_more = !self.lexer.take(']');
        while has_more {
            let item = read(self);
            items.push(item.map_err(|fault| fault.in_element(items.len()))?);
            has_more = self.lexer.more(']')?;
        }
        Ok(items)
    }

    fn tuple(&mut self, ty: &WitType, of: &[WitType]) -> Read<WitValue> {
        self.open('(', ty)?;
        let mut values = Vec::with_capacity(of.len());
        let mut has_more = !self.lexer.take(')');
        while has_more {
            let at = self.lexer.at;
            let Some(of) = of.get(values.len()) else {
                return Err(wrong_length(at, of.len(), "more"));
            };
            let value = self.value(of);
            values.push(value.map_err(|fault| fault.in_field(values.len()))?);
            has_more = self.lexer.more(')')?;
        }
        match values.len() == of.len() {
            true => Ok(WitValue::Tuple(values)),
            false => Err(wrong_length(self.lexer.at - 1, of.len(), values.len())),
        }
    }

    fn record(&mut self, ty: &WitType, of: &Record) -> Read<WitValue> {
        let start = self.lexer.clone();
        self.open('{', ty)?;
        let mut values = vec![None; of.fields.len()];
        if self.lexer.take(':') {
            self.lexer.need('}')?;
        } else {
            self.fields(ty, of, &mut values)?;
        }
        let fields = of
            .fields
            .iter()
            .zip(values)
            .map(|(field, value)| match value {
                Some(value) => Ok((field.name.clone(), value)),
                None if is_option(&field.ty) => Ok((field.name.clone(), WitValue::NONE)),
                None => {
                    let missing = wrong::missing("field", &field.name, text::short(ty));
                    Err(Fault::of(start.at, missing))
                }
            });
        fields.collect::<Read<Vec<_>>>().map(WitValue::Record)
    }

    fn fields(&mut self, ty: &WitType, of: &Record, values: &mut [Option<WitValue>]) -> Read<()> {
        let mut next = 0;
        loop {
            let Some(word) = self.lexer.word() else {
                return Err(self.lexer.expected("the name of a field"));
            };
            let names = of.fields.iter().map(|it| &it.name);
            let i = find(names.clone(), &word, next)
                .ok_or_else(|| unknown("field", &word, ty, names))?;
            if values[i].is_some() {
                return Err(twice("field", &word));
            }
            self.lexer.need(':')?;
            let value = self.value(&of.fields[i].ty);
            values[i] =
                Some(value.map_err(|fault| fault.in_field(text::name(&of.fields[i].name)))?);
            next = i + 1;
            if !self.lexer.more('}')? {
                return Ok(());
            }
        }
    }

    fn flags(&mut self, ty: &WitType, of: &Flags) -> Read<WitValue> {
        self.open('{', ty)?;
        let mut is_set = vec![false; of.names.len()];
        let mut next = 0;
        let mut has_more = !self.lexer.take('}');
        while has_more {
            let Some(word) = self.lexer.word() else {
                return Err(self.lexer.expected("the name of a flag"));
            };
            let names = of.names.iter();
            let i = find(names.clone(), &word, next)
                .ok_or_else(|| unknown("flag", &word, ty, names))?;
            if std::mem::replace(&mut is_set[i], true) {
                return Err(twice("flag", &word));
            }
            next = i + 1;
            has_more = self.lexer.more('}')?;
        }
        let set = of.names.iter().zip(is_set).filter(|(_, is_set)| *is_set);
        Ok(WitValue::Flags(set.map(|(name, _)| name.clone()).collect()))
    }

    fn enumeration(&mut self, ty: &WitType, of: &Enum) -> Read<WitValue> {
        let i = self.case(ty, of.names.iter())?;
        Ok(WitValue::Enum(of.names[i].clone()))
    }

    fn variant(&mut self, ty: &WitType, of: &Variant) -> Read<WitValue> {
        let i = self.case(ty, of.cases.iter().map(|it| &it.name))?;
        let case = &of.cases[i];
        let value = self.held(&case.name, case.ty.as_ref())?;
        Ok(WitValue::Variant(case.name.clone(), value))
    }

    /// The number of a case. One that is called like a keyword needs `%`.
    fn case<'t>(
        &mut self,
        ty: &WitType,
        names: impl Iterator<Item = &'t Arc<str>> + Clone,
    ) -> Read<usize> {
        let Some(word) = self.lexer.word() else {
            return Err(self.expected(ty));
        };
        let i = find(names.clone(), &word, 0).ok_or_else(|| unknown("case", &word, ty, names))?;
        match !word.is_name && KEYWORDS.contains(&word.name) {
            true => {
                let name = word.name;
                let what = format!("`{name}` means something else in WAVE: write `%{name}`");
                Err(Fault::new(word.at, what))
            }
            false => Ok(i),
        }
    }

    /// What a case of this name holds.
    fn held(&mut self, case: &str, ty: Option<&WitType>) -> Read<Option<Box<WitValue>>> {
        self.payload(case, |fault| fault.in_field(text::name(case)), ty)
    }

    /// What a case holds, in parentheses.
    fn payload(
        &mut self,
        case: &str,
        path: impl FnOnce(Fault) -> Fault,
        ty: Option<&WitType>,
    ) -> Read<Option<Box<WitValue>>> {
        let name = text::name(case);
        let has_value = self.lexer.take('(');
        match ty {
            Some(_) if !has_value => {
                let what = format!("expected `(`, since `{name}` holds a value");
                Err(Fault::new(self.lexer.at, what))
            }
            None if has_value => {
                let what = format!("`{name}` holds no value");
                Err(Fault::new(self.lexer.at - 1, what))
            }
            None => Ok(None),
            Some(ty) => {
                let value = self.value(ty);
                let value = value.map_err(path)?;
                self.lexer.need(')')?;
                Ok(Some(Box::new(value)))
            }
        }
    }

    /// One of these words, if it is no name.
    fn keyword(&mut self, keywords: [&'static str; 2]) -> Option<&'static str> {
        let mut ahead = self.lexer.clone();
        let word = ahead.word().filter(|it| !it.is_name)?;
        let found = keywords.into_iter().find(|it| *it == word.name)?;
        self.lexer = ahead;
        Some(found)
    }

    fn option(&mut self, of: &WitType) -> Read<WitValue> {
        match self.keyword(["some", "none"]) {
            Some("some") => self
                .payload("some", |it| it, Some(of))
                .map(WitValue::Option),
            Some(none) => self.payload(none, |it| it, None).map(WitValue::Option),
            None if is_bare(of) => self.value(of).map(WitValue::some),
            None => Err(self.lexer.expected("`some(...)` or `none`")),
        }
    }

    fn result(&mut self, of: &ResultType) -> Read<WitValue> {
        let value = match (self.keyword(["ok", "err"]), &of.ok) {
            (Some("ok"), ok) => Ok(self.held("ok", ok.as_ref())?),
            (Some(err), _) => Err(self.held(err, of.err.as_ref())?),
            (None, Some(ok)) if is_bare(ok) => {
                let value = self.value(ok);
                Ok(Some(Box::new(value.map_err(|it| it.in_field("ok"))?)))
            }
            _ => return Err(self.lexer.expected("`ok` or `err`")),
        };
        Ok(WitValue::Result(value))
    }

    fn resource(&mut self, ty: &WitType) -> Fault {
        self.lexer.peek();
        let what = format!(
            "expected {}, a resource: it has no text that could be read, so only a program can pass it",
            text::short(ty)
        );
        Fault::new(self.lexer.at, what)
    }
}

/// Whether a value may stand without the `some` or `ok` around it.
fn is_bare(ty: &WitType) -> bool {
    !matches!(ty, WitType::Option(_) | WitType::Result(_))
}

/// The number of a name; who writes all of them in their order finds each at once.
fn find<'t>(
    names: impl Iterator<Item = &'t Arc<str>> + Clone,
    word: &Word<'_>,
    next: usize,
) -> Option<usize> {
    let is_it = |(_, name): &(usize, &Arc<str>)| ***name == *word.name;
    let numbered = names.enumerate();
    let behind = numbered.clone().skip(next).find(is_it);
    behind
        .or_else(|| numbered.take(next).find(is_it))
        .map(|(i, _)| i)
}

fn unknown<'t>(
    what: &str,
    word: &Word<'_>,
    ty: &WitType,
    known: impl Iterator<Item = &'t Arc<str>> + Clone,
) -> Fault {
    Fault::of(
        word.at,
        wrong::unknown(what, word.name, ty, known.map(|it| &**it)),
    )
}

fn twice(what: &str, word: &Word<'_>) -> Fault {
    Fault::of(word.at, wrong::twice(what, word.name))
}

fn wrong_length(at: usize, expected: usize, got: impl std::fmt::Display) -> Fault {
    let s = if expected == 1 { "" } else { "s" };
    Fault::new(at, format!("expected {expected} value{s}, got {got}"))
}

/// Decimal, or hexadecimal with 0x; underscores may part the digits. None if the text is no integer,
/// none within if it is longer than 128 bits.
fn integer(text: &str) -> Option<Option<i128>> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (radix, digits) = match digits.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let is_good = digits.starts_with(|c: char| c.is_digit(radix))
        && digits.chars().all(|c| c.is_digit(radix) || c == '_')
        && (radix == 16 || digits == "0" || !digits.starts_with('0'));
    let number = || match digits.contains('_') {
        true => i128::from_str_radix(&digits.replace('_', ""), radix).ok(),
        false => i128::from_str_radix(digits, radix).ok(),
    };
    is_good.then(|| number().map(|number| sign * number))
}

/// As JSON has numbers.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    is_number(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_number)
        && exponent.is_none_or(|it| is_number(it.strip_prefix(['-', '+']).unwrap_or(it)))
}
