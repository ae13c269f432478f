//! Asynchronous calls of components, and pools of them
//!
//! A call of a component may run on a thread of the library's; what lb_call_t says holds here too. Its arguments are copied,
//! and objects in them are the library's, also if the call cannot be started.
//!
//!     lb_wit_call_t call;
//!     lb_wit_result_t hello;
//!     lb_error_t *err = lb_wit_func_call_async(greet, args, 1, &call, NULL, NULL);
//!     // ... do something else ...
//!     if (!err) err = lb_wit_call_wait(call, &hello);

use std::borrow::Cow;
use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use landbridge::host::wit::Crossed;
use landbridge::{Call, Error, Prepared, Result};

use crate::arena::Arena;
use crate::call::{Waits, start_as, wait_for};
use crate::error::lb_error_t;
use crate::guard::{guard, guard_out, guard_release, guard_same};
use crate::handle::{lb_pool_t, lb_wit_call_t, lb_wit_func_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::pool::LoadedPool;
use crate::read::{array, null, text};
use crate::types::lb_bool;
use crate::wit_call::encode_args;
use crate::wit_decode::Decoder;
use crate::wit_encode::Encoder;
use crate::wit_frame::{Blobbing, Given, Lending, lb_wit_frame_t, lb_wit_sink_t};
use crate::wit_result::lb_wit_result_t;
use crate::wit_type::{Signature, lb_wit_type_t};
use crate::wit_value::lb_wit_value_t;

/// A call in flight, and what its result is of.
pub struct Flight {
    call: Call<Crossed>,
    ty: Option<Arc<lb_wit_type_t>>,
}

noun!(lb_wit_call_t, "call of a component", Flight);

/// Called with the outcome of a call, once: with an error, or with NULL and what the function gives, which is NULL too if
/// that is nothing. data is what it was handed over with. Both are valid until the function returns; resources of guests in
/// the value are handles of the program's.
///
/// Runs on a thread of the library's, or on the thread that cancels a call which has not begun. It may call any function of
/// this header, and should be short: asynchronous calls of the same store wait for it, so it must not wait for one of them.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_wit_done_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        error: *const lb_error_t,
        result: *const lb_wit_value_t,
    ),
>;

/// The same with the frame of the result, or NULL beside an error.
pub type lb_wit_done_frame_t = Option<
    unsafe extern "C" fn(data: *mut c_void, error: *const lb_error_t, frame: *const lb_wit_frame_t),
>;

/// A function of C that waits for a value.
struct DoneValue {
    done: unsafe extern "C" fn(*mut c_void, *const lb_error_t, *const lb_wit_value_t),
    data: *mut c_void,
    ty: Option<Arc<lb_wit_type_t>>,
}

// SAFETY: whoever hands data over promises that it may be used on any thread.
unsafe impl Send for DoneValue {}

impl Waits<Crossed> for DoneValue {
    fn run(self, outcome: Result<Crossed>) {
        let mut arena = Arena::default();
        let given = outcome.as_ref().map_err(Error::clone).and_then(|it| {
            let Some(ty) = &self.ty else {
                return Ok(std::ptr::null());
            };
            let Crossed { frame, objects } = it;
            Decoder::new(&frame.bytes, &frame.blobs, objects, &mut arena).whole(ty)
        });
        match given {
            // SAFETY: whoever handed the function over promises that it takes its data and these.
            Ok(value) => unsafe { (self.done)(self.data, std::ptr::null(), value) },
            // SAFETY: as above.
            Err(e) => unsafe { (self.done)(self.data, &lb_error_t::of(e), std::ptr::null()) },
        }
    }
}

/// A function of C that waits for a frame.
struct DoneFrame {
    done: unsafe extern "C" fn(*mut c_void, *const lb_error_t, *const lb_wit_frame_t),
    data: *mut c_void,
}

// SAFETY: as above.
unsafe impl Send for DoneFrame {}

impl Waits<Crossed> for DoneFrame {
    fn run(self, outcome: Result<Crossed>) {
        match outcome {
            Ok(mut it) => {
                let lending = Lending::new(&it.frame.blobs, &it.objects);
                let frame = lending.frame(&mut it.frame.bytes);
                // SAFETY: whoever handed the function over promises that it takes its data and these.
                unsafe { (self.done)(self.data, std::ptr::null(), &raw const frame) }
            }
            // SAFETY: as above.
            Err(e) => unsafe { (self.done)(self.data, &lb_error_t::of(e), std::ptr::null()) },
        }
    }
}

/// What a call is made with, and what its result is of.
type Ready = (Prepared<Crossed>, Option<Arc<lb_wit_type_t>>);

fn start_value(
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_t,
    data: *mut c_void,
    prepare: impl FnOnce() -> Result<Ready>,
) -> *mut lb_error_t {
    start(call, prepare, |ty| {
        let ty = ty.clone();
        done.map(|done| DoneValue { done, data, ty })
    })
}

