//! What a hostile host or guest does to calls of components.

mod ends;
mod lends;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use landbridge::{
    Blobs, Engine, Error, ErrorKind, GuestResource, HostResource, Imports, Instance, Module,
    Resource, Result, Sink, Store, WitArgs, WitContext, WitFrame, WitFunc, WitFuncType, WitHost,
    WitValue,
};

fn store() -> Store {
    Store::new(&Engine::shared().unwrap()).unwrap()
}

fn call(it: &Instance, name: &str, args: &[WitValue]) -> Result<Option<WitValue>> {
    it.wit_func(name)?.call(args)
}
