//! How a language spells what WIT calls `best-price`.

/// A language's words that are no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keywords {
    Python,
    TypeScript,
    Java,
    Cpp,
}

/// `best_price`, and `class_` where that is a keyword.
pub(crate) fn snake(name: &str, keywords: Keywords) -> String {
    keywords.avoid(own(name).to_lowercase().replace('-', "_"))
}

/// `bestPrice`, and `class_` where that is a keyword.
pub(crate) fn camel(name: &str, keywords: Keywords) -> String {
    let (first, rest) = own(name).split_once('-').unwrap_or((own(name), ""));
    keywords.avoid(first.to_lowercase() + &joined(rest))
}

/// `BestPrice`, and `None_` where that is a keyword.
pub(crate) fn upper_camel(name: &str, keywords: Keywords) -> String {
    keywords.avoid(joined(own(name)))
}

/// `shapes` of `demo:app/shapes@1.2.0`.
pub(crate) fn own(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name);
    name.rsplit('/').next().unwrap_or(name)
}

fn joined(kebab: &str) -> String {
    kebab.split('-').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        None => String::new(),
        Some(first) => first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase(),
    }
}

pub(crate) fn is_keyword(name: &str, keywords: Keywords) -> bool {
    keywords.words().split_whitespace().any(|it| it == name)
}

impl Keywords {
    fn avoid(self, name: String) -> String {
        match is_keyword(&name, self) {
            true => name + "_",
            false => name,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Keywords::Python => PYTHON,
            Keywords::TypeScript => TYPESCRIPT,
            Keywords::Java => JAVA,
            Keywords::Cpp => CPP,
        }
    }
}

const PYTHON: &str = "\
    False None True and as assert async await break class continue def del elif else except finally for from global if \
    import in is lambda nonlocal not or pass raise return try while with yield";

/// Of parameters; members may be called anything.
const TYPESCRIPT: &str = "\
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false \
    finally for function if implements import in instanceof interface let new null package private protected public \
    return static super switch this throw true try typeof var void while with yield";

const JAVA: &str = "\
    _ abstract assert boolean break byte case catch char class const continue default do double else enum extends false \
    final finally float for goto if implements import instanceof int interface long native new null package private \
    protected public return short static strictfp super switch synchronized this throw throws transient true try void \
    volatile while";

/// And the namespaces that are named, and what headers of C and compilers define as macros.
const CPP: &str = "\
    std landbridge errno stdin stdout stderr assert linux unix i386 \
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class co_await \
    co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do \
    double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable \
    namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast \
    requires return short signed sizeof static static_assert static_cast struct switch template this thread_local \
    throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_the_language_has_them() {
        assert_eq!(snake("best-price", Keywords::Python), "best_price");
        assert_eq!(snake("HTTP-server", Keywords::Cpp), "http_server");
        assert_eq!(camel("best-price", Keywords::Java), "bestPrice");
        assert_eq!(camel("get-HTTP-x2", Keywords::TypeScript), "getHttpX2");
        assert_eq!(upper_camel("basket-item", Keywords::Python), "BasketItem");
        assert_eq!(upper_camel("a:b/the-shop@1.2.0", Keywords::Java), "TheShop");
    }

    #[test]
    fn a_keyword_gets_a_trailing_underscore() {
        assert_eq!(snake("class", Keywords::Python), "class_");
        assert_eq!(upper_camel("none", Keywords::Python), "None_");
        assert_eq!(camel("class", Keywords::Java), "class_");
        assert_eq!(camel("function", Keywords::TypeScript), "function_");
        assert_eq!(snake("and", Keywords::Cpp), "and_");
        assert_eq!(snake("std", Keywords::Cpp), "std_");
        assert_eq!(snake("errno", Keywords::Cpp), "errno_");
        assert_eq!(snake("and", Keywords::Python), "and_");
        assert_eq!(camel("and", Keywords::Java), "and");
    }
}
