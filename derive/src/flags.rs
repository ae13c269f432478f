//! Structs of `bool`s: flags.

use quote::quote;
use syn::spanned::Spanned;
use syn::{DataStruct, DeriveInput, Error, Fields, Result, Type};

use crate::item::Item;
use crate::names;

pub(crate) fn item(of: &DataStruct, input: &DeriveInput) -> Result<Item> {
    let fields = match &of.fields {
        Fields::Named(fields) if !fields.named.is_empty() => fields,
        _ => {
            let text = "flags are a struct of `bool`s: `struct Access { read: bool }`";
            return Err(Error::new(input.ident.span(), text));
        }
    };
    let is_bool = |ty: &Type| matches!(ty, Type::Path(it) if it.path.is_ident("bool"));
    if let Some(field) = fields.named.iter().find(|it| !is_bool(&it.ty)) {
        return Err(Error::new(field.ty.span(), "a flag is a `bool`"));
    }
    let idents: Vec<_> = fields.named.iter().flat_map(|it| &it.ident).collect();
    let found = fields.named.iter().zip(&idents);
    let found = found.map(|(field, ident)| names::of_part(ident, &field.attrs));
    let found = found.collect::<Result<Vec<_>>>()?;
    names::check_differ(found.iter().zip(idents.iter().map(|it| it.span())))?;
    let (count, bytes) = (found.len(), flags_bytes(found.len()));
    let numbers = 0..count;
    let put = quote!(frame.raw(&::landbridge::derived::bits::<#bytes>(&[#(self.#idents),*])););
    Ok(Item {
        check: quote!(::landbridge::derived::flags(name, ty, place, &[#(#found),*])),
        spell: None,
        nothing: None,
        lower: put.clone(),
        lower_own: put,
        lift: quote! {
            let is_set = ::landbridge::derived::lift_bits::<#bytes>(frame, #count)?;
            ::landbridge::Result::Ok(Self { #(#idents: is_set(#numbers)),* })
        },
    })
}

/// As core has it.
fn flags_bytes(flags: usize) -> usize {
    match flags {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4 * flags.div_ceil(32),
    }
}
