//! What lies beside a lane: typed arrays, and objects of the host.

use std::cell::OnceCell;
use std::ptr;
use std::sync::Arc;

use landbridge::host::wit::Crossed;
use landbridge::{Blobs, Error, ErrorKind, HostResource, NumberList, Result, Sink, WitFrame};
use napi_sys as sys;

use crate::addon::Addon;
use crate::env::{Env, Js};
use crate::js::{get, gone};
use crate::lanes::Used;
use crate::side::{Kept, Side};

/// There are typed arrays.
const BLOBS: u32 = 1;
/// There are objects.
const OBJECTS: u32 = 2;
/// There is nothing yet, but a promise.
const LATER: u32 = 4;

/// Typed arrays of JavaScript. Where their bytes are is only asked when a call asks how many there are: a destructor that
/// waited runs before that, and JavaScript with it, which may move, shrink or detach them. From then on JavaScript does not run
/// until they are copied: a guest cannot call the host while its arguments are written.
pub(super) struct Arrays {
    env: Env,
    arrays: Vec<Js>,
    places: OnceCell<Vec<Array>>,
}

struct Array {
    data: *const u8,
    bytes: usize,
    /// Of a number.
    each: usize,
}

// SAFETY: the thread of JavaScript asks first how many bytes there are, which fills `places`. From then on these are only
// read, and so are the bytes; another thread does so while that of JavaScript waits for it.
unsafe impl Sync for Arrays {}

impl Arrays {
    /// Those of a lane; `beside` says whether there are any.
    pub(super) fn of(env: Env, addon: &Addon, lane: i32, beside: u32) -> Result<Arrays> {
        let arrays = match beside & BLOBS {
            0 => Vec::new(),
            _ => env.items(env.field(addon.lanes.object(env, lane)?, c"blobs")?)?,
        };
        Ok(Arrays {
            env,
            arrays,
            places: OnceCell::new(),
        })
    }

    /// Where they are, asked on the thread of JavaScript. One that is no typed array ends them.
    fn places(&self) -> &[Array] {
        let place = |it: &Js| bytes_of(self.env, *it).ok();
        self.places
            .get_or_init(|| self.arrays.iter().map_while(place).collect())
    }

    fn copies(&self) -> Result<Vec<NumberList>> {
        let mut copies = Vec::new();
        for array in self.places() {
            let mut bytes = vec![0; array.bytes];
            // SAFETY: as of `Arrays`.
            unsafe { copy_to(array.data, &mut bytes) };
            copies.blob(&bytes, array.each)?;
        }
        Ok(copies)
    }
}

/// # Safety
/// There must be as many bytes.
unsafe fn copy_to(data: *const u8, to: &mut [u8]) {
    // An empty array may have no pointer.
    if !to.is_empty() {
        // SAFETY: the caller's; `copy` allows for bytes that are in the memory of a guest.
        unsafe { ptr::copy(data, to.as_mut_ptr(), to.len()) };
    }
}

impl Blobs for Arrays {
    fn len(&self, index: u32) -> Option<usize> {
        self.places().get(index as usize).map(|it| it.bytes)
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        let places = self.places.get();
        match places.and_then(|it| it.get(index as usize)) {
            Some(array) if array.bytes == to.len() => {
                // SAFETY: as of `Arrays`.
                unsafe { copy_to(array.data, to) };
                Ok(())
            }
            _ => Err(Error::new(
                ErrorKind::Internal,
                "there is no such typed array",
            )),
        }
    }
}

/// Where the bytes of a typed array are.
fn bytes_of(env: Env, array: Js) -> Result<Array> {
    let (mut kind, mut count, mut data, none) = (0, 0, ptr::null_mut(), ptr::null_mut());
    // SAFETY: the environment runs on this thread, the value is of the open scope; the out pointers that are null are not wanted.
    let status = unsafe {
        let offset = ptr::null_mut();
        sys::napi_get_typedarray_info(
            env.raw(),
            array,
            &mut kind,
            &mut count,
            &mut data,
            none,
            offset,
        )
    };
    env.check(status)?;
    use sys::TypedarrayType as T;
    let each = match kind {
        T::int8_array | T::uint8_array | T::uint8_clamped_array => 1,
        T::int16_array | T::uint16_array => 2,
        T::int32_array | T::uint32_array | T::float32_array => 4,
        _ => 8,
    };
    Ok(Array {
        data: data.cast_const().cast(),
        bytes: count * each,
        each,
    })
}

/// An object of JavaScript that crosses as a resource.
struct Object(Kept);

