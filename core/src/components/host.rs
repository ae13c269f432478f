//! Host functions that components call.

use std::ops::Deref;

use wasmtime::component::ResourceType as EngineResource;

use super::decode::decode_args;
use super::encode::encode_result;
use super::frame::WitFrame;
use super::handles::Handles;
use super::lane::HostFrames;
use super::state;
use crate::{Error, HostContext, Result, WitFuncType, WitType, WitValue};

/// A function that the host provides to components. Its type is the one with which the component imports it.
///
/// It runs on the thread and the native stack of the call that reached it. An error of it is the result of the guest's
/// call if the type has a `result` and the error has a payload for it, see
/// [`Error::with_payload`](crate::Error::with_payload). Every other error comes out of the host's call as it is, and
/// ends the components of the store. A panic is caught and becomes an error.
pub trait WitHost: Send + Sync {
    /// Takes a frame of the arguments and gives one of the result, or an empty one if there is none; see
    /// [`WitFrame`]. `args` may be used up. The handles of what is lent are good until this returns.
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame>;

    /// Asked when it is lent: an error if it cannot be called with this type. `name` is what the component imports it
    /// by.
    fn check(&self, name: &str, ty: &WitFuncType) -> Result<()> {
        let _ = (name, ty);
        Ok(())
    }
}

/// Where a host function of a component was called from. Valid during that call only.
pub struct WitContext<'a> {
    pub(super) context: &'a HostContext<'a>,
    /// What the engine knows the resources of the function as; empty if it has none.
    pub(super) resources: &'a [(u32, EngineResource)],
}

impl WitContext<'_> {
    /// Whether there are resources in the function's type.
    #[inline]
    pub(crate) fn has_handles(&self) -> bool {
        !self.resources.is_empty()
    }

    pub(crate) fn handles(&self) -> Handles<'_> {
        Handles::new(self.context.store().inner(), self.resources)
    }

    /// Writes what the host function gives.
    fn encode(&self, ty: &WitFuncType, result: Option<&WitValue>) -> Result<WitFrame> {
        encode_result(ty, self.name(), result, self.handles())
    }
}

impl<'a> Deref for WitContext<'a> {
    type Target = HostContext<'a>;

    fn deref(&self) -> &HostContext<'a> {
        self.context
    }
}

impl<F> WitHost for F
where
    F: Fn(&HostContext<'_>, &[WitValue]) -> Result<Option<WitValue>> + Send + Sync,
{
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let args = decode_args(context.store(), ty, args)?;
        let result = self(context, &args)?;
        context.encode(ty, result.as_ref())
    }
}

/// Runs a host function, whose result goes to the frames: its error becomes that of the type's `result` if it can, and what was lent to it goes back.
pub(super) fn run(
    context: &WitContext<'_>,
    host: &dyn WitHost,
    ty: &WitFuncType,
    frames: &mut HostFrames,
) -> Result<()> {
    let given = match host.call(context, ty, &mut frames.args) {
        Ok(given) => {
            frames.results = given;
            Ok(())
        }
        Err(error) => payload_of(context, ty, error).map(|given| frames.results = given),
    };
    let given_back = match frames.borrowed.is_empty() {
        true => Ok(()),
        false => state::give_back(context.store(), &frames.borrowed),
    };
    // What the host says comes first.
    given.and(given_back)?;
    let limits = context.store().inner().limits();
    limits.check_transfer(frames.results.lend().size())
}

#[cold]
fn payload_of(context: &WitContext<'_>, ty: &WitFuncType, error: Error) -> Result<WitFrame> {
    // What ended the components is no value for a guest.
    if context.store().inner().components().check().is_err() {
        return Err(error);
    }
    match (&ty.result, error.payload()) {
        (Some(WitType::Result(_)), Some(payload)) => {
            let value = WitValue::err(payload.cloned());
            context.encode(ty, Some(&value))
        }
        _ => Err(error),
    }
}
