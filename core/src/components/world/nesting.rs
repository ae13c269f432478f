//! How deep a WIT text is nested. It is checked before parsing, since the parser recurses.

/// How deep brackets are in one another, outside of comments and strings, which are read as the parser reads them.
pub(super) fn depth(wit: &str) -> usize {
    let mut rest = wit.as_bytes();
    let (mut depth, mut most, mut before) = (0_usize, 0, 0);
    while let [byte, after @ ..] = rest {
        rest = match (byte, after.first()) {
            (b'/', Some(b'/')) => line_end(after),
            (b'/', Some(b'*')) => comment_end(&after[1..]),
            (b'"', _) => string_end(after),
            _ => after,
        };
        match byte {
            b'<' | b'{' | b'(' => depth += 1,
            // An arrow.
            b'>' if before == b'-' => {}
            b'>' | b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
        before = *byte;
    }
    most
}

fn line_end(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|it| *it == b'\n');
    &rest[end.unwrap_or(rest.len())..]
}

/// Comments may be in one another.
fn comment_end(mut rest: &[u8]) -> &[u8] {
    let mut depth = 1_usize;
    while depth > 0 && !rest.is_empty() {
        let step = match rest {
            [b'/', b'*', ..] => (2, depth + 1),
            [b'*', b'/', ..] => (2, depth - 1),
            _ => (1, depth),
        };
        depth = step.1;
        rest = &rest[step.0..];
    }
    rest
}

fn string_end(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [] => return rest,
            [b'"', after @ ..] => return after,
            [b'\\', _, after @ ..] => after,
            [_, after @ ..] => after,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_count_outside_of_comments_and_strings() {
        for (wit, deep) in [
            ("", 0),
            ("f: func(a: list<option<u8>>) -> result<u8>;", 3),
            ("// ((((\n(", 1),
            ("/* ( /* ( */ ( */ (", 1),
            ("/*x//x*/((\n", 2),
            ("/*//*/((\n", 0),
            ("/* > */<</*>*/<", 3),
            ("\"//\"<\"\\\"<<\"<", 2),
            ("<->>", 1),
        ] {
            assert_eq!(depth(wit), deep, "{wit}");
        }
    }
}
