//! Loading: the classes and methods that natives need, and the table of natives.

use std::ffi::c_void;
use std::sync::OnceLock;

use jni::objects::JClass;
use jni::strings::JNIStr;
use jni::sys::{JNI_ERR, JNI_VERSION_1_8, JavaVM, jfieldID, jint, jmethodID};
use jni::{NativeMethod, jni_sig, jni_str};

use crate::env::{self, Global};
use crate::host;

/// Must be the number in `Native.java`: it changes with any change of the natives.
const ABI: jint = 7;

/// What natives need of Java, looked up once.
pub(crate) struct Classes {
    pub(crate) object: Global,
    pub(crate) native: Global,
    pub(crate) tagged: Global,
    pub(crate) tagged_handle: jfieldID,
    pub(crate) exit: Global,
    pub(crate) exit_code: jfieldID,
    pub(crate) make_error: jmethodID,
    pub(crate) make_tagged: jmethodID,
    pub(crate) add_frames: jmethodID,
    pub(crate) call_primitive: jmethodID,
    pub(crate) call_general: jmethodID,
    pub(crate) call_output: jmethodID,
    pub(crate) is_interrupted: jmethodID,
}

// SAFETY: method and field ids are plain numbers that any thread may use while the class is loaded, and the
// global references keep it loaded.
unsafe impl Send for Classes {}
// SAFETY: as above.
unsafe impl Sync for Classes {}

static CLASSES: OnceLock<Classes> = OnceLock::new();

/// What `JNI_OnLoad` found. No native runs before that.
#[inline]
pub(crate) fn classes() -> &'static Classes {
    match CLASSES.get() {
        Some(classes) => classes,
        None => unreachable!("natives are registered after the classes are found"),
    }
}

/// Called by the JVM when the library is loaded.
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
    match loaded {
        Ok(Ok(true)) => JNI_VERSION_1_8,
        _ => JNI_ERR,
    }
}

/// False if the Java classes are of another version; `Native.java` then says so.
fn load(env: &mut jni::Env<'_>) -> jni::errors::Result<bool> {
    let native = env.find_class(jni_str!("dev/landbridge/Native"))?;
    let abi = env.get_static_field(&native, jni_str!("ABI"), jni_sig!("I"))?;
    if abi.i()? != ABI {
        return Ok(false);
    }
    if CLASSES.get().is_none() {
        let classes = find(env, &native)?;
        let _ = CLASSES.set(classes);
        host::install();
    }
    // SAFETY: each function has the type that its signature in the table says, and the methods are
    // static; the JVM checks names and signatures.
    unsafe { env.register_native_methods(&native, &table()) }?;
    Ok(true)
}

fn find(env: &mut jni::Env<'_>, native: &JClass<'_>) -> jni::errors::Result<Classes> {
    let object = env.find_class(jni_str!("java/lang/Object"))?;
    let tagged = env.find_class(jni_str!("dev/landbridge/TaggedException"))?;
    let tagged_handle = env.get_field_id(&tagged, jni_str!("handle"), jni_sig!("J"))?;
    let exit = env.find_class(jni_str!("dev/landbridge/Exit"))?;
    let exit_code = env.get_field_id(&exit, jni_str!("exitCode"), jni_sig!("I"))?;
    let make_error = jni_sig!("(IILjava/lang/String;[Ljava/lang/Object;[J)Ljava/lang/Throwable;");
    let make_tagged = jni_sig!("(JLjava/lang/String;[Ljava/lang/Object;[J)Ljava/lang/Throwable;");
    let add_frames = jni_sig!("(Ljava/lang/Throwable;I[Ljava/lang/Object;[J)Ljava/lang/Throwable;");
    let primitive = jni_sig!("(Ldev/landbridge/HostFunctions;IJJJJ)J");
    let general = jni_sig!("(Ldev/landbridge/HostFunctions;IJ[I[J[Ljava/lang/Object;)J");
    let output = jni_sig!("(Ldev/landbridge/HostFunctions;I[B)J");
    let make_error = env.get_static_method_id(native, jni_str!("makeError"), make_error)?;
    let make_tagged = env.get_static_method_id(native, jni_str!("makeTagged"), make_tagged)?;
    let add_frames = env.get_static_method_id(native, jni_str!("addFrames"), add_frames)?;
    let primitive = env.get_static_method_id(native, jni_str!("callPrimitive"), primitive)?;
    let general = env.get_static_method_id(native, jni_str!("callGeneral"), general)?;
    let output = env.get_static_method_id(native, jni_str!("callOutput"), output)?;
    let interrupted =
        env.get_static_method_id(native, jni_str!("isInterrupted"), jni_sig!("()Z"))?;
    Ok(Classes {
        object: keep(&object)?,
        native: keep(native)?,
        tagged: keep(&tagged)?,
        tagged_handle: tagged_handle.into_raw(),
        exit: keep(&exit)?,
        exit_code: exit_code.into_raw(),
        make_error: make_error.into_raw(),
        make_tagged: make_tagged.into_raw(),
        add_frames: add_frames.into_raw(),
        call_primitive: primitive.into_raw(),
        call_general: general.into_raw(),
        call_output: output.into_raw(),
        is_interrupted: interrupted.into_raw(),
    })
}

fn keep(class: &JClass<'_>) -> jni::errors::Result<Global> {
    let kept = env::Env::current().and_then(|env| Global::new(env, class.as_raw()).ok());
    kept.ok_or(jni::errors::Error::NullPtr("class"))
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
    "funcNew" "(J[ILdev/landbridge/HostFunctions;I)J" func::new;
    "funcType" "(J)[I" func::ty;
    "funcName" "(J)Ljava/lang/String;" func::name;
    "identity" "(IJ)Ljava/lang/String;" instance::identity;
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
    "storeRefusals" "(J)[B" store::refusals;
    "storeGc" "(J)V" store::gc;
    "storeClose" "(J)V" store::close;

    "sandboxNew" "(J[JLdev/landbridge/HostFunctions;[J[Ljava/lang/Object;)J" sandbox::new;

    "policyNone" "()J" policy::none;
    "policyWithDir" "(JLjava/lang/String;Ljava/lang/String;Z)J" policy::with_dir;
    "policyWithMemoryDir" "(JLjava/lang/String;[Ljava/lang/String;[[BZ)J" policy::with_memory_dir;
    "policyWithEnv" "(JLjava/lang/String;Ljava/lang/String;)J" policy::with_env;
    "policyWithArgs" "(J[Ljava/lang/String;)J" policy::with_args;
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

    "instantiate" "(JJJLdev/landbridge/HostFunctions;[Ljava/lang/Object;[J[J[Ljava/lang/Object;)J" imports::instantiate;
    "instanceClose" "(J)V" instance::close;
    "instanceRun" "(J)I" instance::run;
    "instanceStore" "(J)J" instance::store;
    "instanceExport" "(JLjava/lang/String;I)J" instance::export;
    "instanceExports" "(J)[Ljava/lang/Object;" instance::exports;

    "poolNew" "(JJLdev/landbridge/HostFunctions;[Ljava/lang/Object;[J[J[Ljava/lang/Object;[J)J" pool::new;
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
