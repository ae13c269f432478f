//! Functions of components: their calls.

use std::fmt;
use std::sync::Arc;

use wasmtime::component::{ResourceType as EngineResource, TypedFunc};

use super::decode::decode_result;
use super::encode::{check_count, encode_args};
use super::frame::{Sink, WitArgs, WitFrame, WitWriter};
use super::handles::Handles;
use super::lane::{Args, AtWork, Results, Rets};
use super::lent::{self, Lent};
use super::made::MadeComponent;
use super::state;
use crate::store::{Context, Inner as Host};
use crate::{Instance, Result, Store, WitFuncType, WitValue, text};

/// A function that a component exports, resolved: calls look nothing up. Cheap to clone. May be called from many
/// threads: they take turns.
#[derive(Clone)]
pub struct WitFunc(Arc<Inner>);

struct Inner {
    instance: Instance,
    resolved: Arc<Resolved>,
}

/// What a call needs, apart from the store.
pub(super) struct Resolved {
    made: Arc<MadeComponent>,
    func: TypedFunc<Args<'static>, Rets>,
    name: Box<str>,
    ty: Arc<WitFuncType>,
    /// What the engine knows its resources as.
    resources: Vec<(u32, EngineResource)>,
    takes_handles: bool,
    /// Whether a part of the arguments may lie beside their frame.
    takes_lists: bool,
}

impl WitFunc {
    pub(crate) fn new(
        instance: &Instance,
        made: &Arc<MadeComponent>,
        func: wasmtime::component::Func,
        name: &str,
        ty: Arc<WitFuncType>,
        resources: Vec<(u32, EngineResource)>,
    ) -> WitFunc {
        // SAFETY: nothing depends on the check that is left out: see `lane.rs`.
        let func = unsafe { TypedFunc::new_unchecked(func) };
        let takes_handles = ty.params.iter().any(|it| it.ty.has_handles());
        let takes_lists = ty.params.iter().any(|it| it.ty.has_lists());
        let resolved = Arc::new(Resolved {
            made: made.clone(),
            func,
            name: name.into(),
            ty,
            resources,
            takes_handles,
            takes_lists,
        });
        WitFunc(Arc::new(Inner {
            instance: instance.clone(),
            resolved,
        }))
    }

    pub(super) fn resolved(&self) -> Arc<Resolved> {
        self.0.resolved.clone()
    }

    /// Its type: parameters and result.
    pub fn ty(&self) -> &WitFuncType {
        &self.0.resolved.ty
    }

    /// Its name, as it was asked for.
    pub fn name(&self) -> &str {
        &self.0.resolved.name
    }

    /// The instance it is of.
    pub fn instance(&self) -> &Instance {
        &self.0.instance
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        self.0.instance.store()
    }

    /// Refuses another number of arguments than it takes.
    ///
    /// # Errors
    /// `type`.
    pub fn check_count(&self, given: usize) -> Result<()> {
        check_count(self.ty(), &text::name(self.name()), given)
    }

    /// Calls it, and waits for its turn if another thread is in the store. A `result` is returned as
    /// [`WitValue::Result`]: an `err` is a value, not an error of the call.
    ///
    /// # Errors
    /// Before the guest is entered, and without harm: `type` and `range` if the arguments do not fit, with the place,
    /// such as `args[0].tags[1]`; `closed`; `busy` if a call of this component waits for a host function; `poisoned` if
    /// an earlier error ended the component. After that, the errors of [`Func::call`](crate::Func::call): each of them ends
    /// all components of the store.
    pub fn call(&self, args: &[WitValue]) -> Result<Option<WitValue>> {
        self.call_written(
            |handles| encode_args(self.ty(), &Named(self.name()), args, handles),
            |results| decode_result(self.store(), self.ty(), results),
        )
    }

    /// What the engine knows its resources as.
    pub(crate) fn resources(&self) -> &[(u32, EngineResource)] {
        &self.0.resolved.resources
    }

    /// Whether there are resources in its type.
    #[inline]
    pub(crate) fn has_handles(&self) -> bool {
        !self.0.resolved.resources.is_empty()
    }

