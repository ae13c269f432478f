//! Reading frames of components
//!
//! A lb_wit_reader_t reads the values in a frame one by one, without any memory of its own: it is a struct of the
//! program's, on its stack. What is read points into the frame, and lives as long as it.
//!
//!     static lb_error_t *take(void *data, const lb_wit_frame_t *frame) {
//!       lb_wit_reader_t reader, fields;
//!       lb_wit_value_t name, age;
//!       lb_wit_reader_begin(type.result, frame, &reader);
//!       lb_error_t *err = lb_wit_reader_enter(&reader, &fields);
//!       if (!err) err = lb_wit_read(&fields, &name);
//!       if (!err) err = lb_wit_read(&fields, &age);
//!       if (!err) err = lb_wit_reader_leave(&reader, &fields);
//!       ...
//!
//! Where a value has parts, lb_wit_reader_enter() makes a reader of those, and lb_wit_reader_leave() goes on behind them.

use landbridge::frame::{Laid, Reader};
use landbridge::{Error, ErrorKind, Result};

use crate::error::lb_error_t;
use crate::guard::guard;
use crate::guard::guard_out;
use crate::out::Out;
use crate::read::{array, null};
use crate::wit_frame::lb_wit_frame_t;
use crate::wit_type::*;
use crate::wit_value::*;

/// Where in a frame somebody is. lb_wit_reader_begin() fills it. Read type, count and part; the other members are the
/// library's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_reader_t {
    /// The type of what is read next, or NULL if nothing is left.
    pub r#type: *const lb_wit_type_t,
    /// How many parts there are to read in all: elements of a list or a tuple, fields of a record; 1 or 0 of a case, by
    /// whether it holds something.
    pub count: usize,
    /// Which case was entered: of a variant or an enum; 0 for none and 1 for some; 0 for ok and 1 for err.
    pub part: u32,
    /// Which part is next.
    pub index: usize,
    /// Where in the frame it is.
    pub at: usize,
    /// The frame.
    pub frame: *const lb_wit_frame_t,
    /// What was entered, or NULL.
    pub of: *const lb_wit_type_t,
    /// Room for later versions.
    pub reserved: [u64; 2],
}

impl lb_wit_reader_t {
    /// # Safety
    /// `frame` leads to a frame that is as it says, for `'a`.
    unsafe fn bytes<'a>(&self) -> Result<Reader<'a>> {
        // SAFETY: the caller's promise.
        unsafe {
            let frame = self.frame.as_ref().ok_or_else(|| null("the frame"))?;
            let bytes = array(frame.bytes.cast_const(), frame.length, "the frame's bytes")?;
            let left = bytes.get(self.at..);
            left.map(Reader::values).ok_or_else(|| off_the_end(self.at))
        }
    }

    /// Goes on behind what was read.
    fn next(&mut self, read: usize) {
        self.at += read;
        self.index += 1;
        // SAFETY: a reader's types are alive as long as it is used.
        self.r#type = match unsafe { self.of.as_ref() } {
            Some(of) if self.index < self.count => part_of(of, self.index, self.part),
            _ => std::ptr::null(),
        };
    }
}

/// The type of a part of what was entered.
fn part_of(of: &lb_wit_type_t, index: usize, case: u32) -> *const lb_wit_type_t {
    let index = match of.sort {
        LB_WIT_SORT_LIST | LB_WIT_SORT_OPTION => 0,
        LB_WIT_SORT_VARIANT | LB_WIT_SORT_RESULT => case as usize,
        _ => index,
    };
    let held = of.parts.get(index).and_then(|it| it.ty.as_ref());
    held.map_or(std::ptr::null(), std::sync::Arc::as_ptr)
}

#[cold]
fn off_the_end(at: usize) -> Error {
    let text = format!("the frame is malformed: it has no byte {at}");
    Error::new(ErrorKind::Type, text)
}

/// Makes a reader of a value of a type in a frame. Nothing is checked before it reads.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_reader_begin(
    r#type: *const lb_wit_type_t,
    frame: *const lb_wit_frame_t,
    reader: Out<lb_wit_reader_t>,
) {
    // Without a place for it there is no reader: what reads says so.
    let _ = reader.set(lb_wit_reader_t {
        r#type,
        count: 1,
        part: 0,
        index: 0,
        at: 0,
        frame,
        of: std::ptr::null(),
        reserved: [0; 2],
    });
}

/// # Safety
/// `reader` is NULL or leads to a reader whose frame and types are alive.
unsafe fn begin<'a, 't>(
    reader: *mut lb_wit_reader_t,
) -> Result<(&'t mut lb_wit_reader_t, &'t lb_wit_type_t, Reader<'a>)> {
    // SAFETY: the caller's promise, in all of it.
    unsafe {
        let reader = reader.as_mut().ok_or_else(|| null("the reader"))?;
        let ty = reader.r#type.as_ref().ok_or_else(nothing_left)?;
        let bytes = reader.bytes()?;
        Ok((reader, ty, bytes))
    }
}

