//! Values of WIT: made of values of Rust, looked into, and taken as values of Rust.

use landbridge::{ErrorKind, HostResource, NumberList, WitValue};

#[test]
fn values_of_rust_are_values_of_wit() {
    let text = |value: WitValue| value.to_string();
    assert_eq!(text(Some("a").into()), "some(\"a\")");
    assert_eq!(text(None::<u8>.into()), "none");
    assert_eq!(text(Some(Some(1u8)).into()), "some(some(1))");
    assert_eq!(text(Ok::<u8, &str>(1).into()), "ok(1)");
    assert_eq!(text(Err::<u8, &str>("no").into()), "err(\"no\")");
    assert_eq!(text((1u8, "a", true).into()), "(1, \"a\", true)");
    assert_eq!(text(vec!["a", "b"].into()), "[\"a\", \"b\"]");
    assert_eq!(text(vec![true].into()), "[true]");
    assert_eq!(text(WitValue::list([(1u8, 'a')])), "[(1, 'a')]");
    assert_eq!(text(WitValue::flags(["read", "write"])), "{read, write}");
    let bytes = WitValue::Numbers(NumberList::U8(vec![1, 2]));
    assert_eq!(WitValue::from([1u8, 2]), bytes);
    assert_eq!(WitValue::from(&[1u8, 2][..]), bytes);
    assert_eq!(WitValue::from(vec![1u8, 2]), bytes);
}

#[test]
fn a_value_is_looked_into() {
    let ada = WitValue::record([
        ("name", "Ada".into()),
        ("age", 36u8.into()),
        ("photo", [1u8, 2].into()),
        ("place", (1.5f32, 'B').into()),
        ("rights", WitValue::flags(["read"])),
        ("shape", WitValue::variant("circle", Some(2.0.into()))),
        ("found", Ok::<_, &str>(true).into()),
    ]);
    let field = |name: &str| ada.field(name).unwrap();
    assert_eq!(field("name").as_str(), Some("Ada"));
    assert_eq!(
        (field("age").as_u64(), field("age").as_i64()),
        (Some(36), Some(36))
    );
    assert_eq!(field("photo").as_bytes(), Some(&[1, 2][..]));
    assert_eq!(field("photo").as_numbers().map(NumberList::len), Some(2));
    let place = field("place").items().unwrap();
    assert_eq!(
        (place[0].as_f64(), place[1].as_char()),
        (Some(1.5), Some('B'))
    );
    assert_eq!(field("rights").is_set("read"), Some(true));
    assert_eq!(field("rights").is_set("write"), Some(false));
    assert_eq!(field("shape").case(), Some("circle"));
    assert_eq!(field("shape").held().and_then(WitValue::as_f64), Some(2.0));
    assert_eq!(field("found").case(), Some("ok"));
    assert_eq!(
        field("found").held().and_then(WitValue::as_bool),
        Some(true)
    );
    assert_eq!(WitValue::NONE.case(), Some("none"));
    assert_eq!(WitValue::NONE.held(), None);
    // Of another sort.
    assert!(ada.field("email").is_none());
    assert!(field("name").field("x").is_none());
    assert!(ada.as_str().is_none() && ada.case().is_none() && ada.items().is_none());
    assert_eq!(WitValue::from(-1i8).as_u64(), None);
    assert_eq!(WitValue::from(u64::MAX).as_i64(), None);
    let object = WitValue::from(HostResource::new("mine".to_owned()));
    assert_eq!(object.object::<String>().map(String::as_str), Some("mine"));
    assert!(object.object::<u32>().is_none());
    assert!(object.as_resource().is_some());
}

#[test]
fn values_of_rust_are_taken() {
    assert_eq!(String::try_from(WitValue::from("a")).unwrap(), "a");
    assert_eq!(u8::try_from(WitValue::from(200u32)).unwrap(), 200);
    assert_eq!(f64::try_from(WitValue::from(1.5f32)).unwrap(), 1.5);
    assert_eq!(
        Vec::<u8>::try_from(WitValue::from([1u8, 2])).unwrap(),
        [1, 2]
    );
    assert_eq!(
        Vec::<WitValue>::try_from(WitValue::from((1u8, 2u8)))
            .unwrap()
            .len(),
        2
    );
    assert!(bool::try_from(WitValue::from(true)).unwrap());
    let error = String::try_from(WitValue::from(1u32)).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Type, "value: expected string, got u32")
    );
    let error = u8::try_from(WitValue::from(300u32)).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Range, "value: 300 does not fit in u8")
    );
    let error = u8::try_from(WitValue::from("a")).unwrap_err();
    assert_eq!(error.message(), "value: expected u8, got string");
    let error = HostResource::try_from(WitValue::NONE).unwrap_err();
    assert_eq!(
        error.message(),
        "value: expected resource of the host, got option"
    );
}
