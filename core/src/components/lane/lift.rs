//! Lifting: from a component's memory and slots into a frame.

use wasmtime::component::__internal::{
    CanonicalAbiInfo, ComponentTypes, InstanceType, InterfaceType, LiftContext,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift};
use wasmtime::{Result, ValRaw};
use wasmtime_environ::component::{MAX_FLAT_RESULTS, StringEncoding};

use super::lower::slots_of;
use super::plain::{self, char_given, is_plain, number_bytes};
use super::{at_work, bad, cases_of, handles, is_off, layout, place, tuple};
use crate::components::frame::Sink;
use crate::components::types::flags_bytes;
use crate::frame::BLOB_MIN;
use crate::store::Inner;

/// A frame that is being lifted to.
pub(super) struct Target<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
    /// What takes the blobs.
    pub(super) sink: &'a mut (dyn Sink + 'a),
    /// The store that nobody may enter while the sink works, if that is code of a host.
    pub(super) shut: Option<&'a Inner>,
    /// The handles that are lent for the time of one host function.
    pub(super) borrowed: Option<&'a mut Vec<u64>>,
}

impl Target<'_> {
    #[inline(always)]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes.extend_from_slice(&bytes);
    }

    /// Adds what is copied as a whole: elements of `each` bytes.
    #[inline]
    fn bulk(&mut self, bytes: &[u8], each: usize) -> Result<()> {
        if bytes.len() >= BLOB_MIN {
            return self.blob(bytes, each);
        }
        self.bytes.reserve(4 + bytes.len());
        self.put(((bytes.len() / each) as u32).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<()> {
        let index = {
            let _shut = self.shut.map(Inner::shut_for_host);
            self.sink.blob(bytes, each)?
        };
        self.put(u32::MAX.to_le_bytes());
        self.put(index.to_le_bytes());
        Ok(())
    }
}

/// What an element of a list counts at least as a transfer, in bytes.
const ELEMENT_BYTES: usize = 8;

/// A part of memory that a guest names.
fn part<'m>(
    cx: &'m LiftContext<'_>,
    what: &str,
    pointer: usize,
    bytes: Option<usize>,
) -> Result<&'m [u8]> {
    let found = bytes.and_then(|bytes| cx.memory().get(pointer..)?.get(..bytes));
    found.ok_or_else(|| {
        bad(format!(
            "the guest gave a {what} that is out of bounds of its memory"
        ))
    })
}

fn string(
    cx: &mut LiftContext<'_>,
    pointer: usize,
    count: usize,
    to: &mut Target<'_>,
) -> Result<()> {
    if cx.options().string_encoding != StringEncoding::Utf8 {
        return decoded(cx, pointer, count, to);
    }
    cx.consume_fuel(count)?;
    let bytes = part(cx, "string", pointer, Some(count))?;
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(bad(format!(
            "the guest gave a string that is no UTF-8: {error}"
        )));
    }
    to.bulk(bytes, 1)
}

/// The same in UTF-16 and Latin-1: the engine's own code knows them.
#[cold]
fn decoded(
    cx: &mut LiftContext<'_>,
    pointer: usize,
    count: usize,
    to: &mut Target<'_>,
) -> Result<()> {
    let pair = [ValRaw::u32(pointer as u32), ValRaw::u32(count as u32)];
    let text = String::linear_lift_from_flat(cx, InterfaceType::String, &pair)?;
    to.bulk(text.as_bytes(), 1)
}

fn list(
    cx: &mut LiftContext<'_>,
    types: &ComponentTypes,
    ty: InterfaceType,
    pointer: usize,
    count: usize,
    to: &mut Target<'_>,
) -> Result<()> {
    let InterfaceType::List(i) = ty else {
        return Err(is_off());
    };
    let element = types[i].element;
    let (size, align) = layout(types, &element);
    let is_number = number_bytes(&element).is_some();
    let counted = if is_number {
        size
    } else {
        size.max(ELEMENT_BYTES)
    };
    cx.consume_fuel_array(count, counted)?;
    let bytes = part(cx, "list", pointer, count.checked_mul(size))?;
    if !pointer.is_multiple_of(align as usize) {
        return Err(bad("the guest gave a list that is not aligned"));
    }
    if is_number {
        return to.bulk(bytes, size);
    }
    to.put((count as u32).to_le_bytes());
    if is_plain(types, &element) {
        return plain::load_all(bytes, types, element, to.bytes);
    }
    for n in 0..count {
        load(cx, types, element, pointer + n * size, to)?;
    }
    Ok(())
}

