//! Frames of values of components
//!
//! A call of a component crosses as a frame: its values in their flat form, one behind the other, in the order of their
//! types. Bindings and other code that knows the types write and read frames by themselves; docs/contributing/host.md
//! says how each value lies there. Programs of C have lb_wit_value_t instead.
//!
//! - A string, or a list of numbers, of 1 KiB or more may lie beside the frame, as a blob: so it is copied once.
//! - A resource is 8 bytes. If the higher half of them is 0, it is an object of the program's, and the lower half is its
//!   place among the objects beside the frame. All others are handles of guests' resources.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::thread::LocalKey;

use landbridge::{Blobs, Error, ErrorKind, HostResource, NumberList, Result, Sink, WitFrame, host};

use crate::error::{Owned, lb_drop_t, lb_error_t};
use crate::guard::{guard, guard_out};
use crate::out::Out;
use crate::read::{array, array_mut, null, text};
use crate::stdio::lb_bytes_t;
use crate::versioned::Versioned;
use crate::wit_type::lb_wit_type_t;

/// Bytes that lie beside a frame: a string, or the numbers of a list.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_blob_t {
    /// Where they are.
    pub data: *const c_void,
    /// How many bytes there are.
    pub bytes: usize,
    /// How many bytes each number has: 1, 2, 4 or 8; 1 for a string.
    pub each: usize,
}

/// An object of the program's that crosses to guests as a resource.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_object_t {
    /// What the program knows it by: the very pointer comes back.
    pub data: *mut c_void,
    /// NULL, or called with data once neither a guest nor this library has the object any more.
    pub drop: lb_drop_t,
}

/// A frame with what lies beside it. It is borrowed: whoever made it owns the memory.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_frame_t {
    /// The frame. Places of objects in arguments are written over with handles.
    pub bytes: *mut u8,
    /// How many bytes it has.
    pub length: usize,
    /// What lies beside it.
    pub blobs: *const lb_wit_blob_t,
    /// How many blobs there are.
    pub nblobs: usize,
    /// Objects of the program's. Those that a program passes are the library's from then on, also if the call fails;
    /// those that it receives are borrowed, and drop of them is not the program's to call.
    pub objects: *const lb_wit_object_t,
    /// How many objects there are.
    pub nobjects: usize,
}

/// What takes a result. Begin with LB_WIT_SINK and set what you need. Its functions are called on the thread of the call.
///
/// They must return: no C++ exception, no longjmp and no pthread_exit may leave them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_sink_t {
    /// sizeof(lb_wit_sink_t), by which the library knows what the program knew.
    pub size: usize,
    /// What the functions are called with.
    pub data: *mut c_void,
    /// Called for each blob of the result in turn, the first being number 0: gives where its bytes are to be copied to, or
    /// NULL if there is no room, which ends the call with LB_KIND_LIMIT. each is as in a lb_wit_blob_t. It cannot enter
    /// the store: that is LB_KIND_BUSY. NULL: blobs lie beside the frame, as long as result runs.
    pub blob:
        Option<unsafe extern "C" fn(data: *mut c_void, bytes: usize, each: usize) -> *mut c_void>,
    /// Called once with the frame of the result, if all went well. The frame is valid until it returns. An error that it
    /// returns, which it owned, comes out of the call.
    pub result: Option<
        unsafe extern "C" fn(data: *mut c_void, frame: *const lb_wit_frame_t) -> *mut lb_error_t,
    >,
    /// NULL, or called in place of blob, for programs whose memory cannot be made before what is to be in it is there: with
    /// the bytes themselves, which are valid until it returns. each is as in a lb_wit_blob_t. An error that it
    /// returns, which it owned, comes out of the call.
    pub take: Option<
        unsafe extern "C" fn(
            data: *mut c_void,
            bytes: *const c_void,
            length: usize,
            each: usize,
        ) -> *mut lb_error_t,
    >,
}

// SAFETY: it begins with its size; zeros are no functions.
unsafe impl Versioned for lb_wit_sink_t {
    const NAME: &'static str = "lb_wit_sink_t";
    const START: &'static str = "LB_WIT_SINK";
    const SIZES: &'static [usize] = &[size_of::<lb_wit_sink_t>()];
}

/// The frame of a caller.
pub(crate) struct Given<'a> {
    pub(crate) bytes: &'a mut [u8],
    pub(crate) blobs: Beside<'a>,
    pub(crate) objects: Vec<HostResource>,
}

/// The blobs of a caller.
pub(crate) struct Beside<'a>(&'a [lb_wit_blob_t]);

// SAFETY: whoever lends them promises that they stay as they are until the function returns.
unsafe impl Sync for Beside<'_> {}

