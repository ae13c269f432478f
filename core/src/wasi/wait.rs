//! Waiting, which ends with the call it belongs to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::{AsContextMut, Caller, Extern};
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wiggle::GuestMemory;

use super::clock::PolicyClock;
use super::open::State;
use super::streams::{Source, Stream};
use super::{BADF, FAULT, INVAL, NO_CLOCK, NOTCAPABLE, SUCCESS};
use crate::Result;
use crate::descriptor::{self, Polled, Readiness, poll as ask};
use crate::policy::Clock;
use crate::store::{Data, Inner, Owner, Wait};

/// A subscription of `poll_oneoff`, and an event: bytes of each.
const SUBSCRIPTION: usize = 48;
const EVENT: usize = 32;

/// Subscriptions of one call.
const MOST_SUBSCRIPTIONS: usize = 4096;

/// The kinds of events, and the flag of one that says that the other end has gone, or that a file
/// is at its end.
const READ: u8 = 1;
const WRITE: u8 = 2;
const HANGUP: u8 = 1;

struct Subscription {
    user: u64,
    /// Of the event that it asks for.
    kind: u8,
    wish: Wish,
}

enum Wish {
    /// To be told after so long.
    Time(Duration),
    /// To read or write a stream, which may have to be waited for.
    Stream(Stream),
    /// What is always there.
    Ready(Readiness),
    /// What cannot be had, with the number of the error.
    Never(i32),
}

/// What writing finds that never waits.
const WRITABLE: Readiness = Readiness {
    bytes: 1,
    is_over: false,
};

/// Waits for one of several things. Files never wait; the clock and streams do, and so end with the
/// call they are in.
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
    let owner = Owner::new(caller.data().inner());
    let inner = owner.get();
    let state = caller.data_mut().wasi();
    let wishes = bytes
        .chunks_exact(SUBSCRIPTION)
        .map(|it| read(inner, state, it));
    let wishes: Vec<_> = wishes.collect();
    let source = state.source.clone();
    if wishes
        .iter()
        .any(|it| matches!(it.wish, Wish::Never(NOTCAPABLE)))
    {
        let noted = inner.refuse(|| format!("poll_oneoff: {NO_CLOCK}"));
        noted.map_err(wasmtime::Error::new)?;
    }
    let found = wait(inner, &source, &wishes).map_err(wasmtime::Error::new)?;
    let mut store = caller.as_context_mut();
    let mut put = |at: i32, bytes: &[u8]| memory.write(&mut store, at as u32 as usize, bytes);
    let length = (found.len() / EVENT) as u32;
    match (put(events, &found), put(written, &length.to_le_bytes())) {
        (Ok(()), Ok(())) => Ok(SUCCESS),
        _ => Ok(FAULT),
    }
}

fn read(inner: &Inner, state: &mut State, bytes: &[u8]) -> Subscription {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let kind = bytes[8];
    let wish = match kind {
        0 => time(
            inner,
            state,
            number(16) as u32,
            number(24),
            bytes[40] & 1 == 1,
        ),
        READ | WRITE => descriptor(state, number(16) as u32, kind),
        _ => Wish::Never(INVAL),
    };
    let user = number(0);
    Subscription { user, kind, wish }
}

/// What can be waited for of a descriptor: not of folders, nor of streams that go the other way.
fn descriptor(state: &mut State, fd: u32, kind: u8) -> Wish {
    match (state.opened.stream(fd), kind) {
        (Some(Stream::In), READ) => return Wish::Stream(Stream::In),
        (Some(it @ (Stream::Out | Stream::Err)), WRITE) => return Wish::Stream(it),
        _ => {}
    }
    match (state.opened.get(fd as i32), kind) {
        (Some(it), _) if it.is_dir => Wish::Never(BADF),
        (Some(_), WRITE) => Wish::Ready(WRITABLE),
        (Some(it), _) => {
            let size = it.file.metadata().map_or(0, |it| it.len());
            let mut nothing = GuestMemory::Unshared(&mut []);
            let at = state.library.fd_tell(&mut nothing, fd.into());
            let bytes = size.saturating_sub(at.unwrap_or(0));
            let is_over = bytes == 0;
            Wish::Ready(Readiness { bytes, is_over })
        }
        (None, _) => Wish::Never(BADF),
    }
}