/// A pointer and a count in memory.
fn pair_at(memory: &[u8], at: usize) -> (usize, usize) {
    let pair = u64::from_le_bytes(plain::get(memory, at));
    (pair as u32 as usize, (pair >> 32) as usize)
}

/// Adds a value of any type that lies in memory, where there is room for its type.
#[inline(always)]
pub(super) fn load(
    cx: &mut LiftContext<'_>,
    types: &ComponentTypes,
    ty: InterfaceType,
    at: usize,
    to: &mut Target<'_>,
) -> Result<()> {
    match plain::load_scalar(cx.memory(), ty, at, to.bytes)? {
        true => Ok(()),
        false => load_parts(cx, types, ty, at, to),
    }
}

/// Adds a value that is no scalar.
fn load_parts(
    cx: &mut LiftContext<'_>,
    types: &ComponentTypes,
    ty: InterfaceType,
    at: usize,
    to: &mut Target<'_>,
) -> Result<()> {
    use InterfaceType as T;
    match ty {
        T::String => {
            let (pointer, count) = pair_at(cx.memory(), at);
            string(cx, pointer, count, to)
        }
        T::List(_) => {
            let (pointer, count) = pair_at(cx.memory(), at);
            list(cx, types, ty, pointer, count, to)
        }
        T::Record(i) => {
            let mut next = at;
            for field in &types[i].fields {
                let at = place(types, &field.ty, &mut next);
                load(cx, types, field.ty, at, to)?;
            }
            Ok(())
        }
        T::Tuple(i) => {
            let mut next = at;
            for ty in &types[i].types {
                let at = place(types, ty, &mut next);
                load(cx, types, *ty, at, to)?;
            }
            Ok(())
        }
        T::Variant(_) | T::Option(_) | T::Result(_) => {
            let info = cases_of(types, ty);
            let case = plain::case_at(cx.memory(), at, info.size.into());
            let holds = plain::case_given(types, ty, case)?;
            plain::push_case(to.bytes, info.size.into(), case);
            match holds {
                Some(holds) => load(cx, types, holds, at + info.payload_offset32 as usize, to),
                None => Ok(()),
            }
        }
        T::Own(_) | T::Borrow(_) => {
            let index = u32::from_le_bytes(plain::get(cx.memory(), at));
            handles::lift(cx, ty, index, to)
        }
        T::Map(_) | T::FixedLengthList(_) | T::Future(_) | T::Stream(_) | T::ErrorContext(_) => {
            Err(is_off())
        }
        _ => plain::load_parts(cx.memory(), types, ty, at, to.bytes),
    }
}

/// Slots that are read one after the other.
struct Slots<'a> {
    slots: &'a [ValRaw],
    at: usize,
}

impl Slots<'_> {
    #[inline(always)]
    fn next(&mut self) -> ValRaw {
        self.at += 1;
        self.slots[self.at - 1]
    }

    #[inline(always)]
    fn pair(&mut self) -> (usize, usize) {
        let pointer = self.next().get_u32() as usize;
        (pointer, self.next().get_u32() as usize)
    }
}

/// Adds a scalar that lies in a slot; false if the value is none.
#[inline(always)]
fn flat_scalar(ty: InterfaceType, from: &mut Slots<'_>, to: &mut Target<'_>) -> Result<bool> {
    use InterfaceType as T;
    match ty {
        T::Bool => to.put([u8::from(from.next().get_u32() != 0)]),
        T::U8 | T::S8 => to.put([from.next().get_u32() as u8]),
        T::U16 | T::S16 => to.put((from.next().get_u32() as u16).to_le_bytes()),
        T::U32 | T::S32 => to.put(from.next().get_u32().to_le_bytes()),
        T::Float32 => to.put(from.next().get_f32().to_le_bytes()),
        T::U64 | T::S64 => to.put(from.next().get_u64().to_le_bytes()),
        T::Float64 => to.put(from.next().get_f64().to_le_bytes()),
        T::Char => to.put(char_given(from.next().get_u32())?.to_le_bytes()),
        _ => return Ok(false),
    }
    Ok(true)
}

/// Adds a value that lies in slots.
#[inline(always)]
fn flat(
    cx: &mut LiftContext<'_>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Slots<'_>,
    to: &mut Target<'_>,
) -> Result<()> {
    match flat_scalar(ty, from, to)? {
        true => Ok(()),
        false => flat_parts(cx, types, ty, from, to),
    }
}

