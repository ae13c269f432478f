//! Loading and unloading: the classes and methods that natives need, and the table of natives.
//!
//! One class loader at a time has this library: a JVM refuses a file that another loader has. When the loader is
//! collected the library stays where it is in memory (see `build.rs`), and the next loader that loads the file
//! finds it as it was left, so `JNI_OnUnload` leaves nothing of Java's behind.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};

use jni::objects::{JClass, JString, JValue};
use jni::strings::{JNIStr, JNIString};
use jni::sys::{JNI_ERR, JNI_VERSION_1_8, JavaVM, jfieldID, jint, jmethodID};
use jni::{NativeMethod, jni_sig, jni_str};

use crate::env::{self, Global, Weak};
use crate::{host, memory, releaser};

/// Must be the number in `Native.java`: it changes with any change of the natives.
const ABI: jint = 10;

/// What natives need of Java, looked up once a class loader. Classes of ours are held weakly, or their loader could
/// never be collected: whoever runs here was called by them.
pub(crate) struct Classes {
    pub(crate) object: Global,
    pub(crate) native: Weak,
    pub(crate) tagged: Weak,
    pub(crate) tagged_handle: jfieldID,
    pub(crate) exit: Weak,
    pub(crate) exit_code: jfieldID,
    pub(crate) make_error: jmethodID,
    pub(crate) make_tagged: jmethodID,
    pub(crate) add_frames: jmethodID,
    pub(crate) trail: jmethodID,
    pub(crate) call_primitive: jmethodID,
    pub(crate) call_general: jmethodID,
    pub(crate) call_output: jmethodID,
    pub(crate) is_interrupted: jmethodID,
    pub(crate) release: jmethodID,
    pub(crate) threads: Threads,
}

/// What the thread of `releaser.rs` needs of the JDK.
pub(crate) struct Threads {
    pub(crate) class: Global,
    pub(crate) current: jmethodID,
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

fn set(classes: Classes) {
    // SAFETY: nobody reads it yet, see `Found`.
    unsafe { (*FOUND.classes.get()).write(classes) };
    FOUND.is_there.store(true, Ordering::Release);
}

fn forget() {
    if FOUND.is_there.swap(false, Ordering::AcqRel) {
        // SAFETY: it was there, and nobody reads it any more, see `Found`.
        unsafe { (*FOUND.classes.get()).assume_init_drop() };
    }
}

/// Called by the JVM when a class loader loads the library.
///
/// # Safety
/// `vm` is the JVM that loads the library.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut JavaVM, _: *mut c_void) -> jint {
    env::remember(vm);
    let loaded = std::panic::catch_unwind(|| {
        // SAFETY: the JVM passes itself.
        let vm = unsafe { jni::JavaVM::from_raw(vm) };
        vm.attach_current_thread(load)
    });
    let refused = match loaded {
        Ok(Ok(None)) => return JNI_VERSION_1_8,
        Ok(Ok(Some(why))) => why,
        Ok(Err(e)) => format!("it does not fit the classes: {e}"),
        Err(_) => "it panicked".to_owned(),
    };
    if let Some(env) = env::Env::current() {
        env.throw_unsatisfied(&refused);
    }
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
        forget();
    });
}

/// Gives what is wrong if the Java classes are of another version.
fn load(env: &mut jni::Env<'_>) -> jni::errors::Result<Option<String>> {
    let package = package(env)?;
    let native = class(env, &package, "Native")?;
    let abi = env.get_static_field(&native, jni_str!("ABI"), jni_sig!("I"))?;
    let abi = abi.i()?;
    if abi != ABI {
        return Ok(Some(format!(
            "it is of another version than the classes: its native interface is {ABI}, theirs is {abi}"
        )));
    }
    set(find(env, &package, &native)?);
    host::install();
    // SAFETY: each function has the type that its signature in the table says, and the methods are
    // static; the JVM checks names and signatures.
    unsafe { env.register_native_methods(&native, &table()) }?;
    Ok(None)
}

