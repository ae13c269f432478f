//! Types for the tests, and random values that are written and read.

use std::sync::Arc;

use landbridge::{
    Case, Enum, Field, Flags, Label, NumberList, Record, ResultType, Variant, WitFuncType, WitType,
    WitValue,
};

pub(crate) fn label(name: &str) -> Label {
    let name = (!name.is_empty()).then(|| name.into());
    Label {
        name,
        ..Label::default()
    }
}

pub(crate) fn field(name: &str, ty: WitType) -> Field {
    let (name, docs) = (name.into(), None);
    Field { name, ty, docs }
}

pub(crate) fn case(name: &str, ty: Option<WitType>) -> Case {
    let (name, docs) = (name.into(), None);
    Case { name, ty, docs }
}

pub(crate) fn list(of: WitType) -> WitType {
    WitType::List(Arc::new(of))
}

pub(crate) fn option(of: WitType) -> WitType {
    WitType::Option(Arc::new(of))
}

pub(crate) fn tuple(of: impl IntoIterator<Item = WitType>) -> WitType {
    WitType::Tuple(of.into_iter().collect())
}

pub(crate) fn result(ok: Option<WitType>, err: Option<WitType>) -> WitType {
    WitType::Result(Arc::new(ResultType { ok, err }))
}

pub(crate) fn record<'a>(
    name: &str,
    fields: impl IntoIterator<Item = (&'a str, WitType)>,
) -> WitType {
    let fields = fields
        .into_iter()
        .map(|(name, ty)| field(name, ty))
        .collect();
    let label = label(name);
    WitType::Record(Arc::new(Record { label, fields }))
}

pub(crate) fn variant<'a>(
    name: &str,
    cases: impl IntoIterator<Item = (&'a str, Option<WitType>)>,
) -> WitType {
    let cases = cases.into_iter().map(|(name, ty)| case(name, ty)).collect();
    let label = label(name);
    WitType::Variant(Arc::new(Variant { label, cases }))
}

pub(crate) fn enumeration(name: &str, names: &[&str]) -> WitType {
    let (label, names) = (label(name), names.iter().map(|it| (*it).into()).collect());
    WitType::Enum(Arc::new(Enum { label, names }))
}

pub(crate) fn flags(name: &str, names: &[&str]) -> WitType {
    let (label, names) = (label(name), names.iter().map(|it| (*it).into()).collect());
    WitType::Flags(Arc::new(Flags { label, names }))
}

pub(crate) fn func<'a>(
    params: impl IntoIterator<Item = (&'a str, WitType)>,
    result: Option<WitType>,
) -> WitFuncType {
    let params = params
        .into_iter()
        .map(|(name, ty)| field(name, ty))
        .collect();
    WitFuncType { params, result }
}

pub(crate) fn person() -> WitType {
    record(
        "person",
        [
            ("name", WitType::String),
            ("age", WitType::U8),
            ("email", option(WitType::String)),
        ],
    )
}

pub(crate) fn shape() -> WitType {
    let cases = [
        ("circle", Some(WitType::F64)),
        ("point", None),
        ("none", Some(WitType::U8)),
    ];
    variant("shape", cases)
}

/// Numbers by SplitMix64.
struct Dice(u64);

