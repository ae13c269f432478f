//! Asynchronous calls
//!
//! A call may run on a thread of the library's, so that yours need not wait. Any number may be in flight.
//! Calls of one store run one after the other, in the order in which you made them. Calls of different
//! stores run at the same time, on as many threads as lb_engine_options_t says; a store that is busy blocks
//! one of these at most. Host functions run on that thread too, which has about 1.5 MiB of stack for them.
//!
//!     lb_call_t call;
//!     lb_error_t *err = lb_func_call_async(add, args, 2, &call, NULL, NULL);
//!     // ... do something else ...
//!     if (!err) err = lb_call_wait(call, result, 1);
//!     lb_error_free(lb_call_release(call));
//!
//! The functions that start a call copy its arguments and never wait. They fail at once if something is wrong
//! with what you pass. All that fails later is the outcome of the call. You may release the handle of the call, and
//! those that it was made from: the call goes on. If its store is closed, it ends with LB_KIND_CLOSED. If the
//! process exits, calls in flight end with it, and their done functions are not called.

use std::cell::OnceCell;
use std::ffi::{c_char, c_void};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use landbridge::{Call, Error, Prepared, Result, Value, messages};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_out, guard_release};
use crate::handle::{lb_call_t, lb_func_t, lb_instance_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, array_mut, null, text};
use crate::types::lb_bool;
use crate::value::lb_value_t;

noun!(lb_call_t, "call", Call);

/// Called with the outcome of a call, once: with an error and no results, or with NULL and its count
/// results. data is what it was handed over with. The error and the references in results are valid until the
/// function returns: clone what you want to keep.
///
/// Runs on a thread of the library's, or on the thread that cancels a call which has not begun. It may
/// call any function of this header, and should be short: asynchronous calls of the same store wait for it,
/// so it must not wait for one of them.
///
/// Must return: no C++ exception, no longjmp and no pthread_exit may leave it.
pub type lb_done_t = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        error: *const lb_error_t,
        results: *const lb_value_t,
        count: usize,
    ),
>;

/// A function of C that waits for an outcome.
pub(crate) struct Done {
    done: unsafe extern "C" fn(*mut c_void, *const lb_error_t, *const lb_value_t, usize),
    data: *mut c_void,
}

// SAFETY: whoever hands data over promises that it may be used on any thread.
unsafe impl Send for Done {}

impl Done {
    /// None if there is no function.
    pub(crate) fn of(done: lb_done_t, data: *mut c_void) -> Option<Done> {
        done.map(|done| Done { done, data })
    }
}

/// What waits for an outcome: a function of C with its data.
pub(crate) trait Waits<T>: Send + 'static {
    fn run(self, outcome: Result<T>);
}

impl Waits<Vec<Value>> for Done {
    fn run(self, outcome: Result<Vec<Value>>) {
        let given = outcome.and_then(|values| {
            let mut given = vec![lb_value_t::zero(landbridge::Type::I32); values.len()];
            lb_value_t::give_all(&values, &mut given)?;
            Ok(given)
        });
        let (data, error) = (self.data, std::ptr::null());
        match given {
            // SAFETY: whoever handed the function over promises that it takes its data and this.
            Ok(given) => unsafe {
                (self.done)(data, error, given.as_ptr(), given.len());
                given.iter().for_each(|value| drop(value.drop_reference()));
            },
            // SAFETY: as above.
            Err(error) => unsafe { (self.done)(data, &lb_error_t::of(error), std::ptr::null(), 0) },
        }
    }
}

/// Starts what was prepared, and hands out its handle if the caller wants it, before `done` may be called.
pub(crate) fn start<T, N>(
    out: Out<N>,
    done: Option<impl Waits<T>>,
    prepare: impl FnOnce() -> Result<Prepared<T>>,
) -> *mut lb_error_t
where
    T: Clone + Send + 'static,
    N: Noun<Object = Call<T>>,
{
    guard(|| {
        out.tell(N::NONE);
        start_as(out, done, prepare()?, |call| N::keep(call.clone()))
    })
}

