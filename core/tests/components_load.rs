//! Components are loaded, kept and refused as modules are.

use landbridge::{CompileCache, Engine, EngineOptions, ErrorKind, Module, Result};

const GREET: &str = r#"(component
    (core module $m
        (memory (export "memory") 1)
        (func (export "add") (param i32 i32) (result i32)
            (i32.add (local.get 0) (local.get 1))))
    (core instance $i (instantiate $m))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32)
        (canon lift (core func $i "add"))))"#;

fn refused(kind: ErrorKind, loaded: Result<Module>, parts: &[&str]) -> String {
    let error = loaded.map(|it| it.shown()).unwrap_err();
    let said = error.message().to_owned();
    assert_eq!(error.kind(), kind, "{said}");
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in: {said}");
    }
    said
}

/// A folder that goes with the test.
struct TempDir(std::path::PathBuf);

impl TempDir {
    fn new(name: &str) -> TempDir {
        let name = format!("landbridge-components-{name}-{}", std::process::id());
        let place = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&place).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(&place, private).unwrap();
        }
        TempDir(place)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn is_component(module: &Module) {
    assert!(module.is_component());
    assert!(module.imports().is_empty() && module.exports().is_empty());
    assert_eq!(module.name(), None);
}

#[test]
fn a_component_is_loaded_as_a_module_is() {
    let engine = Engine::shared().unwrap();
    let text = Module::new(GREET).unwrap();
    is_component(&text);
    let bytes = Module::new(text.bytes()).unwrap();
    assert!(bytes.same(&text), "it is there once");
    let temp = TempDir::new("load");
    let file = temp.0.join("greet.wasm");
    std::fs::write(&file, text.bytes()).unwrap();
    assert!(Module::load(file.to_str().unwrap()).unwrap().same(&text));
    let call = Module::from_file_async(&engine, &file).unwrap();
    assert!(call.wait().unwrap().same(&text));
    assert!(!Module::new("(module)").unwrap().is_component());
}

#[test]
fn a_component_is_compiled_to_a_file_and_loaded_again() {
    let engine = Engine::shared().unwrap();
    let temp = TempDir::new("precompiled");
    let file = temp.0.join("greet.lb");
    let made = Module::new(GREET).unwrap();
    made.compile(&file).unwrap();
    // SAFETY: it was just made, and nobody changes it.
    let loaded = unsafe { Module::load_precompiled(&engine, &file) }.unwrap();
    is_component(&loaded);
    assert_eq!(loaded.digest(), made.digest());
    assert!(!loaded.same(&made));
    let refusal = refused(ErrorKind::Compile, Module::from_file(&file), &[]);
    assert!(refusal.contains("load_precompiled"), "{refusal}");
}

#[test]
fn the_cache_keeps_components() {
    let temp = TempDir::new("cache");
    let make = |compile_cost| {
        let options = EngineOptions {
            cache: CompileCache::Folder(temp.0.clone()),
            compile_cost,
            ..EngineOptions::default()
        };
        Module::with_engine(&Engine::new(options).unwrap(), bomb())
    };
    // What is kept is loaded whatever it costs, so that loading it shows that it is kept.
    refused(ErrorKind::Limit, make(1000), &["compile_cost"]);
    is_component(&make(u64::MAX).unwrap());
    is_component(&make(1000).unwrap());
}

/// A component of a component of a module that costs far more than its bytes account for.
fn bomb() -> String {
    let results = "i32 ".repeat(1000);
    let blocks = "block (result ".to_owned() + &results + ") unreachable end unreachable ";
    let blocks = blocks.repeat(20);
    format!("(component (component (core module (func {blocks}))))")
}

