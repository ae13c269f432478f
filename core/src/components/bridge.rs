//! A function that one component exports and another imports.

use std::sync::Arc;

use super::frame::WitFrame;
use super::func::{Resolved, call_resolved};
use super::host::{WitContext, WitHost};
use crate::{Error, ErrorKind, Instance, Result, WitFuncType, WitType};

/// Calls the function of the one with the frame that the other gave: both are in one store, so handles are the same.
pub(super) struct Bridge(Arc<Resolved>);

impl Bridge {
    /// `told` is asked for the type as messages tell it.
    pub(super) fn new(
        exporter: &Instance,
        interface: &str,
        name: &str,
        ty: &WitFuncType,
        told: impl FnOnce(&WitFuncType) -> String,
    ) -> Result<Bridge> {
        let func = exporter.wit_func(&format!("{interface}#{name}"));
        let refused = |e: Error| Error::new(ErrorKind::Link, e.message());
        let func = func.map_err(refused)?;
        if !is_same(ty, func.ty()) {
            let text = format!(
                "{}: the other component exports it as {}, and this one imports it as {}",
                crate::text::name(func.name()),
                func.ty(),
                told(ty)
            );
            return Err(Error::new(ErrorKind::Link, text));
        }
        Ok(Bridge(func.resolved()))
    }
}

impl WitHost for Bridge {
    fn call(
        &self,
        context: &WitContext<'_>,
        _: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let mut results = WitFrame::default();
        let WitFrame { bytes, blobs } = &mut results;
        context
            .store()
            .enter(|ctx| call_resolved(&self.0, ctx, &args.lend(), bytes, blobs))?;
        Ok(results)
    }
}

/// Whether values of the one are values of the other: names of types and of parameters do not matter.
fn is_same(a: &WitFuncType, b: &WitFuncType) -> bool {
    let params = a.params.iter().zip(&b.params);
    a.params.len() == b.params.len()
        && params.into_iter().all(|(a, b)| is_same_type(&a.ty, &b.ty))
        && is_same_option(a.result.as_ref(), b.result.as_ref())
}

fn is_same_option(a: Option<&WitType>, b: Option<&WitType>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => is_same_type(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn is_same_type(a: &WitType, b: &WitType) -> bool {
    use WitType as T;
    match (a, b) {
        (T::List(a), T::List(b)) | (T::Option(a), T::Option(b)) => is_same_type(a, b),
        (T::Record(a), T::Record(b)) => {
            let fields = a.fields.iter().zip(&b.fields);
            a.fields.len() == b.fields.len()
                && fields
                    .into_iter()
                    .all(|(a, b)| a.name == b.name && is_same_type(&a.ty, &b.ty))
        }
        (T::Tuple(a), T::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_same_type(a, b))
        }
        (T::Variant(a), T::Variant(b)) => {
            let cases = a.cases.iter().zip(&b.cases);
            a.cases.len() == b.cases.len()
                && cases
                    .into_iter()
                    .all(|(a, b)| a.name == b.name && is_same_option(a.ty.as_ref(), b.ty.as_ref()))
        }
        (T::Enum(a), T::Enum(b)) => a.names == b.names,
        (T::Flags(a), T::Flags(b)) => a.names == b.names,
        (T::Result(a), T::Result(b)) => {
            is_same_option(a.ok.as_ref(), b.ok.as_ref())
                && is_same_option(a.err.as_ref(), b.err.as_ref())
        }
        // Which resources they are is looked at when they cross.
        (T::Own(_), T::Own(_)) | (T::Borrow(_), T::Borrow(_)) => true,
        (a, b) => a == b,
    }
}
