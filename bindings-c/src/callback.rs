//! Callback: a function of the program's, as guests call it.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::Arc;

use landbridge::{Error, FuncType, HostContext, HostFunc, Result, Slot, Type, Value};

use crate::error::{Owned, lb_error_t};
use crate::imports::{lb_callback_t, lb_context_t};
use crate::value::lb_value_t;

/// A function of C with its data.
pub(crate) struct Callback {
    callback: unsafe extern "C" fn(
        *mut c_void,
        *const lb_context_t,
        *const lb_value_t,
        usize,
        *mut lb_value_t,
        usize,
    ) -> *mut lb_error_t,
    owned: Owned,
}

impl Callback {
    pub(crate) fn new(callback: lb_callback_t, owned: Owned) -> Result<Arc<Callback>> {
        let callback = callback.ok_or_else(|| crate::read::null("the callback"))?;
        Ok(Arc::new(Callback { callback, owned }))
    }

    #[inline(always)]
    fn run(
        &self,
        context: &HostContext<'_>,
        args: &[lb_value_t],
        results: &mut [lb_value_t],
    ) -> Result<()> {
        let context = std::ptr::from_ref(context).cast();
        // SAFETY: whoever registered the function promises that it takes its data and these arrays
        // and returns; the context lives until then.
        let error = unsafe {
            (self.callback)(
                self.owned.data,
                context,
                args.as_ptr(),
                args.len(),
                results.as_mut_ptr(),
                results.len(),
            )
        };
        // SAFETY: the function gives an error that it owned.
        unsafe { lb_error_t::taken(error) }
    }
}

/// Values up to which a call needs no heap.
pub(crate) const MANY: usize = 8;

/// Lends room for as many values, set to the zeros of their types.
#[inline(always)]
fn with_zeros<R>(types: &[Type], what: impl FnOnce(&mut [lb_value_t]) -> R) -> R {
    fn set<'a>(room: &'a mut [lb_value_t], types: &[Type]) -> &'a mut [lb_value_t] {
        for (value, ty) in room.iter_mut().zip(types) {
            value.r#type = *ty as u32;
        }
        &mut room[..types.len()]
    }
    let zero = lb_value_t::zero(Type::I32);
    match types.len() {
        0..=2 => what(set(&mut [zero; 2], types)),
        3..=MANY => what(set(&mut [zero; MANY], types)),
        many => what(set(&mut vec![zero; many], types)),
    }
}

impl HostFunc for Callback {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        let mut given = Vec::with_capacity(args.len());
        let outcome = with_zeros(ty.results(), |results| {
            for arg in args {
                given.push(lb_value_t::give(arg)?);
            }
            results.iter_mut().for_each(lb_value_t::no_integer);
            let outcome = self
                .run(context, &given, results)
                .and_then(|()| lb_value_t::read_all(results, |i| context.result_place(i)));
            // Both were lent or given for this call only. A handle may be in both, and one that was
            // no handle has been said already.
            results
                .iter()
                .for_each(|result| drop(result.drop_reference()));
            outcome
        });
        given.iter().for_each(|arg| drop(arg.drop_reference()));
        outcome
    }

    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        match (ty.params(), ty.results()) {
            ([], [] | [_]) => self.call_few::<0>(context, ty, slots),
            ([_], [] | [_]) => self.call_few::<1>(context, ty, slots),
            ([_, _], [] | [_]) => self.call_few::<2>(context, ty, slots),
            ([_, _, _], [] | [_]) => self.call_few::<3>(context, ty, slots),
            _ => self.call_many(context, ty, slots),
        }
    }
}

impl Callback {
    /// `N` arguments and at most one result: no more is written than there is.
    #[inline(always)]
    fn call_few<const N: usize>(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<()> {
        let mut args = [const { MaybeUninit::<lb_value_t>::uninit() }; N];
        for ((arg, slot), ty) in args.iter_mut().zip(&*slots).zip(ty.params()) {
            // SAFETY: it is written, and none of it is read.
            unsafe { lb_value_t::put(arg.as_mut_ptr(), slot, *ty) };
        }
        // SAFETY: all of them are written: a signature has as many slots as parameters, or more. What is not of a
        // number is not looked at.
        let args = unsafe { std::slice::from_raw_parts(args.as_ptr().cast::<lb_value_t>(), N) };
        let result = ty.results().first();
        let mut room = lb_value_t::zero(result.copied().unwrap_or(Type::I32));
        let results = std::slice::from_mut(&mut room);
        self.run(context, args, &mut results[..ty.results().len()])?;
        let (Some(ty), [slot, ..]) = (result, slots) else {
            return Ok(());
        };
        match room.take(*ty, slot) {
            true => Ok(()),
            false => Err(wrong_result(context, &room, *ty)),
        }
    }

    #[inline(never)]
    fn call_many(
        &self,
        context: &HostContext<'_>,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<()> {
        with_zeros(ty.params(), |args| {
            for ((arg, slot), ty) in args.iter_mut().zip(&*slots).zip(ty.params()) {
                arg.set(slot, *ty);
            }
            with_zeros(ty.results(), |results| {
                self.run(context, args, results)?;
                for (i, (result, ty)) in results.iter().zip(ty.results()).enumerate() {
                    if !result.take(*ty, &mut slots[i]) {
                        results
                            .iter()
                            .for_each(|result| drop(result.drop_reference()));
                        return Err(result.wrong_type(&context.result_place(i), *ty));
                    }
                }
                Ok(())
            })
        })
    }
}

#[cold]
fn wrong_result(context: &HostContext<'_>, result: &lb_value_t, ty: Type) -> Error {
    drop(result.drop_reference());
    result.wrong_type(&context.result_place(0), ty)
}
