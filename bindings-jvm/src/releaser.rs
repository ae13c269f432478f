//! Releaser: the thread that releases what Java forgot.
//!
//! A thread of Java's that ran code of ours would keep our class loader for ever, as would a `Cleaner`, whose thread
//! holds what it will run. This one waits in code of the JDK's, holding nothing but the queue, and calls Java only
//! with an object of the loader in hand.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use landbridge::{Error, ErrorKind, Result};

use crate::classes::classes;
use crate::env::Env;
use crate::refs::Global;
use crate::types::{Here, Object, Queue};

const NAME: &str = "landbridge-release";

/// The stack that releasing takes: it drops what the engine has, and closes files.
const STACK_BYTES: usize = 512 << 10;

struct Releaser {
    /// What Java knows it as; none if it could not be attached.
    object: Option<Global>,
    thread: JoinHandle<()>,
}

static RELEASER: Mutex<Option<Releaser>> = Mutex::new(None);

/// Starts the thread, which takes references out of the queue and has Java release what they stand for.
pub(crate) fn watch(queue: Here<Queue>) -> Result<()> {
    let queue = Global::new(queue.env, queue.it.0)?;
    let (told, hears) = channel();
    let thread = Builder::new().name(NAME.to_owned()).stack_size(STACK_BYTES);
    let thread = thread.spawn(move || {
        Env::attach(Some(c"landbridge-release"), |env| run(env, queue, &told));
    });
    let thread = thread.map_err(|e| cannot(&e.to_string()))?;
    let object = hears.recv().ok();
    let is_attached = object.is_some();
    let started = Releaser { object, thread };
    *RELEASER.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
    match is_attached {
        true => Ok(()),
        false => Err(cannot("the JVM does not take it")),
    }
}

fn cannot(why: &str) -> Error {
    let text = format!("the thread that releases forgotten objects cannot be started: {why}");
    Error::new(ErrorKind::Limit, text)
}

fn run(env: Env, queue: Global, told: &Sender<Global>) {
    let classes = classes();
    let threads = &classes.threads;
    let me = threads.current.call(env, threads.class.raw(), ());
    if env.clear() {
        return;
    }
    let Ok(object) = Global::taken(env, me.0) else {
        return;
    };
    let _ = told.send(object);
    // An interrupt ends it.
    while let Some(reference) = env.call_object(queue.raw(), threads.queue_remove) {
        let owned = (Object(reference),);
        classes.release.call(env, classes.native.raw(), owned);
        env.clear();
        env.forget(reference);
    }
}

/// Ends the thread, once there can be nothing to release.
pub(crate) fn stop() {
    let releaser = RELEASER
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let (Some(releaser), Some(env)) = (releaser, Env::current()) else {
        return;
    };
    if let Some(object) = &releaser.object {
        env.call_void(object.raw(), classes().threads.interrupt);
    }
    let _ = releaser.thread.join();
}
