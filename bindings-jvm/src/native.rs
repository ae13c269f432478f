//! A native: a function of Rust that Java calls. What the JVM enters is made of the function's types, and so is the
//! signature that it is registered with.

use std::ffi::c_void;
use std::ptr::NonNull;

use jni::sys::jclass;
use landbridge::Result;

use crate::env::Env;
use crate::guard::guard;
use crate::read::{Given, Taken};
use crate::types::Crosses;

/// A function item that takes `A`, a tuple.
pub(crate) trait Native<A>: Copy {
    /// What the JVM calls what it takes and gives.
    fn sign() -> String;

    /// What the JVM enters.
    fn entry(self) -> *mut c_void;
}

/// The function of a type that has no other value.
///
/// # Safety
/// There is a value of that type.
#[inline(always)]
unsafe fn the<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "a native is a function item") };
    // SAFETY: there is one, and it has no bytes: it can be read from anywhere.
    unsafe { NonNull::dangling().read() }
}

macro_rules! natives_of {
    ($($Arg:ident $arg:ident)*) => {
        impl<F, R, $($Arg),*> Native<($($Arg,)*)> for F
        where
            F: Copy + Fn($($Arg),*) -> Result<R>,
            R: Given,
            $($Arg: Taken,)*
        {
            fn sign() -> String {
                let takes: &[&str] = &[$($Arg::Raw::SIGN),*];
                format!("({}){}", takes.concat(), R::Raw::SIGN)
            }

            fn entry(self) -> *mut c_void {
                extern "system" fn enter<F, R, $($Arg),*>(
                    env: Env,
                    _: jclass,
                    $($arg: $Arg::Raw),*
                ) -> R::Raw
                where
                    F: Copy + Fn($($Arg),*) -> Result<R>,
                    R: Given,
                    $($Arg: Taken,)*
                {
                    guard(env, || {
                        // SAFETY: `entry` was given one.
                        let native = unsafe { the::<F>() };
                        native($($Arg::take(env, $arg)?),*)?.give(env)
                    })
                }
                enter::<F, R, $($Arg),*> as *mut c_void
            }
        }
    };
}

natives_of!();
natives_of!(A a);
natives_of!(A a B b);
natives_of!(A a B b C c);
natives_of!(A a B b C c D d);
natives_of!(A a B b C c D d E e);
natives_of!(A a B b C c D d E e G f);
natives_of!(A a B b C c D d E e G f H g);
natives_of!(A a B b C c D d E e G f H g I h);
natives_of!(A a B b C c D d E e G f H g I h J i);
natives_of!(A a B b C c D d E e G f H g I h J i K j);
