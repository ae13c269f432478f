//! Modules that were built for another host than WASI, recognised by what they import.

use crate::ImportType;

/// A host that modules are built for, and what to do to load them here.
struct BuiltFor {
    /// Whether an import is one that only such modules have.
    asks: fn(&ImportType) -> bool,
    said: &'static str,
}

const EMSCRIPTEN: &str = "the module was built by Emscripten for JavaScript; build it with -sSTANDALONE_WASM, or with the compiler of \
               wasi-sdk";

/// The first that fits counts.
const ALL: &[BuiltFor] = &[
    BuiltFor {
        asks: |it| matches!(it.module.as_str(), "go" | "gojs"),
        said: "the module was built by Go for JavaScript (wasm_exec.js); build it with GOOS=wasip1 GOARCH=wasm, or with \
               TinyGo for -target=wasip1",
    },
    BuiltFor {
        asks: |it| {
            let module = it.module.as_str();
            module == "wbg"
                || module.starts_with("__wbindgen_")
                || module.starts_with("./") && module.ends_with("_bg.js")
        },
        said: "the module was built for JavaScript by wasm-bindgen; build it for the target wasm32-wasip1, or \
               wasm32-unknown-unknown without wasm-bindgen and the crates that need it, such as getrandom's feature js",
    },
    BuiltFor {
        asks: |it| it.module == "wasi_unstable",
        said: "the module was built for an old WASI, from before preview 1; build it with a newer compiler for the target \
               wasm32-wasip1",
    },
    BuiltFor {
        asks: |it| it.module.starts_with("wasix_"),
        said: "the module was built for WASIX, which only Wasmer has; build it for the target wasm32-wasip1, without \
               threads and sockets",
    },
    BuiltFor {
        asks: |it| it.module.contains("javy"),
        said: "the module was built by Javy and needs Javy's own module; build it with javy build without -C dynamic",
    },
    BuiltFor {
        asks: |it| {
            it.module.starts_with("wasi:")
                || it.module.contains(':') && it.module.contains('/')
                || it.module.starts_with("[export]")
        },
        said: "the module is the inside of a component, which is not loaded yet; build it for the target wasm32-wasip1 in \
               place of wasm32-wasip2",
    },
    BuiltFor {
        asks: |it| {
            it.module.starts_with("wasm:") || matches!(it.module.as_str(), "dart2wasm" | "js_code")
        },
        said: "the module was built for JavaScript, and asks for its strings and functions; build it for WASI, such as with \
               Kotlin's target wasmWasi",
    },
    BuiltFor {
        asks: |it| {
            it.module.starts_with("GOT.")
                || it.module == "env"
                    && matches!(it.name.as_str(), "__memory_base" | "__table_base")
        },
        said: "the module is a shared library that a program is to load; link it without -shared, -fPIC and SIDE_MODULE",
    },
    BuiltFor {
        asks: |it| it.module == "env" && it.name == "__linear_memory",
        said: "the module is an object file of a compiler; link it with wasm-ld, or build it without -c",
    },
    BuiltFor {
        asks: is_emscripten,
        said: EMSCRIPTEN,
    },
    BuiltFor {
        asks: is_assembly_script,
        said: "the module was built by AssemblyScript; build it with --use abort= (the same for trace and seed), or \
               provide env.abort, a function (message, file, line, column) of four i32",
    },
];

fn is_emscripten(it: &ImportType) -> bool {
    const NAMES: &[&str] = &[
        "emscripten_",
        "_emscripten_",
        "_embind_",
        "_emval_",
        "__syscall_",
        "__cxa_",
        "_mmap_js",
        "_munmap_js",
        "_abort_js",
        "_localtime_js",
        "_tzset_js",
    ];
    // It calls a function of these types where C++ or longjmp may come back.
    let is_invoke = || {
        let types = it.name.strip_prefix("invoke_");
        types.is_some_and(|types| !types.is_empty() && types.chars().all(|c| "vijfdp".contains(c)))
    };
    it.module == "env" && (NAMES.iter().any(|start| it.name.starts_with(start)) || is_invoke())
}

/// Emscripten makes all names short, from `a` on, in a module `a`.
fn is_minified<'a>(mut imports: impl Iterator<Item = &'a ImportType> + Clone) -> bool {
    let has = |name: &str| imports.clone().any(|it| it.name == name);
    has("a") && has("b") && imports.all(|it| it.module == "a" && it.name.len() <= 2)
}

fn is_assembly_script(it: &ImportType) -> bool {
    let text = it.ty.to_string();
    let types = match it.name.as_str() {
        "abort" => "func (i32, i32, i32, i32) -> ()",
        "trace" => "func (i32, i32, f64, f64, f64, f64, f64) -> ()",
        "seed" => "func () -> (f64)",
        _ => return false,
    };
    it.module == "env" && text == types
}

/// What the module was built for, if these imports tell it, and what to do, in a sentence.
pub(crate) fn said<'a>(
    imports: impl Iterator<Item = &'a ImportType> + Clone,
) -> Option<&'static str> {
    let fits = |it: &&BuiltFor| imports.clone().any(it.asks);
    match ALL.iter().find(fits) {
        Some(found) => Some(found.said),
        None => is_minified(imports).then_some(EMSCRIPTEN),
    }
}
