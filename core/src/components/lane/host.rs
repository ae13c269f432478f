//! The same for host functions: their arguments are lifted, their results lowered.

use std::mem::{MaybeUninit, swap, take};
use std::ops::{Deref, DerefMut};

use wasmtime::component::__internal::{
    CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift, Lower};
use wasmtime::{Result, ValRaw};
use wasmtime_environ::component::{MAX_FLAT_PARAMS, MAX_FLAT_RESULTS};

use super::lift::{Target, all_flat, load};
use super::lower::{all, all_at};
use super::{at_work, bad, tuple};
use crate::NumberList;
use crate::components::frame::{Sink, WitFrame};

/// What one call of a host function takes and gives.
#[derive(Default)]
pub(crate) struct HostFrames {
    pub(crate) args: WitFrame,
    /// The handles that are lent for the time of this call.
    pub(crate) borrowed: Vec<u64>,
    pub(crate) results: WitFrame,
    /// A buffer for bytes that lie beside the arguments: for some allocators it is much work to give and take a large one
    /// in each call.
    spare: Vec<u8>,
}

/// What is larger is given back to the system.
const MOST_BYTES: usize = 64 << 10;
/// Of bytes beside the arguments.
const MOST_SPARE: usize = 2 << 20;

impl HostFrames {
    /// Makes them empty, for another call. False if they are not worth it.
    pub(crate) fn clear(&mut self) -> bool {
        if !self.args.blobs.is_empty() {
            self.keep_spare();
        }
        self.args.clear();
        self.borrowed.clear();
        self.results.clear();
        // A host that gives the buffer of its arguments back has it there the next time.
        if self.results.bytes.capacity() > self.args.bytes.capacity() {
            swap(&mut self.args.bytes, &mut self.results.bytes);
        }
        self.args.bytes.capacity() <= MOST_BYTES && self.results.bytes.capacity() <= MOST_BYTES
    }

    /// Keeps the largest buffer that the host left where it was.
    #[cold]
    fn keep_spare(&mut self) {
        for blob in &mut self.args.blobs {
            if let NumberList::U8(bytes) = blob
                && (self.spare.capacity()..=MOST_SPARE).contains(&bytes.capacity())
            {
                self.spare = take(bytes);
            }
        }
    }
}

/// Takes what lies beside the arguments.
struct Beside<'a> {
    blobs: &'a mut Vec<NumberList>,
    spare: &'a mut Vec<u8>,
}

impl Sink for Beside<'_> {
    fn blob(&mut self, bytes: &[u8], each: usize) -> crate::Result<u32> {
        // A host may keep it: it is not to be much too large.
        let fits = bytes.len()..=bytes.len().saturating_mul(2);
        if each != 1 || !fits.contains(&self.spare.capacity()) {
            return self.blobs.blob(bytes, each);
        }
        let mut buffer = take(self.spare);
        buffer.clear();
        buffer.extend_from_slice(bytes);
        self.blobs.push(NumberList::U8(buffer));
        Ok(self.blobs.len() as u32 - 1)
    }
}

/// Frames that are kept for the next call when they are dropped: only their address moves.
pub(crate) struct Frames(Option<Box<HostFrames>>);

const ARE_THERE: &str = "they are there until they are dropped";

impl Deref for Frames {
    type Target = HostFrames;

    #[inline(always)]
    fn deref(&self) -> &HostFrames {
        self.0.as_deref().expect(ARE_THERE)
    }
}

impl DerefMut for Frames {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut HostFrames {
        self.0.as_deref_mut().expect(ARE_THERE)
    }
}

impl Drop for Frames {
    #[inline]
    fn drop(&mut self) {
        if let Some(frames) = self.0.take() {
            at_work::keep_frames(frames);
        }
    }
}

/// The arguments of a host function whose parameters take `N` slots, or lie in memory.
pub(crate) struct HostArgs<const N: usize>(pub(crate) Frames);

/// The results of a host function, which take `N` slots or lie in memory.
pub(crate) struct HostRets<const N: usize>(pub(crate) Frames);

impl<const N: usize> HostArgs<N> {
    #[inline(always)]
    fn lift(what: impl FnOnce(&mut Target<'_>) -> Result<()>) -> Result<HostArgs<N>> {
        let mut frames = Frames(Some(at_work::take_frames()));
        let into = &mut *frames;
        what(&mut Target {
            bytes: &mut into.args.bytes,
            sink: &mut Beside {
                blobs: &mut into.args.blobs,
                spare: &mut into.spare,
            },
            shut: None,
            borrowed: Some(&mut into.borrowed),
        })?;
        Ok(HostArgs(frames))
    }
}

/// Refuses a type that does not take `slots` slots; one that takes more than `max` lies in memory.
fn check(ty: &InterfaceType, types: &InstanceType<'_>, max: usize, slots: usize) -> Result<()> {
    let (_, abi) = tuple(types.types, *ty);
    match abi.flat_count(max) {
        Some(count) if count != slots => Err(bad(format!("{count} slots are needed, not {slots}"))),
        _ => Ok(()),
    }
}

// SAFETY: `typecheck` refuses what does not have just `N` slots.
unsafe impl<const N: usize> ComponentType for HostArgs<N> {
    type Lower = [ValRaw; N];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        check(ty, types, MAX_FLAT_PARAMS, N)
    }
}

// SAFETY: it stands for a list of parameters.
unsafe impl<const N: usize> ComponentNamedList for HostArgs<N> {}

// SAFETY: as `ComponentType`.
unsafe impl<const N: usize> Lift for HostArgs<N> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> Result<Self> {
        HostArgs::lift(|to| all_flat(cx, ty, src, to))
    }

    /// `bytes` is empty, as `ABI` says, but lies where the arguments are: the engine has checked that all of them
    /// are inside of memory.
    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> Result<Self> {
        let at = bytes
            .as_ptr()
            .addr()
            .wrapping_sub(cx.memory().as_ptr().addr());
        let (types, (_, abi)) = (cx.types, tuple(cx.types, ty));
        let is_inside = cx
            .memory()
            .get(at..)
            .is_some_and(|it| it.len() >= abi.size32 as usize);
        match is_inside {
            true => HostArgs::lift(|to| load(cx, types, ty, at, to)),
            false => Err(bad(
                "the guest gave arguments that are out of bounds of its memory",
            )),
        }
    }
}

// SAFETY: as `HostArgs`.
unsafe impl<const N: usize> ComponentType for HostRets<N> {
    type Lower = [ValRaw; N];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        check(ty, types, MAX_FLAT_RESULTS, N)
    }
}

// SAFETY: it stands for a list of results.
unsafe impl<const N: usize> ComponentNamedList for HostRets<N> {}

// SAFETY: as `ComponentType`.
unsafe impl<const N: usize> Lower for HostRets<N> {
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> Result<()> {
        let slots = dst.as_mut_ptr().cast::<[MaybeUninit<ValRaw>; N]>();
        // SAFETY: an array of what may be uninitialised is the same as one that may be.
        all(cx, ty, &self.0.results.lend(), MAX_FLAT_RESULTS, unsafe {
            &mut *slots
        })
    }

    fn linear_lower_to_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        at: usize,
    ) -> Result<()> {
        all_at(cx, ty, &self.0.results.lend(), at)
    }
}
