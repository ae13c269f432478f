//! Host functions that components call.

use super::decode::decode_args;
use super::encode::encode_result;
use super::frame::WitFrame;
use crate::{HostContext, Result, WitFuncType, WitValue};

/// A function that the host lends to components. Its type is the one that the component imports it with.
///
/// It runs on the thread and the native stack of the call that reached it. An error of it is the result of the guest's
/// call if the type has a `result` and the error has a payload for it, see
/// [`Error::with_payload`](crate::Error::with_payload). Every other error comes out of the host's call as it is, and
/// ends the component. A panic is caught and becomes an error.
pub trait WitHost: Send + Sync {
    /// Takes a frame of the arguments and gives one of the result, or an empty one if there is none; see
    /// [`WitFrame`]. `args` may be used up. The handles of what is lent are good until this returns.
    fn call(
        &self,
        context: &HostContext<'_>,
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

impl<F> WitHost for F
where
    F: Fn(&HostContext<'_>, &[WitValue]) -> Result<Option<WitValue>> + Send + Sync,
{
    fn call(
        &self,
        context: &HostContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let args = decode_args(context.store, ty, args)?;
        let result = self(context, &args)?;
        encode_result(context, ty, result.as_ref())
    }
}
