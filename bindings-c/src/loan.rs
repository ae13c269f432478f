//! Functions that answer later
//!
//! A host function may wait until another thread answers, such as that of an event loop. It makes a loan of its call,
//! hands that to the other thread, and waits.
//!
//!     lb_error_t *fetch(void *loop, const lb_context_t *context, const lb_value_t *args, size_t nargs,
//!                       lb_value_t *results, size_t nresults) {
//!       lb_loan_t loan;
//!       lb_error_t *err = lb_context_lend(context, &loan);
//!       if (err) return err;
//!       post(loop, args[0].of.i32, loan);  // the loop's thread calls lb_loan_answer(loan, ...) when it likes
//!       err = lb_loan_wait(loan, results, nresults);
//!       lb_error_free(lb_loan_release(loan));
//!       return err;
//!     }
//!
//! A deadline, cancelling and closing end the call while it waits, too: lb_loan_wait() returns then, and an answer that
//! comes later is LB_KIND_CLOSED. Copy what the other thread needs of the arguments: they are valid in the host function
//! only.

use std::ffi::c_void;

use landbridge::host::{self, Loan};
use landbridge::{Error, ErrorKind, Result, Value, text};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_out, guard_release, guard_same};
use crate::handle::lb_loan_t;
use crate::imports::{context_of, lb_context_t};
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, array_mut, null};
use crate::types::lb_bool;
use crate::value::lb_value_t;

noun!(lb_loan_t, "loan", Loan);

/// What is run on the thread that a guest's thread works for; see lb_loan_reach(). Must return: no C++
/// exception, no longjmp and no pthread_exit may leave it.
pub type lb_job_t = Option<unsafe extern "C" fn(data: *mut c_void)>;

/// Lends the call of the host function that runs, to be answered by another thread. The caller releases the
/// loan.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_context_lend(
    context: *const lb_context_t,
    loan: Out<lb_loan_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or the context of a host function that runs.
    guard_new(loan, || Ok(unsafe { context_of(context) }?.lend()))
}

/// In the host function that made it, on its thread: waits for the answer, and writes it to the results of the
/// host function. Other threads may use the store meanwhile, if they entered the loan.
///
/// Errors: what was answered by lb_loan_fail(); LB_KIND_TIMEOUT, LB_KIND_CANCELLED or LB_KIND_CLOSED as soon as
/// the call is over, which the host function returns; LB_KIND_TYPE if another number of results was answered;
/// LB_KIND_UNSUPPORTED on another thread; LB_KIND_CLOSED if it was waited for before, or released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_loan_wait(
    loan: lb_loan_t,
    results: *mut lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    guard(|| {
        let loan = loan.get()?;
        // SAFETY: the caller passes NULL or as many values as it says.
        let results = unsafe { array_mut(results, nresults, "results")? };
        let answer = loan.wait()?;
        if answer.len() != nresults {
            let (name, given) = (text::name(loan.context().name()).into_owned(), answer.len());
            let text = format!("results of {name}: expected {nresults}, got {given}");
            return Err(Error::new(ErrorKind::Type, text));
        }
        lb_value_t::give_all(&answer, results)
    })
}

/// Answers the guest, from any thread, with as many results as the function has. The caller keeps the
/// references in results. Values of wrong types are an error of the guest's call.
///
/// Errors: LB_KIND_CLOSED if nobody waits any more: it was answered before, the call is over, the process was
/// forked, or the loan was released; LB_KIND_TYPE if results holds no values, and it is not answered then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_loan_answer(
    loan: lb_loan_t,
    results: *const lb_value_t,
    nresults: usize,
) -> *mut lb_error_t {
    guard(|| {
        let loan = loan.get()?;
        // SAFETY: the caller passes NULL or as many values as it says.
        let results = unsafe { array(results, nresults, "results")? };
        let values = lb_value_t::read_all(results, |i| loan.context().result_place(i))?;
        loan.try_answer(Ok(values))
    })
}

/// Answers the guest with an error, as if the host function had returned it. It is the library's from now on.
///
/// Errors: as lb_loan_answer(), and LB_KIND_TYPE if error is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_loan_fail(loan: lb_loan_t, error: *mut lb_error_t) -> *mut lb_error_t {
    guard(|| {
        // SAFETY: the caller passes NULL or an error of its own, and gives it up.
        let failed = unsafe { lb_error_t::taken(error) };
        let answer: Result<Vec<Value>> = failed.and_then(|()| Err(null("error")));
        match error.is_null() {
            true => answer.map(drop),
            false => loan.get()?.try_answer(answer),
        }
    })
}

/// Whether the guest waits for an answer. False if it is no such handle.
#[unsafe(no_mangle)]
pub extern "C" fn lb_loan_is_open(loan: lb_loan_t) -> bool {
    guard_same(|| Ok(loan.get()?.is_open()))
}

/// On another thread than the guest's: from now on what it does with the stores that the guest's thread is
/// inside of is done there, as if a host function did it, until lb_loan_leave(). Without, it would wait for them
/// until the guest is answered. The two go in pairs; what is not left is let go when the thread ends.
///
/// Errors: LB_KIND_CLOSED if the loan was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_loan_enter(loan: lb_loan_t) -> *mut lb_error_t {
    guard(|| {
        loan.get()?.enter();
        Ok(())
    })
}

/// The end of lb_loan_enter(), on the same thread; call it before the loan is released. If it was not entered,
/// nothing happens.
///
/// Errors: LB_KIND_CLOSED if the loan was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_loan_leave(loan: lb_loan_t) -> *mut lb_error_t {
    guard(|| {
        loan.get()?.leave();
        Ok(())
    })
}

/// On the guest's thread, before lb_loan_wait(): if it works for another thread, which waits for it inside of
/// lb_loan_enter(), has job called there with data, and does not wait for it; reached receives whether there is
/// such a thread. If there is none, job is not called. Jobs run one after the other.
///
/// Errors: LB_KIND_TYPE if job is NULL, LB_KIND_CLOSED if the loan was released; job is not called then.
#[unsafe(no_mangle)]
pub extern "C" fn lb_loan_reach(
    loan: lb_loan_t,
    job: lb_job_t,
    data: *mut c_void,
    reached: Out<lb_bool>,
) -> *mut lb_error_t {
    guard_out(reached, 0, || {
        let (loan, job) = (loan.get()?, job.ok_or_else(|| null("job"))?);
        let todo = Todo { job, data };
        Ok(loan.reach(Box::new(move || todo.run())).is_ok().into())
    })
}

/// Whether this thread does the work of another one, which waits for it and so can do nothing else: an event
/// loop there does not turn, and answers nothing but what lb_loan_reach() brings it.
#[unsafe(no_mangle)]
pub extern "C" fn lb_thread_is_serving() -> bool {
    host::is_serving()
}

/// Releases the handle. It is not an answer: a guest that waits goes on waiting. What comes later is told
/// LB_KIND_CLOSED.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_loan_release(loan: lb_loan_t) -> *mut lb_error_t {
    guard_release(loan)
}

struct Todo {
    job: unsafe extern "C" fn(*mut c_void),
    data: *mut c_void,
}

// SAFETY: whoever hands data over promises that it may be used on the other thread.
unsafe impl Send for Todo {}

impl Todo {
    fn run(self) {
        // SAFETY: whoever handed the function over promises that it takes its data.
        unsafe { (self.job)(self.data) }
    }
}
