//! Errors with a value of WIT, and values whose type is not known
//!
//! If a host function's type is a result, it may return an error of LB_KIND_WIT in place of giving an err: the payload
//! becomes the err. If its type is no result, the error comes out of the outermost call as it is.

use std::ffi::{CStr, c_char};
use std::sync::Arc;

use landbridge::{Error, ErrorKind, NumberList, Resource, Result, WitNumber, WitValue};

use crate::arena::Arena;
use crate::error::{Kept, lb_error_t};
use crate::guard::guard_out;
use crate::out::Out;
use crate::read::{array, null};
use crate::stdio::lb_bytes_t;
use crate::wit_fault::{Fault, Wrong};
use crate::wit_frame::lb_wit_object_t;
use crate::wit_given::{integer, sort_name};
use crate::wit_object::objects_in;
use crate::wit_type::*;
use crate::wit_value::*;

type Made = std::result::Result<WitValue, Box<Wrong>>;

/// How deep a value may be, as in core.
const DEPTH: usize = 200;

/// Makes an error of LB_KIND_WIT, for a host function to return. payload (or NULL, where an err holds nothing) is copied;
/// objects in it are the library's. The caller owns the error until it is returned. What is no value gives an error of
/// LB_KIND_TYPE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_error(payload: *const lb_wit_value_t) -> *mut lb_error_t {
    let mut made = None;
    let failed = crate::guard::guard(|| {
        // SAFETY: the caller passes NULL or a value.
        let payload = unsafe { payload.as_ref() };
        // SAFETY: as above. The objects are there until it is known whether all went well.
        let _held = payload.map(|it| unsafe { objects_in(std::slice::from_ref(it)) });
        // SAFETY: as above.
        let payload = payload.map(|it| unsafe { untyped(it, true) });
        let payload = payload.transpose()?;
        let error = Error::new(ErrorKind::Wit, "a host function gave an err");
        made = Some(error.with_payload(payload));
        Ok(())
    });
    match made {
        Some(error) => lb_error_t::give(error),
        None => failed,
    }
}

/// The value of an error of LB_KIND_WIT; is_there receives whether there is one, since an err may hold nothing: then the
/// value is NULL. It lives as long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_error_payload(
    error: *const lb_error_t,
    is_there: Out<crate::types::lb_bool>,
) -> *const lb_wit_value_t {
    // SAFETY: the caller passes NULL or an error that is alive.
    let payload = unsafe { error.as_ref() }.and_then(Payload::of);
    is_there.tell(payload.is_some().into());
    payload.map_or(std::ptr::null(), |it| it.value)
}

/// A value as text in WAVE, whatever its type is, for people to read.
///
/// Errors: LB_KIND_TYPE if it is no value, or has a resource in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_value_text(
    value: *const lb_wit_value_t,
    text: Out<lb_bytes_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(text, lb_bytes_t::NONE, || unsafe {
        let value = value.as_ref().ok_or_else(|| null("value"))?;
        let value = untyped(value, false)?;
        lb_bytes_t::give(value.to_text().into_bytes())
    })
}

/// A value as core has it; its objects stay the caller's, or not.
///
/// # Safety
/// It is as its sort says.
unsafe fn untyped(value: &lb_wit_value_t, takes: bool) -> Result<WitValue> {
    // SAFETY: the caller's promise.
    unsafe { take(value, takes, 0) }.map_err(|wrong| wrong.at("value"))
}

#[cold]
fn wrong(given: impl Into<String>) -> Box<Wrong> {
    Fault::Other("a value".to_owned(), given.into()).into()
}

unsafe fn slice<'a, T>(data: *const T, count: usize) -> std::result::Result<&'a [T], Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe { array(data, count, "") }.map_err(|_| wrong("NULL or too much"))
}

unsafe fn name<'a>(name: *const c_char) -> std::result::Result<&'a str, Box<Wrong>> {
    if name.is_null() {
        return Err(wrong("a part without a name"));
    }
    // SAFETY: it is not NULL, and the caller promises the rest.
    let name = unsafe { CStr::from_ptr(name) };
    name.to_str().map_err(|_| wrong("a name that is no UTF-8"))
}

unsafe fn held(
    value: *const lb_wit_value_t,
    takes: bool,
    depth: usize,
) -> std::result::Result<Option<Box<WitValue>>, Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe { value.as_ref().map(|it| take(it, takes, depth)) }
        .transpose()
        .map(|it| it.map(Box::new))
}