#[test]
fn a_bomb_in_a_component_is_refused() {
    let small = EngineOptions {
        compile_cost: 1000,
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    let engine = Engine::new(small).unwrap();
    let parts = [" of module 0 costs most", "compile_cost"];
    refused(
        ErrorKind::Limit,
        Module::with_engine(&engine, bomb()),
        &parts,
    );
    let many = "(core module)".repeat(999);
    let many = format!("(component {many})").repeat(11);
    let parts = ["more than 10000 modules and components in it"];
    refused(
        ErrorKind::Limit,
        Module::new(format!("(component {many})")),
        &parts,
    );
}

/// Components that instantiate the one before them ten times, so that few bytes ask for very many.
fn many(levels: usize) -> String {
    let mut text = "(component $c0 (core module $m) (core instance (instantiate $m)))".to_owned();
    for level in 1..=levels {
        let ten = format!("(instance (instantiate $c{}))", level - 1).repeat(10);
        let alias = format!("(alias outer $all $c{0} (component $c{0}))", level - 1);
        text.push_str(&format!("(component $c{level} {alias} {ten})"));
    }
    format!("(component $all {text} (instance (instantiate $c{levels})))")
}

#[test]
fn a_few_bytes_that_ask_for_many_instances_are_refused() {
    let parts = ["what joins its modules costs most", "laying out components"];
    is_component(&Module::new(many(2)).unwrap());
    for levels in [8, 90] {
        refused(ErrorKind::Limit, Module::new(many(levels)), &parts);
    }
    // The same with components that are handed on, whose types say little.
    let ten = "(instance (instantiate $c))".repeat(10);
    let taker = |name: &str, body: &str| {
        format!("(component ${name} (import \"c\" (component $c)) {body})")
    };
    let mut inner = ten.clone();
    for level in 0..8 {
        let taken = taker(&format!("t{level}"), &inner);
        let given = format!("(instance (instantiate $t{level} (with \"c\" (component $c))))");
        inner = format!("{taken} {}", given.repeat(10));
    }
    let text = format!("(component (component $c) {inner})");
    refused(ErrorKind::Limit, Module::new(text), &parts);
}

#[test]
fn many_passages_of_a_large_type_are_refused() {
    let fields: String = (0..2000)
        .map(|i| format!("(field \"f{i}\" string)"))
        .collect();
    let passages =
        "(core func (canon lower (func $f) (memory (core memory $m \"m\"))))".repeat(500);
    let text = format!(
        "(component
            (component $a
                (type $r (record {fields})) (export $e \"r\" (type $r))
                (core module $m (memory (export \"m\") 1) (func (export \"f\") (param i32)))
                (core instance $m (instantiate $m))
                (func (export \"f\") (param \"r\" $e) (canon lift (core func $m \"f\")
                    (memory (core memory $m \"m\")) (realloc (core func $m \"g\")))))
            (instance $a (instantiate $a))
            (alias export $a \"f\" (func $f))
            (core module $m (memory (export \"m\") 1))
            (core instance $m (instantiate $m))
            {passages})"
    )
    .replace(
        "(func (export \"f\") (param i32))",
        "(func (export \"f\") (param i32)) (func (export \"g\") (param i32 i32 i32 i32) (result i32) (i32.const 0))",
    );
    refused(
        ErrorKind::Limit,
        Module::new(text),
        &["what joins its modules costs most"],
    );
}

#[test]
fn what_is_asynchronous_is_refused_in_words() {
    for text in [
        r#"(component (type (stream u8)))"#,
        r#"(component (type (future)))"#,
        r#"(component (type (func async)))"#,
        r#"(component (core func (canon task.cancel)))"#,
        r#"(component (core func (canon thread.index)))"#,
        r#"(component (type error-context))"#,
    ] {
        refused(
            ErrorKind::Compile,
            Module::new(text),
            &["WASI 0.3", "build it for WASI 0.2"],
        );
    }
    refused(
        ErrorKind::Compile,
        Module::new("(component (type (list u8 4)))"),
        &["fixed length"],
    );
    refused(
        ErrorKind::Compile,
        Module::new("(component (type (map string u8)))"),
        &["list of tuples"],
    );
}

/// Each reaches an assertion or a missing value inside the engine's validator; the first one is valid.
#[test]
fn what_the_validator_panics_on_is_refused() {
    let same_type_twice = r#"(component
        (component $c
            (type $t (instance (type $u u32) (export "t" (type (eq $u)))))
            (import "a" (instance (type $t)))
            (import "b" (instance (type $t))))
        (type $u u32)
        (instance $i (export "t" (type $u)))
        (instance (instantiate $c (with "a" (instance $i)) (with "b" (instance $i)))))"#;
    let other_component = r#"(component
        (import "R" (type $R (sub resource)))
        (import "c" (instance $c
            (export "f" (func (param "p" (own $R))))
            (export "e" (component (import "y" (func))))))
        (component $C
            (import "r" (type $r (sub resource)))
            (import "c" (instance
                (export "f" (func (param "p" (own $r))))
                (export "e" (component (import "z" (func)))))))
        (instance (instantiate $C (with "r" (type $R)) (with "c" (instance $c)))))"#;
    let deep = (1..200).map(|i| {
        format!(
            "(type $i{i} (instance (export \"i\" (instance (type $i{})))))",
            i - 1
        )
    });
    let deep: String = deep.collect();
    let deep = format!("(component (type $i0 (instance (export \"f\" (func)))) {deep})");
    for text in [same_type_twice, other_component, &deep] {
        let parts = ["this component cannot be read", "wasm-tools validate"];
        refused(ErrorKind::Compile, Module::new(text), &parts);
    }
    is_component(&Module::new(GREET).unwrap());
}

#[test]
fn deep_components_are_refused_on_a_small_stack() {
    /// A list in a list, and so on.
    fn lists(depth: usize) -> String {
        let lists = (1..depth).map(|i| format!("(type (list {}))", i - 1));
        format!("(component (type (list u8)) {})", lists.collect::<String>())
    }
    /// Bytes of a component in a component, and so on.
    fn nested(depth: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..depth {
            let mut length = bytes.len();
            let mut inside = Vec::new();
            while !bytes.is_empty() {
                inside.push((length & 0x7f) as u8 | if length > 0x7f { 0x80 } else { 0 });
                length >>= 7;
                if length == 0 {
                    break;
                }
            }
            let section: &[u8] = if bytes.is_empty() { &[] } else { &[4] };
            bytes = [b"\0asm\x0d\0\x01\0", section, &inside, &bytes].concat();
        }
        bytes
    }
    let on_small_stack = |load: Box<dyn FnOnce() -> Result<Module> + Send>| {
        let small = std::thread::Builder::new().stack_size(64 << 10);
        small.spawn(load).unwrap().join().unwrap()
    };
    is_component(&on_small_stack(Box::new(|| Module::new(nested(50)))).unwrap());
    is_component(&on_small_stack(Box::new(|| Module::new(lists(90)))).unwrap());
    let refusal = on_small_stack(Box::new(|| Module::new(nested(10_000))));
    refused(
        ErrorKind::Limit,
        refusal,
        &["more than 100 components in one another"],
    );
    let refusal = on_small_stack(Box::new(|| Module::new(lists(10_000))));
    refused(ErrorKind::Compile, refusal, &["deep"]);
    let text = "(component ".repeat(10_000);
    refused(
        ErrorKind::Compile,
        on_small_stack(Box::new(|| Module::new(text))),
        &[],
    );
}
