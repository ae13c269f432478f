//! Waiting for streams, clocks and readers: the only place where a guest's thread sleeps.

use std::io;
use std::time::{Duration, Instant};

use super::Inner;
use crate::Result;
use crate::descriptor::{Descriptor, Polled, Wish, is_not_now, poll};

/// A guest that waits: the store is asked each millisecond or so whether the call is over.
pub(crate) struct Wait<'a> {
    inner: &'a Inner,
    turns: u32,
    /// Whether something was ready at the last turn.
    was_ready: bool,
    asked: Instant,
}

/// How long a guest rests at first, and when it has waited for long.
const NAP: Duration = Duration::from_millis(1);
const LONG_NAP: Duration = Duration::from_millis(5);

impl<'a> Wait<'a> {
    pub(crate) fn new(inner: &'a Inner) -> Wait<'a> {
        Wait {
            inner,
            turns: 0,
            was_ready: false,
            asked: Instant::now(),
        }
    }

    /// Rests until any of these is ready, for some milliseconds at most and not past `until`.
    ///
    /// # Errors
    /// What ends the call.
    pub(crate) fn a_bit(&mut self, polled: &mut [Polled], until: Option<Instant>) -> Result<()> {
        self.turns += 1;
        let nap = if self.turns < 10 { NAP } else { LONG_NAP };
        let left = until.map_or(nap, |until| until.saturating_duration_since(Instant::now()));
        let nap = nap.min(left);
        let rested = match polled {
            // What was ready and did not go on would keep this thread busy.
            [] => rest(nap),
            _ if self.was_ready => rest(nap),
            polled => poll(polled, nap),
        };
        self.was_ready = matches!(rested, Ok(true));
        // A signal may be what ends the call.
        if rested.is_err() || self.asked.elapsed() >= NAP {
            self.asked = Instant::now();
            self.inner.tick()?;
        }
        Ok(())
    }

    /// The same for one descriptor.
    fn of(&mut self, descriptor: &Descriptor, wish: Wish) -> Result<()> {
        self.a_bit(&mut [descriptor.polled(wish)], None)
    }

    /// Something was done: waiting begins anew.
    fn moved(&mut self) {
        (self.turns, self.was_ready) = (0, false);
    }
}

fn rest(nap: Duration) -> io::Result<bool> {
    std::thread::sleep(nap);
    Ok(false)
}

impl Inner {
    /// Writes to a descriptor, waiting while it takes nothing: how much was written, or why nothing
    /// was.
    ///
    /// # Errors
    /// What ends the call.
    pub(crate) fn write_to(&self, to: &Descriptor, bytes: &[u8]) -> Result<io::Result<usize>> {
        let (mut done, mut wait) = (0, None);
        while done < bytes.len() {
            match to.write_now(&bytes[done..]) {
                Ok(0) => return Ok(Err(io::ErrorKind::WriteZero.into())),
                Ok(count) => {
                    done += count;
                    wait.iter_mut().for_each(Wait::moved);
                }
                Err(error) if is_not_now(&error) => {
                    let wait = wait.get_or_insert_with(|| Wait::new(self));
                    wait.of(to, Wish::Write)?;
                }
                Err(error) if done == 0 => return Ok(Err(error)),
                Err(_) => break,
            }
        }
        Ok(Ok(done))
    }

    /// Reads from a descriptor, waiting until there is something, or the end.
    ///
    /// # Errors
    /// What ends the call.
    pub(crate) fn read_from(
        &self,
        from: &Descriptor,
        bytes: &mut [u8],
    ) -> Result<io::Result<usize>> {
        let mut wait = Wait::new(self);
        loop {
            match from.read_now(bytes) {
                Err(error) if is_not_now(&error) => wait.of(from, Wish::Read)?,
                done => return Ok(done),
            }
        }
    }
}
