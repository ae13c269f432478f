//! What a store knows about its components.

use std::sync::atomic::Ordering;

use super::{DROPS, ENDED, Inner};
use crate::Error;
use crate::components::state::Components;

impl Inner {
    /// See [`Store::number`](super::Store::number).
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// What its components share.
    #[inline(always)]
    pub(crate) fn components(&self) -> &Components {
        match self.components.get() {
            Some(components) => components,
            None => self.make_components(),
        }
    }

    #[cold]
    fn make_components(&self) -> &Components {
        let make = || Box::new(Components::new(self.limits().most_handles()));
        self.components.get_or_init(make)
    }

    /// The same, if they are there.
    pub(crate) fn made_components(&self) -> Option<&Components> {
        self.components.get().map(|it| &**it)
    }

    /// Whether the components were ended, or resources of theirs wait to be dropped: what a call has to look at first.
    #[inline(always)]
    pub(crate) fn has_news_of_components(&self) -> bool {
        self.state.load(Ordering::Relaxed) & (ENDED | DROPS) != 0
    }

    /// Whether resources of components wait to be dropped.
    #[inline(always)]
    pub(crate) fn has_drops(&self) -> bool {
        self.state.load(Ordering::Relaxed) & DROPS != 0
    }

    /// Notes that resources wait. On any thread, after it is noted which.
    pub(crate) fn note_drops(&self) {
        self.state.fetch_or(DROPS, Ordering::SeqCst);
    }

    /// Before those that wait are taken: what comes up meanwhile is noted again.
    pub(crate) fn forget_drops(&self) {
        self.state.fetch_and(!DROPS, Ordering::SeqCst);
    }

    /// Notes that the guests of the store were unwound, which ends its components.
    pub(crate) fn end_components(&self, error: &Error) {
        self.components().end(error);
        self.state.fetch_or(ENDED, Ordering::Relaxed);
    }
}
