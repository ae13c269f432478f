//! Guests that lie: what they give is no value of the type that they have. Each lie is told in every place where a
//! guest gives a value, and each is an error of kind `trap` with words, after which the component is ended.

mod guest;
mod lies;

use std::sync::atomic::Ordering;

use landbridge::{ErrorKind, WitValue};

use guest::{Guest, ends, engine, instance, is_ended, run};
use lies::{LIES, MANY, PLACES, liar};

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
