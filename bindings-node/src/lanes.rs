//! Lanes: the buffers of JavaScript that values cross in, one for each call that is at work in an environment.

use std::cell::{Cell, OnceCell, RefCell};
use std::ptr;

use landbridge::{Error, ErrorKind, Result};

use crate::env::{Env, Js};
use crate::reference::Reference;

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

/// How much of a lane is used, and what lies beside it.
#[derive(Clone, Copy)]
pub(crate) struct Used {
    pub(crate) lane: i32,
    pub(crate) bytes: usize,
    pub(crate) beside: u32,
}

#[cold]
pub(crate) fn no_lane() -> Error {
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
    pub(crate) fn enter(&self) -> Result<i32> {
        let index = self.head()?[TOP];
        self.set(TOP, index.wrapping_add(1));
        Ok(index as i32)
    }

    /// Gives it back.
    #[inline]
    pub(crate) fn leave(&self, index: i32) {
        self.set(TOP, index as u32);
    }

    /// What JavaScript has told of the lane that was taken last.
    #[inline]
    pub(crate) fn used(&self) -> Result<Used> {
        let head = self.head()?;
        Ok(Used {
            lane: head[TOP].wrapping_sub(1) as i32,
            bytes: head[BYTES] as usize,
            beside: head[BESIDE],
        })
    }

    /// Whether JavaScript calls with arguments rather than with a lane.
    #[inline]
    pub(crate) fn is_direct(&self) -> Result<bool> {
        Ok(self.head()?[BESIDE] == DIRECT)
    }

    /// Tells JavaScript that such a call was made.
    #[inline]
    pub(crate) fn tell_direct(&self) {
        self.set(BESIDE, 0);
    }

    /// Lends buffers for such a call.
    #[inline]
    pub(crate) fn with_buffers<R>(&self, what: impl FnOnce(&mut [Vec<u8>; 2]) -> R) -> R {
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
    pub(crate) fn tell(&self, bytes: u32, is_to_have: bool) {
        self.set(BYTES, bytes);
        self.set(BESIDE, is_to_have.into());
    }

    /// Where so many bytes at the beginning of a lane are. They are valid until JavaScript writes into this lane again:
    /// not while a call or a host function has it.
    #[inline]
    pub(crate) fn bytes(&self, index: i32, length: usize) -> Result<*mut [u8]> {
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
    pub(crate) fn put(&self, index: i32, bytes: &[u8]) -> bool {
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
    pub(crate) fn keep(&self, index: i32, bytes: Vec<u8>) -> Result<()> {
        self.with(index, |lane| lane.pending = bytes)
    }

    /// A buffer for the results of a call.
    #[inline]
    pub(crate) fn spare(&self, index: i32) -> Result<Vec<u8>> {
        self.with(index, |lane| lane.spare.take())
    }

    #[inline]
    pub(crate) fn keep_spare(&self, index: i32, mut bytes: Vec<u8>) {
        if bytes.capacity() <= MOST_SPARE {
            bytes.clear();
            // A lane that is gone needs none.
            let _ = self.with(index, |lane| lane.spare.set(bytes));
        }
    }

    /// The object of a lane.
    pub(crate) fn object(&self, env: Env, index: i32) -> Result<Js> {
        let object = self.with(index, |lane| lane.object.get(env))?;
        object.ok_or_else(no_lane)
    }

    /// Takes over where the numbers are, which `array` keeps there; a second time would leave lanes uncounted.
    ///
    /// # Safety
    /// They must be there, and nobody but JavaScript and this may have them.
    pub(crate) unsafe fn tell_of(&self, numbers: *mut [u32; 3], array: Reference) {
        let _ = self.head.set(Head {
            numbers,
            _array: array,
        });
    }

    /// Takes over a lane with a buffer of so many bytes, which `buffer` keeps there. A result that waits for room stays.
    ///
    /// # Safety
    /// They must be there, and nobody but JavaScript and this may have them.
    pub(crate) unsafe fn add(
        &self,
        index: usize,
        (data, size): (*mut u8, usize),
        object: Reference,
        buffer: Reference,
    ) {
        let mut lanes = self.lanes.borrow_mut();
        if lanes.len() <= index {
            lanes.resize_with(index + 1, || None);
        }
        let pending = lanes[index].take().map(|it| it.pending);
        lanes[index] = Some(Lane {
            data,
            size,
            object,
            _buffer: buffer,
            pending: pending.unwrap_or_default(),
            spare: Cell::default(),
        });
    }

    /// A result that did not fit, for the room that is there now.
    pub(crate) fn put_pending(&self, index: i32) -> Result<()> {
        let pending = self.with(index, |lane| std::mem::take(&mut lane.pending))?;
        match self.put(index, &pending) {
            true => Ok(()),
            false => Err(no_lane()),
        }
    }
}