/// The same, where a handle is of more than a call.
pub(crate) fn start_as<T, N>(
    out: Out<N>,
    done: Option<impl Waits<T>>,
    prepared: Prepared<T>,
    keep: impl FnOnce(&Call<T>) -> Result<N>,
) -> Result<()>
where
    T: Clone + Send + 'static,
    N: Noun,
{
    let wanted = out.is_wanted().then(|| keep(prepared.call()));
    let kept = wanted.transpose()?;
    out.tell(kept.unwrap_or(N::NONE));
    if let Some(done) = done {
        prepared.call().on_done(|outcome| done.run(outcome));
    }
    let started = prepared.start();
    if let (Err(_), Some(handle)) = (&started, kept) {
        out.tell(N::NONE);
        handle.release()?;
    }
    started.map(drop)
}

/// Has `done` called with the outcome of a call.
pub(crate) fn on_done<T, N>(call: N, done: Option<impl Waits<T>>) -> *mut lb_error_t
where
    T: Clone + Send + 'static,
    N: Noun<Object = Call<T>>,
{
    guard(|| {
        let done = done.ok_or_else(|| null("done"))?;
        call.get()?.on_done(|outcome| done.run(outcome));
        Ok(())
    })
}

/// Reads arguments, which are copied.
///
/// # Safety
/// `args` is NULL or leads to `nargs` values.
pub(crate) unsafe fn arguments(
    args: *const lb_value_t,
    nargs: usize,
    func: &str,
) -> Result<Vec<Value>> {
    // SAFETY: the caller's promise.
    let args = unsafe { array(args, nargs, "args")? };
    lb_value_t::read_all(args, |i| {
        messages::argument(i + 1, landbridge::text::name(func))
    })
}

/// Calls a function as lb_func_call() does, on a thread of the library's. The caller keeps the references
/// in args. call (or NULL) receives a handle of the call, which the caller releases, and which is there
/// before done is called. done (or NULL) is called with data once the call is over, and never inside of
/// this function; if this function fails, it is not called.
///
/// Errors: LB_KIND_TYPE if nargs is wrong or args holds no values, LB_KIND_CLOSED if the function was
/// released, LB_KIND_LIMIT if no thread can be started. All else is the outcome of the call, as of
/// lb_func_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_func_call_async(
    func: lb_func_t,
    args: *const lb_value_t,
    nargs: usize,
    call: Out<lb_call_t>,
    done: lb_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        start(call, Done::of(done, data), || {
            let func = func.get()?;
            func.check_count(nargs)?;
            func.prepare(&arguments(args, nargs, func.name())?)
        })
    }
}

/// Calls an exported function by name on a thread of the library's; else as lb_func_call_async().
///
/// Errors: LB_KIND_NOT_FOUND if there is no function of this name, LB_KIND_CLOSED if the instance was
/// closed, else as lb_func_call_async().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_call_async(
    instance: lb_instance_t,
    name: *const c_char,
    args: *const lb_value_t,
    nargs: usize,
    call: Out<lb_call_t>,
    done: lb_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        start(call, Done::of(done, data), || {
            let (live, name) = (instance.get()?, text(name, "name")?);
            let args = arguments(args, nargs, &name)?;
            live.instance.prepare(&name, &args)
        })
    }
}

/// Runs a program of WASI on a thread of the library's; see lb_instance_run(). The outcome is one result,
/// its exit code as an i32. Else as lb_func_call_async().
///
/// Errors: LB_KIND_CLOSED if the instance was closed or released, LB_KIND_LIMIT if no thread can be
/// started. All else is the outcome.
#[unsafe(no_mangle)]
pub extern "C" fn lb_instance_run_async(
    instance: lb_instance_t,
    call: Out<lb_call_t>,
    done: lb_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    start(call, Done::of(done, data), || {
        Ok(instance.get()?.instance.prepare_run())
    })
}