#[cold]
fn nothing_left() -> Error {
    Error::new(ErrorKind::Type, "nothing is left to be read")
}

#[cold]
fn has_parts(ty: &lb_wit_type_t, does: bool) -> Error {
    let text = match does {
        true => format!(
            "a value of {} has parts; see lb_wit_reader_enter()",
            ty.text()
        ),
        false => format!("a value of {} has no parts; see lb_wit_read()", ty.text()),
    };
    Error::new(ErrorKind::Type, text)
}

/// Reads what is next, if it has no parts: bool, a number, char, string, a list of numbers, a resource; and flags, which
/// come as LB_WIT_SORT_NUMBERS of LB_WIT_SORT_U8: their bits, the first flag in the lowest one. The numbers of a list need
/// not be aligned. What value leads to lives as long as the frame.
///
/// Errors: LB_KIND_TYPE if it has parts, if nothing is left, or if the frame is malformed. The reader stays where it
/// is then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_read(
    reader: *mut lb_wit_reader_t,
    value: Out<lb_wit_value_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(value, lb_wit_value_t::NOTHING, || unsafe {
        let (reader, ty, mut from) = begin(reader)?;
        let frame = reader.frame.as_ref().ok_or_else(|| null("the frame"))?;
        let value = plain(ty, &mut from, frame)?.ok_or_else(|| has_parts(ty, true))?;
        reader.next(from.at());
        Ok(value)
    })
}

/// A value without parts.
///
/// # Safety
/// The frame is as it says.
unsafe fn plain(
    ty: &lb_wit_type_t,
    from: &mut Reader<'_>,
    frame: &lb_wit_frame_t,
) -> Result<Option<lb_wit_value_t>> {
    let mut value = lb_wit_value_t {
        sort: ty.sort,
        ..lb_wit_value_t::NOTHING
    };
    match ty.sort {
        LB_WIT_SORT_STRING => {
            // SAFETY: the caller's promise.
            let bytes = unsafe { bulk(from, 1, frame) }?;
            value.of.text = lb_wit_text_t {
                data: bytes.as_ptr().cast(),
                length: bytes.len(),
            };
        }
        LB_WIT_SORT_LIST => {
            let of = ty.element().map_or(LB_WIT_SORT_NOTHING, |it| it.sort);
            let each = number_bytes(of);
            if each == 0 {
                return Ok(None);
            }
            // SAFETY: the caller's promise.
            let bytes = unsafe { bulk(from, each, frame) }?;
            (value.sort, value.part) = (LB_WIT_SORT_NUMBERS, of);
            value.of.numbers = lb_wit_numbers_t {
                data: bytes.as_ptr().cast(),
                count: bytes.len() / each,
            };
        }
        LB_WIT_SORT_FLAGS => {
            let bits = from.raw(ty.flags_bytes())?;
            (value.sort, value.part) = (LB_WIT_SORT_NUMBERS, LB_WIT_SORT_U8);
            value.of.numbers = lb_wit_numbers_t {
                data: bits.as_ptr().cast(),
                count: bits.len(),
            };
        }
        LB_WIT_SORT_OWN | LB_WIT_SORT_BORROW => {
            // SAFETY: the caller's promise.
            unsafe { resource(from, frame, &mut value) }?;
        }
        sort => {
            let bytes = scalar_bytes(sort);
            if bytes == 0 {
                return Ok(None);
            }
            let mut bits = [0; 8];
            bits[..bytes].copy_from_slice(from.raw(bytes)?);
            if sort == LB_WIT_SORT_BOOL && bits[0] > 1 {
                return Err(from.wrong(&format!("there is no bool {}", bits[0])));
            }
            // All numbers of the union begin where it does, little-endian.
            value.of.u64 = u64::from_le_bytes(bits);
        }
    }
    Ok(Some(value))
}

/// How many bytes a value of this sort has, if it is but one; else 0.
fn scalar_bytes(sort: lb_wit_sort_t) -> usize {
    match sort {
        LB_WIT_SORT_BOOL => 1,
        LB_WIT_SORT_CHAR => 4,
        number => number_bytes(number),
    }
}

/// A handle, or an object of the program's.
///
/// # Safety
/// The frame is as it says.
unsafe fn resource(
    from: &mut Reader<'_>,
    frame: &lb_wit_frame_t,
    value: &mut lb_wit_value_t,
) -> Result<()> {
    let handle = u64::from_le_bytes(from.array()?);
    value.sort = LB_WIT_SORT_RESOURCE;
    value.of.resource = handle;
    if handle >> 32 == 0 {
        // SAFETY: the caller's promise.
        let objects = unsafe { array(frame.objects, frame.nobjects, "objects") }?;
        let object = objects.get(handle as usize);
        value.sort = LB_WIT_SORT_OBJECT;
        value.of.object = *object.ok_or_else(|| from.wrong("there is no such object"))?;
    }
    Ok(())
}

