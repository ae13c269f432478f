//! Typed: signatures of Rust, checked once. Functions of components that the host calls, and closures that it provides.

mod closures;
pub mod derived;
mod place;
mod resources;
mod scalars;
pub(crate) mod signature;
mod spare;
mod tuples;
mod wholes;

use std::fmt;
use std::marker::PhantomData;

pub use closures::{WitClosure, WitGiven};
pub use place::WitPlace;
use place::{Caller, check_optional};
pub use resources::HostObject;
use resources::call_with_resources;

use super::host::WitHost;
use crate::frame::Counted;
use crate::{
    Call, Error, ErrorKind, Field, Instance, NumberList, Prepared, Result, WitFrame, WitFunc,
    WitFuncType, WitReader, WitType, WitWriter, WithContext, text,
};

/// A type of Rust that is a type of WIT. `#[derive(Wit)]` makes records, variants, enums and flags:
///
/// ```
/// use landbridge::Wit;
///
/// /// `record person { name: string, max-age: option<u32> }`
/// #[derive(Wit)]
/// struct Person {
///     name: String,
///     max_age: Option<u32>,
/// }
///
/// /// `variant shape { circle(f64), owned-by(person), empty }`
/// #[derive(Wit)]
/// enum Shape {
///     Circle(f64),
///     OwnedBy(Person),
///     Empty,
/// }
///
/// /// `enum color { red, dark-blue }`
/// #[derive(Wit)]
/// enum Color {
///     Red,
///     DarkBlue,
/// }
///
/// /// `flags access { read, write }`
/// #[derive(Wit)]
/// #[wit(flags)]
/// struct Access {
///     read: bool,
///     write: bool,
/// }
/// ```
///
/// These are types of WIT by themselves:
///
/// | Rust | WIT |
/// | --- | --- |
/// | `bool`, `i8` to `u64`, `f32`, `f64`, `char` | `bool`, `s8` to `u64`, `f32`, `f64`, `char` |
/// | `String`, `&str` | `string` |
/// | `Vec<T>`, `&[T]` | `list<T>` |
/// | `Option<T>` | `option<T>` |
/// | `Result<T, E>`; `()` for none | `result<T, E>` |
/// | tuples of at most twelve | `tuple<...>` |
/// | [`GuestResource`](crate::GuestResource), [`HostResource`](crate::HostResource), [`HostObject<T>`], [`Resource`](crate::Resource) for any | a resource, `borrow` of one |
/// | `&T`, `Box<T>`, `Arc<T>`, `Cow<T>` | as `T` |
///
/// Lists of numbers and texts cross as a whole: they are copied once, to the guest or from it. Whether a resource is
/// given away or lent is told by the function's type, not by Rust's. Types that are only known when a program runs are for
/// [`WitFunc::call`].
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
        frame.reserve(size_of_val(items));
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
        frame.reserve(size_of_val(&items[..]));
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
        let count = match frame.counted()? {
            Counted::Here(count) => count,
            Counted::Beside(index) => return lift_beside(frame.blob(index)?),
        };
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(Self::lift(frame)?);
        }
        Ok(items)
    }
}

/// A list of a type of one's own that is a number in WIT.
fn lift_beside<T: FromWit>(numbers: NumberList) -> Result<Vec<T>> {
    let mut frame = WitReader::of_bytes(numbers.as_bytes());
    let mut items = Vec::with_capacity(numbers.len());
    // What takes no bytes would never end.
    for _ in 0..numbers.len() {
        items.push(T::lift(&mut frame)?);
    }
    frame.end()?;
    Ok(items)
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
    /// Checks each, of as many. `place` is that of one of them.
    #[doc(hidden)]
    fn check_each(params: &[Field], place: fn(usize) -> WitPlace<'static>) -> Result<()>;
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
        return Err(other_count(found, P::COUNT, caller));
    }
    P::check_each(
        &found.params,
        match caller {
            Caller::Host => |index| WitPlace::argument(index, Caller::Host),
            Caller::Guest => |index| WitPlace::argument(index, Caller::Guest),
        },
    )?;
    check_optional::<R>(found.result.as_ref(), &WitPlace::result(caller))
}

/// A function of a component with a signature of Rust, checked when it is made. Cheap to clone. May be called from many
/// threads: they take turns.
///
/// ```no_run
/// # fn main() -> landbridge::Result<()> {
/// use landbridge::{Imports, Module};
///
/// let greet = Module::from_file("greet.wasm")?.instantiate(&Imports::new())?;
/// let hello = greet.wit_func("hello")?.typed::<(&str, u32), Result<String, String>>()?;
/// match hello.call(("Ada", 36))? {
///     Ok(text) => println!("{text}"),
///     Err(why) => println!("no greeting: {why}"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// A resource of the component is a [`GuestResource`](crate::GuestResource). A method takes it first:
///
/// ```no_run
/// # fn main() -> landbridge::Result<()> {
/// # use landbridge::{GuestResource, Imports, Module};
/// let paint = Module::from_file("paint.wasm")?.instantiate(&Imports::new())?;
/// let new = paint.typed_wit_func::<(u32,), GuestResource>("shapes#canvas")?;
/// let resize = paint.typed_wit_func::<(&GuestResource, u32), u32>("shapes#canvas.resize")?;
/// let canvas = new.call((80,))?;
/// resize.call((&canvas, 120))?;
/// canvas.close()?;
/// # Ok(())
/// # }
/// ```
pub struct TypedWitFunc<P, R> {
    func: WitFunc,
    /// It holds no parameters: what is borrowed need only live as long as a call.
    signature: PhantomData<fn() -> (P, R)>,
}

