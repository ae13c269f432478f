//! The library's functions for descriptors and paths, with what is counted and noted around them.

use wasmtime::{Caller, Linker};
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};

use super::syscall::{
    Admission, ENTRY_BYTES, ITSELF, MOST_IN_CALL, Operand, Refusal, Syscall, at_once,
};
use super::transfer::{self, Move};
use super::{FAULT, MODULE, SUCCESS};
use crate::store::Data;

/// Bytes of random numbers that are made at once.
const RANDOM_BYTES: usize = 64 << 10;

/// Calls a function of the library's for a guest: its operands, then what is decided before and what
/// is seen to after.
macro_rules! run {
    ($guest:ident, $name:ident($($arg:expr),*), [$($operand:expr),*], $before:expr, $after:expr) => {{
        let mut call = Syscall::new(&mut $guest, stringify!($name))?;
        let operands = [$($operand),*];
        let admitted = call.check(&operands).and_then(|()| $before(&mut call));
        let bytes = match admitted {
            Ok(bytes) => bytes,
            Err(refusal) => return call.refuse(&operands, &refusal),
        };
        let state = &mut *call.state;
        state.library.set_hostcall_fuel(MOST_IN_CALL);
        // What traps may have been done.
        call.owner.get().meter().wrote(bytes);
        let errno = at_once(p1::$name(&mut state.library, &mut call.memory, $($arg),*))?;
        if errno != SUCCESS {
            return call.failed(&operands, errno, bytes);
        }
        match $after(&mut call) {
            Ok(()) => Ok(SUCCESS),
            Err(refusal) => call.refuse(&operands, &refusal),
        }
    }};
}

/// Adds a function of the library's with [`run`] around it.
macro_rules! wrap {
    (
        $linker:ident, $name:ident($($arg:ident: $Type:ty),*), [$($operand:expr),*],
        $before:expr, $after:expr
    ) => {
        let name = stringify!($name);
        $linker.func_wrap(MODULE, name, |mut guest: Caller<'_, Data>, $($arg: $Type),*| {
            run!(guest, $name($($arg),*), [$($operand),*], $before, $after)
        })?;
    };
}

/// Whatever is done, nothing is written.
fn nothing(_: &mut Syscall<'_>) -> Admission {
    Ok(0)
}

/// An entry of a folder is made.
fn entry(call: &mut Syscall<'_>) -> Admission {
    call.admit(ENTRY_BYTES)
}

fn done(_: &mut Syscall<'_>) -> Result<(), Refusal> {
    Ok(())
}

/// Adds the functions.
pub(super) fn add(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    descriptors(linker)?;
    transfers(linker)?;
    paths(linker)?;
    times(linker)?;
    linker.func_wrap(MODULE, "random_get", random)?;
    Ok(())
}

