//! The table of natives: one line for each of `Native.java`.

use std::ffi::{CString, c_void};

use jni::sys::jint;

use crate::native::Native;

/// What the JVM is told of a native.
pub(crate) struct Registered {
    pub(crate) name: CString,
    pub(crate) sign: CString,
    pub(crate) entry: *mut c_void,
}

fn registered<A, F: Native<A>>(name: &str, native: F) -> Registered {
    let text = |text: String| CString::new(text).unwrap_or_default();
    Registered {
        name: text(name.to_owned()),
        sign: text(F::sign()),
        entry: native.entry(),
    }
}

/// The number of the interface, made of all names and signatures: `Native.java` says for which one it was compiled.
/// FNV-1a, of the lines in their order.
pub(crate) fn abi(table: &[Registered]) -> jint {
    let line = |it: &Registered| [it.name.as_bytes(), it.sign.as_bytes(), b"\n"].concat();
    let mut lines: Vec<_> = table.iter().map(line).collect();
    lines.sort();
    let bytes = lines.iter().flatten();
    let add = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.fold(0x811c_9dc5, add) as jint
}

macro_rules! natives {
    ($($name:literal $module:ident::$function:ident;)*) => {
        pub(crate) fn table() -> Vec<Registered> {
            vec![$(registered($name, crate::$module::$function)),*]
        }
    };
}

natives! {
    "call0" func::call0;
    "call1" func::call1;
    "call2" func::call2;
    "call3" func::call3;
    "call4" func::call4;
    "call5" func::call5;
    "call6" func::call6;
    "call7" func::call7;
    "call8" func::call8;
    "callWide" func::call_wide;
    "empty" func::empty;
    "funcNew" func::new;
    "funcType" func::ty;
    "funcName" func::name;
    "batchRows" batch::rows;
    "batchMap" batch::map;
    "directAddress" batch::direct_address;
    "failColumn" batch::wrong_column;

    "shown" shown::shown;
    "identity" shown::identity;
    "told" shown::name;

    "funcBook" place::of_func;
    "instanceBook" place::of_instance;
    "poolBook" place::of_pool;
    "placeBegin" place::begin;
    "placeEnd" place::end;
    "placeRest" place::rest;
    "placeGiveUp" place::give_up;

    "version" engine::version;
    "names" engine::names;
    "engineShared" engine::shared;
    "engineNew" engine::new;
    "release" engine::release;
    "joinFamily" host::join_family;
    "watch" releaser::watch;
    "upcallReady" upcall::ready;
    "upcallThrown" upcall::thrown;

    "moduleBytes" module::from_bytes;
    "moduleString" module::from_string;
    "moduleFile" module::from_file;
    "modulePrecompiled" module::precompiled;
    "moduleCompile" module::compile;
    "moduleName" module::name;
    "moduleImports" module::imports;
    "moduleExports" module::exports;
    "moduleContent" module::content;
    "moduleDigest" module::digest;
    "moduleDigestOf" module::digest_of;
    "inspectBytes" module::inspect_bytes;
    "inspectString" module::inspect_string;
    "inspectFile" module::inspect_file;

    "storeNew" store::new;
    "storeUsage" store::usage;
    "storeSetFuel" store::set_fuel;
    "storeCancel" store::cancel;
    "storeStdout" store::stdout;
    "storeStderr" store::stderr;
    "storeStdoutText" store::stdout_text;
    "storeStderrText" store::stderr_text;
    "storeRefusals" store::refusals;
    "storeOutput" store::output;
    "storeGc" store::gc;
    "storeClose" store::close;

    "limitsFromJson" limits::from_json;
    "limitsToJson" limits::to_json;

    "policyFromJson" policy::from_json;
    "policyFromFile" policy::from_file;
    "policyToJson" policy::to_json;
    "policyGrant" policy::grant;
    "policyOfProgram" policy::of_program;
    "policyRestrict" policy::restrict;
    "policyAllows" policy::allows;
    "policyAnswer" policy::answer;
    "policySame" policy::same;
    "policyContent" policy::content;
    "portsRead" policy::ports;

    "instanceNew" instance::new;
    "instanceInStore" instance::in_store;
    "instanceRun" instance::run;
    "instanceStore" instance::store;
    "instanceExports" instance::exports;
    "instanceExport" export::of_instance;
    "instanceClose" instance::close;

    "poolNew" pool::new;
    "poolGet" pool::get;
    "poolCounts" pool::counts;
    "poolClose" pool::close;

    "contextExport" export::of_context;
    "contextName" export::context_name;

    "memoryNew" memory::new;
    "memoryType" memory::ty;
    "memoryBytes" memory::size_bytes;
    "memoryPages" memory::size_pages;
    "memoryGrow" memory::grow;
    "memoryRead" memory::read;
    "memoryWrite" memory::write;
    "memoryReadText" memory::read_text;
    "memoryReadCString" memory::read_c_string;
    "memoryWriteText" memory::write_text;
    "memoryGet" memory::get_bits;
    "memoryPut" memory::put_bits;
    "memoryView" memory::view;

    "tableNew" table::new;
    "tableType" table::ty;
    "tableSize" table::size;
    "tableGet" table::get;
    "tableSet" table::set;
    "tableGrow" table::grow;

    "globalNew" global::new;
    "globalType" global::ty;
    "globalGet" global::get;
    "globalSet" global::set;

    "tagNew" tag::new;
    "tagType" tag::ty;
    "tagSame" tag::same;

    "exceptionNew" exception::new;
    "exceptionMessage" exception::message;
    "exceptionTag" exception::tag;
    "exceptionPayload" exception::payload;
    "exceptionSame" exception::same;

    "gcType" gc::ty;
    "gcLength" gc::length;
    "gcGet" gc::get;
    "gcSet" gc::set;
    "gcPlace" gc::place;
    "gcSame" gc::same;

    "moduleWorld" wit::of_module;
    "instanceWorld" wit::of_instance;
    "worldFrame" wit::frame;
    "worldParse" wit::parse;
    "worldFormat" wit::format;
    "witFind" wit::find;
    "witFunc" wit::func;
    "witCall" wit_call::call;
    "witCount" wit::count;
    "interfaceFits" wit::interface_fits;
    "storeSame" wit::same_store;
    "resourceNew" wit::resource;
    "resourceIsThere" wit::is_there;
    "resourceClose" wit::close;
    "contextStore" wit::store_of;
    "failWit" wit::wrong;

    "checkText" error::check_text;
    "failCount" error::count;
    "failType" error::wrong_type;
    "failRange" error::range;
}
