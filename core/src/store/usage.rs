//! What guests of a store use: limits, ticks, fuel, output.

use std::io;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use wasmtime::{ResourceLimiter, StoreContextMut, UpdateDeadline};

use super::{CANCELLED, CLOSED, Context, Data, Inner, POISONED, Remain, Shut, Store, Wait};
use crate::components::state;
use crate::descriptor::Descriptor;
use crate::limits::{Stuck, Usage};
use crate::stdio::{MOST_CAPTURED, OpenSink, Sink, Way};
use crate::{Error, ErrorKind, Result, cancel, host, messages, reservation, this_thread, trail};

impl Store {
    /// Takes what its guests wrote to stdout, if it is captured. May be called from any thread,
    /// also while they run or when the store is closed.
    pub fn stdout(&self) -> Vec<u8> {
        self.0.captured(0)
    }

    /// The same for stderr.
    pub fn stderr(&self) -> Vec<u8> {
        self.0.captured(1)
    }

    /// Takes what its guests wrote to stdout, as text: UTF-8, in which invalid bytes are replaced. If you call it
    /// while a guest writes, a character may be cut in two.
    pub fn stdout_text(&self) -> String {
        text_of(self.stdout())
    }

    /// The same for stderr.
    pub fn stderr_text(&self) -> String {
        text_of(self.stderr())
    }

    /// Takes the refusals that were reported, one a line, if they are captured.
    pub fn refusals(&self) -> Vec<u8> {
        self.0.captured(2)
    }

    /// How much its guests use now, and have used.
    ///
    /// # Errors
    /// `closed`, `busy`. A poisoned store can still be asked.
    pub fn usage(&self) -> Result<Usage> {
        self.enter_unless(CLOSED, |ctx| Ok(self.usage_in(ctx)))
    }

    pub(crate) fn usage_in(&self, ctx: &Context<'_>) -> Usage {
        let left = ctx.engine.get_fuel().ok();
        let given = self.0.fuel.get();
        Usage {
            fuel_used: left.map(|left| given.saturating_sub(left)),
            last_call: self.0.last_call.get(),
            handles: self.0.handles(),
            ..self.0.meter.usage()
        }
    }

    /// Gives the store this much fuel. It replaces what is left, and counting starts anew.
    ///
    /// # Errors
    /// `unsupported` if the store was made without a limit of fuel, `closed`, `poisoned`.
    pub fn set_fuel(&self, fuel: u64) -> Result<()> {
        if self.0.sandbox.limits.fuel.is_none() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the store counts no fuel; make it with a limit of fuel",
            ));
        }
        self.enter(|ctx| {
            set_fuel(&mut ctx.engine, fuel)?;
            self.0.fuel.set(fuel);
            Ok(())
        })
    }

    /// Makes the limits of fuel and output count from the start again, if the store can be used, nobody is in and
    /// no handle of a resource is open.
    pub(crate) fn renew(&self) -> Result<()> {
        let busy = || Error::new(ErrorKind::Busy, "somebody is inside of the store");
        let held = self.0.turn.try_hold();
        let held = held.filter(|_| self.0.turn.depth() == 1);
        let held = held.ok_or_else(busy)?;
        self.enter_held(held, CLOSED | POISONED, |ctx| {
            state::renew(ctx)?;
            if let Some(fuel) = self.0.sandbox.limits.fuel {
                set_fuel(&mut ctx.engine, fuel)?;
                self.0.fuel.set(fuel);
            }
            self.0.meter.renew();
            self.0.forget_output();
            Ok(())
        })
    }

    /// Ends the call that runs in this store with an error of kind `cancelled`; the store is
    /// poisoned then. Does not wait: the guest is ended at its next tick, a host function that it
    /// called first returns. If no call runs, nothing happens. May be called from any thread.
    pub fn cancel(&self) {
        self.0.state.fetch_or(CANCELLED, Ordering::SeqCst);
    }

    /// Counts an instance that is about to be made.
    pub(crate) fn count_instance(&self) -> Result<()> {
        self.enter(|_| self.0.meter.instance(&self.0.sandbox.limits))
    }

    /// Runs what may be refused by the limits; an error that follows on a refusal tells of it. The
    /// turn must be held.
    pub(crate) fn metered<R>(&self, what: impl FnOnce() -> Result<R>) -> Result<R> {
        self.0.meter.begin();
        what().map_err(|error| self.0.meter.explain(error))
    }
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned())
}