fn paths(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Operand::{Path, Text};
    wrap!(linker, path_create_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], entry, done);
    wrap!(linker, path_filestat_get(fd: i32, look: i32, at: i32, length: i32, out: i32),
    [Path(fd, at, length, look)], nothing, |call: &mut Syscall<'_>| {
        call.tell_times(out);
        Ok(())
    });
    wrap!(linker, path_link(
            fd: i32, look: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length, look), Path(to, to_at, to_length, ITSELF)], entry, done);
    wrap!(linker, path_open(
            fd: i32, look: i32, at: i32, length: i32, flags: i32, rights: i64, inherited: i64,
            fdflags: i32, out: i32),
        [Path(fd, at, length, look)],
        |call: &mut Syscall<'_>| call.before_open(fd, look, at, length, flags, out),
        |call: &mut Syscall<'_>| call.opened(fd, at, length, out));
    wrap!(linker, path_readlink(fd: i32, at: i32, length: i32, buffer: i32, size: i32, out: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    wrap!(linker, path_remove_directory(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    wrap!(linker, path_rename(fd: i32, at: i32, length: i32, to: i32, to_at: i32, to_length: i32),
        [Path(fd, at, length, ITSELF), Path(to, to_at, to_length, ITSELF)], nothing, done);
    wrap!(linker, path_symlink(at: i32, length: i32, fd: i32, link_at: i32, link_length: i32),
        [Text(at, length), Path(fd, link_at, link_length, ITSELF)], entry, done);
    wrap!(linker, path_unlink_file(fd: i32, at: i32, length: i32),
        [Path(fd, at, length, ITSELF)], nothing, done);
    Ok(())
}

fn descriptors(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    use Operand::{Fd, Number};
    wrap!(linker, fd_close(fd: i32), [Number(fd)], nothing, |call: &mut Syscall<'_>| {
        call.state.opened.close(fd as u32);
        call.tell_open();
        Ok(())
    });
    wrap!(linker, fd_renumber(from: i32, to: i32), [Number(from), Number(to)], nothing,
    |call: &mut Syscall<'_>| {
        call.state.opened.renumber(from as u32, to as u32);
        call.tell_open();
        Ok(())
    });
    wrap!(linker, fd_filestat_get(fd: i32, out: i32), [Fd(fd)], nothing, |call: &mut Syscall<'_>| {
        // Standard streams have no times.
        if call.state.opened.get(fd).is_some() {
            call.tell_times(out);
        }
        Ok(())
    });
    wrap!(linker, fd_filestat_set_size(fd: i32, size: i64), [Fd(fd)],
        |call: &mut Syscall<'_>| call.before_set_size(fd, size as u64), done);
    linker.func_wrap(MODULE, "fd_readdir", list)?;
    Ok(())
}

/// `fd_readdir`, in parts where that can be done.
fn list(
    mut guest: Caller<'_, Data>,
    fd: i32,
    buffer: i32,
    size: i32,
    cookie: i64,
    out: i32,
) -> wasmtime::Result<i32> {
    #[cfg(unix)]
    if guest
        .data_mut()
        .wasi()
        .opened
        .get(fd)
        .is_some_and(|it| it.is_dir)
    {
        return super::listing::read(&mut guest, (fd, buffer, size, cookie, out));
    }
    run!(
        guest,
        fd_readdir(fd, buffer, size, cookie, out),
        [Operand::Fd(fd)],
        nothing,
        done
    )
}

fn transfers(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_read",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, out: i32| {
            let asked = Move::new("fd_read", fd, (parts, count), None, out);
            transfer::read(&mut guest, asked)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, out: i32| {
            let asked = Move::new("fd_write", fd, (parts, count), None, out);
            transfer::write(&mut guest, asked)
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_pwrite",
        |mut guest: Caller<'_, Data>, fd: i32, parts: i32, count: i32, at: i64, out: i32| {
            let asked = Move::new("fd_pwrite", fd, (parts, count), Some(at as u64), out);
            transfer::write(&mut guest, asked)
        },
    )?;
    Ok(())
}

fn times(linker: &mut Linker<Data>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_filestat_set_times",
        |mut guest: Caller<'_, Data>, fd: i32, atim: i64, mtim: i64, flags: i32| {
            let call = Syscall::new(&mut guest, "fd_filestat_set_times")?;
            let ([atim, mtim], flags) = call.times([atim, mtim], flags);
            run!(
                guest,
                fd_filestat_set_times(fd, atim, mtim, flags),
                [Operand::Fd(fd)],
                nothing,
                done
            )
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_filestat_set_times",
        |mut guest: Caller<'_, Data>,
         fd: i32,
         look: i32,
         at: i32,
         length: i32,
         atim: i64,
         mtim: i64,
         flags: i32| {
            let call = Syscall::new(&mut guest, "path_filestat_set_times")?;
            let ([atim, mtim], flags) = call.times([atim, mtim], flags);
            run!(
                guest,
                path_filestat_set_times(fd, look, at, length, atim, mtim, flags),
                [Operand::Path(fd, at, length, look)],
                nothing,
                done
            )
        },
    )?;
    Ok(())
}

/// Makes random numbers in parts, so that a guest cannot make the host hold as many as it likes,
/// nor keep it from ticking.
fn random(mut guest: Caller<'_, Data>, at: i32, length: i32) -> wasmtime::Result<i32> {
    let (at, length) = (at as u32, length as u32);
    for from in (0..length).step_by(RANDOM_BYTES) {
        guest.data().inner().tick().map_err(wasmtime::Error::new)?;
        let call = Syscall::new(&mut guest, "random_get")?;
        let Syscall {
            mut memory, state, ..
        } = call;
        let part = (length - from).min(RANDOM_BYTES as u32);
        let Some(start) = at.checked_add(from) else {
            return Ok(FAULT);
        };
        let errno = p1::random_get(&mut state.library, &mut memory, start as i32, part as i32)?;
        if errno != SUCCESS {
            return Ok(errno);
        }
    }
    Ok(SUCCESS)
}
