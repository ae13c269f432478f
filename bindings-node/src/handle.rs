//! Handles: how JavaScript holds a noun of the core. A handle is an external value, or an object
//! that carries what one would hold; its pointer is followed only if it is one of this
//! environment's own.

use std::any::Any;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Result};
use napi_sys as sys;

use crate::addon::Addon;
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, quietly};
use crate::js::{get, run};

/// What native functions take by its handle.
pub(crate) trait Noun: 'static {
    const NAME: &'static str;
}

/// Marks the objects that carry what a handle holds.
const CARRIER: sys::napi_type_tag = sys::napi_type_tag {
    lower: 0x6c61_6e64_6272_6964,
    upper: 0x6765_2063_6172_7279,
};

/// What the pointer of a handle leads to.
struct Cell {
    held: Box<dyn Any>,
    addon: Arc<Addon>,
}

/// Makes a handle.
pub(crate) fn handle(env: Env, it: impl Any) -> Result<Js> {
    let hint = ptr::null_mut();
    hand(env, Box::new(it), |cell| {
        get!(
            env,
            napi_create_external(cell, Some(release), hint),
            ptr::null_mut()
        )
    })
}

/// Makes an object carry what a handle would hold.
pub(crate) fn carry(env: Env, object: Js, it: impl Any) -> Result<()> {
    run!(env, napi_type_tag_object(object, &CARRIER))?;
    let (hint, none) = (ptr::null_mut(), ptr::null_mut());
    hand(env, Box::new(it), |cell| {
        run!(env, napi_wrap(object, cell, Some(release), hint, none))
    })
}

/// Hands the pointer over by `give`; if that fails, all is dropped.
fn hand<R>(env: Env, held: Box<dyn Any>, give: impl FnOnce(*mut c_void) -> Result<R>) -> Result<R> {
    let addon = env.addon()?;
    let cell = Box::into_raw(Box::new(Cell { held, addon }));
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

/// Frees a handle that JavaScript has collected. Node.js calls this outside of the collector.
unsafe extern "C" fn release(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    quietly(|| {
        // SAFETY: `hand` made this box for this value, which is finalised once.
        let cell = unsafe { Box::from_raw(data.cast::<Cell>()) };
        cell.addon.handles.borrow_mut().remove(&(data as usize));
        drop(cell);
    });
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

/// What the handle `value` holds, whatever that is.
pub(crate) fn any(env: Env, value: Js) -> Option<&'static dyn Any> {
    let data = pointer(env, value)?;
    let addon = env.addon_here().ok()?;
    let is_known = addon.handles.borrow().contains(&(data as usize));
    // SAFETY: the pointer is one of this environment's handles, which is alive because it is in the
    // open scope; what is returned is used only in that scope.
    is_known.then(|| unsafe { &*(*data.cast::<Cell>()).held })
}

/// What the handle `value` holds, if it is this.
pub(crate) fn held<T: Any>(env: Env, value: Js) -> Option<&'static T> {
    any(env, value)?.downcast_ref()
}

impl CallbackInfo {
    /// What an argument is a handle of.
    pub(crate) fn held<T: Noun>(&self, index: usize) -> Result<&'static T> {
        let foreign = || {
            let text = format!("expected a {} of this thread", T::NAME);
            Error::new(ErrorKind::Type, text)
        };
        held(self.env, self.args[index]).ok_or_else(foreign)
    }
}
