//! Types, as frames that `lib/type.js` reads, and what tells one thing from another.

use landbridge::frame::{self, ToFrame};
use landbridge::{
    Error, ErrorKind, Exception, ExternType, FuncType, GcRef, Global, Memory, Result, Table, Tag,
};

use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::handle::any;
use crate::side::of;
use crate::target;

pub(crate) const TABLE: &[(&str, Native)] = &[("typeOf", type_of), ("idOf", id_of), ("same", same)];

/// `typeOf(function or handle)`: a frame.
fn type_of(call: &Call) -> Result<Js> {
    let env = call.env;
    let Some(held) = any(env, call.args[0]) else {
        return of_func(env, target::argument(call, 0)?.func.ty());
    };
    let ty = if let Some(memory) = of::<Memory>(held) {
        ExternType::Memory(memory.ty()?)
    } else if let Some(table) = of::<Table>(held) {
        ExternType::Table(table.ty()?)
    } else if let Some(global) = of::<Global>(held) {
        ExternType::Global(global.ty()?)
    } else if let Some(tag) = of::<Tag>(held) {
        ExternType::Tag(tag.ty().clone())
    } else if let Some(object) = of::<GcRef>(held) {
        return env.view(&frame::write(object.ty())?);
    } else {
        return Err(untyped());
    };
    env.view(&frame::write(&ty)?)
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
fn id_of(call: &Call) -> Result<Js> {
    let held = any(call.env, call.args[0]).ok_or_else(untyped)?;
    let id = if let Some(memory) = of::<Memory>(held) {
        memory.identity()
    } else if let Some(table) = of::<Table>(held) {
        table.identity()
    } else if let Some(global) = of::<Global>(held) {
        global.identity()
    } else {
        of::<Tag>(held).ok_or_else(untyped)?.identity().clone()
    };
    call.env.string(&id.to_string())
}

#[cold]
fn untyped() -> Error {
    Error::new(ErrorKind::Type, "expected something of a store")
}

/// `same(handle, other)`: whether it is the same tag, exception, struct or array; the other may be
/// anything.
fn same(call: &Call) -> Result<Js> {
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
