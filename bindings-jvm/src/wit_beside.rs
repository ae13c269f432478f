//! What lies beside a frame of values of WIT: arrays of Java, copied once, and objects of Java that components have.

use std::sync::Arc;

use jni::sys::{jint, jobject, jsize};
use landbridge::{
    Blobs, Error, ErrorKind, HostResource, NumberList, Result, Sink, WitType, messages,
};

use crate::classes::{self, classes};
use crate::env::{Env, jvm};
use crate::refs::Weak;
use crate::types::{Here, Object, Objects};

/// Places in the array: see `WitFrame.java`.
pub(crate) const LARGER: usize = 0;
pub(crate) const BLOBS: usize = 1;
pub(crate) const OBJECTS: usize = 2;
pub(crate) const LENDER: usize = 3;

/// An object of Java that a component has as a resource: its number at the lender, which keeps it.
pub(crate) struct HeldObject {
    lender: Arc<Weak>,
    id: jint,
}

impl Drop for HeldObject {
    fn drop(&mut self) {
        let Some(classes) = classes::known() else {
            return;
        };
        Env::attached(|env| {
            env.aside(|| {
                let object = (Object(self.lender.raw()), self.id);
                classes.let_go.call(env, classes.native.raw(), object);
            });
        });
    }
}

impl HeldObject {
    /// Objects by their numbers.
    pub(crate) fn all(env: Env, lender: jobject, ids: &[jint]) -> Result<Vec<HostResource>> {
        let lender = Arc::new(Weak::new(env, lender)?);
        let hold = |id: &jint| {
            let lender = lender.clone();
            HostResource::new(HeldObject { lender, id: *id })
        };
        Ok(ids.iter().map(hold).collect())
    }

    /// The objects themselves, in an array.
    pub(crate) fn array(env: Env, objects: &[HostResource]) -> Result<Here<Objects>> {
        let array = env.objects(objects.len())?;
        for (i, object) in objects.iter().enumerate() {
            let held: &HeldObject = object.get().ok_or_else(messages::foreign_object)?;
            let classes = classes();
            let place = (Object(held.lender.raw()), held.id);
            let object = classes.held_object.call(env, classes.native.raw(), place);
            env.check()?;
            array.set(i, object.0)?;
            env.forget(object.0);
        }
        Ok(array)
    }
}

/// What an array of Java is of, with its length; or a direct buffer.
enum Array {
    Numbers(usize, usize),
    Buffer(*const u8, usize),
}

impl Env {
    fn array(self, blob: jobject) -> Result<Array> {
        let arrays = &classes().arrays;
        if let Some(each) = arrays.each(self, blob) {
            return Ok(Array::Numbers(each, self.length(blob)));
        }
        // SAFETY: a valid reference; what is no direct buffer has no address.
        let (at, length) = unsafe {
            (
                jvm!(self, GetDirectBufferAddress, blob),
                jvm!(self, GetDirectBufferCapacity, blob),
            )
        };
        match (at.is_null(), usize::try_from(length)) {
            (false, Ok(length)) => Ok(Array::Buffer(at.cast(), length)),
            _ => Err(Error::new(
                ErrorKind::Internal,
                "what lies beside a frame is no array of numbers",
            )),
        }
    }

    /// Copies all of an array, whose bytes have just this length.
    fn copy_array(self, blob: jobject, to: &mut [u8]) -> Result<()> {
        let each = match self.array(blob)? {
            Array::Buffer(at, length) => {
                // SAFETY: the buffer is reachable through the array of the call, and has that many bytes. Java may write to
                // it meanwhile, as to each buffer that others read; what is copied then is for it to know.
                unsafe { std::ptr::copy_nonoverlapping(at, to.as_mut_ptr(), length.min(to.len())) };
                return Ok(());
            }
            Array::Numbers(each, _) => each,
        };
        let count = (to.len() / each) as jsize;
        let into = to.as_mut_ptr();
        let arrays = &classes().arrays;
        // SAFETY: the array is of that class, `to` has room for so many, and the JVM checks the array's length; it copies
        // bytes, wherever they lie.
        unsafe {
            match each {
                1 => jvm!(self, GetByteArrayRegion, blob, 0, count, into.cast()),
                2 => jvm!(self, GetShortArrayRegion, blob, 0, count, into.cast()),
                4 if self.is_instance(blob, arrays.ints.raw()) => {
                    jvm!(self, GetIntArrayRegion, blob, 0, count, into.cast());
                }
                4 => jvm!(self, GetFloatArrayRegion, blob, 0, count, into.cast()),
                _ if self.is_instance(blob, arrays.longs.raw()) => {
                    jvm!(self, GetLongArrayRegion, blob, 0, count, into.cast());
                }
                _ => jvm!(self, GetDoubleArrayRegion, blob, 0, count, into.cast()),
            }
        }
        self.check()
    }

