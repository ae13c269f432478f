//! How types of the standard library are laid out in a frame.

use std::time::Duration;

use super::{FromFrame, Reader, ToFrame, Writer};
use crate::Result;

/// Numbers, little-endian.
macro_rules! numbers {
    ($($Number:ty),*) => {$(
        impl ToFrame for $Number {
            #[inline]
            fn put(&self, frame: &mut Writer) {
                frame.raw(&self.to_le_bytes());
            }
        }

        impl FromFrame<'_> for $Number {
            #[inline]
            fn get(frame: &mut Reader<'_>) -> Result<Self> {
                frame.array().map(<$Number>::from_le_bytes)
            }
        }
    )*};
}

numbers!(u32, u64, i32, i64, f32, f64);

impl ToFrame for bool {
    #[inline]
    fn put(&self, frame: &mut Writer) {
        frame.byte(u8::from(*self));
    }
}

impl FromFrame<'_> for bool {
    #[inline]
    fn get(frame: &mut Reader<'_>) -> Result<bool> {
        match frame.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(frame.wrong(&format!("{other} is neither 0 nor 1"))),
        }
    }
}

/// Nanoseconds, as a `u64`; 584 years for what is longer.
impl ToFrame for Duration {
    fn put(&self, frame: &mut Writer) {
        let nanos = u64::try_from(self.as_nanos()).unwrap_or(u64::MAX);
        nanos.put(frame);
    }
}

impl FromFrame<'_> for Duration {
    fn get(frame: &mut Reader<'_>) -> Result<Duration> {
        u64::get(frame).map(Duration::from_nanos)
    }
}

impl ToFrame for [u8] {
    fn put(&self, frame: &mut Writer) {
        frame.length(self.len());
        frame.raw(self);
    }
}

impl<'a> FromFrame<'a> for &'a [u8] {
    fn get(frame: &mut Reader<'a>) -> Result<&'a [u8]> {
        let length = frame.length()?;
        frame.raw(length)
    }
}

impl FromFrame<'_> for Vec<u8> {
    fn get(frame: &mut Reader<'_>) -> Result<Vec<u8>> {
        <&[u8]>::get(frame).map(<[u8]>::to_vec)
    }
}

impl ToFrame for str {
    fn put(&self, frame: &mut Writer) {
        self.as_bytes().put(frame);
    }
}

impl<'a> FromFrame<'a> for &'a str {
    fn get(frame: &mut Reader<'a>) -> Result<&'a str> {
        let bytes = <&[u8]>::get(frame)?;
        std::str::from_utf8(bytes).map_err(|e| frame.wrong(&format!("a text is no UTF-8: {e}")))
    }
}

impl ToFrame for String {
    fn put(&self, frame: &mut Writer) {
        self.as_str().put(frame);
    }
}

impl FromFrame<'_> for String {
    fn get(frame: &mut Reader<'_>) -> Result<String> {
        <&str>::get(frame).map(str::to_owned)
    }
}

impl<T: ToFrame + ?Sized> ToFrame for &T {
    fn put(&self, frame: &mut Writer) {
        (**self).put(frame);
    }
}

impl<T: ToFrame> ToFrame for Option<T> {
    fn put(&self, frame: &mut Writer) {
        self.is_some().put(frame);
        if let Some(it) = self {
            it.put(frame);
        }
    }
}

impl<'a, T: FromFrame<'a>> FromFrame<'a> for Option<T> {
    fn get(frame: &mut Reader<'a>) -> Result<Option<T>> {
        match bool::get(frame)? {
            true => T::get(frame).map(Some),
            false => Ok(None),
        }
    }
}

impl<T: ToFrame> ToFrame for [T] {
    fn put(&self, frame: &mut Writer) {
        frame.list(self, |frame, it| it.put(frame));
    }
}

impl<T> ToFrame for Vec<T>
where
    [T]: ToFrame,
{
    fn put(&self, frame: &mut Writer) {
        self.as_slice().put(frame);
    }
}

impl<'a, T: FromFrame<'a>> FromFrame<'a> for Vec<T> {
    fn get(frame: &mut Reader<'a>) -> Result<Vec<T>> {
        frame.list(T::get)
    }
}