    /// Calls it with what `write` gives, and releases the handles that were made for it and that the guest did not
    /// keep. `take` takes the result.
    #[inline]
    pub(super) fn call_written<'a, R>(
        &self,
        write: impl FnOnce(&mut Handles<'_>) -> Result<WitWriter<'a>>,
        take: impl FnOnce(&mut WitFrame) -> Result<R>,
    ) -> Result<R> {
        self.store().enter(|ctx| {
            let store = ctx.store();
            let mut handles = Handles::new(store.inner(), &self.0.resolved.resources);
            let frame = write(&mut handles);
            let mut results = WitFrame::default();
            let WitFrame { bytes, blobs } = &mut results;
            let called = frame.and_then(|frame| self.call_in(ctx, &frame.lend()?, bytes, blobs));
            handles.release();
            called?;
            take(&mut results)
        })
    }

    /// Calls it with a frame of its arguments, and gives one of its result; see [`WitFrame`].
    ///
    /// # Errors
    /// As [`WitFunc::call`]; a frame that is malformed is of kind `type` and ends the component.
    pub fn call_frame(&self, args: &WitArgs<'_>, results: &mut WitFrame) -> Result<()> {
        results.clear();
        let called = self.call_into(args, &mut results.bytes, &mut results.blobs);
        if called.is_err() {
            results.clear();
        }
        called
    }

    /// The same, with something that takes the blobs of the result, each as it is in the guest's memory. The result is
    /// added to `results`; after an error, a part of it may be there.
    ///
    /// # Errors
    /// As [`WitFunc::call_frame`], and those of the sink.
    #[inline]
    pub fn call_into(
        &self,
        args: &WitArgs<'_>,
        results: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        self.store()
            .enter(|ctx| self.call_in(ctx, args, results, sink))
    }

    #[inline]
    pub(crate) fn call_in(
        &self,
        ctx: &mut Context<'_>,
        args: &WitArgs<'_>,
        results: &mut Vec<u8>,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        if self.0.instance.is_closed() {
            return Err(state::closed());
        }
        call_resolved(&self.0.resolved, ctx, args, results, sink)
    }
}

/// Calls a function with a frame. The result is added to `results`.
pub(super) fn call_resolved(
    func: &Resolved,
    ctx: &mut Context<'_>,
    args: &WitArgs<'_>,
    bytes: &mut Vec<u8>,
    sink: &mut dyn Sink,
) -> Result<()> {
    let store = ctx.store();
    let inner = store.inner();
    if inner.has_news_of_components() {
        state::look(ctx)?;
    }
    let size = match func.takes_lists {
        true => {
            let _shut = inner.shut_for_host();
            args.size()
        }
        false => args.bytes.len(),
    };
    inner.limits().check_transfer(size)?;
    let lent = match func.takes_handles {
        true => Some(lend(func, inner, args)?),
        false => None,
    };
    let Some(at_work) = func.made.begin_call() else {
        return Err(state::is_at_work(&func.name));
    };
    let call = inner.components().begin();
    let results = Some(Results { bytes, sink });
    let done = AtWork::run(ctx.thread(), inner, results, || {
        store.run_in(ctx, |engine| func.func.call(engine, Args(*args)))
    });
    // What was dropped while it was lent can be destroyed now.
    drop((call, at_work, lent));
    done?;
    if inner.has_drops() {
        // What fails here has ended the components, as the next call says.
        let _ = state::settle(ctx);
    }
    Ok(())
}

/// Checks the handles among the arguments. Apart, so that calls without any are a straight line.
#[inline(never)]
fn lend<'a>(func: &Resolved, inner: &'a Host, args: &WitArgs<'_>) -> Result<Box<Lent<'a>>> {
    lent::check(inner, &func.ty, &func.resources, args).map(Box::new)
}

/// A name as messages tell it, made when one does.
struct Named<'a>(&'a str);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::name(self.0))
    }
}

impl fmt::Debug for WitFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitFunc({}: {})", text::name(self.name()), self.ty())
    }
}
