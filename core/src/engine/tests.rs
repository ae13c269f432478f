use super::*;

const LOOP: &str = "(module (func $f (export \"f\") (param i32) (result i32)
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (call $g (local.get 0)))
  (func $g (param i32) (result i32) (loop (br_if 0 (i32.lt_u (local.get 0) (i32.const 9)))) (local.get 0)))";

fn engine(interruptible: bool) -> Engine {
    let options = EngineOptions {
        interruptible,
        cache: CompileCache::Off,
        ..Default::default()
    };
    Engine::new(options).expect("an engine")
}

/// The machine code that an engine of the engine's makes of the loops.
fn code(engine: &wasmtime::Engine) -> Vec<u8> {
    let module = wasmtime::Module::new(engine, LOOP).expect("the module compiles");
    module.text().to_vec()
}

#[test]
fn without_interruption_the_code_has_no_checks() {
    let plain = code(&wasmtime::Engine::default());
    let of = |interruptible| {
        let engine = engine(interruptible);
        code(
            &engine
                .variant(Build::default())
                .expect("it is there")
                .engine,
        )
    };
    assert!(
        of(false) == plain,
        "the code is not that of an engine without checks"
    );
    assert!(of(true) != plain, "nothing asks for the epoch");
}

#[test]
fn without_interruption_there_is_no_ticker() {
    for fueled in [false, true] {
        let build = Build {
            fueled,
            ..Build::default()
        };
        let of = |interruptible| {
            engine(interruptible)
                .variant(build)
                .expect("made")
                .tick
                .is_some()
        };
        assert!(of(true) && !of(false));
    }
}
