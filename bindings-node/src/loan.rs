//! Loan: how the environment's thread answers for a function of JavaScript that a guest calls on
//! another thread. The guest waits; the event loop does not.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use landbridge::host::{Loan, is_serving};
use landbridge::{Error, ErrorKind, HostContext, Result, Value, text};

use crate::env::Env;
use crate::inbox::{Errand, Inbox};
use crate::js::stopping;
use crate::thread::{here, is_stopping};

/// One call of a function of JavaScript, as both threads see it.
pub(crate) struct HostLoan {
    loan: Loan,
    /// Whether the environment's thread waits for the guest's, so that its event loop stands still.
    is_nested: bool,
    /// Whether the environment's thread has it.
    is_taken: AtomicBool,
    /// Whether the environment's thread is to stop.
    is_over: AtomicBool,
}

thread_local! {
    /// What this thread waits for, innermost last.
    static WAITED: RefCell<Vec<Arc<HostLoan>>> = const { RefCell::new(Vec::new()) };
}

/// On the guest's thread: has `answer` run on the environment's, and waits. If that gives nothing,
/// the answer comes later, by [`HostLoan::give`].
pub(crate) fn ask(
    inbox: &Arc<Inbox>,
    context: &HostContext<'_>,
    answer: impl FnOnce(Env, &Arc<HostLoan>) -> Result<Option<Vec<Value>>> + Send + 'static,
) -> Result<Vec<Value>> {
    let lent = Arc::new(HostLoan {
        loan: context.lend(),
        is_nested: is_serving(),
        is_taken: AtomicBool::new(false),
        is_over: AtomicBool::new(false),
    });
    let theirs = lent.clone();
    let errand: Errand = Box::new(move |env| theirs.take(env, answer));
    match lent.is_nested {
        false => inbox.post(errand),
        true => {
            let reached = lent.loan.reach(Box::new(move || errand(here())));
            // Without a thread that waits this answers that there is no environment.
            reached.unwrap_or_else(|job| job());
        }
    }
    lent.wait(inbox)
}

impl HostLoan {
    /// The context of the function, while the guest waits.
    pub(crate) fn context(&self) -> Option<HostContext<'_>> {
        self.loan.is_open().then(|| self.loan.context())
    }

    fn wait(self: &Arc<HostLoan>, inbox: &Inbox) -> Result<Vec<Value>> {
        WAITED.with_borrow_mut(|waited| waited.push(self.clone()));
        let answer = self.loan.wait();
        WAITED.with_borrow_mut(|waited| waited.pop());
        if answer.is_err() {
            // The guest may have given up while the other thread still has it.
            let lent = self.clone();
            inbox.post(Box::new(move |_| lent.loan.leave()));
        }
        answer
    }

    /// On the environment's thread.
    fn take(
        self: &Arc<HostLoan>,
        env: Option<Env>,
        answer: impl FnOnce(Env, &Arc<HostLoan>) -> Result<Option<Vec<Value>>>,
    ) {
        self.is_taken.store(true, Ordering::SeqCst);
        let Some(env) = env else {
            return self.loan.answer(Err(stopping()));
        };
        if !self.loan.is_open() {
            return;
        }
        self.loan.enter();
        let answered = catch_unwind(AssertUnwindSafe(|| env.scoped(|| answer(env, self))));
        match answered.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))) {
            Ok(None) => {}
            Ok(Some(values)) => self.give(Ok(values)),
            Err(error) => self.give(Err(error)),
        }
    }

    /// On the environment's thread: answers the guest.
    pub(crate) fn give(&self, answer: Result<Vec<Value>>) {
        self.loan.answer(answer);
        self.loan.leave();
    }

    /// Checks that an answer may come later.
    pub(crate) fn check_later(&self) -> Result<()> {
        if !self.is_nested {
            return Ok(());
        }
        let name = text::name(self.loan.context().name()).into_owned();
        let text = format!(
            "{name} gave a Promise, but the event loop waits for the call that reached it; \
             make the calls in host functions asynchronous, too"
        );
        Err(Error::new(ErrorKind::Deadlock, text))
    }
}

/// What `look` finds on the thread of JavaScript: here, or if a thread of the engine's works for that one, which waits,
/// over there.
pub(crate) fn at_home<R: Send + 'static>(
    look: impl FnOnce(Env) -> R + Send + 'static,
) -> Result<R> {
    if let Some(env) = here() {
        return Ok(look(env));
    }
    let lent = WAITED.with_borrow(|waited| waited.last().cloned());
    let lent = lent.ok_or_else(stopping)?;
    let (give, found) = mpsc::channel();
    let look = move || {
        // Who does not get it asks no more.
        let _ = here().map(|env| give.send(look(env)));
    };
    let reached = lent.loan.reach(Box::new(look));
    reached.map_err(|_| stopping())?;
    found.recv().map_err(|_| stopping())
}

/// On a thread of the engine's: whether the thread of JavaScript that it works for, which waits, is
/// to stop.
pub(crate) fn is_over() -> bool {
    let Some(lent) = WAITED.with_borrow(|waited| waited.last().cloned()) else {
        return false;
    };
    // What was handed over and not taken yet must not be displaced.
    if is_serving() && lent.is_taken.load(Ordering::SeqCst) {
        let theirs = lent.clone();
        let look = move || {
            let is_over = here().is_none_or(is_stopping);
            theirs.is_over.store(is_over, Ordering::SeqCst);
        };
        // If nobody waits any more there is nobody to ask.
        let _ = lent.loan.reach(Box::new(look));
    }
    lent.is_over.load(Ordering::SeqCst)
}
