//! Looking into a value of WIT.

use std::any::Any;

use super::{NumberList, WitValue};
use crate::Resource;

/// Each gives nothing for a value of another sort.
impl WitValue {
    /// A `bool`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            WitValue::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// An integer of any type, if it is not too large.
    pub fn as_i64(&self) -> Option<i64> {
        self.integer()?.try_into().ok()
    }

    /// An integer of any type, if it is not below 0.
    pub fn as_u64(&self) -> Option<u64> {
        self.integer()?.try_into().ok()
    }

    /// An `f32` or an `f64`.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            WitValue::F32(it) => Some((*it).into()),
            WitValue::F64(it) => Some(*it),
            _ => None,
        }
    }

    /// A `char`.
    pub fn as_char(&self) -> Option<char> {
        match self {
            WitValue::Char(it) => Some(*it),
            _ => None,
        }
    }

    /// The text of a `string`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            WitValue::String(it) => Some(it),
            _ => None,
        }
    }

    /// The bytes of a `list<u8>` that is a [`NumberList`], as functions give it.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            WitValue::Numbers(NumberList::U8(it)) => Some(it),
            _ => None,
        }
    }

    /// A list of numbers.
    pub fn as_numbers(&self) -> Option<&NumberList> {
        match self {
            WitValue::Numbers(it) => Some(it),
            _ => None,
        }
    }

    /// The parts of a tuple, or of a list that is none of numbers.
    pub fn items(&self) -> Option<&[WitValue]> {
        match self {
            WitValue::List(items) | WitValue::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// A field of a record.
    pub fn field(&self, name: &str) -> Option<&WitValue> {
        let WitValue::Record(fields) = self else {
            return None;
        };
        let mut fields = fields.iter();
        fields.find(|it| &*it.0 == name).map(|it| &it.1)
    }

    /// The case of a variant or an enum; `some` or `none` of an option, `ok` or `err` of a result.
    pub fn case(&self) -> Option<&str> {
        Some(match self {
            WitValue::Variant(case, _) | WitValue::Enum(case) => case,
            WitValue::Option(Some(_)) => "some",
            WitValue::Option(None) => "none",
            WitValue::Result(Ok(_)) => "ok",
            WitValue::Result(Err(_)) => "err",
            _ => return None,
        })
    }

    /// What the case of a variant, an option or a result holds, if anything.
    pub fn held(&self) -> Option<&WitValue> {
        match self {
            WitValue::Variant(_, held)
            | WitValue::Option(held)
            | WitValue::Result(Ok(held) | Err(held)) => held.as_deref(),
            _ => None,
        }
    }

    /// Whether a flag is set.
    pub fn is_set(&self, flag: &str) -> Option<bool> {
        match self {
            WitValue::Flags(set) => Some(set.iter().any(|it| &**it == flag)),
            _ => None,
        }
    }

    /// A resource.
    pub fn as_resource(&self) -> Option<&Resource> {
        match self {
            WitValue::Resource(it) => Some(it),
            _ => None,
        }
    }

    /// The object of the host that a resource stands for, if it is of this type.
    pub fn object<T: Any + Send + Sync>(&self) -> Option<&T> {
        match self {
            WitValue::Resource(Resource::Host(it)) => it.get(),
            _ => None,
        }
    }
}
