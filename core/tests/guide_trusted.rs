//! The program of the guide's page on performance for guests that are trusted; it is cut from here.

use std::time::Duration;

use landbridge::*;

#[test]
fn trusted() -> Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guide");
    std::env::set_current_dir(folder).expect("the folder of the guests");
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