/// Lines that are noted of refusals in a store, the last of which says that there are more.
const MOST_REFUSALS: u64 = 10_000;
const LAST_REFUSAL: u64 = MOST_REFUSALS - 1;

impl Inner {
    /// Where stdout, stderr and refusals go, opened at first use.
    pub(crate) fn sinks(&self) -> Result<&[Arc<Sink>; 3]> {
        if let Some(sinks) = self.sinks.get() {
            return Ok(sinks);
        }
        let stdio = &self.sandbox.stdio;
        let opened = [
            Sink::stdout(&stdio.stdout)?,
            Sink::stderr(&stdio.stderr)?,
            Sink::refusals(&stdio.refusals)?,
        ];
        Ok(self.sinks.get_or_init(|| opened.map(Arc::new)))
    }

    fn captured(&self, which: usize) -> Vec<u8> {
        let sinks = self.sinks.get();
        sinks.map_or(Vec::new(), |sinks| {
            std::mem::take(&mut *sinks[which].captured())
        })
    }

    /// Writes a guest's output: how much was written, or why the system wrote nothing. The host's
    /// function for it cannot enter the store.
    pub(crate) fn write(&self, sink: &Arc<Sink>, bytes: &[u8]) -> Result<io::Result<usize>> {
        let most = self.sandbox.limits.output_bytes;
        let most = most.or(sink.is_captured().then_some(MOST_CAPTURED));
        self.meter.output(most, bytes.len())?;
        self.pass(sink, bytes)
    }

    /// Notes that something was refused; the words for it are only made if they are told.
    pub(crate) fn refuse(&self, what: impl FnOnce() -> String) -> Result<()> {
        let Some([.., sink]) = self.sinks.get() else {
            return Ok(());
        };
        match self.meter.refusal() {
            MOST_REFUSALS.. => Ok(()),
            LAST_REFUSAL => self.note(sink, b"refused: more, which is not listed\n"),
            _ => self.note(sink, format!("refused: {}\n", what()).as_bytes()),
        }
    }

