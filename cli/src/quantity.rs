//! Times and sizes with their units.

use std::time::Duration;

const TIMES: &[(&str, u64)] = &[
    ("", 1000),
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
];

const SIZES: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// `500ms`, `2s`, `1m`; without a unit seconds.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let found = read(text, TIMES).filter(|found| *found > 0);
    let found =
        found.ok_or("a time is a number of seconds, or with ms, s, m or h, such as 500ms")?;
    Ok(Duration::from_millis(found))
}

/// `64MiB`, or bytes.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let wrong = "a size is a number of bytes, or with KiB, MiB, GiB, KB, MB or GB, such as 64MiB";
    read(text, SIZES).ok_or_else(|| wrong.to_owned())
}

fn read(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("5"), Ok(Duration::from_secs(5)));
        assert_eq!(time("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(time("1m"), Ok(Duration::from_secs(60)));
        for wrong in [
            "",
            "0",
            "0s",
            "-1s",
            "1.5s",
            "s",
            "1 s",
            "1d",
            "99999999999999999999h",
        ] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_may_have_units() {
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("65536"), Ok(65536));
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("2KB"), Ok(2000));
        for wrong in ["", "MiB", "-1", "1M", "1mib", "1.5MiB", "17179869184GiB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
