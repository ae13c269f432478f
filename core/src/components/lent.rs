//! The handles among the arguments of a call: they are checked before it, and what is lent stays until it returns.

use wasmtime::component::ResourceType as EngineResource;

use super::frame::WitArgs;
use super::types::{ResourceType, discriminant_bytes, flags_bytes};
use super::wrong::{self, Wrong};
use crate::frame::{Laid, Reader};
use crate::store::Inner;
use crate::{Result, WitFuncType, WitType};

/// What is lent to a call, until it is dropped.
pub(crate) struct Lent<'a> {
    store: &'a Inner,
    handles: Vec<u64>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut resources = self.store.resources().borrow_mut();
        self.handles
            .iter()
            .for_each(|it| resources.lend(*it, false));
    }
}

/// Checks all handles of a frame of arguments.
///
/// # Errors
/// `closed`, `type`, `busy`, with the place of the handle; `type` if the frame is not well made.
pub(crate) fn check<'a>(
    store: &'a Inner,
    ty: &WitFuncType,
    resources: &[(u32, EngineResource)],
    args: &WitArgs<'_>,
) -> Result<Lent<'a>> {
    let mut walk = Walk {
        frame: Reader::values(args.bytes),
        resources,
        lent: Lent {
            store,
            handles: Vec::new(),
        },
        given: Vec::new(),
    };
    for (i, param) in ty.params.iter().enumerate() {
        let walked = walk.value(&param.ty);
        walked.map_err(|it| it.at(format_args!("args[{i}]")))?;
    }
    Ok(walk.lent)
}

struct Walk<'a, 'f> {
    frame: Reader<'f>,
    resources: &'f [(u32, EngineResource)],
    lent: Lent<'a>,
    given: Vec<u64>,
}

impl Walk<'_, '_> {
    fn value(&mut self, ty: &WitType) -> Result<(), Wrong> {
        match ty {
            WitType::Bool => skip(&mut self.frame, 1),
            WitType::Char => skip(&mut self.frame, 4),
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
            WitType::Flags(of) => skip(&mut self.frame, flags_bytes(of.names.len())),
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
            number => skip(&mut self.frame, number.number_bytes().unwrap_or(0)),
        }
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
        let handle = u64::from_le_bytes(self.frame.array()?);
        let Some((_, wanted)) = self.resources.iter().find(|(index, _)| *index == of.index) else {
            let known = WitType::Own(of.clone());
            return Err(wrong::other(known, "a resource of another component"));
        };
        let resources = self.lent.store.resources();
        resources.borrow().check(handle, *wanted, is_own)?;
        // Lent and given in one call, or given twice: the first wins.
        if self.given.contains(&handle) {
            return Err(super::resources::gone().into());
        }
        if is_own {
            self.given.push(handle);
        } else {
            resources.borrow_mut().lend(handle, true);
            self.lent.handles.push(handle);
        }
        Ok(())
    }
}

fn skip(frame: &mut Reader<'_>, bytes: usize) -> Result<(), Wrong> {
    frame.raw(bytes)?;
    Ok(())
}