    /// Writes for the host, all of it.
    fn note(&self, sink: &Arc<Sink>, bytes: &[u8]) -> Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            let written = self.pass(sink, &bytes[done..])?;
            done += written.map_err(|e| Error::os(&format!("writing {}", sink.name()), &e))?;
        }
        Ok(())
    }

    fn pass(&self, sink: &Arc<Sink>, bytes: &[u8]) -> Result<io::Result<usize>> {
        let mut wait = Wait::new(self);
        loop {
            match sink.take(bytes)? {
                Way::Taken => return Ok(Ok(bytes.len())),
                Way::Callback(call) => {
                    self.with_sink(sink, |context| call(context, bytes))?;
                    return self.still_open().map(|()| Ok(bytes.len()));
                }
                Way::Lines(lines) => {
                    return self.pass_lines(sink, lines).map(|()| Ok(bytes.len()));
                }
                Way::Descriptor(it) => return self.write_out(sink, &it, bytes),
                Way::Nobody => wait.a_bit(&mut [], None)?,
            }
        }
    }

    /// A guest does not go on when the host's function for what it writes has closed its store, as after a
    /// host function.
    pub(super) fn still_open(&self) -> Result<()> {
        match self.state.load(Ordering::Relaxed) & CLOSED {
            0 => Ok(()),
            _ => Err(messages::closed("store")),
        }
    }

    /// What was opened for it goes with the call.
    fn write_out(
        &self,
        sink: &Arc<Sink>,
        to: &Descriptor,
        bytes: &[u8],
    ) -> Result<io::Result<usize>> {
        let had_twin = to.has_twin();
        let written = self.write_to(to, bytes);
        if to.has_twin() && !had_twin {
            self.bury(Remain::Output(OpenSink(sink.clone())));
        }
        written
    }

    /// What a store does each millisecond while its guest runs or waits. An error ends the call.
    pub(crate) fn tick(&self) -> Result<()> {
        self.keep_ticking();
        self.is_unsettled.set(true);
        let ticks = self.ticks.get().saturating_add(1);
        if ticks == 1 {
            self.since.set(Some(Instant::now()));
        }
        self.ticks.set(ticks);
        self.verdict()?;
        let shut = Shut::new(&self.shut);
        let verdict = self.visit(|| catch_unwind(|| host::current().tick(ticks)));
        drop(shut);
        let verdict = verdict.unwrap_or_else(|panic| Err(self.panicked(panic)));
        // What the host raises here it raises anew.
        let verdict = verdict.map_err(|error| error.thrown_since(trail::now()));
        if verdict.is_err() {
            self.poison();
        }
        // The host may have taken longer than the ticker stays awake, and the next tick is counted from now.
        self.keep_ticking();
        verdict
    }

    /// Runs code of the host's that is no host function, within a call or not.
    pub(crate) fn visit<R>(&self, what: impl FnOnce() -> R) -> R {
        // SAFETY: see `Armed`; this thread holds the turn.
        match unsafe { *self.stack_limit.get() } {
            usize::MAX => what(),
            _ => this_thread::current().visit(|| self.turn.is_mine(), what),
        }
    }

    /// How long an outermost call took; nothing, if it saw no tick.
    pub(super) fn took(&self) -> Duration {
        let since = self.since.get().filter(|_| self.ticks.get() > 1);
        // The first one may have come due before the call.
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// What ends the call that runs, if anything does.
    #[cold]
    pub(crate) fn verdict(&self) -> Result<()> {
        let state = self.state.load(Ordering::Relaxed);
        if state & CLOSED != 0 {
            return Err(messages::closed("store"));
        }
        if state & CANCELLED != 0 || cancel::is_wanted() {
            self.poison();
            return Err(messages::cancelled());
        }
        match (self.sandbox.limits.timeout, self.since.get()) {
            (Some(timeout), Some(since)) if self.ticks.get() > 0 && since.elapsed() >= timeout => {
                self.poison();
                let text = format!("the call took longer than {} ms", timeout.as_millis());
                Err(Error::new(ErrorKind::Timeout, text))
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn set_fuel(ctx: &mut StoreContextMut<'_, Data>, fuel: u64) -> Result<()> {
    let set = ctx.set_fuel(fuel);
    set.map_err(|e| Error::from_engine(e, ErrorKind::Internal))
}

impl Inner {
    /// Whether memories get what they can need, and not the usual.
    pub(crate) fn is_reserved_apart(&self) -> bool {
        self.build().large || !self.engine.can_enlarge()
    }

    /// What was refused is forgotten when the next call begins.
    fn unsettled_unless(&self, may: bool) -> bool {
        if !may {
            self.is_unsettled.set(true);
        }
        may
    }

    /// What keeps a memory from growing, limits aside. Without its reservation it would move.
    fn stuck(&self, current: usize, desired: u64, maximum: Option<usize>) -> Option<Stuck> {
        let most = self.engine.most_memory_bytes(self.build().large);
        match maximum {
            Some(maximum) if desired > maximum as u64 => Some(Stuck::Maximum(maximum as u64)),
            _ if current > 0 && desired > most => {
                Some(Stuck::Reservation(most.max(current as u64)))
            }
            _ => None,
        }
    }
}

impl ResourceLimiter for Data {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let inner = self.inner();
        if inner.drivers().is_making() {
            reservation::set_room(Some(desired as u64));
            return Ok(true);
        }
        let limits = &inner.sandbox.limits;
        if current == 0 && inner.is_reserved_apart() {
            reservation::set_room(inner.meter.room(limits));
        }
        // What has no chance is not counted.
        if let Some(stuck) = inner.stuck(current, desired as u64, maximum) {
            inner.meter.stuck(stuck);
            return Ok(false);
        }
        let may = inner.meter.memory(limits, current, desired);
        Ok(inner.unsettled_unless(may))
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.inner()
            .meter
            .stuck(Stuck::System(Error::text_of(&error)));
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let inner = self.inner();
        let possible = maximum.is_none_or(|most| desired <= most);
        let may = possible && inner.meter.table(&inner.sandbox.limits, current, desired);
        Ok(inner.unsettled_unless(may))
    }

    fn instances(&self) -> usize {
        usize::MAX
    }
}

/// Lets the store tick while its guest runs.
pub(super) fn on_tick(context: StoreContextMut<'_, Data>) -> wasmtime::Result<UpdateDeadline> {
    let ticked = context.data().inner().tick();
    ticked.map_err(wasmtime::Error::new)?;
    Ok(UpdateDeadline::Continue(1))
}
