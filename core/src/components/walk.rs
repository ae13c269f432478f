//! All handles of a frame, found by its types.

use super::types::{ResourceType, discriminant_bytes, flags_bytes};
use super::wrong::Wrong;
use crate::frame::{Laid, Reader};
use crate::{Error, Result, WitFuncType, WitType, text};

/// A handle where it lies in a frame.
pub(crate) struct Handle<'t> {
    pub(crate) of: &'t ResourceType,
    pub(crate) is_own: bool,
    /// Where it begins.
    pub(crate) at: usize,
    pub(crate) number: u64,
}

/// What is done with each. An error of it gets the place of the handle.
pub(crate) type Each<'e> = &'e mut dyn FnMut(&Handle<'_>) -> Result<(), Wrong>;

/// What a frame holds.
#[derive(Clone, Copy)]
pub(crate) enum Holds<'n> {
    Arguments,
    Result,
    /// The same of a function of the host, by its name.
    ResultOf(&'n str),
}

/// Goes to all handles of a frame, in their order.
///
/// # Errors
/// `type` if the frame is malformed; those of `each`.
pub(crate) fn handles(
    frame: &[u8],
    ty: &WitFuncType,
    holds: Holds<'_>,
    each: Each<'_>,
) -> Result<()> {
    let frame = Reader::values(frame);
    let mut walk = Walk { frame, each };
    match (holds, &ty.result) {
        (Holds::Arguments, _) => {
            for (i, param) in ty.params.iter().enumerate() {
                let walked = walk.value(&param.ty);
                walked.map_err(|it| it.at(format_args!("args[{i}]")))?;
            }
        }
        (_, None) => {}
        (Holds::Result, Some(ty)) => walk.value(ty).map_err(|it| it.at("result"))?,
        (Holds::ResultOf(name), Some(ty)) => walk
            .value(ty)
            .map_err(|it| it.at(format_args!("result of {}", text::name(name))))?,
    }
    Ok(())
}

/// An error with the place of the handle that it is of.
#[cold]
pub(crate) fn placed(
    error: Error,
    at: usize,
    frame: &[u8],
    ty: &WitFuncType,
    holds: Holds<'_>,
) -> Error {
    let place = |handle: &Handle<'_>| match handle.at == at {
        true => Err(Wrong::from(error.clone())),
        false => Ok(()),
    };
    match handles(frame, ty, holds, &mut { place }) {
        Err(placed) => placed,
        Ok(()) => error,
    }
}

struct Walk<'f, 'e> {
    frame: Reader<'f>,
    each: Each<'e>,
}

impl Walk<'_, '_> {
    fn value(&mut self, ty: &WitType) -> Result<(), Wrong> {
        match ty {
            WitType::Bool => self.skip(1),
            WitType::Char => self.skip(4),
            WitType::String => self.bulk(1),
            WitType::List(of) => match of.number_bytes() {
                Some(bytes) => self.bulk(bytes),
                None => {
                    let count = self.frame.length()?;
                    (0..count).try_for_each(|i| self.value(of).map_err(|it| it.in_element(i)))
                }
            },
            WitType::Record(of) => of
                .fields
                .iter()
                .try_for_each(|field| self.value(&field.ty).map_err(|it| it.in_field(&field.name))),
            WitType::Tuple(of) => {
                let mut items = of.iter().enumerate();
                items.try_for_each(|(i, ty)| self.value(ty).map_err(|it| it.in_field(i)))
            }
            WitType::Variant(of) => {
                let case = self.case(of.cases.len())?;
                match of.cases.get(case) {
                    Some(case) => self.held(case.ty.as_ref(), &case.name),
                    None => self.no_case(case),
                }
            }
            WitType::Enum(of) => self.case(of.names.len()).map(drop),
            WitType::Flags(of) => self.skip(flags_bytes(of.names.len())),
            WitType::Option(of) => match self.case(2)? {
                0 => Ok(()),
                _ => self.value(of),
            },
            WitType::Result(of) => match self.case(2)? {
                0 => self.held(of.ok.as_ref(), "ok"),
                _ => self.held(of.err.as_ref(), "err"),
            },
            WitType::Own(of) => self.handle(of, true),
            WitType::Borrow(of) => self.handle(of, false),
            number => self.skip(number.number_bytes().unwrap_or(0)),
        }
    }

    fn skip(&mut self, bytes: usize) -> Result<(), Wrong> {
        self.frame.raw(bytes)?;
        Ok(())
    }

    fn bulk(&mut self, bytes: usize) -> Result<(), Wrong> {
        let (Laid::Here(_) | Laid::Beside(_)) = self.frame.laid(bytes)?;
        Ok(())
    }

    fn case(&mut self, of: usize) -> Result<usize, Wrong> {
        let case = self.frame.case(discriminant_bytes(of))?;
        Ok(case as usize)
    }

    fn no_case(&self, case: usize) -> Result<(), Wrong> {
        Err(self.frame.wrong(&format!("there is no case {case}")).into())
    }

    fn held(&mut self, ty: Option<&WitType>, case: &str) -> Result<(), Wrong> {
        match ty {
            Some(ty) => self.value(ty).map_err(|it| it.in_field(case)),
            None => Ok(()),
        }
    }

    fn handle(&mut self, of: &ResourceType, is_own: bool) -> Result<(), Wrong> {
        let at = self.frame.at();
        let number = u64::from_le_bytes(self.frame.array()?);
        (self.each)(&Handle {
            of,
            is_own,
            at,
            number,
        })
    }
}
