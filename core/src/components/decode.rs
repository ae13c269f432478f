//! From a frame to values.

use std::sync::Arc;

use super::frame::{WitFrame, WitReader};
use super::handles;
use super::resource::Resource;
use super::types::{ResourceType, discriminant_bytes, flags_bytes};
use crate::frame::Laid;
use crate::{NumberList, Result, Store, WitFuncType, WitType, WitValue};

/// The arguments of a host function.
pub(crate) fn decode_args(
    store: &Store,
    ty: &WitFuncType,
    frame: &mut WitFrame,
) -> Result<Vec<WitValue>> {
    let mut from = Decoder {
        frame: frame.reader(),
        store: Some(store),
    };
    let args = ty.params.iter().map(|param| from.take(&param.ty));
    let args = args.collect::<Result<Vec<_>>>()?;
    from.frame.end()?;
    Ok(args)
}

/// The result of a call.
pub(crate) fn decode_result(
    store: &Store,
    ty: &WitFuncType,
    frame: &mut WitFrame,
) -> Result<Option<WitValue>> {
    let mut from = Decoder {
        frame: frame.reader(),
        store: Some(store),
    };
    let result = ty.result.as_ref().map(|ty| from.take(ty)).transpose()?;
    from.frame.end()?;
    Ok(result)
}

/// A value that has no resources.
pub(crate) fn decode_one(ty: &WitType, frame: &mut WitFrame) -> Result<WitValue> {
    let mut from = Decoder {
        frame: frame.reader(),
        store: None,
    };
    let value = from.take(ty)?;
    from.frame.end()?;
    Ok(value)
}

struct Decoder<'a> {
    frame: WitReader<'a>,
    /// None where no resource can be.
    store: Option<&'a Store>,
}

impl Decoder<'_> {
    fn take(&mut self, ty: &WitType) -> Result<WitValue> {
        use WitValue as V;
        let from = &mut self.frame;
        Ok(match ty {
            WitType::Bool => V::Bool(from.case(1, 2)? == 1),
            WitType::S8 => V::S8(i8::from_le_bytes(from.array()?)),
            WitType::U8 => V::U8(u8::from_le_bytes(from.array()?)),
            WitType::S16 => V::S16(i16::from_le_bytes(from.array()?)),
            WitType::U16 => V::U16(u16::from_le_bytes(from.array()?)),
            WitType::S32 => V::S32(i32::from_le_bytes(from.array()?)),
            WitType::U32 => V::U32(u32::from_le_bytes(from.array()?)),
            WitType::S64 => V::S64(i64::from_le_bytes(from.array()?)),
            WitType::U64 => V::U64(u64::from_le_bytes(from.array()?)),
            WitType::F32 => V::F32(f32::from_le_bytes(from.array()?)),
            WitType::F64 => V::F64(f64::from_le_bytes(from.array()?)),
            WitType::Char => {
                let bits = u32::from_le_bytes(from.array()?);
                let none = || from.wrong(&format!("{bits:#x} is no char"));
                V::Char(char::from_u32(bits).ok_or_else(none)?)
            }
            WitType::String => V::String(from.text()?),
            WitType::List(of) if of.number_bytes().is_some() => V::Numbers(self.numbers(of)?),
            WitType::List(of) => {
                let count = from.count()?;
                let items = (0..count).map(|_| self.take(of));
                V::List(items.collect::<Result<_>>()?)
            }
            WitType::Record(of) => {
                let fields = of.fields.iter();
                let fields = fields.map(|it| Ok((it.name.clone(), self.take(&it.ty)?)));
                V::Record(fields.collect::<Result<_>>()?)
            }
            WitType::Tuple(of) => {
                let items = of.iter().map(|ty| self.take(ty));
                V::Tuple(items.collect::<Result<_>>()?)
            }
            WitType::Variant(of) => {
                let case = &of.cases[self.case(of.cases.len())?];
                V::Variant(case.name.clone(), self.held(case.ty.as_ref())?)
            }
            WitType::Enum(of) => V::Enum(of.names[self.case(of.names.len())?].clone()),
            WitType::Flags(of) => V::Flags(self.flags(&of.names)?),
            WitType::Option(of) => match self.case(2)? {
                0 => V::Option(None),
                _ => V::Option(self.held(Some(of))?),
            },
            WitType::Result(of) => V::Result(match self.case(2)? {
                0 => Ok(self.held(of.ok.as_ref())?),
                _ => Err(self.held(of.err.as_ref())?),
            }),
            WitType::Own(of) => V::Resource(self.resource(of, true)?),
            WitType::Borrow(of) => V::Resource(self.resource(of, false)?),
        })
    }

    fn case(&mut self, of: usize) -> Result<usize> {
        let case = self.frame.case(discriminant_bytes(of), of as u32)?;
        Ok(case as usize)
    }

    fn held(&mut self, ty: Option<&WitType>) -> Result<Option<Box<WitValue>>> {
        ty.map(|ty| self.take(ty).map(Box::new)).transpose()
    }

    fn numbers(&mut self, of: &WitType) -> Result<NumberList> {
        let bytes = of.number_bytes().unwrap_or(1);
        let found = match self.frame.laid(bytes)? {
            Laid::Here(bytes) => NumberList::from_bytes(of, bytes),
            Laid::Beside(index) => self.frame.blob(index)?.of_type(of),
        };
        found.ok_or_else(|| self.frame.wrong("a blob holds a part of a number"))
    }

    fn flags(&mut self, names: &[Arc<str>]) -> Result<Vec<Arc<str>>> {
        let bytes = self.frame.raw(flags_bytes(names.len()))?;
        let is_set = |bit: usize| bytes[bit / 8] & (1 << (bit % 8)) != 0;
        let set = names.iter().enumerate().filter(|(bit, _)| is_set(*bit));
        Ok(set.map(|(_, name)| name.clone()).collect())
    }

    fn resource(&mut self, of: &ResourceType, is_own: bool) -> Result<Resource> {
        let handle = u64::from_le_bytes(self.frame.array()?);
        match self.store {
            Some(store) => handles::take(store, of, handle, is_own),
            None => Err(self.frame.wrong("a resource has no text")),
        }
    }
}
