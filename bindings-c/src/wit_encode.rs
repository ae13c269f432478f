//! From values of C to a frame: all that can be wrong with a value is found here, before a guest is entered.

use std::ffi::{CStr, c_char};

use landbridge::host::wit::Crossing;
use landbridge::{Error, ErrorKind, HostResource, NumberList, Result, WitFrame};

use crate::read::array;
use crate::wit_fault::{Fault, Put, Wrong};
use crate::wit_frame::{Beside, lb_wit_blob_t};
use crate::wit_given::{integer, not_the_fields, sort_name};
use crate::wit_object::objects_in;
use crate::wit_type::*;
use crate::wit_value::*;

/// How deep a value may be, as in core.
const DEPTH: usize = 200;

/// From so many bytes on, a string or a list of numbers lies beside the frame.
const BLOB_MIN: usize = landbridge::frame::BLOB_MIN;

/// Writes values of C to a frame. Large strings and lists are borrowed from the caller until the frame is used.
#[derive(Default)]
pub(crate) struct Encoder {
    bytes: Vec<u8>,
    blobs: Vec<lb_wit_blob_t>,
    /// Numbers that came one by one, to which blobs lead.
    kept: Vec<Vec<u8>>,
    /// Objects that are ours now.
    objects: Vec<HostResource>,
    depth: usize,
    /// Whether objects stay the caller's.
    is_trial: bool,
}

impl Encoder {
    /// Begins a frame in an old buffer.
    pub(crate) fn in_buffer(mut buffer: Vec<u8>) -> Encoder {
        buffer.clear();
        Encoder {
            bytes: buffer,
            ..Encoder::default()
        }
    }

