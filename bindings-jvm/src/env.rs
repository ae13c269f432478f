//! The JNI functions this binding uses, as thin methods over the JVM's own table: a guard object
//! for each crossing would cost more than the crossing.
//!
//! Every raw reference that is passed in here comes from the JVM for the call that is being served,
//! or from a [`Global`], and an [`Env`] never leaves the thread and the call it was made for. That is
//! what the safety comments call a valid reference.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicPtr, Ordering};

use jni::sys::{
    JNI_OK, JNI_VERSION_1_8, JNIEnv, JavaVM, JavaVMAttachArgs, jbyteArray, jclass, jfieldID, jint,
    jintArray, jlong, jlongArray, jmethodID, jobject, jobjectArray, jsize, jstring, jthrowable,
    jvalue,
};
use landbridge::{Error, ErrorKind, Result, given};

use crate::load::classes;
use crate::passing;

static VM: AtomicPtr<JavaVM> = AtomicPtr::new(std::ptr::null_mut());

/// Remembers the one JVM of this process.
pub(crate) fn remember(vm: *mut JavaVM) {
    VM.store(vm, Ordering::Release);
}

/// The JNI environment of the current thread.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Env(*mut JNIEnv);

/// Calls a function of the JVM's table.
macro_rules! jvm {
    ($env:expr, $name:ident $(, $arg:expr)*) => {
        ((**$env.0).v1_6.$name)($env.0 $(, $arg)*)
    };
}

impl Env {
    /// The environment of this thread, if the JVM knows the thread.
    #[inline]
    pub(crate) fn current() -> Option<Env> {
        let vm = VM.load(Ordering::Acquire);
        let mut env = std::ptr::null_mut();
        // SAFETY: natives and callbacks only run after `remember` was given the JVM.
        let found = unsafe { ((**vm).v1_2.GetEnv)(vm, &mut env, JNI_VERSION_1_8) };
        (found == JNI_OK).then_some(Env(env.cast()))
    }

    /// Runs `what` with this thread's environment, attaching the thread meanwhile if it must be.
    fn attached(what: impl FnOnce(Env)) {
        match Env::current() {
            Some(env) => what(env),
            None => Env::attach(None, what),
        }
    }

    /// Attaches the thread, which the JVM must not know, for as long as `what` runs.
    pub(crate) fn attach(name: Option<&CStr>, what: impl FnOnce(Env)) {
        let vm = VM.load(Ordering::Acquire);
        let mut env = std::ptr::null_mut();
        let mut args = JavaVMAttachArgs {
            version: JNI_VERSION_1_8,
            name: name.map_or(std::ptr::null_mut(), |name| name.as_ptr().cast_mut()),
            group: std::ptr::null_mut(),
        };
        // SAFETY: as above; the JVM copies the name. What was attached is detached.
        unsafe {
            let attach = (**vm).v1_4.AttachCurrentThreadAsDaemon;
            if attach(vm, &mut env, (&raw mut args).cast()) == JNI_OK {
                what(Env(env.cast()));
                ((**vm).v1_2.DetachCurrentThread)(vm);
            }
        }
    }

    #[inline]
    pub(crate) fn is_throwing(self) -> bool {
        // SAFETY: a valid environment.
        unsafe { jvm!(self, ExceptionCheck) }
    }

    /// The pending exception of the JVM as an error, if there is one.
    #[inline]
    pub(crate) fn check(self) -> Result<()> {
        if self.is_throwing() {
            Err(self.take())
        } else {
            Ok(())
        }
    }

    /// Takes the pending exception out of the JVM.
    #[cold]
    fn take(self) -> Error {
        // SAFETY: a valid environment; clearing and making references is allowed at this point.
        let thrown = unsafe {
            let local = jvm!(self, ExceptionOccurred);
            jvm!(self, ExceptionClear);
            let thrown = Global::new(self, local);
            self.forget(local);
            thrown
        };
        match thrown {
            Ok(thrown) => passing::thrown(self, thrown),
            Err(error) => error,
        }
    }

