//! Instances
//!
//! An instance is a module at work. Its exports are resolved by name once and then used fast. It may
//! be used from any thread; threads that meet take turns.

use std::ffi::c_char;
use std::sync::Arc;

use landbridge::handle::{self, InStore, Lent};
use landbridge::{Instance, Result, Store};

use crate::error::lb_error_t;
use crate::func::call;
use crate::guard::{guard, guard_array, guard_new, guard_out, guard_release};
use crate::handle::{
    lb_extern_t, lb_func_t, lb_global_t, lb_imports_t, lb_instance_t, lb_memory_t, lb_module_t,
    lb_store_t, lb_table_t, lb_tag_t,
};
use crate::imports::lent;
use crate::module::{Loaded, lb_export_t};
use crate::noun::{Noun, noun, unless_closed};
use crate::out::Out;
use crate::read::text;
use crate::value::lb_value_t;

/// An instance with the module that knows its names as C texts.
pub struct Live {
    pub(crate) instance: Instance,
    loaded: Arc<Loaded>,
}

noun!(lb_instance_t, "instance", Live;
    fn keep(live: Live) -> Result<lb_instance_t> {
        handle::insert_in_store("instance", Arc::new(live)).map(Self::of)
    }
);

// SAFETY: an instance stays in its store.
unsafe impl InStore for Live {
    fn store(&self) -> &Store {
        self.instance.store()
    }
}

impl Live {
    pub(crate) fn new(instance: Instance, loaded: Arc<Loaded>) -> Live {
        Live { instance, loaded }
    }
}

/// Makes an instance of a module, in a store of its own, and runs its start function. imports may
/// be NULL. The caller closes or releases it.
///
/// Errors: LB_KIND_LINK, naming every import that is missing or of another type; LB_KIND_TRAP or
/// LB_KIND_HOST if the start function fails; LB_KIND_WRONG_STORE if an import lives in a store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_new(
    module: lb_module_t,
    imports: *const lb_imports_t,
    instance: Out<lb_instance_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(instance, || {
            let loaded = module.get()?;
            let made = loaded.module.instantiate(&lent(imports)?)?;
            Ok(Live::new(made, loaded))
        })
    }
}

/// # Safety
/// `name` is NULL or a text.
unsafe fn export<N: Noun>(
    instance: lb_instance_t,
    name: *const c_char,
    out: Out<N>,
    find: impl FnOnce(&Instance, &str) -> Result<N::Object>,
) -> *mut lb_error_t {
    // SAFETY: the caller's promise is ours.
    unsafe {
        guard_new(out, || {
            find(&instance.get()?.instance, &text(name, "name")?)
        })
    }
}

/// An exported function, resolved: calls look nothing up. The caller releases it.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_UNSUPPORTED if it is one of a component, see
/// lb_instance_wit_func(), LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_func(
    instance: lb_instance_t,
    name: *const c_char,
    func: Out<lb_func_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { export(instance, name, func, Instance::func) }
}

/// An exported memory. The caller releases it. Errors as lb_instance_func().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_memory(
    instance: lb_instance_t,
    name: *const c_char,
    memory: Out<lb_memory_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { export(instance, name, memory, Instance::memory) }
}

/// An exported table. The caller releases it. Errors as lb_instance_func().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_table(
    instance: lb_instance_t,
    name: *const c_char,
    table: Out<lb_table_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { export(instance, name, table, Instance::table) }
}

/// An exported global. The caller releases it. Errors as lb_instance_func().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_global(
    instance: lb_instance_t,
    name: *const c_char,
    global: Out<lb_global_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { export(instance, name, global, Instance::global) }
}

/// An exported exception tag. The caller releases it. Errors as lb_instance_func().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_tag(
    instance: lb_instance_t,
    name: *const c_char,
    tag: Out<lb_tag_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { export(instance, name, tag, Instance::tag) }
}

/// An export of any sort. The caller releases it, with lb_extern_release().
///
/// Errors: LB_KIND_NOT_FOUND if there is none of this name, LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_export(
    instance: lb_instance_t,
    name: *const c_char,
    item: Out<lb_extern_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_out(item, lb_extern_t::NONE, || {
            let found = instance.get()?.instance.export(&text(name, "name")?)?;
            lb_extern_t::give(found)
        })
    }
}

/// Names and types of all exports, in the module's order: an array of count elements that lives as
/// long as the handle.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_exports(
    instance: lb_instance_t,
    exports: Out<*const lb_export_t>,
    count: Out<usize>,
) -> *mut lb_error_t {
    guard_array(exports, count, || {
        let live = instance.get()?;
        live.instance.exports()?;
        Ok(live.loaded.exports())
    })
}

/// Calls an exported function by name; see lb_func_call(), which is faster.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, else as lb_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_call(
    instance: lb_instance_t,
    name: *const c_char,
    args: *const lb_value_t,
    nargs: usize,
    results: *mut lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    guard(|| {
        handle::with(instance.id, lb_instance_t::KIND, |live: &Lent<'_, Live>| {
            // SAFETY: the caller passes NULL or what the header asks for.
            unsafe {
                let func = live.instance.func_ref(&text(name, "name")?)?;
                call(&live.func(func), args, nargs, results, nresults)
            }
        })
    })
}

/// Runs a program of WASI: calls its "_start", and gives its exit code, also where it ended itself with
/// one. A program runs once.
///
/// Errors: LB_KIND_NOT_FOUND if the module is no program, LB_KIND_UNSUPPORTED if it ran already, else as
/// lb_func_call().
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_run(instance: lb_instance_t, exit_code: Out<i32>) -> *mut lb_error_t {
    guard_out(exit_code, 0, || instance.get()?.instance.run())
}

/// The store it lives in. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_store(
    instance: lb_instance_t,
    store: Out<lb_store_t>,
) -> *mut lb_error_t {
    guard_new(store, || Ok(instance.get()?.instance.store().clone()))
}

/// The module it is an instance of. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_module(
    instance: lb_instance_t,
    module: Out<lb_module_t>,
) -> *mut lb_error_t {
    guard_new(module, || {
        Ok(Loaded::new(instance.get()?.instance.module().clone()))
    })
}

/// Closes the instance and releases the handle. One made by lb_instance_new() closes its store, see
/// lb_store_close(); one made in a store only stops answering, and its exports live on with the
/// store; one taken from a pool is given back.
///
/// Closing twice is no error, also from two threads at once.
///
/// Errors: LB_KIND_TYPE if it is no handle of this kind.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_close(instance: lb_instance_t) -> *mut lb_error_t {
    guard(|| {
        let Some(live) = unless_closed(instance.get())? else {
            return Ok(());
        };
        live.instance.close();
        unless_closed(instance.release()).map(drop)
    })
}

/// Releases the handle only. What was resolved from the instance lives on. One taken from a pool is given
/// back.
///
/// Errors: LB_KIND_CLOSED if it was closed or released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_release(instance: lb_instance_t) -> *mut lb_error_t {
    guard_release(instance)
}
