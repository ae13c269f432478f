//! What objects say of themselves, for `console.log`.

use landbridge::{Global, Instance, Memory, Module, Result, Store, Table};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::any;
use crate::side::of;
use crate::target;

pub(crate) const TABLE: &[(&str, Native)] = &[("shown", shown)];

/// `shown(handle or function)`: in a line.
fn shown(call: &CallbackInfo) -> Result<Js> {
    let text = match any(call.env, call.args[0]) {
        None => target::argument(call, 0)?.func.shown(),
        Some(held) => {
            let module = held.downcast_ref().map(Module::shown);
            let text = module.or_else(|| of(held).map(Instance::shown));
            let text = text.or_else(|| of(held).map(Store::shown));
            let text = text.or_else(|| of(held).map(Memory::shown));
            let text = text.or_else(|| of(held).map(Table::shown));
            let text = text.or_else(|| of(held).map(Global::shown));
            text.unwrap_or_default()
        }
    };
    call.env.string(&text)
}
