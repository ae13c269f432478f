//! Tuples, as types of WIT and as the parameters of a function.

use super::closures::{WitClosure, WitGiven, typed};
use super::{FromWit, ToWit, Wit, WitHost, WitParams, WitPlace, WithContext};
use crate::{Field, HostContext, Result, WitReader, WitType, WitWriter};
use std::sync::Arc;

macro_rules! tuples {
    ($($count:literal $($T:ident $n:tt)*;)*) => {$(
        impl<$($T: Wit),*> Wit for ($($T,)*) {
            fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()> {
                match ty {
                    WitType::Tuple(of) if of.len() == $count => {
                        $($T::check(&of[$n], &place.part($n))?;)*
                        Ok(())
                    }
                    other => Err(place.other::<($($T,)*)>(other)),
                }
            }

            fn spell(text: &mut String) {
                text.push_str("tuple<");
                Self::spell_params(text);
                text.push('>');
            }
        }

        impl<$($T: ToWit),*> ToWit for ($($T,)*) {
            #[inline]
            fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
                $(self.$n.lower(frame);)*
            }

            #[inline]
            fn lower_own(self, frame: &mut WitWriter<'_>) {
                $(self.$n.lower_own(frame);)*
            }
        }

        impl<$($T: FromWit),*> FromWit for ($($T,)*) {
            #[inline]
            fn lift(frame: &mut WitReader<'_>) -> Result<Self> {
                Ok(($($T::lift(frame)?,)*))
            }
        }

        parameters!($count $($T $n)*);
    )*};
}

macro_rules! parameters {
    ($count:literal $($T:ident $n:tt)*) => {
        impl<$($T: Wit),*> WitParams for ($($T,)*) {
            const COUNT: usize = $count;

            fn check_each(_params: &[Field], _place: fn(usize) -> WitPlace<'static>) -> Result<()> {
                $($T::check(&_params[$n].ty, &_place($n))?;)*
                Ok(())
            }

            fn spell_params(_text: &mut String) {
                $(
                    if $n > 0 {
                        _text.push_str(", ");
                    }
                    $T::spell(_text);
                )*
            }
        }

        impl<$($T: FromWit + 'static,)* G: WitGiven + 'static, Fun> WitClosure<fn($($T,)*) -> G> for Fun
        where
            Fun: Fn($($T),*) -> G + Send + Sync + 'static,
        {
            fn into_wit_host(self) -> Arc<dyn WitHost> {
                typed::<($($T,)*), G>(move |_, _params: ($($T,)*)| self($(_params.$n),*))
            }
        }

        impl<$($T: FromWit + 'static,)* G: WitGiven + 'static, Fun> WitClosure<fn(WithContext, $($T,)*) -> G> for Fun
        where
            Fun: Fn(&HostContext<'_>, $($T),*) -> G + Send + Sync + 'static,
        {
            fn into_wit_host(self) -> Arc<dyn WitHost> {
                typed::<($($T,)*), G>(move |context, _params: ($($T,)*)| {
                    self(context, $(_params.$n),*)
                })
            }
        }
    };
}

parameters!(0);

tuples! {
    1 A 0;
    2 A 0 B 1;
    3 A 0 B 1 C 2;
    4 A 0 B 1 C 2 D 3;
    5 A 0 B 1 C 2 D 3 E 4;
    6 A 0 B 1 C 2 D 3 E 4 F 5;
    7 A 0 B 1 C 2 D 3 E 4 F 5 H 6;
    8 A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7;
    9 A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7 J 8;
    10 A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7 J 8 K 9;
    11 A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7 J 8 K 9 L 10;
    12 A 0 B 1 C 2 D 3 E 4 F 5 H 6 I 7 J 8 K 9 L 10 M 11;
}
