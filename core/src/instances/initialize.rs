//! What an instance does once: `_initialize` of a reactor, `_start` of a program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::imports::bind;
use crate::store::Context;
use crate::{
    Error, ErrorKind, ExternType, Func, FuncType, HostContext, HostFunc, Module, Result, Value,
};

/// What a reactor of WASI exports to be called before all else.
pub(crate) const NAME: &str = "_initialize";

/// What ran already in an instance.
#[derive(Default)]
pub(crate) struct Life {
    /// Whether `_initialize` was called by us.
    by_itself: AtomicBool,
    initialized: AtomicBool,
    started: AtomicBool,
}

/// What a module has that runs once in each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Once {
    /// `_initialize`, of a reactor.
    pub(crate) initialize: bool,
    /// `_start`, of a program.
    pub(crate) start: bool,
}

impl Once {
    /// Both count whatever else is exported. By the application ABI of WASI no module should have both; what
    /// has is initialized like others, and can then be run.
    pub(crate) fn of(exports: &[(String, ExternType)]) -> Once {
        let has = |wanted: &str| {
            let is_it = |ty: &ExternType| matches!(ty, ExternType::Func(ty) if ty.slots() == 0);
            exports.iter().any(|(name, ty)| name == wanted && is_it(ty))
        };
        Once {
            initialize: has(NAME),
            start: has("_start"),
        }
    }
}

impl Life {
    /// That of an instance; none if nothing of it runs once.
    pub(crate) fn new(module: &Module) -> Option<Arc<Life>> {
        let once = module.once();
        (once.initialize || once.start).then(Arc::default)
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
    bind(ctx, NAME.into(), ty, Arc::new(guard)).into()
}

struct Guard {
    func: wasmtime::Func,
    life: Arc<Life>,
}

impl HostFunc for Guard {
    fn call(&self, context: &HostContext<'_>, _: &FuncType, _: &[Value]) -> Result<Vec<Value>> {
        self.life.initialize()?;
        let func = |ctx: &mut Context<'_>| Ok(Func::from_engine(ctx, self.func, Some(NAME)));
        call(&context.store.enter(func)?)
    }
}
