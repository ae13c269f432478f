//! WASI preview 1: what a store's policy and streams are to its guests.
//!
//! The functions are those of `wasmtime-wasi`. Three things are done here: what the policy does not
//! grant is refused, waiting ends with the call it belongs to, and output passes the host's hands.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use wasmtime::{AsContextMut, Caller, Extern, Linker};
use wasmtime_wasi::cli::{IsTerminal, StdinStream, StdoutStream};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};
use wasmtime_wasi::{
    FsPerms, HostMonotonicClock, HostWallClock, I32Exit, WasiCtxBuilder, async_trait,
};

use crate::policy::{Access, Clock, Policy, Random};
use crate::stdio::{Input, Sink};
use crate::store::{Context, Data, Inner, Owner};
use crate::{Error, ErrorKind, ImportType, Result};

/// The name that modules import WASI preview 1 by.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// Error numbers of WASI.
const SUCCESS: i32 = 0;
const FAULT: i32 = 21;
const INVAL: i32 = 28;
const NOTCAPABLE: i32 = 76;

/// All functions, for stores of one engine.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Data>> {
    let mut linker = Linker::new(engine);
    add_to_linker_sync(&mut linker, Data::wasi)?;
    linker.allow_shadowing(true);
    linker.func_wrap(MODULE, "poll_oneoff", poll)?;
    linker.func_wrap(MODULE, "proc_exit", exit)?;
    Ok(linker)
}

/// Ends the guest, with any code: the library's own has none above 125.
fn exit(code: i32) -> wasmtime::Result<()> {
    Err(wasmtime::Error::new(I32Exit(code)))
}

/// The function of WASI that an import asks for; none if there is none of its name.
pub(crate) fn provide(ctx: &mut Context<'_>, import: &ImportType) -> Result<Option<Extern>> {
    let inner = ctx.store().inner();
    if import.module != MODULE {
        return Ok(None);
    }
    if ctx.engine.data().wasi.is_none() {
        let made = open(inner)?;
        ctx.engine.data_mut().wasi = Some(Box::new(made));
    }
    if is_denied(inner.policy(), &import.name) {
        return Ok(refusal(ctx, &import.name));
    }
    let linker = inner.variant()?.wasi()?;
    Ok(linker.get(&mut ctx.engine, MODULE, &import.name).ok())
}

/// Whether the policy does not grant what a function is for.
fn is_denied(policy: &Policy, name: &str) -> bool {
    match name {
        "clock_time_get" | "clock_res_get" => policy.clock() == Clock::None,
        "random_get" => policy.random() == Random::None,
        _ => false,
    }
}

/// A function that answers as WASI has it for what is not permitted.
fn refusal(ctx: &mut Context<'_>, name: &str) -> Option<Extern> {
    let store = &mut ctx.engine;
    let func = match name {
        "clock_time_get" => {
            wasmtime::Func::wrap(store, |_: i32, _: i64, _: i32| -> i32 { NOTCAPABLE })
        }
        _ => wasmtime::Func::wrap(store, |_: i32, _: i32| -> i32 { NOTCAPABLE }),
    };
    Some(func.into())
}

/// What the policy and the streams are for `wasmtime-wasi`.
fn open(inner: &Inner) -> Result<WasiP1Ctx> {
    let policy = inner.policy();
    let mut wasi = WasiCtxBuilder::new();
    wasi.allow_blocking_current_thread(true);
    for (name, dir) in policy.dirs() {
        let perms = match dir.access {
            Access::Read => FsPerms::ReadOnly,
            Access::Write => FsPerms::ReadWrite,
        };
        wasi.preopened_dir(&dir.path, name, perms)
            .map_err(|e| Error::new(ErrorKind::Io, format!("{}: {e:#}", dir.path.display())))?;
    }
    for (name, value) in policy.env() {
        wasi.env(name, value);
    }
    wasi.args(policy.args());
    clock(&mut wasi, inner);
    if let Random::Seeded(seed) = policy.random() {
        wasi.secure_random(Seeded::new(seed));
    }
    input(&mut wasi, inner)?;
    let [out, err] = inner.sinks()?;
    wasi.stdout(Pipe::new(inner, out))
        .stderr(Pipe::new(inner, err));
    Ok(wasi.build_p1())
}

