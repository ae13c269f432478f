//! Typed: signatures of Rust, checked once: functions of guests that the host calls, closures that
//! it provides.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::{
    Func, FuncType, HostContext, HostFunc, Imports, Instance, Result, Slot, Type, Value, messages,
    text,
};

/// A number of Rust that crosses as it is: `i32` and `u32`, `i64` and `u64`, `f32`, `f64`, and `u128` as a
/// vector.
pub trait Number: Copy + Send + Sync + 'static {
    /// Its type.
    const TYPE: Type;
    /// As the engine takes it.
    fn to_slot(self) -> Slot;
    /// As the engine gives it.
    fn from_slot(slot: Slot) -> Self;
}

macro_rules! numbers {
    ($($ty:ty: $type:ident, $value:expr, $to:expr, $from:expr;)*) => {$(
        impl Number for $ty {
            const TYPE: Type = Type::$type;

            #[inline(always)]
            fn to_slot(self) -> Slot {
                $to(self)
            }

            #[inline(always)]
            fn from_slot(slot: Slot) -> $ty {
                $from(&slot)
            }
        }

        impl From<$ty> for Value {
            fn from(number: $ty) -> Value {
                $value(number)
            }
        }
    )*};
}

numbers! {
    i32: I32, Value::I32, Slot::from_i32, Slot::as_i32;
    i64: I64, Value::I64, Slot::from_i64, Slot::as_i64;
    u32: I32, |n: u32| Value::I32(n as i32), |n: u32| Slot::from_i32(n as i32), |s: &Slot| s.as_i32() as u32;
    u64: I64, |n: u64| Value::I64(n as i64), |n: u64| Slot::from_i64(n as i64), |s: &Slot| s.as_i64() as u64;
    f32: F32, Value::F32, Slot::from_f32, Slot::as_f32;
    f64: F64, Value::F64, Slot::from_f64, Slot::as_f64;
    u128: V128, Value::V128, Slot::from_v128, Slot::as_v128;
}

/// Parameters or results: one [`Number`], none (`()`), or a tuple of at most eight.
pub trait Numbers: Sized + Send + Sync + 'static {
    /// Their types.
    const TYPES: &'static [Type];
    /// Writes them to the first slots.
    fn put(self, slots: &mut [Slot]);
    /// Reads them from the first slots.
    fn take(slots: &[Slot]) -> Self;
}

impl<N: Number> Numbers for N {
    const TYPES: &'static [Type] = &[N::TYPE];

    #[inline(always)]
    fn put(self, slots: &mut [Slot]) {
        slots[0] = self.to_slot();
    }

    #[inline(always)]
    fn take(slots: &[Slot]) -> N {
        N::from_slot(slots[0])
    }
}

/// What a closure may return: numbers, or a [`Result`] of them.
pub trait Given {
    /// What is in it.
    type Numbers: Numbers;
    /// The same as a result.
    fn given(self) -> Result<Self::Numbers>;
}

impl<N: Numbers> Given for N {
    type Numbers = N;

    #[inline(always)]
    fn given(self) -> Result<N> {
        Ok(self)
    }
}

impl<N: Numbers> Given for Result<N> {
    type Numbers = N;

    #[inline(always)]
    fn given(self) -> Result<N> {
        self
    }
}

/// The most slots of a typed signature.
const MOST: usize = 8;

/// A function with a signature of Rust, checked when it is made: `(i32, i32)` and `i32`. Cheap to clone.
pub struct TypedFunc<P, R> {
    func: Func,
    signature: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> TypedFunc<P, R> {
        TypedFunc {
            func: self.func.clone(),
            signature: PhantomData,
        }
    }
}

impl<P: Numbers, R: Numbers> TypedFunc<P, R> {
    /// Calls it; nothing is allocated.
    ///
    /// # Errors
    /// As [`Func::call`].
    #[inline]
    pub fn call(&self, params: P) -> Result<R> {
        let mut slots = [Slot::zero(); MOST];
        params.put(&mut slots);
        self.func.call_raw(&mut slots)?;
        Ok(R::take(&slots))
    }
}

impl<P, R> TypedFunc<P, R> {
    /// The function.
    pub fn func(&self) -> &Func {
        &self.func
    }
}

impl<P, R> fmt::Debug for TypedFunc<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.func.fmt(f)
    }
}

