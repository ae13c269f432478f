//! The clocks and the random numbers that guests are given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtxBuilder};

use crate::Result;
use crate::policy::Clock;
use crate::store::{Inner, Owner};

/// A clock that is not the host's.
#[derive(Clone)]
pub(super) struct PolicyClock {
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

/// Gives guests the policy's clock, which is answered if it is not the host's.
pub(super) fn clock(wasi: &mut WasiCtxBuilder, inner: &Inner) -> Option<PolicyClock> {
    let (start, step) = match inner.policy().clock() {
        Clock::Real => {
            wasi.monotonic_clock(SinceStart(Owner::new(inner)));
            return None;
        }
        Clock::None => (0, 0),
        Clock::Fixed(at) => (at, 0),
        Clock::Stepped { start, step } => (start, step),
    };
    let clock = PolicyClock {
        now: Arc::new(AtomicU64::new(start)),
        step,
    };
    wasi.wall_clock(clock.clone())
        .monotonic_clock(clock.clone());
    Some(clock)
}

impl PolicyClock {
    /// What it will tell next, without its going on.
    pub(super) fn next(&self) -> Duration {
        Duration::from_nanos(self.now.load(Ordering::Relaxed))
    }

    fn tell(&self) -> u64 {
        self.now.fetch_add(self.step, Ordering::Relaxed)
    }
}

impl HostWallClock for PolicyClock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(self.step.max(1))
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.tell())
    }
}

impl HostMonotonicClock for PolicyClock {
    fn resolution(&self) -> u64 {
        self.step.max(1)
    }

    fn now(&self) -> u64 {
        self.tell()
    }
}

/// Random numbers from a seed: the output of a hash function that can be as long as one likes.
pub(super) struct Seeded(blake3::OutputReader);

impl Seeded {
    pub(super) fn new(seed: u64) -> Seeded {
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
