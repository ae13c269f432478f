//! Upcalls: the short way from a guest to a function of Java of numbers, by a stub of `java.lang.foreign`.
//!
//! JNI takes 80 ns to enter Java, a stub takes 25. Java makes the stub, see `Upcalls.java`, once it is worth the time
//! that takes, in a JVM that has such stubs and lets us use them. All else goes by JNI: calls of a thread that the
//! JVM does not know, and those with little stack left, since a StackOverflowError before Java can catch it would
//! leave the stub, which ends the JVM.

use std::ffi::c_void;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, Ordering};

use jni::sys::{jint, jlong};
use landbridge::{Error, ErrorKind, Result, host};

use crate::classes::{self, classes};
use crate::env::Env;
use crate::passing;
use crate::refs::{Global, Weak};
use crate::types::{Here, Object, Throwable};

/// What Java catches goes to the fault, see [`thrown`].
type Stub = unsafe extern "C" fn(
    function: jlong,
    a: jlong,
    b: jlong,
    c: jlong,
    d: jlong,
    fault: *mut Option<Error>,
) -> jlong;

/// That of the class loader that has the library now; null if there is none.
static STUB: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// How many class loaders had the library before.
static FORMER: AtomicU32 = AtomicU32::new(0);

/// A lender has no number yet. A smaller one says that it never will.
const UNKNOWN: jlong = -1;

/// Java is asked at the first call by JNI, and then after so many.
const INTERVAL: u32 = 256;

/// Who lends functions, as upcalls know it: by a number.
pub(crate) struct Lender {
    number: AtomicI64,
    /// Of those by JNI. The turn of the store keeps others out, and a lost one does no harm.
    calls: AtomicU32,
    /// What the class loader is known by whose number it is.
    loader: u32,
}

impl Lender {
    pub(crate) fn new() -> Lender {
        Lender {
            number: AtomicI64::new(UNKNOWN),
            calls: AtomicU32::new(0),
            loader: FORMER.load(Ordering::Relaxed),
        }
    }

    /// Calls a function by the stub. None if it has to be done by JNI.
    #[inline]
    pub(crate) fn call(&self, index: jint, [a, b, c, d]: [jlong; 4]) -> Option<Result<jlong>> {
        let number = self.number.load(Ordering::Relaxed);
        if number < 0 || !host::has_reserve() || Env::current().is_none() {
            return None;
        }
        let stub = STUB.load(Ordering::Acquire);
        if stub.is_null() {
            return None;
        }
        // SAFETY: `ready` was given a stub of just this type, which is there as long as its class loader, and so as
        // long as lenders have numbers.
        let stub = unsafe { mem::transmute::<*mut c_void, Stub>(stub) };
        let mut fault = None;
        // SAFETY: Java catches all that is thrown, and has room to do so; the fault outlives the call.
        let given = unsafe { stub(number << 32 | jlong::from(index), a, b, c, d, &mut fault) };
        Some(fault.map_or(Ok(given), Err))
    }

    /// Notes a call that was done by JNI.
    #[inline]
    pub(crate) fn count(&self, env: Env, lender: &Weak) {
        let calls = self.calls.load(Ordering::Relaxed);
        self.calls.store(calls.wrapping_add(1), Ordering::Relaxed);
        if calls.is_multiple_of(INTERVAL) {
            self.ask(env, lender, calls);
        }
    }

    /// Asks Java for a number.
    #[cold]
    fn ask(&self, env: Env, lender: &Weak, calls: u32) {
        if self.number.load(Ordering::Relaxed) != UNKNOWN {
            return;
        }
        let classes = classes();
        let args = (Object(lender.raw()), calls.min(INTERVAL) as jint);
        let number = classes.upcall_number.call(env, classes.native.raw(), args);
        if !env.clear() {
            self.number.store(number, Ordering::Relaxed);
        }
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        let number = *self.number.get_mut();
        if number < 0 || self.loader != FORMER.load(Ordering::Relaxed) {
            return;
        }
        let Some(classes) = classes::known() else {
            return;
        };
        Env::attached(|env| {
            // Else its loader was collected, and all numbers with it.
            if !classes.native.is_gone(env) {
                env.aside(|| {
                    let native = classes.native.raw();
                    classes.upcall_forget.call(env, native, (number as jint,));
                });
            }
        });
    }
}

/// Java has made the stub. It must stand a trial, which also loads all that a failing call needs.
pub(crate) fn ready(stub: jlong) -> Result<bool> {
    STUB.store(stub as usize as *mut c_void, Ordering::Release);
    let trial = Lender {
        number: AtomicI64::new(jlong::from(jint::MAX)),
        calls: AtomicU32::new(0),
        loader: FORMER.load(Ordering::Relaxed),
    };
    let failed = matches!(trial.call(0, [0; 4]), Some(Err(_)));
    mem::forget(trial);
    if !failed {
        STUB.store(ptr::null_mut(), Ordering::Release);
    }
    Ok(failed)
}

/// What a function threw that the stub called. It is called on the same thread, before the stub returns.
pub(crate) fn thrown(fault: jlong, thrown: Here<Throwable>) -> Result<()> {
    let error = Global::new(thrown.env, thrown.it.0)
        .map_or_else(|error| error, |object| passing::thrown(thrown.env, object));
    // SAFETY: `Upcalls.java` passes on what the stub was given, which waits for it.
    let fault = unsafe { (fault as usize as *mut Option<Error>).as_mut() };
    let none = || Error::new(ErrorKind::Internal, "there is no such call");
    *fault.ok_or_else(none)? = Some(error);
    Ok(())
}

/// The class loader was collected, and the stub with it.
pub(crate) fn forget() {
    STUB.store(ptr::null_mut(), Ordering::Release);
    FORMER.fetch_add(1, Ordering::Relaxed);
}
