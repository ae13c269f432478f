//! Closures that are provided to components, with their Rust signature.

use std::marker::PhantomData;
use std::sync::Arc;

use super::place::Caller;
use super::resources::run_with_resources;
use super::{FromWit, ToWit, WitHost, WitParams, check_signature, lift_all, signature};
use crate::{
    Error, ErrorKind, HostContext, Imports, Result, WitContext, WitFrame, WitFuncType, WitWriter,
    messages, text,
};

/// What a closure gives: a type of WIT, or a [`Result`] of one.
///
/// A `Result<T, E>` whose error is a type of WIT is a `result<T, E>`; one whose error is [`Error`] is a `T` that may
/// fail, and `landbridge::Result<Result<T, E>>` is both.
#[diagnostic::on_unimplemented(
    message = "a closure cannot give `{Self}` to a component",
    note = "it may give a type of WIT, `landbridge::Result` of one, or `Result<T, E>` of two for a function with a \
            `result`"
)]
pub trait WitGiven {
    /// What is in it.
    type Value: ToWit;
    /// The same as a result.
    fn given(self) -> Result<Self::Value>;
}

impl<T: ToWit> WitGiven for T {
    type Value = T;

    #[inline]
    fn given(self) -> Result<T> {
        Ok(self)
    }
}

impl<T: ToWit> WitGiven for Result<T, Error> {
    type Value = T;

    #[inline]
    fn given(self) -> Result<T> {
        self
    }
}

/// A closure whose signature is the one that a component imports it with. `A` is made of its parameters.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be passed to a component by a host function",
    note = "a closure that is lent takes types of WIT, at most twelve, after the `HostContext` if it wants it; say \
            their types: `|level: u8, text: String| ...`"
)]
pub trait WitClosure<A>: Send + Sync + 'static {
    /// As core calls it.
    fn into_wit_host(self) -> Arc<dyn WitHost>;
}

struct Typed<P, G, F> {
    run: F,
    signature: PhantomData<fn(P) -> G>,
}

impl<P, G, F> WitHost for Typed<P, G, F>
where
    P: WitParams + FromWit,
    G: WitGiven,
    F: Fn(&HostContext<'_>, P) -> G + Send + Sync,
{
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        if context.has_handles() {
            let run = |params: P| (self.run)(context, params).given();
            return run_with_resources(context, ty, args, run);
        }
        let params = lift_all::<P>(args)?;
        let given = (self.run)(context, params).given()?;
        let mut frame = WitWriter::in_buffer(std::mem::take(&mut args.bytes));
        given.lower_own(&mut frame);
        frame.finish()
    }

    fn check(&self, name: &str, ty: &WitFuncType) -> Result<()> {
        check_signature::<P, G::Value>(ty, Caller::Guest).map_err(|why| {
            let wanted = signature::<P, G::Value>();
            let other = messages::other_signature(text::name(name), ty, wanted);
            Error::new(
                ErrorKind::Link,
                format!("{}: {}", other.message(), why.message()),
            )
        })
    }
}

pub(super) fn typed<P: WitParams + FromWit + 'static, G: WitGiven + 'static>(
    run: impl Fn(&HostContext<'_>, P) -> G + Send + Sync + 'static,
) -> Arc<dyn WitHost> {
    let signature: PhantomData<fn(P) -> G> = PhantomData;
    Arc::new(Typed { run, signature })
}

impl Imports {
    /// Provides a closure over types of WIT to components:
    ///
    /// ```
    /// # use landbridge::Imports;
    /// let mut imports = Imports::new();
    /// imports.wit_typed("demo:app/host", "log", |level: u8, text: String| -> Result<u32, String> {
    ///     match level {
    ///         0..=5 => Ok(text.len() as u32),
    ///         _ => Err(format!("there is no level {level}")),
    ///     }
    /// });
    /// ```
    ///
    /// The interface is named as in [`Imports::wit_func`]. The closure takes at most twelve, and before them the [`HostContext`] if it wants it. It gives a type of WIT, a
    /// [`Result`] of one, or, for a function with a `result`, a `Result<T, E>` of two: see [`WitGiven`]. A component
    /// that imports it with another signature is refused when it is instantiated, with an error of kind `link`.
    pub fn wit_typed<A>(
        &mut self,
        interface: &str,
        name: &str,
        closure: impl WitClosure<A>,
    ) -> &mut Imports {
        self.wit(interface, name, closure.into_wit_host())
    }
}
