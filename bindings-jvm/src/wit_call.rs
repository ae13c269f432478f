//! Calls of components, and the functions of Java that they call: frames in arrays of Java.

use std::cell::Cell;
use std::sync::Arc;

use jni::sys::{jint, jlong, jobject};
use landbridge::host::wit::Crossing;
use landbridge::{
    Blobs, Error, ErrorKind, HostResource, Result, Sink, WitContext, WitFrame, WitFunc,
    WitFuncType, WitHost,
};

use crate::classes::classes;
use crate::env::Env;
use crate::passing::call_host;
use crate::pending::Thrown;
use crate::refs::Weak;
use crate::types::{Bytes, Here, Ints, Object, Objects, Throwable};
use crate::wit_beside::{Arrays, BLOBS, HeldObject, LARGER, LENDER, Lent, OBJECTS, each};

/// A buffer that is larger is not kept.
const MOST_KEPT: usize = 1 << 20;

/// The least length of an array that is made for a call of Java.
const LEAST: usize = 512;

/// The arrays of the call that this thread is in: those that it calls write into them, and read from them.
#[derive(Clone, Copy)]
struct Exchange {
    frame: jobject,
    room: usize,
    beside: jobject,
}

thread_local! {
    /// None while Java runs, which may be writing into them.
    static EXCHANGE: Cell<Option<Exchange>> = const { Cell::new(None) };

    /// Buffers of a former call: for arguments and for the result.
    static BUFFERS: Cell<Option<[Vec<u8>; 2]>> = const { Cell::new(None) };
}

/// Puts back what was there.
struct Before(Option<Exchange>);

impl Drop for Before {
    fn drop(&mut self) {
        EXCHANGE.set(self.0);
    }
}

/// Calls with the first bytes of the frame. The result goes into the frame, or beside it if it is larger.
pub(crate) fn call(
    func: Arc<WitFunc>,
    frame: Here<Bytes>,
    length: jint,
    beside: Here<Objects>,
    is_beside: bool,
) -> Result<()> {
    let [mut args, mut results] = BUFFERS.take().unwrap_or_default();
    if args.len() < length as usize {
        args.resize(length as usize, 0);
    }
    frame.read(0, &mut args[..length as usize])?;
    results.clear();
    let bytes = &mut args[..length as usize];
    let done = match is_beside {
        false => with(&func, frame, beside, (bytes, &(), &[]), &mut results),
        true => with_beside(&func, frame, beside, bytes, &mut results),
    };
    if args.len() <= MOST_KEPT && results.capacity() <= MOST_KEPT {
        BUFFERS.set(Some([args, results]));
    }
    done
}

#[cold]
fn with_beside(
    func: &WitFunc,
    frame: Here<Bytes>,
    beside: Here<Objects>,
    bytes: &mut [u8],
    results: &mut Vec<u8>,
) -> Result<()> {
    let env = frame.env;
    let blobs = beside.get(BLOBS)?;
    let objects = given(beside)?;
    for place in [BLOBS, OBJECTS, LENDER] {
        beside.set(place, std::ptr::null_mut())?;
    }
    match blobs.is_null() {
        true => with(func, frame, beside, (bytes, &(), &objects), results),
        false => {
            let blobs = Lent(env.here(Objects(blobs)));
            with(func, frame, beside, (bytes, &blobs, &objects), results)
        }
    }
}

/// The objects that Java has put beside a frame.
fn given(beside: Here<Objects>) -> Result<Vec<HostResource>> {
    let env = beside.env;
    let ids = beside.get(OBJECTS)?;
    if ids.is_null() {
        return Ok(Vec::new());
    }
    let ids = env.here(Ints(ids)).read()?;
    HeldObject::all(env, beside.get(LENDER)?, &ids)
}

#[inline]
fn with(
    func: &WitFunc,
    frame: Here<Bytes>,
    beside: Here<Objects>,
    (bytes, blobs, objects): (&mut [u8], &dyn Blobs, &[HostResource]),
    results: &mut Vec<u8>,
) -> Result<()> {
    let env = frame.env;
    let room = env.length(frame.it.0);
    let mut types = func.ty().result.iter();
    let mut arrays = Arrays::new(env, &mut types);
    let given = {
        let exchange = Exchange {
            frame: frame.it.0,
            room,
            beside: beside.it.0,
        };
        let _before = Before(EXCHANGE.replace(Some(exchange)));
        let args = Crossing {
            bytes,
            blobs,
            objects,
        };
        func.call_host(args, results, &mut arrays)?
    };
    if !given.is_empty() {
        beside.set(OBJECTS, HeldObject::array(env, &given)?.it.0)?;
    }
    if let Some(array) = arrays.array() {
        beside.set(BLOBS, array.it.0)?;
    }
    match results.len() <= room {
        true => {
            frame.write_inside(0, results);
            Ok(())
        }
        false => beside.set(LARGER, env.bytes(results)?.0),
    }
}

/// A function of Java that components call: an index into the lender's table, as of [`crate::lent::LentFunc`].
pub(crate) struct LentWit {
    lender: Arc<Weak>,
    index: jint,
}