unsafe fn items(
    of: &lb_wit_items_t,
    takes: bool,
    depth: usize,
) -> std::result::Result<Vec<WitValue>, Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe {
        let items = slice(of.data, of.count)?.iter();
        items.map(|it| take(it, takes, depth)).collect()
    }
}

unsafe fn fields(
    of: &lb_wit_fields_t,
    takes: bool,
    depth: usize,
) -> std::result::Result<Vec<(Arc<str>, WitValue)>, Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe {
        let fields = slice(of.data, of.count)?.iter();
        let field =
            |it: &lb_wit_field_t| Ok((name(it.name)?.into(), take(&it.value, takes, depth)?));
        fields.map(field).collect()
    }
}

unsafe fn flags(of: &lb_wit_names_t) -> std::result::Result<Vec<Arc<str>>, Box<Wrong>> {
    // SAFETY: the caller's promise.
    unsafe {
        let names = slice(of.data, of.count)?.iter();
        names.map(|it| Ok(name(*it)?.into())).collect()
    }
}

unsafe fn take(value: &lb_wit_value_t, takes: bool, depth: usize) -> Made {
    use WitValue as V;
    if depth == DEPTH {
        return Err(Fault::TooDeep.into());
    }
    let depth = depth + 1;
    // SAFETY: the caller's promise; the sort says which member is meant.
    unsafe {
        let of = &value.of;
        Ok(match value.sort {
            LB_WIT_SORT_BOOL => V::Bool(of.boolean != 0),
            LB_WIT_SORT_F32 => V::F32(of.f32),
            LB_WIT_SORT_F64 => V::F64(of.f64),
            LB_WIT_SORT_CHAR => {
                V::Char(char::from_u32(of.character).ok_or_else(|| wrong("no character"))?)
            }
            LB_WIT_SORT_STRING => {
                let bytes = slice(of.text.data.cast::<u8>(), of.text.length)?;
                let text = std::str::from_utf8(bytes);
                V::String(
                    text.map_err(|_| wrong("bytes that are not UTF-8"))?
                        .to_owned(),
                )
            }
            LB_WIT_SORT_LIST => V::List(items(&of.items, takes, depth)?),
            LB_WIT_SORT_TUPLE => V::Tuple(items(&of.items, takes, depth)?),
            LB_WIT_SORT_NUMBERS => V::Numbers(numbers(value)?),
            LB_WIT_SORT_RECORD => V::Record(fields(&of.fields, takes, depth)?),
            LB_WIT_SORT_VARIANT => V::Variant(
                name(of.which.name)?.into(),
                held(of.which.value, takes, depth)?,
            ),
            LB_WIT_SORT_ENUM => V::Enum(name(of.which.name)?.into()),
            LB_WIT_SORT_FLAGS => V::Flags(flags(&of.names)?),
            LB_WIT_SORT_OPTION => V::Option(held(of.which.value, takes, depth)?),
            LB_WIT_SORT_RESULT if value.part == 0 => {
                V::Result(Ok(held(of.which.value, takes, depth)?))
            }
            LB_WIT_SORT_RESULT => V::Result(Err(held(of.which.value, takes, depth)?)),
            LB_WIT_SORT_OBJECT => {
                let mut object = of.object;
                if !takes {
                    object.drop = None;
                }
                V::Resource(Resource::Host(object.known()))
            }
            LB_WIT_SORT_RESOURCE => return Err(wrong("a resource of a guest")),
            _ => return whole(value),
        })
    }
}

unsafe fn whole(value: &lb_wit_value_t) -> Made {
    // SAFETY: the caller's promise.
    let number = unsafe { integer(value) };
    let number = number.ok_or_else(|| wrong(sort_name(value)))?;
    Ok(match value.sort {
        LB_WIT_SORT_S8 => WitValue::S8(number as i8),
        LB_WIT_SORT_U8 => WitValue::U8(number as u8),
        LB_WIT_SORT_S16 => WitValue::S16(number as i16),
        LB_WIT_SORT_U16 => WitValue::U16(number as u16),
        LB_WIT_SORT_S32 => WitValue::S32(number as i32),
        LB_WIT_SORT_U32 => WitValue::U32(number as u32),
        LB_WIT_SORT_S64 => WitValue::S64(number as i64),
        _ => WitValue::U64(number as u64),
    })
}

