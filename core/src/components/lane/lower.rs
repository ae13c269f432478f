//! Lowering: from a frame into a component's memory and slots.

use std::mem::MaybeUninit;

use wasmtime::component::__internal::{
    CanonicalAbiInfo, ComponentTypes, InstanceType, InterfaceType, LowerContext,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lower};
use wasmtime::{Result, ValRaw};
use wasmtime_environ::component::{MAX_FLAT_PARAMS, StringEncoding};

use super::plain::{self, bool_of, case_in, char_of, flags_in, is_plain, number_bytes, put};
use super::{at_work, cases_of, handles, is_off, layout, place, tuple};
use crate::components::frame::{Blobs, WitArgs};
use crate::frame::{Laid, Reader};

/// The most bytes of a string, as the canonical ABI has it.
const MOST_BYTES: usize = (1 << 31) - 1;

/// A frame that is being lowered.
pub(super) struct Source<'a> {
    frame: Reader<'a>,
    blobs: &'a dyn Blobs,
}

impl<'a> Source<'a> {
    pub(super) fn new(args: &WitArgs<'a>) -> Source<'a> {
        Source {
            frame: Reader::values(args.bytes),
            blobs: args.blobs,
        }
    }

    /// A count of elements, each of which has a byte or more.
    fn count(&mut self) -> Result<usize> {
        Ok(self.frame.length()?)
    }

    /// The bytes of what may lie beside the frame: those in the frame, or the number of a blob and its length.
    fn bulk(&mut self, element: usize) -> Result<Bulk<'a>> {
        let index = match self.frame.laid(element)? {
            Laid::Here(bytes) => return Ok(Bulk::Here(bytes)),
            Laid::Beside(index) => index,
        };
        let length = at_work::shut(|| self.blobs.len(index));
        let length =
            length.ok_or_else(|| self.frame.wrong(&format!("there is no blob {index}")))?;
        match length % element {
            0 => Ok(Bulk::Beside(index, length)),
            _ => Err(self.frame.wrong("a blob ends within an element").into()),
        }
    }
}

/// Bytes to copy as a whole.
enum Bulk<'a> {
    Here(&'a [u8]),
    Beside(u32, usize),
}

impl Bulk<'_> {
    fn len(&self) -> usize {
        match self {
            Bulk::Here(bytes) => bytes.len(),
            Bulk::Beside(_, length) => *length,
        }
    }

    fn copy(&self, blobs: &dyn Blobs, to: &mut [u8]) -> Result<()> {
        match self {
            Bulk::Here(bytes) => to.copy_from_slice(bytes),
            Bulk::Beside(index, _) => at_work::shut(|| blobs.copy(*index, to))?,
        }
        Ok(())
    }
}

/// Stores a value of any type.
#[inline(always)]
pub(super) fn store<T>(
    cx: &mut LowerContext<'_, T>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Source<'_>,
    at: usize,
) -> Result<()> {
    match plain::is_scalar(&ty) {
        true => plain::store(cx.as_slice_mut(), types, ty, &mut from.frame, at),
        false => store_parts(cx, types, ty, from, at),
    }
}

/// Stores a value that is no scalar.
fn store_parts<T>(
    cx: &mut LowerContext<'_, T>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Source<'_>,
    at: usize,
) -> Result<()> {
    use InterfaceType as T;
    match ty {
        T::String => {
            let pair = string(cx, from)?;
            put_pair(cx, at, pair);
        }
        T::List(_) => {
            let pair = list(cx, types, ty, from)?;
            put_pair(cx, at, pair);
        }
        T::Record(i) => {
            let mut next = at;
            for field in &types[i].fields {
                let at = place(types, &field.ty, &mut next);
                store(cx, types, field.ty, from, at)?;
            }
        }
        T::Tuple(i) => {
            let mut next = at;
            for ty in &types[i].types {
                let at = place(types, ty, &mut next);
                store(cx, types, *ty, from, at)?;
            }
        }
        T::Variant(_) | T::Option(_) | T::Result(_) => {
            let info = cases_of(types, ty);
            let (case, holds) = case_in(types, ty, &mut from.frame)?;
            plain::put_case(cx.as_slice_mut(), at, info.size.into(), case);
            if let Some(holds) = holds {
                store(cx, types, holds, from, at + info.payload_offset32 as usize)?;
            }
        }
        T::Own(_) | T::Borrow(_) => {
            let index = handles::lower(cx, ty, &mut from.frame)?;
            put(cx.as_slice_mut(), at, index.to_le_bytes());
        }
        T::Map(_) | T::FixedLengthList(_) | T::Future(_) | T::Stream(_) | T::ErrorContext(_) => {
            return Err(is_off());
        }
        _ => plain::store_parts(cx.as_slice_mut(), types, ty, &mut from.frame, at)?,
    }
    Ok(())
}

