//! Loading and unloading.
//!
//! One class loader at a time has this library: a JVM refuses a file that another loader has. When the loader is
//! collected the library stays where it is in memory (see `build.rs`), and the next loader that loads the file
//! finds it as it was left, so `JNI_OnUnload` leaves nothing of Java's behind.

use std::ffi::{CString, c_void};

use jni::sys::{JNI_ERR, JNI_VERSION_1_8, JNINativeMethod, JavaVM, jclass, jint, jlong, jobject};

use crate::env::{self, Env, jvm};
use crate::method::Method;
use crate::natives::{self, Registered};
use crate::types::{Crosses, Reference, Text, Thread};
use crate::{classes, host, memory, releaser, upcall};

/// Called by the JVM when a class loader loads the library.
///
/// # Safety
/// `vm` is the JVM that loads the library.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut JavaVM, _: *mut c_void) -> jint {
    env::remember(vm);
    let Some(env) = Env::current() else {
        return JNI_ERR;
    };
    let refused = match std::panic::catch_unwind(|| load(env)) {
        Ok(Ok(())) => return JNI_VERSION_1_8,
        Ok(Err(why)) => why,
        Err(_) => "it panicked".to_owned(),
    };
    env.throw_unsatisfied(&refused);
    JNI_ERR
}

/// Called by the JVM when the class loader was collected: no code and no object of ours is left.
///
/// # Safety
/// For the JVM alone.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnUnload(_: *mut JavaVM, _: *mut c_void) {
    let _ = std::panic::catch_unwind(|| {
        releaser::stop();
        memory::release_all();
        upcall::forget();
        classes::forget();
    });
}

/// Tells what is wrong if the Java classes are of another version.
fn load(env: Env) -> std::result::Result<(), String> {
    let misfit = || format!("it does not fit the classes: {}", said(env));
    let package = package(env).ok_or_else(misfit)?;
    let native = env.class(&package, "Native").ok_or_else(misfit)?;
    let table = natives::table();
    let theirs = abi(env, native).ok_or_else(misfit)?;
    compare(natives::abi(&table), version(env, native), theirs)?;
    classes::set(classes::find(env, &package, native).ok_or_else(misfit)?);
    host::install();
    register(env, native, &table).ok_or_else(misfit)
}

/// Tells both versions if library and classes do not belong together; `Refusal.java` knows these words.
fn compare(abi: jint, version: Option<String>, theirs: jint) -> std::result::Result<(), String> {
    let ours = env!("CARGO_PKG_VERSION");
    let version = version.unwrap_or_else(|| "unknown".to_owned());
    let told =
        format!("the library is of version {ours}, and the classes are of version {version}");
    match version == ours {
        true if theirs == abi => Ok(()),
        true => Err(format!(
            "{told}, but of another build: their native interface is {theirs}, not {abi}; build both anew"
        )),
        false => Err(format!("{told}: use both of one version")),
    }
}

/// What the pending exception says.
fn said(env: Env) -> String {
    let text = |thrown: jobject| {
        let class = env.class("java.lang", "Object")?;
        let text = env.call_object(thrown, env.method(class, c"toString", Text::SIGN)?)?;
        env.text(text).ok()
    };
    let thrown = env.take().ok();
    let text = thrown.and_then(|thrown| text(thrown.raw()));
    text.unwrap_or_else(|| "something is missing".to_owned())
}

/// The version of the classes; none in those that do not say it.
fn version(env: Env, native: jclass) -> Option<String> {
    let sign = CString::new(Text::SIGN).ok()?;
    // SAFETY: a class, and texts that end with a zero; a field is asked for only if it is there, and holds a text.
    let text = unsafe {
        let field = jvm!(
            env,
            GetStaticFieldID,
            native,
            c"VERSION".as_ptr(),
            sign.as_ptr()
        );
        if field.is_null() {
            env.clear();
            return None;
        }
        jvm!(env, GetStaticObjectField, native, field)
    };
    env.text(text).ok()
}

/// The number of the interface that the classes were compiled for.
fn abi(env: Env, native: jclass) -> Option<jint> {
    let sign = CString::new(jint::SIGN).ok()?;
    // SAFETY: a class, and texts that end with a zero; a field is asked for only if it is there.
    unsafe {
        let field = jvm!(
            env,
            GetStaticFieldID,
            native,
            c"ABI".as_ptr(),
            sign.as_ptr()
        );
        (!field.is_null()).then(|| jvm!(env, GetStaticIntField, native, field))
    }
}

fn register(env: Env, native: jclass, table: &[Registered]) -> Option<()> {
    let row = |it: &Registered| JNINativeMethod {
        name: it.name.as_ptr().cast_mut(),
        signature: it.sign.as_ptr().cast_mut(),
        fnPtr: it.entry,
    };
    let rows: Vec<_> = table.iter().map(row).collect();
    // SAFETY: each function has the type that its signature is made of, the methods are static, and the JVM
    // copies the table; it checks names and signatures.
    let refused = unsafe {
        jvm!(
            env,
            RegisterNatives,
            native,
            rows.as_ptr(),
            rows.len() as jint
        )
    };
    (refused == 0).then_some(())
}

/// The package that the classes are in, which build tools may have renamed: `Library.java` says it in a property that
/// is this thread's.
fn package(env: Env) -> Option<String> {
    let thread = env.class("java.lang", "Thread")?;
    let system = env.class("java.lang", "System")?;
    let current = Method::<(), Thread>::find(env, thread, c"currentThread")?;
    let current = env.unless_throwing(current.call(env, thread, ()))?;
    let get_id = env.method(thread, c"getId", jlong::SIGN)?;
    // SAFETY: a thread, and a method of its class that takes nothing and gives a `long`.
    let id = unsafe {
        jvm!(
            env,
            CallLongMethodA,
            current.raw(),
            get_id,
            std::ptr::null()
        )
    };
    let id = env.unless_throwing(id)?;
    let key = Text(env.string(&format!("landbridge.package.{id}")).ok()?);
    let named = Method::<(Text,), Text>::find(env, system, c"getProperty")?;
    let named = env.unless_throwing(named.call(env, system, (key,)))?.raw();
    match named.is_null() {
        true => Some("dev.landbridge".to_owned()),
        false => env.text(named).ok(),
    }
}
