//! The habits of a thread: one of JavaScript never waits, and looks now and then whether it is to
//! stop; one of the engine's waits, and looks for the thread that it works for.

use landbridge::{Error, ErrorKind, Result, host};

use crate::js::stopping;
use crate::loan;
use crate::thread::{here, is_stopping};

struct JsHost;

/// Ticks, of a millisecond each, between two looks.
const LOOK: u32 = 16;

impl host::Host for JsHost {
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        if here().is_none() {
            wait();
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Busy,
            "the store is in use by a call that is not done, and a JavaScript thread must not wait; await \
             the promise of that call first",
        ))
    }

    /// Ends the guest of a worker that is being terminated: a loop in it would never end by itself.
    fn tick(&self, ticks: u32) -> Result<()> {
        if !ticks.is_multiple_of(LOOK) {
            return Ok(());
        }
        let is_over = match here() {
            None => loan::is_over(),
            Some(env) => is_stopping(env),
        };
        match is_over {
            true => Err(stopping()),
            false => Ok(()),
        }
    }
}

/// Gives this thread its habits.
pub(crate) fn install() {
    host::install(&JsHost);
    host::print_defects_alone();
}
