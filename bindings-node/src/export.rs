//! Exports: the objects of what is in a store.

use std::any::Any;
use std::sync::Arc;

use landbridge::{Extern, Global, Memory, Result, Table, Tag};

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::handle::handle;
use crate::side::{self, Side};
use crate::target;

/// A function object, or the object of anything else: the one that is there, or a new one.
pub(crate) fn into_js(env: Env, side: &Arc<Side>, item: &Extern) -> Result<Js> {
    let held = match item {
        Extern::Func(func) => return target::into_js(env, side, func),
        Extern::Memory(memory) => handle(env, (memory.clone(), side.clone())),
        Extern::Table(table) => handle(env, (table.clone(), side.clone())),
        Extern::Global(global) => handle(env, (global.clone(), side.clone())),
        Extern::Tag(tag) => handle(env, (tag.clone(), side.clone())),
    };
    let (sort, id) = (
        env.string(item.sort())?,
        env.string(&item.identity().to_string())?,
    );
    let hook = side.addon.hook(env, Hook::ItemOf)?;
    env.call(hook, &[sort, held?, side.state(env)?, id])
}

/// What a handle holds, if that is a memory, table, global or tag.
pub(crate) fn of(held: &dyn Any) -> Option<Extern> {
    item::<Memory>(held)
        .or_else(|| item::<Table>(held))
        .or_else(|| item::<Global>(held))
        .or_else(|| item::<Tag>(held))
}

fn item<T: Clone + Into<Extern> + 'static>(held: &dyn Any) -> Option<Extern> {
    side::of::<T>(held).cloned().map(T::into)
}
