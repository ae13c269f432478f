//! What a host language adds to the core: how its threads wait, what it does at a tick, and the
//! functions it lends to guests.

use std::panic::catch_unwind;
use std::sync::OnceLock;

pub use crate::loan::{Job, Loan, is_serving};
pub use crate::place::{Begun, Place};
use crate::store::Store;
pub use crate::turn::{Mark, thread_token};
use crate::{
    Error, ErrorKind, Extern, FuncType, Result, Slot, Type, Value, cancel, coroutine, handlers,
    text,
};

/// The habits of the language the core is embedded in. A binding installs one at load.
pub trait Host: Send + Sync {
    /// Called when this thread must wait for its turn on a store. Runs `wait` once, or refuses
    /// with an error of kind `busy`. A host with a global lock lets go of it around `wait`. If it
    /// does neither, what waited fails with `internal`.
    fn wait(&self, wait: &mut dyn FnMut()) -> Result<()> {
        wait();
        Ok(())
    }

    /// Called now and then on a thread that waits for its turn, inside of [`Host::wait`]. An error,
    /// or a panic, makes it give up. A [`Loan`] that is entered here takes the place of the turn.
    fn waiting(&self) -> Result<()> {
        Ok(())
    }

    /// Called when this thread must wait for a guest's thread to do something for it, which may
    /// run host functions meanwhile; see [`Loan`](crate::host::Loan). Runs `wait` once. A host with
    /// a global lock lets go of it around `wait`.
    fn wait_for_guest(&self, wait: &mut dyn FnMut()) {
        wait();
    }

    /// Called on the thread that runs a guest when the guest is about to do what may block, such as
    /// reading a file. A host with a global lock lets go of it until its own code runs again.
    fn block(&self) {}

    /// Whether SIGPIPE is to end the process when a guest writes to its own stdout or stderr and
    /// nobody reads that any more, as it ends other programs in a pipeline. If not, the guest is told
    /// by an error, and no signal is raised.
    fn ends_by_sigpipe(&self) -> bool {
        false
    }

    /// Called on the thread that runs a guest, about once a millisecond; `ticks` counts from 1 in
    /// each outermost call, so that a short call never gets past 1. An error ends the call.
    fn tick(&self, ticks: u32) -> Result<()> {
        let _ = ticks;
        Ok(())
    }
}

/// Puts the engine's handlers of signals in front again, if anybody else's are. That is done within a
/// millisecond of a guest's work anyway; a host that knows of a change calls this at once.
pub fn look_at_handlers() {
    handlers::look();
}

struct NoHost;

impl Host for NoHost {}

static HOST: OnceLock<&'static dyn Host> = OnceLock::new();

/// Makes what copies of this library in one process know each other by, so that they agree on whose signal
/// handler stands in front; a binding of which there can be several copies hands it from one to the next.
pub fn found_family() -> usize {
    handlers::found_family()
}

/// Lets this copy know the others.
///
/// # Safety
/// `family` is what [`found_family`] gave in this process, to whichever copy. This one is never unloaded.
pub unsafe fn join_family(family: usize) {
    // SAFETY: the caller's promise.
    unsafe { handlers::join_family(family) }
}

/// Installs the host's habits for this process. Only the first call has an effect.
pub fn install(host: &'static dyn Host) {
    let _ = HOST.set(host);
}

/// Has coroutines that share the native stack of a thread told apart by a function, which gives a number
/// for the one that runs: zero on a thread without any. Called on each thread that calls guests, so it
/// must be fast. A binding whose language has such coroutines installs it at load.
pub fn tell_coroutines_apart(current: fn() -> usize) {
    coroutine::tell_apart(current);
}

pub(crate) fn current() -> &'static dyn Host {
    HOST.get().copied().unwrap_or(&NoHost)
}

/// The error for a host that said it had waited, and had not.
#[cold]
pub(crate) fn did_not_wait() -> Error {
    Error::new(
        ErrorKind::Internal,
        "the host's function for waiting did not wait; it must run what it is given, or refuse",
    )
}

/// An error if this thread is to wait no longer: it was cancelled, or the host says so.
pub(crate) fn go_on_waiting() -> Result<()> {
    match cancel::is_wanted() {
        true => Err(cancel::error()),
        // Whoever waits here is noted in several places, which a panic would leave as they are.
        false => catch_unwind(|| current().waiting())
            .unwrap_or_else(|panic| Err(Error::from_panic(&*panic))),
    }
}

/// A function the host lends to guests. Its type is the one the module imports it with.
///
/// It runs on the thread and the native stack of the call that reached it, and may call back into
/// any instance of the same store. A panic is caught and becomes an error.
pub trait HostFunc: Send + Sync {
    /// Takes the arguments and gives as many results as `ty` says, each of its type.
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>>;

    /// The same for a signature of plain bits ([`FuncType::is_plain`]): `slots` holds the arguments
    /// and takes the results. Hosts that can skip [`Value`] implement it.
    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let args = slots.iter().zip(ty.params());
        let args = args
            .map(|(slot, ty)| slot.to_value(*ty))
            .collect::<Result<Vec<_>>>()?;
        let results = self.call(context, ty, &args)?;
        context.check_count(ty.results(), results.len())?;
        for (i, (result, ty)) in results.iter().zip(ty.results()).enumerate() {
            slots[i] = Slot::from_value(result, *ty, &|| context.result_place(i))?;
        }
        Ok(())
    }

    /// Asked when it is lent: an error if it cannot be called with this signature. `name` is what the
    /// module imports it by.
    fn check(&self, name: &str, ty: &FuncType) -> Result<()> {
        let _ = (name, ty);
        Ok(())
    }
}

impl<F> HostFunc for F
where
    F: Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync,
{
    fn call(&self, context: &HostContext<'_>, _: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        self(context, args)
    }
}

/// Where a host function was called from. Valid during that call only.
pub struct HostContext<'a> {
    pub(crate) store: &'a Store,
    pub(crate) name: &'a str,
}

impl HostContext<'_> {
    /// The store the guest runs in.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// The name the module imports the function by, such as `env.log`.
    pub fn name(&self) -> &str {
        self.name
    }

    /// An export of the instance that called, if a guest did.
    pub fn export(&self, name: &str) -> Option<Extern> {
        self.store.caller_export(name)
    }

    /// `result 1 of env.log`, for messages.
    pub fn result_place(&self, index: usize) -> String {
        format!("result {} of {}", index + 1, text::name(self.name))
    }

    /// Checks the number of results a host function gave.
    pub fn check_count(&self, expected: &[Type], given: usize) -> Result<()> {
        if expected.len() == given {
            return Ok(());
        }
        Err(Error::count(
            &format!("results of {}", text::name(self.name)),
            expected,
            given,
        ))
    }
}
