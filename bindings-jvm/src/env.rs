//! The JNI environment of a thread, as thin methods over the JVM's own table: a guard object for each
//! crossing would cost more than the crossing.
//!
//! Every raw reference that is passed in here comes from the JVM for the call that is being served,
//! or from a [`crate::refs::Global`], and an [`Env`] never leaves the thread and the call it was made for. That is
//! what the safety comments call a valid reference.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicPtr, Ordering};

use jni::sys::{
    JNI_OK, JNI_VERSION_1_8, JNIEnv, JavaVM, JavaVMAttachArgs, jclass, jfieldID, jint, jlong,
    jmethodID, jobject, jthrowable,
};
use landbridge::{Error, ErrorKind, Result};

static VM: AtomicPtr<JavaVM> = AtomicPtr::new(std::ptr::null_mut());

/// Remembers the one JVM of this process.
pub(crate) fn remember(vm: *mut JavaVM) {
    VM.store(vm, Ordering::Release);
}

/// The JNI environment of the current thread.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Env(pub(crate) *mut JNIEnv);

/// Calls a function of the JVM's table.
macro_rules! jvm {
    ($env:expr, $name:ident $(, $arg:expr)* $(,)?) => {
        ((**$env.0).v1_6.$name)($env.0 $(, $arg)*)
    };
}
pub(crate) use jvm;

impl Env {
    /// The environment of this thread, if the JVM knows the thread.
    #[inline]
    pub(crate) fn current() -> Option<Env> {
        let vm = VM.load(Ordering::Acquire);
        let mut env = std::ptr::null_mut();
        // SAFETY: natives and callbacks only run after `remember` was given the JVM.
        let found = unsafe { ((**vm).v1_2.GetEnv)(vm, &mut env, JNI_VERSION_1_8) };
        (found == JNI_OK).then_some(Env(env.cast()))
    }

    /// The same where a guest runs, which was called from Java.
    #[inline]
    pub(crate) fn of_guest() -> Result<Env> {
        let unknown = || Error::new(ErrorKind::Internal, "the JVM does not know this thread");
        Env::current().ok_or_else(unknown)
    }

    /// Runs `what` with this thread's environment, attaching the thread meanwhile if it must be.
    pub(crate) fn attached(what: impl FnOnce(Env)) {
        match Env::current() {
            Some(env) => what(env),
            None => Env::attach(None, what),
        }
    }

    /// Attaches the thread, which the JVM must not know, for as long as `what` runs.
    pub(crate) fn attach(name: Option<&CStr>, what: impl FnOnce(Env)) {
        let vm = VM.load(Ordering::Acquire);
        let mut env = std::ptr::null_mut();
        let mut args = JavaVMAttachArgs {
            version: JNI_VERSION_1_8,
            name: name.map_or(std::ptr::null_mut(), |name| name.as_ptr().cast_mut()),
            group: std::ptr::null_mut(),
        };
        // SAFETY: as above; the JVM copies the name. What was attached is detached.
        unsafe {
            let attach = (**vm).v1_4.AttachCurrentThreadAsDaemon;
            if attach(vm, &mut env, (&raw mut args).cast()) == JNI_OK {
                what(Env(env.cast()));
                ((**vm).v1_2.DetachCurrentThread)(vm);
            }
        }
    }

    #[inline]
    pub(crate) fn is_throwing(self) -> bool {
        // SAFETY: a valid environment.
        unsafe { jvm!(self, ExceptionCheck) }
    }

    /// What a method of Java's gave, unless it threw.
    pub(crate) fn unless_throwing<T>(self, given: T) -> Option<T> {
        (!self.is_throwing()).then_some(given)
    }

    /// Forgets the pending exception; whether there was one.
    pub(crate) fn clear(self) -> bool {
        let thrown = self.is_throwing();
        if thrown {
            // SAFETY: a valid environment.
            unsafe { jvm!(self, ExceptionClear) };
        }
        thrown
    }

    /// Runs `what`, which calls Java, with whatever exception is pending put aside.
    pub(crate) fn aside(self, what: impl FnOnce()) {
        // SAFETY: a valid environment; these may be called while an exception is pending.
        let pending = unsafe { jvm!(self, ExceptionOccurred) };
        self.clear();
        what();
        self.clear();
        if !pending.is_null() {
            self.throw(pending);
            self.forget(pending);
        }
    }

    pub(crate) fn throw(self, throwable: jthrowable) {
        // SAFETY: a valid reference to a Throwable.
        unsafe { jvm!(self, Throw, throwable) };
    }

    /// Throws what `Library.java` tells, before any class of ours is known.
    pub(crate) fn throw_unsatisfied(self, why: &str) {
        let why = CString::new(why).unwrap_or_default();
        self.clear();
        // SAFETY: both texts end with a zero. Without the class its own exception is pending.
        unsafe {
            let class = jvm!(self, FindClass, c"java/lang/UnsatisfiedLinkError".as_ptr());
            if !class.is_null() {
                jvm!(self, ThrowNew, class, why.as_ptr());
            }
        }
    }

    pub(crate) fn same(self, a: jobject, b: jobject) -> bool {
        // SAFETY: valid references.
        unsafe { jvm!(self, IsSameObject, a, b) }
    }

    pub(crate) fn is_instance(self, object: jobject, class: jclass) -> bool {
        // SAFETY: valid references.
        unsafe { jvm!(self, IsInstanceOf, object, class) }
    }

    /// A field of an object that is an instance of the class the field was looked up in.
    pub(crate) fn long_field(self, object: jobject, field: jfieldID) -> jlong {
        // SAFETY: the caller has checked the object's class, and the field is a `long`.
        unsafe { jvm!(self, GetLongField, object, field) }
    }

    /// The same for an `int`.
    pub(crate) fn int_field(self, object: jobject, field: jfieldID) -> jint {
        // SAFETY: as above.
        unsafe { jvm!(self, GetIntField, object, field) }
    }

    /// Deletes a local reference: callbacks of a long call must not pile them up.
    pub(crate) fn forget(self, local: jobject) {
        // SAFETY: a valid local reference or null, not used after this.
        unsafe { jvm!(self, DeleteLocalRef, local) };
    }

    /// A method of an object that gives an object or nothing, without arguments. Not for what may throw something
    /// that anybody should hear of.
    pub(crate) fn call_object(self, object: jobject, method: jmethodID) -> Option<jobject> {
        // SAFETY: the method is one of the object's class, takes nothing and gives an object.
        let given = unsafe { jvm!(self, CallObjectMethodA, object, method, std::ptr::null()) };
        (!self.clear()).then_some(given)
    }

    /// The same for one that gives nothing.
    pub(crate) fn call_void(self, object: jobject, method: jmethodID) {
        // SAFETY: the method is one of the object's class and takes nothing.
        unsafe { jvm!(self, CallVoidMethodA, object, method, std::ptr::null()) };
        self.clear();
    }
}