/// Ends this call and no other, with LB_KIND_CANCELLED. One that has not begun never runs: its done
/// function is called here and now, and nothing else has happened. One that runs is ended as by
/// lb_store_cancel(), and its store is LB_KIND_POISONED then. Never waits. If the call is over, nothing
/// happens.
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_cancel(call: lb_call_t) -> *mut lb_error_t {
    guard(|| {
        call.get()?.cancel();
        Ok(())
    })
}

/// Waits until the call is over, and writes its nresults results. The caller releases the references in
/// them. May be called any number of times, and from several threads: each gets references of its own.
/// The done function may still be running when this returns.
///
/// Errors: what the call failed with, of which each caller gets an error of its own; LB_KIND_TYPE if
/// nresults is not the number of results; LB_KIND_DEADLOCK in a host function of the store that the call
/// is to run in; LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_call_wait(
    call: lb_call_t,
    results: *mut lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    guard(|| {
        let values = call.get()?.wait()?;
        if values.len() != nresults {
            let types: Vec<_> = values.iter().map(Value::ty).collect();
            return Err(Error::count(
                &messages::results("the call"),
                &types,
                nresults,
            ));
        }
        // SAFETY: the caller passes NULL or as many values as it says.
        lb_value_t::give_all(&values, unsafe { array_mut(results, nresults, "results")? })
    })
}

/// Waits until the call is over, for at most so many milliseconds; is_done receives whether it is. What
/// it failed with is told by lb_call_wait().
///
/// Errors: LB_KIND_CLOSED if the handle was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_wait_for(
    call: lb_call_t,
    timeout_ms: u64,
    is_done: Out<lb_bool>,
) -> *mut lb_error_t {
    guard_out(is_done, 0, || {
        let call = (*call.get()?).clone();
        Ok(lb_bool::from(wait_for(
            call,
            Duration::from_millis(timeout_ms),
        )))
    })
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Unpark>) {
        self.0.unpark();
    }
}

thread_local! {
    /// One a thread, by which a call knows that the thread waits for it already.
    static WAKER: OnceCell<Waker> = const { OnceCell::new() };
}

pub(crate) fn wait_for<T: Clone + Send + 'static>(mut call: Call<T>, most: Duration) -> bool {
    let make = || Waker::from(Arc::new(Unpark(std::thread::current())));
    let waker = WAKER.with(|waker| waker.get_or_init(make).clone());
    let start = Instant::now();
    loop {
        let context = &mut Context::from_waker(&waker);
        if Pin::new(&mut call).poll(context).is_ready() {
            return true;
        }
        match most.checked_sub(start.elapsed()) {
            Some(left) if !left.is_zero() => std::thread::park_timeout(left),
            _ => return false,
        }
    }
}

/// Whether the call is over. False if it is no handle of a call.
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_is_done(call: lb_call_t) -> bool {
    crate::guard::guard_same(|| Ok(call.get()?.is_done()))
}

/// How many results the call has. Waits until it is over.
///
/// Errors: as lb_call_wait().
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_result_count(call: lb_call_t, count: Out<usize>) -> *mut lb_error_t {
    guard_out(count, 0, || Ok(call.get()?.wait()?.len()))
}

/// Has a function called with the outcome, beside the one that the call was started with. If the call is
/// over, it is called here and now.
///
/// Errors: LB_KIND_TYPE if done is NULL, LB_KIND_CLOSED if the handle was released; done is not called
/// then.
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_on_done(
    call: lb_call_t,
    done: lb_done_t,
    data: *mut c_void,
) -> *mut lb_error_t {
    on_done(call, Done::of(done, data))
}

/// Releases the handle. The call goes on, and its done function is called.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_call_release(call: lb_call_t) -> *mut lb_error_t {
    guard_release(call)
}
