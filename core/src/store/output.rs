//! Output: what guests wrote to discarded streams, and lines for the host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::{Inner, Shut, Store};
use crate::stdio::{Lines, Sink, Tail, Told};
use crate::{Error, HostContext, Result, trail};

impl Store {
    /// The last output of its guests that was discarded, and what WASI refused them. A text for reading, the
    /// same as in [`Error::output`]. May be called whenever [`Store::stdout`] may.
    pub fn output(&self) -> String {
        self.0.output(Tail::all)
    }
}

/// How often the time is looked at while a guest does not run.
const TICK: Duration = Duration::from_millis(1);

impl Inner {
    /// Gives the host the lines that are whole. There may be many in what was written at once, so
    /// the time is looked at.
    pub(super) fn pass_lines(&self, sink: &Sink, lines: &Lines) -> Result<()> {
        let mut looked = Instant::now();
        while let Some(line) = lines.next() {
            let given = self.with_sink(sink, |context| lines.give(context, &line));
            let given = given.and_then(|()| self.still_open());
            let given = given.and_then(|()| match looked.elapsed() < TICK {
                true => Ok(()),
                false => {
                    looked = Instant::now();
                    self.tick()
                }
            });
            // What follows is nobody's, as the rest of a piece of bytes is.
            given.inspect_err(|_| drop(lines.last()))?;
        }
        if lines.is_open() {
            self.has_open_line.set(true);
            self.is_unsettled.set(true);
        }
        Ok(())
    }

    /// Runs code of the host's that takes what a guest wrote. It cannot enter the store.
    pub(super) fn with_sink(
        &self,
        sink: &Sink,
        what: impl FnOnce(&HostContext<'_>) -> Result<()>,
    ) -> Result<()> {
        let shut = Shut::new(&self.shut);
        let store = self.as_store();
        let context = HostContext {
            store: &store,
            name: sink.name(),
        };
        let since = trail::now();
        let what = || what(&context).map_err(|error| error.thrown_since(since));
        let written = self.visit(|| catch_unwind(AssertUnwindSafe(what)));
        drop(shut);
        written.unwrap_or_else(|panic| Err(self.panicked(panic)))
    }

    /// Gives the host the lines that wait for their end, at the end of an outermost call.
    pub(super) fn finish_lines(&self) -> Result<()> {
        if !self.has_open_line.replace(false) {
            return Ok(());
        }
        let sinks = self.sinks.get().into_iter().flatten();
        let finished = sinks.map(|sink| {
            let last = sink.lines().and_then(|lines| Some((lines, lines.last()?)));
            last.map_or(Ok(()), |(lines, line)| {
                self.with_sink(sink, |context| lines.give(context, &line))
            })
        });
        finished.fold(Ok(()), Result::and)
    }

    /// The error with the discarded output of its guest. If it is the host's own, or the guest's
    /// good end, that waits for another one.
    pub(super) fn tell_output(&self, error: Error) -> Error {
        match error.host_exception().is_some() || error.exit_code() == Some(0) {
            true => error,
            false => error.with_output(&self.output(Tail::news)),
        }
    }

    /// What was written to discarded streams.
    fn output(&self, read: fn(&Tail) -> Told) -> String {
        let Some([out, err, refusals]) = self.sinks.get() else {
            return String::new();
        };
        let mut text = String::new();
        for sink in [err, out] {
            let Some(told) = sink.tail().map(read) else {
                continue;
            };
            if !told.lines.is_empty() {
                let the_end = if told.is_cut {
                    " (this is its end)"
                } else {
                    ""
                };
                let gap = if text.is_empty() { "" } else { "\n" };
                let (name, lines) = (sink.name(), told.lines);
                text.push_str(&format!("{gap}the guest wrote to {name}{the_end}:{lines}"));
            }
        }
        if let Some(told) = refusals.tail().map(read).filter(|it| !it.lines.is_empty()) {
            let gap = if text.is_empty() { "" } else { "\n" };
            let lines = told.lines.replace("| refused: ", "| ");
            text.push_str(&format!("{gap}WASI refused the guest:{lines}"));
        }
        text
    }

    /// Forgets what was written to discarded streams.
    pub(super) fn forget_output(&self) {
        let sinks = self.sinks.get().into_iter().flatten();
        sinks.filter_map(|it| it.tail()).for_each(Tail::clear);
    }
}
