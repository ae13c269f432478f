//! Memories that the host makes, where Landbridge reserves the address space.

use std::fmt::Write;

use super::Memory;
use crate::{Error, ErrorKind, MemoryType, Module, Result, Store, reservation};

impl Memory {
    /// Makes a memory as that of an instance of its own: the engine reserves those that it makes for
    /// the host itself, and would move them when they grow, away from under their views.
    pub(super) fn new_apart(store: &Store, ty: &MemoryType) -> Result<Memory> {
        let build = store.build();
        // Only a type that is too large is no valid module.
        let module = Module::with_engine(store.engine(), text(ty)).map_err(|e| match e.kind() {
            ErrorKind::Compile => e.because(ErrorKind::Limit, "the memory cannot be made"),
            _ => e,
        })?;
        let module = module.code(build)?.module()?;
        let _section = store.inner().variant()?.section()?;
        store.enter(|ctx| {
            store.touch(build)?;
            store.count_made()?;
            let limit = |e| reservation::explained(Error::from_engine(e, ErrorKind::Limit));
            let instance = store
                .metered(|| wasmtime::Instance::new(&mut ctx.engine, module, &[]).map_err(limit))?;
            let memory = instance.get_memory(&mut ctx.engine, "");
            let none = || Error::new(ErrorKind::Internal, "the memory was not made");
            Ok(Memory {
                store: store.clone(),
                memory: memory.ok_or_else(none)?,
            })
        })
    }
}

/// A module with a memory of this type.
fn text(ty: &MemoryType) -> String {
    let index = if ty.is_64 { "i64" } else { "i32" };
    let mut text = format!("(module (memory (export \"\") {index} {}", ty.min);
    // Writing to a string does not fail.
    let _ = ty.max.map(|max| write!(text, " {max}"));
    if ty.page_bytes == 1 {
        text.push_str(" (pagesize 1)");
    }
    text + "))"
}
