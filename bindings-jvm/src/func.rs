//! Func: the call, one native for each number of arguments.

use std::sync::Arc;

use jni::sys::{jint, jlong};
use landbridge::{Func, Result, Slot, Store, frame, handle};

use crate::lent::LentFunc;
use crate::refs::Weak;
use crate::types::{Here, Longs, Object, Objects};
use crate::upcall::Lender;
use crate::value::{bits_of, lift, lower, signature_numbers, slot_of};

/// Arguments and result are bits: the function's type says how many of them count. Java binds a
/// function to the native of its own number of arguments. Each has a closure of its own, so that all of it is inlined.
macro_rules! calls {
    ($($name:ident $($arg:ident)*;)*) => {$(
        #[inline(always)]
        #[allow(clippy::too_many_arguments, reason = "one for each of the guest's")]
        pub(crate) fn $name(func: jlong $(, $arg: jlong)*) -> Result<jlong> {
            let mut slots = [$(Slot::from_i64($arg)),*];
            handle::with_func(func as u64, |func| func.call_raw(&mut slots))?;
            Ok(slots[0].as_i64())
        }
    )*};
}

calls! {
    call1 a;
    call2 a b;
    call3 a b c;
    call4 a b c d;
    call5 a b c d e;
    call6 a b c d e f;
    call7 a b c d e f g;
    call8 a b c d e f g h;
}

#[inline(always)]
pub(crate) fn call0(func: jlong) -> Result<jlong> {
    let mut slots = [Slot::zero()];
    handle::with_func(func as u64, |func| func.call_raw(&mut slots))?;
    Ok(slots[0].as_i64())
}

/// What the bench calls to learn what a crossing costs by itself.
#[inline(always)]
pub(crate) fn empty(a: jlong, b: jlong) -> Result<jlong> {
    Ok(a.wrapping_add(b))
}

/// The call for any signature: arguments come in the arrays, results go out in them.
pub(crate) fn call_wide(func: Arc<Func>, bits: Here<Longs>, objects: Here<Objects>) -> Result<()> {
    if func.ty().is_plain() {
        return call_plain(&func, bits);
    }
    let args = lower(func.ty().params(), bits, objects)?;
    lift(&func.call(&args)?, bits, objects)
}

fn call_plain(func: &Func, bits: Here<Longs>) -> Result<()> {
    let ty = func.ty();
    let mut room = vec![0; 2 * ty.slots()];
    bits.read(&mut room[..2 * ty.params().len()])?;
    let mut slots = vec![Slot::zero(); ty.slots()];
    for ((slot, bits), ty) in slots.iter_mut().zip(room.chunks_exact(2)).zip(ty.params()) {
        *slot = slot_of(bits, *ty);
    }
    func.call_raw(&mut slots)?;
    let results = slots.iter().zip(ty.results());
    let results: Vec<_> = results.flat_map(|(slot, ty)| bits_of(slot, *ty)).collect();
    bits.write(&results)
}

/// A host function in a store. Its index is as [`LentFunc::new`] has it.
pub(crate) fn new(
    store: Arc<Store>,
    ty: Vec<u8>,
    lender: Here<Object>,
    index: jint,
) -> Result<Func> {
    let lender = Arc::new(Weak::new(lender.env, lender.it.0)?);
    let lent = LentFunc::new(&lender, &Arc::new(Lender::new()), index);
    Func::new(&store, &frame::read(&ty)?, Arc::new(lent))
}

pub(crate) fn ty(func: Arc<Func>) -> Result<Vec<jint>> {
    Ok(signature_numbers(func.ty()))
}

pub(crate) fn name(func: Arc<Func>) -> Result<String> {
    Ok(func.name().to_owned())
}
