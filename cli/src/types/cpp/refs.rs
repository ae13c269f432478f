//! What values of types are in C++.

use landbridge::{WitFuncType, WitType};

use super::names::Names;
use crate::wit::is_number;

/// Who calls a function.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Caller {
    Host,
    Guest,
}

impl Names {
    /// A value that somebody has.
    pub(super) fn value(&self, ty: &WitType) -> String {
        let held =
            |it: &Option<WitType>| it.as_ref().map_or("void".to_owned(), |it| self.value(it));
        match ty {
            WitType::Bool => "bool".to_owned(),
            WitType::S8 => "std::int8_t".to_owned(),
            WitType::U8 => "std::uint8_t".to_owned(),
            WitType::S16 => "std::int16_t".to_owned(),
            WitType::U16 => "std::uint16_t".to_owned(),
            WitType::S32 => "std::int32_t".to_owned(),
            WitType::U32 => "std::uint32_t".to_owned(),
            WitType::S64 => "std::int64_t".to_owned(),
            WitType::U64 => "std::uint64_t".to_owned(),
            WitType::F32 => "float".to_owned(),
            WitType::F64 => "double".to_owned(),
            WitType::Char => "char32_t".to_owned(),
            WitType::String => "std::string".to_owned(),
            WitType::List(of) => format!("std::vector<{}>", self.value(of)),
            WitType::Option(of) => format!("std::optional<{}>", self.value(of)),
            WitType::Tuple(of) => {
                let parts: Vec<_> = of.iter().map(|it| self.value(it)).collect();
                format!("std::tuple<{}>", parts.join(", "))
            }
            WitType::Result(of) => {
                format!(
                    "::landbridge::WitResult<{}, {}>",
                    held(&of.ok),
                    held(&of.err)
                )
            }
            WitType::Own(of) | WitType::Borrow(of) if self.imported.contains(of) => {
                format!("std::shared_ptr<{}>", self.absolute(ty))
            }
            WitType::Borrow(_) => "::landbridge::ResourceRef".to_owned(),
            ty => self.absolute(ty),
        }
    }

    /// A parameter, which is only looked at.
    pub(super) fn param(&self, ty: &WitType, caller: Caller) -> String {
        match ty {
            WitType::String => "std::string_view".to_owned(),
            WitType::List(of) if is_number(of) => format!("std::span<const {}>", self.value(of)),
            WitType::Borrow(of) if self.imported.contains(of) => match caller {
                Caller::Host => self.value(ty),
                Caller::Guest => format!("{} &", self.absolute(ty)),
            },
            WitType::Borrow(_) => format!("const {} &", self.absolute(ty)),
            WitType::List(_)
            | WitType::Option(_)
            | WitType::Tuple(_)
            | WitType::Result(_)
            | WitType::Record(_)
            | WitType::Variant(_) => format!("const {} &", self.value(ty)),
            ty => self.value(ty),
        }
    }

    /// What a function gives; the `err` of a `result` is thrown.
    pub(super) fn given(&self, ty: &WitFuncType) -> String {
        match &ty.result {
            None => "void".to_owned(),
            Some(WitType::Result(of)) => of
                .ok
                .as_ref()
                .map_or("void".to_owned(), |it| self.value(it)),
            Some(ty) => self.value(ty),
        }
    }

    /// `std::string(std::string_view)`
    pub(super) fn signature(&self, ty: &WitFuncType) -> String {
        let params = ty.params.iter().map(|it| self.param(&it.ty, Caller::Host));
        let params: Vec<_> = params.collect();
        format!("{}({})", self.given(ty), params.join(", "))
    }
}