    /// Has Java make an array; null if it throws.
    fn large_array(self, each: usize, is_float: bool, count: jsize) -> jobject {
        let each = each as jint;
        let each = if is_float { -each } else { each };
        let classes = classes();
        let made = (classes.new_numbers).call(self, classes.native.raw(), (each, count));
        made.0
    }

    /// A new array of numbers of so many bytes each.
    fn new_array(self, bytes: &[u8], each: usize, is_float: bool) -> Result<jobject> {
        let count = jsize::try_from(bytes.len() / each).map_err(|_| too_long(bytes.len()))?;
        let from = bytes.as_ptr();
        macro_rules! array {
            ($new:ident $set:ident) => {{
                let array = match bytes.len() < LARGE {
                    // SAFETY: a valid environment.
                    true => unsafe { jvm!(self, $new, count) },
                    false => self.large_array(each, is_float, count),
                };
                self.check()?;
                // SAFETY: the array was made with the length that is copied. The JVM copies bytes, wherever they lie.
                unsafe { jvm!(self, $set, array, 0, count, from.cast()) };
                array
            }};
        }
        let array = match (each, is_float) {
            (1, _) => array!(NewByteArray SetByteArrayRegion),
            (2, _) => array!(NewShortArray SetShortArrayRegion),
            (4, false) => array!(NewIntArray SetIntArrayRegion),
            (4, true) => array!(NewFloatArray SetFloatArrayRegion),
            (_, false) => array!(NewLongArray SetLongArrayRegion),
            (_, true) => array!(NewDoubleArray SetDoubleArrayRegion),
        };
        self.check()?;
        Ok(array)
    }
}

/// From so many bytes on, Java makes an array.
const LARGE: usize = 64 << 10;

#[cold]
fn too_long(bytes: usize) -> Error {
    let text = format!("an array of the JVM cannot have {bytes} bytes");
    Error::new(ErrorKind::Limit, text)
}

/// Arrays of Java, as arguments.
pub(crate) struct Lent(pub(crate) Here<Objects>);

// SAFETY: the call that it is lent to runs on this thread, whose environment it has, and so does all that asks it.
unsafe impl Sync for Lent {}

impl Lent {
    fn with<R>(&self, index: u32, what: impl FnOnce(Env, jobject) -> Result<R>) -> Result<R> {
        let blob = self.0.get(index as usize)?;
        let done = what(self.0.env, blob);
        self.0.env.forget(blob);
        done
    }

    /// All of them, each copied.
    pub(crate) fn all(&self, count: usize) -> Result<Vec<NumberList>> {
        let blob = |index| {
            self.with(index as u32, |env, blob| {
                if blob.is_null() {
                    return Ok(None);
                }
                let (each, bytes) = match env.array(blob)? {
                    Array::Numbers(each, length) => (each, each * length),
                    Array::Buffer(_, length) => (1, length),
                };
                let mut room = vec![0; bytes];
                env.copy_array(blob, &mut room)?;
                Ok(Some(match each {
                    1 => NumberList::U8(room),
                    each => NumberList::of_bytes_each(each, &room),
                }))
            })
        };
        (0..count)
            .filter_map(|index| blob(index).transpose())
            .collect()
    }
}

