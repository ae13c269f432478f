//! Arrays, to and fro. The JVM checks ranges and indexes.

use jni::sys::{jint, jlong, jobject, jsize};
use landbridge::{Error, ErrorKind, Result};

use crate::classes::classes;
use crate::env::{Env, jvm};
use crate::types::{Bytes, Here, Ints, Longs, Objects};

impl Env {
    pub(crate) fn length(self, array: jobject) -> usize {
        // SAFETY: a valid reference to an array.
        unsafe { jvm!(self, GetArrayLength, array) as usize }
    }

    pub(crate) fn longs(self, values: &[jlong]) -> Result<Here<Longs>> {
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewLongArray, values.len() as jsize) };
        self.check()?;
        let longs = self.here(Longs(array));
        longs.write(values)?;
        Ok(longs)
    }

    pub(crate) fn ints(self, values: &[jint]) -> Result<Ints> {
        let length = values.len() as jsize;
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewIntArray, length) };
        self.check()?;
        // SAFETY: the array was made with that length.
        unsafe { jvm!(self, SetIntArrayRegion, array, 0, length, values.as_ptr()) };
        self.check()?;
        Ok(Ints(array))
    }

    pub(crate) fn bytes(self, values: &[u8]) -> Result<Bytes> {
        let length = jsize::try_from(values.len()).map_err(|_| no_array(values.len()))?;
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewByteArray, length) };
        self.check()?;
        self.here(Bytes(array)).write(0, values)?;
        Ok(Bytes(array))
    }

    /// A new array of zeros.
    pub(crate) fn new_bytes(self, length: usize) -> Result<Here<Bytes>> {
        let length = jsize::try_from(length).map_err(|_| no_array(length))?;
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewByteArray, length) };
        self.check()?;
        Ok(self.here(Bytes(array)))
    }

    /// A new `Object[]` of nulls.
    pub(crate) fn objects(self, length: usize) -> Result<Here<Objects>> {
        let class = classes().object.raw();
        let length = length as jsize;
        // SAFETY: the class is a valid reference.
        let array = unsafe { jvm!(self, NewObjectArray, length, class, std::ptr::null_mut()) };
        self.check()?;
        Ok(self.here(Objects(array)))
    }

    pub(crate) fn here<T>(self, it: T) -> Here<T> {
        Here { env: self, it }
    }
}

impl Here<Longs> {
    /// All elements.
    pub(crate) fn all(self) -> Result<Vec<jlong>> {
        let mut values = vec![0; self.env.length(self.it.0)];
        self.read(&mut values)?;
        Ok(values)
    }

    /// Copies the first elements out.
    pub(crate) fn read(self, into: &mut [jlong]) -> Result<()> {
        let (env, length) = (self.env, into.len() as jsize);
        // SAFETY: the room has that length; the JVM checks the array's.
        unsafe {
            jvm!(
                env,
                GetLongArrayRegion,
                self.it.0,
                0,
                length,
                into.as_mut_ptr()
            )
        };
        env.check()
    }

    /// Copies values into the first elements.
    pub(crate) fn write(self, from: &[jlong]) -> Result<()> {
        let (env, length) = (self.env, from.len() as jsize);
        // SAFETY: as above.
        unsafe { jvm!(env, SetLongArrayRegion, self.it.0, 0, length, from.as_ptr()) };
        env.check()
    }
}

impl Here<Ints> {
    pub(crate) fn read(self) -> Result<Vec<jint>> {
        let (env, array) = (self.env, self.it.0);
        let mut values = vec![0; env.length(array)];
        let length = values.len() as jsize;
        // SAFETY: the room has the array's length.
        unsafe {
            jvm!(
                env,
                GetIntArrayRegion,
                array,
                0,
                length,
                values.as_mut_ptr()
            )
        };
        env.check()?;
        Ok(values)
    }
}

impl Here<Bytes> {
    /// Copies a range out.
    pub(crate) fn read(self, start: jint, into: &mut [u8]) -> Result<()> {
        self.read_inside(start, into);
        self.env.check()
    }

    /// The same of a range that there is: nothing is thrown then.
    #[inline]
    pub(crate) fn read_inside(self, start: jint, into: &mut [u8]) {
        let (env, length) = (self.env, into.len() as jsize);
        let into = into.as_mut_ptr().cast();
        // SAFETY: the room has that length; bytes have no sign of their own.
        unsafe { jvm!(env, GetByteArrayRegion, self.it.0, start, length, into) };
    }

    /// All of them.
    pub(crate) fn all(self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.env.length(self.it.0)];
        self.read(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Copies bytes into a range.
    pub(crate) fn write(self, start: jint, from: &[u8]) -> Result<()> {
        self.write_inside(start, from);
        self.env.check()
    }

    /// The same of a range that there is: nothing is thrown then.
    #[inline]
    pub(crate) fn write_inside(self, start: jint, from: &[u8]) {
        let (env, length) = (self.env, from.len() as jsize);
        let from = from.as_ptr().cast();
        // SAFETY: as above.
        unsafe { jvm!(env, SetByteArrayRegion, self.it.0, start, length, from) };
    }
}

impl Here<Objects> {
    /// The texts of an array of strings.
    pub(crate) fn texts(self) -> Result<Vec<String>> {
        let text = |index| {
            let text = self.get(index)?;
            let told = self.env.text(text);
            self.env.forget(text);
            told
        };
        (0..self.env.length(self.it.0)).map(text).collect()
    }

    pub(crate) fn get(self, index: usize) -> Result<jobject> {
        let env = self.env;
        // SAFETY: a valid reference to an object array; the JVM checks the index.
        let element = unsafe { jvm!(env, GetObjectArrayElement, self.it.0, index as jsize) };
        env.check()?;
        Ok(element)
    }

    pub(crate) fn set(self, index: usize, element: jobject) -> Result<()> {
        let env = self.env;
        // SAFETY: as above.
        unsafe {
            jvm!(
                env,
                SetObjectArrayElement,
                self.it.0,
                index as jsize,
                element
            )
        };
        env.check()
    }
}

fn no_array(length: usize) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("an array of the JVM cannot have {length} bytes"),
    )
}
