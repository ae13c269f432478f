//! The types that cross between Java and Rust, and what a signature of the JVM calls each: a native's signature is made
//! of them, so it cannot say anything else than the native takes.

use jni::sys::{jint, jlong, jobject, jvalue};

use crate::env::Env;

/// What crosses as it is.
pub(crate) trait Crosses: Copy {
    /// What a signature calls it.
    const SIGN: &'static str;
    /// What a native returns while an exception is pending: the JVM does not look at it.
    const NOTHING: Self;
}

impl Crosses for () {
    const SIGN: &'static str = "V";
    const NOTHING: () = ();
}

impl Crosses for bool {
    const SIGN: &'static str = "Z";
    const NOTHING: bool = false;
}

impl Crosses for jint {
    const SIGN: &'static str = "I";
    const NOTHING: jint = 0;
}

impl Crosses for jlong {
    const SIGN: &'static str = "J";
    const NOTHING: jlong = 0;
}

/// An argument of a method of Java's.
pub(crate) trait Argument: Crosses {
    fn value(self) -> jvalue;
}

impl Argument for jint {
    fn value(self) -> jvalue {
        jvalue { i: self }
    }
}

impl Argument for jlong {
    fn value(self) -> jvalue {
        jvalue { j: self }
    }
}

/// A reference to an object, a valid one in the words of `env.rs`, or null.
pub(crate) trait Reference: Crosses {
    fn raw(self) -> jobject;
}

/// References by the class that they are of.
macro_rules! references {
    ($($(#[$doc:meta])* $Name:ident $sign:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub(crate) struct $Name(pub(crate) jobject);

        impl Crosses for $Name {
            const SIGN: &'static str = $sign;
            const NOTHING: $Name = $Name(std::ptr::null_mut());
        }

        impl Argument for $Name {
            fn value(self) -> jvalue {
                jvalue { l: self.0 }
            }
        }

        impl Reference for $Name {
            fn raw(self) -> jobject {
                self.0
            }
        }
    )*};
}

references! {
    Object "Ljava/lang/Object;";
    Text "Ljava/lang/String;";
    Throwable "Ljava/lang/Throwable;";
    Thread "Ljava/lang/Thread;";
    Queue "Ljava/lang/ref/ReferenceQueue;";
    Unreachable "Ljava/lang/ref/Reference;";
    Buffer "Ljava/nio/ByteBuffer;";
    Bytes "[B";
    Ints "[I";
    Longs "[J";
    Objects "[Ljava/lang/Object;";
}

/// A reference that a native was given, with the environment that it came with.
#[derive(Clone, Copy)]
pub(crate) struct Here<T> {
    pub(crate) env: Env,
    pub(crate) it: T,
}