    /// Writes a value. `root` names its place.
    ///
    /// # Safety
    /// The value is as its sort says, and all that it leads to lives until the frame is used up.
    #[inline(always)]
    pub(crate) unsafe fn put_at(
        &mut self,
        ty: &lb_wit_type_t,
        value: &lb_wit_value_t,
        root: impl FnOnce() -> String,
    ) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.put(ty, value) }.map_err(|wrong| wrong.at(&root()))
    }

    /// Lends the frame for a call.
    pub(crate) fn crossing<R>(&mut self, what: impl FnOnce(Crossing<'_>) -> R) -> R {
        what(Crossing {
            bytes: &mut self.bytes,
            // SAFETY: who wrote the values promised that they live until the frame is used up.
            blobs: &unsafe { Beside::new(&self.blobs) },
            objects: &self.objects,
        })
    }

    /// A frame of its own, with its objects. What is large is copied.
    pub(crate) fn finish(self) -> (WitFrame, Vec<HostResource>) {
        // SAFETY: as in `crossing`.
        let beside = unsafe { Beside::new(&self.blobs) };
        let blobs = (0..self.blobs.len()).map(|i| {
            let bytes = beside.get(i as u32).unwrap_or_default();
            NumberList::of_bytes_each(self.blobs[i].each, bytes)
        });
        let frame = WitFrame {
            blobs: blobs.collect(),
            bytes: self.bytes,
        };
        (frame, self.objects)
    }

    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// Lets go of the objects in values that were not taken: all that a program passes are the library's. Those that were
    /// taken are there as long as this is, so none is dropped twice.
    ///
    /// # Safety
    /// As [`Encoder::put_at`].
    #[cold]
    pub(crate) unsafe fn let_go_of_rest(&self, values: &[lb_wit_value_t]) {
        // SAFETY: the caller's promise.
        drop(unsafe { objects_in(values) });
    }

    unsafe fn put(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        if self.depth == DEPTH {
            return Err(Fault::TooDeep.into());
        }
        self.depth += 1;
        // SAFETY: the caller's promise.
        let put = unsafe { self.put_one(ty, value) };
        self.depth -= 1;
        put
    }

    unsafe fn put_one(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        // SAFETY: the caller's promise; the sort says which member is meant.
        unsafe {
            match (ty.sort, value.sort) {
                (LB_WIT_SORT_STRING, LB_WIT_SORT_STRING) => self.text(ty, &value.of.text),
                (LB_WIT_SORT_BOOL, LB_WIT_SORT_BOOL) => {
                    self.bytes.push((value.of.boolean != 0).into());
                    Ok(())
                }
                (LB_WIT_SORT_CHAR, LB_WIT_SORT_CHAR) => self.character(ty, value.of.character),
                (LB_WIT_SORT_F32, LB_WIT_SORT_F32) => self.raw(&value.of.f32.to_le_bytes()),
                (LB_WIT_SORT_F64, LB_WIT_SORT_F64) => self.raw(&value.of.f64.to_le_bytes()),
                (LB_WIT_SORT_F64, LB_WIT_SORT_F32) => {
                    self.raw(&f64::from(value.of.f32).to_le_bytes())
                }
                (LB_WIT_SORT_LIST, LB_WIT_SORT_LIST) => self.list(ty, &value.of.items),
                (LB_WIT_SORT_LIST, LB_WIT_SORT_NUMBERS) => self.numbers(ty, value),
                (LB_WIT_SORT_RECORD, LB_WIT_SORT_RECORD) => self.record(ty, &value.of.fields),
                (LB_WIT_SORT_TUPLE, LB_WIT_SORT_TUPLE) => self.tuple(ty, &value.of.items),
                (
                    LB_WIT_SORT_VARIANT | LB_WIT_SORT_ENUM,
                    LB_WIT_SORT_VARIANT | LB_WIT_SORT_ENUM,
                ) => self.variant(ty, value),
                (LB_WIT_SORT_FLAGS, LB_WIT_SORT_FLAGS) => self.flags(ty, &value.of.names),
                (LB_WIT_SORT_OPTION, LB_WIT_SORT_OPTION) => self.option(ty, &value.of.which),
                (LB_WIT_SORT_RESULT, LB_WIT_SORT_RESULT) => self.result(ty, value),
                (LB_WIT_SORT_OWN | LB_WIT_SORT_BORROW, LB_WIT_SORT_RESOURCE) => {
                    self.resource(value.of.resource)
                }
                (LB_WIT_SORT_OWN | LB_WIT_SORT_BORROW, LB_WIT_SORT_OBJECT) => {
                    let place = self.objects.len() as u64;
                    let mut object = value.of.object;
                    if self.is_trial {
                        object.drop = None;
                    }
                    self.objects.push(object.known());
                    self.raw(&place.to_le_bytes())
                }
                _ => self.integer(ty, value),
            }
        }
    }

    #[inline(always)]
    fn raw(&mut self, bytes: &[u8]) -> Put {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    unsafe fn integer(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        // SAFETY: the caller's promise.
        let Some(number) = (unsafe { integer(value) }) else {
            return Err(Fault::other(ty, sort_name(value)));
        };
        macro_rules! fits {
            ($($SORT:ident $Rust:ty),*) => {
                match ty.sort {
                    $($SORT => match <$Rust>::try_from(number) {
                        Ok(it) => self.raw(&it.to_le_bytes()),
                        Err(_) => Err(Fault::unfit(number.to_string(), ty)),
                    },)*
                    _ => Err(Fault::other(ty, sort_name(value))),
                }
            };
        }
        fits!(
            LB_WIT_SORT_S8 i8, LB_WIT_SORT_U8 u8, LB_WIT_SORT_S16 i16, LB_WIT_SORT_U16 u16,
            LB_WIT_SORT_S32 i32, LB_WIT_SORT_U32 u32, LB_WIT_SORT_S64 i64, LB_WIT_SORT_U64 u64
        )
    }

    fn character(&mut self, ty: &lb_wit_type_t, bits: u32) -> Put {
        match char::from_u32(bits) {
            Some(_) => self.raw(&bits.to_le_bytes()),
            None => Err(Fault::unfit(format!("{bits:#x}"), ty)),
        }
    }

    /// Adds a count or a length.
    fn count(&mut self, count: usize) -> Put {
        match u32::try_from(count) {
            Ok(told) if told != landbridge::frame::BLOB => self.raw(&told.to_le_bytes()),
            _ => {
                let text = format!("{count} bytes or elements are too many for a frame");
                Err(Fault::Of(Error::new(ErrorKind::Limit, text)).into())
            }
        }
    }

    /// Adds a string, or numbers of so many bytes each.
    unsafe fn bulk(&mut self, bytes: &[u8], each: usize) -> Put {
        if bytes.len() < BLOB_MIN {
            self.count(bytes.len() / each)?;
            return self.raw(bytes);
        }
        self.beside(lb_wit_blob_t {
            data: bytes.as_ptr().cast(),
            bytes: bytes.len(),
            each,
        })
    }

    fn beside(&mut self, blob: lb_wit_blob_t) -> Put {
        let mut bytes = [0xff; 8];
        bytes[4..].copy_from_slice(&(self.blobs.len() as u32).to_le_bytes());
        self.blobs.push(blob);
        self.raw(&bytes)
    }

    unsafe fn text(&mut self, ty: &lb_wit_type_t, text: &lb_wit_text_t) -> Put {
        // SAFETY: the caller's promise.
        unsafe {
            let bytes = given(text.data.cast::<u8>(), text.length, ty)?;
            if std::str::from_utf8(bytes).is_err() {
                return Err(Fault::other(ty, "bytes that are not UTF-8"));
            }
            self.bulk(bytes, 1)
        }
    }

    unsafe fn list(&mut self, ty: &lb_wit_type_t, items: &lb_wit_items_t) -> Put {
        let of = ty.element().unwrap_or(ty);
        // SAFETY: the caller's promise.
        let items = unsafe { given(items.data, items.count, ty) }?;
        let each = number_bytes(of.sort);
        if each > 0 && each * items.len() >= BLOB_MIN {
            // SAFETY: the caller's promise.
            return unsafe { self.collected(of, each, items) };
        }
        self.count(items.len())?;
        for (i, item) in items.iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { self.put(of, item) }.map_err(|it| it.in_element(i))?;
        }
        Ok(())
    }

    /// A long list of numbers that came one by one.
    unsafe fn collected(
        &mut self,
        of: &lb_wit_type_t,
        each: usize,
        items: &[lb_wit_value_t],
    ) -> Put {
        let mut alone = Encoder::default();
        for (i, item) in items.iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { alone.put(of, item) }.map_err(|it| it.in_element(i))?;
        }
        let bytes = alone.into_buffer();
        let blob = lb_wit_blob_t {
            data: bytes.as_ptr().cast(),
            bytes: bytes.len(),
            each,
        };
        self.kept.push(bytes);
        self.beside(blob)
    }

    unsafe fn numbers(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        let of = ty.element().unwrap_or(ty);
        let each = number_bytes(value.part);
        if value.part != of.sort || each == 0 {
            return Err(Fault::other(ty, sort_name(value)));
        }
        // SAFETY: the caller's promise; a count of bytes that overflows is larger than any array.
        unsafe {
            let lb_wit_numbers_t { data, count } = value.of.numbers;
            let bytes = count.saturating_mul(each);
            let bytes = given(data.cast::<u8>(), bytes, ty)?;
            self.bulk(bytes, each)
        }
    }

    unsafe fn record(&mut self, ty: &lb_wit_type_t, fields: &lb_wit_fields_t) -> Put {
        // SAFETY: the caller's promise, in all of it.
        unsafe {
            let fields = given(fields.data, fields.count, ty)?;
            if fields.iter().any(|it| it.name.is_null()) {
                return Err(Fault::other(ty, "a field without a name"));
            }
            let mut used = 0;
            for (i, part) in ty.parts.iter().enumerate() {
                let (Some(name), Some(of)) = (&part.name, &part.ty) else {
                    continue;
                };
                let is_it = |it: &&lb_wit_field_t| CStr::from_ptr(it.name) == name.as_c_str();
                // Most come in the type's order.
                let here = fields.get(i).filter(is_it);
                let found = here.or_else(|| fields.iter().find(is_it));
                used += usize::from(found.is_some());
                match found {
                    Some(field) => {
                        let put = self.put(of, &field.value);
                        put.map_err(|it| it.in_field(&name.to_string_lossy()))?;
                    }
                    None if of.sort == LB_WIT_SORT_OPTION => self.bytes.push(0),
                    None => return Err(not_the_fields(ty, fields, Some(name))),
                }
            }
            match used == fields.len() {
                true => Ok(()),
                false => Err(not_the_fields(ty, fields, None)),
            }
        }
    }

    unsafe fn tuple(&mut self, ty: &lb_wit_type_t, items: &lb_wit_items_t) -> Put {
        // SAFETY: the caller's promise, in all of it.
        unsafe {
            let items = given(items.data, items.count, ty)?;
            if items.len() != ty.parts.len() {
                let told = |count: usize| format!("a tuple of {count}");
                return Err(Fault::Other(told(ty.parts.len()), told(items.len())).into());
            }
            for (i, (part, item)) in ty.parts.iter().zip(items).enumerate() {
                let put = self.put(part.ty.as_deref().unwrap_or(ty), item);
                put.map_err(|it| it.in_field(&i.to_string()))?;
            }
        }
        Ok(())
    }

    unsafe fn variant(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        // SAFETY: the caller's promise; both sorts have this member.
        let (which, case) = unsafe { (&value.of.which, case_of(ty, value)?) };
        self.case(case, ty.case_bytes());
        let part = &ty.parts[case];
        if part.ty.is_none() && which.value.is_null() {
            return Ok(());
        }
        let name = part.name.as_deref().unwrap_or_default().to_string_lossy();
        // SAFETY: the caller's promise.
        unsafe { self.held(part.ty.as_deref(), which.value, &name) }
    }

    fn case(&mut self, case: usize, bytes: usize) {
        let told = (case as u32).to_le_bytes();
        self.bytes.extend_from_slice(&told[..bytes]);
    }

    unsafe fn option(&mut self, ty: &lb_wit_type_t, which: &lb_wit_case_t) -> Put {
        // SAFETY: the caller's promise.
        match (unsafe { which.value.as_ref() }, ty.element()) {
            (Some(value), Some(of)) => {
                self.bytes.push(1);
                // SAFETY: the caller's promise.
                unsafe { self.put(of, value) }
            }
            _ => self.raw(&[0]),
        }
    }

    unsafe fn result(&mut self, ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Put {
        let (case, name) = match value.part {
            0 => (0, "ok"),
            1 => (1, "err"),
            other => return Err(Fault::unknown_case(ty, &other.to_string())),
        };
        self.bytes.push(case);
        let held = ty.parts.get(usize::from(case));
        let held = held.and_then(|it| it.ty.as_deref());
        // SAFETY: the caller's promise; the sort has this member.
        unsafe { self.held(held, value.of.which.value, name) }
    }

    /// What a case holds.
    unsafe fn held(
        &mut self,
        ty: Option<&lb_wit_type_t>,
        value: *const lb_wit_value_t,
        case: &str,
    ) -> Put {
        // SAFETY: the caller's promise.
        let put = match (ty, unsafe { value.as_ref() }) {
            // SAFETY: as above.
            (Some(ty), Some(value)) => unsafe { self.put(ty, value) },
            (None, None) => Ok(()),
            (Some(ty), None) => Err(Fault::other(ty, "nothing")),
            (None, Some(value)) => {
                Err(Fault::Other("nothing".to_owned(), sort_name(value).into_owned()).into())
            }
        };
        put.map_err(|it| it.in_field(case))
    }

    unsafe fn flags(&mut self, ty: &lb_wit_type_t, names: &lb_wit_names_t) -> Put {
        let begin = self.bytes.len();
        self.bytes.resize(begin + ty.flags_bytes(), 0);
        // SAFETY: the caller's promise.
        for name in unsafe { given(names.data, names.count, ty) }? {
            // SAFETY: as above.
            let bit = unsafe { part_named(ty, *name, "flag") }?;
            self.bytes[begin + bit / 8] |= 1 << (bit % 8);
        }
        Ok(())
    }

    fn resource(&mut self, handle: u64) -> Put {
        match handle >> 32 {
            // Such a number would be the place of an object.
            0 => {
                let text = "the resource was closed or given away, or it is of another store";
                Err(Fault::Of(Error::new(ErrorKind::Closed, text)).into())
            }
            _ => self.raw(&handle.to_le_bytes()),
        }
    }
}

