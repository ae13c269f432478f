//! Structs: records and tuples.

use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DataStruct, DeriveInput, Error, Fields, FieldsNamed, FieldsUnnamed, Index, Result};

use crate::attributes::Attributes;
use crate::item::Item;
use crate::names;

/// As `WitType::Tuple` may be at most.
const MOST_PARTS: usize = 12;

pub(crate) fn item(of: &DataStruct, input: &DeriveInput) -> Result<Item> {
    match &of.fields {
        Fields::Named(fields) if !fields.named.is_empty() => record(fields),
        Fields::Unnamed(fields) if !fields.unnamed.is_empty() => tuple(fields),
        _ => {
            let text = "WIT has no records without fields";
            Err(Error::new(input.ident.span(), text))
        }
    }
}

fn record(fields: &FieldsNamed) -> Result<Item> {
    let idents: Vec<_> = fields.named.iter().flat_map(|it| &it.ident).collect();
    let types: Vec<_> = fields.named.iter().map(|it| &it.ty).collect();
    let found = fields.named.iter().zip(&idents);
    let found = found.map(|(field, ident)| names::of_part(ident, &field.attrs));
    let found = found.collect::<Result<Vec<_>>>()?;
    names::check_differ(found.iter().zip(idents.iter().map(|it| it.span())))?;
    let checks = types
        .iter()
        .map(|ty| quote_spanned!(ty.span()=> <#ty as ::landbridge::Wit>::check));
    let lifts = types
        .iter()
        .map(|ty| quote_spanned!(ty.span()=> <#ty as ::landbridge::FromWit>::lift(frame)?));
    Ok(Item {
        check: quote! {
            ::landbridge::derived::record(name, ty, place, &[#((#found, #checks)),*])
        },
        spell: None,
        nothing: None,
        lower: quote!(#(::landbridge::ToWit::lower(&self.#idents, frame);)*),
        lower_own: quote!(#(::landbridge::ToWit::lower_own(self.#idents, frame);)*),
        lift: quote!(::landbridge::Result::Ok(Self { #(#idents: #lifts),* })),
    })
}

/// A tuple; one field is as it is alone.
fn tuple(fields: &FieldsUnnamed) -> Result<Item> {
    for field in &fields.unnamed {
        if let Some(name) = Attributes::of_part(&field.attrs)?.name {
            return Err(Error::new(
                name.span(),
                "the parts of a tuple have no names",
            ));
        }
    }
    if fields.unnamed.len() > MOST_PARTS {
        let text =
            format!("a tuple has at most {MOST_PARTS} parts here: give them names, as a record");
        return Err(Error::new(fields.span(), text));
    }
    let types: Vec<_> = fields.unnamed.iter().map(|it| &it.ty).collect();
    let parts: Vec<_> = (0..types.len()).map(Index::from).collect();
    let whole = match &types[..] {
        [alone] => quote!(#alone),
        _ => quote!((#(#types,)*)),
    };
    let lifts = types
        .iter()
        .map(|ty| quote_spanned!(ty.span()=> <#ty as ::landbridge::FromWit>::lift(frame)?));
    Ok(Item {
        check: quote! {
            let _ = name;
            <#whole as ::landbridge::Wit>::check(ty, place)
        },
        spell: Some(quote!(::landbridge::derived::spell::<#whole>(text))),
        nothing: (types.len() == 1).then(|| quote!(<#whole as ::landbridge::Wit>::NOTHING)),
        lower: quote!(#(::landbridge::ToWit::lower(&self.#parts, frame);)*),
        lower_own: quote!(#(::landbridge::ToWit::lower_own(self.#parts, frame);)*),
        lift: quote!(::landbridge::Result::Ok(Self(#(#lifts),*))),
    })
}
