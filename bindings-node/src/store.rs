//! Store: making and closing one, what it used and what it wrote.

use landbridge::{Result, Store, frame};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::{Noun, handle};
use crate::side::Side;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("storeNew", new),
    ("storeUsage", usage),
    ("storeSetFuel", set_fuel),
    ("storeCancel", cancel),
    ("storeStdout", stdout),
    ("storeStderr", stderr),
    ("storeStdoutText", stdout_text),
    ("storeStderrText", stderr_text),
    ("storeRefusals", refusals),
    ("storeOutput", output),
    ("storeGc", gc),
    ("storeClose", close),
];

impl Noun for Store {
    const NAME: &'static str = "Store";
}

fn store(call: &Call) -> Result<&'static Store> {
    Ok(call.sided::<Store>(0)?.0)
}

/// `storeNew(engine or undefined, state, sandbox or undefined)`
fn new(call: &Call) -> Result<Js> {
    let engine = crate::engine::argument(call, 0)?;
    let side = Side::new(call.env, call.args[1])?;
    let sandbox = crate::sandbox::read(call.env, &side, call.args[2])?;
    handle(call.env, (Store::with(&engine, &sandbox)?, side))
}

/// `storeUsage(store)`: a frame.
fn usage(call: &Call) -> Result<Js> {
    call.env.view(&frame::write(&store(call)?.usage()?)?)
}

/// `storeSetFuel(store, fuel)`
fn set_fuel(call: &Call) -> Result<Js> {
    store(call)?.set_fuel(call.whole(1, "fuel")?)?;
    call.env.undefined()
}

/// `storeCancel(store)`
fn cancel(call: &Call) -> Result<Js> {
    store(call)?.cancel();
    call.env.undefined()
}

/// `storeStdout(store)`: a `Uint8Array` of what was captured since the last time.
fn stdout(call: &Call) -> Result<Js> {
    call.env.view(&store(call)?.stdout())
}

/// `storeStderr(store)`
fn stderr(call: &Call) -> Result<Js> {
    call.env.view(&store(call)?.stderr())
}

/// `storeStdoutText(store)`
fn stdout_text(call: &Call) -> Result<Js> {
    call.env.string(&store(call)?.stdout_text())
}

/// `storeStderrText(store)`
fn stderr_text(call: &Call) -> Result<Js> {
    call.env.string(&store(call)?.stderr_text())
}

/// `storeRefusals(store)`
fn refusals(call: &Call) -> Result<Js> {
    call.env.view(&store(call)?.refusals())
}

/// `storeOutput(store)`: a text of what went nowhere.
fn output(call: &Call) -> Result<Js> {
    call.env.string(&store(call)?.output())
}

/// `storeGc(store)`
fn gc(call: &Call) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    store.gc()?;
    side.sweep(call.env)?;
    call.env.undefined()
}

/// `storeClose(store)`
fn close(call: &Call) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    store.close();
    side.sweep(call.env)?;
    call.env.undefined()
}