/// The bytes of a string, or of numbers.
///
/// # Safety
/// The frame is as it says.
unsafe fn bulk<'a>(from: &mut Reader<'a>, each: usize, frame: &lb_wit_frame_t) -> Result<&'a [u8]> {
    match from.laid(each)? {
        Laid::Here(bytes) => Ok(bytes),
        Laid::Beside(index) => {
            // SAFETY: the caller's promise.
            let blobs = unsafe { array(frame.blobs, frame.nblobs, "blobs") }?;
            let blob = blobs.get(index as usize).filter(|it| it.bytes % each == 0);
            let blob = blob.ok_or_else(|| from.wrong(&format!("there is no blob {index}")))?;
            // SAFETY: the caller's promise.
            unsafe { array(blob.data.cast(), blob.bytes, "a blob") }
        }
    }
}

/// Makes a reader of the parts of what is next: the elements of a list that is none of numbers, the fields of a record, what
/// a case holds. inner's part says which case it is, its count how many parts there are. Use the outer reader only after
/// lb_wit_reader_leave().
///
/// Errors: LB_KIND_TYPE if it has no parts, if nothing is left, or if the frame is malformed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_reader_enter(
    reader: *const lb_wit_reader_t,
    inner: Out<lb_wit_reader_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let (reader, ty, mut from) = begin(reader.cast_mut())?;
        let entered = enter(reader, ty, &mut from)?;
        inner.set(entered.ok_or_else(|| has_parts(ty, false))?)
    })
}

fn enter(
    reader: &lb_wit_reader_t,
    ty: &lb_wit_type_t,
    from: &mut Reader<'_>,
) -> Result<Option<lb_wit_reader_t>> {
    let mut inner = lb_wit_reader_t {
        index: 0,
        of: ty,
        part: 0,
        ..*reader
    };
    inner.count = match ty.sort {
        LB_WIT_SORT_LIST if ty.element().is_some_and(|it| number_bytes(it.sort) == 0) => {
            from.length()?
        }
        LB_WIT_SORT_RECORD | LB_WIT_SORT_TUPLE => ty.parts.len(),
        LB_WIT_SORT_VARIANT | LB_WIT_SORT_ENUM | LB_WIT_SORT_OPTION | LB_WIT_SORT_RESULT => {
            inner.part = from.case(ty.case_bytes())?;
            let cases = match ty.sort {
                LB_WIT_SORT_OPTION => 2,
                _ => ty.parts.len(),
            };
            if inner.part as usize >= cases {
                return Err(from.wrong(&format!("there is no case {} of {cases}", inner.part)));
            }
            let is_none = ty.sort == LB_WIT_SORT_OPTION && inner.part == 0;
            usize::from(!is_none && !part_of(ty, 0, inner.part).is_null())
        }
        _ => return Ok(None),
    };
    inner.at += from.at();
    inner.r#type = match inner.count {
        0 => std::ptr::null(),
        _ => part_of(ty, 0, inner.part),
    };
    Ok(Some(inner))
}

/// Goes on behind what was entered, also if not all of it was read.
///
/// Errors: LB_KIND_TYPE if inner was not made of reader, or if the frame is malformed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_reader_leave(
    reader: *mut lb_wit_reader_t,
    inner: *const lb_wit_reader_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let reader = reader.as_mut().ok_or_else(|| null("the reader"))?;
        let mut inner = *inner.as_ref().ok_or_else(|| null("inner"))?;
        if inner.of != reader.r#type || inner.frame != reader.frame || inner.at < reader.at {
            let text = "inner was not made of this reader by lb_wit_reader_enter()";
            return Err(Error::new(ErrorKind::Type, text));
        }
        while !inner.r#type.is_null() {
            skip(&mut inner)?;
        }
        reader.next(inner.at - reader.at);
        Ok(())
    })
}

/// Goes on behind what is next, whatever it is.
///
/// Errors: LB_KIND_TYPE if nothing is left, or if the frame is malformed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_reader_skip(reader: *mut lb_wit_reader_t) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe { skip(reader.as_mut().ok_or_else(|| null("the reader"))?) })
}

/// # Safety
/// The frame and the types are alive.
unsafe fn skip(reader: &mut lb_wit_reader_t) -> Result<()> {
    // SAFETY: the caller's promise, in all of it. Types are not deeper than 100.
    unsafe {
        let (reader, ty, mut from) = begin(reader)?;
        let frame = reader.frame.as_ref().ok_or_else(|| null("the frame"))?;
        if plain(ty, &mut from, frame)?.is_some() {
            reader.next(from.at());
            return Ok(());
        }
        let mut from = reader.bytes()?;
        let mut inner = enter(reader, ty, &mut from)?.ok_or_else(|| has_parts(ty, false))?;
        while !inner.r#type.is_null() {
            skip(&mut inner)?;
        }
        reader.next(inner.at - reader.at);
        Ok(())
    }
}
