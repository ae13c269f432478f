//! Table: references, by index.

use std::sync::Arc;

use landbridge::{Result, Store, Table, TableType, Type, Value, messages};

use crate::env::Js;
use crate::guard::{CallbackInfo, Native};
use crate::handle::{Noun, handle};
use crate::side::Side;
use crate::value::{lift, lower};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("tableNew", new),
    ("tableSize", size),
    ("tableGet", get),
    ("tableSet", set),
    ("tableGrow", grow),
];

impl Noun for Table {
    const NAME: &'static str = "Table";
}

fn element(call: &CallbackInfo, side: &Arc<Side>, index: usize, ty: Type) -> Result<Value> {
    let place = || messages::table_element().to_owned();
    lower(call.env, side, call.args[index], ty, &place)
}

/// `tableNew(store, element, min, max or undefined, is64 or undefined, init)`
fn new(call: &CallbackInfo) -> Result<Js> {
    let (store, side) = call.sided::<Store>(0)?;
    let ty = TableType {
        element: call.ty(1)?,
        min: call.whole(2, "min")?,
        max: call.whole_or_none(3, "max")?,
        is_64: call.flag(4, false)?,
    };
    let init = element(call, side, 5, ty.element)?;
    handle(call.env, (Table::new(store, &ty, &init)?, side.clone()))
}

/// `tableSize(table)`
fn size(call: &CallbackInfo) -> Result<Js> {
    call.env.number(call.sided::<Table>(0)?.0.size()? as f64)
}

/// `tableGet(table, index)`
fn get(call: &CallbackInfo) -> Result<Js> {
    let (table, side) = call.sided::<Table>(0)?;
    lift(call.env, side, &table.get(call.whole(1, "index")?)?)
}

/// `tableSet(table, index, value)`
fn set(call: &CallbackInfo) -> Result<Js> {
    let (table, side) = call.sided::<Table>(0)?;
    let value = element(call, side, 2, table.ty()?.element)?;
    table.set(call.whole(1, "index")?, &value)?;
    call.env.undefined()
}

/// `tableGrow(table, delta, init)`
fn grow(call: &CallbackInfo) -> Result<Js> {
    let (table, side) = call.sided::<Table>(0)?;
    let init = element(call, side, 2, table.ty()?.element)?;
    call.env
        .number(table.grow(call.whole(1, "delta")?, &init)? as f64)
}
