//! Limits: how much a store may use, and what it used.

mod components;
mod json;

pub(crate) use components::too_many_handles;

use std::cell::Cell;
use std::time::Duration;

use crate::{Error, ErrorKind};

/// How much the guests of one store may use. `Limits::default()` bounds nothing.
///
/// Each limit has an error kind of its own, so that a host can tell what ran out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    // generated: rust.limits
    /// Bytes that all memories of the store and its garbage-collected heap may have together. A
    /// guest that asks for more gets -1 from `memory.grow`, and may go on. If it traps then, or if
    /// the host asks for more, the error is kind `memory_limit`.
    pub memory_bytes: Option<u64>,
    /// Elements that all tables of the store may have together. More are refused as for memory.
    /// Error: kind `limit`.
    pub table_elements: Option<u64>,
    /// Instances that may be made in the store. Error: kind `limit`.
    pub instances: Option<u64>,
    /// Fuel that guests may use until you give more with
    /// [`Store::set_fuel`](crate::Store::set_fuel). Error: kind `fuel`. An instruction uses about
    /// one unit, and the same call uses the same fuel on every machine and in every host. Modules
    /// are compiled a second time, with code that counts.
    pub fuel: Option<u64>,
    /// Bytes that guests may write to stdout and stderr together. Error: kind `limit`. If you do
    /// not set it, at most 16 MiB are captured.
    pub output_bytes: Option<u64>,
    /// Bytes that guests may write into files of granted folders, all together. They count when
    /// they are written: overwriting or removing gives nothing back. Each file, folder and link
    /// that is made counts as 4096. Holes count, too: whatever makes a file longer counts, by any
    /// descriptor. A write beyond the limit gives the guest WASI's error NOSPC (51). If you do not
    /// set it and the policy has folders in memory, it is 64 MiB.
    pub written_bytes: Option<u64>,
    /// Files and folders that guests may have open at once, not counting granted folders. One more
    /// gives the guest WASI's error MFILE (33). If you do not set it, it is 1024.
    pub open_files: Option<u64>,
    /// How long a call from the host may take, with all that it calls. Error: kind `timeout`. The
    /// guest is ended within a few milliseconds, also while it sleeps. Two things are finished
    /// first: a host function that it called, and one instruction that fills memory, which takes 1
    /// to 2 milliseconds for each MiB. Needs an engine that can interrupt guests.
    pub timeout: Option<Duration>,
    /// Bytes that one call of a component's function may copy to the guest, and as many back;
    /// likewise when a component calls the host. Strings and lists of numbers count as their bytes;
    /// in other lists that a component returns, each element counts as at least 8. Arguments that
    /// are too large are refused before the call, and a component that returns too much is ended.
    /// Error: kind `limit`. If you do not set it, it is 128 MiB.
    pub transfer_bytes: Option<u64>,
    /// Handles of resources that the components of the store may hold at once, and as many that the
    /// host may hold or have given them. Error: kind `limit`. A borrow counts until its call ends,
    /// and a component's resource that the host holds counts for both. If you do not set it, it is
    /// 100,000.
    pub handles: Option<u64>,
    // end generated
}

/// How much the guests of a store use now, and have used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    // generated: rust.usage
    /// Bytes that all memories and the garbage-collected heap have now.
    pub memory_bytes: u64,
    /// The most bytes they ever had.
    pub peak_memory_bytes: u64,
    /// Elements that all tables have now.
    pub table_elements: u64,
    /// Instances that were made.
    pub instances: u64,
    /// Bytes written to stdout and stderr.
    pub output_bytes: u64,
    /// Bytes written into files of granted folders, counted as
    /// [`Limits::written_bytes`](crate::Limits::written_bytes) says.
    pub written_bytes: u64,
    /// Files and folders that guests have open now, granted folders aside.
    pub open_files: u64,
    /// Fuel used since it was last set; `None` in a store without that limit.
    pub fuel_used: Option<u64>,
    /// How long the last call from the host took, in steps of about a millisecond; zero if it took
    /// less.
    pub last_call: Duration,
    /// Handles of resources that the host holds now or has given to components; handles of the
    /// components' own are not counted.
    pub handles: u64,
    // end generated
}