fn start_frame(
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_frame_t,
    data: *mut c_void,
    prepare: impl FnOnce() -> Result<Ready>,
) -> *mut lb_error_t {
    start(call, prepare, |_| done.map(|done| DoneFrame { done, data }))
}

fn start<W: Waits<Crossed>>(
    out: Out<lb_wit_call_t>,
    prepare: impl FnOnce() -> Result<Ready>,
    done: impl FnOnce(&Option<Arc<lb_wit_type_t>>) -> Option<W>,
) -> *mut lb_error_t {
    guard(|| {
        out.tell(lb_wit_call_t::NONE);
        let (prepared, ty) = prepare()?;
        let done = done(&ty);
        start_as(out, done, prepared, |call| {
            let call = call.clone();
            lb_wit_call_t::keep(Flight { call, ty })
        })
    })
}

/// Arguments that are kept.
///
/// # Safety
/// `args` is NULL or leads to `nargs` values that are as their sorts say.
unsafe fn kept(
    args: *const lb_wit_value_t,
    nargs: usize,
    encode: impl FnOnce(&[lb_wit_value_t], &mut Encoder) -> Result<()>,
) -> Result<Crossed> {
    // SAFETY: the caller's promise.
    let args = unsafe { array(args, nargs, "args") }?;
    let mut encoder = Encoder::default();
    if let Err(error) = encode(args, &mut encoder) {
        // SAFETY: the caller's promise.
        unsafe { encoder.let_go_of_rest(args) };
        return Err(error);
    }
    let (frame, objects) = encoder.finish();
    Ok(Crossed { frame, objects })
}

/// The frame of a caller, kept.
///
/// # Safety
/// `frame` is NULL or leads to a frame that is as it says.
unsafe fn kept_frame(frame: *const lb_wit_frame_t) -> Result<Crossed> {
    // SAFETY: the caller's promise.
    let (frame, objects) = unsafe { Given::read(frame) }?.into_frame(Vec::new())?;
    Ok(Crossed { frame, objects })
}

/// Calls a function as lb_wit_func_call() does, on a thread of the library's. call (or NULL) receives a handle of the call,
/// which the caller releases, and which is there before done is called. done (or NULL) is called with data once the call is
/// over, and never inside of this function; if this function fails, it is not called.
///
/// Errors: LB_KIND_TYPE and LB_KIND_RANGE if the arguments do not fit, LB_KIND_CLOSED if the function was released,
/// LB_KIND_LIMIT if no thread can be started. All else is the outcome of the call, as of lb_wit_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_call_async(
    func: lb_wit_func_t,
    args: *const lb_wit_value_t,
    nargs: usize,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start_value(call, done, data, || unsafe {
        let mut found = Err(null("the function"));
        let args = kept(args, nargs, |args, encoder| {
            found = func.get();
            let func = found.as_ref().map_err(Error::clone)?;
            encode_args(
                func.func.name(),
                func.func.ty(),
                func.signature(),
                args,
                encoder,
            )
        })?;
        let func = found?;
        Ok((
            func.func.prepare_crossed(args),
            func.signature().result().cloned(),
        ))
    })
}

/// The same with a frame of the arguments, which is copied; see lb_wit_func_call_frame().
///
/// Errors: LB_KIND_CLOSED if the function was released, LB_KIND_LIMIT if no thread can be started. All else is the outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_func_call_frame_async(
    func: lb_wit_func_t,
    args: *const lb_wit_frame_t,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_frame_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start_frame(call, done, data, || unsafe {
        let args = kept_frame(args)?;
        let func = func.get()?;
        Ok((
            func.func.prepare_crossed(args),
            func.signature().result().cloned(),
        ))
    })
}

/// Waits until the call is over, and gives its result, which the caller releases. result may be NULL if the function gives
/// nothing. May be called any number of times, and from several threads. The done function may still be running when this
/// returns.
///
/// Errors: what the call failed with, of which each caller gets an error of its own; LB_KIND_DEADLOCK in a host function of
/// the store that the call is to run in; LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_wait(
    call: lb_wit_call_t,
    result: Out<lb_wit_result_t>,
) -> *mut lb_error_t {
    guard(|| {
        result.tell(lb_wit_result_t::NONE);
        let flight = call.get()?;
        let Crossed { frame, objects } = flight.call.wait()?;
        match &flight.ty {
            Some(ty) => result.set(lb_wit_result_t::give(ty, frame, objects)?),
            None => Ok(()),
        }
    })
}

/// The same, and hands the frame of the result to a sink. Errors: as lb_wit_call_wait(), and those of the sink.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_call_wait_frame(
    call: lb_wit_call_t,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let mut sink = Blobbing::new(sink)?;
        let Crossed { frame, objects } = call.get()?.call.wait()?;
        sink.give_frame(frame, &objects)
    })
}

