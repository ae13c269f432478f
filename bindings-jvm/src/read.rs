//! Plain arguments and results of natives: how Java gives one, and how it gets one.

use std::sync::Arc;

use jni::sys::{jint, jlong};
use landbridge::Result;

use crate::env::Env;
use crate::kind::{self, Kind};
use crate::types::{Buffer, Bytes, Crosses, Here, Ints, Objects, Reference, Text};

/// What a native takes.
pub(crate) trait Taken: Sized {
    /// What crosses for it.
    type Raw: Crosses;

    fn take(env: Env, raw: Self::Raw) -> Result<Self>;
}

/// What a native gives.
pub(crate) trait Given: Sized {
    /// What crosses for it.
    type Raw: Crosses;

    fn give(self, env: Env) -> Result<Self::Raw>;
}

/// Those that cross as they are.
macro_rules! plain {
    ($($Plain:ty),*) => {$(
        impl Taken for $Plain {
            type Raw = $Plain;

            #[inline(always)]
            fn take(_: Env, raw: $Plain) -> Result<$Plain> {
                Ok(raw)
            }
        }

        impl Given for $Plain {
            type Raw = $Plain;

            #[inline(always)]
            fn give(self, _: Env) -> Result<$Plain> {
                Ok(self)
            }
        }
    )*};
}

plain!(bool, jint, jlong);

impl Given for () {
    type Raw = ();

    fn give(self, _: Env) -> Result<()> {
        Ok(())
    }
}

/// An object, by its handle.
impl<T: Kind> Taken for Arc<T> {
    type Raw = jlong;

    fn take(_: Env, raw: jlong) -> Result<Arc<T>> {
        kind::find(raw)
    }
}

/// The same; zero for none.
impl<T: Kind> Taken for Option<Arc<T>> {
    type Raw = jlong;

    fn take(_: Env, raw: jlong) -> Result<Option<Arc<T>>> {
        match raw {
            0 => Ok(None),
            raw => kind::find(raw).map(Some),
        }
    }
}

/// A new object, as its handle.
impl<T: Kind> Given for T {
    type Raw = jlong;

    fn give(self, _: Env) -> Result<jlong> {
        kind::insert(self)
    }
}

/// A reference, left where it is.
impl<T: Reference> Taken for Here<T> {
    type Raw = T;

    fn take(env: Env, raw: T) -> Result<Here<T>> {
        Ok(env.here(raw))
    }
}

impl Taken for String {
    type Raw = Text;

    fn take(env: Env, raw: Text) -> Result<String> {
        env.text(raw.0)
    }
}

/// None for null.
impl Taken for Option<String> {
    type Raw = Text;

    fn take(env: Env, raw: Text) -> Result<Option<String>> {
        match raw.0.is_null() {
            true => Ok(None),
            false => env.text(raw.0).map(Some),
        }
    }
}

impl Taken for Vec<u8> {
    type Raw = Bytes;

    fn take(env: Env, raw: Bytes) -> Result<Vec<u8>> {
        env.here(raw).all()
    }
}

/// None for null.
impl Taken for Option<Vec<u8>> {
    type Raw = Bytes;

    fn take(env: Env, raw: Bytes) -> Result<Option<Vec<u8>>> {
        match raw.0.is_null() {
            true => Ok(None),
            false => env.here(raw).all().map(Some),
        }
    }
}

impl Given for String {
    type Raw = Text;

    fn give(self, env: Env) -> Result<Text> {
        env.string(&self).map(Text)
    }
}

/// Null for none.
impl Given for Option<String> {
    type Raw = Text;

    fn give(self, env: Env) -> Result<Text> {
        self.map_or(Ok(Text::NOTHING), |text| text.give(env))
    }
}

impl Given for Vec<u8> {
    type Raw = Bytes;

    fn give(self, env: Env) -> Result<Bytes> {
        env.bytes(&self)
    }
}

impl Given for Vec<jint> {
    type Raw = Ints;

    fn give(self, env: Env) -> Result<Ints> {
        env.ints(&self)
    }
}

impl Given for Vec<&str> {
    type Raw = Objects;

    fn give(self, env: Env) -> Result<Objects> {
        let array = env.objects(self.len())?;
        for (i, text) in self.into_iter().enumerate() {
            let text = env.string(text)?;
            array.set(i, text)?;
            env.forget(text);
        }
        Ok(array.it)
    }
}

impl Given for Buffer {
    type Raw = Buffer;

    fn give(self, _: Env) -> Result<Buffer> {
        Ok(self)
    }
}
