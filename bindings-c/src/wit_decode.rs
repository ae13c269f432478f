//! From a frame to values of C.

use landbridge::frame::{Laid, Reader};
use landbridge::{Error, HostResource, NumberList, Result};

use crate::arena::Arena;
use crate::text::pointer;
use crate::types::lb_bool;
use crate::wit_frame::lb_wit_object_t;
use crate::wit_type::*;
use crate::wit_value::*;

/// Makes trees of what a frame holds. They point into the frame, to what lies beside it, and into the arena.
pub(crate) struct Decoder<'a> {
    frame: Reader<'a>,
    blobs: &'a [NumberList],
    objects: &'a [HostResource],
    arena: &'a mut Arena,
    /// Whether what lies in the frame is copied, since the frame goes before the tree.
    copies: bool,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(
        bytes: &'a [u8],
        blobs: &'a [NumberList],
        objects: &'a [HostResource],
        arena: &'a mut Arena,
    ) -> Decoder<'a> {
        Decoder {
            frame: Reader::values(bytes),
            blobs,
            objects,
            arena,
            copies: false,
        }
    }

    /// The one value of a frame that goes before the tree. What lies beside it stays.
    pub(crate) fn whole_copied(mut self, ty: &lb_wit_type_t) -> Result<*const lb_wit_value_t> {
        self.copies = true;
        self.whole(ty)
    }

    /// The one value of a frame.
    pub(crate) fn whole(&mut self, ty: &lb_wit_type_t) -> Result<*const lb_wit_value_t> {
        let value = self.take(ty)?;
        self.frame.end()?;
        Ok(self.arena.keep(value))
    }

    /// The values of several types, one behind the other.
    pub(crate) fn all<'t>(
        &mut self,
        types: impl ExactSizeIterator<Item = &'t lb_wit_type_t>,
    ) -> Result<*const lb_wit_value_t> {
        let items = self.items(types)?;
        self.frame.end()?;
        Ok(items)
    }

    fn items<'t>(
        &mut self,
        types: impl ExactSizeIterator<Item = &'t lb_wit_type_t>,
    ) -> Result<*const lb_wit_value_t> {
        let room = self.arena.room::<lb_wit_value_t>(types.len());
        for (i, ty) in types.enumerate() {
            let value = self.take(ty)?;
            // SAFETY: there is room for as many as there are types.
            unsafe { room.add(i).write(value) };
        }
        Ok(room)
    }

    fn take(&mut self, ty: &lb_wit_type_t) -> Result<lb_wit_value_t> {
        let mut part = 0;
        let from = &mut self.frame;
        let of = match ty.sort {
            LB_WIT_SORT_BOOL => lb_wit_bits_t {
                boolean: lb_bool::from(from.byte()? != 0),
            },
            LB_WIT_SORT_CHAR => lb_wit_bits_t {
                character: u32::from_le_bytes(from.array()?),
            },
            LB_WIT_SORT_STRING => lb_wit_bits_t { text: self.text()? },
            LB_WIT_SORT_LIST => return self.list(ty),
            LB_WIT_SORT_RECORD => lb_wit_bits_t {
                fields: self.record(ty)?,
            },
            LB_WIT_SORT_TUPLE => {
                let types = ty.parts.iter().map(|it| it.ty.as_deref().unwrap_or(ty));
                let data = self.items(types)?;
                let count = ty.parts.len();
                lb_wit_bits_t {
                    items: lb_wit_items_t { data, count },
                }
            }
            LB_WIT_SORT_VARIANT | LB_WIT_SORT_ENUM | LB_WIT_SORT_OPTION | LB_WIT_SORT_RESULT => {
                let (case, which) = self.case(ty)?;
                part = case;
                lb_wit_bits_t { which }
            }
            LB_WIT_SORT_FLAGS => lb_wit_bits_t {
                names: self.flags(ty)?,
            },
            LB_WIT_SORT_OWN | LB_WIT_SORT_BORROW => return self.resource(),
            number => {
                // All numbers of the union begin where it does, little-endian.
                let mut bits = [0; 8];
                let bytes = number_bytes(number);
                bits[..bytes].copy_from_slice(from.raw(bytes)?);
                lb_wit_bits_t {
                    u64: u64::from_le_bytes(bits),
                }
            }
        };
        let sort = ty.sort;
        Ok(lb_wit_value_t { sort, part, of })
    }

    /// The bytes of a string, or of numbers.
    fn bulk(&mut self, each: usize) -> Result<(&'a [u8], bool)> {
        match self.frame.laid(each)? {
            Laid::Here(bytes) => Ok((bytes, true)),
            Laid::Beside(index) => match self.blobs.get(index as usize) {
                Some(blob) if blob.as_bytes().len() % each == 0 => Ok((blob.as_bytes(), false)),
                _ => Err(self
                    .frame
                    .wrong(&format!("there is no blob {index} for it"))),
            },
        }
    }

    fn text(&mut self) -> Result<lb_wit_text_t> {
        let (bytes, is_here) = self.bulk(1)?;
        let data = match is_here && self.copies {
            true => self.arena.keep_bytes(bytes),
            false => bytes.as_ptr(),
        };
        Ok(lb_wit_text_t {
            data: data.cast(),
            length: bytes.len(),
        })
    }

    fn list(&mut self, ty: &lb_wit_type_t) -> Result<lb_wit_value_t> {
        let Some(of) = ty.element() else {
            return Err(self.no_such(ty));
        };
        let each = number_bytes(of.sort);
        if each == 0 {
            let count = self.frame.length()?;
            let data = self.items((0..count).map(|_| of))?;
            return Ok(lb_wit_value_t {
                sort: LB_WIT_SORT_LIST,
                part: 0,
                of: lb_wit_bits_t {
                    items: lb_wit_items_t { data, count },
                },
            });
        }
        let (bytes, is_here) = self.bulk(each)?;
        // In a frame they lie anywhere.
        let data = match is_here && (self.copies || each > 1) {
            true => self.arena.keep_bytes(bytes),
            false => bytes.as_ptr(),
        };
        Ok(lb_wit_value_t {
            sort: LB_WIT_SORT_NUMBERS,
            part: of.sort,
            of: lb_wit_bits_t {
                numbers: lb_wit_numbers_t {
                    data: data.cast(),
                    count: bytes.len() / each,
                },
            },
        })
    }

    fn record(&mut self, ty: &lb_wit_type_t) -> Result<lb_wit_fields_t> {
        let room = self.arena.room::<lb_wit_field_t>(ty.parts.len());
        for (i, part) in ty.parts.iter().enumerate() {
            let field = lb_wit_field_t {
                name: pointer(&part.name),
                value: self.take(part.ty.as_deref().unwrap_or(ty))?,
            };
            // SAFETY: there is room for as many as there are parts.
            unsafe { room.add(i).write(field) };
        }
        Ok(lb_wit_fields_t {
            data: room,
            count: ty.parts.len(),
        })
    }

    fn case(&mut self, ty: &lb_wit_type_t) -> Result<(u32, lb_wit_case_t)> {
        let case = self.frame.case(ty.case_bytes())?;
        let is_option = ty.sort == LB_WIT_SORT_OPTION;
        let (name, held) = match case {
            0 if is_option => (c"none".as_ptr(), None),
            1 if is_option => (c"some".as_ptr(), ty.element()),
            _ => match ty.parts.get(case as usize).filter(|_| !is_option) {
                Some(part) => (pointer(&part.name), part.ty.as_deref()),
                None => return Err(self.no_such(ty)),
            },
        };
        let value = match held {
            Some(ty) => {
                let value = self.take(ty)?;
                self.arena.keep(value)
            }
            None => std::ptr::null(),
        };
        Ok((case, lb_wit_case_t { name, value }))
    }

    fn flags(&mut self, ty: &lb_wit_type_t) -> Result<lb_wit_names_t> {
        let bytes = self.frame.raw(ty.flags_bytes())?;
        let is_set = |bit: usize| bytes[bit / 8] & (1 << (bit % 8)) != 0;
        let set = || (0..ty.parts.len()).filter(|bit| is_set(*bit));
        let count = set().count();
        let room = self.arena.room::<*const std::ffi::c_char>(count);
        for (i, bit) in set().enumerate() {
            // SAFETY: there is room for as many as are set.
            unsafe { room.add(i).write(pointer(&ty.parts[bit].name)) };
        }
        Ok(lb_wit_names_t { data: room, count })
    }

    fn resource(&mut self) -> Result<lb_wit_value_t> {
        let handle = u64::from_le_bytes(self.frame.array()?);
        let (sort, of) = match handle >> 32 {
            0 => match self.objects.get(handle as usize) {
                Some(object) => {
                    let object = lb_wit_object_t::lend(object);
                    (LB_WIT_SORT_OBJECT, lb_wit_bits_t { object })
                }
                None => return Err(self.frame.wrong("there is no such object")),
            },
            _ => {
                let resource = handle;
                (LB_WIT_SORT_RESOURCE, lb_wit_bits_t { resource })
            }
        };
        Ok(lb_wit_value_t { sort, part: 0, of })
    }

    #[cold]
    fn no_such(&self, ty: &lb_wit_type_t) -> Error {
        self.frame.wrong(&format!("there is no such {}", ty.text()))
    }
}
