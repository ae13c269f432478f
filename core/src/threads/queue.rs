//! Queue: jobs of which only so many run at a time, so that a busy store does not hold all threads.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use crate::Result;
use crate::fork::{self, Lock, Locked};
use crate::workers::Workers;

/// Something to run when it is its turn. It does not panic, and gives what is to run after its turn.
pub(crate) type QueuedJob = Box<dyn FnOnce() -> Follow + Send>;

/// What follows on a job. It does not panic.
pub(crate) type Follow = Box<dyn FnOnce() + Send>;

/// Jobs in the order they came. Cheap to clone; all clones are one queue.
#[derive(Clone)]
pub(crate) struct Queue(Arc<Inner>);

struct Inner {
    workers: Workers,
    most: usize,
    state: Lock<State>,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queue")
    }
}

#[derive(Default)]
struct State {
    running: usize,
    /// The process that the jobs are in.
    generation: u32,
    waiting: VecDeque<QueuedJob>,
}

impl Queue {
    /// One in which at most so many jobs run at a time.
    pub(crate) fn new(workers: &Workers, most: usize) -> Queue {
        Queue(Arc::new(Inner {
            workers: workers.clone(),
            most,
            state: Lock::default(),
        }))
    }

    /// Runs a job when it is its turn. `book` is run before it, when its place in the queue is sure.
    ///
    /// # Errors
    /// `limit` if no thread can be started; the job is dropped then.
    pub(crate) fn run(&self, job: QueuedJob, book: impl FnOnce()) -> Result<()> {
        let mut state = self.lock();
        book();
        if state.running == self.0.most {
            state.waiting.push_back(job);
            return Ok(());
        }
        state.running += 1;
        drop(state);
        let ran = self.start(job);
        if ran.is_err() {
            self.go_on();
        }
        ran
    }

    fn start(&self, job: QueuedJob) -> Result<()> {
        let queue = self.clone();
        self.0.workers.run(Box::new(move || {
            let follow = job();
            queue.go_on();
            follow();
        }))
    }

    /// After a job: the next one is ready. It goes behind those of other queues.
    fn go_on(&self) {
        loop {
            let mut state = self.lock();
            let Some(next) = state.waiting.pop_front() else {
                state.running -= 1;
                return;
            };
            drop(state);
            // What cannot be started is dropped, and has an error for its outcome.
            if self.start(next).is_ok() {
                return;
            }
        }
    }

    fn lock(&self) -> Locked<'_, State> {
        let mut state = self.0.state.lock();
        if state.generation != fork::generation() {
            // What was in flight in the parent process is answered there.
            std::mem::forget(std::mem::take(&mut *state));
            state.generation = fork::generation();
        }
        state
    }
}
