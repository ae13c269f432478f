//! The context of the host function that runs now, and what its promise gave.

use std::sync::Arc;

use landbridge::{HostContext, Result};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::held;
use crate::host_func::{Asked, BITS};
use crate::js::{Thrown, run};
use crate::object::recognised;
use crate::sides::Sides;
use crate::wit;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("contextName", name),
    ("contextExport", export),
    ("markBits", mark_bits),
    ("loanAnswer", answer),
    ("loanFail", fail),
];

/// Hands the context of the host function that runs now to `what`: of the one that was called last,
/// or else of the one whose promise is being made, which is an argument.
fn running<R>(
    call: &CallbackInfo,
    loan: usize,
    what: impl FnOnce(&HostContext<'_>, &Sides) -> Result<R>,
) -> Result<Option<R>> {
    let addon = call.env.addon()?;
    // SAFETY: `Callback` sets the pointer for the time it calls JavaScript, which is now, and puts
    // the former one back; what it leads to is on the stack below.
    if let Some(running) = unsafe { addon.running.get().as_ref() } {
        // SAFETY: as above.
        return unsafe { what(&*running.context, &*running.sides.cast()) }.map(Some);
    }
    match call.given(loan)? {
        true => {
            let (lent, sides) = match held::<Arc<wit::Asked>>(call.env, call.args[loan]) {
                Some(asked) => (&asked.lent, asked.sides()),
                None => {
                    let asked = call.held::<Arc<Asked>>(loan)?;
                    (&asked.lent, &asked.func.sides)
                }
            };
            lent.context().map(|it| what(&it, sides)).transpose()
        }
        false => Ok(None),
    }
}

/// `contextName(loan or undefined)`: the name of the host function that runs now, or `undefined`.
fn name(call: &CallbackInfo) -> Result<Js> {
    let name = running(call, 0, |context, _| call.env.string(context.name()))?;
    name.map_or_else(|| call.env.undefined(), Ok)
}

/// `contextExport(name, loan or undefined)`: an export of the instance that called, or `undefined`.
fn export(call: &CallbackInfo) -> Result<Js> {
    let (env, name) = (call.env, call.env.text(call.args[0])?);
    let found = running(call, 1, |context, sides| match context.export(&name) {
        Some(item) => {
            let side = sides.of(env, Some(context.store()))?;
            crate::export::into_js(env, &side, &item)
        }
        None => env.undefined(),
    })?;
    found.map_or_else(|| env.undefined(), Ok)
}

/// `markBits(function)`: makes the floats of a function bits, for guests that call it.
fn mark_bits(call: &CallbackInfo) -> Result<Js> {
    run!(call.env, napi_type_tag_object(call.args[0], &BITS))?;
    Ok(call.args[0])
}

/// `loanAnswer(loan, value)`: what the promise of a host function gave.
fn answer(call: &CallbackInfo) -> Result<Js> {
    let asked = call.held::<Arc<Asked>>(0)?;
    let answer = asked.lower(call.env, call.args[1]);
    asked
        .lent
        .give(answer.map_err(|error| recognised(call.env, error)));
    call.env.undefined()
}

/// `loanFail(loan, value)`: what it was rejected with.
fn fail(call: &CallbackInfo) -> Result<Js> {
    let asked = call.held::<Arc<Asked>>(0)?;
    let thrown = Thrown::new(call.env, call.args[1]);
    let error = thrown.map_or_else(|failed| failed, Thrown::into_error);
    asked.lent.give(Err(recognised(call.env, error)));
    call.env.undefined()
}