/// The package that the classes are in, which build tools may have renamed: `Library.java` says it in a property that
/// is this thread's.
fn package(env: &mut jni::Env<'_>) -> jni::errors::Result<String> {
    let thread = jni_str!("java/lang/Thread");
    let current = jni_sig!("()Ljava/lang/Thread;");
    let thread = env.call_static_method(thread, jni_str!("currentThread"), current, &[])?;
    let id = env.call_method(thread.l()?, jni_str!("getId"), jni_sig!("()J"), &[])?;
    let key = env.new_string(format!("landbridge.package.{}", id.j()?))?;
    let system = jni_str!("java/lang/System");
    let get = jni_sig!("(Ljava/lang/String;)Ljava/lang/String;");
    let named = env.call_static_method(
        system,
        jni_str!("getProperty"),
        get,
        &[JValue::Object(&key)],
    )?;
    let named = named.l()?;
    match named.is_null() {
        true => Ok("dev.landbridge".to_owned()),
        false => env.cast_local::<JString<'_>>(named)?.try_to_string(env),
    }
}

fn class<'local>(
    env: &mut jni::Env<'local>,
    package: &str,
    name: &str,
) -> jni::errors::Result<JClass<'local>> {
    let name = format!("{package}.{name}").replace('.', "/");
    env.find_class(JNIString::from(name))
}

fn find(
    env: &mut jni::Env<'_>,
    package: &str,
    native: &JClass<'_>,
) -> jni::errors::Result<Classes> {
    let object = env.find_class(jni_str!("java/lang/Object"))?;
    let tagged = class(env, package, "TaggedException")?;
    let tagged_handle = env.get_field_id(&tagged, jni_str!("handle"), jni_sig!("J"))?;
    let exit = class(env, package, "Exit")?;
    let exit_code = env.get_field_id(&exit, jni_str!("exitCode"), jni_sig!("I"))?;
    let make_error = jni_sig!(
        "(IILjava/lang/String;[Ljava/lang/Object;[JLjava/lang/String;ILjava/lang/String;)Ljava/lang/Throwable;"
    );
    let make_tagged = jni_sig!(
        "(JLjava/lang/String;[Ljava/lang/Object;[JLjava/lang/String;)Ljava/lang/Throwable;"
    );
    let add_frames = jni_sig!("(Ljava/lang/Throwable;I[Ljava/lang/Object;[J)Ljava/lang/Throwable;");
    let primitive = jni_sig!("(Ljava/lang/Object;IJJJJ)J");
    let general = jni_sig!("(Ljava/lang/Object;IJ[I[J[Ljava/lang/Object;)J");
    let output = jni_sig!("(Ljava/lang/Object;I[B)J");
    let release = jni_sig!("(Ljava/lang/Object;)V");
    let make_error = env.get_static_method_id(native, jni_str!("makeError"), make_error)?;
    let make_tagged = env.get_static_method_id(native, jni_str!("makeTagged"), make_tagged)?;
    let trail = jni_sig!("(Ljava/lang/Throwable;)[J");
    let trail = env.get_static_method_id(native, jni_str!("trail"), trail)?;
    let add_frames = env.get_static_method_id(native, jni_str!("addFrames"), add_frames)?;
    let primitive = env.get_static_method_id(native, jni_str!("callPrimitive"), primitive)?;
    let general = env.get_static_method_id(native, jni_str!("callGeneral"), general)?;
    let output = env.get_static_method_id(native, jni_str!("callOutput"), output)?;
    let release = env.get_static_method_id(native, jni_str!("releaseOwned"), release)?;
    let interrupted =
        env.get_static_method_id(native, jni_str!("isInterrupted"), jni_sig!("()Z"))?;
    Ok(Classes {
        object: keep(&object)?,
        native: watch(native)?,
        tagged: watch(&tagged)?,
        tagged_handle: tagged_handle.into_raw(),
        exit: watch(&exit)?,
        exit_code: exit_code.into_raw(),
        make_error: make_error.into_raw(),
        make_tagged: make_tagged.into_raw(),
        add_frames: add_frames.into_raw(),
        trail: trail.into_raw(),
        call_primitive: primitive.into_raw(),
        call_general: general.into_raw(),
        call_output: output.into_raw(),
        is_interrupted: interrupted.into_raw(),
        release: release.into_raw(),
        threads: threads(env)?,
    })
}

