//! Sandboxes
//!
//! A sandbox says what the guests of a store may touch, how much they may use, and where their standard
//! streams go. A module of WASI preview 1 needs nothing else: it can import the functions of WASI, which do as much
//! as the policy grants. If you define an import of the same name, yours counts.

use std::mem::offset_of;

use landbridge::{Policy, Result, Sandbox, Stdio, Store};

use crate::engine::chosen;
use crate::error::{Owned, lb_error_t};
use crate::guard::guard_new;
use crate::handle::{
    lb_engine_t, lb_imports_t, lb_instance_t, lb_module_t, lb_policy_t, lb_store_t,
};
use crate::imports::lent;
use crate::instance::Live;
use crate::limits::lb_limits_t;
use crate::noun::Noun;
use crate::out::Out;
use crate::policy::now;
use crate::stdio::{lb_input_t, lb_output_t};
use crate::versioned::Versioned;

/// What guests of a store may do. Begin with LB_SANDBOX, which grants nothing, limits nothing and discards
/// output, and change what you like:
///
///     lb_sandbox_t sandbox = LB_SANDBOX;
///     sandbox.limits = &limits;
///     sandbox.out.to = LB_STREAM_CAPTURE;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_sandbox_t {
    /// sizeof(lb_sandbox_t), by which the library knows what the program knew.
    pub size: usize,
    /// What guests may touch, as it is now; the handle 0 grants nothing. It stays the caller's.
    pub policy: lb_policy_t,
    /// How much they may use, or NULL.
    pub limits: *const lb_limits_t,
    /// Their stdin.
    pub r#in: lb_input_t,
    /// Their stdout.
    pub out: lb_output_t,
    /// Their stderr.
    pub err: lb_output_t,
    /// Where lines about what WASI refused them go, each such as
    ///
    ///     refused: path_open "../x" below "/data": not permitted
    ///
    /// Inherited means the process's stderr. They are not counted as output; after 10,000 lines a
    /// store tells no more. What a guest chose in them has no control characters.
    pub refusals: lb_output_t,
}

// SAFETY: it begins with its size; zeros are no policy, no limits and no streams.
unsafe impl Versioned for lb_sandbox_t {
    const NAME: &'static str = "lb_sandbox_t";
    const START: &'static str = "LB_SANDBOX";
    const SIZES: &'static [usize] = &[
        offset_of!(lb_sandbox_t, refusals),
        size_of::<lb_sandbox_t>(),
    ];
}

/// What the program handed over with a sandbox: the data of its outputs.
pub(crate) struct Handed([Owned; 3]);

impl Handed {
    /// # Safety
    /// `sandbox` is NULL or leads to the struct, of as many bytes as it says.
    pub(crate) unsafe fn take(sandbox: *const lb_sandbox_t) -> Handed {
        // SAFETY: the caller's promise. What is of no known version is left to `read` to refuse.
        let given = (!sandbox.is_null()).then(|| unsafe { lb_sandbox_t::copy(sandbox) }.ok());
        let owned = |it: lb_sandbox_t| [it.out.owned(), it.err.owned(), it.refusals.owned()];
        Handed(given.flatten().map_or([Owned::NONE; 3], owned))
    }

    /// # Safety
    /// As [`Handed::take`] with the same sandbox, whose members are NULL or what the header asks for.
    pub(crate) unsafe fn read(self, sandbox: *const lb_sandbox_t) -> Result<Sandbox> {
        // SAFETY: the caller's promise is ours.
        unsafe { self.read_or(sandbox, Policy::none) }
    }

    /// The same with another policy where none is given.
    ///
    /// # Safety
    /// As [`Handed::read`].
    pub(crate) unsafe fn read_or(
        self,
        sandbox: *const lb_sandbox_t,
        usual: fn() -> Policy,
    ) -> Result<Sandbox> {
        if sandbox.is_null() {
            return Ok(Sandbox::default());
        }
        // SAFETY: it is not NULL, and the caller promises the rest.
        unsafe {
            let given = lb_sandbox_t::copy(sandbox)?;
            let [out, err, refusals] = self.0;
            Ok(Sandbox {
                policy: match given.policy.id {
                    0 => usual(),
                    _ => now(given.policy)?,
                },
                limits: lb_limits_t::read(given.limits)?,
                stdio: Stdio {
                    stdin: given.r#in.read()?,
                    stdout: given.out.read(out, "out")?,
                    stderr: given.err.read(err, "err")?,
                    refusals: given.refusals.read(refusals, "refusals")?,
                },
            })
        }
    }
}

/// Makes an empty store with a sandbox. engine and sandbox may be NULL. The caller closes or
/// releases it.
///
/// Errors: as lb_store_new(); LB_KIND_TYPE for a wrong number, or NULL where something is needed;
/// LB_KIND_UNSUPPORTED for a timeout if the engine is not interruptible; LB_KIND_CLOSED if the policy
/// was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_store_new_with(
    engine: *const lb_engine_t,
    sandbox: *const lb_sandbox_t,
    store: Out<lb_store_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        let handed = Handed::take(sandbox);
        guard_new(store, || {
            let sandbox = handed.read(sandbox)?;
            Store::with(&chosen(engine)?, &sandbox)
        })
    }
}

/// Makes an instance of a module, in a store of its own with a sandbox, and runs its start function,
/// for which the sandbox holds too. imports and sandbox may be NULL. The caller closes or releases it.
///
/// Errors: as lb_instance_new() and lb_store_new_with(), those of the limits, and LB_KIND_IO for a file
/// or folder that cannot be opened.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_instance_new_with(
    module: lb_module_t,
    imports: *const lb_imports_t,
    sandbox: *const lb_sandbox_t,
    instance: Out<lb_instance_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        let handed = Handed::take(sandbox);
        guard_new(instance, || {
            let sandbox = handed.read(sandbox)?;
            let loaded = module.get()?;
            let made = loaded.module.instantiate_with(&lent(imports)?, &sandbox)?;
            Ok(Live::new(made, loaded))
        })
    }
}
