//! Handles: how JavaScript holds a noun of the core. A handle is an external value whose pointer is
//! followed only if it is one of this environment's own.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::{
    Engine, Error, ErrorKind, Extern, Global, Instance, Memory, Module, Result, Store, Table,
};
use napi_sys as sys;

use crate::Addon;
use crate::env::{Env, Js, get};
use crate::guard::{Call, quietly};
use crate::store::Sandbox;

/// What a handle holds.
pub(crate) enum Held {
    Engine(Engine),
    Module(Module),
    Store(Store, Arc<Sandbox>),
    Instance(Instance, Arc<Sandbox>),
    Memory(Memory),
    Table(Table, Arc<Sandbox>),
    Global(Global, Arc<Sandbox>),
}

/// What the pointer of a handle leads to.
struct Cell {
    held: Held,
    addon: Arc<Addon>,
}

impl Held {
    /// Makes the handle.
    pub(crate) fn into_js(self, env: Env) -> Result<Js> {
        let addon = env.addon()?;
        let cell = Box::into_raw(Box::new(Cell { held: self, addon }));
        let made = get!(
            env,
            napi_create_external(cell.cast(), Some(release), ptr::null_mut()),
            ptr::null_mut()
        );
        // SAFETY: the box was made above and nobody else has it yet.
        let cell = unsafe { &*cell };
        match &made {
            Ok(_) => drop(
                cell.addon
                    .handles
                    .borrow_mut()
                    .insert(ptr::from_ref(cell) as usize),
            ),
            // SAFETY: as above; without a handle nobody else will free it.
            Err(_) => drop(unsafe { Box::from_raw(ptr::from_ref(cell).cast_mut()) }),
        }
        made
    }

    /// What a memory, table or global is to imports.
    pub(crate) fn item(&self) -> Option<Extern> {
        match self {
            Held::Memory(memory) => Some(memory.clone().into()),
            Held::Table(table, _) => Some(table.clone().into()),
            Held::Global(global, _) => Some(global.clone().into()),
            _ => None,
        }
    }
}

/// Frees a handle that JavaScript has collected. Node.js calls this outside of the collector.
unsafe extern "C" fn release(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    quietly(|| {
        // SAFETY: `into_js` made this box for this external, which is finalised once.
        let cell = unsafe { Box::from_raw(data.cast::<Cell>()) };
        cell.addon.handles.borrow_mut().remove(&(data as usize));
        drop(cell);
    });
}

#[cold]
fn foreign(wanted: &str) -> Error {
    Error::new(
        ErrorKind::Type,
        format!("expected a {wanted} of this thread"),
    )
}

/// What the handle `value` holds.
pub(crate) fn held(env: Env, value: Js) -> Option<&'static Held> {
    let data = get!(
        env,
        napi_get_value_external(value),
        ptr::null_mut::<c_void>()
    )
    .ok()?;
    let known = env
        .addon()
        .ok()?
        .handles
        .borrow()
        .contains(&(data as usize));
    // SAFETY: the pointer is one of this environment's handles, which is alive because it is in the
    // open scope; what is returned is used only in that scope.
    known.then(|| unsafe { &(*data.cast::<Cell>()).held })
}

/// Declares how a native function reads an argument that is a handle.
macro_rules! arguments {
    ($($name:ident $Variant:ident ($($bound:ident),*) -> $Type:ty = $text:literal;)*) => {
        impl Call {$(
            pub(crate) fn $name(&self, index: usize) -> Result<$Type> {
                match held(self.env, self.args[index]) {
                    Some(Held::$Variant($($bound),*)) => Ok(($($bound),*)),
                    _ => Err(foreign($text)),
                }
            }
        )*}
    };
}

arguments! {
    engine Engine(engine) -> &Engine = "Engine";
    module Module(module) -> &Module = "Module";
    store Store(store, sandbox) -> (&Store, &Arc<Sandbox>) = "Store";
    instance Instance(instance, sandbox) -> (&Instance, &Arc<Sandbox>) = "Instance";
    memory Memory(memory) -> &Memory = "Memory";
    table Table(table, sandbox) -> (&Table, &Arc<Sandbox>) = "Table";
    global Global(global, sandbox) -> (&Global, &Arc<Sandbox>) = "Global";
}
