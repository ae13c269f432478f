//! Lanes: the buffers of JavaScript that values cross in, one for each call that is at work in an environment.

use std::cell::{Cell, OnceCell, RefCell};
use std::ptr;

use landbridge::{Error, ErrorKind, Result};
use napi_sys as sys;

use super::crossed::Used;
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, Native};
use crate::js::get;
use crate::reference::Reference;

pub(crate) const TABLE: &[(&str, Native)] =
    &[("witHead", head), ("witLane", lane), ("witTake", take)];

/// The lanes of an environment. JavaScript makes them, and counts those that are in use where this counts, too.
#[derive(Default)]
pub(crate) struct Lanes {
    head: OnceCell<Head>,
    lanes: RefCell<Vec<Option<Lane>>>,
    /// Buffers for the arguments and the result of a call without a lane.
    direct: Cell<[Vec<u8>; 2]>,
}

/// What JavaScript and this tell each other.
struct Head {
    numbers: *mut [u32; 3],
    /// Keeps the numbers where they are.
    _array: Reference,
}

/// How many lanes are in use.
const TOP: usize = 0;
/// Of a lane, where one side calls the other: how many bytes it has.
const BYTES: usize = 1;
/// What else there is, in bits.
const BESIDE: usize = 2;
/// In place of these bits: there are arguments, and no lane.
const DIRECT: u32 = 8;

struct Lane {
    data: *mut u8,
    size: usize,
    /// The object of JavaScript.
    object: Reference,
    /// Keeps the bytes where they are.
    _buffer: Reference,
    /// A result that did not fit.
    pending: Vec<u8>,
    /// A buffer for results.
    spare: Cell<Vec<u8>>,
}

/// A buffer that is larger is given back.
const MOST_SPARE: usize = 64 << 10;

#[cold]
fn no_lane() -> Error {
    Error::new(ErrorKind::Internal, "there is no such lane")
}

impl Lanes {
    #[inline]
    fn head(&self) -> Result<[u32; 3]> {
        let head = self.head.get().ok_or_else(no_lane)?;
        // SAFETY: the array is kept alive, nobody else has it, and this is its thread: no other pointer to its elements is
        // used meanwhile.
        Ok(unsafe { *head.numbers })
    }

    #[inline]
    fn set(&self, place: usize, number: u32) {
        if let Some(head) = self.head.get() {
            // SAFETY: as in `head`.
            unsafe { (*head.numbers)[place] = number }
        }
    }

    /// Takes the next lane for a host function.
    #[inline]
    pub(super) fn enter(&self) -> Result<i32> {
        let index = self.head()?[TOP];
        self.set(TOP, index.wrapping_add(1));
        Ok(index as i32)
    }

    /// Gives it back.
    #[inline]
    pub(super) fn leave(&self, index: i32) {
        self.set(TOP, index as u32);
    }

    /// What JavaScript has told of the lane that was taken last.
    #[inline]
    pub(super) fn used(&self) -> Result<Used> {
        let head = self.head()?;
        Ok(Used {
            lane: head[TOP].wrapping_sub(1) as i32,
            bytes: head[BYTES] as usize,
            beside: head[BESIDE],
        })
    }

    /// Whether JavaScript calls with arguments rather than with a lane.
    #[inline]
    pub(super) fn is_direct(&self) -> Result<bool> {
        Ok(self.head()?[BESIDE] == DIRECT)
    }

    /// Tells JavaScript that such a call was made.
    #[inline]
    pub(super) fn tell_direct(&self) {
        self.set(BESIDE, 0);
    }

    /// Lends buffers for such a call.
    #[inline]
    pub(super) fn with_buffers<R>(&self, what: impl FnOnce(&mut [Vec<u8>; 2]) -> R) -> R {
        let mut buffers = self.direct.take();
        let done = what(&mut buffers);
        if buffers.iter().all(|it| it.capacity() <= MOST_SPARE) {
            buffers.iter_mut().for_each(Vec::clear);
            self.direct.set(buffers);
        }
        done
    }

    /// Tells JavaScript how many bytes that lane has now, or has to have.
    #[inline]
    pub(super) fn tell(&self, bytes: u32, is_to_have: bool) {
        self.set(BYTES, bytes);
        self.set(BESIDE, is_to_have.into());
    }

    /// Where so many bytes at the beginning of a lane are. They are valid until JavaScript writes into this lane again:
    /// not while a call or a host function has it.
    #[inline]
    pub(super) fn bytes(&self, index: i32, length: usize) -> Result<*mut [u8]> {
        self.with(index, |lane| match length <= lane.size {
            true => Ok(ptr::slice_from_raw_parts_mut(lane.data, length)),
            false => Err(no_lane()),
        })?
    }