impl LentWit {
    pub(crate) fn new(lender: &Arc<Weak>, index: jint) -> LentWit {
        let lender = lender.clone();
        LentWit { lender, index }
    }
}

/// The arrays that Java gets arguments in.
struct Room {
    frame: Here<Bytes>,
    /// Its length.
    length: usize,
    beside: Here<Objects>,
    /// Whether they were made for this call.
    is_new: [bool; 2],
}

impl Room {
    fn new(env: Env, exchange: Option<Exchange>, bytes: &[u8]) -> Result<Room> {
        let known = exchange.filter(|it| bytes.len() <= it.room);
        let length = known.map_or(bytes.len().max(LEAST), |it| it.room);
        let frame = match known {
            Some(it) => env.here(Bytes(it.frame)),
            None => env.new_bytes(length)?,
        };
        let beside = match exchange {
            Some(it) => env.here(Objects(it.beside)),
            None => env.objects(4)?,
        };
        frame.write_inside(0, bytes);
        let is_new = [known.is_none(), exchange.is_none()];
        Ok(Room {
            frame,
            length,
            beside,
            is_new,
        })
    }

    /// Long calls must not pile them up.
    fn forget(&self) {
        let env = self.frame.env;
        if self.is_new[0] {
            env.forget(self.frame.it.0);
        }
        if self.is_new[1] {
            env.forget(self.beside.it.0);
        }
    }

    /// Puts down what is beside the arguments.
    fn put(&self, ty: &WitFuncType, args: &WitFrame, objects: &[HostResource]) -> Result<()> {
        let env = self.frame.env;
        if !args.blobs.is_empty() {
            let mut types = ty.params.iter().map(|it| &it.ty);
            let mut arrays = Arrays::new(env, &mut types);
            for blob in &args.blobs {
                arrays.blob(blob.as_bytes(), each(blob))?;
            }
            if let Some(array) = arrays.array() {
                self.beside.set(BLOBS, array.it.0)?;
                env.forget(array.it.0);
            }
        }
        if !objects.is_empty() {
            let array = HeldObject::array(env, objects)?;
            self.beside.set(OBJECTS, array.it.0)?;
            env.forget(array.it.0);
        }
        Ok(())
    }

    /// Takes what is beside the result: a larger frame, blobs, objects.
    fn take(&self, result: &mut WitFrame) -> Result<Vec<HostResource>> {
        let (env, beside) = (self.frame.env, self.beside);
        let larger = beside.get(LARGER)?;
        if !larger.is_null() {
            env.here(Bytes(larger)).read(0, &mut result.bytes)?;
        }
        let blobs = beside.get(BLOBS)?;
        if !blobs.is_null() {
            let blobs = env.here(Objects(blobs));
            result.blobs = Lent(blobs).all(env.length(blobs.it.0))?;
        }
        let objects = given(beside)?;
        for place in [LARGER, BLOBS, OBJECTS, LENDER] {
            beside.set(place, std::ptr::null_mut())?;
        }
        env.forget(larger);
        env.forget(blobs);
        Ok(objects)
    }
}

/// An error with what its Throwable says of itself, since the components of the store keep why they ended.
#[cold]
fn with_text(env: Env, error: Error) -> Error {
    let (Some(thrown), Some(host)) = (Thrown::of(&error), error.host_exception()) else {
        return error;
    };
    if error.kind() != ErrorKind::Host {
        return error;
    }
    let classes = classes();
    let object = (Throwable(thrown.object.raw()),);
    let text = classes.text_of.call(env, classes.native.raw(), object);
    if env.clear() || text.0.is_null() {
        return error;
    }
    let told = env.text(text.0);
    env.forget(text.0);
    match told {
        Ok(text) => Error::host(text, host.clone()).with_trail(error.trail()),
        Err(_) => error,
    }
}

impl WitHost for LentWit {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let env = Env::of_guest()?;
        let objects = context.take_objects(ty, args)?;
        let exchange = EXCHANGE.take();
        let _before = Before(exchange);
        let room = Room::new(env, exchange, &args.bytes)?;
        room.put(ty, args, &objects)?;
        let called = (
            Object(self.lender.raw()),
            self.index,
            std::ptr::from_ref(&**context) as jlong,
            room.frame.it,
            room.beside.it,
        );
        let told = call_host(env, &classes().call_wit, called);
        let told = told.map_err(|error| with_text(env, error))?;
        let mut result = WitFrame {
            bytes: std::mem::take(&mut args.bytes),
            blobs: Vec::new(),
        };
        let mut given = Vec::new();
        result.bytes.resize(told as u32 as usize, 0);
        let is_beside = told >> 32 != 0;
        if !is_beside && result.bytes.len() <= room.length {
            room.frame.read_inside(0, &mut result.bytes);
        } else if !is_beside {
            room.frame.read(0, &mut result.bytes)?;
        } else {
            if env.length(room.frame.it.0) >= result.bytes.len() {
                room.frame.read(0, &mut result.bytes)?;
            }
            given = room.take(&mut result)?;
        }
        context.give_objects(ty, &mut result, &given)?;
        room.forget();
        Ok(result)
    }
}
