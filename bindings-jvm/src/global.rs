//! Global: one value that Java and guests share. It comes and goes in arrays of one element.

use std::sync::Arc;

use jni::sys::jint;
use landbridge::{ExternType, Global, GlobalType, Result, Store, frame};

use crate::types::{Here, Longs, Objects};
use crate::value::{lift, lower_single};

pub(crate) fn new(
    store: Arc<Store>,
    ty: Vec<u8>,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<Global> {
    let ty: GlobalType = frame::read(&ty)?;
    let value = lower_single(ty.content as jint, bits, objects)?;
    Global::new(&store, &ty, &value)
}

pub(crate) fn ty(global: Arc<Global>) -> Result<Vec<u8>> {
    frame::write(&ExternType::Global(global.ty()?))
}

pub(crate) fn get(global: Arc<Global>, bits: Here<Longs>, objects: Here<Objects>) -> Result<()> {
    lift(&[global.get()?], bits, objects)
}

pub(crate) fn set(
    global: Arc<Global>,
    content: jint,
    bits: Here<Longs>,
    objects: Here<Objects>,
) -> Result<()> {
    global.set(&lower_single(content, bits, objects)?)
}
