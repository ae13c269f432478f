//! `#[derive(Wit)]` of [Landbridge](https://docs.rs/landbridge): structs and enums of Rust as records, variants, enums
//! and flags of WIT. Use it as `landbridge::Wit`.

mod attributes;
mod flags;
mod item;
mod names;
mod record;
#[cfg(test)]
mod tests;
mod variant;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Error, Result};

use attributes::Attributes;

/// Makes a struct or an enum a type of WIT: it implements `Wit`, `ToWit` and `FromWit`.
///
/// ```
/// use landbridge::Wit;
///
/// /// A record: `record person { name: string, max-age: option<u32> }`.
/// #[derive(Wit)]
/// struct Person {
///     name: String,
///     max_age: Option<u32>,
/// }
///
/// /// A variant: `variant shape { circle(f64), polygon(list<tuple<f64, f64>>), empty }`.
/// #[derive(Wit)]
/// enum Shape {
///     Circle(f64),
///     Polygon(Vec<(f64, f64)>),
///     Empty,
/// }
///
/// /// An enum: `enum color { red, dark-blue }`.
/// #[derive(Wit)]
/// enum Color {
///     Red,
///     DarkBlue,
/// }
///
/// /// Flags: `flags access { read, write }`.
/// #[derive(Wit)]
/// #[wit(flags)]
/// struct Access {
///     read: bool,
///     write: bool,
/// }
/// ```
///
/// - **Names** are those of Rust in the spelling of WIT: `max_age` is `max-age`, `DarkBlue` is `dark-blue`, `HTTPError`
///   is `http-error`, `r#type` is `type`. `#[wit(name = "...")]` at a field or a case says another one. Small and large
///   letters are not told apart.
/// - **Order**: fields, cases and flags stand in the order that WIT has them in. If they do not, `typed` says in which.
/// - **A tuple struct** is a tuple: `struct Point(f64, f64)` is `tuple<f64, f64>`. One of one field is as that field.
/// - **A case** holds one value or none. More are a tuple, `Line((f64, f64))`, or a struct of your own.
/// - **What borrows**, a type with a lifetime, can be given and not taken: it implements `ToWit` alone.
///   `#[wit(to)]` at a type says the same of any other, `#[wit(from)]` that it can only be taken.
/// - **Generic types** are types of WIT where their parameters are.
#[proc_macro_derive(Wit, attributes(wit))]
pub fn derive_wit(input: TokenStream) -> TokenStream {
    let expanded = syn::parse(input).and_then(|input| expand(&input));
    expanded.unwrap_or_else(Error::into_compile_error).into()
}

/// The implementations for a type.
fn expand(input: &DeriveInput) -> Result<proc_macro2::TokenStream> {
    let attributes = Attributes::of_type(&input.attrs)?;
    let item = match &input.data {
        Data::Struct(of) if attributes.flags.is_some() => flags::item(of, input)?,
        Data::Struct(of) => record::item(of, input)?,
        Data::Enum(of) => {
            if let Some(at) = attributes.flags {
                let text = "flags are a struct of `bool`s: `struct Access { read: bool }`";
                return Err(Error::new(at, text));
            }
            variant::item(of, input)?
        }
        Data::Union(of) => {
            let text = "WIT has no unions: an enum is a variant";
            return Err(Error::new(of.union_token.span, text));
        }
    };
    item.implementations(input, &attributes)
}
