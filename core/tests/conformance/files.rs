//! Steps about a module's bytes, its travels, and precompiled files.

use landbridge::Module;

use crate::run::engine;
use crate::step::Step;
use crate::world::{Done, World, same, wrong};

pub(crate) fn act(world: &World, step: &Step<'_>) -> Done {
    let module = || world.module(step.text("module")?);
    match step.text("do")? {
        "bytes" => same(module()?.bytes(), &step.bytes("hex")?[..]),
        "digest" => same(module()?.digest().as_str(), step.text("equals")?),
        "compile" => Ok(module()?.compile(world.file(step.text("file")?))?),
        _ => damage(world, step),
    }
}

fn damage(world: &World, step: &Step<'_>) -> Done {
    let file = world.file(step.text("file")?);
    let mut bytes = std::fs::read(&file).expect("the file is there");
    let middle = bytes.len() / 2;
    match step.text("how")? {
        "truncate" => bytes.truncate(middle),
        "alter" => bytes[middle] ^= 1,
        "text" => bytes = b"hello".to_vec(),
        other => return wrong(format!("no damage is {other:?}")),
    }
    std::fs::write(&file, bytes).expect("the file can be written");
    Ok(())
}

pub(crate) fn load(world: &World, step: &Step<'_>) -> Done<Module> {
    if step.text("do")? == "travel" {
        let module = world.module(step.text("module")?)?;
        return Ok(Module::with_engine(
            &world.default_engine()?,
            module.bytes(),
        )?);
    }
    let (engine, file) = (engine(world, step)?, world.file(step.text("file")?));
    if step.text("do")? == "load_written" {
        return Ok(Module::from_file_with_engine(&engine, file)?);
    }
    // SAFETY: the case wrote the file; damage to it is found.
    Ok(unsafe { Module::load_precompiled(&engine, file) }?)
}