    pub(crate) fn same(self, a: jobject, b: jobject) -> bool {
        // SAFETY: valid references.
        unsafe { jvm!(self, IsSameObject, a, b) }
    }

    pub(crate) fn is_instance(self, object: jobject, class: jclass) -> bool {
        // SAFETY: valid references.
        unsafe { jvm!(self, IsInstanceOf, object, class) }
    }

    /// A field of an object that is an instance of the class the field was looked up in.
    pub(crate) fn long_field(self, object: jobject, field: jfieldID) -> jlong {
        // SAFETY: the caller has checked the object's class, and the field is a `long`.
        unsafe { jvm!(self, GetLongField, object, field) }
    }

    /// The same for an `int`.
    pub(crate) fn int_field(self, object: jobject, field: jfieldID) -> jint {
        // SAFETY: as above.
        unsafe { jvm!(self, GetIntField, object, field) }
    }

    pub(crate) fn throw(self, throwable: jthrowable) {
        // SAFETY: a valid reference to a Throwable.
        unsafe { jvm!(self, Throw, throwable) };
    }

    /// Throws what `Library.java` tells, before any class of ours is known.
    pub(crate) fn throw_unsatisfied(self, why: &str) {
        let why = CString::new(why).unwrap_or_default();
        self.clear();
        // SAFETY: a valid environment; both texts end with a zero. Without the class its own exception is pending.
        unsafe {
            let class = jvm!(self, FindClass, c"java/lang/UnsatisfiedLinkError".as_ptr());
            if !class.is_null() {
                jvm!(self, ThrowNew, class, why.as_ptr());
            }
        }
    }

    /// Deletes a local reference: callbacks of a long call must not pile them up.
    pub(crate) fn forget(self, local: jobject) {
        // SAFETY: a valid local reference or null, not used after this.
        unsafe { jvm!(self, DeleteLocalRef, local) };
    }

    /// Calls a dispatcher of what Java lends, for a guest.
    #[inline]
    pub(crate) fn call_host(self, method: jmethodID, args: &[jvalue]) -> Result<jlong> {
        let class = classes().native.raw();
        // SAFETY: the method is one of that class; `args` fit its signature.
        let given = unsafe { jvm!(self, CallStaticLongMethodA, class, method, args.as_ptr()) };
        self.check()?;
        Ok(given)
    }

    /// A method of an object that gives an object or nothing, without arguments. Not for what may throw something
    /// that anybody should hear of.
    pub(crate) fn call_object(self, object: jobject, method: jmethodID) -> Option<jobject> {
        // SAFETY: the method is one of the object's class, takes nothing and gives an object.
        let given = unsafe { jvm!(self, CallObjectMethodA, object, method, std::ptr::null()) };
        (!self.clear()).then_some(given)
    }

    /// The same for one that gives nothing.
    pub(crate) fn call_void(self, object: jobject, method: jmethodID) {
        // SAFETY: the method is one of the object's class and takes nothing.
        unsafe { jvm!(self, CallVoidMethodA, object, method, std::ptr::null()) };
        self.clear();
    }

    /// Forgets the pending exception; whether there was one.
    pub(crate) fn clear(self) -> bool {
        let thrown = self.is_throwing();
        if thrown {
            // SAFETY: a valid environment.
            unsafe { jvm!(self, ExceptionClear) };
        }
        thrown
    }

    /// A static method of `Native` that takes an object and gives nothing.
    pub(crate) fn tell(self, method: jmethodID, object: jobject) {
        let class = classes().native.raw();
        let args = [jvalue { l: object }];
        // SAFETY: the method is one of that class, and takes an object.
        unsafe { jvm!(self, CallStaticVoidMethodA, class, method, args.as_ptr()) };
        self.clear();
    }

