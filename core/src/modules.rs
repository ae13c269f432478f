//! Modules: their bytes or file, what can be known before they are compiled, and where compiled code is kept.

pub(crate) mod binary;
pub(crate) mod built_for;
pub(crate) mod cache;
pub(crate) mod compiled;
pub(crate) mod cost;
pub(crate) mod entry_points;
pub(crate) mod file_mark;
pub(crate) mod held_dir;
pub(crate) mod inspect;
pub(crate) mod module;
pub(crate) mod module_file;
pub(crate) mod precompiled;
pub(crate) mod private_dir;
pub(crate) mod seems;
