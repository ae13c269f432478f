//! Programs
//!
//! A program of WASI, run from its start to its end:
//!
//!     const char *args[] = { "--verbose", "in.txt" };
//!     int32_t exit_code;
//!     lb_error_t *err = lb_run(NULL, "app.wasm", args, 2, NULL, &exit_code);

use std::ffi::c_char;

use landbridge::{Policy, Program, Result, Sandbox};

use crate::engine::chosen;
use crate::error::lb_error_t;
use crate::guard::guard_out;
use crate::handle::lb_engine_t;
use crate::out::Out;
use crate::read::{array, path_of, text};
use crate::sandbox::{Handed, lb_sandbox_t};

/// Runs a program, as `docker run` would, and gives its exit code, 0 if it just ends. It has the process's
/// own streams, nargs arguments (the file's name comes before them), the real clock and secure random
/// numbers, and nothing else.
///
/// sandbox may be NULL, or says what it has instead: begin with LB_PROGRAM, which has the streams. If its
/// policy is the handle 0 there are the clock and the random numbers still. If nargs is 0 the arguments of
/// the policy stay, if it has any. engine may be NULL.
///
/// Errors: LB_KIND_NOT_FOUND if the module is no program, else as lb_module_load_file(),
/// lb_instance_new_with() and lb_instance_run(). An exit code is no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_run(
    engine: *const lb_engine_t,
    path: *const c_char,
    args: *const *const c_char,
    nargs: usize,
    sandbox: *const lb_sandbox_t,
    exit_code: Out<i32>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        let handed = Handed::take(sandbox);
        guard_out(exit_code, 0, || {
            let sandbox = match sandbox.is_null() {
                true => Sandbox::program(),
                false => handed.read_or(sandbox, Policy::program)?,
            };
            let args = array(args, nargs, "args")?.iter();
            let args = args.map(|arg| text(*arg, "an argument"));
            let args = args.collect::<Result<Vec<_>>>()?;
            let program = Program::load_with_engine(&chosen(engine)?, path_of(path)?)?;
            program.run_with(args, &sandbox)
        })
    }
}