    /// A static method of `Native` without arguments.
    pub(crate) fn ask(self, method: jmethodID) -> Result<bool> {
        let class = classes().native.raw();
        // SAFETY: the method is one of that class, takes nothing and gives a boolean.
        let answer = unsafe {
            jvm!(
                self,
                CallStaticBooleanMethodA,
                class,
                method,
                std::ptr::null()
            )
        };
        self.check()?;
        Ok(answer)
    }

    /// A static method of `Native` that gives an object for one; null also if it throws.
    pub(crate) fn ask_of(self, method: jmethodID, object: jobject) -> jobject {
        let class = classes().native.raw();
        let args = [jvalue { l: object }];
        // SAFETY: the method is one of that class, takes an object and gives one.
        let given = unsafe { jvm!(self, CallStaticObjectMethodA, class, method, args.as_ptr()) };
        match self.clear() {
            true => std::ptr::null_mut(),
            false => given,
        }
    }

    pub(crate) fn call_static_object(
        self,
        class: jclass,
        method: jmethodID,
        args: &[jvalue],
    ) -> Result<jobject> {
        // SAFETY: class and method were looked up together; `args` fit the method's signature.
        let given = unsafe { jvm!(self, CallStaticObjectMethodA, class, method, args.as_ptr()) };
        self.check()?;
        Ok(given)
    }

    /// The text of a string.
    pub(crate) fn text(self, string: jstring) -> Result<String> {
        self.text_named(string, || "the text".to_owned())
    }

    /// The same; `name` names it in a message if it is not Unicode.
    pub(crate) fn text_named(
        self,
        string: jstring,
        name: impl FnOnce() -> String,
    ) -> Result<String> {
        if string.is_null() {
            return Err(Error::new(ErrorKind::Type, format!("{} is null", name())));
        }
        // SAFETY: a valid reference to a String; the room has exactly its length.
        let units = unsafe {
            let length = jvm!(self, GetStringLength, string);
            let mut units = vec![0u16; length as usize];
            jvm!(self, GetStringRegion, string, 0, length, units.as_mut_ptr());
            units
        };
        self.check()?;
        String::from_utf16(&units).map_err(|_| given::not_unicode(&name()))
    }

    pub(crate) fn string(self, text: &str) -> Result<jstring> {
        let units: Vec<u16> = text.encode_utf16().collect();
        // SAFETY: pointer and length are of one vector.
        let string = unsafe { jvm!(self, NewString, units.as_ptr(), units.len() as jsize) };
        self.check()?;
        Ok(string)
    }

    /// A new `Object[]` of strings.
    pub(crate) fn strings(self, texts: &[impl AsRef<str>]) -> Result<jobjectArray> {
        let array = self.objects(texts.len())?;
        for (i, text) in texts.iter().enumerate() {
            self.put(array, i, self.string(text.as_ref())?)?;
        }
        Ok(array)
    }

    /// The texts of an array of strings.
    pub(crate) fn texts(self, array: jobjectArray) -> Result<Vec<String>> {
        self.texts_named(array, |_| "the text".to_owned())
    }

    /// The same; `name` names one by its index in a message if it is not Unicode.
    pub(crate) fn texts_named(
        self,
        array: jobjectArray,
        name: impl Fn(usize) -> String,
    ) -> Result<Vec<String>> {
        let elements = (0..self.length(array)).map(|i| {
            let element = self.element(array, i)?;
            let text = self.text_named(element, || name(i));
            self.forget(element);
            text
        });
        elements.collect()
    }

    /// The text of a string, or null.
    pub(crate) fn string_or_null(self, text: Option<&str>) -> Result<jstring> {
        text.map_or(Ok(std::ptr::null_mut()), |text| self.string(text))
    }

    pub(crate) fn length(self, array: jobject) -> usize {
        // SAFETY: a valid reference to an array.
        unsafe { jvm!(self, GetArrayLength, array) as usize }
    }

