//! References that outlive the call that made them.

use jni::sys::jobject;
use landbridge::{Error, ErrorKind, Result};

use crate::env::{Env, jvm};

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
        match global.is_null() {
            true => Err(no_room()),
            false => Ok(Global(global)),
        }
    }

    /// Of a local reference, which it deletes.
    pub(crate) fn taken(env: Env, local: jobject) -> Result<Global> {
        let global = Global::new(env, local);
        env.forget(local);
        global
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
        match env.clear() {
            true => Err(no_room()),
            false => Ok(Weak(weak)),
        }
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

fn no_room() -> Error {
    Error::new(
        ErrorKind::Limit,
        "the JVM has no room for another reference",
    )
}
