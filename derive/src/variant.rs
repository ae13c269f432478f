//! Enums: variants and enums.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::attributes::Attributes;
use crate::item::Item;
use crate::names;

/// A case: its name in Rust and in WIT, and what it holds.
struct Case<'a> {
    ident: &'a Ident,
    name: String,
    ty: Option<&'a Type>,
}

pub(crate) fn item(of: &DataEnum, input: &DeriveInput) -> Result<Item> {
    if of.variants.is_empty() {
        let text = "WIT has no variants without cases";
        return Err(Error::new(input.ident.span(), text));
    }
    let cases = of.variants.iter().map(case).collect::<Result<Vec<_>>>()?;
    names::check_differ(cases.iter().map(|it| (&it.name, it.ident.span())))?;
    let bytes = discriminant_bytes(cases.len());
    let count = cases.len() as u32;
    let checks = cases.iter().map(Case::check);
    let numbered = || (0_u32..).zip(&cases);
    let lower = numbered().map(|(n, it)| it.lower(n, bytes, &quote!(lower)));
    let lower_own = numbered().map(|(n, it)| it.lower(n, bytes, &quote!(lower_own)));
    let lifts = numbered().map(|(n, it)| {
        it.lift(match n + 1 == count {
            true => quote!(_),
            false => quote!(#n),
        })
    });
    Ok(Item {
        check: quote!(::landbridge::derived::variant(name, ty, place, &[#(#checks),*])),
        spell: None,
        nothing: None,
        lower: quote!(match self { #(#lower)* }),
        lower_own: quote!(match self { #(#lower_own)* }),
        lift: quote! {
            ::landbridge::Result::Ok(match frame.case(#bytes, #count)? { #(#lifts)* })
        },
    })
}

fn case(variant: &Variant) -> Result<Case<'_>> {
    let name = names::of_part(&variant.ident, &variant.attrs)?;
    let ty = match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            if let Some(name) = Attributes::of_part(&field.attrs)?.name {
                return Err(Error::new(name.span(), "what a case holds has no name"));
            }
            Some(&field.ty)
        }
        Fields::Unnamed(fields) if fields.unnamed.is_empty() => {
            let text = format!(
                "a case that holds nothing is written without parentheses: `{}`",
                variant.ident
            );
            return Err(Error::new(fields.span(), text));
        }
        Fields::Unnamed(fields) => {
            let types = &fields.unnamed;
            let text = format!(
                "a case of WIT holds one value: `{}(({}))` is a tuple",
                variant.ident,
                quote!(#types).to_string().replace(" ,", ","),
            );
            return Err(Error::new(fields.span(), text));
        }
        Fields::Named(fields) => {
            let text = "a case of WIT holds one value: derive `Wit` for a struct of these fields, and let the case \
                        hold that";
            return Err(Error::new(fields.span(), text));
        }
    };
    let ident = &variant.ident;
    Ok(Case { ident, name, ty })
}

/// As core has it.
fn discriminant_bytes(cases: usize) -> usize {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

impl Case<'_> {
    fn check(&self) -> TokenStream {
        let name = &self.name;
        match self.ty {
            None => quote!((#name, ::std::option::Option::None)),
            Some(ty) => {
                let held = quote_spanned!(ty.span()=> ::landbridge::derived::held::<#ty>());
                quote!((#name, #held))
            }
        }
    }

    fn lower(&self, number: u32, bytes: usize, method: &TokenStream) -> TokenStream {
        let ident = self.ident;
        match self.ty {
            None => quote!(Self::#ident => frame.case(#number, #bytes),),
            Some(_) => quote! {
                Self::#ident(it) => {
                    frame.case(#number, #bytes);
                    ::landbridge::ToWit::#method(it, frame);
                }
            },
        }
    }

    fn lift(&self, number: TokenStream) -> TokenStream {
        let ident = self.ident;
        let held = self
            .ty
            .map(|ty| quote_spanned!(ty.span()=> (<#ty as ::landbridge::FromWit>::lift(frame)?)));
        quote!(#number => Self::#ident #held,)
    }
}
