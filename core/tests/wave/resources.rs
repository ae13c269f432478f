//! Resources are told, but not read.

use landbridge::{ErrorKind, Imports, Module, Resource, WitValue};

const CANVAS: &str = r#"(component
    (type $inner (resource (rep i32)))
    (core func $new (canon resource.new $inner))
    (core module $code
        (import "" "new" (func $new (param i32) (result i32)))
        (func (export "make") (result i32) (call $new (i32.const 7)))
        (func (export "look") (param i32) (result i32) (local.get 0)))
    (core instance $code (instantiate $code (with "" (instance (export "new" (func $new))))))
    (func $make (result (own $inner)) (canon lift (core func $code "make")))
    (func $look (param "at" (borrow $inner)) (result u32) (canon lift (core func $code "look")))
    (component $shapes
        (import "canvas" (type $given (sub resource)))
        (import "make" (func $make (result (own $given))))
        (import "look" (func $look (param "at" (borrow $given)) (result u32)))
        (export $canvas "canvas" (type $given))
        (export "make" (func $make) (func (result (own $canvas))))
        (export "look" (func $look) (func (param "at" (borrow $canvas)) (result u32))))
    (instance $shapes (instantiate $shapes
        (with "canvas" (type $inner)) (with "make" (func $make)) (with "look" (func $look))))
    (export "demo:app/shapes@1.0.0" (instance $shapes)))"#;

#[test]
fn a_resource_is_told_by_its_name_and_number() {
    let module = Module::new(CANVAS).expect("valid");
    let instance = module.instantiate(&Imports::new()).expect("instantiated");
    let func = |name: &str| instance.wit_func(&format!("demo:app/shapes@1.0.0#{name}"));
    let make = func("make").expect("it is there");
    let canvas = make.call(&[]).expect("called").expect("one");
    let WitValue::Resource(Resource::Guest(guest)) = &canvas else {
        panic!("{canvas:?}")
    };
    let text = format!("<resource canvas {}>", guest.handle() as u32);
    assert_eq!(canvas.to_text(), text);
    let list = WitValue::List(vec![canvas.clone()]);
    assert_eq!(list.to_text(), format!("[{text}]"));

    let look = func("look").expect("it is there");
    let error = look.ty().parse_args(&[&text]).expect_err("no text");
    assert_eq!(
        error.message(),
        "args[0]: expected borrow<canvas>, a resource: it has no text that could be read, so only a program can pass it \
         (at character 1)"
    );
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        look.call(&[canvas]).expect("called"),
        Some(WitValue::U32(7))
    );
}