fn put_pair<T>(cx: &mut LowerContext<'_, T>, at: usize, (pointer, count): (usize, usize)) {
    let pair = (pointer as u64) | ((count as u64) << 32);
    put(cx.as_slice_mut(), at, pair.to_le_bytes());
}

/// Puts a string into memory: where it is and its length, in units of its encoding.
fn string<T>(cx: &mut LowerContext<'_, T>, from: &mut Source<'_>) -> Result<(usize, usize)> {
    let bulk = from.bulk(1)?;
    let length = bulk.len();
    if length > MOST_BYTES {
        let text = format!("a string of {length} bytes is too long for a component");
        return Err(from.frame.wrong(&text).into());
    }
    if cx.options().string_encoding != StringEncoding::Utf8 {
        return encoded(cx, from, &bulk);
    }
    let pointer = cx.realloc(0, 0, 1, length)?;
    let to = &mut cx.as_slice_mut()[pointer..pointer + length];
    bulk.copy(from.blobs, to)?;
    match std::str::from_utf8(to) {
        Ok(_) => Ok((pointer, length)),
        Err(error) => Err(from
            .frame
            .wrong(&format!("a text is no UTF-8: {error}"))
            .into()),
    }
}

/// The same in UTF-16 and Latin-1: the engine's own code knows them.
#[cold]
fn encoded<T>(
    cx: &mut LowerContext<'_, T>,
    from: &mut Source<'_>,
    bulk: &Bulk<'_>,
) -> Result<(usize, usize)> {
    let mut bytes = vec![0; bulk.len()];
    bulk.copy(from.blobs, &mut bytes)?;
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|e| from.frame.wrong(&format!("a text is no UTF-8: {e}")))?;
    let mut pair = MaybeUninit::new([ValRaw::u64(0); 2]);
    text.linear_lower_to_flat(cx, InterfaceType::String, &mut pair)?;
    // SAFETY: it was initialised when it was made.
    let [pointer, count] = unsafe { pair.assume_init() };
    Ok((pointer.get_u32() as usize, count.get_u32() as usize))
}

/// Puts the elements of a list into memory: where they are, and how many.
fn list<T>(
    cx: &mut LowerContext<'_, T>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Source<'_>,
) -> Result<(usize, usize)> {
    let InterfaceType::List(i) = ty else {
        return Err(is_off());
    };
    let element = types[i].element;
    let (size, align) = layout(types, &element);
    if number_bytes(&element).is_some() {
        let bulk = from.bulk(size)?;
        let pointer = cx.realloc(0, 0, align, bulk.len())?;
        let to = &mut cx.as_slice_mut()[pointer..pointer + bulk.len()];
        bulk.copy(from.blobs, to)?;
        return Ok((pointer, bulk.len() / size));
    }
    let count = from.count()?;
    let bytes = count.checked_mul(size);
    let bytes = bytes.ok_or_else(|| from.frame.wrong("a list is too long"))?;
    let pointer = cx.realloc(0, 0, align, bytes)?;
    if is_plain(types, &element) {
        let memory = &mut cx.as_slice_mut()[pointer..pointer + bytes];
        plain::store_all(memory, types, element, &mut from.frame)?;
    } else {
        for n in 0..count {
            store(cx, types, element, from, pointer + n * size)?;
        }
    }
    Ok((pointer, count))
}

/// Slots, all of them zero at first: what a case does not use needs no care.
struct Slots<'a> {
    slots: &'a mut [MaybeUninit<ValRaw>],
    at: usize,
}

impl Slots<'_> {
    #[inline(always)]
    fn put(&mut self, value: ValRaw) {
        self.slots[self.at].write(value);
        self.at += 1;
    }

    fn put_pair(&mut self, (pointer, count): (usize, usize)) {
        self.put(ValRaw::u64(pointer as u64));
        self.put(ValRaw::u64(count as u64));
    }
}

/// Writes a scalar into a slot; false if the value is none.
#[inline(always)]
fn flat_scalar(ty: InterfaceType, frame: &mut Reader<'_>, to: &mut Slots<'_>) -> Result<bool> {
    use InterfaceType as T;
    to.put(match ty {
        T::Bool => ValRaw::u32(bool_of(frame)?.into()),
        T::U8 => ValRaw::u32(frame.byte()?.into()),
        T::S8 => ValRaw::i32(i8::from_le_bytes(frame.array()?).into()),
        T::U16 => ValRaw::u32(u16::from_le_bytes(frame.array()?).into()),
        T::S16 => ValRaw::i32(i16::from_le_bytes(frame.array()?).into()),
        T::U32 | T::S32 | T::Float32 => ValRaw::u32(u32::from_le_bytes(frame.array()?)),
        T::U64 | T::S64 | T::Float64 => ValRaw::u64(u64::from_le_bytes(frame.array()?)),
        T::Char => ValRaw::u32(char_of(frame)?),
        _ => return Ok(false),
    });
    Ok(true)
}

