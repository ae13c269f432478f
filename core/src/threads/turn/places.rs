//! Places: which threads wait for a turn, in the order in which they came.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};

use super::left_behind;
use crate::Result;
use crate::workers::Crew;

/// The number of the next place. No other of this process ever has it, nor of one that it was forked
/// from.
static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Default)]
pub(super) struct Places {
    places: VecDeque<Place>,
    /// Since when the first one is that.
    since: Option<Instant>,
}

struct Place {
    number: u64,
    /// Who waits there; of a place that was booked, once it has come.
    thread: Option<Thread>,
    /// Of a place that was booked: whose threads it waits for.
    crew: Option<Crew>,
    /// Whether it keeps others from going before it.
    bars: bool,
}

/// Whom the first place waits for.
pub(super) enum First {
    Nobody,
    /// A thread that has come.
    Thread,
    Crew(Crew),
}

impl Places {
    fn new_place(&mut self, thread: Option<Thread>, crew: Option<Crew>) -> Place {
        if self.places.is_empty() {
            self.since = Some(Instant::now());
        }
        Place {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            thread,
            bars: crew.is_some(),
            crew,
        }
    }

    fn add_last(&mut self, thread: Option<Thread>, crew: Option<Crew>) -> u64 {
        let place = self.new_place(thread, crew);
        let number = place.number;
        self.places.push_back(place);
        number
    }

    /// Adds a place that others do not go before.
    pub(super) fn book(&mut self, crew: &Crew) -> u64 {
        self.add_last(None, Some(crew.clone()))
    }

    /// Has a thread wait at the end.
    pub(super) fn stand_last(&mut self, thread: Thread) -> u64 {
        self.add_last(Some(thread), None)
    }

    /// Has a thread wait before all others.
    pub(super) fn stand_first(&mut self, thread: Thread) -> u64 {
        let place = self.new_place(Some(thread), None);
        let number = place.number;
        self.since = Some(Instant::now());
        self.places.push_front(place);
        number
    }

    /// Has a thread wait at a place that was booked.
    pub(super) fn come(&mut self, number: u64, thread: Thread) -> Result<u64> {
        // After a fork it is gone.
        let place = self.find(number).ok_or_else(left_behind)?;
        place.thread = Some(thread);
        Ok(number)
    }

    fn find(&mut self, number: u64) -> Option<&mut Place> {
        self.places.iter_mut().find(|it| it.number == number)
    }

    /// How long this place has been the first, if it is.
    pub(super) fn first_for(&self, number: u64) -> Option<Duration> {
        let first = self.places.front().filter(|it| it.number == number);
        first.and(self.since.map(|since| since.elapsed()))
    }

    /// From now on nobody goes before this place; false if it was so.
    pub(super) fn bar(&mut self, number: u64) -> bool {
        let place = self.find(number).filter(|it| !it.bars);
        place.map(|it| it.bars = true).is_some()
    }

    /// Takes a place out, if it is there, and tells whether nobody went before it.
    pub(super) fn remove(&mut self, number: u64) -> Option<bool> {
        let index = self.places.iter().position(|it| it.number == number)?;
        let place = self.places.remove(index)?;
        if index == 0 {
            self.since = Some(Instant::now());
        }
        Some(place.bars)
    }

    /// Whether a thread waits at the first place.
    pub(super) fn is_waited_in(&self) -> bool {
        self.places.front().is_some_and(|it| it.thread.is_some())
    }

    pub(super) fn wake_first(&self) {
        if let Some(thread) = self.places.front().and_then(|it| it.thread.as_ref()) {
            thread.unpark();
        }
    }

    pub(super) fn first(&self) -> First {
        match self.places.front() {
            None => First::Nobody,
            Some(Place {
                thread: None,
                crew: Some(crew),
                ..
            }) => First::Crew(crew.clone()),
            Some(_) => First::Thread,
        }
    }
}
