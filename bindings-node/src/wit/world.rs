//! Worlds: what a component asks for and offers, and its names.

use landbridge::host::wit::interface_fits;
use landbridge::{Module, Result};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};

pub(crate) const TABLE: &[(&str, Native)] =
    &[("witWorld", world), ("witFits", fits), ("witFind", find)];

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

/// `witFind(module, name)`: an exported function by a name such as `shapes#area`: an object with the full name of its
/// `interface`, `undefined` if it is of the world, and its own `name`.
fn find(call: &CallbackInfo) -> Result<Js> {
    let (env, module) = (call.env, call.held::<Module>(0)?);
    // The description says the same, with an error if the module has none.
    module.description()?;
    let found = module
        .world()
        .map(|it| it.find(&call.env.text(call.args[1])?));
    let found = found.transpose()?;
    let interface = found.as_ref().and_then(|it| it.interface.as_deref());
    let name = found.as_ref().map_or("", |it| &*it.name);
    env.object([
        (
            "interface",
            interface.map_or_else(|| env.undefined(), |it| env.string(it)),
        ),
        ("name", env.string(name)),
    ])
}
