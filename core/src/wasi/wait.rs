//! Waiting, which ends with the call it belongs to.

use std::time::{Duration, Instant};

use wasmtime::{AsContextMut, Caller, Extern};

use super::clock::Told;
use super::streams::is_readable;
use super::{FAULT, INVAL, NO_CLOCK, NOTCAPABLE, SUCCESS};
use crate::Result;
use crate::policy::Clock;
use crate::stdio::Input;
use crate::store::{Data, Inner};

/// A guest that waits: the store is asked at each turn whether the call is over.
pub(super) struct Wait<'a> {
    inner: &'a Inner,
    turns: u32,
}

impl Wait<'_> {
    pub(super) fn new(inner: &Inner) -> Wait<'_> {
        Wait { inner, turns: 0 }
    }

    /// Sleeps for some milliseconds, not past `until`.
    pub(super) fn a_bit(&mut self, until: Option<Instant>) -> Result<()> {
        self.inner.tick()?;
        self.turns += 1;
        let nap = Duration::from_millis(if self.turns < 10 { 1 } else { 5 });
        let left = until.map_or(nap, |until| until.saturating_duration_since(Instant::now()));
        std::thread::sleep(nap.min(left));
        Ok(())
    }
}

/// A subscription of `poll_oneoff`, and an event: bytes of each.
const SUBSCRIPTION: usize = 48;
const EVENT: usize = 32;

/// Subscriptions of one call.
const MOST_SUBSCRIPTIONS: usize = 4096;

struct Subscription {
    user: u64,
    wish: Wish,
}

#[derive(PartialEq, Eq)]
enum Wish {
    /// To be told after so long.
    Time(Duration),
    /// To read or write a descriptor, by the number of the kind of event.
    Descriptor(u32, u8),
    /// What cannot be had, with the number of the error.
    Never(i32),
}

/// Waits for one of several things. Files and streams of this library never wait; the clock and
/// the process's standard input do, and so end with the call they are in.
pub(super) fn poll(
    mut caller: Caller<'_, Data>,
    subscriptions: i32,
    events: i32,
    count: i32,
    written: i32,
) -> wasmtime::Result<i32> {
    let count = count as u32 as usize;
    if count == 0 || count > MOST_SUBSCRIPTIONS {
        return Ok(INVAL);
    }
    let Some(memory) = caller.get_export("memory").and_then(Extern::into_memory) else {
        return Ok(FAULT);
    };
    let mut bytes = vec![0; count * SUBSCRIPTION];
    if memory
        .read(&caller, subscriptions as u32 as usize, &mut bytes)
        .is_err()
    {
        return Ok(FAULT);
    }
    let data = caller.data();
    let inner = data.inner();
    let wishes = bytes.chunks_exact(SUBSCRIPTION).map(|it| read(data, it));
    let wishes: Vec<_> = wishes.collect();
    if wishes.iter().any(|it| it.wish == Wish::Never(NOTCAPABLE)) {
        let noted = inner.refuse(|| format!("poll_oneoff: {NO_CLOCK}"));
        noted.map_err(wasmtime::Error::new)?;
    }
    let found = wait(inner, &wishes).map_err(wasmtime::Error::new)?;
    let mut store = caller.as_context_mut();
    let mut put = |at: i32, bytes: &[u8]| memory.write(&mut store, at as u32 as usize, bytes);
    let length = (found.len() / EVENT) as u32;
    match (put(events, &found), put(written, &length.to_le_bytes())) {
        (Ok(()), Ok(())) => Ok(SUCCESS),
        _ => Ok(FAULT),
    }
}

fn read(data: &Data, bytes: &[u8]) -> Subscription {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let wish = match bytes[8] {
        0 => time(data, number(16) as u32, number(24), bytes[40] & 1 == 1),
        kind @ 1..=2 => Wish::Descriptor(number(16) as u32, kind),
        _ => Wish::Never(INVAL),
    };
    let user = number(0);
    Subscription { user, wish }
}

/// How long to wait for a time of a clock.
fn time(data: &Data, clock: u32, nanoseconds: u64, is_absolute: bool) -> Wish {
    let asked = Duration::from_nanos(nanoseconds);
    let inner = data.inner();
    let told = data.wasi.as_ref().and_then(|it| it.told.as_ref());
    let now = match (is_absolute, clock, inner.policy().clock()) {
        (false, 0..=1, _) => Duration::ZERO,
        (true, 0, Clock::Real) => wall(),
        (true, 1, Clock::Real) => inner.since_start(),
        (true, 0..=1, Clock::None) => return Wish::Never(NOTCAPABLE),
        (true, 0..=1, _) => told.map_or(Duration::ZERO, Told::next),
        _ => return Wish::Never(INVAL),
    };
    Wish::Time(asked.saturating_sub(now))
}

fn wall() -> Duration {
    let epoch = std::time::SystemTime::UNIX_EPOCH;
    std::time::SystemTime::now()
        .duration_since(epoch)
        .unwrap_or_default()
}

/// Waits until at least one wish has come true; the events of all that have.
fn wait(inner: &Inner, wishes: &[Subscription]) -> Result<Vec<u8>> {
    let start = Instant::now();
    let shortest = wishes.iter().filter_map(|it| match it.wish {
        Wish::Time(time) => Some(time),
        _ => None,
    });
    let until = shortest.min().and_then(|time| start.checked_add(time));
    let mut wait = Wait::new(inner);
    loop {
        let passed = start.elapsed();
        let found: Vec<_> = wishes
            .iter()
            .filter_map(|it| event(inner, it, passed))
            .collect();
        if !found.is_empty() {
            return Ok(found.concat());
        }
        wait.a_bit(until)?;
    }
}

fn event(inner: &Inner, it: &Subscription, passed: Duration) -> Option<[u8; EVENT]> {
    let (error, kind) = match it.wish {
        Wish::Time(time) => (passed >= time).then_some((SUCCESS, 0))?,
        Wish::Descriptor(0, 1) if matches!(inner.stdin(), Input::Inherit) => {
            is_readable().then_some((SUCCESS, 1))?
        }
        Wish::Descriptor(_, kind) => (SUCCESS, kind),
        Wish::Never(error) => (error, 0),
    };
    let mut event = [0; EVENT];
    event[..8].copy_from_slice(&it.user.to_le_bytes());
    event[8..10].copy_from_slice(&(error as u16).to_le_bytes());
    event[10] = kind;
    // How many bytes there are at least.
    event[16] = u8::from(kind != 0);
    Some(event)
}
