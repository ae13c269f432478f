//! Callback: a function of JavaScript that is called from inside of a guest.

use std::sync::Arc;

use landbridge::Result;

use crate::addon::{Hook, Running};
use crate::env::{Env, Js};
use crate::js::gone;
use crate::reference::Reference;
use crate::side::{Kept, Side};

pub(crate) struct Callback {
    pub(crate) side: Arc<Side>,
    func: Reference,
    /// Keeps `func` alive as long as the store's JavaScript side lives.
    _kept: Kept,
}

impl Callback {
    pub(crate) fn new(env: Env, side: &Arc<Side>, func: Js) -> Result<Callback> {
        Ok(Callback {
            side: side.clone(),
            _kept: side.keep(env, func)?,
            func: env.reference(func, true)?,
        })
    }

    /// Calls it; `running` is the host function that it is, null if it is none.
    #[inline(always)]
    pub(crate) fn call(&self, env: Env, running: *const Running, args: &[Js]) -> Result<Js> {
        let func = self.func.get(env).ok_or_else(gone)?;
        let addon = &self.side.addon;
        let outer = addon.running.replace(running);
        let answer = env.call(func, args);
        addon.running.set(outer);
        answer
    }

    /// Calls it for a guest of another thread. `loan` is what its context is found by when it has
    /// returned a promise; `undefined` if it has none.
    pub(crate) fn call_within(
        &self,
        env: Env,
        running: *const Running,
        loan: Js,
        args: &[Js],
    ) -> Result<Js> {
        let func = self.func.get(env).ok_or_else(gone)?;
        let addon = &self.side.addon;
        let args: Vec<_> = [loan, func].iter().chain(args).copied().collect();
        let within = addon.hook(env, Hook::Within)?;
        let outer = addon.running.replace(running);
        let answer = env.call(within, &args);
        addon.running.set(outer);
        answer
    }
}
