//! Landbridge loads a WebAssembly module and calls it, with the same types, errors and limits in
//! every host language. This crate is the one core that the C, Java, Python and Node.js bindings
//! translate for their hosts; it is also the Rust API.
//!
//! ```
//! # fn main() -> landbridge::Result<()> {
//! use landbridge::{Imports, Module, Value};
//!
//! let module = Module::new(r#"(module (func (export "add") (param i32 i32) (result i32)
//!     (i32.add (local.get 0) (local.get 1))))"#)?;
//! let calc = module.instantiate(&Imports::new())?;
//! assert_eq!(calc.call("add", &[Value::I32(2), Value::I32(3)])?, [Value::I32(5)]);
//! # Ok(())
//! # }
//! ```
//!
//! Every type here is cheap to clone, `Send + Sync`, has no lifetime, and reports misuse as an
//! [`Error`]. A [`Store`] may be used from many threads: they take turns.

mod built_for;
mod cache;
mod call;
mod cancel;
mod coroutine;
mod cost;
mod descriptor;
mod engine;
mod error;
mod exception;
mod fork;
pub mod frame;
mod func;
mod gc;
pub mod given;
mod global;
pub mod handle;
mod handlers;
mod held_dir;
pub mod host;
mod identity;
mod imports;
mod initialize;
mod inspect;
mod instance;
mod limits;
mod line;
mod loan;
mod memory;
mod missing;
mod module;
mod module_file;
mod near;
mod place;
mod policy;
mod pool;
mod precompiled;
mod private_dir;
mod program;
mod reservation;
mod sandbox;
mod seems;
mod shown;
mod stack;
mod stdio;
mod store;
mod table;
mod tag;
pub mod text;
mod trail;
mod turn;
mod typed;
mod types;
mod value;
mod wasi;
mod workers;

pub use call::{Call, Prepared};
pub use cancel::Cancel;
pub use engine::{CompileCache, Engine, EngineOptions};
pub use error::{Error, ErrorKind, Frame, Result, TrapCode};
pub use exception::Exception;
pub use func::Func;
pub use gc::{AnyRef, FieldType, GcRef, GcType, Storage};
pub use global::Global;
pub use host::{HostContext, HostFunc};
pub use identity::Identity;
pub use imports::Imports;
pub use inspect::{Ask, CustomSection, Inspection, Producer};
pub use instance::Instance;
pub use limits::{Limits, Usage};
pub use memory::{Memory, MemoryView};
pub use module::Module;
pub use policy::{Access, Clock, Dir, MemoryDir, Policy, Ports, Random};
pub use pool::{Pool, PoolCounts, PoolOptions, Reset};
pub use program::{Program, run};
pub use sandbox::Sandbox;
pub use stdio::{Input, LineFn, Output, Stdio, WriteFn};
pub use store::Store;
pub use table::Table;
pub use tag::Tag;
pub use trail::{MOST_FRAMES, Trail};
pub use typed::{Closure, Given, Number, Numbers, TypedFunc, WithContext};
pub use types::{ExternType, FuncType, GlobalType, ImportType, MemoryType, TableType, Type};
pub use value::{Extern, ExternRef, Slot, Value};

/// The version of this library, as `major.minor.patch`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
