//! What types of WIT are made of.

use landbridge::{Label, WitType};

/// What is said of a type that may have a name.
pub(crate) fn label(ty: &WitType) -> Option<&Label> {
    match ty {
        WitType::Record(of) => Some(&of.label),
        WitType::Variant(of) => Some(&of.label),
        WitType::Enum(of) => Some(&of.label),
        WitType::Flags(of) => Some(&of.label),
        _ => None,
    }
}

/// The types of its elements, fields, cases and sides.
pub(crate) fn parts(ty: &WitType) -> Vec<&WitType> {
    match ty {
        WitType::List(of) | WitType::Option(of) => vec![of],
        WitType::Tuple(of) => of.iter().collect(),
        WitType::Result(of) => of.ok.iter().chain(&of.err).collect(),
        WitType::Record(of) => of.fields.iter().map(|it| &it.ty).collect(),
        WitType::Variant(of) => of.cases.iter().filter_map(|it| it.ty.as_ref()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a list of it may cross as a whole.
pub(crate) fn is_number(ty: &WitType) -> bool {
    use WitType as T;
    let is_integer = matches!(
        ty,
        T::S8 | T::U8 | T::S16 | T::U16 | T::S32 | T::U32 | T::S64 | T::U64
    );
    is_integer || matches!(ty, T::F32 | T::F64)
}
