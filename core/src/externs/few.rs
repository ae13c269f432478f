//! Few: calls of at most four numbers that give at most one, which most calls are.

use std::mem::MaybeUninit;

use wasmtime::ValRaw;

use crate::handle::Lent;
use crate::{Func, FuncType, Result, Type};

/// The most parameters of a call of few numbers.
pub const FEW: usize = 4;

/// What a call of few numbers has to know of a signature, at hand.
pub struct Few {
    params: usize,
    results: usize,
    /// Those of the parameters and of the result, as numbers; zero is none.
    types: [u32; FEW],
    result: u32,
}

impl Few {
    /// The number of parameters of a signature with more or other types.
    const NOT: usize = usize::MAX;

    pub(super) fn of(ty: &FuncType) -> Few {
        let (params, results) = (ty.params(), ty.results());
        let is_number = |ty: &Type| ty.is_plain() && *ty != Type::V128;
        let is_few = params.len() <= FEW
            && results.len() <= 1
            && params.iter().chain(results).all(is_number);
        let mut types = [0; FEW];
        for (to, ty) in types.iter_mut().zip(params) {
            *to = *ty as u32;
        }
        Few {
            params: if is_few { params.len() } else { Few::NOT },
            results: results.len(),
            types,
            result: results.first().map_or(0, |ty| *ty as u32),
        }
    }

    /// Whether it takes so many numbers, at most [`FEW`], and gives so many.
    #[inline(always)]
    pub fn takes(&self, params: usize, results: usize) -> bool {
        self.params == params && self.results == results
    }

    /// Whether it takes so many numbers, at most [`FEW`], and gives one or none.
    #[inline(always)]
    pub fn takes_numbers(&self, params: usize) -> bool {
        self.params == params
    }

    /// The type of a parameter, as a number.
    #[inline(always)]
    pub fn param(&self, index: usize) -> u32 {
        self.types[index]
    }

    /// The type of the result, as a number; zero if there is none.
    #[inline(always)]
    pub fn result(&self) -> u32 {
        self.result
    }
}

/// The arguments of a call of few numbers, and its result: only what is written of them is copied.
#[repr(C, align(16))]
pub struct FewSlots([[MaybeUninit<u64>; 2]; FEW]);

impl FewSlots {
    /// With nothing in them.
    #[inline(always)]
    #[expect(clippy::new_without_default, reason = "they are not zero")]
    pub fn new() -> FewSlots {
        FewSlots([[MaybeUninit::uninit(); 2]; FEW])
    }

    /// Sets an argument. Of one with 32 bits the low ones count.
    #[inline(always)]
    pub fn set(&mut self, index: usize, bits: u64) {
        self.0[index][0].write(bits);
    }

    /// The result, in the low bits.
    ///
    /// # Safety
    /// A function with a result of the type was called with them.
    #[inline(always)]
    pub unsafe fn result(&self, ty: u32) -> u64 {
        let slot = &raw const self.0[0][0];
        // The guest wrote so many bytes just now: to read more would wait for them to reach the cache.
        // SAFETY: the caller's promise.
        unsafe {
            match ty == Type::I32 as u32 || ty == Type::F32 as u32 {
                true => u64::from(slot.cast::<u32>().read()),
                false => slot.cast::<u64>().read(),
            }
        }
    }
}

impl Lent<'_, Func> {
    /// Calls a function of few numbers.
    ///
    /// # Safety
    /// [`Few::takes`] says so, and all arguments are set.
    ///
    /// # Errors
    /// As [`Func::call_raw`].
    #[inline(always)]
    pub unsafe fn call_few(&self, slots: &mut FewSlots) -> Result<()> {
        let raw = std::ptr::from_mut(slots).cast::<ValRaw>();
        let raw = std::ptr::slice_from_raw_parts_mut(raw, FEW);
        // SAFETY: they lie as the engine's do. There are enough of them. Of numbers the function reads the low
        // eight bytes or four, which are written; all bits are values of them.
        unsafe { self.call_bits(raw) }
    }
}

const _: () = assert!(size_of::<FewSlots>() == FEW * size_of::<ValRaw>());
const _: () = assert!(align_of::<FewSlots>() >= align_of::<ValRaw>());
#[cfg(target_endian = "big")]
compile_error!("numbers in slots are written as the low bytes of a u64");