/// Names of fields and cases, with all that mean something to WAVE or to WIT.
const NAMES: &[&str] = &[
    "true",
    "false",
    "some",
    "none",
    "ok",
    "err",
    "inf",
    "nan",
    "type",
    "list",
    "a",
    "b-c",
    "HTTP3",
    "method-GET",
    "x1-2y",
];

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn names(&mut self) -> Vec<&'static str> {
        let (first, count) = (self.below(NAMES.len()), 1 + self.below(NAMES.len()));
        let names = NAMES.iter().cycle().skip(first).take(count);
        names.copied().collect()
    }

    fn maybe(&mut self, depth: usize) -> Option<WitType> {
        (self.below(3) > 0).then(|| self.ty(depth))
    }

    fn ty(&mut self, depth: usize) -> WitType {
        let sorts = if depth == 0 { 15 } else { 21 };
        match self.below(sorts) {
            0 => WitType::Bool,
            1 => WitType::S8,
            2 => WitType::U8,
            3 => WitType::S16,
            4 => WitType::U16,
            5 => WitType::S32,
            6 => WitType::U32,
            7 => WitType::S64,
            8 => WitType::U64,
            9 => WitType::F32,
            10 => WitType::F64,
            11 => WitType::Char,
            12 => WitType::String,
            13 => enumeration("", &self.names()),
            14 => flags("", &self.names()),
            15 => list(self.ty(depth - 1)),
            16 => option(self.ty(depth - 1)),
            17 => result(self.maybe(depth - 1), self.maybe(depth - 1)),
            18 => {
                let count = 1 + self.below(3);
                tuple((0..count).map(|_| self.ty(depth - 1)).collect::<Vec<_>>())
            }
            19 => {
                let names = self.names().into_iter();
                record(
                    "",
                    names.map(|it| (it, self.ty(depth - 1))).collect::<Vec<_>>(),
                )
            }
            _ => {
                let names = self.names().into_iter();
                variant(
                    "",
                    names
                        .map(|it| (it, self.maybe(depth - 1)))
                        .collect::<Vec<_>>(),
                )
            }
        }
    }

    fn char(&mut self) -> char {
        let few = [
            '\0',
            '\n',
            '\r',
            '\t',
            '"',
            '\'',
            '\\',
            '/',
            '\u{202e}',
            '\u{1f600}',
            '}',
        ];
        match self.below(3) {
            0 => few[self.below(few.len())],
            1 => (b' ' + self.below(95) as u8) as char,
            _ => char::from_u32(self.next() as u32 % 0x11_0000).unwrap_or('\u{d7ff}'),
        }
    }

    fn numbers<T>(&mut self, number: impl Fn(u64) -> T) -> Vec<T> {
        (0..self.below(5)).map(|_| number(self.next())).collect()
    }

    fn boxed(&mut self, ty: &WitType) -> Box<WitValue> {
        Box::new(self.value(ty))
    }

    /// Some of them at the ends of what numbers can be.
    fn bits(&mut self) -> u64 {
        match self.below(4) {
            0 => [
                0,
                1,
                u64::MAX,
                1 << 63,
                0x8000_0000,
                0x7f80_0000,
                0x7ff0 << 48,
                0x7ff8 << 48,
            ][self.below(8)],
            _ => self.next(),
        }
    }

    fn value(&mut self, ty: &WitType) -> WitValue {
        let bits = self.bits();
        match ty {
            WitType::Bool => (bits & 1 == 1).into(),
            WitType::S8 => (bits as i8).into(),
            WitType::U8 => (bits as u8).into(),
            WitType::S16 => (bits as i16).into(),
            WitType::U16 => (bits as u16).into(),
            WitType::S32 => (bits as i32).into(),
            WitType::U32 => (bits as u32).into(),
            WitType::S64 => (bits as i64).into(),
            WitType::U64 => bits.into(),
            WitType::F32 => f32::from_bits(bits as u32).into(),
            WitType::F64 => f64::from_bits(bits).into(),
            WitType::Char => self.char().into(),
            WitType::String => {
                let count = self.below(8);
                (0..count).map(|_| self.char()).collect::<String>().into()
            }
            WitType::List(of) => self.list(of),
            WitType::Option(of) => match self.below(2) {
                0 => WitValue::NONE,
                _ => WitValue::some(self.value(of)),
            },
            WitType::Result(of) => WitValue::Result(match self.below(2) {
                0 => Ok(of.ok.as_ref().map(|it| self.boxed(it))),
                _ => Err(of.err.as_ref().map(|it| self.boxed(it))),
            }),
            WitType::Tuple(of) => WitValue::Tuple(of.iter().map(|it| self.value(it)).collect()),
            WitType::Record(of) => {
                let fields = of.fields.iter();
                WitValue::Record(
                    fields
                        .map(|it| (it.name.clone(), self.value(&it.ty)))
                        .collect(),
                )
            }
            WitType::Variant(of) => {
                let case = &of.cases[self.below(of.cases.len())];
                let value = case.ty.as_ref().map(|it| self.boxed(it));
                WitValue::Variant(case.name.clone(), value)
            }
            WitType::Enum(of) => WitValue::Enum(of.names[self.below(of.names.len())].clone()),
            WitType::Flags(of) => {
                let names = of
                    .names
                    .iter()
                    .filter(|_| bits & 1 == 1 || self.below(2) == 1);
                WitValue::Flags(names.cloned().collect())
            }
            _ => unreachable!("no resources are made"),
        }
    }

    fn list(&mut self, of: &WitType) -> WitValue {
        match of {
            WitType::S8 => self.numbers(|it| it as i8).into(),
            WitType::U8 => self.numbers(|it| it as u8).into(),
            WitType::S16 => self.numbers(|it| it as i16).into(),
            WitType::U16 => self.numbers(|it| it as u16).into(),
            WitType::S32 => self.numbers(|it| it as i32).into(),
            WitType::U32 => self.numbers(|it| it as u32).into(),
            WitType::S64 => self.numbers(|it| it as i64).into(),
            WitType::U64 => self.numbers(|it| it).into(),
            WitType::F32 => self.numbers(|it| f32::from_bits(it as u32)).into(),
            WitType::F64 => self.numbers(f64::from_bits).into(),
            of => (0..self.below(5))
                .map(|_| self.value(of))
                .collect::<Vec<_>>()
                .into(),
        }
    }
}

