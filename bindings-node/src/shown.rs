//! What objects say of themselves, for `console.log`.

use landbridge::Result;

use crate::env::Js;
use crate::func;
use crate::guard::{Call, Native};
use crate::handle::{Held, held};

pub(crate) const TABLE: &[(&str, Native)] = &[("shown", shown)];

/// `shown(handle or function)`: in a line; `undefined` for what says it in JavaScript.
fn shown(call: &Call) -> Result<Js> {
    let text = match held(call.env, call.args[0]) {
        Some(Held::Module(module)) => module.shown(),
        Some(Held::Instance(instance, _)) => instance.shown(),
        Some(Held::Store(store, _)) => store.shown(),
        Some(Held::Memory(memory)) => memory.shown(),
        Some(Held::Table(table, _)) => table.shown(),
        Some(Held::Global(global, _)) => global.shown(),
        Some(_) => return call.env.undefined(),
        None => func::argument(call, 0)?.func.shown(),
    };
    call.env.string(&text)
}
