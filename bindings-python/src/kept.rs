//! Objects of Python's in the hands of the core, and the host objects of a store.
//!
//! The core may drop them at any moment: inside the engine, or with Python's lock let go. Then no
//! code of Python's may run, so a drop only notes what is to be released, and the gate of the next
//! call releases it. The notes are a list without a lock: one that another thread held would stay
//! held in a forked child.
//!
//! What guests can hold (host functions, objects of externrefs and anyrefs) lies in the store's own
//! list, which the cyclic collector sees. The core holds an index into it, so a host function that
//! refers to its own instance does not keep it alive.

use std::cell::{Cell, UnsafeCell};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use landbridge::{self as lb, Error, ErrorKind};
use pyo3::PyClass;
use pyo3::ffi;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::gil;

/// A strong reference that may be dropped anywhere; the release comes later.
pub(crate) struct Kept(Option<Py<PyAny>>);

impl Kept {
    pub(crate) fn new(object: Py<PyAny>) -> Kept {
        Kept(Some(object))
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        Some(self.0.as_ref()?.bind(py).clone())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            release_later(Release::Object(object));
        }
    }
}

/// Something to be released with the lock held and the engine not in the way.
enum Release {
    Object(Py<PyAny>),
    Entry(Arc<Roots>, usize),
}

/// A note in the list of what waits.
struct Waiting {
    release: Release,
    next: *mut Waiting,
}

/// The note that was added last; leads to all others.
static LAST: AtomicPtr<Waiting> = AtomicPtr::new(ptr::null_mut());

fn release_later(release: Release) {
    let note = Box::into_raw(Box::new(Waiting {
        release,
        next: ptr::null_mut(),
    }));
    let mut last = LAST.load(Ordering::Relaxed);
    loop {
        // SAFETY: nobody else knows the note until it is in the list.
        unsafe { (*note).next = last };
        match LAST.compare_exchange_weak(last, note, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(newer) => last = newer,
        }
    }
}

/// Releases what waits for it. One load if nothing does.
#[inline(always)]
pub(crate) fn release_waiting() {
    if !LAST.load(Ordering::Relaxed).is_null() {
        release_all();
    }
}

#[cold]
fn release_all() {
    let mut note = LAST.swap(ptr::null_mut(), Ordering::Acquire);
    gil::held(|_| {
        while !note.is_null() {
            // SAFETY: a box of `release_later`; whoever takes the list takes it whole and alone.
            let Waiting { release, next } = *unsafe { Box::from_raw(note) };
            note = next;
            match release {
                Release::Object(object) => drop(object),
                Release::Entry(roots, index) => drop(roots.take(index)),
            }
        }
    });
}

/// Gives the object of a store, which its owner or that one's pool knows.
pub(crate) type Find = for<'py> fn(Bound<'py, PyAny>, &lb::Store) -> lb::Result<Bound<'py, PyAny>>;

/// The objects of Python's that the guests of a store can reach, or those of all stores of a pool.
/// Only touched with the lock held, and no code of Python's runs while it is.
pub(crate) struct Roots {
    /// The object of the store or pool, while it lives, and how that gives the one of a store.
    owner: Cell<*mut ffi::PyObject>,
    find: Cell<Find>,
    entries: UnsafeCell<Vec<Option<Py<PyAny>>>>,
    unused: UnsafeCell<Vec<usize>>,
}

// SAFETY: see above: Python's lock guards all fields.
unsafe impl Send for Roots {}
// SAFETY: as above.
unsafe impl Sync for Roots {}

impl Roots {
    pub(crate) fn new() -> Arc<Roots> {
        Arc::new(Roots {
            owner: Cell::new(ptr::null_mut()),
            find: Cell::new(|_, _| Err(gone())),
            entries: UnsafeCell::new(Vec::new()),
            unused: UnsafeCell::new(Vec::new()),
        })
    }

    pub(crate) fn set_owner<T>(&self, owner: &Bound<'_, T>, find: Find) {
        self.owner.set(owner.as_ptr());
        self.find.set(find);
    }

    /// The object of the store that a guest runs in.
    #[inline]
    pub(crate) fn store<'py>(
        &self,
        py: Python<'py>,
        native: &lb::Store,
    ) -> lb::Result<Bound<'py, PyAny>> {
        // SAFETY: as in `owner`.
        let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.owner.get()) };
        (self.find.get())(owner.ok_or_else(gone)?, native)
    }

    /// The object of the store or pool, if it is still there.
    pub(crate) fn owner<'py, T: PyClass>(&self, py: Python<'py>) -> Option<Bound<'py, T>> {
        // SAFETY: the owner clears the pointer before it goes, with the lock held.
        let owner = unsafe { Bound::from_borrowed_ptr_or_opt(py, self.owner.get()) }?;
        owner.cast_into().ok()
    }

    pub(crate) fn put(&self, object: Py<PyAny>) -> usize {
        // SAFETY: the lock is held, and nothing below runs code of Python's.
        let (entries, unused) = unsafe { (&mut *self.entries.get(), &mut *self.unused.get()) };
        match unused.pop() {
            Some(index) => {
                entries[index] = Some(object);
                index
            }
            None => {
                entries.push(Some(object));
                entries.len() - 1
            }
        }
    }

    fn take(&self, index: usize) -> Option<Py<PyAny>> {
        // SAFETY: as above; the object is moved out, so that its release happens after.
        let (entries, unused) = unsafe { (&mut *self.entries.get(), &mut *self.unused.get()) };
        let object = entries.get_mut(index)?.take()?;
        unused.push(index);
        Some(object)
    }

    /// The object at an index, borrowed; null if the store let go of it.
    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> *mut ffi::PyObject {
        // SAFETY: as above.
        let entries = unsafe { &*self.entries.get() };
        match entries.get(index) {
            Some(Some(object)) => object.as_ptr(),
            _ => ptr::null_mut(),
        }
    }

    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // SAFETY: as above; the collector only counts.
        let entries = unsafe { &*self.entries.get() };
        entries.iter().try_for_each(|entry| visit.call(entry))
    }

    /// Lets go of everything: no guest of the store will run again.
    pub(crate) fn clear(&self) {
        // SAFETY: as above; the objects are moved out first. Their places stay taken: whoever has
        // such an index must not meet another object there.
        let objects: Vec<_> = unsafe {
            let entries = &mut *self.entries.get();
            entries.iter_mut().map(Option::take).collect()
        };
        drop(objects);
    }

    pub(crate) fn forget_owner(&self) {
        self.owner.set(ptr::null_mut());
    }
}

/// The error for a host function whose store is not there any more.
#[cold]
pub(crate) fn gone() -> Error {
    Error::new(
        ErrorKind::Closed,
        "the host function was let go of: its store was closed",
    )
}

/// An object lent to guests as an externref or an anyref, or as a function.
pub(crate) struct Lent {
    pub(crate) roots: Arc<Roots>,
    pub(crate) index: usize,
}

impl Lent {
    pub(crate) fn new(roots: &Arc<Roots>, object: Py<PyAny>) -> Lent {
        Lent {
            roots: roots.clone(),
            index: roots.put(object),
        }
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        // SAFETY: the entry is a live object, or null.
        unsafe { Bound::from_borrowed_ptr_or_opt(py, self.roots.get(self.index)) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        release_later(Release::Entry(self.roots.clone(), self.index));
    }
}