impl<'a> Beside<'a> {
    /// # Safety
    /// Each leads to as many bytes as it says, which stay as they are for `'a`.
    pub(crate) unsafe fn new(blobs: &'a [lb_wit_blob_t]) -> Beside<'a> {
        Beside(blobs)
    }

    pub(crate) fn get(&self, index: u32) -> Option<&[u8]> {
        let blob = self.0.get(index as usize)?;
        // SAFETY: the caller of the function promises that it leads to as many bytes.
        unsafe { array(blob.data.cast::<u8>(), blob.bytes, "a blob") }.ok()
    }
}

impl Blobs for Beside<'_> {
    fn len(&self, index: u32) -> Option<usize> {
        self.get(index).map(<[u8]>::len)
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        match self.get(index) {
            Some(bytes) if bytes.len() == to.len() => {
                to.copy_from_slice(bytes);
                Ok(())
            }
            _ => Err(no_blob(index)),
        }
    }
}

#[cold]
fn no_blob(index: u32) -> Error {
    let text = format!("the frame is malformed: there is no blob {index}");
    Error::new(ErrorKind::Type, text)
}

impl<'a> Given<'a> {
    /// # Safety
    /// `frame` is NULL or leads to a frame that is as it says.
    #[inline(always)]
    pub(crate) unsafe fn read(frame: *const lb_wit_frame_t) -> Result<Given<'a>> {
        // SAFETY: the caller's promise, in all of it.
        unsafe {
            let frame = frame.as_ref().ok_or_else(|| null("the frame"))?;
            let objects = match frame.nobjects {
                0 => Vec::new(),
                count => objects(array(frame.objects, count, "objects")?),
            };
            Ok(Given {
                bytes: array_mut(frame.bytes, frame.length, "the frame's bytes")?,
                blobs: Beside(array(frame.blobs, frame.nblobs, "blobs")?),
                objects,
            })
        }
    }

    /// One that is kept. Blobs are copied.
    pub(crate) fn into_frame(self, mut buffer: Vec<u8>) -> Result<(WitFrame, Vec<HostResource>)> {
        buffer.clear();
        buffer.extend_from_slice(self.bytes);
        let blobs = self.blobs.0.iter().enumerate();
        let blobs = blobs.map(|(i, blob)| {
            let bytes = self.blobs.get(i as u32).ok_or_else(|| no_blob(i as u32))?;
            match blob.each {
                1 | 2 | 4 | 8 if bytes.len() % blob.each == 0 => {
                    Ok(NumberList::of_bytes_each(blob.each, bytes))
                }
                _ => Err(no_numbers(blob)),
            }
        });
        let frame = WitFrame {
            blobs: blobs.collect::<Result<_>>()?,
            bytes: buffer,
        };
        Ok((frame, self.objects))
    }
}

#[cold]
fn no_numbers(blob: &lb_wit_blob_t) -> Error {
    let text = format!(
        "the frame is malformed: a blob of {} bytes cannot have {} in each number",
        blob.bytes, blob.each
    );
    Error::new(ErrorKind::Type, text)
}

/// Objects that a program passes: they are ours from now on.
pub(crate) fn objects(given: &[lb_wit_object_t]) -> Vec<HostResource> {
    given.iter().map(lb_wit_object_t::take).collect()
}

impl lb_wit_object_t {
    pub(crate) fn take(&self) -> HostResource {
        HostResource::new(Owned {
            data: self.data,
            drop: self.drop,
        })
    }

    /// An object that is lent to a program.
    pub(crate) fn lend(object: &HostResource) -> lb_wit_object_t {
        let owned = object.get::<Owned>();
        lb_wit_object_t {
            data: owned.map_or(std::ptr::null_mut(), |it| it.data),
            drop: owned.and_then(|it| it.drop),
        }
    }
}

/// What a lent frame points to.
pub(crate) struct Lending {
    blobs: Vec<lb_wit_blob_t>,
    objects: Vec<lb_wit_object_t>,
}

impl Lending {
    #[inline(always)]
    pub(crate) fn new(blobs: &[NumberList], objects: &[HostResource]) -> Lending {
        let blob = |it: &NumberList| lb_wit_blob_t {
            data: it.as_bytes().as_ptr().cast(),
            bytes: it.as_bytes().len(),
            each: it.as_bytes().len() / it.len().max(1),
        };
        Lending {
            blobs: blobs.iter().map(blob).collect(),
            objects: objects.iter().map(lb_wit_object_t::lend).collect(),
        }
    }

    #[inline(always)]
    pub(crate) fn frame(&self, bytes: &mut [u8]) -> lb_wit_frame_t {
        lb_wit_frame_t {
            bytes: bytes.as_mut_ptr(),
            length: bytes.len(),
            blobs: self.blobs.as_ptr(),
            nblobs: self.blobs.len(),
            objects: self.objects.as_ptr(),
            nobjects: self.objects.len(),
        }
    }
}

/// Takes the blobs of a result for a sink of the program's, or keeps them if it has no function for that.
pub(crate) struct Blobbing<'s> {
    sink: &'s lb_wit_sink_t,
    count: u32,
    kept: Vec<NumberList>,
}

