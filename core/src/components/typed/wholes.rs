//! Lists, options, results, tuples, references and boxes.

use std::borrow::Cow;
use std::sync::Arc;

use super::place::check_optional;
use super::{FromWit, ToWit, Wit, WitPlace};
use crate::{Result, WitReader, WitType, WitWriter};

// Lists.

impl<T: Wit> Wit for [T] {
    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
        match ty {
            WitType::List(of) => T::check(of, &place.elements()),
            other => Err(place.other::<[T]>(other)),
        }
    }

    fn spell(text: &mut String) {
        text.push_str("list<");
        T::spell(text);
        text.push('>');
    }
}

impl<T: ToWit> ToWit for [T] {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        T::lower_list(self, frame);
    }
}

impl<T: Wit> Wit for Vec<T> {
    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
        <[T]>::check(ty, place)
    }

    fn spell(text: &mut String) {
        <[T]>::spell(text);
    }
}

impl<T: ToWit> ToWit for Vec<T> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        T::lower_list(self, frame);
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        T::lower_own_list(self, frame);
    }
}

impl<T: FromWit> FromWit for Vec<T> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Vec<T>> {
        T::lift_list(frame)
    }
}

impl<T: FromWit> FromWit for Box<[T]> {
    fn lift(frame: &mut WitReader<'_>) -> Result<Box<[T]>> {
        T::lift_list(frame).map(Vec::into_boxed_slice)
    }
}

impl<T: FromWit> FromWit for Arc<[T]> {
    fn lift(frame: &mut WitReader<'_>) -> Result<Arc<[T]>> {
        T::lift_list(frame).map(Arc::from)
    }
}

// What points to another type is as that type.

macro_rules! pointers {
    ($([$($of:tt)*] $Pointer:ty;)*) => {$(
        impl<$($of)*> Wit for $Pointer {
            const NOTHING: bool = T::NOTHING;

            fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
                T::check(ty, place)
            }

            fn spell(text: &mut String) {
                T::spell(text);
            }
        }
    )*};
}

pointers! {
    [T: Wit + ?Sized] &T;
    [T: Wit + ?Sized] Box<T>;
    [T: Wit + ?Sized] Arc<T>;
    [T: Wit + ToOwned + ?Sized] Cow<'_, T>;
}

impl<T: ToWit + ?Sized> ToWit for &T {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (**self).lower(frame);
    }
}

impl<T: ToWit + ?Sized> ToWit for Box<T> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (**self).lower(frame);
    }
}

impl<T: ToWit + ?Sized> ToWit for Arc<T> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (**self).lower(frame);
    }
}

impl<T: ToWit + ToOwned<Owned: ToWit> + ?Sized> ToWit for Cow<'_, T> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        (**self).lower(frame);
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        match self {
            Cow::Borrowed(it) => frame.copied(|frame| it.lower(frame)),
            Cow::Owned(it) => it.lower_own(frame),
        }
    }
}

impl<T: FromWit> FromWit for Box<T> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Box<T>> {
        T::lift(frame).map(Box::new)
    }
}

impl<T: FromWit> FromWit for Arc<T> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Arc<T>> {
        T::lift(frame).map(Arc::new)
    }
}

impl<T: Wit + ToOwned<Owned: FromWit> + ?Sized> FromWit for Cow<'_, T> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Self> {
        T::Owned::lift(frame).map(Cow::Owned)
    }
}

// Options and results.

impl<T: Wit> Wit for Option<T> {
    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
        match ty {
            WitType::Option(of) => T::check(of, place),
            other => Err(place.other::<Option<T>>(other)),
        }
    }

    fn spell(text: &mut String) {
        text.push_str("option<");
        T::spell(text);
        text.push('>');
    }
}

impl<T: ToWit> ToWit for Option<T> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        frame.case(self.is_some().into(), 1);
        if let Some(it) = self {
            it.lower(frame);
        }
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        frame.case(self.is_some().into(), 1);
        if let Some(it) = self {
            it.lower_own(frame);
        }
    }
}

impl<T: FromWit> FromWit for Option<T> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Option<T>> {
        match frame.case(1, 2)? {
            0 => Ok(None),
            _ => T::lift(frame).map(Some),
        }
    }
}

impl<T: Wit, E: Wit> Wit for Result<T, E> {
    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
        match ty {
            WitType::Result(of) => {
                check_optional::<T>(of.ok.as_ref(), &place.name("ok"))?;
                check_optional::<E>(of.err.as_ref(), &place.name("err"))
            }
            other => Err(place.other::<Result<T, E>>(other)),
        }
    }

    fn spell(text: &mut String) {
        text.push_str("result");
        if T::NOTHING && E::NOTHING {
            return;
        }
        text.push('<');
        match T::NOTHING {
            true => text.push('_'),
            false => T::spell(text),
        }
        if !E::NOTHING {
            text.push_str(", ");
            E::spell(text);
        }
        text.push('>');
    }
}

impl<T: ToWit, E: ToWit> ToWit for Result<T, E> {
    #[inline]
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
        frame.case(self.is_err().into(), 1);
        match self {
            Ok(it) => it.lower(frame),
            Err(it) => it.lower(frame),
        }
    }

    #[inline]
    fn lower_own(self, frame: &mut WitWriter<'_>) {
        frame.case(self.is_err().into(), 1);
        match self {
            Ok(it) => it.lower_own(frame),
            Err(it) => it.lower_own(frame),
        }
    }
}

impl<T: FromWit, E: FromWit> FromWit for Result<T, E> {
    #[inline]
    fn lift(frame: &mut WitReader<'_>) -> Result<Result<T, E>> {
        Ok(match frame.case(1, 2)? {
            0 => Ok(T::lift(frame)?),
            _ => Err(E::lift(frame)?),
        })
    }
}

/// No result, or nothing that a case holds: `Result<(), String>` is `result<_, string>`.
impl Wit for () {
    const NOTHING: bool = true;

    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
        Err(place.other::<()>(ty))
    }

    fn spell(text: &mut String) {
        text.push_str("nothing");
    }
}

impl ToWit for () {
    #[inline]
    fn lower<'a>(&'a self, _: &mut WitWriter<'a>) {}

    #[inline]
    fn lower_own(self, _: &mut WitWriter<'_>) {}
}

impl FromWit for () {
    #[inline]
    fn lift(_: &mut WitReader<'_>) -> Result<()> {
        Ok(())
    }
}
