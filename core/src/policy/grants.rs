//! Grants of one sort, without those that others of them cover.

use std::collections::BTreeSet;

/// A grant that stands for all that is in some range.
pub(super) trait Grant: Ord + Clone {
    /// Whether all of `other` is in this one.
    fn covers(&self, other: &Self) -> bool;

    /// What is in both; none if nothing is.
    fn meet(&self, other: &Self) -> Option<Self>;
}

/// Grants of which none covers another, so that the same ones are always written the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grants<G>(BTreeSet<G>);

impl<G> Default for Grants<G> {
    fn default() -> Grants<G> {
        Grants(BTreeSet::new())
    }
}

impl<G: Grant> Grants<G> {
    pub(super) fn add(&mut self, grant: G) {
        if !self.cover(&grant) {
            self.0.retain(|it| !grant.covers(it));
            self.0.insert(grant);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &G> {
        self.0.iter()
    }

    fn cover(&self, grant: &G) -> bool {
        self.0.iter().any(|it| it.covers(grant))
    }

    /// Whether each of the others is covered by one of these.
    pub(super) fn cover_all(&self, others: &Grants<G>) -> bool {
        others.0.iter().all(|it| self.cover(it))
    }

    pub(super) fn restrict(&self, by: &Grants<G>) -> Grants<G> {
        let mut both = Grants::default();
        for ours in &self.0 {
            let met = by.0.iter().filter_map(|it| ours.meet(it));
            met.for_each(|it| both.add(it));
        }
        both
    }
}