fn threads(env: &mut jni::Env<'_>) -> jni::errors::Result<Threads> {
    let class = env.find_class(jni_str!("java/lang/Thread"))?;
    let queue = env.find_class(jni_str!("java/lang/ref/ReferenceQueue"))?;
    let current = jni_sig!("()Ljava/lang/Thread;");
    let current = env.get_static_method_id(&class, jni_str!("currentThread"), current)?;
    let interrupt = env.get_method_id(&class, jni_str!("interrupt"), jni_sig!("()V"))?;
    let remove = jni_sig!("()Ljava/lang/ref/Reference;");
    let remove = env.get_method_id(&queue, jni_str!("remove"), remove)?;
    Ok(Threads {
        class: keep(&class)?,
        current: current.into_raw(),
        interrupt: interrupt.into_raw(),
        queue_remove: remove.into_raw(),
    })
}

fn keep(class: &JClass<'_>) -> jni::errors::Result<Global> {
    let kept = env::Env::current().and_then(|env| Global::new(env, class.as_raw()).ok());
    kept.ok_or(jni::errors::Error::NullPtr("class"))
}

fn watch(class: &JClass<'_>) -> jni::errors::Result<Weak> {
    let watched = env::Env::current().and_then(|env| Weak::new(env, class.as_raw()).ok());
    watched.ok_or(jni::errors::Error::NullPtr("class"))
}

/// One line for each native of `Native.java`.
macro_rules! natives {
    ($($name:literal $sig:literal $module:ident::$function:ident;)*) => {
        fn table() -> Vec<NativeMethod<'static>> {
            vec![$(entry(jni_str!($name), jni_str!($sig), crate::$module::$function as *mut c_void),)*]
        }
    };
}

fn entry(
    name: &'static JNIStr,
    sig: &'static JNIStr,
    function: *mut c_void,
) -> NativeMethod<'static> {
    // SAFETY: the table below pairs each function with the signature of its Rust type.
    unsafe { NativeMethod::from_raw_parts(name, sig, function) }
}

