//! What natives need of Java: classes, methods and fields, looked up once a class loader.

use std::cell::UnsafeCell;
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use jni::sys::{jclass, jfieldID, jint, jlong, jmethodID, jobject};

use crate::env::{Env, jvm};
use crate::method::Method;
use crate::refs::{Global, Weak};
use crate::types::{
    Bytes, Crosses, Ints, Longs, Object, Objects, Text, Thread, Throwable, Unreachable,
};

/// Classes of ours are held weakly, or their loader could never be collected: whoever runs here was called by them.
pub(crate) struct Classes {
    pub(crate) object: Global,
    pub(crate) native: Weak,
    pub(crate) tagged: Weak,
    pub(crate) tagged_handle: jfieldID,
    pub(crate) exit: Weak,
    pub(crate) exit_code: jfieldID,
    pub(crate) make_error: Method<(jlong, Bytes), Throwable>,
    pub(crate) add_frames: Method<(Throwable, jint, Bytes), ()>,
    pub(crate) trail: Method<(Throwable,), Longs>,
    /// Lender, index, and four numbers.
    pub(crate) call_primitive: Method<(Object, jint, jlong, jlong, jlong, jlong), jlong>,
    /// Lender, index, context, signature, and the arrays of values.
    pub(crate) call_general: Method<(Object, jint, jlong, Ints, Longs, Objects), jlong>,
    /// Lender, index, context, the frame and what is beside it.
    pub(crate) call_wit: Method<(Object, jint, jlong, Bytes, Objects), jlong>,
    /// Lender and number of an object.
    pub(crate) held_object: Method<(Object, jint), Object>,
    pub(crate) let_go: Method<(Object, jint), ()>,
    /// Bytes of a number, negative for floats, and how many numbers.
    pub(crate) new_numbers: Method<(jint, jint), Object>,
    pub(crate) arrays: Arrays,
    /// What a Throwable says of itself.
    pub(crate) text_of: Method<(Throwable,), Text>,
    pub(crate) call_output: Method<(Object, jint, Bytes), jlong>,
    pub(crate) is_interrupted: Method<(), bool>,
    pub(crate) release: Method<(Object,), ()>,
    /// Lender, and how many calls there were since it was asked for: its number for upcalls, or a negative one.
    pub(crate) upcall_number: Method<(Object, jint), jlong>,
    pub(crate) upcall_forget: Method<(jint,), ()>,
    /// A buffer of a batch, its first row, and how many: copied to its array, and back.
    pub(crate) column_read: Method<(Object, jint, jint), ()>,
    pub(crate) column_write: Method<(Object, jint, jint), ()>,
    pub(crate) column_room: Method<(Object,), Object>,
    pub(crate) set_row: Method<(Throwable, jlong), ()>,
    pub(crate) threads: Threads,
}

/// The classes of arrays of numbers.
pub(crate) struct Arrays {
    bytes: Global,
    shorts: Global,
    pub(crate) ints: Global,
    pub(crate) longs: Global,
    floats: Global,
    doubles: Global,
}

impl Arrays {
    fn find(env: Env) -> Option<Arrays> {
        let class = |sign: &CStr| {
            // SAFETY: a name that ends with a zero.
            let class = unsafe { jvm!(env, FindClass, sign.as_ptr()) };
            (!class.is_null()).then(|| Global::taken(env, class).ok())?
        };
        Some(Arrays {
            bytes: class(c"[B")?,
            shorts: class(c"[S")?,
            ints: class(c"[I")?,
            longs: class(c"[J")?,
            floats: class(c"[F")?,
            doubles: class(c"[D")?,
        })
    }

    /// How many bytes each number of an array has, if it is one.
    pub(crate) fn each(&self, env: Env, array: jobject) -> Option<usize> {
        let all = [
            (&self.bytes, 1),
            (&self.ints, 4),
            (&self.doubles, 8),
            (&self.longs, 8),
            (&self.floats, 4),
            (&self.shorts, 2),
        ];
        let found = all
            .iter()
            .find(|(class, _)| env.is_instance(array, class.raw()));
        found.map(|(_, each)| *each)
    }
}

/// What the thread of `releaser.rs` needs of the JDK.
pub(crate) struct Threads {
    pub(crate) class: Global,
    pub(crate) current: Method<(), Thread>,
    pub(crate) interrupt: jmethodID,
    pub(crate) queue_remove: jmethodID,
}

// SAFETY: method and field ids are plain numbers that any thread may use while the class is loaded: those of ours are
// used by what the class called, or with an object of its loader in hand.
unsafe impl Send for Classes {}
// SAFETY: as above.
unsafe impl Sync for Classes {}

/// The classes of the loader that has the library now, at one address, since each callback reads them.
struct Found {
    is_there: AtomicBool,
    classes: UnsafeCell<MaybeUninit<Classes>>,
}

// SAFETY: written by `JNI_OnLoad` before natives can run, and taken by `JNI_OnUnload` when none can run any more: the
// JVM has one of them after the other. Between them it is only read.
unsafe impl Sync for Found {}

static FOUND: Found = Found {
    is_there: AtomicBool::new(false),
    classes: UnsafeCell::new(MaybeUninit::uninit()),
};

