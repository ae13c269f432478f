//! Floats as text, with all bits of a NaN: `1.5`, `1e30`, `-inf`, `nan`, `nan:0x1`.

/// The bits of a float after its sign and exponent.
const F32_FRACTION: u32 = 23;
const F64_FRACTION: u32 = 52;

pub(crate) fn read_f32(text: &str) -> Option<f32> {
    match nan(text, F32_FRACTION)? {
        Some((sign, fraction)) => {
            let bits = f32::INFINITY.to_bits() | u32::try_from(fraction).ok()?;
            Some(f32::from_bits(bits | u32::from(sign) << 31))
        }
        None => text.parse().ok(),
    }
}

pub(crate) fn read_f64(text: &str) -> Option<f64> {
    match nan(text, F64_FRACTION)? {
        Some((sign, fraction)) => {
            let bits = f64::INFINITY.to_bits() | fraction;
            Some(f64::from_bits(bits | u64::from(sign) << 63))
        }
        None => text.parse().ok(),
    }
}

/// Sign and fraction if the text is of a NaN; none at all if it is of one that cannot be.
fn nan(text: &str, width: u32) -> Option<Option<(bool, u64)>> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest == "nan" {
        return Some(Some((sign, 1 << (width - 1))));
    }
    let Some(digits) = rest.strip_prefix("nan:0x") else {
        return Some(None);
    };
    let fraction = u64::from_str_radix(digits, 16).ok()?;
    (1..1 << width)
        .contains(&fraction)
        .then_some(Some((sign, fraction)))
}

pub(crate) fn text_f32(value: f32) -> String {
    let (sign, bits) = (value.is_sign_negative(), value.to_bits().into());
    match value.is_nan() {
        true => nan_text(sign, bits, F32_FRACTION),
        false => format!("{value:?}"),
    }
}

pub(crate) fn text_f64(value: f64) -> String {
    let sign = value.is_sign_negative();
    match value.is_nan() {
        true => nan_text(sign, value.to_bits(), F64_FRACTION),
        false => format!("{value:?}"),
    }
}

fn nan_text(sign: bool, bits: u64, width: u32) -> String {
    let (sign, fraction) = (if sign { "-" } else { "" }, bits & ((1 << width) - 1));
    match fraction == 1 << (width - 1) {
        true => format!("{sign}nan"),
        false => format!("{sign}nan:{fraction:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read() {
        for bits in [
            0,
            1 << 31,
            0x7f80_0000,
            0xffc0_0000,
            0x7f80_0001,
            0x3fc0_0000,
            1,
            0x7149_f2ca,
        ] {
            let text = text_f32(f32::from_bits(bits));
            assert_eq!(read_f32(&text).map(f32::to_bits), Some(bits), "{text}");
        }
        for bits in [
            0,
            1 << 63,
            0x7ff0_0000_0000_0000,
            0xfff8_0000_0000_0000,
            0x7ff0_0000_0000_0001,
        ] {
            let text = text_f64(f64::from_bits(bits));
            assert_eq!(read_f64(&text).map(f64::to_bits), Some(bits), "{text}");
        }
    }

    #[test]
    fn forms() {
        assert_eq!(text_f64(1e30), "1e30");
        assert_eq!(text_f64(5.0), "5.0");
        assert_eq!(text_f32(f32::NEG_INFINITY), "-inf");
        assert_eq!(text_f64(f64::from_bits(0x7ff8_0000_0000_0000)), "nan");
        assert_eq!(read_f64("-1.5e3"), Some(-1500.0));
        for wrong in ["", "x", "nan:0x0", "nan:0x10000000000000", "nan:1", "0x1p3"] {
            assert_eq!(read_f64(wrong), None, "{wrong}");
        }
    }
}