natives! {
    "call0" "(J)J" func::call0;
    "call1" "(JJ)J" func::call1;
    "call2" "(JJJ)J" func::call2;
    "call3" "(JJJJ)J" func::call3;
    "call4" "(JJJJJ)J" func::call4;
    "call5" "(JJJJJJ)J" func::call5;
    "call6" "(JJJJJJJ)J" func::call6;
    "call7" "(JJJJJJJJ)J" func::call7;
    "call8" "(JJJJJJJJJ)J" func::call8;
    "callWide" "(J[J[Ljava/lang/Object;)V" func::call_wide;
    "funcNew" "(J[ILjava/lang/Object;I)J" func::new;
    "funcType" "(J)[I" func::ty;
    "funcName" "(J)Ljava/lang/String;" func::name;
    "identity" "(IJ)Ljava/lang/String;" instance::identity;
    "shown" "(IJ)Ljava/lang/String;" shown::shown;
    "empty" "(JJ)J" func::empty;

    "funcBook" "(JI)J" place::of_func;
    "instanceBook" "(JI)J" place::of_instance;
    "poolBook" "(JI)J" place::of_pool;
    "placeBegin" "(J)V" place::begin;
    "placeEnd" "(J)V" place::end;
    "placeRest" "(J)V" place::rest;
    "placeGiveUp" "(J)V" place::give_up;

    "told" "(Ljava/lang/String;)Ljava/lang/String;" error::told;
    "version" "()Ljava/lang/String;" engine::version;
    "names" "(I)[Ljava/lang/Object;" engine::names;
    "engineShared" "()J" engine::shared;
    "engineNew" "(ZJJJZZZZZLjava/lang/String;)J" engine::new;
    "release" "(IJ)V" engine::release;
    "joinFamily" "(Ljava/lang/String;)Ljava/lang/String;" host::join_family;
    "watch" "(Ljava/lang/ref/ReferenceQueue;)V" releaser::watch;

    "moduleBytes" "(J[B)J" module::from_bytes;
    "moduleString" "(JLjava/lang/String;)J" module::from_string;
    "moduleFile" "(JLjava/lang/String;)J" module::from_file;
    "moduleName" "(J)Ljava/lang/String;" module::name;
    "moduleImports" "(J)[Ljava/lang/Object;" module::imports;
    "moduleExports" "(J)[Ljava/lang/Object;" module::exports;
    "moduleContent" "(J)[B" module::content;
    "moduleDigest" "(J)Ljava/lang/String;" module::digest;
    "moduleDigestOf" "([B)Ljava/lang/String;" module::digest_of;
    "moduleCompile" "(JLjava/lang/String;)V" module::compile;
    "modulePrecompiled" "(JLjava/lang/String;)J" module::precompiled;
    "inspectBytes" "([B)[Ljava/lang/Object;" inspect::of_bytes;
    "inspectString" "(Ljava/lang/String;)[Ljava/lang/Object;" inspect::of_string;
    "inspectFile" "(Ljava/lang/String;)[Ljava/lang/Object;" inspect::of_file;

    "storeNew" "(JJ)J" store::new;
    "storeUsage" "(J)[J" store::usage;
    "storeSetFuel" "(JJ)V" store::set_fuel;
    "storeCancel" "(J)V" store::cancel;
    "storeStdout" "(J)[B" store::stdout;
    "storeStderr" "(J)[B" store::stderr;
    "storeStdoutText" "(J)Ljava/lang/String;" store::stdout_text;
    "storeStderrText" "(J)Ljava/lang/String;" store::stderr_text;
    "storeRefusals" "(J)[B" store::refusals;
    "storeOutput" "(J)Ljava/lang/String;" store::output;
    "storeGc" "(J)V" store::gc;
    "storeClose" "(J)V" store::close;

    "limitsFromJson" "(Ljava/lang/String;)[J" limits::from_json;
    "limitsToJson" "([J)Ljava/lang/String;" limits::to_json;

    "sandboxNew" "(J[JLjava/lang/Object;[J[Ljava/lang/Object;)J" sandbox::new;

    "policyNone" "()J" policy::none;
    "policyProgram" "()J" policy::program;
    "policyWithDir" "(JLjava/lang/String;Ljava/lang/String;Z)J" policy::with_dir;
    "policyWithMemoryDir" "(JLjava/lang/String;[Ljava/lang/String;[[BZ)J" policy::with_memory_dir;
    "policyWithEnv" "(JLjava/lang/String;Ljava/lang/String;)J" policy::with_env;
    "policyWithArgs" "(J[Ljava/lang/String;)J" policy::with_args;
    "policyOfProgram" "(JJLjava/lang/String;[Ljava/lang/String;)J" policy::of_program;
    "policyWithClock" "(JJJJ)J" policy::with_clock;
    "policyWithRandom" "(JJJ)J" policy::with_random;
    "policyFromJson" "(Ljava/lang/String;)J" policy::from_json;
    "policyFromFile" "(Ljava/lang/String;)J" policy::from_file;
    "policyToJson" "(J)Ljava/lang/String;" policy::to_json;
    "policyRestrict" "(JJ)J" policy::restrict;
    "policyAllows" "(JJ)Z" policy::allows;
    "policySame" "(JJ)Z" policy::same;
    "policyDirs" "(J)[Ljava/lang/Object;" policy::dirs;
    "policyMemoryDirs" "(J)[Ljava/lang/Object;" policy::memory_dirs;
    "policyEnv" "(J)[Ljava/lang/Object;" policy::variables;
    "policyArgs" "(J)[Ljava/lang/Object;" policy::args;
    "policyClock" "(J)[J" policy::clock;
    "policyRandom" "(J)[J" policy::random;

    "networkPorts" "(Ljava/lang/String;)Ljava/lang/String;" network::ports;
    "networkWithAddresses" "(JILjava/lang/String;Ljava/lang/String;)J" network::with_addresses;
    "networkWithName" "(JLjava/lang/String;Ljava/lang/String;)J" network::with_name;
    "networkWithHttp" "(JLjava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;)J" network::with_http;
    "networkAllowsAddress" "(JI[BI)Z" network::allows_address;
    "networkAllowsName" "(JLjava/lang/String;)Z" network::allows_name;
    "networkAllowsNamePort" "(JLjava/lang/String;I)Z" network::allows_name_port;
    "networkAllowsHttp" "(JLjava/lang/String;Ljava/lang/String;ILjava/lang/String;)Z" network::allows_http;

    "instantiate" "(JJJLjava/lang/Object;[Ljava/lang/Object;[J[J[Ljava/lang/Object;)J" imports::instantiate;
    "instanceClose" "(J)V" instance::close;
    "instanceRun" "(J)I" instance::run;
    "instanceStore" "(J)J" instance::store;
    "instanceExport" "(JLjava/lang/String;I)J" instance::export;
    "instanceExports" "(J)[Ljava/lang/Object;" instance::exports;

    "poolNew" "(JJLjava/lang/Object;[Ljava/lang/Object;[J[J[Ljava/lang/Object;[J)J" pool::new;
    "poolGet" "(J)J" pool::get;
    "poolCounts" "(J)[J" pool::counts;
    "poolClose" "(J)V" pool::close;

    "contextExport" "(JLjava/lang/String;I)J" imports::context_export;
    "contextName" "(J)Ljava/lang/String;" imports::context_name;

    "memoryNew" "(JJZJZJ)J" memory::new;
    "memoryType" "(J)[J" memory::ty;
    "memoryBytes" "(J)J" memory::size_bytes;
    "memoryPages" "(J)J" memory::size_pages;
    "memoryGrow" "(JJ)J" memory::grow;
    "memoryRead" "(JJ[BII)V" memory::read;
    "memoryWrite" "(JJ[BII)V" memory::write;
    "memoryReadText" "(JJI)Ljava/lang/String;" memory::read_text;
    "memoryReadCString" "(JJJ)Ljava/lang/String;" memory::read_c_string;
    "memoryWriteText" "(JJLjava/lang/String;)I" memory::write_text;
    "memoryGet" "(JJI)J" memory::get_bits;
    "memoryPut" "(JJIJ)V" memory::put_bits;
    "memoryView" "(J[J)Ljava/nio/ByteBuffer;" memory::view;

    "tableNew" "(JIJZJZ[J[Ljava/lang/Object;)J" table::new;
    "tableType" "(J)[J" table::ty;
    "tableSize" "(J)J" table::size;
    "tableGet" "(JJ[J[Ljava/lang/Object;)V" table::get;
    "tableSet" "(JJI[J[Ljava/lang/Object;)V" table::set;
    "tableGrow" "(JJI[J[Ljava/lang/Object;)J" table::grow;

    "globalNew" "(JIZ[J[Ljava/lang/Object;)J" global::new;
    "globalType" "(J)[J" global::ty;
    "globalGet" "(J[J[Ljava/lang/Object;)V" global::get;
    "globalSet" "(JI[J[Ljava/lang/Object;)V" global::set;

    "tagNew" "(J[I)J" tag::new;
    "tagType" "(J)[J" tag::ty;
    "tagSame" "(JJ)Z" tag::same;

    "exceptionNew" "(J[J[Ljava/lang/Object;)J" exception::new;
    "exceptionMessage" "(J)Ljava/lang/String;" exception::message;
    "exceptionTag" "(J)J" exception::tag;
    "exceptionPayload" "(J[J[Ljava/lang/Object;)V" exception::payload;
    "exceptionSame" "(JJ)Z" exception::same;

    "gcType" "(J)[Ljava/lang/Object;" gc::ty;
    "gcLength" "(J)I" gc::length;
    "gcGet" "(JI[J[Ljava/lang/Object;)I" gc::get;
    "gcSet" "(JII[J[Ljava/lang/Object;)V" gc::set;
    "gcPlace" "(JI)Ljava/lang/String;" gc::place;
    "gcSame" "(JJ)Z" gc::same;

    "checkText" "(Ljava/lang/String;Ljava/lang/String;)V" error::check_text;
    "failCount" "(Ljava/lang/String;[IIZ)V" error::count;
    "failType" "(Ljava/lang/String;ILjava/lang/String;)V" error::wrong_type;
    "failRange" "(Ljava/lang/String;ILjava/lang/String;)V" error::range;
}
