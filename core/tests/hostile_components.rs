//! Guests that lie: what they give is no value of the type that they have. Each lie is told in every place where a
//! guest gives a value, and each is an error of kind `trap` with words, after which the component is ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use landbridge::{
    CompileCache, Engine, EngineOptions, Error, ErrorKind, HostContext, Imports, Instance, Module,
    Store, WitValue,
};

/// A value that is none.
struct Lie {
    ty: &'static str,
    /// Of the component's texts.
    encoding: &'static str,
    /// As core values.
    flat: &'static str,
    /// How many these are.
    slots: usize,
    /// As it lies in memory, at 16.
    bytes: &'static str,
    /// What the error says.
    words: &'static str,
}

const fn lie(
    ty: &'static str,
    slots: usize,
    flat: &'static str,
    bytes: &'static str,
    words: &'static str,
) -> Lie {
    Lie {
        ty,
        encoding: "utf8",
        flat,
        slots,
        bytes,
        words,
    }
}

const fn text(
    encoding: &'static str,
    flat: &'static str,
    bytes: &'static str,
    words: &'static str,
) -> Lie {
    Lie {
        ty: "string",
        encoding,
        flat,
        slots: 2,
        bytes,
        words,
    }
}

/// The memory has one page. There are bytes that are no text at 256.
const LIES: [Lie; 35] = [
    text(
        "utf8",
        "i32.const 0x10000 i32.const 1",
        "\\00\\00\\01\\00\\01\\00\\00\\00",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const 16 i32.const 0x10000",
        "\\10\\00\\00\\00\\00\\00\\01\\00",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const -1 i32.const -1",
        "\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const 0x20000 i32.const 0",
        "\\00\\00\\02\\00\\00\\00\\00\\00",
        "out of bounds",
    ),
    // No byte of any text; one of several that is cut off; a surrogate; a longer form than is needed.
    text(
        "utf8",
        "i32.const 256 i32.const 1",
        "\\00\\01\\00\\00\\01\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 258 i32.const 2",
        "\\02\\01\\00\\00\\02\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 264 i32.const 3",
        "\\08\\01\\00\\00\\03\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 272 i32.const 2",
        "\\10\\01\\00\\00\\02\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf16",
        "i32.const 0xfffe i32.const 2",
        "\\fe\\ff\\00\\00\\02\\00\\00\\00",
        "out",
    ),
    text(
        "utf16",
        "i32.const 16 i32.const 0x7fffffff",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\7f",
        "",
    ),
    text(
        "utf16",
        "i32.const 16 i32.const -1",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    text(
        "utf16",
        "i32.const 17 i32.const 1",
        "\\11\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    // A high surrogate that is alone.
    text(
        "utf16",
        "i32.const 280 i32.const 1",
        "\\18\\01\\00\\00\\01\\00\\00\\00",
        "utf-16",
    ),
    text(
        "latin1+utf16",
        "i32.const 0xffff i32.const 2",
        "\\ff\\ff\\00\\00\\02\\00\\00\\00",
        "out",
    ),
    // The highest bit of the length says that it is UTF-16.
    text(
        "latin1+utf16",
        "i32.const 16 i32.const -1",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    text(
        "latin1+utf16",
        "i32.const 17 i32.const 0x80000001",
        "\\11\\00\\00\\00\\01\\00\\00\\80",
        "aligned",
    ),
    text(
        "latin1+utf16",
        "i32.const 280 i32.const 0x80000001",
        "\\18\\01\\00\\00\\01\\00\\00\\80",
        "utf-16",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0 i32.const 0x10001",
        "\\00\\00\\00\\00\\01\\00\\01\\00",
        "out of bounds",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0x10001 i32.const 0",
        "\\01\\00\\01\\00\\00\\00\\00\\00",
        "out of bounds",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0 i32.const -1",
        "\\00\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    lie(
        "$words",
        2,
        "i32.const 18 i32.const 1",
        "\\12\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    lie(
        "$words",
        2,
        "i32.const 18 i32.const 0",
        "\\12\\00\\00\\00\\00\\00\\00\\00",
        "aligned",
    ),
    // As many bytes as there are bits for, and four more.
    lie(
        "$words",
        2,
        "i32.const 16 i32.const 0x40000001",
        "\\10\\00\\00\\00\\01\\00\\00\\40",
        "",
    ),
    lie(
        "$longs",
        2,
        "i32.const 20 i32.const 1",
        "\\14\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    lie(
        "$longs",
        2,
        "i32.const 16 i32.const 0x20000000",
        "\\10\\00\\00\\00\\00\\00\\00\\20",
        "",
    ),
    lie(
        "$texts",
        2,
        "i32.const 288 i32.const 1",
        "\\20\\01\\00\\00\\01\\00\\00\\00",
        "out of bounds",
    ),
    lie(
        "$texts",
        2,
        "i32.const 16 i32.const 0x1fffffff",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\1f",
        "",
    ),
    lie(
        "$options",
        2,
        "i32.const 296 i32.const 1",
        "\\28\\01\\00\\00\\01\\00\\00\\00",
        "case",
    ),
    lie("char", 1, "i32.const 0xd800", "\\00\\d8\\00\\00", "char"),
    lie("char", 1, "i32.const 0xdfff", "\\ff\\df\\00\\00", "char"),
    lie("char", 1, "i32.const 0x110000", "\\00\\00\\11\\00", "char"),
    lie("char", 1, "i32.const -1", "\\ff\\ff\\ff\\ff", "char"),
    lie("$option", 2, "i32.const 2 i32.const 0", "\\02\\00", "case"),
    lie("$option", 2, "i32.const -1 i32.const 0", "\\ff\\00", "case"),
    lie("$result", 1, "i32.const 2", "\\02", "case"),
];

const TYPES: &str = "
  (type $bytes (list u8)) (type $words (list u32)) (type $longs (list u64)) (type $texts (list string))
  (type $option (option u8)) (type $options (list $option)) (type $result (result))";

/// Where a guest gives a value.
#[derive(Clone, Copy, Debug)]
enum Place {
    Result,
    ListInResult,
    Argument,
    ListInArgument,
    /// Of a host function that has too many parameters for slots.
    ArgumentInMemory,
}

const PLACES: [Place; 5] = [
    Place::Result,
    Place::ListInResult,
    Place::Argument,
    Place::ListInArgument,
    Place::ArgumentInMemory,
];

const MANY: &str = r#"(param "a" u64) (param "b" u64) (param "c" u64) (param "d" u64) (param "e" u64) (param "f" u64)
    (param "g" u64) (param "h" u64) (param "i" u64) (param "j" u64) (param "k" u64) (param "l" u64) (param "m" u64)
    (param "n" u64) (param "o" u64) (param "p" u64)"#;

/// What is wanted of a guest.
struct Guest<'a> {
    /// Parameters and result of the host's function `take`, and its core type.
    take: &'a str,
    take_core: &'a str,
    /// Result of `run`, and its core type.
    run: &'a str,
    run_core: &'a str,
    body: &'a str,
    bytes: &'a str,
    realloc: &'a str,
    encoding: &'a str,
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
    fn text(&self) -> String {
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

fn engine() -> Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

/// A component whose host counts its calls and gives this.
fn instance(engine: &Engine, text: &str, gives: Option<WitValue>) -> (Instance, Arc<AtomicU32>) {
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

fn run(instance: &Instance, args: &[WitValue]) -> Result<Option<WitValue>, Error> {
    instance.wit_func("run")?.call(args)
}

/// It must fail so, and the component must be ended.
fn ends(instance: &Instance, args: &[WitValue], kind: ErrorKind, words: &str, about: &str) {
    match run(instance, args) {
        Ok(found) => panic!("{about}: no error, but {found:?}"),
        Err(error) => {
            let text = error.to_string();
            // What is huge is refused as such, wherever it should be.
            let is_huge = (text.contains("transfer_bytes") || text.contains("too much data"));
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

fn is_ended(instance: &Instance, about: &str) {
    let fine = instance.wit_func("fine").and_then(|it| it.call(&[]));
    let error = fine.expect_err(about);
    assert_eq!(error.kind(), ErrorKind::Poisoned, "{about}: {error}");
}

/// The guest that tells a lie in a place.
fn liar(lie: &Lie, place: Place) -> String {
    let Lie {
        ty,
        flat,
        slots,
        bytes,
        encoding,
        ..
    } = lie;
    let list = format!("(list {ty})");
    let list_body = "(i32.store (i32.const 8) (i32.const 16)) (i32.store (i32.const 12) (i32.const 1)) (i32.const 8)";
    let core = |n: usize| format!("(param{})", " i32".repeat(n));
    let (take, take_core, run, run_core, body);
    (take, take_core, run, run_core, body) = match place {
        Place::Result => {
            let body = if *slots == 1 { flat } else { "i32.const 16" };
            (
                String::new(),
                String::new(),
                format!("(result {ty})"),
                "(result i32)",
                body.to_owned(),
            )
        }
        Place::ListInResult => {
            let run = "(result $list)".to_owned();
            (
                String::new(),
                String::new(),
                run,
                "(result i32)",
                list_body.to_owned(),
            )
        }
        Place::Argument => {
            let take = format!("(param \"x\" {ty})");
            (
                take,
                core(*slots),
                String::new(),
                "",
                format!("{flat} call $take"),
            )
        }
        Place::ListInArgument => {
            let take = "(param \"x\" $list)".to_owned();
            (
                take,
                core(2),
                String::new(),
                "",
                "i32.const 16 i32.const 1 call $take".to_owned(),
            )
        }
        Place::ArgumentInMemory => {
            let take = format!("(param \"x\" {ty}) {MANY}");
            (
                take,
                core(1),
                String::new(),
                "",
                "i32.const 16 call $take".to_owned(),
            )
        }
    };
    let guest = Guest {
        take: &take,
        take_core: &take_core,
        run: &run,
        run_core,
        body: &body,
        bytes,
        encoding,
        ..Guest::default()
    };
    guest.text().replace(
        "(type $result (result))",
        &format!("(type $result (result)) (type $list {list})"),
    )
}

#[test]
fn what_is_no_value_is_refused_wherever_a_guest_gives_it() {
    let engine = engine();
    for lie in &LIES {
        for place in PLACES {
            let about = format!("{} {} {:?} as {place:?}", lie.encoding, lie.ty, lie.flat);
            let (instance, calls) = instance(&engine, &liar(lie, place), None);
            ends(&instance, &[], ErrorKind::Trap, lie.words, &about);
            assert_eq!(
                calls.load(Ordering::Relaxed),
                0,
                "{about}: the host was called"
            );
        }
    }
}

/// The canonical ABI has rules for these: the bits that are too many do not count.
#[test]
fn bits_that_do_not_count_are_dropped() {
    let engine = engine();
    for (ty, flat, expected) in [
        ("bool", "i32.const 2", WitValue::Bool(true)),
        ("bool", "i32.const 0x100", WitValue::Bool(true)),
        ("u8", "i32.const 0x12c", WitValue::U8(44)),
        ("s8", "i32.const 0x1ff", WitValue::S8(-1)),
        ("u16", "i32.const 0x10001", WitValue::U16(1)),
        ("s16", "i32.const 0x18000", WitValue::S16(i16::MIN)),
    ] {
        let run = format!("(result {ty})");
        let guest = Guest {
            run: &run,
            run_core: "(result i32)",
            body: flat,
            ..Guest::default()
        };
        let (instance, _) = instance(&engine, &guest.text(), None);
        let found = self::run(&instance, &[]).expect(ty);
        assert_eq!(found, Some(expected), "{ty} {flat}");
    }
}

#[test]
fn a_pointer_to_results_is_checked() {
    let engine = engine();
    for (body, words) in [
        ("i32.const 18", "aligned"),
        ("i32.const 0x10000", "out of bounds"),
        ("i32.const 0xfffc", "out of bounds"),
        ("i32.const -4", "out of bounds"),
    ] {
        let guest = Guest {
            run: "(result string)",
            run_core: "(result i32)",
            body,
            ..Guest::default()
        };
        let (instance, _) = instance(&engine, &guest.text(), None);
        ends(&instance, &[], ErrorKind::Trap, words, body);
    }
}

#[test]
fn a_pointer_to_arguments_is_checked() {
    let engine = engine();
    for (pointer, words) in [
        ("18", "aligned"),
        ("0x10000", "out of bounds"),
        ("0xff80", "out of bounds"),
        ("-8", ""),
    ] {
        let take = format!("(param \"x\" u64) {MANY}");
        let body = format!("i32.const {pointer} call $take");
        let guest = Guest {
            take: &take,
            take_core: "(param i32)",
            body: &body,
            ..Guest::default()
        };
        let (instance, calls) = instance(&engine, &guest.text(), None);
        ends(&instance, &[], ErrorKind::Trap, words, pointer);
        assert_eq!(
            calls.load(Ordering::Relaxed),
            0,
            "{pointer}: the host was called"
        );
    }
}

#[test]
fn a_pointer_for_the_results_of_the_host_is_checked() {
    let engine = engine();
    for (pointer, words) in [
        ("18", "aligned"),
        ("0x10000", "out of bounds"),
        ("0xfffc", "out of bounds"),
        ("-4", ""),
    ] {
        let body = format!("i32.const {pointer} call $take");
        let guest = Guest {
            take: "(result string)",
            take_core: "(param i32)",
            body: &body,
            ..Guest::default()
        };
        let (instance, _) = instance(&engine, &guest.text(), Some("hello".into()));
        ends(&instance, &[], ErrorKind::Trap, words, pointer);
    }
}

/// What a guest's allocator may do. It is called for arguments of calls and for results of the host.
const ALLOCATORS: [(&str, &str); 8] = [
    ("(i32.const 0x10000)", ""),
    ("(i32.const -1)", ""),
    ("(i32.const -4)", ""),
    ("(i32.const 0xfff8)", ""),
    ("unreachable", "unreachable"),
    ("(i32.div_u (i32.const 1) (i32.const 0))", "divide by zero"),
    (
        "(memory.fill (i32.const 0xffff) (i32.const 0) (i32.const 2)) (i32.const 16)",
        "out of bounds",
    ),
    ("(i32.load (i32.const 0x10000))", "out of bounds"),
];

#[test]
fn an_allocator_that_lies_ends_the_component() {
    let engine = engine();
    for (realloc, words) in ALLOCATORS {
        for encoding in ["utf8", "utf16", "latin1+utf16"] {
            let about = format!("{realloc} {encoding}");
            let argument = Guest {
                run: "(param \"x\" string)",
                run_core: "(param i32 i32)",
                realloc,
                encoding,
                ..Guest::default()
            };
            let (instance, _) = instance(&engine, &argument.text(), None);
            ends(
                &instance,
                &["hello, hello".into()],
                ErrorKind::Trap,
                words,
                &about,
            );
            let result = Guest {
                take: "(result string)",
                take_core: "(param i32)",
                body: "i32.const 16 call $take",
                realloc,
                encoding,
                ..Guest::default()
            };
            let (instance, calls) =
                self::instance(&engine, &result.text(), Some("hello, hello".into()));
            ends(&instance, &[], ErrorKind::Trap, words, &about);
            assert_eq!(calls.load(Ordering::Relaxed), 1, "{about}");
        }
    }
}

#[test]
fn an_allocator_must_align() {
    let engine = engine();
    let numbers: WitValue = vec![1_u32, 2, 3].into();
    for (run, encoding, arg) in [
        ("(param \"x\" $words)", "utf8", numbers),
        (
            "(param \"x\" $texts)",
            "utf8",
            vec![WitValue::from("a")].into(),
        ),
        ("(param \"x\" string)", "utf16", "abc".into()),
    ] {
        let guest = Guest {
            run,
            run_core: "(param i32 i32)",
            realloc: "(i32.const 17)",
            encoding,
            ..Guest::default()
        };
        let (instance, _) = instance(&engine, &guest.text(), None);
        ends(&instance, &[arg], ErrorKind::Trap, "aligned", run);
    }
}

/// All that it hands out overlaps: then a guest spoils its own values, and nobody else's.
#[test]
fn an_allocator_that_gives_the_same_memory_twice_harms_only_its_guest() {
    let engine = engine();
    let guest = Guest {
        run: "(param \"x\" $texts) (result $texts)",
        run_core: "(param i32 i32) (result i32)",
        body: "(i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8)",
        realloc: "(i32.const 512)",
        ..Guest::default()
    };
    let texts: Vec<WitValue> = (0..40)
        .map(|i| format!("text {i}").as_str().into())
        .collect();
    let (instance, _) = instance(&engine, &guest.text(), None);
    if let Err(error) = run(&instance, &[texts.into()]) {
        assert_eq!(error.kind(), ErrorKind::Trap, "{error}");
        is_ended(&instance, "overlapping");
    }
}

/// What runs between a call and its host may call nobody.
#[test]
fn an_allocator_that_calls_the_host_ends_the_component() {
    let text = r#"(component
  (import "h:h/host" (instance $h (export "take" (func))))
  (core func $take (canon lower (func $h "take")))
  (core module $m
    (import "h" "take" (func $take))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) call $take i32.const 16)
    (func (export "run") (param i32 i32))
    (func (export "back") call $take)
    (func (export "fine") (result i32) (i32.const 7)))
  (core instance $m (instantiate $m (with "h" (instance (export "take" (func $take))))))
  (func (export "run") (param "x" string)
    (canon lift (core func $m "run") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (func (export "back") (canon lift (core func $m "fine-back") (post-return (core func $m "back"))))
  (func (export "fine") (result u32) (canon lift (core func $m "fine"))))"#;
    let engine = engine();
    let with_back = text.replace(
        "(func (export \"back\") call $take)",
        "(func (export \"back\") call $take) (func (export \"fine-back\"))",
    );
    let (liar, calls) = instance(&engine, &with_back, None);
    ends(
        &liar,
        &["hello".into()],
        ErrorKind::Trap,
        "",
        "the allocator calls",
    );
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    let (liar, calls) = instance(&engine, &with_back, None);
    let error = liar
        .wit_func("back")
        .and_then(|it| it.call(&[]))
        .expect_err("it calls");
    assert_eq!(error.kind(), ErrorKind::Trap, "{error}");
    is_ended(&liar, "the function behind the call calls");
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}
