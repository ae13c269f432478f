//! What the code of `#[derive(Wit)]` uses. It is not part of the API.

use super::place::is_same;
use super::{Wit, WitPlace, spelled};
use crate::{Result, WitReader, WitType};

/// [`Wit::check`](super::Wit::check) of some type.
pub type Check = fn(&WitType, &WitPlace<'_>) -> Result<()>;

/// Where the text of a type ends that is within itself.
const MOST_BYTES: usize = 1000;

/// [`Wit::spell`](super::Wit::spell) of what has no name: one that is within itself has no end.
pub fn spell<T: Wit>(text: &mut String) {
    match text.len() < MOST_BYTES {
        true => T::spell(text),
        false => text.push_str("..."),
    }
}

/// A record with just these fields, in this order.
pub fn record(
    name: &str,
    ty: &WitType,
    place: &WitPlace<'_>,
    fields: &[(&str, Check)],
) -> Result<()> {
    let WitType::Record(of) = ty else {
        return Err(place.not(ty, name));
    };
    let found = of.fields.iter().map(|it| &*it.name);
    names(
        "field",
        ty,
        place,
        found,
        fields.iter().map(|(name, _)| *name),
    )?;
    for (field, (name, check)) in of.fields.iter().zip(fields) {
        check(&field.ty, &place.name(name))?;
    }
    Ok(())
}

/// What a case holds.
pub struct Held {
    check: Check,
    spell: fn(&mut String),
}

/// The type of what a case holds, if it stands for something.
pub fn held<T: Wit>() -> Option<Held> {
    let (check, spell): (Check, _) = (T::check, T::spell);
    (!T::NOTHING).then_some(Held { check, spell })
}

/// A variant with just these cases, in this order; an enum, if none holds anything.
pub fn variant(
    name: &str,
    ty: &WitType,
    place: &WitPlace<'_>,
    cases: &[(&str, Option<Held>)],
) -> Result<()> {
    let wanted = cases.iter().map(|(name, _)| *name);
    let of = match ty {
        WitType::Variant(of) => of,
        WitType::Enum(of) if cases.iter().all(|(_, held)| held.is_none()) => {
            let found = of.names.iter().map(|it| &**it);
            return names("case", ty, place, found, wanted);
        }
        _ => return Err(place.not(ty, name)),
    };
    let found = of.cases.iter().map(|it| &*it.name);
    names("case", ty, place, found, wanted)?;
    for (case, (name, held)) in of.cases.iter().zip(cases) {
        let place = place.name(name);
        match (&case.ty, held) {
            (Some(ty), Some(held)) => (held.check)(ty, &place)?,
            (None, None) => {}
            (Some(ty), None) => return Err(place.not(ty, "nothing")),
            (None, Some(held)) => return Err(place.not("nothing", &spelled(held.spell))),
        }
    }
    Ok(())
}

/// Flags with just these names, in this order.
pub fn flags(name: &str, ty: &WitType, place: &WitPlace<'_>, wanted: &[&str]) -> Result<()> {
    let WitType::Flags(of) = ty else {
        return Err(place.not(ty, name));
    };
    let found = of.names.iter().map(|it| &**it);
    names("flag", ty, place, found, wanted.iter().copied())
}

fn names<'n>(
    what: &str,
    ty: &WitType,
    place: &WitPlace<'_>,
    found: impl ExactSizeIterator<Item = &'n str> + Clone,
    wanted: impl ExactSizeIterator<Item = &'n str> + Clone,
) -> Result<()> {
    let is_equal = found.len() == wanted.len();
    if is_equal
        && found
            .clone()
            .zip(wanted.clone())
            .all(|(a, b)| is_same(a, b))
    {
        return Ok(());
    }
    let (found, wanted): (Vec<_>, Vec<_>) = (found.collect(), wanted.collect());
    Err(place.other_names(what, ty, &found, &wanted))
}

/// Flags as they lie in a frame.
#[inline]
pub fn bits<const BYTES: usize>(flags: &[bool]) -> [u8; BYTES] {
    let mut bits = [0; BYTES];
    for (i, flag) in flags.iter().enumerate() {
        bits[i / 8] |= u8::from(*flag) << (i % 8);
    }
    bits
}

/// So many flags from a frame.
///
/// # Errors
/// `type` if others are set too.
#[inline]
pub fn lift_bits<const BYTES: usize>(
    frame: &mut WitReader<'_>,
    count: usize,
) -> Result<impl Fn(usize) -> bool + use<BYTES>> {
    let bits: [u8; BYTES] = frame.array()?;
    let is_set = move |i: usize| bits[i / 8] >> (i % 8) & 1 == 1;
    match (count..BYTES * 8).any(is_set) {
        true => Err(frame.wrong("there are flags without a name")),
        false => Ok(is_set),
    }
}
