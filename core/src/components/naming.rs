//! Names of interfaces, long and short.

/// How well a name that somebody gave names an interface by its full name; the least is the best, none is not at all.
///
/// For `demo:app/shapes@1.2.0` these do: the same, `demo:app/shapes@1.2` and other versions that are compatible,
/// `demo:app/shapes`, and `shapes`.
pub(crate) fn fits(given: &str, full: &str) -> Option<u32> {
    if given == full {
        return Some(0);
    }
    let (given, asked) = split(given);
    let (path, version) = split(full);
    let is_short = !given.contains('/') && path.rsplit('/').next() == Some(given);
    let is_named = given == path || is_short;
    let farther = match asked {
        _ if !is_named => return None,
        Some(asked) if begins_with(version?, asked) => 0,
        Some(asked) if !are_compatible(asked, version?) => return None,
        Some(_) => 1,
        None => 2,
    };
    Some(if given == path { 1 } else { 4 } + farther)
}

/// Whether a version has the numbers that are asked for: 1.2.3 has those of 1.2.
fn begins_with(version: &str, asked: &str) -> bool {
    let rest = version.strip_prefix(asked);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A name and its version.
pub(crate) fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (name, None),
    }
}

/// Whether versions are compatible by semver: the same up to the first number that is not 0. Less may be asked for.
fn are_compatible(asked: &str, version: &str) -> bool {
    let plain = |it: &str| it.split(['-', '+']).next().unwrap_or_default().to_owned();
    let (asked, version) = (plain(asked), plain(version));
    let mut both = asked.split('.').zip(version.split('.'));
    loop {
        match both.next() {
            Some((a, b)) if a != b => return false,
            Some(("0", _)) => {}
            _ => return true,
        }
    }
}

/// The name of a function without what it is to a resource: `canvas.draw` of `[method]canvas.draw`.
pub(crate) fn bare(name: &str) -> &str {
    match name.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((_, bare)) => bare,
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_name_fits() {
        let full = "demo:app/shapes@1.2.0";
        for given in [
            full,
            "demo:app/shapes@1.2",
            "demo:app/shapes@1.3.1",
            "demo:app/shapes",
            "shapes",
            "shapes@1",
        ] {
            assert!(fits(given, full).is_some(), "{given}");
        }
        for given in [
            "demo:app/shape",
            "demo:app/shapes@2.0.0",
            "app/shapes",
            "",
            "hapes",
            "demo:app",
        ] {
            assert!(fits(given, full).is_none(), "{given}");
        }
        assert!(fits("a:b/c@0.2.0", "a:b/c@0.2.12").is_some());
        assert!(fits("a:b/c@0.2.0", "a:b/c@0.3.0").is_none());
        assert_eq!(fits("c", "c"), Some(0));
        let nearer = |given, one, other| fits(given, one).unwrap() < fits(given, other).unwrap();
        assert!(nearer("a:b/c@1.2", "a:b/c@1.2.5", "a:b/c@1.3.0"));
        assert!(nearer("a:b/c@1.2.0", "a:b/c@1.2.0", "a:b/c@1.2.1"));
        assert!(nearer("c@1.2", "a:b/c@1.2.5", "a:b/c@1.3.0"));
    }
}
