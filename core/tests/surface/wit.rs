//! What there is for components.

use std::sync::Arc;

use landbridge::*;

use crate::{Bench, Op};

const DOUBLE: &str = r#"(component
    (core module $m
        (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
        (func (export "end") (param i32)))
    (core instance $i (instantiate $m))
    (type $r' (resource (rep i32) (dtor (core func $i "end"))))
    (export $r "r" (type $r'))
    (core func $new (canon resource.new $r'))
    (func (export "double") (param "it" u32) (result u32) (canon lift (core func $i "double")))
    (func (export "[constructor]r") (param "n" u32) (result (own $r)) (canon lift (core func $new))))"#;

/// A function of a component.
fn double() -> Result<WitFunc> {
    let module = Module::new(DOUBLE)?;
    module.instantiate(&Imports::new())?.wit_func("double")
}

fn doubles() -> Result<Pool> {
    let (module, sandbox) = (Module::new(DOUBLE)?, Sandbox::default());
    Pool::new(&module, &Imports::new(), &sandbox, PoolOptions::default())
}

fn closed_resource(_: &Bench) -> Result<bool> {
    let it = Module::new(DOUBLE)?.instantiate(&Imports::new())?;
    let made = it.wit_call("r", &[1u32.into()])?.expect("a resource");
    let made = GuestResource::try_from(made)?;
    let was_open = !made.is_closed()?;
    made.close()?;
    Ok(was_open && made.is_closed()?)
}

fn wit_error() -> Error {
    Error::new(ErrorKind::Wit, "err").with_payload(WitValue::U32(3))
}

/// As [`OPS`](crate::OPS).
pub(crate) const OPS: &[Op] = &[
    ("instance.wit_func", |_| Ok(double()?.name() == "double")),
    ("wit_func.call", |_| {
        Ok(double()?.call(&[4u32.into()])? == Some(8u32.into()))
    }),
    ("wit_func.call_async", |_| {
        let call = double()?.call_async(&[4u32.into()])?;
        Ok(call.wait()? == Some(8u32.into()))
    }),
    ("wit_func.type", |_| {
        Ok(double()?.ty().to_string() == "func(it: u32) -> u32")
    }),
    ("wit_func.name", |_| Ok(double()?.name() == "double")),
    ("wit_type.sort", |_| {
        Ok(matches!(double()?.ty().params[0].ty, WitType::U32))
    }),
    ("wit_type.name", |_| {
        let label = Label {
            name: Some("colour".into()),
            ..Label::default()
        };
        let names = vec!["red".into()];
        let ty = WitType::Enum(Arc::new(Enum { label, names }));
        Ok(ty.to_string() == "colour")
    }),
    ("wit_type.text", |_| Ok(WitType::U32.to_string() == "u32")),
    ("wit_type.parse", |_| {
        Ok(WitValue::parse(&WitType::U32, "5")? == 5u32.into())
    }),
    ("wit_type.format", |_| {
        Ok(WitValue::from(5u32).to_text() == "5")
    }),
    ("imports.wit_func", |_| {
        let nothing = |_: &HostContext<'_>, _: &[WitValue]| Ok(None);
        Ok(format!("{:?}", Imports::new().wit_func("e", "f", nothing)).contains('f'))
    }),
    ("imports.wit_resource", |_| {
        Ok(format!("{:?}", Imports::new().wit_resource("e", "r")).contains('r'))
    }),
    ("wit_resource.close", closed_resource),
    ("wit_resource.is_closed", closed_resource),
    ("wit_error.new", |_| Ok(wit_error().payload().is_some())),
    ("error.payload", |_| {
        Ok(wit_error().payload() == Some(Some(&3u32.into())))
    }),
    ("pool.wit_call", |_| {
        let given = doubles()?.wit_call("double", &[4u32.into()])?;
        Ok(given == Some(8u32.into()))
    }),
    ("pool.wit_call_async", |_| {
        let call = doubles()?.wit_call_async("double", &[4u32.into()])?;
        Ok(call.wait()? == Some(8u32.into()))
    }),
];
