//! Calls of components with values
//!
//! A function of a component is called with values of the program's, and gives one; see lb_wit_value_t. A function of the
//! program's that components call takes and gives such values too.
//!
//!     static lb_error_t *worth(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
//!       lb_wit_value_t cents = LB_WIT_U64(price_of(args[0].of.text));
//!       lb_wit_value_t result = LB_WIT_OK(&cents);
//!       return lb_wit_context_give(context, &result);
//!     }
//!
//!     err = lb_imports_wit(imports, "demo:shop/office", "worth", worth, NULL, NULL);

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use landbridge::handle::{self, Lent};
use landbridge::{Result, WitContext, WitFrame, WitFuncType, WitHost, host, text};

use crate::arena::Arena;
use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::guard;
use crate::handle::{lb_imports_t, lb_wit_func_t};
use crate::noun::Noun;
use crate::out::Out;
use crate::read::{array, null};
use crate::wit_decode::Decoder;
use crate::wit_encode::Encoder;
use crate::wit_fault::{Fault, Wrong};
use crate::wit_frame::{with_buffer, with_results};
use crate::wit_func::Callable;
use crate::wit_given::sort_name;
use crate::wit_imports::{HostCall, KnownTypes, lb_wit_context_t, lend_wit};
use crate::wit_object::objects_in;
use crate::wit_result::lb_wit_result_t;
use crate::wit_type::Signature;
use crate::wit_value::lb_wit_value_t;

/// A function of the program's that components call. It runs on the thread of the call that reached it, and may call
/// functions of core modules and of other components of its store. data is what it was registered with. args holds the
/// arguments, which are valid until it returns. An own resource among them is the program's to close; a borrow is good until it
/// returns.
///
/// Gives its result by lb_wit_context_give(), which it need not call if its type has none, or is a result whose ok holds
/// nothing. Returns NULL, or an error that it owned, which comes out of the outermost call and ends the components of the
/// store.
///
/// Must return, on its thread: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_wit_callback_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        context: *mut lb_wit_context_t,
        args: *const lb_wit_value_t,
        nargs: usize,
    ) -> *mut lb_error_t,
>;

/// Calls a function with nargs arguments. result receives what it gives, which the caller releases; it may be NULL if the
/// function gives nothing. A result of WIT is such a value: an err is no error of the call.
///
/// May be called from any thread: threads that meet on a store take turns. Objects in args are the library's from then on,
/// also if the call fails.
///
/// Errors: before the guest is entered and without harm, LB_KIND_TYPE and LB_KIND_RANGE if the arguments do not fit, with
/// the place; LB_KIND_CLOSED and LB_KIND_BUSY for a resource that was given away or is lent; LB_KIND_BUSY if a call of this
/// component waits for a host function; LB_KIND_POISONED if an earlier error ended the component. After that, LB_KIND_TRAP
/// with code and frames, what a host function returned, and whatever else ends a guest: it ends all components of the
/// store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_call(
    func: lb_wit_func_t,
    args: *const lb_wit_value_t,
    nargs: usize,
    result: Out<lb_wit_result_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        result.tell(lb_wit_result_t::NONE);
        let args = array(args, nargs, "args")?;
        with_results(|bytes| {
            let mut blobs = Vec::new();
            let called = with_buffer(|buffer| {
                let mut encoder = Encoder::in_buffer(std::mem::take(buffer));
                let called =
                    handle::with(func.id, lb_wit_func_t::KIND, |func: &Lent<'_, Callable>| {
                        if func.signature().result().is_some() && !result.is_wanted() {
                            return Err(null("the out parameter"));
                        }
                        let signature = func.signature();
                        encode_args(
                            func.func.name(),
                            func.func.ty(),
                            signature,
                            args,
                            &mut encoder,
                        )?;
                        let called =
                            encoder.crossing(|it| func.func.call_host(it, bytes, &mut blobs));
                        Ok((signature.clone(), called?))
                    });
                if called.is_err() {
                    encoder.let_go_of_rest(args);
                }
                *buffer = encoder.into_buffer();
                called
            });
            let (signature, objects) = called?;
            if let Some(ty) = signature.result() {
                let given = lb_wit_result_t::give_out_of(ty, bytes, blobs, objects)?;
                result.tell(given);
            }
            Ok(())
        })
    })
}

