//! What a component asks for and offers is told with names and docs, and its functions are found by long and short names.

use landbridge::{ErrorKind, FuncRole, Module, TypeKind, WitType, World, WorldItem, embed_wit};

const SHAPES: &str = include_str!("../../conformance/modules/painter.wat");

const WIT: &str = include_str!("../../conformance/modules/painter.wit");

fn module(text: &str) -> Module {
    Module::new(text).unwrap_or_else(|e| panic!("{e}"))
}

fn world(module: &Module) -> &World {
    module.world().expect("a component has a world")
}

#[test]
fn types_have_their_names() {
    let module = module(SHAPES);
    let world = world(&module);
    assert_eq!(world.name, None);
    let names: Vec<_> = world.imports.iter().map(WorldItem::name).collect();
    assert_eq!(
        names,
        [
            "demo:app/host@1.0.0",
            "wasi:filesystem/types@0.2.3",
            "wasi:cli/environment@0.2.3"
        ]
    );
    let shapes = world.exported().next().unwrap();
    let types: Vec<_> = shapes.types.iter().map(|it| &*it.name).collect();
    assert_eq!(
        types,
        ["point", "shape", "colour", "level", "canvas", "points"]
    );
    let funcs: Vec<_> = shapes
        .funcs
        .iter()
        .map(|it| format!("{}: {}", it.name, it.ty))
        .collect();
    assert_eq!(
        funcs,
        [
            "scale: func(point: point, by: f64) -> point",
            "area: func(shape: shape) -> f64",
            "mix: func(pair: tuple<colour, level>, level: level) -> colour",
            "[constructor]canvas: func(width: u32) -> canvas",
            "[method]canvas.draw: func(self: borrow<canvas>, points: list<point>) -> result<option<u32>, string>",
            "[static]canvas.count: func() -> u32",
        ]
    );
    assert_eq!(shapes.funcs[4].role, FuncRole::Method("canvas".into()));
    assert_eq!(shapes.funcs[4].own_name(), "draw");
    // What is used from elsewhere is told to be of there.
    let TypeKind::Value(WitType::Enum(level)) = &shapes.types[3].kind else {
        panic!("{:?}", shapes.types[3]);
    };
    assert_eq!(
        level.label.interface.as_deref(),
        Some("demo:app/host@1.0.0")
    );
    assert_eq!(level.names.len(), 2);
    assert!(matches!(
        &shapes.types[5].kind,
        TypeKind::Value(WitType::List(_))
    ));
    let host = world.imported().next().unwrap();
    assert_eq!(
        host.funcs[0].ty.to_string(),
        "func(level: level, text: string)"
    );
    assert_eq!(
        host.funcs[0].ty.params[0].ty,
        shapes.funcs[2].ty.params[1].ty
    );
}

#[test]
fn functions_are_found_by_long_and_short_names() {
    let module = module(SHAPES);
    let world = world(&module);
    for (given, name) in [
        ("demo:app/shapes@1.2.0#area", "area"),
        ("demo:app/shapes@1.2#area", "area"),
        ("demo:app/shapes@1#area", "area"),
        ("demo:app/shapes@1.0.7#area", "area"),
        ("demo:app/shapes#area", "area"),
        ("shapes#area", "area"),
        ("shapes@1.2#area", "area"),
        ("shapes#[method]canvas.draw", "[method]canvas.draw"),
        ("shapes#canvas.draw", "[method]canvas.draw"),
        ("shapes#canvas.count", "[static]canvas.count"),
        ("shapes#canvas", "[constructor]canvas"),
    ] {
        let found = world.find(given).unwrap_or_else(|e| panic!("{given}: {e}"));
        assert_eq!(found.interface.as_deref(), Some("demo:app/shapes@1.2.0"));
        assert_eq!(&*found.name, name, "{given}");
    }
    let hello = world.find("hello").unwrap();
    assert_eq!(hello.interface, None);
    assert_eq!(hello.ty.to_string(), "func(name: string) -> string");
    let names: Vec<_> = world.func_names().collect();
    assert_eq!(names[0], "shapes#scale");
    assert_eq!(names[6], "hello");
}

#[test]
fn what_is_not_found_is_told() {
    let module = module(SHAPES);
    for (given, parts) in [
        (
            "helo",
            &["no function is named \"helo\"", "did you mean \"hello\"?"][..],
        ),
        ("area", &["did you mean \"shapes#area\"?"]),
        ("shapes", &["is an interface", "shapes#scale"]),
        (
            "shape#area",
            &["exports no interface \"shape\"", "did you mean \"shapes\"?"],
        ),
        (
            "shapes@2#area",
            &["exports no interface", "demo:app/shapes@1.2.0"],
        ),
        (
            "shapes#aera",
            &["has no function \"aera\"", "did you mean \"area\"?"],
        ),
        ("host#log", &["the component imports"]),
        ("", &["no function is named \"\""]),
        ("#", &["exports no interface \"\""]),
    ] {
        let error = world(&module).find(given).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{given}");
        for part in parts {
            assert!(
                error.message().contains(part),
                "{given}: {}",
                error.message()
            );
        }
    }
}