/// Adds a value that is no scalar.
fn flat_parts(
    cx: &mut LiftContext<'_>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Slots<'_>,
    to: &mut Target<'_>,
) -> Result<()> {
    use InterfaceType as T;
    match ty {
        T::String => {
            let (pointer, count) = from.pair();
            string(cx, pointer, count, to)?;
        }
        T::List(_) => {
            let (pointer, count) = from.pair();
            list(cx, types, ty, pointer, count, to)?;
        }
        T::Record(i) => {
            for field in &types[i].fields {
                flat(cx, types, field.ty, from, to)?;
            }
        }
        T::Tuple(i) => {
            for ty in &types[i].types {
                flat(cx, types, *ty, from, to)?;
            }
        }
        T::Variant(_) | T::Enum(_) | T::Option(_) | T::Result(_) => {
            let end = from.at + slots_of(types, ty);
            let case = from.next().get_u32();
            let holds = plain::case_given(types, ty, case)?;
            plain::push_case(to.bytes, cases_of(types, ty).size.into(), case);
            if let Some(holds) = holds {
                flat(cx, types, holds, from, to)?;
            }
            from.at = end;
        }
        T::Flags(i) => {
            let flags = types[i].names.len();
            let bytes = flags_bytes(flags);
            let words = (0..bytes.div_ceil(4)).map(|_| from.next().get_u32().to_le_bytes());
            let given: Vec<u8> = words.flatten().collect();
            plain::push_flags(to.bytes, flags, &given[..bytes]);
        }
        T::Own(_) | T::Borrow(_) => {
            let index = from.next().get_u32();
            handles::lift(cx, ty, index, to)?;
        }
        _ => return Err(is_off()),
    }
    Ok(())
}

/// Lifts all values that lie in slots.
pub(super) fn all_flat(
    cx: &mut LiftContext<'_>,
    ty: InterfaceType,
    slots: &[ValRaw],
    to: &mut Target<'_>,
) -> Result<()> {
    let types: &ComponentTypes = cx.types;
    let mut from = Slots { slots, at: 0 };
    for ty in tuple(types, ty).0 {
        flat(cx, types, *ty, &mut from, to)?;
    }
    Ok(())
}

/// The results of a call, which go where the call at work says.
pub(crate) struct Rets;

impl Rets {
    /// What a guest gave, to where the call at work says.
    #[inline(never)]
    fn given(cx: &mut LiftContext<'_>, ty: InterfaceType, slots: &[ValRaw]) -> Result<()> {
        at_work::results(|results, store| {
            let mut to = Target {
                bytes: results.bytes,
                sink: results.sink,
                shut: Some(store),
                borrowed: None,
            };
            Rets::all(cx, ty, slots, &mut to)
        })
    }

    #[inline(always)]
    fn all(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        slots: &[ValRaw],
        to: &mut Target<'_>,
    ) -> Result<()> {
        let (_, abi) = tuple(cx.types, ty);
        if abi.flat_count(MAX_FLAT_RESULTS).is_some() {
            return all_flat(cx, ty, slots, to);
        }
        let pointer = slots[0].get_u32() as usize;
        if !pointer.is_multiple_of(abi.align32 as usize) {
            return Err(bad(
                "the guest gave a pointer to its results that is not aligned",
            ));
        }
        part(
            cx,
            "pointer to its results",
            pointer,
            Some(abi.size32 as usize),
        )?;
        let types = cx.types;
        // Results are a tuple: no scalar.
        load_parts(cx, types, ty, pointer, to)
    }
}

// SAFETY: the one slot of a result is read as the component's own type says; see the module's own words on why
// nothing depends on `typecheck`.
unsafe impl ComponentType for Rets {
    type Lower = [ValRaw; MAX_FLAT_RESULTS];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(_: &InterfaceType, _: &InstanceType<'_>) -> Result<()> {
        Ok(())
    }
}

// SAFETY: it stands for a list of results.
unsafe impl ComponentNamedList for Rets {}

// SAFETY: as `ComponentType`.
unsafe impl Lift for Rets {
    #[inline(always)]
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> Result<Rets> {
        if !tuple(cx.types, ty).0.is_empty() {
            Rets::given(cx, ty, src)?;
        }
        Ok(Rets)
    }

    fn linear_lift_from_memory(
        _: &mut LiftContext<'_>,
        _: InterfaceType,
        _: &[u8],
    ) -> Result<Rets> {
        Err(is_off())
    }
}