/// What hosts make in one store, and the engine frees with the store: functions, tags, globals,
/// tables and memories. So many tags are one to two gigabytes.
const MOST_MADE_BY_HOST: u64 = 1_000_000;

/// What a store counts. Only touched by the thread that holds the store's turn.
#[derive(Default)]
pub(crate) struct Meter {
    memory_bytes: Cell<u64>,
    peak_memory_bytes: Cell<u64>,
    table_elements: Cell<u64>,
    instances: Cell<u64>,
    made_by_host: Cell<u64>,
    output_bytes: Cell<u64>,
    written_bytes: Cell<u64>,
    open_files: Cell<u64>,
    refusals: Cell<u64>,
    touched: Cell<bool>,
    /// Why a memory did not grow, if no limit was in the way.
    stuck: Cell<Option<Stuck>>,
    /// What was refused last in the current outermost call.
    refused: Cell<Option<Refused>>,
}

#[derive(Clone, Copy)]
enum Refused {
    Memory(u64),
    Table(u64),
}

/// Why a memory does not grow, limits aside.
#[derive(Clone, Debug)]
pub(crate) enum Stuck {
    /// By its type, in bytes.
    Maximum(u64),
    /// It gets no more address space, in bytes.
    Reservation(u64),
    /// What the system says.
    System(String),
}

impl Meter {
    /// What a limit leaves for one more memory.
    pub(crate) fn room(&self, limits: &Limits) -> Option<u64> {
        let used = self.memory_bytes.get();
        limits.memory_bytes.map(|most| most.saturating_sub(used))
    }

    /// Notes why a memory did not grow.
    pub(crate) fn stuck(&self, why: Stuck) {
        self.stuck.set(Some(why));
    }

    /// Takes what was noted last.
    pub(crate) fn take_stuck(&self) -> Option<Stuck> {
        self.stuck.take()
    }

    /// Says that something is in the store.
    pub(crate) fn touch(&self) {
        self.touched.set(true);
    }

