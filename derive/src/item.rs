//! A type as the implementations of the traits want it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, GenericParam, Generics, Path, Result, parse_quote};

use crate::attributes::Attributes;
use crate::names;

/// The bodies of the methods.
pub(crate) struct Item {
    /// Of `check`, which has `name`, `ty` and `place`.
    pub(crate) check: TokenStream,
    /// Of `spell`, which has `text`, if it is not by its name.
    pub(crate) spell: Option<TokenStream>,
    /// Whether it may stand for nothing.
    pub(crate) nothing: Option<TokenStream>,
    /// Of `lower` and `lower_own`, which have `self` and `frame`.
    pub(crate) lower: TokenStream,
    pub(crate) lower_own: TokenStream,
    /// Of `lift`, which has `frame`.
    pub(crate) lift: TokenStream,
}

impl Item {
    pub(crate) fn implementations(
        self,
        input: &DeriveInput,
        attributes: &Attributes,
    ) -> Result<TokenStream> {
        let is_said = attributes.to || attributes.from;
        let borrows = input.generics.lifetimes().next().is_some();
        let wit = self.wit(input, attributes)?;
        let to = (attributes.to || !is_said).then(|| self.to(input));
        let from = (attributes.from || !(is_said || borrows)).then(|| self.from(input));
        Ok(quote!(#wit #to #from))
    }

    fn wit(&self, input: &DeriveInput, attributes: &Attributes) -> Result<TokenStream> {
        let name = names::of(&input.ident, attributes)?;
        let Item { check, nothing, .. } = self;
        let by_name = || quote!(text.push_str(#name););
        let spell = self.spell.clone().unwrap_or_else(by_name);
        let nothing = nothing.iter();
        let head = head(input, &parse_quote!(::landbridge::Wit));
        Ok(quote! {
            #[automatically_derived]
            #head {
                #(const NOTHING: bool = #nothing;)*

                fn check(
                    ty: &::landbridge::WitType,
                    place: &::landbridge::WitPlace<'_>,
                ) -> ::landbridge::Result<()> {
                    let name = #name;
                    #check
                }

                fn spell(text: &mut ::std::string::String) {
                    #spell
                }
            }
        })
    }

    fn to(&self, input: &DeriveInput) -> TokenStream {
        let Item {
            lower, lower_own, ..
        } = self;
        let head = head(input, &parse_quote!(::landbridge::ToWit));
        quote! {
            #[automatically_derived]
            #head {
                #[inline]
                fn lower<'__wit>(&'__wit self, frame: &mut ::landbridge::WitWriter<'__wit>) {
                    #lower
                }

                #[inline]
                fn lower_own(self, frame: &mut ::landbridge::WitWriter<'_>) {
                    #lower_own
                }
            }
        }
    }

    fn from(&self, input: &DeriveInput) -> TokenStream {
        let lift = &self.lift;
        let head = head(input, &parse_quote!(::landbridge::FromWit));
        quote! {
            #[automatically_derived]
            #head {
                #[inline]
                fn lift(frame: &mut ::landbridge::WitReader<'_>) -> ::landbridge::Result<Self> {
                    #lift
                }
            }
        }
    }
}

/// `impl<T: Trait> Trait for Name<T>`.
fn head(input: &DeriveInput, of: &Path) -> TokenStream {
    let generics = bounded(&input.generics, of);
    let (with, _, _) = generics.split_for_impl();
    let (_, parameters, where_) = input.generics.split_for_impl();
    let name = &input.ident;
    quote!(impl #with #of for #name #parameters #where_)
}

/// Each type that is a parameter has the trait too.
fn bounded(generics: &Generics, of: &Path) -> Generics {
    let mut generics = generics.clone();
    for parameter in &mut generics.params {
        if let GenericParam::Type(it) = parameter {
            it.bounds.push(parse_quote!(#of));
        }
    }
    generics
}
