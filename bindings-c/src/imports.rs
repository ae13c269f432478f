//! Imports and host functions
//!
//! A lb_imports_t holds what modules may import, by the two names of an import. You may use it for
//! any number of instances, and change it in between: an instance has what was there when it was
//! made. What a module does not import is ignored. If you define a name twice, the second one
//! counts.

use std::ffi::{c_char, c_void};
use std::sync::{Mutex, PoisonError};

use landbridge::{HostContext, Imports, Result};

use crate::callback::Callback;
use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::{guard, guard_new, guard_out, guard_release};
use crate::handle::{lb_extern_t, lb_imports_t, lb_instance_t, lb_store_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::text;
use crate::text::copy_text;
use crate::types::lb_bool;
use crate::value::lb_value_t;

noun!(lb_imports_t, "imports", Mutex<Imports>);

/// Where a host function was called from. Valid during that call only, and on its thread.
pub struct lb_context_t {
    _private: [u8; 0],
}

/// A function of the program's that guests call. It runs on the thread of the call that reached it,
/// and may call back into the store it was called from. data is what it was registered with.
///
/// args holds nargs arguments of the types that the import has; references in it are valid
/// until the function returns: clone what you want to keep. results is set to nresults
/// zeros or nulls of the right types; references that the function puts there are given away,
/// except that one of args may be returned as it is. A result of another type is an error,
/// LB_KIND_TYPE.
///
/// Returns NULL, or an error that it owned: one from lb_error_new() or lb_error_host(), or one that
/// a call gave it. The guest is unwound then, and the error comes out of the outermost call. One of
/// LB_KIND_EXCEPTION, see lb_error_throw(), is one that a guest of the exception's store can catch.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it. It may
/// switch to another coroutine, which gets LB_KIND_BUSY until this function has returned.
pub type lb_callback_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        context: *const lb_context_t,
        args: *const lb_value_t,
        nargs: usize,
        results: *mut lb_value_t,
        nresults: usize,
    ) -> *mut lb_error_t,
>;

/// What was lent, or nothing.
///
/// # Safety
/// `imports` is NULL or leads to a handle.
pub(crate) unsafe fn lent(imports: *const lb_imports_t) -> Result<Imports> {
    // SAFETY: the caller's promise.
    match unsafe { imports.as_ref() } {
        Some(imports) => Ok(lock(&*imports.get()?).clone()),
        None => Ok(Imports::new()),
    }
}

fn lock(imports: &Mutex<Imports>) -> std::sync::MutexGuard<'_, Imports> {
    imports.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lends what another collection does. What that takes the place of is dropped when the lock is free:
/// its drop function may use this very collection.
pub(crate) fn lend(imports: &Mutex<Imports>, with: Imports) {
    let former = lock(imports).replace(with);
    drop(former);
}

/// Makes an empty collection. The caller releases it.
#[unsafe(no_mangle)]
pub extern "C" fn lb_imports_new(imports: Out<lb_imports_t>) -> *mut lb_error_t {
    guard_new(imports, || Ok(Mutex::new(Imports::new())))
}

/// Lends a function; its type is the one that a module imports it with. drop (or NULL) is called
/// with data once neither the collection nor an instance needs the function any more; it is called
/// in any case, at once if this function fails. Instances may run on any thread: the callback and
/// its data must allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_func(
    imports: lb_imports_t,
    module: *const c_char,
    name: *const c_char,
    callback: lb_callback_t,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let imports = imports.get()?;
        let (module, name) = (&text(module, "module")?, &text(name, "name")?);
        let callback = Callback::new(callback, owned)?;
        let mut one = Imports::new();
        one.host_func(module, name, callback);
        lend(&imports, one);
        Ok(())
    })
}

/// Lends a function, memory, table, global or tag of the store that the module will be instantiated
/// in. The caller keeps the handle in item.
///
/// Errors: LB_KIND_CLOSED if one of the handles was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_define(
    imports: lb_imports_t,
    module: *const c_char,
    name: *const c_char,
    item: lb_extern_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let imports = imports.get()?;
        let (module, name) = (&text(module, "module")?, &text(name, "name")?);
        let item = item.read()?;
        let mut one = Imports::new();
        one.define(module, name, item);
        lend(&imports, one);
        Ok(())
    })
}

/// Defines a value: a module that imports an immutable global by this name gets one with this value,
/// of just the type that it asks for. Define a mutable global by lb_imports_define(). The
/// caller keeps the reference in value.
///
/// Errors: LB_KIND_CLOSED if one of the handles was released, LB_KIND_TYPE if value is none. That
/// it does not fit the import is an error of the instantiation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_value(
    imports: lb_imports_t,
    module: *const c_char,
    name: *const c_char,
    value: lb_value_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let imports = imports.get()?;
        let (module, name) = (&text(module, "module")?, &text(name, "name")?);
        let value = value.read(&|| format!("{module}.{name}"))?;
        let mut one = Imports::new();
        one.value(module, name, value);
        lend(&imports, one);
        Ok(())
    })
}

/// Says whether "_initialize" is called when an instance is made; it is, unless this says false. It is what
/// a reactor of WASI exports, a library that is called into. Say false to set the instance up before it, and call it yourself
/// before anything else: once, a second call is LB_KIND_UNSUPPORTED.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_imports_initialize(
    imports: lb_imports_t,
    initialize: lb_bool,
) -> *mut lb_error_t {
    guard(|| {
        lock(&*imports.get()?).initialize(initialize != 0);
        Ok(())
    })
}

/// Lends all exports of an instance, under their own names, to modules in the same store.
///
/// Errors: LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_instance(
    imports: lb_imports_t,
    module: *const c_char,
    instance: lb_instance_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let (imports, live) = (imports.get()?, instance.get()?);
        let module = &text(module, "module")?;
        // Asked for before the lock is taken: finding exports may wait for the store.
        let mut all = Imports::new();
        all.instance(module, &live.instance)?;
        lend(&imports, all);
        Ok(())
    })
}

/// Releases the handle. Instances keep what they import.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_imports_release(imports: lb_imports_t) -> *mut lb_error_t {
    guard_release(imports)
}

/// # Safety
/// `context` is NULL or the context of a host function that runs.
pub(crate) unsafe fn context_of<'a>(context: *const lb_context_t) -> Result<&'a HostContext<'a>> {
    // SAFETY: the caller's promise; contexts that C has are made in `Callback::run`.
    unsafe { context.cast::<HostContext<'a>>().as_ref() }
        .ok_or_else(|| crate::read::null("the context"))
}

/// An export of the instance that called the host function, by its name: mostly its memory. The
/// caller releases it, with lb_extern_release().
///
/// Errors: LB_KIND_NOT_FOUND if there is none of this name, or no guest called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_context_export(
    context: *const lb_context_t,
    name: *const c_char,
    item: Out<lb_extern_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_out(item, lb_extern_t::NONE, || {
            let name = &*text(name, "name")?;
            lb_extern_t::give(context_of(context)?.exported(name)?)
        })
    }
}

/// The store that the guest runs in. The caller releases it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_context_store(
    context: *const lb_context_t,
    store: Out<lb_store_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe { guard_new(store, || Ok(context_of(context)?.store().clone())) }
}

/// Writes the name by which the module imports the function, such as "env.log", to a buffer of size
/// bytes, cut short and ended by a zero byte as snprintf does, and returns the whole length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_context_name(
    context: *const lb_context_t,
    name: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        copy_text(
            context_of(context).map_or("", |context| context.name()),
            name,
            size,
        )
    }
}
