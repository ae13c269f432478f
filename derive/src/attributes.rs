//! What `#[wit(...)]` says.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, LitStr, Result};

use crate::names;

/// Of a type, a field or a case.
#[derive(Default)]
pub(crate) struct Attributes {
    /// The name that WIT has.
    pub(crate) name: Option<LitStr>,
    /// Where it says that a struct is flags.
    pub(crate) flags: Option<Span>,
    /// It can be given.
    pub(crate) to: bool,
    /// It can be taken.
    pub(crate) from: bool,
}

impl Attributes {
    pub(crate) fn of_type(attributes: &[Attribute]) -> Result<Attributes> {
        Attributes::read(
            attributes,
            "`name = \"...\"`, `flags`, `to` or `from`",
            Attributes::take_of_type,
        )
    }

    pub(crate) fn of_part(attributes: &[Attribute]) -> Result<Attributes> {
        Attributes::read(attributes, "`name = \"...\"`", Attributes::take_name)
    }

    /// `take` says whether it knows what it is given.
    fn read(
        attributes: &[Attribute],
        known: &str,
        take: fn(&mut Attributes, &ParseNestedMeta<'_>) -> Result<bool>,
    ) -> Result<Attributes> {
        let mut all = Attributes::default();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("wit")) {
            attribute.parse_nested_meta(|meta| match take(&mut all, &meta)? {
                true => Ok(()),
                false => Err(meta.error(format!("`wit` knows no such word here: say {known}"))),
            })?;
        }
        Ok(all)
    }

    fn take_of_type(&mut self, meta: &ParseNestedMeta<'_>) -> Result<bool> {
        if meta.path.is_ident("flags") {
            self.flags = Some(meta.path.span());
        } else if meta.path.is_ident("to") {
            self.to = true;
        } else if meta.path.is_ident("from") {
            self.from = true;
        } else {
            return self.take_name(meta);
        }
        Ok(true)
    }

    fn take_name(&mut self, meta: &ParseNestedMeta<'_>) -> Result<bool> {
        if !meta.path.is_ident("name") {
            return Ok(false);
        }
        let name: LitStr = meta.value()?.parse()?;
        if !names::is_name(&name.value()) {
            return Err(Error::new(name.span(), names::no_name(&name.value())));
        }
        if self.name.replace(name).is_some() {
            return Err(meta.error("there are two names"));
        }
        Ok(true)
    }
}
