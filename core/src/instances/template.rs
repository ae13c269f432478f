//! Template: a module with the host's functions that it imports, made for the engine once and instantiated often.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::engine::Build;
use crate::fork;
use crate::module::ModuleMark;
use crate::store::Data;
use crate::{Engine, Module};

/// A module of which all imports are functions of the host. These are in it, so each store keeps it until the engine's
/// store is gone.
pub(crate) struct Template {
    pub(crate) pre: ManuallyDrop<wasmtime::InstancePre<Data>>,
    engine: Engine,
    build: Build,
}

impl Template {
    pub(super) fn new(
        pre: wasmtime::InstancePre<Data>,
        engine: &Engine,
        build: Build,
    ) -> Arc<Template> {
        Arc::new(Template {
            pre: ManuallyDrop::new(pre),
            engine: engine.clone(),
            build,
        })
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        // SAFETY: it is taken once, here.
        let pre = unsafe { ManuallyDrop::take(&mut self.pre) };
        match self.engine.variant(self.build) {
            Ok(variant) => variant.free(pre),
            Err(_) => drop(pre),
        }
    }
}

/// What imports were used for last, on demand and in slots.
#[derive(Default)]
pub(super) struct Templates(fork::Lock<[Used; 2]>);

#[derive(Clone, Default)]
struct Used {
    /// By whose code.
    by: Option<(ModuleMark, Build)>,
    /// Nothing before it was tried; then nothing if the module asks for more than functions of the host.
    template: Option<Option<Arc<Template>>>,
}

impl Templates {
    /// The template for a module, from the second use on: the first may be the only one, and a template costs more than
    /// its functions.
    pub(super) fn find(
        &self,
        module: &Module,
        build: Build,
        make: impl FnOnce() -> Option<Arc<Template>>,
    ) -> Option<Arc<Template>> {
        let mark = module.mark();
        let which = usize::from(build.pooled);
        let used = self.0.lock()[which].clone();
        let is_again = used.by.is_some_and(|(by, of)| of == build && by.is(&mark));
        match (is_again, used.template) {
            (true, Some(template)) => template,
            (true, None) => {
                // Without the lock: the host's functions may be asked whether they fit.
                let template = make();
                self.note(which, mark, build, Some(template.clone()));
                template
            }
            (false, _) => {
                self.note(which, mark, build, None);
                None
            }
        }
    }

    fn note(
        &self,
        which: usize,
        mark: ModuleMark,
        build: Build,
        template: Option<Option<Arc<Template>>>,
    ) {
        let by = Some((mark, build));
        let before = std::mem::replace(&mut self.0.lock()[which], Used { by, template });
        // Without the lock: the host's own code may run.
        drop(before);
    }
}
