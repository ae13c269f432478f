//! Handles: how JavaScript holds a noun of the core. A handle is an external value, or an object
//! that carries what one would hold; its pointer is followed only if it is one of this
//! environment's own.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::{
    Engine, Error, ErrorKind, Exception, Extern, GcRef, Global, Instance, Memory, Module, Policy,
    Result, Store, Table, Tag,
};
use napi_sys as sys;

use crate::Addon;
use crate::env::{Env, Js, get, run};
use crate::guard::{Call, quietly};
use crate::imports::Asked;
use crate::pool::Pooled;
use crate::store::Side;

/// What a handle holds.
#[expect(
    clippy::large_enum_variant,
    reason = "each is alone in a box of its own"
)]
pub(crate) enum Held {
    Engine(Engine),
    Module(Module),
    Policy(Policy),
    Store(Store, Arc<Side>),
    Instance(Instance, Arc<Side>),
    Memory(Memory),
    Table(Table, Arc<Side>),
    Global(Global, Arc<Side>),
    Tag(Tag, Arc<Side>),
    Gc(GcRef, Arc<Side>),
    Exception(Exception, Arc<Side>),
    /// The exit code of an `ExitError`.
    Exit(i32),
    Pool(Pooled),
    /// The number of an asynchronous call.
    Call(u64),
    /// A call of a function of JavaScript for a guest of another thread.
    Loan(Arc<Asked>),
}

/// Marks the objects that carry what a handle holds.
const CARRIER: sys::napi_type_tag = sys::napi_type_tag {
    lower: 0x6c61_6e64_6272_6964,
    upper: 0x6765_2063_6172_7279,
};

/// What the pointer of a handle leads to.
struct Cell {
    held: Held,
    addon: Arc<Addon>,
}

impl Held {
    /// Makes the handle.
    pub(crate) fn into_js(self, env: Env) -> Result<Js> {
        let hint = ptr::null_mut();
        self.hand(env, |cell| {
            get!(
                env,
                napi_create_external(cell, Some(release), hint),
                ptr::null_mut()
            )
        })
    }

    /// Makes an object carry it.
    pub(crate) fn carried_by(self, env: Env, object: Js) -> Result<()> {
        run!(env, napi_type_tag_object(object, &CARRIER))?;
        let (hint, none) = (ptr::null_mut(), ptr::null_mut());
        self.hand(env, |cell| {
            run!(env, napi_wrap(object, cell, Some(release), hint, none))
        })
    }

    /// Hands the pointer over by `give`; if that fails, all is dropped.
    fn hand<R>(self, env: Env, give: impl FnOnce(*mut c_void) -> Result<R>) -> Result<R> {
        let addon = env.addon()?;
        let held = Cell { held: self, addon };
        let cell = Box::into_raw(Box::new(held));
        let given = give(cell.cast());
        match &given {
            // SAFETY: only `release` frees the box now, and finalizers run when this call has
            // returned.
            Ok(_) => drop(
                unsafe { &*cell }
                    .addon
                    .handles
                    .borrow_mut()
                    .insert(cell as usize),
            ),
            // SAFETY: the box was made above, and nobody else has it.
            Err(_) => drop(unsafe { Box::from_raw(cell) }),
        }
        given
    }

    /// What a memory, table, global or tag is to imports.
    pub(crate) fn item(&self) -> Option<Extern> {
        match self {
            Held::Memory(memory) => Some(memory.clone().into()),
            Held::Table(table, _) => Some(table.clone().into()),
            Held::Global(global, _) => Some(global.clone().into()),
            Held::Tag(tag, _) => Some(tag.clone().into()),
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

/// The pointer of a handle, or of an object that carries one.
fn pointer(env: Env, value: Js) -> Option<*mut c_void> {
    match env.kind(value).ok()? {
        sys::ValueType::napi_external => {
            get!(env, napi_get_value_external(value), ptr::null_mut()).ok()
        }
        sys::ValueType::napi_object => {
            let carries = get!(env, napi_check_object_type_tag(value, &CARRIER), false);
            let data = || get!(env, napi_unwrap(value), ptr::null_mut()).ok();
            carries.ok()?.then(data)?
        }
        _ => None,
    }
}

/// What the handle `value` holds.
pub(crate) fn held(env: Env, value: Js) -> Option<&'static Held> {
    let data = pointer(env, value)?;
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
    policy Policy(policy) -> &Policy = "Policy";
    store Store(store, side) -> (&Store, &Arc<Side>) = "Store";
    instance Instance(instance, side) -> (&Instance, &Arc<Side>) = "Instance";
    memory Memory(memory) -> &Memory = "Memory";
    table Table(table, side) -> (&Table, &Arc<Side>) = "Table";
    global Global(global, side) -> (&Global, &Arc<Side>) = "Global";
    tag Tag(tag, side) -> (&Tag, &Arc<Side>) = "Tag";
    gc Gc(object, side) -> (&GcRef, &Arc<Side>) = "GcRef";
    exception Exception(exception, side) -> (&Exception, &Arc<Side>) = "TaggedException";
    pool Pool(pool) -> &Pooled = "Pool";
    call Call(id) -> &u64 = "call";
    loan Loan(asked) -> &Arc<Asked> = "loan";
}
