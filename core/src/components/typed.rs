//! Typed: signatures of Rust, checked once. Functions of components as they are called, closures as they are lent.

mod closures;
mod place;
mod scalars;
pub mod shapes;
mod spare;
mod tuples;
mod wholes;

use std::fmt;
use std::marker::PhantomData;

pub use closures::{WitClosure, WitGiven};
use place::{Caller, check_optional};
pub use place::WitPlace;

use super::host::WitHost;
use crate::{Field, Result, WitFuncType, WitReader, WitType, WitWriter, WithContext};

/// A type of Rust that is a type of WIT. `#[derive(Wit)]` makes records, variants, enums and flags.
///
/// | Rust | WIT |
/// | --- | --- |
/// | `bool`, `i8` to `u64`, `f32`, `f64`, `char` | `bool`, `s8` to `u64`, `f32`, `f64`, `char` |
/// | `String`, `&str` | `string` |
/// | `Vec<T>`, `&[T]` | `list<T>` |
/// | `Option<T>` | `option<T>` |
/// | `Result<T, E>`; `()` for none | `result<T, E>` |
/// | tuples of at most twelve | `tuple<...>` |
/// | `&T`, `Box<T>`, `Arc<T>`, `Cow<T>` | as `T` |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of WIT",
    note = "derive `landbridge::Wit` for structs and enums of your own; `usize` is `u32` or `u64`, and a map is a \
            `Vec<(K, V)>`"
)]
pub trait Wit {
    /// Checks that it is a type of WIT, with all that is in it. `place` is where that stands.
    ///
    /// # Errors
    /// `type` if it is another one, with the place: see [`WitPlace::other`].
    fn check(ty: &WitType, place: &WitPlace<'_>) -> Result<()>;

    /// Adds the type as WIT spells it: `list<u8>`.
    fn spell(text: &mut String);

    /// It stands for nothing, as `()` does.
    #[doc(hidden)]
    const NOTHING: bool = false;
}

/// A type of Rust that can be given to a component.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given to a component",
    note = "derive `landbridge::Wit` for structs and enums of your own; `usize` is `u32` or `u64`, and a map is a \
            `Vec<(K, V)>`"
)]
pub trait ToWit: Wit {
    /// Adds it to a frame. What is large is borrowed, not copied.
    fn lower<'a>(&'a self, frame: &mut WitWriter<'a>);

    /// The same of what is not needed any more: what is large is moved.
    fn lower_own(self, frame: &mut WitWriter<'_>)
    where
        Self: Sized,
    {
        frame.copied(|frame| self.lower(frame));
    }

    /// Adds a list. Numbers cross as a whole.
    #[doc(hidden)]
    fn lower_list<'a>(items: &'a [Self], frame: &mut WitWriter<'a>)
    where
        Self: Sized,
    {
        frame.count(items.len());
        for item in items {
            item.lower(frame);
        }
    }

    #[doc(hidden)]
    fn lower_own_list(items: Vec<Self>, frame: &mut WitWriter<'_>)
    where
        Self: Sized,
    {
        frame.count(items.len());
        for item in items {
            item.lower_own(frame);
        }
    }
}

/// A type of Rust that can be taken from a component.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken from a component",
    note = "derive `landbridge::Wit` for structs and enums of your own; what is taken is owned: `String` rather than \
            `&str`, `Vec<T>` rather than `&[T]`"
)]
pub trait FromWit: Wit + Sized {
    /// Takes it from a frame.
    ///
    /// # Errors
    /// `type` if that is not what is there.
    fn lift(frame: &mut WitReader<'_>) -> Result<Self>;

    /// Takes a list. Numbers cross as a whole.
    #[doc(hidden)]
    fn lift_list(frame: &mut WitReader<'_>) -> Result<Vec<Self>> {
        let count = frame.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(Self::lift(frame)?);
        }
        Ok(items)
    }
}

/// The parameters of a function: a tuple of at most twelve types of WIT, `(String, u32)`; `(String,)` for one, `()` for
/// none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of parameters",
    note = "parameters are a tuple, also if there is one: `(String,)`"
)]
pub trait WitParams {
    /// How many there are.
    #[doc(hidden)]
    const COUNT: usize;
    /// Checks each, of as many.
    #[doc(hidden)]
    #[allow(private_interfaces, reason = "hidden: only core calls it")]
    fn check_each(params: &[Field], caller: Caller) -> Result<()>;
    /// Adds their types.
    #[doc(hidden)]
    fn spell_params(text: &mut String);
}

/// What a type's `spell` adds.
fn spelled(spell: impl FnOnce(&mut String)) -> String {
    let mut text = String::new();
    spell(&mut text);
    text
}

/// A signature of Rust as WIT spells it, without names: `func(string, u32) -> string`.
fn signature<P: WitParams, R: Wit>() -> String {
    spelled(|text| {
        text.push_str("func(");
        P::spell_params(text);
        text.push(')');
        if !R::NOTHING {
            text.push_str(" -> ");
            R::spell(text);
        }
    })
}

/// Checks that a function has the signature that Rust says.
fn check_signature<P: WitParams, R: Wit>(found: &WitFuncType, caller: Caller) -> Result<()> {
    if found.params.len() != P::COUNT {
        return Err(other_count(found, P::COUNT));
    }
    P::check_each(&found.params, caller)?;
    check_optional::<R>(found.result.as_ref(), &WitPlace::result(caller))
}
