//! Grants of one sort, without those that others of them cover.
//!
//! A policy may have many thousands of them, so nothing here looks at all of them to place one: what
//! could cover a grant is looked up by its name.

use std::collections::BTreeMap;

use super::ports::{PortSet, Ports};

/// What a grant is for, its ports aside: a range that may be in wider ones.
pub(super) trait Scope: Ord + Clone {
    /// This one and all that are wider.
    fn wider(&self) -> Vec<Self>;

    /// What is in both, for each of `others` that is as wide as this one or wider in what nests.
    fn meet<'a>(&self, others: &'a BTreeMap<Self, PortSet>) -> Vec<(Self, &'a PortSet)> {
        let wider = self.wider().into_iter();
        let found = wider.filter_map(|it| others.get(&it));
        found.map(|ports| (self.clone(), ports)).collect()
    }
}

/// Grants of scopes and ports. Those that a later one covers stay, and are passed over.
#[derive(Clone, Debug)]
pub(super) struct Grants<S>(BTreeMap<S, PortSet>);

impl<S> Default for Grants<S> {
    fn default() -> Grants<S> {
        Grants(BTreeMap::new())
    }
}

/// The same grants are always told the same way.
impl<S: Scope> PartialEq for Grants<S> {
    fn eq(&self, other: &Grants<S>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<S: Scope> Eq for Grants<S> {}

impl<S: Scope> Grants<S> {
    pub(super) fn add(&mut self, scope: S, ports: Ports) {
        if !self.cover(&scope, ports) {
            self.0.entry(scope).or_default().add(ports);
        }
    }

    /// The grants of which none covers another.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&S, Ports)> {
        self.0.iter().flat_map(|(scope, ports)| {
            let wider = scope.wider().into_iter().filter(|it| it != scope);
            let wider: Vec<_> = wider.filter_map(|it| self.0.get(&it)).collect();
            let is_own = move |it: &Ports| !wider.iter().any(|ports| ports.cover(*it));
            ports.iter().filter(is_own).map(move |it| (scope, it))
        })
    }

    /// Whether one of them has this port and a scope of which this is so.
    pub(super) fn any(&self, port: u16, is_in: impl Fn(&S) -> bool) -> bool {
        let mut all = self.0.iter();
        all.any(|(scope, ports)| is_in(scope) && ports.cover(port.into()))
    }

    /// The scopes, whatever their ports.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &S> {
        self.0.keys()
    }

    fn cover(&self, scope: &S, ports: Ports) -> bool {
        let mut wider = scope.wider().into_iter();
        wider.any(|it| self.0.get(&it).is_some_and(|all| all.cover(ports)))
    }

    /// Whether each of the others is covered by one of these.
    pub(super) fn cover_all(&self, others: &Grants<S>) -> bool {
        others.iter().all(|(scope, ports)| self.cover(scope, ports))
    }

    /// Of two scopes one is in the other where they nest, so each is looked for in the other's.
    pub(super) fn restrict(&self, by: &Grants<S>) -> Grants<S> {
        let mut both = Grants::default();
        for (ours, theirs) in [(self, by), (by, self)] {
            for (scope, ports) in &ours.0 {
                for (met, others) in scope.meet(&theirs.0) {
                    for ports in ports.meet(others).iter() {
                        both.add(met.clone(), ports);
                    }
                }
            }
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::cmp::Ordering;

    use super::super::http::HttpScope;
    use super::super::name::Names;
    use super::super::net::network;
    use super::*;

    thread_local! {
        static COMPARED: Cell<u64> = const { Cell::new(0) };
    }

    /// A scope that counts how often it is compared, which is all that takes time.
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Counted<S>(S);

    impl<S: Scope> PartialOrd for Counted<S> {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl<S: Scope> Ord for Counted<S> {
        fn cmp(&self, other: &Self) -> Ordering {
            COMPARED.set(COMPARED.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl<S: Scope> Scope for Counted<S> {
        fn wider(&self) -> Vec<Self> {
            self.0.wider().into_iter().map(Counted).collect()
        }
    }

    /// How often scopes are compared when so many are granted, told, restricted and asked for.
    fn compared<S: Scope>(count: u32, scope: impl Fn(u32) -> S) -> u64 {
        COMPARED.set(0);
        let mut all = Grants::default();
        for i in 0..count {
            all.add(Counted(scope(i)), Ports::from(1..=9));
        }
        let both = all.restrict(&all.clone());
        assert!(all.cover_all(&both) && both.cover_all(&all));
        assert_eq!(both.iter().count(), all.iter().count());
        COMPARED.get()
    }

    #[test]
    fn four_times_as_many_grants_take_about_four_times_the_work() {
        let address = |i: u32| network(&std::net::Ipv4Addr::from(i * 7).to_string()).unwrap();
        let narrow = |i: u32| Names::new(&format!("a.b{i}.example.org")).unwrap();
        let wide = |i: u32| Names::new(&format!("*.b{i}.example.org")).unwrap();
        let http = |i: u32| HttpScope::new("*", &format!("a{i}.org"), "GET").unwrap();
        let grown = [
            (compared(1000, address), compared(4000, address)),
            (compared(1000, narrow), compared(4000, narrow)),
            (compared(1000, wide), compared(4000, wide)),
            (compared(1000, http), compared(4000, http)),
        ];
        for (few, many) in grown {
            assert!(few > 1000 && many < few * 6, "{few} then {many}");
        }
    }
}
