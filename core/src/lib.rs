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
//! The functions of a component take and give strings, lists, records and more. It is loaded in the same way; its
//! functions are called with [`WitValue`]s, or with types of Rust:
//!
//! ```
//! # fn main() -> landbridge::Result<()> {
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guide")).unwrap();
//! use landbridge::{Imports, Module};
//!
//! let greet = Module::from_file("greet.wat")?.instantiate(&Imports::new())?;
//! assert_eq!(greet.wit_call("hello", &["Ada".into()])?, Some("Hello, Ada!".into()));
//!
//! let hello = greet.typed_wit_func::<(&str,), String>("hello")?; // looked up and checked once
//! assert_eq!(hello.call(("Ada",))?, "Hello, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! Every type here is cheap to clone, `Send + Sync`, has no lifetime, and reports misuse as an
//! [`Error`]. A [`Store`] may be used from many threads: they take turns.

mod batches;
mod components;
mod engine;
mod engine_facts;
mod error;
mod externs;
mod hosts;
mod instances;
pub mod messages;
mod modules;
mod numbered;
mod process;
mod sandbox;
mod store;
pub mod text;
mod threads;
mod trail;
mod values;
mod wasi;

// Rooms tell a reader where things are; in code each file goes by its own name.
use externs::{func, global, identity, memory, table, tag, typed};
use hosts::{context, habits, panic_hook};
pub use hosts::{frame, given, host};

/// Handles for hosts that can only hold a number, and what they lend.
pub mod handle {
    pub use crate::hosts::handle::*;
    pub use crate::hosts::lent::*;
}
use instances::{host_call, imports, initialize, instance, missing, pool, program, template};
use modules::{
    binary, built_for, cache, compiled, cost, entry_points, file_mark, held_dir, inspect, module,
    module_file, precompiled, private_dir, seems,
};
use process::{coroutine, fork, handlers, last_thread, reservation, stack, this_thread};
use sandbox::{limits, policy, strict};
use text::near;
use threads::{call, cancel, loan, place, queue, token, turn, workers};
use values::{exception, gc, types, value};
use wasi::{descriptor, stdio};

pub use batches::apart::ColumnSpan;
pub use batches::batch::{Batch, Columns, MapArg};
pub use batches::bitmap::Bitmap;
pub use batches::slices::{Column, ColumnMut};
pub use call::{Call, Prepared};
pub use cancel::Cancel;
pub use components::frame::{Blobs, Sink, WitArgs, WitFrame, WitReader, WitWriter};
pub use components::func::WitFunc;
pub use components::host::{WitContext, WitHost};
pub use components::numbers::WitNumber;
pub use components::resource::{GuestResource, HostResource, Resource};
#[cfg(feature = "derive")]
pub use landbridge_derive::Wit;

#[doc(hidden)]
pub use components::typed::derived;
pub use components::typed::{
    FromWit, HostObject, ToWit, TypedWitFunc, Wit, WitClosure, WitGiven, WitParams, WitPlace,
};
pub use components::types::{
    Case, Enum, Field, Flags, Label, Record, ResourceType, ResultType, Variant, WitFuncType,
    WitType,
};
pub use components::value::{NumberList, WitValue};
pub use components::world::{
    Found, FuncDef, FuncRole, Interface, TypeDef, TypeKind, World, WorldItem, embed_wit,
};
pub use context::{HostContext, HostFunc};
pub use engine::{CompileCache, Engine, EngineOptions};
pub use error::{Error, ErrorKind, Frame, Result, TrapCode};
pub use exception::Exception;
pub use externs::few::{FEW, Few, FewSlots};
pub use func::Func;
pub use gc::{AnyRef, FieldType, GcRef, GcType, Storage};
pub use global::Global;
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
