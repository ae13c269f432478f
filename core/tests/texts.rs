//! Texts that a guest's bytes become: none is long, and none steers a terminal.

use landbridge::{AnyRef, Error, ErrorKind, Imports, Inspection, Module, Result, Value};

/// What a message may have at most, with the mark of what was left out.
const MESSAGE: usize = (8 << 10) + 40;

/// The longest name that a module may have.
const NAME: usize = 100_000;

/// What a report may have for each frame.
const FRAME: usize = 2 << 10;

fn failed<T>(result: Result<T>) -> Error {
    result.err().expect("it fails")
}

fn call(text: &str) -> Error {
    let module = Module::new(text).expect("valid");
    let instance = module.instantiate(&Imports::new()).expect("instantiated");
    failed(instance.call("f", &[]))
}

/// Twenty functions of this name, each called by the one before; the last one traps.
fn deep(module: &str, name: &str) -> String {
    let funcs = (0..20).map(|i| match i {
        19 => format!("(func (@name \"{name}\") unreachable)"),
        _ => format!("(func (@name \"{name}\") call {})", i + 1),
    });
    let funcs: String = funcs.collect();
    format!("(module (@name \"{module}\") (export \"f\" (func 0)) {funcs})")
}

fn assert_short(error: &Error) {
    let (message, report) = (error.message(), error.report());
    assert!(message.len() <= MESSAGE, "{} bytes", message.len());
    assert!(error.frames().len() <= 20);
    let most = MESSAGE + error.frames().len() * FRAME;
    assert!(report.len() <= most, "{} bytes", report.len());
    for text in [&report, &format!("{error:?}"), &error.to_string()] {
        assert!(
            !text.chars().any(|c| c.is_control() && c != '\n'),
            "{text:?}"
        );
        assert!(text.lines().all(|line| line.len() <= MESSAGE));
    }
}

/// A type of C++ that is made of two times the type before, so often.
fn doubled(times: usize) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let double = |i: usize| {
        let last = char::from(DIGITS[i % 36]);
        let first = if i < 36 {
            ""
        } else {
            &char::from(DIGITS[i / 36 - 1]).to_string()
        };
        format!("S_IS{first}{last}_S{first}{last}_E")
    };
    format!("_Z1f1AIiiE{}", (0..times).map(double).collect::<String>())
}

#[test]
fn mangled_names_stay_short() {
    let small = call(&deep("m", &doubled(2)));
    let name = small.frames()[0].func_name.as_deref().expect("a name");
    assert_eq!(
        name,
        "f(A<int, int>, A<A<int, int>, A<int, int> >, A<A<A<int, int>, A<int, int> >, A<A<int, int>, A<int, int> > >)"
    );
    for times in [12, 16, 18, 30, 100, 400] {
        let name = doubled(times);
        let error = call(&deep("m", &name));
        assert_short(&error);
        let told = error.frames()[19].func_name.as_deref().expect("a name");
        assert!(told.starts_with(&name[..name.len().min(256)]), "{told}");
    }
}

#[test]
fn long_names_are_cut_in_frames() {
    let error = call(&deep(&"m".repeat(NAME), &"n".repeat(NAME)));
    assert_short(&error);
    let frame = &error.frames()[0];
    let cut = |name: &str| name.repeat(256) + "... (99744 more bytes)";
    assert_eq!(frame.module.as_deref(), Some(&*cut("m")));
    assert_eq!(frame.func_name.as_deref(), Some(&*cut("n")));
}

