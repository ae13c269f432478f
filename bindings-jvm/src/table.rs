//! Table: references by index. Values come and go in arrays of one element.

use std::sync::Arc;

use jni::sys::{jint, jlong};
use landbridge::{ExternType, Result, Store, Table, TableType, frame};

use crate::types::{Here, Longs, Objects};
use crate::value::{lift, lower_single};

pub(crate) fn new(
    store: Arc<Store>,
    ty: Vec<u8>,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<Table> {
    let ty: TableType = frame::read(&ty)?;
    let init = lower_single(ty.element as jint, bits, objects)?;
    Table::new(&store, &ty, &init)
}

pub(crate) fn ty(table: Arc<Table>) -> Result<Vec<u8>> {
    frame::write(&ExternType::Table(table.ty()?))
}

pub(crate) fn size(table: Arc<Table>) -> Result<jlong> {
    Ok(table.size()? as jlong)
}

pub(crate) fn get(
    table: Arc<Table>,
    index: jlong,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<()> {
    lift(&[table.get(index as u64)?], bits, objects)
}

pub(crate) fn set(
    table: Arc<Table>,
    index: jlong,
    element: jint,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<()> {
    table.set(index as u64, &lower_single(element, bits, objects)?)
}

pub(crate) fn grow(
    table: Arc<Table>,
    delta: jlong,
    element: jint,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<jlong> {
    let init = lower_single(element, bits, objects)?;
    Ok(table.grow(delta as u64, &init)? as jlong)
}