    #[inline]
    fn with<R>(&self, index: i32, what: impl FnOnce(&mut Lane) -> R) -> Result<R> {
        let mut lanes = self.lanes.borrow_mut();
        let lane = usize::try_from(index)
            .ok()
            .and_then(|at| lanes.get_mut(at)?.as_mut());
        lane.map(what).ok_or_else(no_lane)
    }

    /// Puts bytes at the beginning of a lane, if there is one and they fit.
    #[inline]
    pub(super) fn put(&self, index: i32, bytes: &[u8]) -> bool {
        let put = self.with(index, |lane| {
            let fits = bytes.len() <= lane.size;
            if fits {
                // SAFETY: the lane has as many bytes, which are not those that are copied: these are of a `Vec`.
                unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), lane.data, bytes.len()) };
            }
            fits
        });
        put.unwrap_or(false)
    }

    /// Keeps a result that does not fit until JavaScript has made room.
    pub(super) fn keep(&self, index: i32, bytes: Vec<u8>) -> Result<()> {
        self.with(index, |lane| lane.pending = bytes)
    }

    /// A buffer for the results of a call.
    #[inline]
    pub(super) fn spare(&self, index: i32) -> Result<Vec<u8>> {
        self.with(index, |lane| lane.spare.take())
    }

    #[inline]
    pub(super) fn keep_spare(&self, index: i32, mut bytes: Vec<u8>) {
        if bytes.capacity() <= MOST_SPARE {
            bytes.clear();
            // A lane that is gone needs none.
            let _ = self.with(index, |lane| lane.spare.set(bytes));
        }
    }

    /// The object of a lane.
    pub(super) fn object(&self, env: Env, index: i32) -> Result<Js> {
        let object = self.with(index, |lane| lane.object.get(env))?;
        object.ok_or_else(no_lane)
    }
}

/// `witHead(array)`: what is told of lanes, a `Uint32Array` of three.
fn head(call: &CallbackInfo) -> Result<Js> {
    let (env, array) = (call.env, call.args[0]);
    let (mut kind, mut length, mut data, none) = (0, 0, ptr::null_mut(), ptr::null_mut());
    // SAFETY: the environment runs on this thread, the value is of the open scope; the out pointers that are null are not wanted.
    let status = unsafe {
        let offset = ptr::null_mut();
        sys::napi_get_typedarray_info(
            env.raw(),
            array,
            &mut kind,
            &mut length,
            &mut data,
            none,
            offset,
        )
    };
    env.check(status)?;
    if kind != sys::TypedarrayType::uint32_array || length != 3 || data.is_null() {
        return Err(no_lane());
    }
    let head = Head {
        numbers: data.cast(),
        _array: env.reference(array, false)?,
    };
    // A second one would leave lanes uncounted.
    let _ = env.addon()?.lanes.head.set(head);
    env.undefined()
}

/// `witLane(index, lane, buffer)`: an object, and the `ArrayBuffer` that it has from now on.
fn lane(call: &CallbackInfo) -> Result<Js> {
    let (env, object, buffer) = (call.env, call.args[1], call.args[2]);
    let index = get!(env, napi_get_value_uint32(call.args[0]), 0)? as usize;
    let mut data = ptr::null_mut();
    let size = get!(env, napi_get_arraybuffer_info(buffer, &mut data), 0)?;
    let lane = Lane {
        data: data.cast(),
        size,
        object: env.reference(object, false)?,
        _buffer: env.reference(buffer, false)?,
        pending: Vec::new(),
        spare: Cell::default(),
    };
    let addon = env.addon()?;
    let mut lanes = addon.lanes.lanes.borrow_mut();
    if lanes.len() <= index {
        lanes.resize_with(index + 1, || None);
    }
    let former = lanes[index].replace(lane);
    if let (Some(former), Some(lane)) = (former, &mut lanes[index]) {
        lane.pending = former.pending;
    }
    env.undefined()
}

/// `witTake(index)`: puts a result that did not fit into the lane, which is large enough now.
fn take(call: &CallbackInfo) -> Result<Js> {
    let index = get!(call.env, napi_get_value_int32(call.args[0]), 0)?;
    let lanes = &call.env.addon()?.lanes;
    let pending = lanes.with(index, |lane| std::mem::take(&mut lane.pending))?;
    match lanes.put(index, &pending) {
        true => call.env.undefined(),
        false => Err(no_lane()),
    }
}
