//! Ports, and sets of their ranges.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use super::json::wrong;
use crate::Result;

/// Ports: one, or all of a range. Made from a number or a range such as `8000..=8999`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    first: u16,
    last: u16,
}

impl Ports {
    /// All ports.
    pub const ANY: Ports = Ports {
        first: 0,
        last: u16::MAX,
    };

    /// Reads `443`, `8000-8999` or `*`, which is all of them.
    ///
    /// # Errors
    /// `type` if it is none of these.
    pub fn parse(text: &str) -> Result<Ports> {
        let (first, last) = match text {
            "*" => return Ok(Ports::ANY),
            _ => text.split_once('-').unwrap_or((text, text)),
        };
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Ports { first, last }),
            _ => Err(wrong(&format!(
                "no ports are {text:?}; write 443, 8000-8999 or *"
            ))),
        }
    }

    /// Whether a port is one of these.
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }

    fn meet(self, other: Ports) -> Option<Ports> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Ports { first, last })
    }
}

/// Digits alone, without a sign.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl From<u16> for Ports {
    fn from(port: u16) -> Ports {
        (port..=port).into()
    }
}

impl From<RangeInclusive<u16>> for Ports {
    /// The ports of the range; if it ends before it begins, its beginning and no other.
    fn from(range: RangeInclusive<u16>) -> Ports {
        Ports {
            first: *range.start(),
            last: *range.end().max(range.start()),
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (0, u16::MAX) => f.write_str("*"),
            (first, last) if first == last => write!(f, "{first}"),
            (first, last) => write!(f, "{first}-{last}"),
        }
    }
}

/// Ranges of which none is in another: the last port of each by its first one. So both grow
/// together, and of the ranges that begin before some port the last one reaches farthest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PortSet(BTreeMap<u16, u16>);

/// So few ranges are looked up in many, instead of the many in the few.
const FEW: usize = 16;

impl PortSet {
    pub(super) fn add(&mut self, ports: Ports) {
        if self.cover(ports) {
            return;
        }
        let inside = self.0.range(ports.first..);
        let inside = inside.take_while(|(_, last)| **last <= ports.last);
        let inside: Vec<_> = inside.map(|(first, _)| *first).collect();
        for first in inside {
            self.0.remove(&first);
        }
        self.0.insert(ports.first, ports.last);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Ports> {
        let all = self.0.iter();
        all.map(|(first, last)| Ports::from(*first..=*last))
    }

    /// Whether one of the ranges has all of these.
    pub(super) fn cover(&self, ports: Ports) -> bool {
        let before = self.before(ports.first);
        before.is_some_and(|it| it.last >= ports.last)
    }

    /// The range that reaches farthest of those that begin at a port or before.
    fn before(&self, port: u16) -> Option<Ports> {
        let found = self.0.range(..=port).next_back();
        found.map(|(first, last)| Ports::from(*first..=*last))
    }

    /// What ranges of the one have in common with ranges of the other.
    pub(super) fn meet(&self, other: &PortSet) -> PortSet {
        let mut both = PortSet::default();
        let (few, many) = match self.0.len() < other.0.len() {
            true => (self, other),
            false => (other, self),
        };
        // What two have in common begins where one of them does.
        for ports in few.iter() {
            let met = many.before(ports.first).and_then(|it| it.meet(ports));
            met.into_iter().for_each(|it| both.add(it));
            if few.0.len() <= FEW {
                let inside = many.0.range(ports.first..=ports.last);
                let inside = inside.map(|(first, last)| Ports::from(*first..=*last));
                let inside = inside.filter_map(|it| it.meet(ports));
                inside.for_each(|it| both.add(it));
            }
        }
        if few.0.len() > FEW {
            let met = many.iter().filter_map(|it| few.before(it.first)?.meet(it));
            met.for_each(|it| both.add(it));
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pairs, one by one.
    fn met(ours: &PortSet, theirs: &PortSet) -> PortSet {
        let mut both = PortSet::default();
        for it in ours.iter() {
            let met = theirs.iter().filter_map(|other| it.meet(other));
            met.for_each(|it| both.add(it));
        }
        both
    }

    #[test]
    fn sets_of_any_sizes_meet_as_their_ranges_do() {
        let mut seed = 1_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
            (seed >> 33) % n
        };
        for round in 0..400 {
            let mut set = |count: u64| {
                let mut set = PortSet::default();
                for _ in 0..count {
                    let first = below(300) as u16;
                    set.add((first..=first + below(20) as u16).into());
                }
                set
            };
            let (ours, theirs) = (set(round % 60), set(round % 37));
            let both = ours.meet(&theirs);
            assert_eq!(both, met(&ours, &theirs), "{ours:?} {theirs:?}");
            let mut ranges: Vec<_> = both.iter().collect();
            ranges.dedup_by(|it, before| it.last <= before.last);
            assert_eq!(ranges.len(), both.0.len(), "one is in another: {both:?}");
        }
    }
}
