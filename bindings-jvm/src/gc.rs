//! GcRef: structs and arrays of the guest's heap. Values come and go in arrays of one element.

use std::sync::Arc;

use jni::sys::jint;
use landbridge::{GcRef, Result, frame};

use crate::types::{Here, Longs, Objects};
use crate::value::{lift, lower_single};

pub(crate) fn ty(object: Arc<GcRef>) -> Result<Vec<u8>> {
    frame::write(object.ty())
}

pub(crate) fn length(object: Arc<GcRef>) -> Result<jint> {
    Ok(object.len()? as jint)
}

/// Gives the number of the value's type.
pub(crate) fn get(
    object: Arc<GcRef>,
    index: jint,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<jint> {
    let value = object.get(index as u32)?;
    let ty = value.ty() as jint;
    lift(&[value], bits, objects)?;
    Ok(ty)
}

pub(crate) fn set(
    object: Arc<GcRef>,
    index: jint,
    ty: jint,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<()> {
    object.set(index as u32, &lower_single(ty, bits, objects)?)
}

/// `field 1 of a struct`, for messages.
pub(crate) fn place(object: Arc<GcRef>, index: jint) -> Result<String> {
    Ok(object.place(index as u32))
}

pub(crate) fn same(a: Arc<GcRef>, b: Arc<GcRef>) -> Result<bool> {
    Ok(a.same(&b))
}
