//! `landbridge types`: what each language's own tests do not look at.

use crate::scratch::{Scratch, shared};

const LANGUAGES: [&str; 4] = ["--python", "--typescript", "--java", "--cpp"];

#[test]
fn what_is_written_is_called_as_its_file_is() {
    let scratch = Scratch::new();
    let values = shared("values.wat");
    for (language, file, said) in [
        ("--python", "shop.pyi", "shop"),
        ("--typescript", "shop.d.wasm.ts", "shop"),
        ("--java", "Shop.java", "interface Shop "),
        ("--cpp", "shop.hpp", "namespace shop"),
    ] {
        let ran = scratch.run(&["types", &values, language, "-o", file]);
        ran.prints("");
        let written = scratch.read(file);
        assert!(written.contains(said), "{said:?} is not in {written}");
        // The same on standard output, but for the name.
        let printed = scratch.run(&["types", &values, language]);
        assert_eq!((printed.code, &*printed.stderr), (0, ""));
        assert!(printed.stdout.ends_with('\n'), "{printed:?}");
    }
}

#[test]
fn java_is_written_where_the_compiler_takes_it() {
    let scratch = Scratch::new();
    let values = shared("values.wat");
    for file in ["shop.java", "Shop.txt", "my-shop.java"] {
        let ran = scratch.run(&["types", &values, "--java", "-o", file]);
        ran.fails(1, "type: ");
        assert!(ran.stderr.contains("Shop.java"), "{ran:?}");
    }
    let ran = scratch.run(&[
        "types",
        &values,
        "--java",
        "-o",
        "Shop.java",
        "--package",
        "com.example",
    ]);
    ran.prints("");
    assert!(
        scratch
            .read("Shop.java")
            .contains("\npackage com.example;\n\nimport ")
    );
    // A name of a class stays as it is, and any other name becomes one.
    scratch
        .run(&["types", &values, "--java", "-o", "MyShop.java"])
        .prints("");
    assert!(
        scratch
            .read("MyShop.java")
            .contains("public interface MyShop {")
    );
    for (file, name) in [
        ("my+shop.wat", "MyShop"),
        ("2048.wat", "_2048"),
        ("_.wat", "Component"),
    ] {
        scratch.write(file, "(module)");
        let ran = scratch.run(&["types", file, "--java"]);
        assert!(
            ran.stdout.contains(&format!("public interface {name} {{")),
            "{ran:?}"
        );
    }
    for args in [
        ["--java", "--package", "com-example"],
        ["--java", "--package", "com.class"],
        ["--cpp", "--package", "com.example"],
    ] {
        let ran = scratch.run(&["types", &values, args[0], args[1], args[2]]);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{args:?}");
    }
}

#[test]
fn java_has_an_interface_for_a_core_module() {
    let text = r#"(module
      (func (export "add") (param i32 i64) (result i32) i32.const 1)
      (func (export "my-func") (param externref f32) (result f64 f64) f64.const 1 f64.const 2)
      (func (export "toString"))
      (memory (export "memory") 1))"#;
    let scratch = Scratch::with("calc.wat", text);
    let ran = scratch.run(&["types", "calc.wat", "--java", "--package", "shop"]);
    ran.prints(
        "// Written by `landbridge types --java`.\npackage shop;\n\nimport dev.landbridge.Export;\n\n\
         /** The functions of a module: {@code instance.as(Calc.class)}. */\npublic interface Calc {\n    \
         /** {@code func (i32, i64) -> (i32)}. */\n    int add(int p0, long p1);\n\n    \
         /** {@code func (externref, f32) -> (f64, f64)}. */\n    @Export(\"my-func\")\n    \
         Object[] myFunc(Object p0, float p1);\n\n    /** {@code func () -> ()}. */\n    @Export(\"toString\")\n    \
         void toString_();\n}\n",
    );
}

#[test]
fn all_types_of_wit_are_written_in_all_languages() {
    let scratch = Scratch::new();
    for module in [
        "values.wat",
        "talk.wat",
        "things.wat",
        "spelled.wat",
        "painter.wat",
    ] {
        for language in LANGUAGES {
            let ran = scratch.run(&["types", &shared(module), language]);
            assert_eq!((ran.code, &*ran.stderr), (0, ""), "{module} {language}");
            assert!(ran.stdout.len() > 100, "{module} {language}: {ran:?}");
        }
    }
}

#[test]
fn functions_are_told_apart_from_what_is_called_alike() {
    let text = r#"(component
      (import "demo:a/goods" (instance
        (export "basket" (type $b (sub resource)))
        (export "[static]basket.total" (func (result u32)))
        (export "basket-total" (func (result u32)))))
      (core module $m (func (export "f")))
      (core instance $i (instantiate $m))
      (func $f (canon lift (core func $i "f")))
      (instance $in (export "f" (func $f)))
      (export "shapes" (func $f))
      (export "demo:a/shapes" (instance $in)))"#;
    let scratch = Scratch::with("a.wat", text);
    for (language, parts) in [
        (
            "--cpp",
            [
                "void shapes() ",
                "Exports shapes_;",
                " basket_total() ",
                " basket_total_() ",
            ],
        ),
        (
            "--java",
            [
                "void shapes()",
                "Shapes shapes2()",
                " basketTotal()",
                " basketTotal2()",
            ],
        ),
    ] {
        let ran = scratch.run(&["types", "a.wat", language]);
        for part in parts {
            assert!(ran.stdout.contains(part), "{part} is not in {ran:?}");
        }
    }
}

#[test]
fn wrong_use_is_told() {
    let scratch = Scratch::with("calc.wat", "(module)");
    let ran = scratch.run(&["types", "calc.wat", "--cpp"]);
    ran.fails(1, "compile: this is a core module and no component");
    scratch
        .run(&["types", "gone.wasm", "--python"])
        .fails(1, "io: gone.wasm: ");
    for args in [
        &["types", "calc.wat"][..],
        &["types", "calc.wat", "--python", "--java"],
        &["types", "--python"],
    ] {
        let ran = scratch.run(args);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{args:?}");
    }
}
