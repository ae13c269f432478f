//! A component that does as it is told.

use landbridge::*;

/// `act` does as it is told, the destructor of `r` what its resource was made with, and the end of `late` what `late`
/// was told, when its result was taken.
pub(crate) const ACTS: &str = include_str!("../../../conformance/modules/acts.wat");

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
