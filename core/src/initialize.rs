//! What an instance does once: `_initialize` of a reactor, `_start` of a program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::imports::bind;
use crate::store::Context;
use crate::{Error, ErrorKind, ExternType, FuncType, HostContext, HostFunc, Module, Result, Value};

/// What a reactor of WASI exports to be called before all else.
pub(crate) const NAME: &str = "_initialize";

/// What ran already in an instance.
pub(crate) struct Life {
    /// Whether the module is a reactor with something to initialize: by the application ABI of WASI, a
    /// module with `_start` is a program, and all others are reactors.
    pub(crate) has_initialize: bool,
    /// Whether that was done by us.
    by_itself: AtomicBool,
    initialized: AtomicBool,
    started: AtomicBool,
}

impl Life {
    pub(crate) fn new(module: &Module) -> Life {
        let exports = |name: &str| {
            let found = module.export_index(name).map(|i| &module.exports()[i].1);
            matches!(found, Some(ExternType::Func(ty)) if ty.slots() == 0)
        };
        Life {
            has_initialize: exports(NAME) && !exports("_start"),
            by_itself: AtomicBool::new(false),
            initialized: AtomicBool::new(false),
            started: AtomicBool::new(false),
        }
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
        let call = |ctx: &mut wasmtime::StoreContextMut<'_, _>| self.func.call(ctx, &[], &mut []);
        context.store.run(call)?;
        Ok(Vec::new())
    }
}