#[test]
fn a_short_name_of_two_interfaces_is_not_guessed() {
    let text = r#"(component
        (core module $m (func (export "f")))
        (core instance $m (instantiate $m))
        (func $f (canon lift (core func $m "f")))
        (instance $i (export "f" (func $f)))
        (export "a:b/c@1.2.0" (instance $i))
        (export "a:b/c@1.3.0" (instance $i))
        (export "x:y/c" (instance $i)))"#;
    let module = module(text);
    let world = world(&module);
    let found = |name| world.find(name).map(|it| it.interface.unwrap().to_string());
    assert_eq!(found("x:y/c#f").unwrap(), "x:y/c");
    assert_eq!(found("a:b/c@1.2#f").unwrap(), "a:b/c@1.2.0");
    assert_eq!(found("a:b/c@1.3.0#f").unwrap(), "a:b/c@1.3.0");
    for name in ["c#f", "a:b/c#f", "a:b/c@1#f"] {
        let error = found(name).unwrap_err();
        assert!(
            error
                .message()
                .contains("may be any of a:b/c@1.2.0, a:b/c@1.3.0"),
            "{error}"
        );
    }
    let names: Vec<_> = world.func_names().collect();
    assert_eq!(names, ["a:b/c@1.2.0#f", "a:b/c@1.3.0#f", "x:y/c#f"]);
}

#[test]
fn docs_come_with_a_text_inside_or_beside() {
    let plain = module(SHAPES);
    let bytes = embed_wit(plain.bytes(), WIT).unwrap();
    assert_eq!(
        embed_wit(&bytes, WIT).unwrap(),
        bytes,
        "there is one at a time"
    );
    let without = embed_wit(&bytes[..], "package demo:app;\ninterface shapes {}").unwrap();
    assert!(without.len() < bytes.len());
    let with = Module::new(&bytes).unwrap();
    told(world(&with));

    let name = format!("landbridge-world-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("painter.wasm");
    // Other bytes, so that it is another module.
    let other = [plain.bytes(), b"\0\x02\x01x"].concat();
    std::fs::write(&file, other).unwrap();
    std::fs::write(folder.join("painter.wit"), WIT).unwrap();
    told(world(&Module::from_file(&file).unwrap()));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn told(world: &World) {
    assert_eq!(world.name.as_deref(), Some("demo:app/painter@1.2.0"));
    assert_eq!(world.docs.as_deref(), Some("It paints."));
    let WorldItem::Func(hello) = &world.exports[1] else {
        panic!("{:?}", world.exports[1]);
    };
    assert_eq!(hello.docs.as_deref(), Some("Greets somebody."));
    let shapes = world.exported().next().unwrap();
    assert_eq!(
        shapes.docs.as_deref(),
        Some("Shapes and what can be done with them.")
    );
    assert_eq!(
        shapes.funcs[1].docs.as_deref(),
        Some("How large it is.\nIn square metres.")
    );
    assert_eq!(shapes.funcs[4].docs.as_deref(), Some("Draws lines."));
    let TypeKind::Value(WitType::Record(point)) = &shapes.types[0].kind else {
        panic!("{:?}", shapes.types[0]);
    };
    assert_eq!(point.label.docs.as_deref(), Some("A place."));
    assert_eq!(point.fields[1].docs.as_deref(), Some("Downwards."));
    let TypeKind::Resource(canvas) = &shapes.types[4].kind else {
        panic!("{:?}", shapes.types[4]);
    };
    assert_eq!(
        canvas.label().docs.as_deref(),
        Some("Something to draw on.")
    );
}

#[test]
fn a_text_that_does_not_fit_is_refused() {
    let component = module(SHAPES);
    let deep = format!(
        "package a:b;\ninterface i {{ f: func(a: {}u8",
        "list<".repeat(50_000)
    );
    let hidden = deep.replace("list<", "list</*>*/");
    let large = format!("package a:b;\n//{}", " ".repeat(1 << 20));
    for (wit, part) in [
        ("package", "this is no WIT"),
        ("package a:b;\ninterface i { f: func( }", "this is no WIT"),
        ("package a:b;\ninterface i {}", "is it the right one?"),
        (&deep, "brackets"),
        (&hidden, "brackets"),
        (&large, "bytes"),
    ] {
        let error = embed_wit(component.bytes(), wit).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Compile);
        assert!(error.message().contains(part), "{error}");
    }
    let core = Module::new("(module)").unwrap();
    let error = embed_wit(core.bytes(), WIT).unwrap_err();
    assert!(error.message().contains("no component"), "{error}");
    // What is in a component may be anything.
    let junk = [component.bytes(), b"\0\x10\x0elandbridge:wit\xff"].concat();
    assert_eq!(world(&Module::new(junk).unwrap()).name, None);
}

#[test]
fn a_world_is_told_as_text() {
    let bytes = embed_wit(module(SHAPES).bytes(), WIT).unwrap();
    let with = Module::new(bytes).unwrap();
    let told = world(&with).to_string();
    let wanted = include_str!("painter.told.wit");
    assert_eq!(told, wanted, "{told}");
    let odd = module(
        r#"(component (import "m" (core module)) (import "i" (instance (export "c" (component))))
            (import "x" (func)))"#,
    );
    let told = world(&odd).to_string();
    for part in [
        "world of this component {",
        "// import m: core module",
        "// c: component",
        "import x: func();",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_type_that_is_told_very_often_is_refused() {
    let long = "a".repeat(90_000);
    let params: String = (0..900).map(|i| format!("(param \"p{i}\" $t)")).collect();
    let funcs: String = (0..200)
        .map(|i| format!("(export \"f{i}\" (func (type $f)))"))
        .collect();
    let text = format!(
        "(component (import \"i\" (instance (type $r (record (field \"{long}\" u8))) (export \"{long}\" (type $t (eq $r)))
            (type $f (func {params})) {funcs})))"
    );
    let module = module(&text);
    assert!(module.is_component());
    assert!(module.world().is_none());
}