/// How long to wait for a time of a clock.
fn time(inner: &Inner, state: &State, clock: u32, nanoseconds: u64, is_absolute: bool) -> Wish {
    let asked = Duration::from_nanos(nanoseconds);
    let told = state.told.as_ref();
    let now = match (is_absolute, clock, inner.policy().clock()) {
        (false, 0..=1, _) => Duration::ZERO,
        (true, 0, Clock::Real) => wall(),
        (true, 1, Clock::Real) => inner.since_start(),
        (true, 0..=1, Clock::None) => return Wish::Never(NOTCAPABLE),
        (true, 0..=1, _) => told.map_or(Duration::ZERO, PolicyClock::next),
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
fn wait(inner: &Inner, source: &Arc<Source>, wishes: &[Subscription]) -> Result<Vec<u8>> {
    let start = Instant::now();
    let shortest = wishes.iter().filter_map(|it| match it.wish {
        Wish::Time(time) => Some(time),
        _ => None,
    });
    let until = shortest.min().and_then(|time| start.checked_add(time));
    let mut wait = Wait::new(inner);
    loop {
        let passed = start.elapsed();
        let mut streams = Streams::look(inner, source, wishes)?;
        let events = wishes
            .iter()
            .filter_map(|it| event(it, &streams.found, passed));
        let events: Vec<_> = events.collect();
        if !events.is_empty() {
            return Ok(events.concat());
        }
        wait.a_bit(&mut streams.polled, until)?;
    }
}

/// The streams that somebody waits for.
#[derive(Default)]
struct Streams {
    /// Of each, if it is ready.
    found: [Option<Readiness>; 3],
    /// Those that have to be waited for.
    polled: Vec<Polled>,
}

impl Streams {
    fn look(inner: &Inner, source: &Source, wishes: &[Subscription]) -> Result<Streams> {
        let mut streams = Streams::default();
        let mut asked = Vec::new();
        for stream in Stream::ALL {
            let is_asked =
                |it: &Subscription| matches!(it.wish, Wish::Stream(asked) if asked == stream);
            if wishes.iter().any(is_asked) {
                match readiness(inner, source, stream)? {
                    Found::Now(it) => streams.found[stream as usize] = it,
                    Found::Ask(polled) => {
                        asked.push(stream);
                        streams.polled.push(polled);
                    }
                }
            }
        }
        if !asked.is_empty() {
            // A signal is looked after where it is waited.
            let _ = ask(&mut streams.polled, Duration::ZERO);
        }
        for (stream, polled) in asked.iter().zip(&streams.polled) {
            streams.found[*stream as usize] = polled.readiness();
        }
        Ok(streams)
    }
}

enum Found {
    Now(Option<Readiness>),
    /// The system knows.
    Ask(Polled),
}

fn readiness(inner: &Inner, source: &Source, stream: Stream) -> Result<Found> {
    let Some(sink) = stream.sink(inner) else {
        return Ok(match source {
            Source::Bytes(left) => {
                let bytes = left.lock().len() as u64;
                let is_over = bytes == 0;
                Found::Now(Some(Readiness { bytes, is_over }))
            }
            Source::Descriptor(it) => Found::Ask(it.polled(descriptor::Wish::Read)),
        });
    };
    sink.look()?;
    Ok(match sink.descriptor() {
        Some(it) => Found::Ask(it.polled(descriptor::Wish::Write)),
        None => Found::Now((!sink.is_unread()).then_some(WRITABLE)),
    })
}

fn event(
    it: &Subscription,
    streams: &[Option<Readiness>; 3],
    passed: Duration,
) -> Option<[u8; EVENT]> {
    let (error, found) = match it.wish {
        Wish::Time(time) => (passed >= time).then_some((SUCCESS, Readiness::default()))?,
        Wish::Stream(stream) => (SUCCESS, streams[stream as usize]?),
        Wish::Ready(found) => (SUCCESS, found),
        Wish::Never(error) => (error, Readiness::default()),
    };
    let mut event = [0; EVENT];
    event[..8].copy_from_slice(&it.user.to_le_bytes());
    event[8..10].copy_from_slice(&(error as u16).to_le_bytes());
    event[10] = it.kind;
    event[16..24].copy_from_slice(&found.bytes.to_le_bytes());
    event[24] = if found.is_over { HANGUP } else { 0 };
    Some(event)
}