/// The objects of a lane.
pub(super) fn objects_of(
    env: Env,
    side: &Arc<Side>,
    lane: i32,
    beside: u32,
) -> Result<Vec<HostResource>> {
    if beside & OBJECTS == 0 {
        return Ok(Vec::new());
    }
    let array = env.field(side.addon.lanes.object(env, lane)?, c"objects")?;
    let objects = env.items(array)?.into_iter();
    let kept = objects.map(|it| Ok(HostResource::new(Object(side.keep(env, it)?))));
    kept.collect()
}

/// Whether what was called gave a promise.
#[inline]
pub(super) fn is_later(used: Used) -> bool {
    used.beside & LATER != 0
}

/// The index of a lane, how many bytes it has, and what lies beside it.
#[inline]
pub(super) fn used(env: Env, args: &[Js]) -> Result<Used> {
    let bytes = get!(env, napi_get_value_int64(args[1]), 0)?;
    Ok(Used {
        lane: get!(env, napi_get_value_int32(args[0]), 0)?,
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        beside: get!(env, napi_get_value_uint32(args[2]), 0)?,
    })
}

/// A copy of all that a lane has, in an old buffer.
pub(super) fn copied(env: Env, side: &Arc<Side>, used: Used, buffer: Vec<u8>) -> Result<Crossed> {
    let objects = objects_of(env, side, used.lane, used.beside)?;
    let frame = frame_of(env, &side.addon, used, buffer)?;
    Ok(Crossed { frame, objects })
}

/// The same without objects.
pub(super) fn frame_of(
    env: Env,
    addon: &Addon,
    used: Used,
    mut bytes: Vec<u8>,
) -> Result<WitFrame> {
    let blobs = Arrays::of(env, addon, used.lane, used.beside)?.copies()?;
    // SAFETY: JavaScript does not run before they are copied.
    bytes.extend_from_slice(unsafe { &*addon.lanes.bytes(used.lane, used.bytes)? });
    Ok(WitFrame { bytes, blobs })
}

/// An array of the objects that were given.
pub(super) fn objects_to_js(env: Env, objects: &[HostResource]) -> Result<Js> {
    env.array(objects.iter().map(|it| match it.get::<Object>() {
        Some(Object(kept)) => kept.get(env),
        None => Err(gone()),
    }))
}

/// An array of buffers with what lies beside a frame.
pub(super) fn blobs_to_js(env: Env, blobs: &[NumberList]) -> Result<Js> {
    env.array(blobs.iter().map(|it| buffer(env, it.as_bytes())))
}

/// A new `ArrayBuffer`. That of a `Buffer` is not filled with zeros first.
pub(super) fn buffer(env: Env, bytes: &[u8]) -> Result<Js> {
    let (mut data, none) = (ptr::null_mut(), ptr::null_mut());
    let view = get!(env, napi_create_buffer(bytes.len(), &mut data), none)?;
    if !bytes.is_empty() {
        // SAFETY: the new buffer has this length, and nobody else has it yet.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), bytes.len()) };
    }
    let (mut buffer, mut offset) = (ptr::null_mut(), 0);
    // SAFETY: as in `bytes_of`.
    let status = unsafe {
        let (kind, length, data) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        sys::napi_get_typedarray_info(
            env.raw(),
            view,
            kind,
            length,
            data,
            &mut buffer,
            &mut offset,
        )
    };
    env.check(status)?;
    match offset {
        0 if get!(env, napi_get_arraybuffer_info(buffer, ptr::null_mut()), 0)? == bytes.len() => {
            Ok(buffer)
        }
        _ => env.bytes(bytes),
    }
}

/// Takes what lies beside a result: at once if this is the thread of JavaScript.
pub(super) struct Found<'a> {
    side: &'a Side,
    array: Option<Js>,
    count: u32,
    elsewhere: Vec<NumberList>,
}

impl<'a> Found<'a> {
    pub(super) fn new(side: &'a Side) -> Found<'a> {
        Found {
            side,
            array: None,
            count: 0,
            elsewhere: Vec::new(),
        }
    }

    /// An array of buffers, if there are any.
    #[inline]
    pub(super) fn into_js(self, env: Env) -> Result<Option<Js>> {
        match self.elsewhere.is_empty() {
            true => Ok(self.array),
            false => blobs_to_js(env, &self.elsewhere).map(Some),
        }
    }
}

impl Sink for Found<'_> {
    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<u32> {
        let Some(env) = self.side.env() else {
            return self.elsewhere.blob(bytes, each);
        };
        let array = match self.array {
            Some(array) => array,
            None => *self.array.insert(env.array([])?),
        };
        env.define(array, &self.count.to_string(), buffer(env, bytes)?)?;
        self.count += 1;
        Ok(self.count - 1)
    }
}