/// What `JNI_OnLoad` found. No native runs before that, and none after `JNI_OnUnload`.
#[inline]
pub(crate) fn classes() -> &'static Classes {
    match FOUND.is_there.load(Ordering::Acquire) {
        // SAFETY: it was written before it was said to be there, and stays as long as anything that asks can run.
        true => unsafe { (*FOUND.classes.get()).assume_init_ref() },
        false => unreachable!("natives are registered after the classes are found"),
    }
}

/// The same, for what may be dropped when all else is gone.
pub(crate) fn known() -> Option<&'static Classes> {
    FOUND.is_there.load(Ordering::Acquire).then(classes)
}

pub(crate) fn set(classes: Classes) {
    // SAFETY: nobody reads it yet, see `Found`.
    unsafe { (*FOUND.classes.get()).write(classes) };
    FOUND.is_there.store(true, Ordering::Release);
}

pub(crate) fn forget() {
    if FOUND.is_there.swap(false, Ordering::AcqRel) {
        // SAFETY: it was there, and nobody reads it any more, see `Found`.
        unsafe { (*FOUND.classes.get()).assume_init_drop() };
    }
}

/// Finds them all, in the package of `native`. None if one is missing, with a pending exception that says which.
pub(crate) fn find(env: Env, package: &str, native: jclass) -> Option<Classes> {
    let tagged = env.class(package, "TaggedException")?;
    let exit = env.class(package, "Exit")?;
    Some(Classes {
        object: Global::new(env, env.class("java.lang", "Object")?).ok()?,
        native: Weak::new(env, native).ok()?,
        tagged: Weak::new(env, tagged).ok()?,
        tagged_handle: env.field::<jlong>(tagged, c"handle")?,
        exit: Weak::new(env, exit).ok()?,
        exit_code: env.field::<jint>(exit, c"exitCode")?,
        make_error: Method::find(env, native, c"makeError")?,
        add_frames: Method::find(env, native, c"addFrames")?,
        trail: Method::find(env, native, c"trail")?,
        call_primitive: Method::find(env, native, c"callPrimitive")?,
        call_general: Method::find(env, native, c"callGeneral")?,
        call_wit: Method::find(env, native, c"callWit")?,
        held_object: Method::find(env, native, c"heldObject")?,
        new_numbers: Method::find(env, native, c"newNumbers")?,
        let_go: Method::find(env, native, c"letGo")?,
        arrays: Arrays::find(env)?,
        text_of: Method::find(env, native, c"textOf")?,
        call_output: Method::find(env, native, c"callOutput")?,
        is_interrupted: Method::find(env, native, c"isInterrupted")?,
        release: Method::find(env, native, c"releaseOwned")?,
        upcall_number: Method::find(env, native, c"upcallNumber")?,
        upcall_forget: Method::find(env, native, c"upcallForget")?,
        column_read: Method::find(env, native, c"columnRead")?,
        column_write: Method::find(env, native, c"columnWrite")?,
        column_room: Method::find(env, native, c"columnRoom")?,
        set_row: Method::find(env, native, c"setRow")?,
        threads: threads(env)?,
    })
}

fn threads(env: Env) -> Option<Threads> {
    let class = env.class("java.lang", "Thread")?;
    let queue = env.class("java.lang.ref", "ReferenceQueue")?;
    Some(Threads {
        class: Global::new(env, class).ok()?,
        current: Method::find(env, class, c"currentThread")?,
        interrupt: env.method(class, c"interrupt", <()>::SIGN)?,
        queue_remove: env.method(queue, c"remove", Unreachable::SIGN)?,
    })
}

/// What is not there is none, and the JVM's own exception is pending. Names are of letters that the JVM writes as UTF-8
/// does.
impl Env {
    pub(crate) fn class(self, package: &str, name: &str) -> Option<jclass> {
        let name = CString::new(format!("{package}.{name}").replace('.', "/")).ok()?;
        // SAFETY: a name that ends with a zero.
        let class = unsafe { jvm!(self, FindClass, name.as_ptr()) };
        (!class.is_null()).then_some(class)
    }

    pub(crate) fn static_method(self, class: jclass, name: &CStr, sign: &str) -> Option<jmethodID> {
        let sign = CString::new(sign).ok()?;
        // SAFETY: a class, and texts that end with a zero.
        let id = unsafe { jvm!(self, GetStaticMethodID, class, name.as_ptr(), sign.as_ptr()) };
        (!id.is_null()).then_some(id)
    }

    /// A method that takes nothing, by what it gives.
    pub(crate) fn method(self, class: jclass, name: &CStr, gives: &str) -> Option<jmethodID> {
        let sign = CString::new(format!("(){gives}")).ok()?;
        // SAFETY: as above.
        let id = unsafe { jvm!(self, GetMethodID, class, name.as_ptr(), sign.as_ptr()) };
        (!id.is_null()).then_some(id)
    }

    fn field<T: Crosses>(self, class: jclass, name: &CStr) -> Option<jfieldID> {
        let sign = CString::new(T::SIGN).ok()?;
        // SAFETY: as above.
        let id = unsafe { jvm!(self, GetFieldID, class, name.as_ptr(), sign.as_ptr()) };
        (!id.is_null()).then_some(id)
    }
}
