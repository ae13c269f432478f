//! Workers: the native threads of an engine that run asynchronous calls.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::{self, Builder, Thread};
use std::time::{Duration, Instant};

use crate::fork::{self, Lock, Locked};
use crate::token::thread_token;
use crate::{Result, messages};

/// Something to run. It does not panic.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// At most so many threads; each is started when there is work for it, and ends when there has been
/// none for a while.
#[derive(Clone, Debug)]
pub(crate) struct Workers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    crew: Crew,
    stack_bytes: usize,
    state: Lock<State>,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Those of the idle that nobody has woken yet.
    parked: Vec<Thread>,
    /// The process that the threads are in; a forked child has none of them.
    generation: u32,
}

/// How long a thread without work stays.
const IDLE: Duration = Duration::from_secs(10);

/// Native stack for host functions and for what a finished call sets off, beside the guest's.
const HOST_STACK_BYTES: usize = 1536 << 10;

impl Workers {
    pub(crate) fn new(most: usize, guest_stack_bytes: usize) -> Workers {
        Workers(Arc::new(Inner {
            crew: Crew::new(most.max(1)),
            stack_bytes: guest_stack_bytes.saturating_add(HOST_STACK_BYTES),
            state: Lock::default(),
        }))
    }

    /// Which of the threads are at work.
    pub(crate) fn crew(&self) -> &Crew {
        &self.0.crew
    }

    /// Runs a job on one of the threads, after those that came before.
    ///
    /// # Errors
    /// `limit` if there is no thread and none can be started; `poisoned` in a forked child where none
    /// can be. The job is dropped then.
    pub(crate) fn run(&self, job: Job) -> Result<()> {
        fork::threads()?;
        let mut state = self.0.lock();
        // Under one lock with what follows: an idle thread is counted by one only, and stays for the job.
        if state.ready.len() >= state.idle && state.threads < self.0.crew.most {
            self.start(&mut state)?;
        }
        state.ready.push_back(job);
        let woken = state.parked.pop();
        drop(state);
        if let Some(thread) = woken {
            thread.unpark();
        }
        Ok(())
    }

    /// Starts a thread. If there are others, they do without it.
    fn start(&self, state: &mut State) -> Result<()> {
        let inner = self.0.clone();
        let room = Builder::new()
            .name("landbridge-call".to_owned())
            .stack_size(inner.stack_bytes);
        match room.spawn(move || inner.work()) {
            Ok(_) => state.threads += 1,
            Err(error) if state.threads == 0 => return Err(messages::no_call_thread(error)),
            Err(_) => (),
        }
        Ok(())
    }
}

impl Inner {
    fn lock(&self) -> Locked<'_, State> {
        let mut state = self.state.lock();
        if state.generation != fork::generation() {
            // What was in flight in the parent process is answered there.
            std::mem::forget(std::mem::take(&mut *state));
            state.generation = fork::generation();
        }
        state
    }

    /// What each thread does.
    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.ready.pop_front() {
                drop(state);
                self.crew.begin();
                job();
                self.crew.end();
                state = self.lock();
                continue;
            }
            let (me, since) = (thread::current(), Instant::now());
            state.idle += 1;
            state.parked.push(me.clone());
            drop(state);
            thread::park_timeout(IDLE);
            state = self.lock();
            state.idle -= 1;
            state.parked.retain(|it| it.id() != me.id());
            if since.elapsed() >= IDLE && state.ready.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

/// The threads that run asynchronous calls, whoever has them. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    most: usize,
    at_work: Arc<Lock<AtWork>>,
}

#[derive(Default)]
struct AtWork {
    threads: Vec<usize>,
    /// The process that they are in.
    generation: u32,
}

impl Crew {
    fn new(most: usize) -> Crew {
        Crew {
            most,
            at_work: Arc::default(),
        }
    }

    /// The same if there may be so many.
    pub(crate) fn of(&self, most: usize) -> Crew {
        Crew {
            most,
            ..self.clone()
        }
    }

    /// How many there may be.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Those that do something now.
    pub(crate) fn at_work(&self) -> Vec<usize> {
        self.lock().threads.clone()
    }

    /// Notes that this thread does something; false if it is noted already.
    pub(crate) fn begin(&self) -> bool {
        let (mut at_work, me) = (self.lock(), thread_token());
        let is_new = !at_work.threads.contains(&me);
        if is_new {
            at_work.threads.push(me);
        }
        is_new
    }

    pub(crate) fn end(&self) {
        let me = thread_token();
        self.lock().threads.retain(|it| *it != me);
    }

    fn lock(&self) -> Locked<'_, AtWork> {
        let mut at_work = self.at_work.lock();
        if at_work.generation != fork::generation() {
            at_work.threads.clear();
            at_work.generation = fork::generation();
        }
        at_work
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::mpsc::channel;

    use super::*;

    /// Who come at the same time.
    const CALLERS: usize = 8;

    #[test]
    fn an_idle_thread_is_counted_by_one_of_those_who_come_together() {
        for _ in 0..500 {
            let workers = Workers::new(CALLERS, 0);
            workers.run(Box::new(|| ())).unwrap();
            while workers.0.lock().idle == 0 {
                thread::yield_now();
            }
            // Each job waits for all others, so each needs a thread.
            let (start, met) = (Barrier::new(CALLERS), Arc::new(Barrier::new(CALLERS)));
            let (done, is_done) = channel();
            let run = || {
                let (met, done) = (met.clone(), done.clone());
                start.wait();
                let job = Box::new(move || {
                    met.wait();
                    done.send(()).unwrap();
                });
                workers.run(job).unwrap();
            };
            thread::scope(|scope| (0..CALLERS).for_each(|_| drop(scope.spawn(run))));
            for _ in 0..CALLERS {
                let waited = is_done.recv_timeout(Duration::from_secs(60));
                waited.expect("each has a thread");
            }
        }
    }
}
