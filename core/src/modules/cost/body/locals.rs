//! Locals: how long each is alive, and what merges and loops it went through.

use super::Body;

/// What a local went through. A time before the function began is that of another function's.
#[derive(Clone, Copy, Default)]
pub(super) struct Local {
    pub(super) set: u64,
    pub(super) read: u64,
    /// Loops that were opened before have been counted.
    pub(super) counted: u64,
    /// Where it was set last.
    pub(super) scope: u32,
    /// Blocks there were when it was used last.
    pub(super) blocks: u64,
    /// The weight up to which it has been counted as alive, if it is a reference.
    pub(super) weight: u64,
    /// The loop that it is read in each round without being set, when that was opened.
    pub(super) held: u64,
}

impl Body {
    /// Reads a local: what merges it went through since it was set are needed.
    pub(super) fn read(&mut self, number: u32, is_ref: bool) {
        let Some(mut local) = self.touch(number) else {
            return;
        };
        if is_ref {
            self.hold(&mut local);
        }
        let pending = self.scopes.pending(local.scope);
        self.count.read(&pending);
        local.scope = pending.scope;
        local.read = self.now;
        if pending.values > 0 {
            // Another value came into the merge, which may be that of the loop's last round.
            self.carry(local.counted, self.now);
            local.counted = self.now;
        }
        self.locals[number as usize] = local;
    }

    pub(super) fn set(&mut self, number: u32) {
        let Some(mut local) = self.touch(number) else {
            return;
        };
        let pending = self.scopes.pending(local.scope);
        let here = self.frames.last().map_or(0, |frame| frame.scope);
        if pending.scope != here || self.branched > pending.closed {
            self.count.read(&pending);
        }
        let since = local.set.max(local.counted);
        if local.read > since {
            self.carry(since, local.read);
            local.counted = local.read;
        }
        local.set = self.now;
        local.weight = self.count.weight;
        local.scope = here;
        self.locals[number as usize] = local;
    }

    /// A reference was alive up to here, and is up to the end of a loop that it was not set in.
    fn hold(&mut self, local: &mut Local) {
        let weight = self.count.weight;
        self.count.alive = self.count.alive.saturating_add(weight - local.weight);
        local.weight = weight;
        let frames = &mut self.frames;
        let at = self
            .loops
            .partition_point(|at| frames[*at].opened <= local.set);
        if let Some(at) = self.loops.get(at)
            && let frame = &mut frames[*at]
            && frame.opened != local.held
        {
            local.held = frame.opened;
            frame.held += 1;
            frame.weights = frame.weights.saturating_add(weight);
        }
    }

    /// A local goes round the loops that were opened after `since` and before `until`.
    pub(super) fn carry(&mut self, since: u64, until: u64) {
        for (time, by) in [(until, 1), (since, -1)] {
            let frames = self.frames.partition_point(|frame| frame.opened <= time);
            if let Some(frame) = frames.checked_sub(1).and_then(|i| self.frames.get_mut(i)) {
                frame.carried += by;
            }
        }
    }

    /// Notes that a local is used, if there is such a local.
    fn touch(&mut self, number: u32) -> Option<Local> {
        // More locals make a function invalid.
        const MOST: usize = 1 << 16;
        let at = number as usize;
        if at >= MOST || at as u64 >= self.count.locals {
            return None;
        }
        if self.locals.len() <= at {
            self.locals.resize(at + 1, Local::default());
        }
        let mut local = self.locals[at];
        if local.set < self.began {
            let began = self.began;
            local = Local {
                set: began,
                read: 0,
                counted: began,
                ..Local::default()
            };
            self.count.used += 1;
        }
        self.now += 1;
        self.count.cells += self.count.blocks - local.blocks;
        local.blocks = self.count.blocks;
        Some(local)
    }
}
