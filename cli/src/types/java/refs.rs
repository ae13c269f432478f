//! What a value of a type is in Java.

use landbridge::{ResourceType, WitType};

use super::Java;
use super::names::named;

impl Java<'_> {
    /// As a parameter, a result or a component.
    pub(super) fn given(&self, ty: &WitType) -> String {
        match ty {
            WitType::Bool => "boolean".to_owned(),
            WitType::S8 => "byte".to_owned(),
            WitType::S16 => "short".to_owned(),
            WitType::U8 | WitType::U16 | WitType::S32 | WitType::Char => "int".to_owned(),
            WitType::U32 | WitType::S64 | WitType::U64 => "long".to_owned(),
            WitType::F32 => "float".to_owned(),
            WitType::F64 => "double".to_owned(),
            _ => self.object(ty),
        }
    }

    /// As an argument of a generic type.
    pub(super) fn object(&self, ty: &WitType) -> String {
        let lib = |path: &str| self.names.lib(path);
        if let Some((label, name)) = named(ty) {
            let path = self.names.path(label, name);
            return match ty {
                WitType::Flags(_) => format!("{}<{path}>", lib("java.util.Set")),
                _ => path,
            };
        }
        match ty {
            WitType::Bool => lib("java.lang.Boolean"),
            WitType::S8 => lib("java.lang.Byte"),
            WitType::S16 => lib("java.lang.Short"),
            WitType::U8 | WitType::U16 | WitType::S32 | WitType::Char => lib("java.lang.Integer"),
            WitType::U32 | WitType::S64 | WitType::U64 => lib("java.lang.Long"),
            WitType::F32 => lib("java.lang.Float"),
            WitType::F64 => lib("java.lang.Double"),
            WitType::String | WitType::Enum(_) => lib("java.lang.String"),
            WitType::List(of) => self.list(of),
            WitType::Tuple(of) => {
                let parts: Vec<_> = of.iter().map(|it| self.object(it)).collect();
                format!(
                    "{}.{}<{}>",
                    self.names.outer,
                    self.names.tuple(of.len()),
                    parts.join(", ")
                )
            }
            WitType::Option(of) => format!("{}<{}>", lib("java.util.Optional"), self.object(of)),
            WitType::Result(of) => {
                let part = |it: &Option<WitType>| {
                    it.as_ref()
                        .map_or_else(|| lib("java.lang.Void"), |it| self.object(it))
                };
                let result = lib("dev.landbridge.WitResult");
                format!("{result}<{}, {}>", part(&of.ok), part(&of.err))
            }
            WitType::Own(of) | WitType::Borrow(of) => self.resource_type(of),
            WitType::Record(_) => {
                let (map, text) = (lib("java.util.Map"), lib("java.lang.String"));
                format!("{map}<{text}, {}>", lib("java.lang.Object"))
            }
            WitType::Flags(_) => {
                format!("{}<{}>", lib("java.util.Set"), lib("java.lang.String"))
            }
            _ => lib("dev.landbridge.WitVariant"),
        }
    }

    fn list(&self, of: &WitType) -> String {
        match of {
            WitType::S8 | WitType::U8 => "byte[]".to_owned(),
            WitType::S16 | WitType::U16 => "short[]".to_owned(),
            WitType::S32 | WitType::U32 => "int[]".to_owned(),
            WitType::S64 | WitType::U64 => "long[]".to_owned(),
            WitType::F32 => "float[]".to_owned(),
            WitType::F64 => "double[]".to_owned(),
            _ => format!("{}<{}>", self.names.lib("java.util.List"), self.object(of)),
        }
    }

    fn resource_type(&self, of: &ResourceType) -> String {
        match &of.label().name {
            Some(name) => self.names.path(of.label(), name),
            None => self.names.lib("java.lang.Object"),
        }
    }
}