/// Writes a value into slots.
#[inline(always)]
fn flat<T>(
    cx: &mut LowerContext<'_, T>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Source<'_>,
    to: &mut Slots<'_>,
) -> Result<()> {
    match flat_scalar(ty, &mut from.frame, to)? {
        true => Ok(()),
        false => flat_parts(cx, types, ty, from, to),
    }
}

/// Writes a value that is no scalar.
fn flat_parts<T>(
    cx: &mut LowerContext<'_, T>,
    types: &ComponentTypes,
    ty: InterfaceType,
    from: &mut Source<'_>,
    to: &mut Slots<'_>,
) -> Result<()> {
    use InterfaceType as T;
    let frame = &mut from.frame;
    match ty {
        T::String => to.put_pair(string(cx, from)?),
        T::List(_) => to.put_pair(list(cx, types, ty, from)?),
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
            let end = to.at + slots_of(types, ty);
            let (case, holds) = case_in(types, ty, frame)?;
            to.put(ValRaw::u32(case));
            if let Some(holds) = holds {
                flat(cx, types, holds, from, to)?;
            }
            to.at = end;
        }
        T::Flags(i) => {
            for part in flags_in(types[i].names.len(), frame)?.chunks(4) {
                let mut word = [0; 4];
                word[..part.len()].copy_from_slice(part);
                to.put(ValRaw::u32(u32::from_le_bytes(word)));
            }
        }
        T::Own(_) | T::Borrow(_) => to.put(ValRaw::u32(handles::lower(cx, ty, frame)?)),
        _ => return Err(is_off()),
    }
    Ok(())
}

/// How many slots a value takes, of a type that is passed in slots.
pub(super) fn slots_of(types: &ComponentTypes, ty: InterfaceType) -> usize {
    let slots = types.canonical_abi(&ty).flat_count;
    slots.map_or(0, usize::from)
}

/// Lowers a whole frame: into slots, or into memory if it takes more than `max` of them.
pub(super) fn all<T>(
    cx: &mut LowerContext<'_, T>,
    ty: InterfaceType,
    args: &WitArgs<'_>,
    max: usize,
    slots: &mut [MaybeUninit<ValRaw>],
) -> Result<()> {
    let types = cx.types;
    let (tys, abi) = tuple(types, ty);
    let mut from = Source::new(args);
    if tys.is_empty() {
        return Ok(from.frame.end()?);
    }
    let flat_count = abi.flat_count(max);
    slots[..flat_count.unwrap_or(1)].fill(MaybeUninit::new(ValRaw::u64(0)));
    if flat_count.is_some() {
        let mut to = Slots { slots, at: 0 };
        for ty in tys {
            flat(cx, types, *ty, &mut from, &mut to)?;
        }
    } else {
        let pointer = cx.realloc(0, 0, abi.align32, abi.size32 as usize)?;
        store(cx, types, ty, &mut from, pointer)?;
        slots[0].write(ValRaw::u64(pointer as u64));
    }
    Ok(from.frame.end()?)
}

/// Lowers a whole frame to a place in memory.
pub(super) fn all_at<T>(
    cx: &mut LowerContext<'_, T>,
    ty: InterfaceType,
    args: &WitArgs<'_>,
    at: usize,
) -> Result<()> {
    let mut from = Source::new(args);
    store(cx, cx.types, ty, &mut from, at)?;
    Ok(from.frame.end()?)
}

/// The arguments of a call.
pub(crate) struct Args<'a>(pub(crate) WitArgs<'a>);

// SAFETY: `Lower` is an array of slots of which all that the component's type has are written; see the
// module's own words on why nothing depends on `typecheck`.
unsafe impl ComponentType for Args<'_> {
    type Lower = [ValRaw; MAX_FLAT_PARAMS];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(_: &InterfaceType, _: &InstanceType<'_>) -> Result<()> {
        Ok(())
    }
}

// SAFETY: it stands for a list of parameters.
unsafe impl ComponentNamedList for Args<'_> {}

// SAFETY: as `ComponentType`.
unsafe impl Lower for Args<'_> {
    #[inline(always)]
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> Result<()> {
        let slots = dst
            .as_mut_ptr()
            .cast::<[MaybeUninit<ValRaw>; MAX_FLAT_PARAMS]>();
        if tuple(cx.types, ty).0.is_empty() {
            return Ok(Reader::values(self.0.bytes).end()?);
        }
        // SAFETY: an array of what may be uninitialised is the same as one that may be.
        all(cx, ty, &self.0, MAX_FLAT_PARAMS, unsafe { &mut *slots })
    }

    fn linear_lower_to_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        at: usize,
    ) -> Result<()> {
        all_at(cx, ty, &self.0, at)
    }
}
