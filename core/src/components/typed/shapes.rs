//! What `#[derive(Wit)]` stands on. It is no part of the API.

use super::place::is_same;
use super::WitPlace;
use crate::{Result, WitType};

/// [`Wit::check`](super::Wit::check) of some type.
pub type Check = fn(&WitType, &WitPlace<'_>) -> Result<()>;

/// A record with just these fields, in this order.
pub fn record(name: &str, ty: &WitType, place: &WitPlace<'_>, fields: &[(&str, Check)]) -> Result<()> {
    let WitType::Record(of) = ty else {
        return Err(place.not(ty, name));
    };
    let found = of.fields.iter().map(|it| &*it.name);
    names("field", ty, place, found, fields.iter().map(|(name, _)| *name))?;
    for (field, (name, check)) in of.fields.iter().zip(fields) {
        check(&field.ty, &place.name(name))?;
    }
    Ok(())
}

/// A variant with just these cases, in this order; an enum, if none holds anything.
pub fn variant(
    name: &str,
    ty: &WitType,
    place: &WitPlace<'_>,
    cases: &[(&str, Option<Check>)],
) -> Result<()> {
    let wanted = cases.iter().map(|(name, _)| *name);
    let of = match ty {
        WitType::Variant(of) => of,
        WitType::Enum(of) if cases.iter().all(|(_, check)| check.is_none()) => {
            let found = of.names.iter().map(|it| &**it);
            return names("case", ty, place, found, wanted);
        }
        _ => return Err(place.not(ty, name)),
    };
    names("case", ty, place, of.cases.iter().map(|it| &*it.name), wanted)?;
    for (case, (name, check)) in of.cases.iter().zip(cases) {
        let place = place.name(name);
        match (&case.ty, check) {
            (Some(ty), Some(check)) => check(ty, &place)?,
            (None, None) => {}
            (Some(ty), None) => return Err(place.not(ty, "nothing")),
            (None, Some(_)) => return Err(place.not("nothing", "a value")),
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
    if is_equal && found.clone().zip(wanted.clone()).all(|(a, b)| is_same(a, b)) {
        return Ok(());
    }
    let (found, wanted): (Vec<_>, Vec<_>) = (found.collect(), wanted.collect());
    Err(place.other_names(what, ty, &found, &wanted))
}