/// Writes the arguments of a call.
///
/// # Safety
/// They are as their sorts say, and live until the frame is used up.
pub(crate) unsafe fn encode_args(
    name: &str,
    ty: &WitFuncType,
    signature: &Signature,
    args: &[lb_wit_value_t],
    encoder: &mut Encoder,
) -> Result<()> {
    if ty.params.len() != args.len() {
        // Says how many there should be.
        host::wit::check_count(ty, name, args.len())?;
    }
    for (i, (ty, arg)) in signature.params().iter().zip(args).enumerate() {
        // SAFETY: the caller's promise.
        unsafe { encoder.put_at(ty, arg, || format!("args[{i}]")) }?;
    }
    Ok(())
}

/// A function of C with its data.
struct ValueCallback {
    callback: unsafe extern "C" fn(
        *mut c_void,
        *mut lb_wit_context_t,
        *const lb_wit_value_t,
        usize,
    ) -> *mut lb_error_t,
    owned: Owned,
    types: KnownTypes,
}

impl WitHost for ValueCallback {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let objects = context.take_objects(ty, args)?;
        HostCall::run(context, ty, &self.types, args, |call, args| {
            let params = self.types.get(ty).params();
            let mut arena = Arena::default();
            let mut decoder = Decoder::new(&args.bytes, &args.blobs, &objects, &mut arena);
            let values = decoder.all(params.iter().map(|it| &**it))?;
            // SAFETY: whoever registered the function promises that it takes its data and these, returns, and gives an
            // error that it owned, or NULL; all of it lives until then.
            unsafe {
                let error = (self.callback)(self.owned.data, call.as_c(), values, params.len());
                lb_error_t::taken(error)
            }
        })
    }
}

/// Lends a function to components; its type is the one that a component imports it with. drop (or NULL) is called with
/// data once neither the collection nor an instance needs the function any more; it is called in any case, at once if this
/// function fails. Instances may run on any thread: the callback and its data must allow for that.
///
/// Errors: LB_KIND_CLOSED if the collection was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_imports_wit(
    imports: lb_imports_t,
    interface: *const c_char,
    name: *const c_char,
    callback: lb_wit_callback_t,
    data: *mut c_void,
    drop: lb_drop_t,
) -> *mut lb_error_t {
    let owned = Owned { data, drop };
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        lend_wit(imports, interface, name, || {
            let callback = callback.ok_or_else(|| null("the callback"))?;
            Ok(Arc::new(ValueCallback {
                callback,
                owned,
                types: KnownTypes::default(),
            }))
        })
    })
}

/// Gives what the function gives, once. value is copied; objects in it are the library's from then on, also if this fails.
/// NULL gives nothing.
///
/// Errors: LB_KIND_TYPE and LB_KIND_RANGE if the value does not fit, with the place, such as "result of demo:app/host#log";
/// LB_KIND_TYPE if it was called before. They may be returned from the function, or another value given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_context_give(
    context: *mut lb_wit_context_t,
    value: *const lb_wit_value_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let call = HostCall::of(context);
        let Some(value) = value.as_ref() else {
            return call.map(|_| ());
        };
        let call = call.inspect_err(|_| drop(objects_in(std::slice::from_ref(value))))?;
        let mut encoder = Encoder::in_buffer(std::mem::take(&mut call.buffer));
        if let Err(error) = put_result(call, value, &mut encoder) {
            encoder.let_go_of_rest(std::slice::from_ref(value));
            return Err(error);
        }
        let (frame, objects) = encoder.finish();
        call.give(frame, objects)
    })
}

/// # Safety
/// As [`encode_args`].
unsafe fn put_result(
    call: &HostCall<'_>,
    value: &lb_wit_value_t,
    encoder: &mut Encoder,
) -> Result<()> {
    let place = || format!("result of {}", text::name(call.context.name()));
    match call.types.get(call.ty).result() {
        // SAFETY: the caller's promise.
        Some(ty) => unsafe { encoder.put_at(ty, value, place) },
        None => {
            let given = sort_name(value).into_owned();
            let wrong: Box<Wrong> = Fault::Other("nothing".to_owned(), given).into();
            Err(wrong.at(&place()))
        }
    }
}
