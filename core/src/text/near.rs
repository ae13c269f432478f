//! The name that was probably meant.

/// Bytes of the names that are compared letter by letter; longer ones are not mistyped, but made.
const NAME_BYTES: usize = 64;

/// How many pairs of letters are compared for one name, so that many names take no long time.
const WORK: usize = 200_000;

/// The known name that is nearest to one that is not known, if it is near: other letters' case, `-` and
/// `_` count for nothing, then a few letters that differ.
pub(crate) fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > NAME_BYTES {
        return None;
    }
    let mut found: Option<(usize, &str)> = None;
    let mut work = 0;
    for other in known.into_iter().filter(|it| it.len() <= NAME_BYTES) {
        work += 1 + name.len();
        let distance = match is_alike(name, other) {
            true => 0,
            false => {
                let most = most(name, other);
                if most == 0 || name.len().abs_diff(other.len()) > most {
                    continue;
                }
                work += name.len() * other.len();
                let distance = strsim::osa_distance(name, other);
                if distance > most {
                    continue;
                }
                distance
            }
        };
        if found.is_none_or(|found| (distance, other) < found) {
            found = Some((distance, other));
        }
        if work > WORK {
            break;
        }
    }
    found.map(|(_, name)| name)
}

/// How many letters may differ.
fn most(name: &str, other: &str) -> usize {
    match name.len().min(other.len()) {
        0..2 => 0,
        2..5 => 1,
        5..9 => 2,
        _ => 3,
    }
}

fn is_alike(name: &str, other: &str) -> bool {
    let letters = |text: &'_ str| {
        let kept = text.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
        kept.map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    name.len().abs_diff(other.len()) <= 4 && letters(name) == letters(other)
}

/// The end of a message about a name that is not known; nothing if none is near.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match near(name, known) {
        Some(meant) => format!("; did you mean {}?", crate::text::quoted(meant)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let known = ["add", "sub", "memory", "fd_write", "fd_pwrite", "getText"];
        for (name, meant) in [
            ("ad", Some("add")),
            ("Add", Some("add")),
            ("memroy", Some("memory")),
            ("fd_wirte", Some("fd_write")),
            ("fd-write", Some("fd_write")),
            ("get_text", Some("getText")),
            ("a", None),
            ("", None),
            ("multiply", None),
        ] {
            assert_eq!(near(name, known), meant, "{name}");
        }
    }

    #[test]
    fn names_of_any_length_and_number_take_little_time() {
        let long = "a".repeat(1 << 20);
        assert_eq!(near(&long, [long.as_str()]), None);
        assert_eq!(near("add", [long.as_str(), "add1"]), Some("add1"));
        let many: Vec<String> = (0..100_000).map(|i| format!("name{i:06}")).collect();
        let mut seen = 0;
        let known = many.iter().map(|it| {
            seen += 1;
            it.as_str()
        });
        near("nope123456", known);
        assert!(seen < 50_000, "{seen}");
    }
}
