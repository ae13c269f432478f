//! A guest whose one function does as a test wants, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use landbridge::{
    CompileCache, Engine, EngineOptions, Error, ErrorKind, HostContext, Imports, Instance, Module,
    Store, WitValue,
};

pub(crate) const TYPES: &str = "
  (type $bytes (list u8)) (type $words (list u32)) (type $longs (list u64)) (type $texts (list string))
  (type $option (option u8)) (type $options (list $option)) (type $result (result))";

/// What is wanted of a guest.
#[derive(Clone, Copy)]
pub(crate) struct Guest<'a> {
    /// Parameters and result of the host's function `take`, and its core type.
    pub(crate) take: &'a str,
    pub(crate) take_core: &'a str,
    /// Result of `run`, and its core type.
    pub(crate) run: &'a str,
    pub(crate) run_core: &'a str,
    pub(crate) body: &'a str,
    pub(crate) bytes: &'a str,
    pub(crate) realloc: &'a str,
    pub(crate) encoding: &'a str,
}

impl Default for Guest<'_> {
    fn default() -> Self {
        Guest {
            take: "",
            take_core: "",
            run: "",
            run_core: "",
            body: "",
            bytes: "",
            realloc: "(i32.const 1024)",
            encoding: "utf8",
        }
    }
}

impl Guest<'_> {
    pub(crate) fn text(&self) -> String {
        let Guest {
            take,
            take_core,
            run,
            run_core,
            body,
            bytes,
            realloc,
            encoding,
        } = self;
        let options = format!(
            r#"(memory (core memory $libc "memory")) (realloc (core func $libc "realloc")) string-encoding={encoding}"#
        );
        format!(
            r#"(component{TYPES}
  (import "h:h/host" (instance $h {} (export "take" (func {take}))))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) {realloc})
    (data (i32.const 16) "{bytes}")
    (data (i32.const 256) "\ff\00\e2\82\00\00\00\00\ed\a0\80\00\00\00\00\00\c0\80\00\00\00\00\00\00\00\d8\00\00\00\00\00\00")
    (data (i32.const 288) "\00\00\01\00\01\00\00\00\07\00"))
  (core instance $libc (instantiate $libc))
  (core func $take (canon lower (func $h "take") {options}))
  (core module $m
    (import "libc" "memory" (memory 1))
    (import "h" "take" (func $take {take_core}))
    (func (export "run") {run_core} {body})
    (func (export "fine") (result i32) (i32.const 7)))
  (core instance $m (instantiate $m (with "libc" (instance $libc)) (with "h" (instance (export "take" (func $take))))))
  (func (export "run") {run} (canon lift (core func $m "run") {options}))
  (func (export "fine") (result u32) (canon lift (core func $m "fine"))))"#,
            TYPES.replace("  (type", " (type")
        )
    }
}

pub(crate) fn engine() -> Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

/// A component whose host counts its calls and gives this.
pub(crate) fn instance(
    engine: &Engine,
    text: &str,
    gives: Option<WitValue>,
) -> (Instance, Arc<AtomicU32>) {
    let module = Module::with_engine(engine, text).unwrap_or_else(|e| panic!("{text}\n{e}"));
    let calls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&calls);
    let mut imports = Imports::new();
    let take = move |_: &HostContext<'_>, _: &[WitValue]| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(gives.clone())
    };
    imports.wit_func("h:h/host", "take", take);
    let store = Store::new(engine).expect("a store");
    let instance = store
        .instantiate(&module, &imports)
        .unwrap_or_else(|e| panic!("{text}\n{e}"));
    (instance, calls)
}

pub(crate) fn run(instance: &Instance, args: &[WitValue]) -> Result<Option<WitValue>, Error> {
    instance.wit_func("run")?.call(args)
}

/// It must fail so, and the component must be ended.
pub(crate) fn ends(
    instance: &Instance,
    args: &[WitValue],
    kind: ErrorKind,
    words: &str,
    about: &str,
) {
    match run(instance, args) {
        Ok(found) => panic!("{about}: no error, but {found:?}"),
        Err(error) => {
            let text = error.to_string();
            // What is huge is refused as such, wherever it should be.
            let is_huge = error.kind() == ErrorKind::Limit && text.contains("transfer_bytes");
            assert!(
                error.kind() == kind || is_huge,
                "{about}: {}: {text}",
                error.kind()
            );
            assert!(
                is_huge || text.contains(words),
                "{about}: no {words:?} in: {text}"
            );
            assert!(text.len() > 10, "{about}: {text}");
        }
    }
    is_ended(instance, about);
}

pub(crate) fn is_ended(instance: &Instance, about: &str) {
    let fine = instance.wit_func("fine").and_then(|it| it.call(&[]));
    let error = fine.expect_err(about);
    assert_eq!(error.kind(), ErrorKind::Poisoned, "{about}: {error}");
}
