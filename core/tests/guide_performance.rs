//! Programs of the guide for engines with options of their own; they are cut from here.

use std::time::Duration;

use landbridge::*;

/// The programs name their guests as files that lie beside them.
fn beside_the_guests() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guide");
    std::env::set_current_dir(folder).expect("the folder of the guests");
}

#[test]
fn trusted() -> Result<()> {
    beside_the_guests();
    // [trusted]
    let options = EngineOptions {
        interruptible: false,
        ..Default::default()
    };
    let trusted = Engine::new(options)?; // one for the program: keep it
    let calc = Module::from_file_with_engine(&trusted, "calc.wat")?.instantiate(&Imports::new())?;
    assert_eq!(calc.call("add", &[2.into(), 3.into()])?, [5.into()]);
    // [end trusted]
    let module = Module::from_file_with_engine(&trusted, "calc.wat")?;
    let sandbox = Sandbox {
        limits: Limits {
            timeout: Some(Duration::from_millis(500)),
            ..Default::default()
        },
        ..Default::default()
    };
    let refused = module
        .instantiate_with(&Imports::new(), &sandbox)
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    assert!(refused.message().contains("interruptible"), "{refused}");
    Ok(())
}

#[test]
fn slots() -> Result<()> {
    beside_the_guests();
    // [slots]
    let engine = Engine::new(EngineOptions {
        pool_slots: 100, // once, for all pools together
        ..EngineOptions::default()
    })?;
    let module = Module::from_file_with_engine(&engine, "calc.wat")?;
    let pool = Pool::new(
        &module,
        &Imports::new(),
        &Sandbox::default(),
        PoolOptions::default(),
    )?;
    let five = pool.call("add", &[Value::I32(2), Value::I32(3)])?;
    let counts = pool.counts(); // made: 2, in_slots: 2
    // [end slots]
    assert_eq!(five, [Value::I32(5)]);
    assert_eq!((counts.made, counts.in_slots), (2, 2));
    Ok(())
}
