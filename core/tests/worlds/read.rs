//! What a frame says, read by what is written about frames: a second opinion on what is well made.

use landbridge::WitFrame;
use landbridge_worlds::{Type, Value, discriminant_size};

/// The values of a frame, if it is well made.
pub(crate) fn values(types: &[Type], frame: &WitFrame) -> Option<Vec<Value>> {
    let mut from = Read {
        bytes: &frame.bytes,
        frame,
    };
    let values = types
        .iter()
        .map(|ty| from.value(ty))
        .collect::<Option<_>>()?;
    from.bytes.is_empty().then_some(values)
}

struct Read<'a> {
    bytes: &'a [u8],
    frame: &'a WitFrame,
}

impl<'a> Read<'a> {
    fn raw(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    /// A number of so many bytes.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let mut all = [0; 8];
        all[..bytes].copy_from_slice(self.raw(bytes)?);
        Some(u64::from_le_bytes(all))
    }

    fn value(&mut self, ty: &Type) -> Option<Value> {
        Some(match ty {
            Type::Bool => match self.number(1)? {
                it @ 0..2 => Value::Bool(it == 1),
                _ => return None,
            },
            Type::S8 => Value::S8(self.number(1)? as i8),
            Type::U8 => Value::U8(self.number(1)? as u8),
            Type::S16 => Value::S16(self.number(2)? as i16),
            Type::U16 => Value::U16(self.number(2)? as u16),
            Type::S32 => Value::S32(self.number(4)? as i32),
            Type::U32 => Value::U32(self.number(4)? as u32),
            Type::S64 => Value::S64(self.number(8)? as i64),
            Type::U64 => Value::U64(self.number(8)?),
            Type::F32 => Value::F32(self.number(4)? as u32),
            Type::F64 => Value::F64(self.number(8)?),
            Type::Char => Value::Char(char::from_u32(self.number(4)? as u32)?),
            Type::String => Value::String(String::from_utf8(self.bulk(1)?.to_vec()).ok()?),
            Type::List(of) => Value::List(self.list(of)?),
            Type::Tuple(of) => {
                Value::Tuple(of.iter().map(|ty| self.value(ty)).collect::<Option<_>>()?)
            }
            Type::Record(_, of) => {
                let fields = of
                    .iter()
                    .map(|(name, ty)| Some((name.clone(), self.value(ty)?)));
                Value::Record(fields.collect::<Option<_>>()?)
            }
            Type::Option(of) => match self.case(2)? {
                0 => Value::Option(None),
                _ => Value::Option(self.held(Some(of))?),
            },
            Type::Result(ok, err) => Value::Result(match self.case(2)? {
                0 => Ok(self.held(ok.as_deref())?),
                _ => Err(self.held(err.as_deref())?),
            }),
            Type::Variant(_, cases) => {
                let (name, ty) = &cases[self.case(cases.len())?];
                Value::Variant(name.clone(), self.held(ty.as_ref())?)
            }
            Type::Enum(_, names) => Value::Enum(names[self.case(names.len())?].clone()),
            Type::Flags(_, names) => {
                let bits = self.number(match names.len() {
                    0..=8 => 1,
                    9..=16 => 2,
                    _ => 4,
                })?;
                if bits >> names.len() != 0 {
                    return None;
                }
                let set = names
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| bits >> bit & 1 == 1);
                Value::Flags(set.map(|(_, name)| name.clone()).collect())
            }
        })
    }

    fn case(&mut self, of: usize) -> Option<usize> {
        let case = self.number(discriminant_size(of))? as usize;
        (case < of).then_some(case)
    }

    fn held(&mut self, ty: Option<&Type>) -> Option<Option<Box<Value>>> {
        match ty {
            Some(ty) => Some(Some(Box::new(self.value(ty)?))),
            None => Some(None),
        }
    }

    /// The bytes of a text, or of numbers of so many bytes each.
    fn bulk(&mut self, each: usize) -> Option<&'a [u8]> {
        let count = self.number(4)?;
        if count != u64::from(u32::MAX) {
            return self.raw((count as usize).checked_mul(each)?);
        }
        let index = self.number(4)? as usize;
        let bytes = self.frame.blobs.get(index)?.as_bytes();
        bytes.len().is_multiple_of(each).then_some(bytes)
    }

    fn list(&mut self, of: &Type) -> Option<Vec<Value>> {
        let each = match of {
            Type::S8 | Type::U8 => 1,
            Type::S16 | Type::U16 => 2,
            Type::S32 | Type::U32 | Type::F32 => 4,
            Type::S64 | Type::U64 | Type::F64 => 8,
            _ => {
                let count = self.number(4)?;
                return (0..count).map(|_| self.value(of)).collect();
            }
        };
        let bytes = self.bulk(each)?;
        let mut numbers = Read {
            bytes,
            frame: self.frame,
        };
        (0..bytes.len() / each).map(|_| numbers.value(of)).collect()
    }
}
