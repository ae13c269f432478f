//! The JVM's habits: a thread that is interrupted ends the call it runs or waits for.

use landbridge::host::{self, Host};
use landbridge::{Error, ErrorKind, Result};

use crate::classes::classes;
use crate::env::Env;

struct Jvm;

/// Ticks before the thread's state is looked at: a call of a millisecond pays nothing.
const QUIET: u32 = 1;

impl Host for Jvm {
    fn waiting(&self) -> Result<()> {
        check()
    }

    fn tick(&self, ticks: u32) -> Result<()> {
        match ticks > QUIET {
            true => check(),
            false => Ok(()),
        }
    }
}

/// An error if this thread was interrupted. That stays set, so that the caller's own code sees it
/// too.
fn check() -> Result<()> {
    match Env::current() {
        // One that has no stack left for the question is not interrupted; the guest's own limit
        // comes next.
        Some(env) if is_interrupted(env) => {
            let text = "the call was cancelled: its thread was interrupted";
            Err(Error::new(ErrorKind::Cancelled, text))
        }
        _ => Ok(()),
    }
}

fn is_interrupted(env: Env) -> bool {
    let classes = classes();
    let answer = classes.is_interrupted.call(env, classes.native.raw(), ());
    !env.clear() && answer
}

/// Lets copies of this library in other class loaders and this one know each other. Null founds the family; what
/// comes back is for the next copy.
pub(crate) fn join_family(family: Option<String>) -> Result<String> {
    let given = family.and_then(|family| family.parse().ok());
    let family = given.unwrap_or_else(host::found_family);
    if cfg!(target_os = "linux") {
        // SAFETY: `Library.java` gives what it got from here, and `build.rs` sees to it that the library stays.
        unsafe { host::join_family(family) };
    }
    Ok(family.to_string())
}

pub(crate) fn install() {
    host::install(&Jvm);
    host::print_defects_alone();
}
