//! Loan: what a guest lends to the event loop that is to answer it, while a host function is awaited.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use landbridge::host::{self, Loan as CoreLoan};
use landbridge::{Error, ErrorKind, HostContext, Result as CoreResult, Type, Value};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::gil;
use crate::guard::{Fault, guard};
use crate::lazy::Lazy;
use crate::store::Store;

/// A guest that waits for an answer from another thread.
#[pyclass(frozen, module = "landbridge._native")]
pub(crate) struct Loan {
    lent: Arc<HostLoan>,
    store: Py<Store>,
}

/// A loan and the thread that is to answer.
struct HostLoan {
    native: CoreLoan,
    loop_thread: usize,
    entered: AtomicBool,
}

impl HostLoan {
    /// On that thread: from now on it may use what the guest's thread is inside of.
    fn enter(&self) {
        if !self.entered.swap(true, Ordering::Relaxed) {
            self.native.enter();
        }
    }
}

/// What guests wait for. Only touched with Python's lock held, so that a fork finds it in order.
static LENT: Mutex<Vec<Arc<HostLoan>>> = Mutex::new(Vec::new());
static ANY_LENT: AtomicBool = AtomicBool::new(false);

fn with_lent(what: impl FnOnce(&mut Vec<Arc<HostLoan>>)) {
    let mut lent = LENT.lock().unwrap_or_else(PoisonError::into_inner);
    what(&mut lent);
    ANY_LENT.store(!lent.is_empty(), Ordering::Relaxed);
}

/// On a thread that waits for a store: its loop does not turn, so what it is to answer is not
/// begun. But that store's guest may be the one that waits.
pub(crate) fn enter_loans() {
    if ANY_LENT.load(Ordering::Relaxed) {
        let thread = gil::thread_ident();
        let mine = |it: &&Arc<HostLoan>| it.loop_thread == thread;
        gil::taken_for(|_| with_lent(|lent| lent.iter().filter(mine).for_each(|it| it.enter())));
    }
}

/// In a forked child, which has none of these guests.
pub(crate) fn forked() {
    with_lent(Vec::clear);
}

#[pymethods]
impl Loan {
    /// From now on the loop's thread may use what the guest's thread is inside of.
    fn enter(&self) {
        self.lent.enter();
    }

    fn leave(&self) {
        self.lent.native.leave();
    }

    /// Lets the guest go on. What it is answered, Python has.
    fn answer(&self) {
        self.lent.native.answer(Ok(Vec::new()));
    }

    /// Whether the guest still waits.
    #[getter]
    fn open(&self) -> bool {
        self.lent.native.is_open()
    }

    /// The line of its store.
    #[getter]
    fn line<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| Ok(self.store.get().line(py)?.clone()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.store)
    }
}

/// Whether an object can be awaited.
#[inline]
pub(crate) fn is_awaitable(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive, and so are its class and that one's tables.
    unsafe {
        let slots = (*object.get_type_ptr()).tp_as_async;
        !slots.is_null() && (*slots).am_await.is_some()
    }
}

/// Whether what a host function returned is to be awaited. Where any object may be a result, one
/// that can be awaited is so only if an `async def` gave it.
pub(crate) fn is_awaited(
    callable: &Bound<'_, PyAny>,
    returned: &Bound<'_, PyAny>,
    types: &[Type],
) -> PyResult<bool> {
    if !is_awaitable(returned) || types.iter().all(|ty| ty.is_plain()) {
        return Ok(is_awaitable(returned));
    }
    is_async(callable, returned)
}

/// Whether an `async def` gave what can be awaited.
pub(crate) fn is_async(callable: &Bound<'_, PyAny>, returned: &Bound<'_, PyAny>) -> PyResult<bool> {
    static IS_ASYNC: Lazy<Py<PyAny>> = Lazy::new();
    let is_async = IS_ASYNC.import(returned.py(), "landbridge._call", "is_async")?;
    is_async.call1((callable,))?.is_truthy()
}

thread_local! {
    /// What the guest on this thread waits for: an `Answer`.
    static AWAITED: RefCell<Option<Py<PyAny>>> = const { RefCell::new(None) };
}

/// Has what a host function returned awaited in the loop that made the call. The guest's thread
/// waits here, with the lock let go; `on_loan` gets what it lends meanwhile.
pub(crate) fn answer<'py>(
    context: &HostContext<'_>,
    awaitable: &Bound<'py, PyAny>,
    store: &Py<Store>,
    on_loan: impl FnOnce(CoreLoan),
) -> Result<Bound<'py, PyAny>, Fault> {
    static LOOP_THREAD: Lazy<Py<PyAny>> = Lazy::new();
    static CLASS: Lazy<Py<PyAny>> = Lazy::new();
    let py = awaitable.py();
    let refused = (awaitable, context.name(), host::is_serving());
    let loop_thread = LOOP_THREAD
        .import(py, "landbridge._call", "loop_thread")?
        .call1(refused)?;
    let lent = Arc::new(HostLoan {
        native: context.lend(),
        loop_thread: loop_thread.extract()?,
        entered: AtomicBool::new(false),
    });
    on_loan(lent.native.clone());
    let loan = Loan {
        lent: lent.clone(),
        store: store.clone_ref(py),
    };
    let answer = CLASS
        .import(py, "landbridge._call", "Answer")?
        .call1((awaitable, loan))?;
    match wait(&lent, &answer) {
        Ok(_) => Ok(answer.call_method0("result")?),
        Err(error) => {
            answer.call_method0("cancel")?;
            Err(error.into())
        }
    }
}

fn wait(loan: &Arc<HostLoan>, answer: &Bound<'_, PyAny>) -> CoreResult<Vec<Value>> {
    with_lent(|lent| lent.push(loan.clone()));
    let outer = AWAITED.replace(Some(answer.clone().unbind()));
    let waited = gil::let_go_for(|| loan.native.wait());
    drop(AWAITED.replace(outer));
    with_lent(|lent| lent.retain(|it| !Arc::ptr_eq(it, loan)));
    waited
}

/// Ticks between two looks at the loop that is to answer; some 2 ms each while a guest waits.
const LOOP_TICKS: u32 = 50;

/// Ends a guest that waits for a loop which was closed.
pub(crate) fn look_for_loop(ticks: u32) -> CoreResult<()> {
    if !ticks.is_multiple_of(LOOP_TICKS) || AWAITED.with_borrow(Option::is_none) {
        return Ok(());
    }
    let is_lost = gil::taken_for(|py| {
        let answer = AWAITED.with_borrow(|it| it.as_ref().map(|it| it.clone_ref(py)));
        let lost = answer.map(|answer| answer.call_method0(py, "is_lost")?.is_truthy(py));
        lost.is_some_and(|lost| lost.unwrap_or(true))
    });
    match is_lost {
        true => Err(Error::new(
            ErrorKind::Cancelled,
            "the event loop that was to answer the guest was closed",
        )),
        false => Ok(()),
    }
}
