//! Larger memories: a store in which nothing is yet is made anew with room for them.

use std::sync::atomic::Ordering;

use super::{CLOSED, Inner, POISONED, Store};
use crate::engine::Build;
use crate::turn::Held;
use crate::{Error, ErrorKind, Result};

impl Store {
    /// Gives 64-bit memories room for more than the usual, if nothing is in the store yet; else it stays
    /// as it is.
    #[cold]
    pub(crate) fn enlarge(&self) -> Result<()> {
        let is_small = !self.0.large.load(Ordering::Relaxed) && !self.0.pooled;
        let wanted = self.0.engine.can_enlarge() && is_small;
        if !wanted || !self.enter(|_| Ok(self.0.meter.is_untouched()))? {
            return Ok(());
        }
        let large = Build {
            large: true,
            ..self.build()
        };
        let variant = self.0.engine.variant(large)?;
        variant.start_ticker()?;
        let _section = variant.section()?;
        let (body, stack_limit) = self.0.make_body(variant)?;
        // Whoever is in meanwhile puts something in, and then it stays as it is.
        let former = match self.0.turn.try_hold() {
            Some(held) if self.0.is_empty(&held) => {
                let entered = self.entered(held);
                // SAFETY: this thread holds the turn, and no context is in use.
                let former = unsafe {
                    *self.0.tick.get() = variant.tick.clone();
                    (*self.0.body.get()).replace(body)
                };
                self.0.stack_limit.set(stack_limit);
                let before = self.0.build();
                self.0.large.store(true, Ordering::Relaxed);
                drop(entered);
                (former, before)
            }
            _ => (Some(body), large),
        };
        self.0.engine.variant(former.1)?.free(former.0);
        Ok(())
    }

    /// Says that something comes into the store, whose code is of this build. The turn must be held.
    pub(crate) fn touch(&self, build: Build) -> Result<()> {
        self.0.meter.touch();
        match build == self.build() {
            true => Ok(()),
            false => Err(met()),
        }
    }
}

#[cold]
fn met() -> Error {
    let text = "another thread began to use the store at this moment; try again";
    Error::new(ErrorKind::Busy, text)
}

impl Inner {
    /// Whether nothing is in the store, and nobody but this thread, once.
    fn is_empty(&self, _held: &Held) -> bool {
        let state = self.state.load(Ordering::Relaxed);
        let idle = self.turn.depth() == 1 && self.live().is_none() && !self.shut.get();
        idle && state & (CLOSED | POISONED) == 0 && self.meter.is_untouched()
    }
}