fn input(wasi: &mut WasiCtxBuilder, inner: &Inner) -> Result<()> {
    match inner.stdin() {
        Input::None => {}
        Input::Inherit => drop(wasi.stdin(Terminal::new(inner)?)),
        Input::Bytes(bytes) => drop(wasi.stdin(MemoryInputPipe::new(bytes.clone()))),
        Input::File(path) => {
            let bytes = std::fs::read(path).map_err(|e| Error::io(path, &e))?;
            wasi.stdin(MemoryInputPipe::new(bytes));
        }
    }
    Ok(())
}

/// A clock that is not the host's.
#[derive(Clone)]
struct Told {
    now: Arc<AtomicU64>,
    step: u64,
}

/// The host's clock that only goes forward, from when the store was made: the one that
/// `poll_oneoff` reads, too.
struct SinceStart(Owner);

impl HostMonotonicClock for SinceStart {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.get().since_start().as_nanos()).unwrap_or(u64::MAX)
    }
}

fn clock(wasi: &mut WasiCtxBuilder, inner: &Inner) {
    let told = |start, step| Told {
        now: Arc::new(AtomicU64::new(start)),
        step,
    };
    let told = match inner.policy().clock() {
        Clock::Real => {
            wasi.monotonic_clock(SinceStart(Owner::new(inner)));
            return;
        }
        Clock::None => told(0, 0),
        Clock::Fixed(at) => told(at, 0),
        Clock::Stepped { start, step } => told(start, step),
    };
    wasi.wall_clock(told.clone()).monotonic_clock(told);
}

impl Told {
    fn tell(&self) -> u64 {
        self.now.fetch_add(self.step, Ordering::Relaxed)
    }
}

impl HostWallClock for Told {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(self.step.max(1))
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.tell())
    }
}

impl HostMonotonicClock for Told {
    fn resolution(&self) -> u64 {
        self.step.max(1)
    }

    fn now(&self) -> u64 {
        self.tell()
    }
}

/// Random numbers from a seed: the output of a hash function that can be as long as one likes.
struct Seeded(blake3::OutputReader);

impl Seeded {
    fn new(seed: u64) -> Seeded {
        let mut hasher = blake3::Hasher::new_derive_key("landbridge 2026 seeded random");
        hasher.update(&seed.to_le_bytes());
        Seeded(hasher.finalize_xof())
    }
}

impl rand_core::TryRng for Seeded {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

/// What a guest writes, on its way to the host.
#[derive(Clone)]
struct Pipe {
    owner: Owner,
    sink: Arc<Sink>,
}

impl Pipe {
    fn new(inner: &Inner, sink: &Arc<Sink>) -> Pipe {
        Pipe {
            owner: Owner::new(inner),
            sink: sink.clone(),
        }
    }
}

/// Bytes that are taken at once.
const CHUNK_BYTES: usize = 64 << 10;

#[async_trait]
impl Pollable for Pipe {
    async fn ready(&mut self) {}
}

impl OutputStream for Pipe {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let written = self.owner.get().write(&self.sink, &bytes);
        written.map_err(|e| StreamError::Trap(wasmtime::Error::new(e)))
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(CHUNK_BYTES)
    }
}

impl IsTerminal for Pipe {
    fn is_terminal(&self) -> bool {
        self.sink.is_terminal()
    }
}