/// Waits until the call is over, for at most so many milliseconds; is_done receives whether it is. What it failed with is
/// told by lb_wit_call_wait().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_wait_for(
    call: lb_wit_call_t,
    timeout_ms: u64,
    is_done: Out<lb_bool>,
) -> *mut lb_error_t {
    guard_out(is_done, 0, || {
        let most = Duration::from_millis(timeout_ms);
        Ok(wait_for(call.get()?.call.clone(), most).into())
    })
}

/// Whether the call is over. False if it is no handle of a call.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_is_done(call: lb_wit_call_t) -> bool {
    guard_same(|| Ok(call.get()?.call.is_done()))
}

/// Ends this call and no other; see lb_call_cancel().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_cancel(call: lb_wit_call_t) -> *mut lb_error_t {
    guard(|| {
        call.get()?.call.cancel();
        Ok(())
    })
}

/// Has a function called with the outcome, beside the one that the call was started with. If the call is over, it is called
/// here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called then.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_on_done(
    call: lb_wit_call_t,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    guard(|| {
        let flight = call.get()?;
        let ty = flight.ty.clone();
        let done = done.ok_or_else(|| null("done"))?;
        let waits = DoneValue { done, data, ty };
        flight.call.on_done(|outcome| waits.run(outcome));
        Ok(())
    })
}

/// Releases the handle. The call goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_wit_call_release(call: lb_wit_call_t) -> *mut lb_error_t {
    guard_release(call)
}

/// What a call of a pool is made with.
struct OfPool<'a> {
    kept: Arc<LoadedPool>,
    name: Cow<'a, str>,
    args: Crossed,
    signature: Arc<Signature>,
}

/// Reads the arguments of a call of a pool. Objects in them are ours, whatever fails.
///
/// # Safety
/// As [`kept`], and `name` is NULL or a string.
unsafe fn of_pool<'a>(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_value_t,
    nargs: usize,
) -> Result<OfPool<'a>> {
    let mut found = Err(null("the function"));
    // SAFETY: the caller's promise.
    let args = unsafe {
        kept(args, nargs, |args, encoder| {
            let (kept, name) = (pool.get()?, text(name, "name")?);
            let (ty, signature) = kept.signature(&name)?;
            encode_args(&name, &ty, &signature, args, encoder)?;
            found = Ok((kept, name, signature));
            Ok(())
        })
    }?;
    let (kept, name, signature) = found?;
    Ok(OfPool {
        kept,
        name,
        args,
        signature,
    })
}

/// Takes an instance of a component, calls a function of it by its name, and gives it back. Resources in the result are
/// closed by then, unless instances are reused.
///
/// Errors: as lb_pool_get(), lb_instance_wit_func() and lb_wit_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_wit_call(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_value_t,
    nargs: usize,
    result: Out<lb_wit_result_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        result.tell(lb_wit_result_t::NONE);
        let it = of_pool(pool, name, args, nargs)?;
        let Crossed { frame, objects } = it.kept.pool.call_crossed(&it.name, it.args)?;
        match it.signature.result() {
            Some(ty) => result.set(lb_wit_result_t::give(ty, frame, objects)?),
            None => Ok(()),
        }
    })
}

/// The same with frames; see lb_wit_func_call_frame(). Errors: as lb_pool_wit_call(), and those of the sink.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_wit_call_frame(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_frame_t,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let args = kept_frame(args)?;
        let mut sink = Blobbing::new(sink)?;
        let Crossed { frame, objects } =
            pool.get()?.pool.call_crossed(&text(name, "name")?, args)?;
        sink.give_frame(frame, &objects)
    })
}

/// Calls a function as lb_pool_wit_call() does, on a thread of the library's; else as lb_wit_func_call_async(). Any number
/// may be in flight: as many run at a time as the pool has room for.
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, else as lb_wit_func_call_async().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_wit_call_async(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_value_t,
    nargs: usize,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start_value(call, done, data, || unsafe {
        let it = of_pool(pool, name, args, nargs)?;
        Ok((
            it.kept.pool.prepare_crossed(&it.name, it.args),
            it.signature.result().cloned(),
        ))
    })
}

/// The same with a frame of the arguments, which is copied; see lb_wit_func_call_frame_async().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_pool_wit_call_frame_async(
    pool: lb_pool_t,
    name: *const c_char,
    args: *const lb_wit_frame_t,
    call: Out<lb_wit_call_t>,
    done: lb_wit_done_frame_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    start_frame(call, done, data, || unsafe {
        let args = kept_frame(args)?;
        let (kept, name) = (pool.get()?, text(name, "name")?);
        let (_, signature) = kept.signature(&name)?;
        Ok((
            kept.pool.prepare_crossed(&name, args),
            signature.result().cloned(),
        ))
    })
}
