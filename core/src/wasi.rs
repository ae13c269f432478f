//! WASI preview 1: how guests see a store's policy and streams.
//!
//! The functions are those of `wasmtime-wasi`. What is done here: what the policy does not grant is
//! refused, waiting ends with the call it belongs to, output passes the host's hands, and what
//! guests write and open is counted.

mod calls;
mod clock;
pub(crate) mod descriptor;
mod folder;
mod kernel;
#[cfg(unix)]
mod listing;
mod open;
mod opened;
mod refusals;
pub(crate) mod stdio;
mod streams;
mod syscall;
mod times;
mod transfer;
mod wait;

use wasmtime::{Caller, Extern, Linker};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p1::add_to_linker_sync;

pub(crate) use open::State;

use crate::policy::{Clock, Policy, Random};
use crate::store::{Context, Data};
use crate::{ImportType, Result};

/// The name that modules import WASI preview 1 by.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// The names of its functions, for messages about ones that are not there.
pub(crate) const FUNCTIONS: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_renumber",
    "fd_seek",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "proc_raise",
    "random_get",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

/// Whether every store provides this import by itself: a host need not look for it among its own.
pub fn is_provided(module: &str, name: &str) -> bool {
    module == MODULE && FUNCTIONS.contains(&name)
}

/// Error numbers of WASI.
const SUCCESS: i32 = 0;
const ACCES: i32 = 2;
const BADF: i32 = 8;
const FAULT: i32 = 21;
const INVAL: i32 = 28;
#[cfg(unix)]
const IO: i32 = 29;
const MFILE: i32 = 33;
const NAMETOOLONG: i32 = 37;
const NOSPC: i32 = 51;
const PERM: i32 = 63;
const ROFS: i32 = 69;
const NOTCAPABLE: i32 = 76;

/// All functions, for stores of one engine.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Data>> {
    let mut linker = Linker::new(engine);
    add_to_linker_sync(&mut linker, |data: &mut Data| &mut data.wasi().library)?;
    linker.allow_shadowing(true);
    calls::add(&mut linker)?;
    linker.func_wrap(MODULE, "poll_oneoff", wait::poll)?;
    linker.func_wrap(MODULE, "proc_exit", exit)?;
    Ok(linker)
}

/// Ends the guest, with any code: the library's own has none above 125.
fn exit(code: i32) -> wasmtime::Result<()> {
    Err(wasmtime::Error::new(I32Exit(code)))
}

/// The function of WASI that an import asks for; none if there is none of its name.
pub(crate) fn provide(ctx: &mut Context<'_>, import: &ImportType) -> Result<Option<Extern>> {
    let inner = ctx.store().inner();
    if import.module != MODULE {
        return Ok(None);
    }
    if ctx.engine.data().wasi.is_none() {
        let made = State::new(inner)?;
        ctx.engine.data_mut().wasi = Some(Box::new(made));
    }
    if is_denied(inner.policy(), &import.name) {
        return Ok(refusal(ctx, &import.name));
    }
    let linker = inner.variant()?.wasi()?;
    Ok(linker.get(&mut ctx.engine, MODULE, &import.name).ok())
}

/// Whether the policy does not grant what a function is for.
fn is_denied(policy: &Policy, name: &str) -> bool {
    match name {
        "clock_time_get" | "clock_res_get" => policy.clock() == Clock::None,
        "random_get" => policy.random() == Random::None,
        _ => false,
    }
}

/// A function that answers as WASI has it for what is not permitted.
fn refusal(ctx: &mut Context<'_>, name: &str) -> Option<Extern> {
    type Guest<'a> = Caller<'a, Data>;
    let store = &mut ctx.engine;
    let func = match name {
        "clock_time_get" => {
            wasmtime::Func::wrap(store, |guest: Guest<'_>, _: i32, _: i64, _: i32| {
                deny(&guest, "clock_time_get", NO_CLOCK)
            })
        }
        "clock_res_get" => wasmtime::Func::wrap(store, |guest: Guest<'_>, _: i32, _: i32| {
            deny(&guest, "clock_res_get", NO_CLOCK)
        }),
        _ => wasmtime::Func::wrap(store, |guest: Guest<'_>, _: i32, _: i32| {
            deny(&guest, "random_get", "the policy grants no random numbers")
        }),
    };
    Some(func.into())
}

const NO_CLOCK: &str = "the policy grants no clock";

fn deny(guest: &Caller<'_, Data>, name: &str, why: &str) -> wasmtime::Result<i32> {
    let noted = guest.data().inner().refuse(|| format!("{name}: {why}"));
    noted.map_err(wasmtime::Error::new)?;
    Ok(NOTCAPABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_functions_are_known_by_name() {
        let engine = crate::Engine::shared().unwrap();
        let store = crate::Store::new(&engine).unwrap();
        let names = store.enter(|ctx| {
            let linker = ctx.store().inner().variant()?.wasi()?;
            let found = linker.iter(&mut ctx.engine);
            let mut names: Vec<String> = found.map(|(_, name, _)| name.to_owned()).collect();
            names.sort();
            Ok(names)
        });
        assert_eq!(names.unwrap(), FUNCTIONS);
    }
}