/// Checks that a function has the signature that Rust says.
fn check<P: Numbers, R: Numbers>(name: &str, found: &FuncType) -> Result<()> {
    if found.params() == P::TYPES && found.results() == R::TYPES {
        return Ok(());
    }
    let wanted = FuncType::new(P::TYPES, R::TYPES);
    Err(messages::other_signature(text::name(name), found, wanted))
}

impl Func {
    /// The same with a signature of Rust: `func.typed::<(i32, i32), i32>()`.
    ///
    /// # Errors
    /// `type` if it has another one.
    pub fn typed<P: Numbers, R: Numbers>(&self) -> Result<TypedFunc<P, R>> {
        check::<P, R>(self.name(), self.ty())?;
        Ok(TypedFunc {
            func: self.clone(),
            signature: PhantomData,
        })
    }
}

impl Instance {
    /// An exported function with a signature of Rust: `instance.typed_func::<(i32, i32), i32>("add")`.
    ///
    /// # Errors
    /// `not_found`, `closed`; `type` if it has another signature.
    pub fn typed_func<P: Numbers, R: Numbers>(&self, name: &str) -> Result<TypedFunc<P, R>> {
        self.func(name)?.typed()
    }
}

/// A closure whose signature is the one that the guest imports it with. `A` is made of its parameters.
pub trait Closure<A>: Send + Sync + 'static {
    /// As core calls it.
    fn into_host_func(self) -> Arc<dyn HostFunc>;
}

/// A closure with its signature.
struct Typed<P, R, F> {
    run: F,
    signature: PhantomData<fn(P) -> R>,
}

impl<P, R, F> HostFunc for Typed<P, R, F>
where
    P: Numbers,
    R: Numbers,
    F: Fn(&HostContext<'_>, P) -> Result<R> + Send + Sync,
{
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, _: &[Value]) -> Result<Vec<Value>> {
        // The engine has raw calls for plain signatures, and this has no other.
        check::<P, R>(context.name(), ty).map(|()| Vec::new())
    }

    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        check::<P, R>(context.name(), ty)?;
        (self.run)(context, P::take(slots))?.put(slots);
        Ok(())
    }

    fn check(&self, name: &str, ty: &FuncType) -> Result<()> {
        check::<P, R>(name, ty)
    }
}

fn typed<P: Numbers, R: Numbers>(
    run: impl Fn(&HostContext<'_>, P) -> Result<R> + Send + Sync + 'static,
) -> Arc<dyn HostFunc> {
    let signature: PhantomData<fn(P) -> R> = PhantomData;
    Arc::new(Typed { run, signature })
}

/// Marks closures that take the [`HostContext`] first.
pub struct WithContext;

macro_rules! tuples {
    ($($($T:ident $n:tt)*;)*) => {$(
        impl<$($T: Number),*> Numbers for ($($T,)*) {
            const TYPES: &'static [Type] = &[$($T::TYPE),*];

            #[inline(always)]
            fn put(self, _slots: &mut [Slot]) {
                $(_slots[$n] = self.$n.to_slot();)*
            }

            #[inline(always)]
            #[allow(clippy::unused_unit, reason = "one of the tuples is empty")]
            fn take(_slots: &[Slot]) -> Self {
                ($($T::from_slot(_slots[$n]),)*)
            }
        }

        impl<$($T: Number,)* G: Given, Fun> Closure<fn($($T,)*) -> G> for Fun
        where
            Fun: Fn($($T),*) -> G + Send + Sync + 'static,
        {
            fn into_host_func(self) -> Arc<dyn HostFunc> {
                typed::<($($T,)*), G::Numbers>(move |_, _given| self($(_given.$n),*).given())
            }
        }

        impl<$($T: Number,)* G: Given, Fun> Closure<fn(WithContext, $($T,)*) -> G> for Fun
        where
            Fun: Fn(&HostContext<'_>, $($T),*) -> G + Send + Sync + 'static,
        {
            fn into_host_func(self) -> Arc<dyn HostFunc> {
                typed::<($($T,)*), G::Numbers>(move |context, _given| self(context, $(_given.$n),*).given())
            }
        }
    )*};
}

tuples! {
    ;
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 H 6;
    A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7;
}

impl Imports {
    /// Provides a closure over numbers: `imports.typed("env", "add", |a: i32, b: i32| a + b)`. It may take the
    /// [`HostContext`] first, and may return a [`Result`]. A module that imports it with another signature
    /// is refused when it is instantiated, with an error of kind `link`.
    pub fn typed<A>(&mut self, module: &str, name: &str, closure: impl Closure<A>) -> &mut Imports {
        self.host_func(module, name, closure.into_host_func())
    }
}