    /// Copies the first elements of a `long[]` out.
    pub(crate) fn read_longs(self, array: jlongArray, into: &mut [jlong]) -> Result<()> {
        let length = into.len() as jsize;
        // SAFETY: the room has that length; the JVM checks the array's.
        unsafe {
            jvm!(
                self,
                GetLongArrayRegion,
                array,
                0,
                length,
                into.as_mut_ptr()
            )
        };
        self.check()
    }

    /// Copies values into the first elements of a `long[]`.
    pub(crate) fn write_longs(self, array: jlongArray, from: &[jlong]) -> Result<()> {
        let length = from.len() as jsize;
        // SAFETY: as above.
        unsafe { jvm!(self, SetLongArrayRegion, array, 0, length, from.as_ptr()) };
        self.check()
    }

    pub(crate) fn longs(self, values: &[jlong]) -> Result<jlongArray> {
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewLongArray, values.len() as jsize) };
        self.check()?;
        self.write_longs(array, values)?;
        Ok(array)
    }

    pub(crate) fn read_ints(self, array: jintArray) -> Result<Vec<jint>> {
        let mut values = vec![0; self.length(array)];
        let length = values.len() as jsize;
        // SAFETY: the room has the array's length.
        unsafe {
            jvm!(
                self,
                GetIntArrayRegion,
                array,
                0,
                length,
                values.as_mut_ptr()
            )
        };
        self.check()?;
        Ok(values)
    }

    pub(crate) fn ints(self, values: &[jint]) -> Result<jintArray> {
        let length = values.len() as jsize;
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewIntArray, length) };
        self.check()?;
        // SAFETY: the array was made with that length.
        unsafe { jvm!(self, SetIntArrayRegion, array, 0, length, values.as_ptr()) };
        self.check()?;
        Ok(array)
    }

    pub(crate) fn bytes(self, values: &[u8]) -> Result<jbyteArray> {
        let length = jsize::try_from(values.len()).map_err(|_| no_array(values.len()))?;
        // SAFETY: a valid environment.
        let array = unsafe { jvm!(self, NewByteArray, length) };
        self.check()?;
        self.write_bytes(array, 0, values)?;
        Ok(array)
    }

    /// Copies a range of a `byte[]` out. The JVM checks the range.
    pub(crate) fn read_bytes(self, array: jbyteArray, start: jint, into: &mut [u8]) -> Result<()> {
        let length = into.len() as jsize;
        // SAFETY: the room has that length; bytes have no sign of their own.
        unsafe {
            jvm!(
                self,
                GetByteArrayRegion,
                array,
                start,
                length,
                into.as_mut_ptr().cast()
            )
        };
        self.check()
    }

    /// All bytes of a `byte[]`.
    pub(crate) fn content(self, array: jbyteArray) -> Result<Vec<u8>> {
        let mut bytes = vec![0; self.length(array)];
        self.read_bytes(array, 0, &mut bytes)?;
        Ok(bytes)
    }

    /// All bytes of each `byte[]` of an array of them.
    pub(crate) fn contents(self, array: jobjectArray) -> Result<Vec<Vec<u8>>> {
        let elements = (0..self.length(array)).map(|i| {
            let element = self.element(array, i)?;
            let bytes = self.content(element);
            self.forget(element);
            bytes
        });
        elements.collect()
    }

    /// Copies bytes into a `byte[]`. The JVM checks the range.
    pub(crate) fn write_bytes(self, array: jbyteArray, start: jint, from: &[u8]) -> Result<()> {
        let length = from.len() as jsize;
        // SAFETY: as above.
        unsafe {
            jvm!(
                self,
                SetByteArrayRegion,
                array,
                start,
                length,
                from.as_ptr().cast()
            )
        };
        self.check()
    }

    /// A new `Object[]` of nulls.
    pub(crate) fn objects(self, length: usize) -> Result<jobjectArray> {
        // SAFETY: the class is a valid reference.
        let array = unsafe {
            let class = classes().object.raw();
            jvm!(
                self,
                NewObjectArray,
                length as jsize,
                class,
                std::ptr::null_mut()
            )
        };
        self.check()?;
        Ok(array)
    }

    pub(crate) fn element(self, array: jobjectArray, index: usize) -> Result<jobject> {
        // SAFETY: a valid reference to an object array; the JVM checks the index.
        let element = unsafe { jvm!(self, GetObjectArrayElement, array, index as jsize) };
        self.check()?;
        Ok(element)
    }

    pub(crate) fn set_element(
        self,
        array: jobjectArray,
        index: usize,
        element: jobject,
    ) -> Result<()> {
        // SAFETY: as above.
        unsafe { jvm!(self, SetObjectArrayElement, array, index as jsize, element) };
        self.check()
    }

    /// Stores a fresh local reference, and deletes it.
    pub(crate) fn put(self, array: jobjectArray, index: usize, element: jobject) -> Result<()> {
        let put = self.set_element(array, index, element);
        self.forget(element);
        put
    }

    /// A direct buffer over memory that must outlive it.
    pub(crate) fn buffer(self, data: *mut u8, length: usize) -> Result<jobject> {
        // SAFETY: the caller keeps the memory mapped as long as the buffer lives.
        let buffer = unsafe { jvm!(self, NewDirectByteBuffer, data.cast(), length as jlong) };
        self.check()?;
        Ok(buffer)
    }
}