unsafe fn numbers(value: &lb_wit_value_t) -> std::result::Result<NumberList, Box<Wrong>> {
    // SAFETY: the caller's promise; the numbers need not be aligned, so they are read as bytes.
    let bytes = unsafe {
        let of = &value.of.numbers;
        let each = number_bytes(value.part);
        slice(of.data.cast::<u8>(), of.count.saturating_mul(each))?
    };
    fn list<N: WitNumber>(bytes: &[u8]) -> NumberList {
        N::into_list(N::from_bytes(bytes))
    }
    Ok(match value.part {
        LB_WIT_SORT_S8 => list::<i8>(bytes),
        LB_WIT_SORT_U8 => list::<u8>(bytes),
        LB_WIT_SORT_S16 => list::<i16>(bytes),
        LB_WIT_SORT_U16 => list::<u16>(bytes),
        LB_WIT_SORT_S32 => list::<i32>(bytes),
        LB_WIT_SORT_U32 => list::<u32>(bytes),
        LB_WIT_SORT_S64 => list::<i64>(bytes),
        LB_WIT_SORT_U64 => list::<u64>(bytes),
        LB_WIT_SORT_F32 => list::<f32>(bytes),
        LB_WIT_SORT_F64 => list::<f64>(bytes),
        _ => return Err(wrong(sort_name(value))),
    })
}

/// The payload of an error as C has it.
pub(crate) struct Payload {
    /// NULL if it is nothing.
    value: *const lb_wit_value_t,
    #[expect(dead_code, reason = "held for the pointers in the tree")]
    arena: Arena,
}

// SAFETY: the tree leads to what is kept beside it, and to the error's own value, which never changes.
unsafe impl Send for Payload {}
// SAFETY: as above.
unsafe impl Sync for Payload {}

impl Payload {
    /// That of an error, if it has one, which is made once.
    fn of(error: &lb_error_t) -> Option<&Payload> {
        let (error, made) = error.parts();
        let value = error.payload()?;
        let make = || -> Kept {
            let mut arena = Arena::default();
            let value = value.map(|it| give(it, &mut arena));
            let value = value.map_or(std::ptr::null(), |it| arena.keep(it));
            Box::new(Payload { value, arena })
        };
        made.get_or_init(make).downcast_ref()
    }
}

/// A value of core's as C has it. It points into that one, and to the arena.
fn give(value: &WitValue, arena: &mut Arena) -> lb_wit_value_t {
    use WitValue as V;
    let part = match value {
        V::Numbers(all) => sort(&all.ty()),
        V::Option(held) => held.is_some().into(),
        V::Result(held) => held.is_err().into(),
        _ => 0,
    };
    let (sort, of) = match value {
        V::List(all) => (LB_WIT_SORT_LIST, give_items(all, arena)),
        V::Tuple(all) => (LB_WIT_SORT_TUPLE, give_items(all, arena)),
        V::Record(all) => (LB_WIT_SORT_RECORD, give_fields(all, arena)),
        V::Flags(names) => (LB_WIT_SORT_FLAGS, give_names(names, arena)),
        V::Variant(name, held) => {
            let name = c_name(name, arena);
            (LB_WIT_SORT_VARIANT, give_case(name, held, arena))
        }
        V::Enum(name) => {
            let name = c_name(name, arena);
            (LB_WIT_SORT_ENUM, give_case(name, &None, arena))
        }
        V::Option(held) => {
            let name = if held.is_some() { c"some" } else { c"none" };
            (LB_WIT_SORT_OPTION, give_case(name.as_ptr(), held, arena))
        }
        V::Result(result) => {
            let name = if result.is_err() { c"err" } else { c"ok" };
            let (Ok(held) | Err(held)) = result;
            (LB_WIT_SORT_RESULT, give_case(name.as_ptr(), held, arena))
        }
        plain => give_plain(plain),
    };
    lb_wit_value_t { sort, part, of }
}

