//! An argument of a function, read by its type.

use landbridge::{AnyRef, Error, ErrorKind, Type, Value};

use crate::float;

/// Reads a value. `place` says which one it is, for messages.
pub(crate) fn read(text: &str, ty: Type, place: &str) -> Result<Value, Error> {
    if text == "null" && !ty.is_plain() {
        return Ok(Value::zero(ty));
    }
    match ty {
        Type::I32 => integer(text, ty, place, 32).map(|bits| Value::I32(bits as i32)),
        Type::I64 => integer(text, ty, place, 64).map(|bits| Value::I64(bits as i64)),
        Type::F32 => float::read_f32(text)
            .map(Value::F32)
            .ok_or_else(|| wrong(text, ty, place)),
        Type::F64 => float::read_f64(text)
            .map(Value::F64)
            .ok_or_else(|| wrong(text, ty, place)),
        Type::V128 => vector(text)
            .map(Value::V128)
            .ok_or_else(|| wrong(text, ty, place)),
        Type::AnyRef | Type::EqRef | Type::I31Ref => small(text, ty, place),
        _ => Err(wrong(text, ty, place)),
    }
}

/// An integer of so many bits, read as signed or unsigned.
fn integer(text: &str, ty: Type, place: &str, bits: u32) -> Result<i128, Error> {
    let number = number(text).ok_or_else(|| wrong(text, ty, place))?;
    match (-(1i128 << (bits - 1))..1i128 << bits).contains(&number) {
        true => Ok(number),
        false => Err(Error::range(place, ty, text)),
    }
}

/// Decimal, or hexadecimal with 0x; underscores may part the digits. What is longer than 128 bits is as wrong as it gets.
fn number(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    digits
        .starts_with(|c: char| c.is_digit(radix))
        .then_some(())?;
    let digits = digits.replace('_', "");
    Some(sign * i128::from_str_radix(&digits, radix).ok()?)
}

fn vector(text: &str) -> Option<u128> {
    let digits = text.strip_prefix("0x")?.replace('_', "");
    let all = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit());
    all.then(|| u128::from_str_radix(&digits, 16).ok())?
}

fn small(text: &str, ty: Type, place: &str) -> Result<Value, Error> {
    let number = number(text).ok_or_else(|| wrong(text, ty, place))?;
    match i32::try_from(number) {
        Ok(number) if (-(1 << 30)..1 << 30).contains(&number) => {
            Ok(Value::AnyRef(Some(AnyRef::I31(number))))
        }
        _ => Err(Error::range(place, Type::I31Ref, text)),
    }
}

fn wrong(text: &str, ty: Type, place: &str) -> Error {
    let form = match ty {
        Type::V128 => " (0x and up to 32 hexadecimal digits)",
        _ if ty.is_plain() => "",
        Type::AnyRef | Type::EqRef | Type::I31Ref => " (null or a small integer)",
        _ => " (only null can be given here)",
    };
    Error::new(
        ErrorKind::Type,
        format!("{place}: {text:?} is no {ty}{form}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str, ty: Type) -> Value {
        read(text, ty, "argument 1 of f").unwrap()
    }

    fn bad(text: &str, ty: Type) -> ErrorKind {
        read(text, ty, "argument 1 of f").unwrap_err().kind()
    }

    #[test]
    fn integers_are_signed_or_unsigned() {
        assert_eq!(good("-1", Type::I32), good("4294967295", Type::I32));
        assert_eq!(good("0xffffffff", Type::I32), Value::I32(-1));
        assert_eq!(good("-0x80000000", Type::I32), Value::I32(i32::MIN));
        assert_eq!(good("18446744073709551615", Type::I64), Value::I64(-1));
        assert_eq!(good("1_000", Type::I64), Value::I64(1000));
        assert_eq!(bad("4294967296", Type::I32), ErrorKind::Range);
        assert_eq!(bad("-2147483649", Type::I32), ErrorKind::Range);
        assert_eq!(bad("18446744073709551616", Type::I64), ErrorKind::Range);
        for text in ["", "-", "1.5", "0x", "--1", "+-1", "one", "_1", "null"] {
            assert_eq!(bad(text, Type::I32), ErrorKind::Type, "{text}");
        }
    }

    #[test]
    fn a_vector_is_one_number() {
        assert_eq!(good("0x1", Type::V128), Value::V128(1));
        let all = "0xffffffffffffffffffffffffffffffff";
        assert_eq!(good(all, Type::V128), Value::V128(u128::MAX));
        for text in ["1", "0x", "0x+1", "0x100000000000000000000000000000000"] {
            assert_eq!(bad(text, Type::V128), ErrorKind::Type, "{text}");
        }
    }

    #[test]
    fn references_are_null_or_small() {
        assert!(good("null", Type::ExternRef).is_null());
        assert_eq!(
            good("-5", Type::I31Ref),
            Value::AnyRef(Some(AnyRef::I31(-5)))
        );
        assert_eq!(bad("1073741824", Type::EqRef), ErrorKind::Range);
        assert_eq!(bad("5", Type::ExternRef), ErrorKind::Type);
    }
}
