//! The engine's option `deterministic`: results are the same bits on every machine.

use landbridge::{
    Clock, CompileCache, Engine, EngineOptions, Imports, Instance, Limits, Module, Output, Policy,
    Random, Sandbox, Stdio, Value,
};

fn engine() -> Engine {
    let options = EngineOptions {
        deterministic: true,
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

fn bits(instance: &Instance, name: &str, args: &[Value]) -> u64 {
    match instance.call(name, args).expect("a call")[..] {
        [Value::I32(bits)] => u64::from(bits as u32),
        [Value::I64(bits)] => bits as u64,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn nans_are_canonical_wherever_they_come_from() {
    let text = r#"(module
        (func (export "div") (param f32 f32) (result i32)
          (i32.reinterpret_f32 (f32.div (local.get 0) (local.get 1))))
        (func (export "sqrt") (param f64) (result i64)
          (i64.reinterpret_f64 (f64.sqrt (local.get 0))))
        (func (export "add") (param i64) (result i64)
          (i64.reinterpret_f64 (f64.add (f64.reinterpret_i64 (local.get 0)) (f64.const 1))))
        (func (export "promote") (param i32) (result i64)
          (i64.reinterpret_f64 (f64.promote_f32 (f32.reinterpret_i32 (local.get 0)))))
        (func (export "lane") (param i32) (result i32)
          (i32x4.extract_lane 0 (f32x4.mul (i32x4.splat (local.get 0)) (v128.const f32x4 1 1 1 1)))))"#;
    let module = Module::with_engine(&engine(), text).unwrap();
    let instance = module.instantiate(&Imports::new()).unwrap();
    let zero = Value::F32(0.0);
    assert_eq!(bits(&instance, "div", &[zero.clone(), zero]), 0x7fc0_0000);
    assert_eq!(bits(&instance, "sqrt", &[Value::F64(-1.0)]), 0x7ff8 << 48);
    let odd = Value::I64(0xfff8_1234_5678_9abc_u64 as i64);
    assert_eq!(bits(&instance, "add", &[odd]), 0x7ff8 << 48);
    let odd = Value::I32(0xffc1_2345_u32 as i32);
    assert_eq!(bits(&instance, "promote", &[odd.clone()]), 0x7ff8 << 48);
    assert_eq!(bits(&instance, "lane", &[odd]), 0x7fc0_0000);
}

/// Draws numbers, reads the clock, computes with floats, and writes it all.
const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start") (local $i i32)
      (loop $again
        (drop (call $random (i32.const 64) (i32.const 16)))
        (drop (call $time (i32.const 0) (i64.const 1) (i32.const 80)))
        (f64.store (i32.const 88) (f64.sqrt (f64.load (i32.const 64))))
        (v128.store (i32.const 96) (f32x4.relaxed_madd (v128.load (i32.const 64))
          (v128.load (i32.const 64)) (v128.load (i32.const 80))))
        (i32.store (i32.const 0) (i32.const 64))
        (i32.store (i32.const 4) (i32.const 48))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 50))))))"#;

fn run() -> (Vec<u8>, Option<u64>) {
    let module = Module::with_engine(&engine(), GUEST).unwrap();
    let clock = Clock::Stepped {
        start: 1_700_000_000_000_000_000,
        step: 5_000_000,
    };
    let sandbox = Sandbox {
        policy: Policy::none()
            .with_clock(clock)
            .with_random(Random::Seeded(7)),
        limits: Limits {
            fuel: Some(1_000_000),
            ..Limits::default()
        },
        stdio: Stdio {
            stdout: Output::Capture,
            ..Stdio::default()
        },
    };
    let instance = module.instantiate_with(&Imports::new(), &sandbox).unwrap();
    assert_eq!(instance.run().unwrap(), 0);
    let store = instance.store();
    (store.stdout(), store.usage().unwrap().fuel_used)
}

#[test]
fn with_fuel_a_stepped_clock_and_a_seed_a_run_is_repeatable() {
    let (output, fuel) = run();
    assert_eq!(output.len(), 50 * 48);
    assert!(fuel.is_some_and(|fuel| fuel > 1000), "{fuel:?}");
    assert_eq!(run(), (output, fuel));
}
