//! Enums with stable numbers and names, the same in every host. `core/tables.toml` has their lines.

/// Declares an enum with stable numbers and names, and a table of all its values.
macro_rules! numbered {
    ($(#[$meta:meta])* $vis:vis enum $Name:ident { $($(#[$vmeta:meta])* $Variant:ident = $number:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        $vis enum $Name { $($(#[$vmeta])* $Variant = $number,)* }

        impl $Name {
            /// Every value, in the order of its number.
            pub const ALL: &'static [$Name] = &[$($Name::$Variant,)*];

            /// The stable name, in lower snake case, the same in every host.
            pub const fn name(self) -> &'static str {
                match self { $($Name::$Variant => $text,)* }
            }

            /// The stable number, the same in every host.
            pub const fn number(self) -> u32 {
                self as u32
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use numbered;
