//! Trails: through which guests an exception went, and which of their frames it has. The one rule of
//! all hosts: a binding keeps the trail with the object that was thrown, and gives it back when a host
//! function throws that object.
//!
//! What a host function lets pass out of a call that it made has the frames of that call already. Those of
//! the guest that called the host function come behind them, unless both ran in one store: the engine's
//! trace of the inner call goes down to the first call of its store. What is thrown anew, after the call
//! that it came out of was over, begins anew: one object may be thrown for ever. What a guest or the core
//! raised then keeps the frames of the call that raised it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Frame;

/// The most frames that one error, or one exception of the host, has: the innermost ones.
pub const MOST_FRAMES: usize = 256;

/// One more than the calls that have failed in this process.
static NOW: AtomicU64 = AtomicU64::new(1);

/// When a host function begins.
#[inline(always)]
pub(crate) fn now() -> u64 {
    NOW.load(Ordering::Relaxed)
}

/// Which guests something thrown went through. It means something in this process only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// When it last came out of a call; zero if it never did, nor was thrown by a host function.
    moment: u64,
    /// How many frames it keeps when it is thrown anew.
    origin: usize,
    /// How many of the frames that its object has stay in front.
    pub(crate) kept: usize,
    /// How many it had when a host function threw it.
    pub(crate) known: usize,
    /// The stores whose frames are told.
    stores: Vec<usize>,
}

impl Trail {
    /// As plain numbers, for hosts that have no other place for it.
    pub fn to_numbers(&self) -> Vec<u64> {
        let stores = self.stores.iter().map(|store| *store as u64);
        let counts = [self.moment, self.origin as u64, self.kept as u64];
        counts.into_iter().chain(stores).collect()
    }

    /// The trail of [`Trail::to_numbers`]; an empty one for too few.
    pub fn from_numbers(numbers: &[u64]) -> Trail {
        let [moment, origin, kept, stores @ ..] = numbers else {
            return Trail::default();
        };
        Trail {
            moment: *moment,
            origin: *origin as usize,
            kept: *kept as usize,
            known: 0,
            stores: stores.iter().map(|store| *store as usize).collect(),
        }
    }

    /// The trail of an object that a host function throws.
    pub(crate) fn thrown(mut self) -> Trail {
        self.known = self.kept;
        self
    }

    /// Whether the frames of a store are told.
    pub(crate) fn has(&self, store: usize) -> bool {
        self.stores.contains(&store)
    }

    /// How many more can be told of what has these frames.
    pub(crate) fn room(&self, frames: &[Frame]) -> usize {
        MOST_FRAMES.saturating_sub(self.kept + frames.len())
    }

    /// A host function that began at `since` throws what has these frames.
    pub(crate) fn leave_host(&mut self, frames: &mut Vec<Frame>, since: u64) {
        if self.moment <= since {
            self.moment = since;
            self.kept = self.kept.min(self.origin);
            frames.truncate(self.origin - self.kept);
            self.stores.clear();
        }
    }

    /// A guest of a store is left by what has these frames; `outer` are those of the guest.
    pub(crate) fn leave_guest(&mut self, frames: &mut Vec<Frame>, outer: Vec<Frame>, store: usize) {
        let is_raised_there = self.moment == 0;
        self.moment = NOW.fetch_add(1, Ordering::Relaxed) + 1;
        let room = self.room(frames);
        if !self.has(store) && !outer.is_empty() && room > 0 {
            frames.extend(outer.into_iter().take(room));
            self.stores.push(store);
        }
        if is_raised_there {
            self.origin = frames.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, ErrorKind};

    fn frames(index: u32, count: usize) -> Vec<Frame> {
        let frame = Frame {
            module: None,
            func_index: index,
            func_name: None,
            module_offset: None,
        };
        vec![frame; count]
    }

    fn told(frames: &[Frame]) -> Vec<u32> {
        frames.iter().map(|frame| frame.func_index).collect()
    }

    #[test]
    fn what_passes_has_the_frames_of_each_store_once() {
        let (mut trail, mut all, since) = (Trail::default(), Vec::new(), now());
        trail.leave_host(&mut all, since);
        for (index, store) in [(1, 10), (2, 20), (3, 10)] {
            trail.leave_guest(&mut all, frames(index, 1), store);
            trail.leave_host(&mut all, since);
        }
        assert_eq!(told(&all), [1, 2]);
    }

    #[test]
    fn what_is_thrown_anew_begins_anew() {
        let (mut trail, mut all) = (Trail::default(), Vec::new());
        for index in 0..1000 {
            trail.leave_host(&mut all, now());
            trail.leave_guest(&mut all, frames(index, 1), index as usize);
            assert_eq!(told(&all), [index]);
        }
        assert_eq!(trail.stores, [999]);
    }

    #[test]
    fn what_a_guest_raised_keeps_those_of_its_call() {
        let (mut trail, mut all) = (Trail::default(), Vec::new());
        trail.leave_guest(&mut all, frames(7, 2), 7);
        for index in 8..1000 {
            trail.leave_host(&mut all, now());
            trail.leave_guest(&mut all, frames(index, 1), index as usize);
            assert_eq!(told(&all), [7, 7, index]);
        }
    }

    #[test]
    fn frames_that_there_is_no_room_for_are_not_looked_for() {
        let is_looked_for = |count| {
            let error = Error::new(ErrorKind::Trap, "a trap").traced(frames(1, count), 10);
            let error = error.into_engine(20);
            error.downcast_ref::<wasmtime::WasmBacktrace>().is_none()
        };
        assert!(is_looked_for(MOST_FRAMES - 1));
        assert!(!is_looked_for(MOST_FRAMES));
    }

    #[test]
    fn frames_that_the_object_has_count() {
        let since = now();
        let (mut trail, mut all) = (Trail::default(), Vec::new());
        for store in 0..40 {
            // As a binding has it: the frames are with the object, the trail comes back.
            trail.kept += std::mem::take(&mut all).len();
            trail = Trail::from_numbers(&trail.to_numbers());
            trail.leave_host(&mut all, since);
            trail.leave_guest(&mut all, frames(store, 20), store as usize);
        }
        assert_eq!(trail.kept + all.len(), MOST_FRAMES);
        assert_eq!(trail.stores.len(), MOST_FRAMES.div_ceil(20));
        trail.kept += std::mem::take(&mut all).len();
        trail.leave_host(&mut all, now());
        assert_eq!((trail.kept, all.len()), (0, 0));
        assert_eq!(Trail::from_numbers(&[1, 2]), Trail::default());
    }
}
