//! Records that a program gives, and the words about fields that are not right.

use landbridge::{ErrorKind, Imports, Module, WitValue};

const SUM: &str = r#"(component
    (core module $code
        (func (export "sum") (param i32 i32 i32 i32) (result i32)
            (i32.add (i32.add (local.get 0) (local.get 1)) (local.get 3))))
    (core instance $code (instantiate $code))
    (type $inner (record (field "first" u8) (field "second" u8) (field "third" (option u8))))
    (func $sum (param "of" $inner) (result u32) (canon lift (core func $code "sum")))
    (component $math
        (type $inner (record (field "first" u8) (field "second" u8) (field "third" (option u8))))
        (import "terms" (type $given (eq $inner)))
        (import "sum" (func $sum (param "of" $given) (result u32)))
        (export $terms "terms" (type $given))
        (export "sum" (func $sum) (func (param "of" $terms) (result u32))))
    (instance $math (instantiate $math (with "terms" (type $inner)) (with "sum" (func $sum))))
    (export "demo:app/math" (instance $math)))"#;

#[test]
fn fields_may_be_in_any_order_and_must_be_right() {
    let module = Module::new(SUM).expect("valid");
    let instance = module.instantiate(&Imports::new()).expect("instantiated");
    let sum = instance.wit_func("math#sum").expect("it is there");
    let of = |fields: &[(&str, u8)]| {
        let fields = fields.iter().map(|(name, it)| {
            let value = match *name {
                "third" => WitValue::some(*it),
                _ => (*it).into(),
            };
            (*name, value)
        });
        sum.call(&[WitValue::record(fields)])
    };
    for fields in [
        &[("first", 1), ("second", 2), ("third", 3)][..],
        &[("third", 3), ("first", 1), ("second", 2)],
        &[("second", 2), ("first", 4)],
    ] {
        assert_eq!(
            of(fields).expect("good"),
            Some(WitValue::U32(6)),
            "{fields:?}"
        );
    }
    for (fields, message) in [
        (
            &[("first", 1)][..],
            "args[0]: field \"second\" of terms is missing",
        ),
        (
            &[("first", 1), ("secnod", 2)],
            "args[0]: terms has no field \"secnod\"; did you mean \"second\"?",
        ),
        (
            &[("first", 1), ("second", 2), ("fourth", 3)],
            "args[0]: terms has no field \"fourth\"; there is first, second, third",
        ),
        (
            &[("first", 1), ("second", 2), ("second", 3)],
            "args[0]: field \"second\" is given twice",
        ),
        (
            &[("first", 1), ("first", 1), ("second", 2)],
            "args[0]: field \"first\" is given twice",
        ),
    ] {
        let error = of(fields).expect_err(message);
        assert_eq!(error.message(), message);
        assert_eq!(error.kind(), ErrorKind::Type);
    }
}
