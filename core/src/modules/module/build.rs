//! The build that a module is compiled for.

use crate::engine::Build;
use crate::{Engine, compiled, reservation};

/// The build that a module is compiled for when it is loaded.
pub(super) fn home(engine: &Engine, wasm: &[u8]) -> Build {
    Build {
        large: engine.can_enlarge() && has_large_memory(wasm),
        ..Build::default()
    }
}

/// Whether one of its memories may become larger than the usual reservation. What is no module is
/// refused by the compiler; the memories of components have 32 bits.
fn has_large_memory(wasm: &[u8]) -> bool {
    if compiled::is_component(wasm) {
        return false;
    }
    let is_large = |ty: &wasmparser::MemoryType| {
        let page = 1u64 << ty.page_size_log2.unwrap_or(16).min(63);
        let most = ty.maximum.unwrap_or(u64::MAX).saturating_mul(page);
        ty.memory64 && most > reservation::USUAL_BYTES
    };
    for part in wasmparser::Parser::new(0).parse_all(wasm) {
        let found = match part {
            Ok(wasmparser::Payload::ImportSection(imports)) => imports
                .into_imports()
                .flatten()
                .any(|import| match import.ty {
                    wasmparser::TypeRef::Memory(ty) => is_large(&ty),
                    _ => false,
                }),
            Ok(wasmparser::Payload::MemorySection(memories)) => {
                memories.into_iter().flatten().any(|ty| is_large(&ty))
            }
            // They come before these.
            Ok(wasmparser::Payload::ExportSection(_))
            | Ok(wasmparser::Payload::CodeSectionStart { .. })
            | Err(_) => return false,
            Ok(_) => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// Frees code of one of an engine's variants, which is there if its code is.
pub(super) fn free<T>(engine: &Engine, build: Build, code: T) {
    match engine.variant(build) {
        Ok(variant) => variant.free(code),
        Err(_) => drop(code),
    }
}