impl<P, R> Clone for TypedWitFunc<P, R> {
    fn clone(&self) -> TypedWitFunc<P, R> {
        TypedWitFunc {
            func: self.func.clone(),
            signature: PhantomData,
        }
    }
}

impl<P: WitParams + ToWit, R: FromWit> TypedWitFunc<P, R> {
    /// Calls it. Frames are reused: a call with numbers or short strings allocates nothing for its arguments.
    ///
    /// # Errors
    /// As [`WitFunc::call`], but no argument can be of a wrong type. The `err` of a `result` is not an error of the call. It is
    /// returned: `R` is `Result<T, E>`.
    pub fn call(&self, params: P) -> Result<R> {
        let (buffer, mut results) = spare::take();
        let mut frame = WitWriter::in_buffer(buffer);
        params.lower(&mut frame);
        if self.func.has_handles() {
            return call_with_resources(&self.func, frame);
        }
        let called = frame
            .lend()
            .and_then(|args| self.func.call_frame(&args, &mut results));
        let given = called.and_then(|()| lift_all(&mut results));
        spare::keep((frame.into_buffer(), results));
        given
    }
}

impl<P: WitParams + ToWit, R: FromWit + Clone + Send + 'static> TypedWitFunc<P, R> {
    /// Calls it on one of the engine's threads, and does not wait; see [`WitFunc::call_async`].
    ///
    /// # Errors
    /// `limit` if no thread can be started, or if a string or a list is too long. All other errors are the outcome of the call.
    pub fn call_async(&self, params: P) -> Result<Call<R>> {
        self.prepare(params)?.start()
    }

    /// The same, not started yet.
    ///
    /// # Errors
    /// `limit` if a string or a list is too long.
    pub fn prepare(&self, params: P) -> Result<Prepared<R>> {
        if self.func.has_handles() {
            let mut frame = WitWriter::new();
            frame.copied(|frame| params.lower(frame));
            frame.lend()?;
            let func = self.func.clone();
            let call = move || call_with_resources(&func, frame);
            return Ok(Prepared::in_store(self.func.store(), call));
        }
        let mut frame = WitWriter::new();
        params.lower(&mut frame);
        let (func, frame) = (self.func.clone(), frame.finish()?);
        Ok(Prepared::in_store(self.func.store(), move || {
            let mut results = WitFrame::default();
            func.call_frame(&frame.lend(), &mut results)?;
            lift_all(&mut results)
        }))
    }
}

impl<P, R> TypedWitFunc<P, R> {
    /// The function.
    pub fn func(&self) -> &WitFunc {
        &self.func
    }
}

impl<P, R> fmt::Debug for TypedWitFunc<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.func.fmt(f)
    }
}

/// All that a frame holds.
#[inline]
fn lift_all<T: FromWit>(frame: &mut WitFrame) -> Result<T> {
    let mut frame = frame.reader();
    let it = T::lift(&mut frame)?;
    frame.end()?;
    Ok(it)
}

impl WitFunc {
    /// The same with a signature of Rust: `func.typed::<(&str, u32), Result<Vec<u8>, String>>()`. Parameters are a
    /// tuple, also if there is one: `(&str,)`.
    ///
    /// # Errors
    /// `type` if it has another one, with the place of the first type that differs.
    pub fn typed<P: WitParams, R: Wit>(&self) -> Result<TypedWitFunc<P, R>> {
        check_signature::<P, R>(self.ty(), Caller::Host).map_err(|why| {
            let name = text::name(self.name());
            why.at_place(&name)
        })?;
        Ok(TypedWitFunc {
            func: self.clone(),
            signature: PhantomData,
        })
    }
}

impl Instance {
    /// An exported function of a component with a signature of Rust; see [`WitFunc::typed`].
    ///
    /// ```
    /// # fn main() -> landbridge::Result<()> {
    /// use landbridge::{Imports, Module};
    ///
    /// let module = Module::new(
    ///     r#"(component
    ///         (core module $m
    ///             (func (export "add") (param i32 i32) (result i32)
    ///                 (i32.add (local.get 0) (local.get 1))))
    ///         (core instance $i (instantiate $m))
    ///         (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    ///             (canon lift (core func $i "add"))))"#,
    /// )?;
    /// let calc = module.instantiate(&Imports::new())?;
    /// let add = calc.typed_wit_func::<(u32, u32), u32>("add")?;
    /// assert_eq!(add.call((2, 3))?, 5);
    ///
    /// let error = calc.typed_wit_func::<(u32, u8), u32>("add").unwrap_err();
    /// assert_eq!(error.message(), "add: args[1]: the function takes u32, not u8");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Instance::wit_func`] and [`WitFunc::typed`].
    pub fn typed_wit_func<P: WitParams, R: Wit>(&self, name: &str) -> Result<TypedWitFunc<P, R>> {
        self.wit_func(name)?.typed()
    }
}

/// `the function takes 2 arguments, not 1: func(a: u8, b: string)`.
#[cold]
fn other_count(found: &WitFuncType, wanted: usize, caller: Caller) -> Error {
    let takes = match caller {
        Caller::Host => "the function takes",
        Caller::Guest => "the guest passes",
    };
    let count = match found.params.len() {
        1 => "1 argument".to_owned(),
        many => format!("{many} arguments"),
    };
    let mut text = format!("{takes} {count}, not {wanted}");
    // A closure's message begins with it.
    if let Caller::Host = caller {
        text.push_str(&format!(": it is {found}"));
    }
    Error::new(ErrorKind::Type, text)
}
