//! What an instance does once: `_initialize` of a reactor, `_start` of a program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::entry_points::INITIALIZE;
use crate::host_call::bind;
use crate::store::Context;
use crate::{Error, ErrorKind, Func, FuncType, HostContext, HostFunc, Module, Result, Value};

/// What ran already in an instance.
#[derive(Default)]
pub(crate) struct Life {
    /// Whether `_initialize` was called by us.
    by_itself: AtomicBool,
    initialized: AtomicBool,
    started: AtomicBool,
}

impl Life {
    /// That of an instance; none if nothing of it runs once.
    pub(crate) fn new(module: &Module) -> Option<Arc<Life>> {
        let has = module.entry_points();
        (has.initialize || has.start).then(Arc::default)
    }

    pub(crate) fn initialized_by_itself(&self) {
        self.by_itself.store(true, Ordering::Relaxed);
        self.initialized.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// `unsupported` the second time.
    fn initialize(&self) -> Result<()> {
        if !self.initialized.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let text = match self.by_itself.load(Ordering::Relaxed) {
            true => {
                "_initialize ran already, when the instance was made, and runs once; turn off the option \
                 initialize where you instantiate to call it yourself"
            }
            false => "_initialize ran already, and runs once; make a new instance to run it again",
        };
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    /// # Errors
    /// `unsupported` the second time.
    pub(crate) fn begin(&self) -> Result<()> {
        match self.started.swap(true, Ordering::Relaxed) {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Unsupported,
                "the program ran already, and runs once; make a new instance to run it again",
            )),
        }
    }

    /// The program may be run after all.
    pub(crate) fn did_not_begin(&self) {
        self.started.store(false, Ordering::Relaxed);
    }
}

/// Calls a function without arguments. Not inlined: what a call is made of should be inlined where
/// calls are fast.
#[cold]
#[inline(never)]
pub(crate) fn call(func: &Func) -> Result<Vec<Value>> {
    func.call(&[])
}

/// Whether a call that failed so had begun.
pub(crate) fn began(error: &Error) -> bool {
    !matches!(error.kind(), ErrorKind::Busy | ErrorKind::Deadlock)
}

/// The function in such a way that it runs once.
pub(crate) fn guarded(
    ctx: &mut Context<'_>,
    found: wasmtime::Extern,
    life: &Arc<Life>,
) -> wasmtime::Extern {
    let wasmtime::Extern::Func(func) = found else {
        return found;
    };
    let ty = func.ty(&ctx.engine);
    let life = life.clone();
    let guard = Guard { func, life };
    bind(ctx, INITIALIZE.into(), ty, Arc::new(guard)).into()
}

struct Guard {
    func: wasmtime::Func,
    life: Arc<Life>,
}

impl HostFunc for Guard {
    fn call(&self, context: &HostContext<'_>, _: &FuncType, _: &[Value]) -> Result<Vec<Value>> {
        self.life.initialize()?;
        let func = |ctx: &mut Context<'_>| Ok(Func::from_engine(ctx, self.func, Some(INITIALIZE)));
        call(&context.store.enter(func)?)
    }
}