/// Keeps an object of the JVM alive.
pub(crate) struct Global(jobject);

// SAFETY: a global reference may be used and deleted on any thread.
unsafe impl Send for Global {}
// SAFETY: as above; it is never written after it is made.
unsafe impl Sync for Global {}

impl Global {
    pub(crate) fn new(env: Env, object: jobject) -> Result<Global> {
        // SAFETY: a valid reference.
        let global = unsafe { jvm!(env, NewGlobalRef, object) };
        if global.is_null() {
            return Err(no_room());
        }
        Ok(Global(global))
    }

    pub(crate) fn raw(&self) -> jobject {
        self.0
    }

    /// A local reference to the object, for handing it to Java.
    pub(crate) fn local(&self, env: Env) -> jobject {
        // SAFETY: a valid reference.
        unsafe { jvm!(env, NewLocalRef, self.0) }
    }
}

impl Drop for Global {
    fn drop(&mut self) {
        // SAFETY: made by `new`, deleted once.
        Env::attached(|env| unsafe { jvm!(env, DeleteGlobalRef, self.0) });
    }
}

/// Leads to an object of the JVM without keeping it alive.
pub(crate) struct Weak(jobject);

// SAFETY: a weak global reference may be used and deleted on any thread.
unsafe impl Send for Weak {}
// SAFETY: as above; it is never written after it is made.
unsafe impl Sync for Weak {}

impl Weak {
    pub(crate) fn new(env: Env, object: jobject) -> Result<Weak> {
        // SAFETY: a valid reference.
        let weak = unsafe { jvm!(env, NewWeakGlobalRef, object) };
        env.check()?;
        Ok(Weak(weak))
    }

    /// The reference as an argument; the callee sees null if the object is gone.
    #[inline]
    pub(crate) fn raw(&self) -> jobject {
        self.0
    }

    /// Whether nobody holds the object any more.
    pub(crate) fn is_gone(&self, env: Env) -> bool {
        env.same(self.0, std::ptr::null_mut())
    }
}

impl Drop for Weak {
    fn drop(&mut self) {
        // SAFETY: made by `new`, deleted once.
        Env::attached(|env| unsafe { jvm!(env, DeleteWeakGlobalRef, self.0) });
    }
}

fn no_array(length: usize) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("an array of the JVM cannot have {length} bytes"),
    )
}

fn no_room() -> Error {
    Error::new(
        ErrorKind::Limit,
        "the JVM has no room for another reference",
    )
}