/// One that has no parts.
fn give_plain(value: &WitValue) -> (lb_wit_sort_t, lb_wit_bits_t) {
    use WitValue as V;
    let bits = |bits: u64| lb_wit_bits_t { u64: bits };
    match value {
        V::Bool(it) => (LB_WIT_SORT_BOOL, bits((*it).into())),
        V::S8(s8) => (LB_WIT_SORT_S8, lb_wit_bits_t { s8: *s8 }),
        V::U8(u8) => (LB_WIT_SORT_U8, lb_wit_bits_t { u8: *u8 }),
        V::S16(s16) => (LB_WIT_SORT_S16, lb_wit_bits_t { s16: *s16 }),
        V::U16(u16) => (LB_WIT_SORT_U16, lb_wit_bits_t { u16: *u16 }),
        V::S32(s32) => (LB_WIT_SORT_S32, lb_wit_bits_t { s32: *s32 }),
        V::U32(u32) => (LB_WIT_SORT_U32, lb_wit_bits_t { u32: *u32 }),
        V::S64(s64) => (LB_WIT_SORT_S64, lb_wit_bits_t { s64: *s64 }),
        V::U64(u64) => (LB_WIT_SORT_U64, bits(*u64)),
        V::F32(f32) => (LB_WIT_SORT_F32, lb_wit_bits_t { f32: *f32 }),
        V::F64(f64) => (LB_WIT_SORT_F64, lb_wit_bits_t { f64: *f64 }),
        V::Char(it) => (LB_WIT_SORT_CHAR, bits(u32::from(*it).into())),
        V::String(it) => {
            let (data, length) = (it.as_ptr().cast(), it.len());
            let text = lb_wit_text_t { data, length };
            (LB_WIT_SORT_STRING, lb_wit_bits_t { text })
        }
        V::Numbers(all) => {
            let (data, count) = (all.as_bytes().as_ptr().cast(), all.len());
            let numbers = lb_wit_numbers_t { data, count };
            (LB_WIT_SORT_NUMBERS, lb_wit_bits_t { numbers })
        }
        V::Resource(Resource::Guest(guest)) => (LB_WIT_SORT_RESOURCE, bits(guest.handle())),
        V::Resource(Resource::Host(host)) => {
            let object = lb_wit_object_t::lend(host);
            (LB_WIT_SORT_OBJECT, lb_wit_bits_t { object })
        }
        _ => (LB_WIT_SORT_NOTHING, bits(0)),
    }
}

fn give_case(
    name: *const c_char,
    held: &Option<Box<WitValue>>,
    arena: &mut Arena,
) -> lb_wit_bits_t {
    let held = held.as_ref().map(|it| give(it, arena));
    let value = held.map_or(std::ptr::null(), |it| arena.keep(it));
    let which = lb_wit_case_t { name, value };
    lb_wit_bits_t { which }
}

fn give_fields(all: &[(Arc<str>, WitValue)], arena: &mut Arena) -> lb_wit_bits_t {
    let data = arena.room::<lb_wit_field_t>(all.len());
    for (i, (name, value)) in all.iter().enumerate() {
        let (name, value) = (c_name(name, arena), give(value, arena));
        // SAFETY: there is room for as many.
        unsafe { data.add(i).write(lb_wit_field_t { name, value }) };
    }
    let count = all.len();
    let fields = lb_wit_fields_t { data, count };
    lb_wit_bits_t { fields }
}

fn give_names(all: &[Arc<str>], arena: &mut Arena) -> lb_wit_bits_t {
    let data = arena.room::<*const c_char>(all.len());
    for (i, name) in all.iter().enumerate() {
        let name = c_name(name, arena);
        // SAFETY: there is room for as many.
        unsafe { data.add(i).write(name) };
    }
    let count = all.len();
    let names = lb_wit_names_t { data, count };
    lb_wit_bits_t { names }
}

fn give_items(all: &[WitValue], arena: &mut Arena) -> lb_wit_bits_t {
    let data = arena.room::<lb_wit_value_t>(all.len());
    for (i, value) in all.iter().enumerate() {
        let value = give(value, arena);
        // SAFETY: there is room for as many.
        unsafe { data.add(i).write(value) };
    }
    let count = all.len();
    let items = lb_wit_items_t { data, count };
    lb_wit_bits_t { items }
}

/// A name with a zero byte behind it.
fn c_name(name: &str, arena: &mut Arena) -> *const c_char {
    let name = crate::text::c_name(name);
    arena.keep_bytes(name.as_bytes_with_nul()).cast()
}
