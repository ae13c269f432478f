//! Types, as frames that `lib/type.js` reads, and what tells one thing from another.

use landbridge::frame::{self, ToFrame};
use landbridge::{Error, ErrorKind, Exception, FuncType, GcRef, Result, Tag};

use crate::env::{Env, Js};
use crate::export;
use crate::guard::{CallbackInfo, Native};
use crate::handle::any;
use crate::side::of;
use crate::target;

pub(crate) const TABLE: &[(&str, Native)] = &[("typeOf", type_of), ("idOf", id_of), ("same", same)];

/// `typeOf(function or handle)`: a frame.
fn type_of(call: &CallbackInfo) -> Result<Js> {
    let env = call.env;
    let Some(held) = any(env, call.args[0]) else {
        return of_func(env, target::argument(call, 0)?.func.ty());
    };
    let frame = match (of::<GcRef>(held), export::of(held)) {
        (Some(object), _) => frame::write(object.ty()),
        (None, Some(item)) => frame::write(&item.ty()?),
        (None, None) => Err(untyped()),
    };
    env.view(&frame?)
}

/// As that of an import or export, but in its text form it is no `func`.
fn of_func(env: Env, ty: &FuncType) -> Result<Js> {
    let mut frame = frame::Writer::new();
    frame.byte(1);
    ty.put(&mut frame);
    ty.to_string().put(&mut frame);
    env.view(&frame.finish()?)
}

/// `idOf(handle)`: what tells a memory, table, global or tag from others.
fn id_of(call: &CallbackInfo) -> Result<Js> {
    let item = any(call.env, call.args[0]).and_then(export::of);
    let id = item.ok_or_else(untyped)?.identity().to_string();
    call.env.string(&id)
}

#[cold]
fn untyped() -> Error {
    Error::new(ErrorKind::Type, "expected something of a store")
}

/// `same(handle, other)`: whether it is the same tag, exception, struct or array; the other may be
/// anything.
fn same(call: &CallbackInfo) -> Result<Js> {
    let ours = any(call.env, call.args[0]).ok_or_else(untyped)?;
    let theirs = any(call.env, call.args[1]);
    let is_same = if let Some(tag) = of::<Tag>(ours) {
        theirs.and_then(of).is_some_and(|it| tag.same(it))
    } else if let Some(object) = of::<GcRef>(ours) {
        theirs.and_then(of).is_some_and(|it| object.same(it))
    } else {
        let exception = of::<Exception>(ours).ok_or_else(untyped)?;
        theirs.and_then(of).is_some_and(|it| exception.same(it))
    };
    call.env.boolean(is_same)
}