#[test]
fn names_cannot_steer_a_terminal() {
    let evil = "\\1b]0;owned\\07\\c2\\9b2J\\0a    at trusted\\e2\\80\\aegpj.exe";
    assert_short(&call(&deep(evil, evil)));
    let module = Module::new(format!(
        "(module (import \"{evil}\" \"{evil}\" (func)) (func (export \"{evil}\") (param i32)) (memory (export \"m{evil}\") 1))"
    ));
    let module = module.expect("valid");
    let error = failed(module.instantiate(&Imports::new()));
    assert_short(&error);
    assert_eq!(error.report().lines().count(), 2, "{error}");
    let mut imports = Imports::new();
    let name = module.imports()[0].name.clone();
    imports.func(&name, &name, |_, _| Ok(Vec::new()));
    let instance = module.instantiate(&imports).expect("instantiated");
    for error in [
        failed(instance.call(&name, &[])),
        failed(instance.call(&name, &[Value::F32(1.0)])),
        failed(instance.func("nothing")),
        failed(instance.memory(&name)),
    ] {
        assert_short(&error);
        assert_eq!(error.report().lines().count(), 1, "{error}");
    }
    let text = format!("{module:?} {:?}", instance.func(&name).expect("there"));
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[test]
fn a_list_of_missing_imports_is_short() {
    let params = "i32 ".repeat(1000);
    let imports: String = (0..900)
        .map(|i| format!("(import \"env\" \"f{i}\" (func (type 0)))"))
        .collect();
    let module = Module::new(format!("(module (type (func (param {params}))) {imports})"));
    let error = failed(module.expect("valid").instantiate(&Imports::new()));
    assert_short(&error);
    assert!(
        error
            .message()
            .starts_with("900 imports are missing:\n    env.f0: func (i32, i32")
    );

    let many: String = (0..100_000)
        .map(|i| format!("(import \"\" \"{i}\" (func))"))
        .collect();
    let module = Module::new(format!("(module {many})")).expect("valid");
    let error = failed(module.instantiate(&Imports::new()));
    assert_short(&error);
    assert!(error.message().ends_with("and 99936 more"), "{error}");

    let long = "x".repeat(NAME - 2);
    let module = Module::new(format!(
        "(module (import \"{long}\" \"{long}\" (global i32)))"
    ));
    let error = failed(module.expect("valid").instantiate(&Imports::new()));
    assert_short(&error);
    assert!(
        error.message().ends_with("more bytes): global i32"),
        "{error}"
    );
}

#[test]
fn names_of_exports_are_short_in_messages_and_whole_as_data() {
    let long = "x".repeat(NAME - 2);
    let exports: String = (0..30)
        .map(|i| format!("(export \"{i}{long}\" (func 0))"))
        .collect();
    let text = format!("(module (func (param i32)) {exports})");
    let module = Module::new(&text).expect("valid");
    assert_eq!(module.exports()[29].0.len(), 2 + long.len());
    assert_eq!(
        Inspection::new(&text).expect("valid").exports[29].0.len(),
        2 + long.len()
    );
    let instance = module.instantiate(&Imports::new()).expect("instantiated");
    let name = format!("3{long}");
    for error in [
        failed(instance.call("nothing", &[])),
        failed(instance.call(&format!("no{long}"), &[])),
        failed(instance.call(&name, &[])),
        failed(instance.call(&name, &[Value::F64(1.0)])),
        failed(instance.global(&name)),
    ] {
        assert_short(&error);
        assert!(error.message().contains("more bytes)"));
    }
    assert!(format!("{module:?}").len() < MESSAGE);
    assert!(format!("{:?}", instance.func(&name).expect("there")).len() < MESSAGE);
}

#[test]
fn texts_of_types_are_short() {
    let fields = "(field i32)".repeat(10_000);
    let params = "i32 ".repeat(1000);
    let module = Module::new(format!(
        "(module (type $s (struct {fields})) (tag (export \"t\") (param {params}))
           (func (export \"make\") (result anyref) struct.new_default $s)
           (func (export \"take\") (param (ref $s)))
           (func (export \"many\") (param {params}))
           (func (export \"f\") {} throw 0))",
        "i32.const 0 ".repeat(1000)
    ));
    let instance = module
        .expect("valid")
        .instantiate(&Imports::new())
        .expect("instantiated");
    let made = instance.call("make", &[]).expect("made");
    let [Value::AnyRef(Some(AnyRef::Object(object)))] = &made[..] else {
        panic!("no object")
    };
    let text = object.ty().to_string();
    assert!(
        text.len() < 1000 && text.ends_with(" and 9936 more)"),
        "{text}"
    );
    let text = instance.func("many").expect("there").ty().to_string();
    assert!(
        text.len() < 1000 && text.ends_with(", and 936 more) -> ()"),
        "{text}"
    );
    for error in [
        failed(instance.call("take", &[Value::AnyRef(None)])),
        failed(instance.call("take", &[Value::AnyRef(Some(AnyRef::I31(1)))])),
        failed(instance.call("many", &[])),
        failed(instance.call("f", &[])),
    ] {
        assert_short(&error);
        assert!(error.message().len() < 1200, "{error}");
    }
}

#[test]
fn errors_of_compiling_are_short() {
    let long = "x".repeat(10 << 20);
    for text in [
        format!("(module (func (export \"{long}\") (this is none)))"),
        format!(
            "(module (func) {})",
            "(export \"n\" (func 0))"
                .replace('n', &long[..NAME])
                .repeat(2)
        ),
        format!("(module (func {long}))"),
    ] {
        for error in [failed(Module::new(&text)), failed(Inspection::new(&text))] {
            assert_eq!(error.kind(), ErrorKind::Compile);
            assert_short(&error);
        }
    }
    let error = failed(Module::new("(module\n  (func\n    (this is none)))"));
    assert!(error.message().contains("(this is none)"), "{error}");
}

/// The engine's error has a trace, which would tell all names if it was made a text.
#[test]
fn what_wasi_does_not_forgive_is_short() {
    let name = doubled(400);
    let wasi = |role: &str| {
        format!("(module (import \"wasi_snapshot_preview1\" \"fd_prestat_dir_name\" (func $w (param i32 i32 i32) (result i32)))
          (import \"wasi_snapshot_preview1\" \"random_get\" (func $r (param i32 i32) (result i32)))
          (memory (export \"memory\") 1)
          (func $f (@name \"{name}\") (drop (call $r (i32.const -4) (i32.const 8))) (drop (call $w (i32.const 3) (i32.const -1) (i32.const 8))) unreachable) {role})")
    };
    let started = Module::new(wasi("(start $f)")).expect("valid");
    assert_short(&failed(started.instantiate(&Imports::new())));
    assert_short(&call(&wasi("(export \"f\" (func $f))")));
}

#[test]
fn a_message_of_the_host_is_short_too() {
    let error = Error::new(ErrorKind::Host, "\u{1b}x".repeat(1 << 20));
    assert_short(&error);
}