    /// Whether nothing ever was in the store.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.touched.get()
    }

    /// Whether the memories may go from `current` to `desired` bytes; counts them if so. What the
    /// machine then has no room for stays counted: the engine does not tell which growth failed, so
    /// taking one back could take back another.
    pub(crate) fn memory(&self, limits: &Limits, current: usize, desired: usize) -> bool {
        let most = limits.memory_bytes;
        let may = self.grow(&self.memory_bytes, most, Refused::Memory, current, desired);
        let peak = self.peak_memory_bytes.get().max(self.memory_bytes.get());
        self.peak_memory_bytes.set(peak);
        may
    }

    /// The same for the elements of tables.
    pub(crate) fn table(&self, limits: &Limits, current: usize, desired: usize) -> bool {
        let most = limits.table_elements;
        self.grow(&self.table_elements, most, Refused::Table, current, desired)
    }

    fn grow(
        &self,
        total: &Cell<u64>,
        most: Option<u64>,
        refused: fn(u64) -> Refused,
        current: usize,
        desired: usize,
    ) -> bool {
        let others = total.get().saturating_sub(current as u64);
        let wanted = others.saturating_add(desired as u64);
        if let Some(most) = most.filter(|most| wanted > *most) {
            self.refused.set(Some(refused(most)));
            return false;
        }
        total.set(wanted);
        true
    }

    /// Counts an instance that is about to be made.
    pub(crate) fn instance(&self, limits: &Limits) -> Result<(), Error> {
        let made = self.instances.get();
        if let Some(most) = limits.instances.filter(|most| made >= *most) {
            let text = format!("the store may not have more than {most} instances");
            return Err(Error::new(ErrorKind::Limit, text));
        }
        self.instances.set(made + 1);
        Ok(())
    }

    /// Counts something of the host's that is about to be made and stays as long as the store.
    pub(crate) fn made_by_host(&self) -> Result<(), Error> {
        let made = self.made_by_host.get();
        if made >= MOST_MADE_BY_HOST {
            let text = format!(
                "a store keeps at most {MOST_MADE_BY_HOST} functions, tags, globals, tables and memories \
                 that a host made, as long as it lives; make them once, or make a new store"
            );
            return Err(Error::new(ErrorKind::Limit, text));
        }
        self.made_by_host.set(made + 1);
        self.touch();
        Ok(())
    }

    /// Counts bytes that are about to be written; `most` is what there may be.
    pub(crate) fn output(&self, most: Option<u64>, length: usize) -> Result<(), Error> {
        let total = self.output_bytes.get().saturating_add(length as u64);
        if let Some(most) = most.filter(|most| total > *most) {
            let text = format!("the guest may not write more than {most} bytes of output");
            return Err(Error::new(ErrorKind::Limit, text));
        }
        self.output_bytes.set(total);
        Ok(())
    }

    /// Whether so many bytes more may be written into files.
    pub(crate) fn may_write(&self, most: Option<u64>, bytes: u64) -> bool {
        let total = self.written_bytes.get().saturating_add(bytes);
        most.is_none_or(|most| total <= most)
    }

    /// Counts bytes that were written into files.
    pub(crate) fn wrote(&self, bytes: u64) {
        let total = self.written_bytes.get().saturating_add(bytes);
        self.written_bytes.set(total);
    }

    /// Takes back bytes that were counted but not written.
    pub(crate) fn did_not_write(&self, bytes: u64) {
        let total = self.written_bytes.get().saturating_sub(bytes);
        self.written_bytes.set(total);
    }

    pub(crate) fn set_open_files(&self, count: u64) {
        self.open_files.set(count);
    }

    /// Counts a refusal; how many there were before.
    pub(crate) fn refusal(&self) -> u64 {
        let before = self.refusals.get();
        self.refusals.set(before.saturating_add(1));
        before
    }

    /// Whether something was refused since [`Meter::begin`].
    pub(crate) fn has_refused(&self) -> bool {
        self.refused.get().is_some()
    }

    /// Forgets what was refused before.
    pub(crate) fn begin(&self) {
        self.refused.set(None);
    }

    /// Counts output from the start again.
    pub(crate) fn renew(&self) {
        self.output_bytes.set(0);
    }

    /// An error that followed on a refusal tells of it.
    pub(crate) fn explain(&self, error: Error) -> Error {
        let (kind, text) = match self.refused.get() {
            Some(Refused::Memory(most)) => (
                ErrorKind::MemoryLimit,
                format!("the store's memories may not have more than {most} bytes"),
            ),
            Some(Refused::Table(most)) => (
                ErrorKind::Limit,
                format!("the store's tables may not have more than {most} elements"),
            ),
            None => return error,
        };
        match error.kind() {
            ErrorKind::Trap | ErrorKind::Limit | ErrorKind::MemoryLimit | ErrorKind::Internal => {
                error.because(kind, &text)
            }
            _ => error,
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage {
            memory_bytes: self.memory_bytes.get(),
            peak_memory_bytes: self.peak_memory_bytes.get(),
            table_elements: self.table_elements.get(),
            instances: self.instances.get(),
            output_bytes: self.output_bytes.get(),
            written_bytes: self.written_bytes.get(),
            open_files: self.open_files.get(),
            ..Usage::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_cannot_fill_a_store_without_end() {
        let meter = Meter::default();
        meter.made_by_host.set(MOST_MADE_BY_HOST - 1);
        meter.made_by_host().unwrap();
        let error = meter.made_by_host().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message().contains("1000000"), "{error}");
    }
}