/// An array in a value.
unsafe fn given<'a, T>(
    data: *const T,
    count: usize,
    ty: &lb_wit_type_t,
) -> std::result::Result<&'a [T], Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe { array(data, count, "") }.map_err(|_| match data.is_null() {
        true => Fault::other(ty, "NULL"),
        false => Fault::other(ty, format!("{count} elements")),
    })
}

/// Which case a value is.
unsafe fn case_of(
    ty: &lb_wit_type_t,
    value: &lb_wit_value_t,
) -> std::result::Result<usize, Box<Wrong>> {
    // SAFETY: the caller's promise; both sorts have this member.
    let name = unsafe { value.of.which.name };
    if !name.is_null() {
        // SAFETY: the caller's promise.
        return unsafe { part_named(ty, name, "case") };
    }
    let case = value.part as usize;
    match case < ty.parts.len() {
        true => Ok(case),
        false => Err(Fault::unknown_case(ty, &case.to_string())),
    }
}

/// Which part of a type has a name.
unsafe fn part_named(
    ty: &lb_wit_type_t,
    name: *const c_char,
    what: &'static str,
) -> std::result::Result<usize, Box<Wrong>> {
    if name.is_null() {
        return Err(Fault::other(ty, format!("a {what} without a name")));
    }
    // SAFETY: it is not NULL, and the caller promises the rest.
    let name = unsafe { CStr::from_ptr(name) };
    let mut parts = ty.parts.iter();
    let found = parts.position(|it| it.name.as_deref() == Some(name));
    found.ok_or_else(|| Fault::unknown(ty, what, &name.to_string_lossy()))
}

/// The frame of one value, in which objects are only told apart: they stay the caller's.
///
/// # Safety
/// As [`Encoder::put_at`].
pub(crate) unsafe fn encode_one(ty: &lb_wit_type_t, value: &lb_wit_value_t) -> Result<WitFrame> {
    let mut encoder = Encoder {
        is_trial: true,
        ..Encoder::default()
    };
    // SAFETY: the caller's promise.
    unsafe { encoder.put_at(ty, value, || "value".to_owned()) }?;
    Ok(encoder.finish().0)
}
