//! Lent: functions of Java, as the core calls them.

use std::sync::{Arc, OnceLock};

use jni::sys::{jint, jlong};
use landbridge::{FuncType, HostContext, HostFunc, Result, Slot, Value};

use crate::classes::classes;
use crate::env::Env;
use crate::passing::call_host;
use crate::refs::{Global, Weak};
use crate::types::{Crosses, Here, Ints, Longs, Object, Objects};
use crate::upcall::Lender;
use crate::value::{bits_of, lift, lower, signature_numbers, slot_of};

/// A function that Java lends: an index into the lender's table. The lender is held weakly, so that
/// a lambda which captures its own instance can be collected; whoever calls holds it strongly.
pub(crate) struct LentFunc {
    lender: Arc<Weak>,
    upcalls: Arc<Lender>,
    /// Negative for a function of any signature, whose index is the complement.
    index: jint,
    /// The signature as Java reads it, made at the first call of a general function.
    ty: OnceLock<(FuncType, Global)>,
}

impl LentFunc {
    pub(crate) fn new(lender: &Arc<Weak>, upcalls: &Arc<Lender>, index: jint) -> LentFunc {
        LentFunc {
            lender: lender.clone(),
            upcalls: upcalls.clone(),
            index,
            ty: OnceLock::new(),
        }
    }

    /// At most four arguments, at most one result, all of them numbers: Java has checked that.
    #[inline]
    fn call_primitive(&self, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let mut bits = [0; 4];
        for (bits, slot) in bits.iter_mut().zip(&slots[..ty.params().len()]) {
            *bits = slot.as_i64();
        }
        let given = match self.upcalls.call(self.index, bits) {
            Some(given) => given?,
            None => self.call_by_jni(bits)?,
        };
        if let Some(slot) = slots.first_mut() {
            *slot = Slot::from_i64(given);
        }
        Ok(())
    }

    fn call_by_jni(&self, [a, b, c, d]: [jlong; 4]) -> Result<jlong> {
        let env = Env::of_guest()?;
        self.upcalls.count(env, &self.lender);
        let args = (Object(self.lender.raw()), self.index, a, b, c, d);
        call_host(env, &classes().call_primitive, args)
    }

    /// Calls the function with the arrays that hold the arguments and take the results.
    fn call_general(
        &self,
        env: Env,
        context: &HostContext<'_>,
        ty: &FuncType,
        (bits, objects): (Longs, Objects),
    ) -> Result<()> {
        let fresh;
        let numbers = match self.numbers(env, ty)? {
            Some(numbers) => numbers,
            None => {
                fresh = signature(env, ty)?;
                &fresh
            }
        };
        let args = (
            Object(self.lender.raw()),
            !self.index,
            std::ptr::from_ref(context) as jlong,
            Ints(numbers.raw()),
            bits,
            objects,
        );
        call_host(env, &classes().call_general, args).map(drop)
    }

    /// The kept signature, unless this call has another one: a module may import one name twice.
    fn numbers(&self, env: Env, ty: &FuncType) -> Result<Option<&Global>> {
        if self.ty.get().is_none() {
            let _ = self.ty.set((ty.clone(), signature(env, ty)?));
        }
        let kept = self.ty.get().filter(|(kept, _)| kept == ty);
        Ok(kept.map(|(_, numbers)| numbers))
    }
}

fn signature(env: Env, ty: &FuncType) -> Result<Global> {
    Global::taken(env, env.ints(&signature_numbers(ty))?.0)
}

impl HostFunc for LentFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        let env = Env::of_guest()?;
        let length = ty.slots();
        let bits = env.longs(&vec![0; 2 * length])?;
        let objects = env.objects(length)?;
        lift(args, bits, objects)?;
        self.call_general(env, context, ty, (bits.it, objects.it))?;
        let results = lower(ty.results(), bits, objects);
        env.forget(bits.it.0);
        env.forget(objects.it.0);
        results
    }

    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        if self.index >= 0 {
            return self.call_primitive(ty, slots);
        }
        let env = Env::of_guest()?;
        let mut room = vec![0; 2 * ty.slots()];
        let args = slots.iter().zip(ty.params()).zip(room.chunks_exact_mut(2));
        args.for_each(|((slot, ty), bits)| bits.copy_from_slice(&bits_of(slot, *ty)));
        let bits: Here<Longs> = env.longs(&room)?;
        self.call_general(env, context, ty, (bits.it, Objects::NOTHING))?;
        bits.read(&mut room[..2 * ty.results().len()])?;
        env.forget(bits.it.0);
        let results = slots.iter_mut().zip(ty.results()).zip(room.chunks_exact(2));
        results.for_each(|((slot, ty), bits)| *slot = slot_of(bits, *ty));
        Ok(())
    }
}
