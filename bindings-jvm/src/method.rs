//! Static methods of Java that are called from here. Their signatures are made of the types that they are called with.

use std::ffi::CStr;
use std::marker::PhantomData;

use jni::sys::{jclass, jlong, jmethodID, jvalue};

use crate::env::{Env, jvm};
use crate::types::{Argument, Crosses, Longs, Object, Text, Thread, Throwable};

/// A method that takes `A`, a tuple, and gives `R`.
pub(crate) struct Method<A, R> {
    id: jmethodID,
    types: PhantomData<fn(A) -> R>,
}

// SAFETY: the id of a method is a plain number that any thread may use while the class is loaded.
unsafe impl<A, R> Send for Method<A, R> {}
// SAFETY: as above.
unsafe impl<A, R> Sync for Method<A, R> {}

impl<A: Arguments, R: Outcome> Method<A, R> {
    /// None if there is no such method; an exception says so.
    pub(crate) fn find(env: Env, class: jclass, name: &CStr) -> Option<Method<A, R>> {
        let id = env.static_method(class, name, &format!("({}){}", A::sign(), R::SIGN))?;
        let types = PhantomData;
        Some(Method { id, types })
    }

    /// Calls it, by the class that it was found in. Nothing is given while an exception is pending.
    #[inline]
    pub(crate) fn call(&self, env: Env, class: jclass, args: A) -> R {
        let values = args.values();
        // SAFETY: `find` has looked for one with just these types.
        unsafe { R::call(env, class, self.id, values.as_ptr()) }
    }
}

/// What a method takes.
pub(crate) trait Arguments {
    fn sign() -> String;
    /// As many of them as there are.
    fn values(self) -> [jvalue; MOST];
}

/// The most arguments.
const MOST: usize = 6;

macro_rules! arguments {
    ($($Arg:ident $place:tt)*) => {
        impl<$($Arg: Argument),*> Arguments for ($($Arg,)*) {
            fn sign() -> String {
                let signs: &[&str] = &[$($Arg::SIGN),*];
                signs.concat()
            }

            #[inline]
            fn values(self) -> [jvalue; MOST] {
                #[allow(unused_mut, reason = "there may be none")]
                let mut values = [jvalue { j: 0 }; MOST];
                $(values[$place] = self.$place.value();)*
                values
            }
        }
    };
}

arguments!();
arguments!(A 0);
arguments!(A 0 B 1);
arguments!(A 0 B 1 C 2);
arguments!(A 0 B 1 C 2 D 3 E 4);
arguments!(A 0 B 1 C 2 D 3 E 4 F 5);

/// What a method gives.
pub(crate) trait Outcome: Crosses {
    /// # Safety
    /// The method is one of the class, takes these arguments and gives this.
    unsafe fn call(env: Env, class: jclass, id: jmethodID, args: *const jvalue) -> Self;
}

macro_rules! outcomes {
    ($($Outcome:ty: $name:ident $given:ident $made:expr;)*) => {$(
        impl Outcome for $Outcome {
            #[inline]
            unsafe fn call(env: Env, class: jclass, id: jmethodID, args: *const jvalue) -> $Outcome {
                // SAFETY: the caller's promise.
                let $given = unsafe { jvm!(env, $name, class, id, args) };
                $made
            }
        }
    )*};
}

outcomes! {
    (): CallStaticVoidMethodA it it;
    bool: CallStaticBooleanMethodA it it;
    jlong: CallStaticLongMethodA it it;
    Throwable: CallStaticObjectMethodA it Throwable(it);
    Thread: CallStaticObjectMethodA it Thread(it);
    Text: CallStaticObjectMethodA it Text(it);
    Longs: CallStaticObjectMethodA it Longs(it);
    Object: CallStaticObjectMethodA it Object(it);
}
