//! Worlds: what a component asks for and offers, and its names.

use landbridge::host::wit::{check_count, interface_fits};
use landbridge::{Error, ErrorKind, Found, Module, Result};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::js::get;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("witWorld", world),
    ("witFits", fits),
    ("witFind", find),
    ("witCount", count),
];

/// `witWorld(module)`: a frame of its description; `undefined` for a core module.
fn world(call: &CallbackInfo) -> Result<Js> {
    let module = call.held::<Module>(0)?;
    match module.is_component() {
        true => call.env.view(&module.description()?.frame),
        false => call.env.undefined(),
    }
}

/// `witFits(given, full)`: how well a name names an interface, the least the best; `undefined` if it does not.
fn fits(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    match interface_fits(&env.shown(call.args[0])?, &env.shown(call.args[1])?) {
        Some(rank) => env.number(rank.into()),
        None => env.undefined(),
    }
}

/// The exported function of the second argument, by a name such as `shapes#area`.
fn found(call: &CallbackInfo) -> Result<Found> {
    let module = call.held::<Module>(0)?;
    // The description says the same, with an error if the module has none.
    module.description()?;
    let none = || Error::new(ErrorKind::Internal, "a component without a world");
    let world = module.world().ok_or_else(none)?;
    world.find(&call.env.text(call.args[1])?)
}

/// `witFind(module, name)`: an object with the full name of its `interface`, `undefined` if it is of the world, and its own
/// `name`.
fn find(call: &CallbackInfo) -> Result<Js> {
    let (env, found) = (call.env, found(call)?);
    let interface = found.interface.as_deref();
    env.object([
        (
            "interface",
            interface.map_or_else(|| env.undefined(), |it| env.string(it)),
        ),
        ("name", env.string(&found.name)),
    ])
}

/// `witCount(module, name, count)`: fails if it does not take so many arguments.
fn count(call: &CallbackInfo) -> Result<Js> {
    let (env, found) = (call.env, found(call)?);
    let count = get!(env, napi_get_value_uint32(call.args[2]), 0)?;
    check_count(&found.ty, &env.text(call.args[1])?, count as usize)?;
    env.undefined()
}
