//! Values of WIT types, for programs that learn the types when they run.

mod given;
mod parts;
mod taken;

use std::sync::Arc;

use super::resource::Resource;

/// A value of a type of WIT.
///
/// Integers are accepted by their value: you may give `WitValue::U32(3)` for a `u8`, but not 300. A result has
/// exactly the variant of its type. A list of numbers comes as a [`NumberList`]; you may give it as
/// that or as a [`WitValue::List`].
///
/// Make one from a Rust value with `into`: from numbers, `bool`, `char`, text, lists, options, results, tuples and resources;
/// the others have functions here. Take it apart by matching, with [`WitValue::field`] and the methods beside it, or with
/// `try_from`: `String::try_from(value)?`. `Display` writes it as text, see [`WitValue::parse`].
///
/// ```
/// # use landbridge::WitValue;
/// let ada = WitValue::record([("name", "Ada".into()), ("age", 36u8.into()), ("email", None::<&str>.into())]);
/// assert_eq!(ada.field("name").and_then(WitValue::as_str), Some("Ada"));
/// assert_eq!(ada.to_string(), r#"{name: "Ada", age: 36}"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum WitValue {
    /// Of a `bool`.
    Bool(bool),
    /// Of an `s8`.
    S8(i8),
    /// Of a `u8`.
    U8(u8),
    /// Of an `s16`.
    S16(i16),
    /// Of a `u16`.
    U16(u16),
    /// Of an `s32`.
    S32(i32),
    /// Of a `u32`.
    U32(u32),
    /// Of an `s64`.
    S64(i64),
    /// Of a `u64`.
    U64(u64),
    /// Of an `f32`. The bits of a NaN stay as they are.
    F32(f32),
    /// Of an `f64`. The bits of a NaN stay as they are.
    F64(f64),
    /// Of a `char`.
    Char(char),
    /// Of a `string`.
    String(String),
    /// Of a list of anything.
    List(Vec<WitValue>),
    /// Of a list of numbers, which crosses as a whole.
    Numbers(NumberList),
    /// Of a record: its fields with their names, in any order.
    Record(Vec<(Arc<str>, WitValue)>),
    /// Of a tuple.
    Tuple(Vec<WitValue>),
    /// Of a variant: a case and what it holds.
    Variant(Arc<str>, Option<Box<WitValue>>),
    /// Of an enum.
    Enum(Arc<str>),
    /// Of flags: those that are set.
    Flags(Vec<Arc<str>>),
    /// Of an option.
    Option(Option<Box<WitValue>>),
    /// Of a result.
    Result(Result<Option<Box<WitValue>>, Option<Box<WitValue>>>),
    /// Of a resource, of a guest or of the host.
    Resource(Resource),
}

/// A list of numbers of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberList {
    /// Of `s8`.
    S8(Vec<i8>),
    /// Of `u8`: bytes.
    U8(Vec<u8>),
    /// Of `s16`.
    S16(Vec<i16>),
    /// Of `u16`.
    U16(Vec<u16>),
    /// Of `s32`.
    S32(Vec<i32>),
    /// Of `u32`.
    U32(Vec<u32>),
    /// Of `s64`.
    S64(Vec<i64>),
    /// Of `u64`.
    U64(Vec<u64>),
    /// Of `f32`.
    F32(Vec<f32>),
    /// Of `f64`.
    F64(Vec<f64>),
}

impl WitValue {
    /// A record of fields: `WitValue::record([("name", "Ada".into()), ("age", 36u32.into())])`.
    pub fn record<'a>(fields: impl IntoIterator<Item = (&'a str, WitValue)>) -> WitValue {
        let fields = fields.into_iter();
        WitValue::Record(fields.map(|(name, it)| (name.into(), it)).collect())
    }

    /// A case of a variant, with what it holds.
    pub fn variant(case: &str, value: Option<WitValue>) -> WitValue {
        WitValue::Variant(case.into(), value.map(Box::new))
    }

    /// A list of anything. One of numbers is made with `vec![1u8, 2].into()`.
    pub fn list<T: Into<WitValue>>(items: impl IntoIterator<Item = T>) -> WitValue {
        WitValue::List(items.into_iter().map(Into::into).collect())
    }

    /// Flags: the names of those that are set.
    pub fn flags<'a>(set: impl IntoIterator<Item = &'a str>) -> WitValue {
        WitValue::Flags(set.into_iter().map(Into::into).collect())
    }

    /// What an option holds.
    pub fn some(value: impl Into<WitValue>) -> WitValue {
        WitValue::Option(Some(Box::new(value.into())))
    }

    /// An option that holds nothing.
    pub const NONE: WitValue = WitValue::Option(None);

    /// A result that went well.
    pub fn ok(value: Option<WitValue>) -> WitValue {
        WitValue::Result(Ok(value.map(Box::new)))
    }

    /// A result that did not.
    pub fn err(value: Option<WitValue>) -> WitValue {
        WitValue::Result(Err(value.map(Box::new)))
    }
}

impl WitValue {
    /// What sort of value it is, for messages.
    pub(crate) fn sort(&self) -> &'static str {
        match self {
            WitValue::Bool(_) => "bool",
            WitValue::S8(_) => "s8",
            WitValue::U8(_) => "u8",
            WitValue::S16(_) => "s16",
            WitValue::U16(_) => "u16",
            WitValue::S32(_) => "s32",
            WitValue::U32(_) => "u32",
            WitValue::S64(_) => "s64",
            WitValue::U64(_) => "u64",
            WitValue::F32(_) => "f32",
            WitValue::F64(_) => "f64",
            WitValue::Char(_) => "char",
            WitValue::String(_) => "string",
            WitValue::List(_) => "list",
            WitValue::Numbers(_) => "list of numbers",
            WitValue::Record(_) => "record",
            WitValue::Tuple(_) => "tuple",
            WitValue::Variant(..) => "variant",
            WitValue::Enum(_) => "enum",
            WitValue::Flags(_) => "flags",
            WitValue::Option(_) => "option",
            WitValue::Result(_) => "result",
            WitValue::Resource(_) => "resource",
        }
    }

    /// The value of an integer.
    pub(crate) fn integer(&self) -> Option<i128> {
        Some(match self {
            WitValue::S8(it) => (*it).into(),
            WitValue::U8(it) => (*it).into(),
            WitValue::S16(it) => (*it).into(),
            WitValue::U16(it) => (*it).into(),
            WitValue::S32(it) => (*it).into(),
            WitValue::U32(it) => (*it).into(),
            WitValue::S64(it) => (*it).into(),
            WitValue::U64(it) => (*it).into(),
            _ => return None,
        })
    }
}