impl Blobs for Lent {
    fn len(&self, index: u32) -> Option<usize> {
        if index as usize >= self.0.env.length(self.0.it.0) {
            return None;
        }
        let length = self.with(index, |env, blob| {
            Ok(match blob.is_null() {
                true => None,
                false => Some(match env.array(blob)? {
                    Array::Numbers(each, length) => each * length,
                    Array::Buffer(_, length) => length,
                }),
            })
        });
        length.ok().flatten()
    }

    fn copy(&self, index: u32, to: &mut [u8]) -> Result<()> {
        self.with(index, |env, blob| env.copy_array(blob, to))
    }
}

/// Makes arrays of Java of what comes out of a guest.
pub(crate) struct Arrays<'t> {
    env: Env,
    array: Option<Here<Objects>>,
    room: usize,
    count: usize,
    /// The types that the numbers are of.
    types: &'t mut dyn Iterator<Item = &'t WitType>,
    /// Whether numbers of 4 and of 8 bytes are floats, as far as the types alone say that.
    floats: Option<[bool; 2]>,
}

impl<'t> Arrays<'t> {
    pub(crate) fn new(env: Env, types: &'t mut dyn Iterator<Item = &'t WitType>) -> Arrays<'t> {
        Arrays {
            env,
            array: None,
            room: 0,
            count: 0,
            types,
            floats: None,
        }
    }

    /// The array of all of them, if there are any.
    pub(crate) fn array(&self) -> Option<Here<Objects>> {
        self.array
    }

    fn add(&mut self, blob: jobject) -> Result<u32> {
        let array = match self.array {
            Some(array) if self.count < self.room => array,
            _ => self.grow()?,
        };
        array.set(self.count, blob)?;
        self.env.forget(blob);
        self.count += 1;
        Ok(self.count as u32 - 1)
    }

    fn grow(&mut self) -> Result<Here<Objects>> {
        self.room = (2 * self.room).max(4);
        let grown = self.env.objects(self.room)?;
        if let Some(former) = self.array.take() {
            for i in 0..self.count {
                let blob = former.get(i)?;
                grown.set(i, blob)?;
                self.env.forget(blob);
            }
            self.env.forget(former.it.0);
        }
        self.array = Some(grown);
        Ok(grown)
    }

    fn is_float(&mut self, each: usize) -> bool {
        let types = &mut self.types;
        let [of_4, of_8] = *self.floats.get_or_insert_with(|| {
            let mut seen = Seen::default();
            types.for_each(|ty| seen.look(ty));
            [seen.f32 && !seen.of_4, seen.f64 && !seen.of_8]
        });
        if each == 4 { of_4 } else { of_8 }
    }
}

impl Sink for Arrays<'_> {
    fn blob(&mut self, bytes: &[u8], each: usize) -> Result<u32> {
        let is_float = each >= 4 && self.is_float(each);
        let blob = self.env.new_array(bytes, each, is_float)?;
        self.add(blob)
    }
}

/// Which lists of numbers there are.
#[derive(Default)]
struct Seen {
    f32: bool,
    f64: bool,
    of_4: bool,
    of_8: bool,
}

impl Seen {
    fn look(&mut self, ty: &WitType) {
        match ty {
            WitType::List(of) => match &**of {
                WitType::F32 => self.f32 = true,
                WitType::F64 => self.f64 = true,
                WitType::S32 | WitType::U32 => self.of_4 = true,
                WitType::S64 | WitType::U64 => self.of_8 = true,
                of => self.look(of),
            },
            WitType::Option(of) => self.look(of),
            WitType::Record(of) => of.fields.iter().for_each(|it| self.look(&it.ty)),
            WitType::Tuple(of) => of.iter().for_each(|it| self.look(it)),
            WitType::Variant(of) => {
                let held = of.cases.iter().filter_map(|it| it.ty.as_ref());
                held.for_each(|it| self.look(it));
            }
            WitType::Result(of) => of.ok.iter().chain(&of.err).for_each(|it| self.look(it)),
            _ => {}
        }
    }
}

/// How many bytes each of the numbers has.
pub(crate) fn each(numbers: &NumberList) -> usize {
    match numbers.len() {
        0 => 1,
        count => numbers.as_bytes().len() / count,
    }
}
