//! A component that does as it is told.

use landbridge::*;

/// `act` does as it is told, the destructor of `r` what its resource was made with, and the end of `late` what `late`
/// was told, when its result was taken.
pub(crate) const ACTS: &str = r#"(component
    (import "give" (func $give (result (list u8))))
    (import "take" (func $take (param "it" (list u8))))
    (core module $acts
        (memory (export "memory") 1)
        (global $free (mut i32) (i32.const 1024))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (local.get 3)))
            (if (i32.gt_u (global.get $free) (i32.mul (memory.size) (i32.const 65536)))
                (then (if (i32.eq (i32.const -1)
                        (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))
                    (then unreachable)))))
        (func (export "act") (param $what i32)
            (if (i32.eq (local.get $what) (i32.const 1)) (then (loop (br 0))))
            (if (i32.eq (local.get $what) (i32.const 2))
                (then (if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable))))
            (if (i32.eq (local.get $what) (i32.const 3)) (then unreachable)))
        (func $deep (export "deep") (param i32) (call $deep (local.get 0)))
        (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $a (instantiate $acts))
    (type $r (resource (rep i32) (dtor (core func $a "act"))))
    (export $e "r" (type $r))
    (core func $new (canon resource.new $r))
    (core func $drop (canon resource.drop $r))
    (core func $given (canon lower (func $give) (memory (core memory $a "memory")) (realloc (core func $a "realloc"))))
    (core func $taken (canon lower (func $take) (memory (core memory $a "memory"))))
    (core module $main
        (import "" "memory" (memory 1))
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (import "" "give" (func $give (param i32)))
        (import "" "take" (func $take (param i32 i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
        (func (export "hold") (param $count i32)
            (loop $again (if (local.get $count) (then
                (drop (call $new (i32.const 0)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br $again)))))
        (func (export "churn") (param $count i32)
            (loop $again (if (local.get $count) (then
                (call $drop (call $new (i32.const 0)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br $again)))))
        (func (export "give") (param i32) (result i32)
            (i32.store (i32.const 0) (i32.const 1024))
            (i32.store (i32.const 4) (local.get 0))
            (i32.const 0))
        (func (export "take") (param i32 i32))
        (func (export "ask") (call $give (i32.const 8)))
        (func (export "tell") (param i32) (call $take (i32.const 0) (local.get 0)))
        (func (export "spin") (call $take (i32.const 0) (i32.const 0)) (loop (br 0))))
    (core instance $m (instantiate $main (with "" (instance
        (export "memory" (memory $a "memory"))
        (export "new" (func $new)) (export "drop" (func $drop))
        (export "give" (func $given)) (export "take" (func $taken))))))
    (func (export "act") (param "what" u32) (canon lift (core func $a "act")))
    (func (export "deep") (param "what" u32) (canon lift (core func $a "deep")))
    (func (export "late") (param "what" u32) (result u32)
        (canon lift (core func $a "same") (post-return (core func $a "act"))))
    (func (export "make") (param "what" u32) (result (own $e)) (canon lift (core func $m "make")))
    (func (export "hold") (param "count" u32) (canon lift (core func $m "hold")))
    (func (export "churn") (param "count" u32) (canon lift (core func $m "churn")))
    (func (export "bytes") (param "count" u32) (result (list u8))
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "text") (param "count" u32) (result string)
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "bools") (param "count" u32) (result (list bool))
        (canon lift (core func $m "give") (memory (core memory $a "memory"))))
    (func (export "take") (param "it" (list u8))
        (canon lift (core func $m "take") (memory (core memory $a "memory")) (realloc (core func $a "realloc"))))
    (func (export "ask") (canon lift (core func $m "ask")))
    (func (export "tell") (param "count" u32) (canon lift (core func $m "tell")))
    (func (export "spin") (canon lift (core func $m "spin"))))"#;

pub(crate) const SPIN: u32 = 1;
pub(crate) const GROW: u32 = 2;
pub(crate) const TRAP: u32 = 3;

/// Its host gives so many bytes.
pub(crate) fn acts_given(limits: Limits, given: usize) -> Instance {
    let mut imports = Imports::new();
    imports.wit_func("", "give", move |_, _| Ok(Some(vec![7_u8; given].into())));
    imports.wit_func("", "take", |_, _| Ok(None));
    let sandbox = Sandbox::from(limits);
    Module::new(ACTS)
        .unwrap()
        .instantiate_with(&imports, &sandbox)
        .unwrap()
}

pub(crate) fn acts(limits: Limits) -> Instance {
    acts_given(limits, 0)
}

pub(crate) fn call(instance: &Instance, name: &str, number: u32) -> Result<Option<WitValue>> {
    instance.wit_func(name)?.call(&[number.into()])
}

pub(crate) fn made(instance: &Instance, what: u32) -> GuestResource {
    match call(instance, "make", what).unwrap() {
        Some(WitValue::Resource(Resource::Guest(resource))) => resource,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn fails<T: std::fmt::Debug>(outcome: Result<T>, kind: ErrorKind, words: &str) {
    let error = outcome.expect_err("an error");
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(error.message().contains(words), "{error:?}");
}
