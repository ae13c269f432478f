//! Functions of components

use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

use landbridge::handle::{self, InStore, Lent};
use landbridge::host::wit::Crossing;
use landbridge::{Store, WitFunc};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release};
use crate::handle::{lb_instance_t, lb_store_t, lb_wit_func_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::text;
use crate::text::give_text;
use crate::wit_frame::{Blobbing, Given, lb_wit_frame_t, lb_wit_sink_t, with_results};
use crate::wit_type::{Signature, lb_wit_func_type_t};

/// A function with its type for C, made when it is first asked for.
pub struct Callable {
    pub(crate) func: WitFunc,
    signature: OnceLock<Arc<Signature>>,
}

noun!(lb_wit_func_t, "function of a component", Callable;
    fn keep(func: Callable) -> landbridge::Result<lb_wit_func_t> {
        handle::insert_in_store(lb_wit_func_t::KIND, Arc::new(func)).map(Self::of)
    }
);

// SAFETY: a function stays in its store.
unsafe impl InStore for Callable {
    fn store(&self) -> &Store {
        self.func.store()
    }
}

impl Callable {
    fn new(func: WitFunc) -> Callable {
        Callable {
            func,
            signature: OnceLock::new(),
        }
    }

    pub(crate) fn signature(&self) -> &Arc<Signature> {
        let make = || Arc::new(Signature::of(self.func.ty()));
        self.signature.get_or_init(make)
    }
}

/// A function that a component exports, resolved: calls look nothing up. Its name is that of WIT: "hello", or
/// "demo:app/shapes@1.2.0#area" of an interface, in short "shapes#area". The caller releases it.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_UNSUPPORTED for an instance of a core module,
/// LB_KIND_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_wit_func(
    instance: lb_instance_t,
    name: *const c_char,
    func: Out<lb_wit_func_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(func, || {
            let name = &*text(name, "name")?;
            Ok(Callable::new(instance.get()?.instance.wit_func(name)?))
        })
    }
}

/// Calls a function with a frame of its arguments, and hands the frame of its result to the sink. A result of WIT is such
/// a value: an err is no error of the call.
///
/// May be called from any thread: threads that meet on a store take turns.
///
/// Errors: LB_KIND_TYPE if a handle or an object does not fit its type; LB_KIND_CLOSED, LB_KIND_BUSY for a resource that
/// was given away or is lent; LB_KIND_BUSY if a call of this component waits for a host function; LB_KIND_TRAP with code
/// and frames, what a host function returned, and whatever else ends a guest: it ends all components of the store, which
/// is LB_KIND_POISONED then. So does a frame that is malformed. Those of the sink.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_call_frame(
    func: lb_wit_func_t,
    args: *const lb_wit_frame_t,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let args = Given::read(args)?;
        let mut sink = Blobbing::new(sink)?;
        with_results(|results| {
            let objects =
                handle::with(func.id, lb_wit_func_t::KIND, |func: &Lent<'_, Callable>| {
                    let crossing = Crossing {
                        bytes: args.bytes,
                        blobs: &args.blobs,
                        objects: &args.objects,
                    };
                    func.func.call_host(crossing, results, &mut sink)
                })?;
            sink.give(results, &objects)
        })
    })
}

/// What it takes and gives. All of it lives as long as the handle.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_func_type(
    func: lb_wit_func_t,
    r#type: Out<lb_wit_func_type_t>,
) -> *mut lb_error_t {
    guard_out(r#type, lb_wit_func_type_t::NONE, || {
        Ok(func.get()?.signature().view)
    })
}

/// Writes the name that it was asked for by to a buffer of size bytes, cut short and ended by a zero byte as snprintf does.
/// length (or NULL) receives the whole length without the zero byte.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_name(
    func: lb_wit_func_t,
    name: *mut c_char,
    size: usize,
    length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        give_text(func.get()?.func.name(), name, size, length);
        Ok(())
    })
}

/// The same for its type, as WIT spells it: "func(name: string) -> string".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_text(
    func: lb_wit_func_t,
    text: *mut c_char,
    size: usize,
    length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        give_text(&func.get()?.func.ty().to_string(), text, size, length);
        Ok(())
    })
}

/// The store that it lives in. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_func_store(
    func: lb_wit_func_t,
    store: Out<lb_store_t>,
) -> *mut lb_error_t {
    guard_new(store, || Ok(func.get()?.func.store().clone()))
}

/// A second handle of the same function. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the function was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_func_clone(
    func: lb_wit_func_t,
    clone: Out<lb_wit_func_t>,
) -> *mut lb_error_t {
    guard_new(clone, || Ok(Callable::new(func.get()?.func.clone())))
}

/// Releases the handle. Allowed while the function runs.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_func_release(func: lb_wit_func_t) -> *mut lb_error_t {
    guard_release(func)
}