impl StdoutStream for Pipe {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        // Only preview 3 asks for it.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

/// The process's standard input; waiting for it ends with the call.
#[derive(Clone)]
struct Terminal {
    owner: Owner,
    /// Read without a buffer, so that what was not read yet is still seen to be there.
    input: Arc<File>,
}

impl Terminal {
    fn new(inner: &Inner) -> Result<Terminal> {
        let input =
            own_input().map_err(|e| Error::new(ErrorKind::Io, format!("standard input: {e}")))?;
        Ok(Terminal {
            owner: Owner::new(inner),
            input: Arc::new(input),
        })
    }
}

#[cfg(unix)]
fn own_input() -> std::io::Result<File> {
    use std::os::fd::AsFd;
    Ok(std::io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn own_input() -> std::io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(std::io::stdin().as_handle().try_clone_to_owned()?.into())
}

#[async_trait]
impl Pollable for Terminal {
    async fn ready(&mut self) {}
}

impl InputStream for Terminal {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let trap = |e| StreamError::Trap(wasmtime::Error::new(e));
        let mut wait = Wait::new(self.owner.get());
        while !is_readable() {
            wait.a_bit(None).map_err(trap)?;
        }
        let mut bytes = vec![0; size.min(CHUNK_BYTES)];
        match (&*self.input).read(&mut bytes) {
            Ok(0) if size > 0 => Err(StreamError::Closed),
            Ok(length) => {
                bytes.truncate(length);
                Ok(bytes.into())
            }
            Err(e) => Err(StreamError::LastOperationFailed(e.into())),
        }
    }
}

impl IsTerminal for Terminal {
    fn is_terminal(&self) -> bool {
        std::io::IsTerminal::is_terminal(&std::io::stdin())
    }
}

impl StdinStream for Terminal {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncRead + Send + Sync> {
        // Only preview 3 asks for it.
        Box::new(tokio::io::empty())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.clone())
    }
}

/// Whether reading the process's standard input would not block.
#[cfg(unix)]
fn is_readable() -> bool {
    let mut fd = libc::pollfd {
        fd: 0,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one valid structure; a timeout of zero returns at once.
    unsafe { libc::poll(&raw mut fd, 1, 0) != 0 }
}

#[cfg(not(unix))]
fn is_readable() -> bool {
    true
}

/// A guest that waits: the store is asked at each turn whether the call is over.
struct Wait<'a> {
    inner: &'a Inner,
    turns: u32,
}

impl Wait<'_> {
    fn new(inner: &Inner) -> Wait<'_> {
        Wait { inner, turns: 0 }
    }

    /// Sleeps for some milliseconds, not past `until`.
    fn a_bit(&mut self, until: Option<Instant>) -> Result<()> {
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
fn poll(
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
    let inner = caller.data().inner();
    let wishes: Vec<_> = bytes
        .chunks_exact(SUBSCRIPTION)
        .map(|it| read(inner, it))
        .collect();
    let found = wait(inner, &wishes).map_err(wasmtime::Error::new)?;
    let mut store = caller.as_context_mut();
    let mut put = |at: i32, bytes: &[u8]| memory.write(&mut store, at as u32 as usize, bytes);
    let length = (found.len() / EVENT) as u32;
    match (put(events, &found), put(written, &length.to_le_bytes())) {
        (Ok(()), Ok(())) => Ok(SUCCESS),
        _ => Ok(FAULT),
    }
}

fn read(inner: &Inner, bytes: &[u8]) -> Subscription {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let wish = match bytes[8] {
        0 => time(inner, number(16) as u32, number(24), bytes[40] & 1 == 1),
        kind @ 1..=2 => Wish::Descriptor(number(16) as u32, kind),
        _ => Wish::Never(INVAL),
    };
    let user = number(0);
    Subscription { user, wish }
}

/// How long to wait for a time of a clock.
fn time(inner: &Inner, clock: u32, nanoseconds: u64, is_absolute: bool) -> Wish {
    let asked = Duration::from_nanos(nanoseconds);
    let now = match (is_absolute, clock, inner.policy().clock()) {
        (false, 0..=1, _) => Duration::ZERO,
        (true, 0, Clock::Real) => wall(),
        (true, 1, Clock::Real) => inner.since_start(),
        (true, 0..=1, Clock::Fixed(at)) => Duration::from_nanos(at),
        (true, 0..=1, Clock::Stepped { start, .. }) => Duration::from_nanos(start),
        (true, 0..=1, Clock::None) => return Wish::Never(NOTCAPABLE),
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
