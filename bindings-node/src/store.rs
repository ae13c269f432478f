//! Store: making and closing one, what it used and what it wrote.

use landbridge::{Result, Store, frame};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::side::Side;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("storeNew", new),
    ("storeUsage", usage),
    ("storeSetFuel", set_fuel),
    ("storeCancel", cancel),
    ("storeBytes", bytes),
    ("storeText", text),
    ("storeGc", gc),
    ("storeClose", close),
];

impl Noun for Store {
    const NAME: &'static str = "Store";
}

fn store(call: &CallbackInfo) -> Result<&'static Store> {
    Ok(call.sided::<Store>(0)?.0)
}

/// `storeNew(engine or undefined, state, sandbox or undefined)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let engine = crate::engine::argument(call, 0)?;
    let side = Side::new(call.env, call.args[1])?;
    let sandbox = crate::sandbox::read(call.env, &side, call.args[2])?;
    handle(call.env, (Store::with(&engine, &sandbox)?, side))
}

/// `storeUsage(store)`: a frame.
fn usage(call: &CallbackInfo) -> Result<Js> {
    call.env.view(&frame::write(&store(call)?.usage()?)?)
}

/// `storeSetFuel(store, fuel)`
fn set_fuel(call: &CallbackInfo) -> Result<Js> {
    store(call)?.set_fuel(call.whole(1, "fuel")?)?;
    call.env.undefined()
}

/// `storeCancel(store)`
fn cancel(call: &CallbackInfo) -> Result<Js> {
    store(call)?.cancel();
    call.env.undefined()
}

/// `storeBytes(store, stream)`: a `Uint8Array` of what was captured of a stream since the last time.
fn bytes(call: &CallbackInfo) -> Result<Js> {
    let store = store(call)?;
    let bytes = match call.env.text(call.args[1])?.as_str() {
        "stdout" => store.stdout(),
        "stderr" => store.stderr(),
        _ => store.refusals(),
    };
    call.env.view(&bytes)
}

/// `storeText(store, stream or undefined)`: the same as a text; without a stream of what went nowhere.
fn text(call: &CallbackInfo) -> Result<Js> {
    let store = store(call)?;
    if !call.given(1)? {
        return call.env.string(&store.output());
    }
    let text = match call.env.text(call.args[1])?.as_str() {
        "stdout" => store.stdout_text(),
        _ => store.stderr_text(),
    };
    call.env.string(&text)
}

/// `storeGc(store)`
fn gc(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    store.gc()?;
    side.sweep(call.env)?;
    call.env.undefined()
}

/// `storeClose(store)`
fn close(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    store.close();
    side.sweep(call.env)?;
    call.env.undefined()
}
