//! Func: the call, one native for each number of arguments.

use std::sync::Arc;

use jni::sys::{jclass, jint, jintArray, jlong, jlongArray, jobject, jobjectArray, jstring};
use landbridge::{Func, Result, Slot, Store, handle};

use crate::env::{Env, Weak};
use crate::guard::guard;
use crate::imports::LentFunc;
use crate::value::{bits_of, insert, lift, lower, signature_numbers, signature_of, slot_of};

fn get(handle: jlong) -> Result<Arc<Func>> {
    handle::get(handle as u64, "func")
}

/// Arguments and result are bits: the function's type says how many of them count. Java binds a
/// function to the native of its own number of arguments.
#[inline(always)]
fn call<const N: usize>(env: Env, func: jlong, mut slots: [Slot; N]) -> jlong {
    guard(env, || {
        handle::with_func(func as u64, |func| func.call_raw(&mut slots))?;
        Ok(slots[0].as_i64())
    })
}

macro_rules! calls {
    ($($name:ident $($arg:ident)*;)*) => {$(
        pub(crate) extern "system" fn $name(env: Env, _: jclass, func: jlong $(, $arg: jlong)*) -> jlong {
            call(env, func, [$(Slot::from_i64($arg)),*])
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

pub(crate) extern "system" fn call0(env: Env, _: jclass, func: jlong) -> jlong {
    call(env, func, [Slot::zero()])
}

/// What the bench calls to learn what a crossing costs by itself.
pub(crate) extern "system" fn empty(_: Env, _: jclass, a: jlong, b: jlong) -> jlong {
    a.wrapping_add(b)
}

/// The call for any signature: arguments come in the arrays, results go out in them.
pub(crate) extern "system" fn call_wide(
    env: Env,
    _: jclass,
    func: jlong,
    bits: jlongArray,
    objects: jobjectArray,
) {
    guard(env, || {
        let func = get(func)?;
        if func.ty().is_plain() {
            return call_plain(env, &func, bits);
        }
        let args = lower(env, func.ty().params(), bits, objects)?;
        let results = func.call(&args)?;
        lift(env, &results, bits, objects)
    })
}

fn call_plain(env: Env, func: &Func, bits: jlongArray) -> Result<()> {
    let ty = func.ty();
    let mut room = vec![0; 2 * ty.slots()];
    env.read_longs(bits, &mut room[..2 * ty.params().len()])?;
    let mut slots = vec![Slot::zero(); ty.slots()];
    for ((slot, bits), ty) in slots.iter_mut().zip(room.chunks_exact(2)).zip(ty.params()) {
        *slot = slot_of(bits, *ty);
    }
    func.call_raw(&mut slots)?;
    let results = slots.iter().zip(ty.results());
    let results: Vec<_> = results.flat_map(|(slot, ty)| bits_of(slot, *ty)).collect();
    env.write_longs(bits, &results)
}

/// A host function in a store. Its index is as in [`crate::imports::instantiate`].
pub(crate) extern "system" fn new(
    env: Env,
    _: jclass,
    store: jlong,
    ty: jintArray,
    lender: jobject,
    index: jint,
) -> jlong {
    guard(env, || {
        let store = handle::get::<Store>(store as u64, "store")?;
        let ty = signature_of(&env.read_ints(ty)?)?;
        let lent = LentFunc::new(&Arc::new(Weak::new(env, lender)?), index);
        insert("func", Func::new(&store, &ty, Arc::new(lent))?)
    })
}

pub(crate) extern "system" fn ty(env: Env, _: jclass, func: jlong) -> jintArray {
    guard(env, || env.ints(&signature_numbers(get(func)?.ty())))
}

pub(crate) extern "system" fn name(env: Env, _: jclass, func: jlong) -> jstring {
    guard(env, || env.string(get(func)?.name()))
}
