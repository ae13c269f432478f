//! Frames of the guest's call stack.

use std::fmt;

use crate::text;

/// One frame of the guest's call stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The module's name, if it has a name section. A long one is cut, and control characters are
    /// written out.
    pub module: Option<String>,
    /// The function's index in its module.
    pub func_index: u32,
    /// The function's name, if the module has one for it: demangled if it is mangled and not long,
    /// cut like the module's.
    pub func_name: Option<String>,
    /// The offset of the instruction in the module's bytes, if known.
    pub module_offset: Option<usize>,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(module) = &self.module {
            write!(f, "{module}!")?;
        }
        match &self.func_name {
            Some(name) => f.write_str(name)?,
            None => write!(f, "wasm-function[{}]", self.func_index)?,
        }
        if let Some(offset) = self.module_offset {
            write!(f, " @ {offset:#x}")?;
        }
        Ok(())
    }
}

pub(super) fn frame(frame: &wasmtime::FrameInfo) -> Frame {
    Frame {
        module: frame.module().name().map(|it| text::name(it).into()),
        func_index: frame.func_index(),
        func_name: frame.func_name().map(text::function),
        module_offset: frame.module_offset(),
    }
}