/// Debug tells each float by digits that only it has, and all NaN as one.
pub(crate) fn bits(value: &WitValue) -> String {
    format!("{value:?}")
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for seed in 0..4000 {
        let mut dice = Dice(seed);
        let ty = dice.ty(3);
        for _ in 0..3 {
            let value = dice.value(&ty);
            let text = value.to_text();
            let read = WitValue::parse(&ty, &text);
            let read = read.unwrap_or_else(|error| panic!("seed {seed}: {ty}: {text}: {error}"));
            assert_eq!(bits(&read), bits(&value), "seed {seed}: {ty}: {text}");
            assert_eq!(read.to_text(), text, "seed {seed}: {ty}");
        }
    }
}

#[test]
fn what_is_damaged_is_an_error_or_another_value() {
    let mut failed = 0;
    for seed in 0..2000 {
        let mut dice = Dice(seed);
        let ty = dice.ty(3);
        let mut text: Vec<char> = dice.value(&ty).to_text().chars().collect();
        let at = dice.below(text.len());
        match dice.below(3) {
            0 => drop(text.remove(at)),
            1 => text[at] = dice.char(),
            _ => text.insert(at, ['(', '[', '{', '"', ',', '%', '-'][dice.below(7)]),
        }
        let text: String = text.into_iter().collect();
        match WitValue::parse(&ty, &text) {
            Ok(value) => {
                let again = WitValue::parse(&ty, &value.to_text()).expect("it was written");
                assert_eq!(bits(&again), bits(&value), "seed {seed}: {ty}: {text}");
            }
            Err(error) => {
                failed += 1;
                assert!(error.message().starts_with("value"), "{error}");
            }
        }
    }
    assert!(failed > 1000, "{failed}");
}

#[test]
fn a_list_of_numbers_is_one() {
    let read = WitValue::parse(&list(WitType::U8), "[1, 255]").expect("good");
    assert_eq!(read, WitValue::Numbers(NumberList::U8(vec![1, 255])));
}