impl<'s> Blobbing<'s> {
    /// # Safety
    /// `sink` is NULL or leads to a sink that lives for `'s`.
    #[inline(always)]
    pub(crate) unsafe fn new(sink: *const lb_wit_sink_t) -> Result<Blobbing<'s>> {
        // SAFETY: the caller's promise.
        let sink = unsafe { sink.as_ref() }.ok_or_else(|| null("the sink"))?;
        // SAFETY: as above.
        unsafe { lb_wit_sink_t::size(sink)? };
        if sink.result.is_none() {
            return Err(null("result of the sink"));
        }
        Ok(Blobbing {
            sink,
            count: 0,
            kept: Vec::new(),
        })
    }

    /// Hands the result over.
    #[inline(always)]
    pub(crate) fn give(&self, bytes: &mut [u8], objects: &[HostResource]) -> Result<()> {
        let lending = Lending::new(&self.kept, objects);
        let frame = lending.frame(bytes);
        let result = self.sink.result.ok_or_else(|| null("result of the sink"))?;
        // SAFETY: whoever made the sink promises that its function takes its data and a frame, and gives an error that
        // it owned, or NULL.
        unsafe { lb_error_t::taken(result(self.sink.data, &raw const frame)) }
    }

    /// Hands a whole frame over.
    pub(crate) fn give_frame(
        &mut self,
        mut frame: WitFrame,
        objects: &[HostResource],
    ) -> Result<()> {
        for blob in std::mem::take(&mut frame.blobs) {
            match (self.sink.blob, self.sink.take) {
                (None, None) => self.kept.push(blob),
                _ => {
                    let each = blob.as_bytes().len() / blob.len().max(1);
                    self.blob(blob.as_bytes(), each)?;
                }
            }
        }
        self.give(&mut frame.bytes, objects)
    }
}

impl Sink for Blobbing<'_> {
    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<u32> {
        if let Some(take) = self.sink.take {
            // SAFETY: whoever made the sink promises that its function takes its data and bytes, and gives an error that it
            // owned, or NULL.
            unsafe {
                let error = take(self.sink.data, bytes.as_ptr().cast(), bytes.len(), each);
                lb_error_t::taken(error)?;
            }
            self.count += 1;
            return Ok(self.count - 1);
        }
        let Some(blob) = self.sink.blob else {
            return self.kept.blob(bytes, each);
        };
        // SAFETY: whoever made the sink promises that its function takes its data, and gives room for so many bytes, or
        // NULL.
        unsafe {
            let to = blob(self.sink.data, bytes.len(), each);
            if to.is_null() {
                return Err(no_room(bytes.len()));
            }
            to.cast::<u8>()
                .copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        self.count += 1;
        Ok(self.count - 1)
    }
}

#[cold]
fn no_room(bytes: usize) -> Error {
    let text = format!("the program has no room for {bytes} bytes of the result");
    Error::new(ErrorKind::Limit, text)
}

/// What is larger is given back to the system.
const MOST_BYTES: usize = 64 << 10;

thread_local! {
    /// For what is written.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    /// For the results of calls.
    static RESULTS: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Lends a buffer: one for each thread, and a new one for a call within a call.
#[inline(always)]
pub(crate) fn with_buffer<R>(what: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    with(&SPARE, what)
}

/// The same for the frame of a result.
#[inline(always)]
pub(crate) fn with_results<R>(what: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    with(&RESULTS, what)
}

#[inline(always)]
fn with<R>(spare: &'static LocalKey<Cell<Vec<u8>>>, what: impl FnOnce(&mut Vec<u8>) -> R) -> R {
    let mut buffer = spare.try_with(Cell::take).unwrap_or_default();
    buffer.clear();
    let done = what(&mut buffer);
    if buffer.capacity() <= MOST_BYTES {
        // On a thread that ends there is nobody to keep it for.
        let _ = spare.try_with(|spare| spare.set(buffer));
    }
    done
}

/// Reads a value of a type from its text, such as "{name: \"Ada\", age: 36}", and hands its frame to the sink. The text is
/// WAVE, the WebAssembly Value Encoding.
///
/// Errors: LB_KIND_TYPE if the text is no such value, LB_KIND_RANGE if a number does not fit: the message says where.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_parse_frame(
    r#type: *const lb_wit_type_t,
    source: *const c_char,
    sink: *const lb_wit_sink_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
        let mut sink = Blobbing::new(sink)?;
        sink.give_frame(host::wit::parse(&ty.ty, &text(source, "source")?)?, &[])
    })
}

/// The value of a type in a frame as text; lb_wit_parse_frame() reads it back. The frame stays as it is. The caller
/// releases the text.
///
/// Errors: LB_KIND_TYPE if the frame is malformed, or has a resource in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_wit_format_frame(
    r#type: *const lb_wit_type_t,
    frame: *const lb_wit_frame_t,
    text: Out<lb_bytes_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard_out(text, lb_bytes_t::NONE, || unsafe {
        let ty = r#type.as_ref().ok_or_else(|| null("type"))?;
        let frame = frame.as_ref().ok_or_else(|| null("the frame"))?;
        // What objects it has stays the caller's.
        let alone = lb_wit_frame_t {
            nobjects: 0,
            ..*frame
        };
        let (mut frame, _) = Given::read(&raw const alone)?.into_frame(Vec::new())?;
        lb_bytes_t::give(host::wit::format(&ty.ty, &mut frame)?.into_bytes())
    })
}
