//! Reading and writing in parts, so that a guest that moves a lot at once is still ended in time.
//!
//! The library moves the first part of a guest's list that is not empty, in one go. So the list is
//! changed to say less while it does; nobody else sees the guest's memory meanwhile.

use wasmtime::Caller;
use wasmtime_wasi::p1::types::{Errno, Fdflags};
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as p1, WasiSnapshotPreview1};
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

use super::syscall::{Admission, MOST_IN_CALL, Operand, Syscall, at_once};
use super::{INVAL, SUCCESS};
use crate::store::Data;

/// Bytes that are moved between two looks at whether the call is over: of files, and of streams,
/// which may have a function of the host behind them.
const FILE_PART: u32 = 1 << 20;
const STREAM_PART: u32 = 64 << 10;

/// A call that moves bytes, as the guest made it.
#[derive(Clone, Copy)]
pub(super) struct Move {
    name: &'static str,
    fd: i32,
    /// The list of parts: where it is, and how many there are.
    parts: i32,
    count: i32,
    /// Where in the file; none for where it stands.
    offset: Option<u64>,
    /// Where the guest wants to know how much was moved.
    out: i32,
}

impl Move {
    pub(super) fn new(
        name: &'static str,
        fd: i32,
        (parts, count): (i32, i32),
        offset: Option<u64>,
        out: i32,
    ) -> Move {
        Move {
            name,
            fd,
            parts,
            count,
            offset,
            out,
        }
    }
}

/// The part that is moved: where the list has it, where it is, and its length.
#[derive(Clone, Copy)]
struct Part {
    listed: u32,
    at: u32,
    length: u32,
}

/// `fd_read`. What `fd_pread` reads the library bounds itself, and a stream gives what it has: asked
/// once more it would wait.
pub(super) fn read(guest: &mut Caller<'_, Data>, it: Move) -> wasmtime::Result<i32> {
    let call = Syscall::new(guest, it.name)?;
    let is_file = call.state.opened.get(it.fd).is_some();
    let part = call.part(it).filter(|_| is_file);
    in_parts(guest, it, part, |call, it| {
        let (library, memory) = (&mut call.state.library, &mut call.memory);
        let work = p1::fd_read(library, memory, it.fd, it.parts, it.count, it.out);
        at_once(work)
    })
}

pub(super) fn write(guest: &mut Caller<'_, Data>, it: Move) -> wasmtime::Result<i32> {
    if let Some(errno) = to_stream(guest, it)? {
        return Ok(errno);
    }
    let operands = [Operand::Fd(it.fd)];
    let mut call = Syscall::new(guest, it.name)?;
    let part = call.part(it);
    let admitted = call.check(&operands);
    let counted = match admitted.and_then(|()| call.before_write(it, part)) {
        Ok(counted) => counted,
        Err(refusal) => return call.refuse(&operands, &refusal),
    };
    // What traps may have been done.
    call.inner().meter().wrote(counted);
    let errno = in_parts(guest, it, part, |call, it| {
        let (library, memory) = (&mut call.state.library, &mut call.memory);
        match it.offset {
            None => at_once(p1::fd_write(
                library, memory, it.fd, it.parts, it.count, it.out,
            )),
            Some(at) => {
                let work = p1::fd_pwrite(
                    library, memory, it.fd, it.parts, it.count, at as i64, it.out,
                );
                at_once(work)
            }
        }
    })?;
    let call = Syscall::new(guest, it.name)?;
    let not_done = match errno {
        SUCCESS => part.map_or(0, |part| {
            part.length.saturating_sub(call.number(it.out).unwrap_or(0))
        }),
        _ => return call.failed(&operands, errno, counted),
    };
    call.inner()
        .meter()
        .did_not_write(counted.min(not_done.into()));
    Ok(SUCCESS)
}

/// Writes to a stream, past the library, which would copy each 4 KiB by itself and not say how much
/// was written. None if it is no stream, or if the library is to say what is wrong with the call.
fn to_stream(guest: &mut Caller<'_, Data>, it: Move) -> wasmtime::Result<Option<i32>> {
    let call = Syscall::new(guest, it.name)?;
    let sink = call.state.opened.stream(it.fd as u32);
    let sink = sink.and_then(|stream| stream.sink(call.inner()));
    let part = call.part(it).filter(|part| {
        let length = part.length as usize;
        let bytes = call.bytes(part.at as i32, part.length as i32);
        let is_aligned = it.parts % 4 == 0 && it.out % 4 == 0;
        let is_bounded = length <= MOST_IN_CALL && it.count as u32 as usize <= MOST_IN_CALL / 8;
        is_aligned && is_bounded && bytes.len() == length
    });
    let part = part.filter(|_| it.offset.is_none() && call.number(it.out).is_some());
    let (Some(sink), Some(part)) = (sink.cloned(), part) else {
        return Ok(None);
    };
    let mut done = 0;
    while done < part.length {
        if done > 0 {
            guest.data().inner().tick().map_err(wasmtime::Error::new)?;
        }
        let call = Syscall::new(guest, it.name)?;
        let piece = STREAM_PART.min(part.length - done);
        let bytes = call.bytes((part.at + done) as i32, piece as i32).to_vec();
        let written = call.inner().write(&sink, &bytes);
        match written.map_err(wasmtime::Error::new)? {
            Ok(count) => done += count as u32,
            Err(error) if done == 0 => return Ok(Some(errno(error))),
            // The next call will be told.
            Err(_) => break,
        }
    }
    let mut call = Syscall::new(guest, it.name)?;
    call.put_number(it.out, done)?;
    Ok(Some(SUCCESS))
}

/// The number of WASI's for an error of the system's.
fn errno(error: std::io::Error) -> i32 {
    Errno::from(ErrorCode::from(error)) as i32
}

/// Moves a part piece by piece. What was moved before something failed counts as all.
fn in_parts(
    guest: &mut Caller<'_, Data>,
    it: Move,
    part: Option<Part>,
    mut once: impl FnMut(&mut Syscall<'_>, Move) -> wasmtime::Result<i32>,
) -> wasmtime::Result<i32> {
    let mut call = Syscall::new(guest, it.name)?;
    call.state.library.set_hostcall_fuel(MOST_IN_CALL);
    let most = match call.state.opened.get(it.fd) {
        Some(_) => FILE_PART,
        None => STREAM_PART,
    };
    // What is too much for any call the library refuses, as it does what is not all there.
    let long = part.filter(|part| {
        let length = part.length as usize;
        let bytes = call.bytes(part.at as i32, part.length as i32);
        part.length > most && length <= MOST_IN_CALL && bytes.len() == length
    });
    let Some(part) = long else {
        return once(&mut call, it);
    };
    if part.meets(part.listed, 8) || part.meets(it.out as u32, 4) {
        return Ok(INVAL);
    }
    let mut done = 0;
    let ended = loop {
        let mut call = Syscall::new(guest, it.name)?;
        call.state.library.set_hostcall_fuel(MOST_IN_CALL);
        let piece = most.min(part.length - done);
        call.put_number(part.listed as i32, part.at + done)?;
        call.put_number(part.listed as i32 + 4, piece)?;
        let offset = it.offset.map(|at| at.wrapping_add(done.into()));
        let ended = once(&mut call, Move { offset, ..it });
        if !matches!(ended, Ok(SUCCESS)) {
            break ended;
        }
        let moved = call.number(it.out).unwrap_or(0);
        done += moved;
        if moved < piece || done == part.length {
            break Ok(SUCCESS);
        }
        if let Err(over) = guest.data().inner().tick() {
            break Err(wasmtime::Error::new(over));
        }
    };
    let mut call = Syscall::new(guest, it.name)?;
    call.put_number(part.listed as i32, part.at)?;
    call.put_number(part.listed as i32 + 4, part.length)?;
    match ended {
        Ok(errno) if errno != SUCCESS && done == 0 => Ok(errno),
        Ok(_) => {
            call.put_number(it.out, done)?;
            Ok(SUCCESS)
        }
        Err(error) => Err(error),
    }
}

impl Part {
    /// Whether other bytes are among those that are moved.
    fn meets(self, at: u32, length: u32) -> bool {
        let (at, start) = (u64::from(at), u64::from(self.at));
        at < start + u64::from(self.length) && start < at + u64::from(length)
    }
}

impl Syscall<'_> {
    /// The first part that is not empty.
    fn part(&self, it: Move) -> Option<Part> {
        // More parts than that the library refuses.
        let count = (it.count as u32).min(MOST_IN_CALL as u32 / 8);
        let mut all = (0..count).map_while(|i| {
            let listed = (it.parts as u32).checked_add(i.checked_mul(8)?)?;
            Some(Part {
                listed,
                at: self.number(listed as i32)?,
                length: self.number(listed.checked_add(4)? as i32)?,
            })
        });
        all.find(|part| part.length > 0)
    }

    /// What is written counts, and what lies between the end of the file and it.
    fn before_write(&mut self, it: Move, part: Option<Part>) -> Admission {
        match (self.file_bytes(it.fd), part) {
            (Some(size), Some(part)) => {
                let gap = self.gap(it, size);
                self.admit(gap.saturating_add(part.length.into()))
            }
            _ => Ok(0),
        }
    }

    /// Bytes between the end of a file and where it is written. Where it stands may be past the end
    /// at any time: another descriptor can have made the file shorter.
    fn gap(&mut self, it: Move, size: u64) -> u64 {
        let library = &mut self.state.library;
        let fd = (it.fd as u32).into();
        let offset = it
            .offset
            .or_else(|| library.fd_tell(&mut self.memory, fd).ok());
        match offset.unwrap_or(0).saturating_sub(size) {
            0 => 0,
            gap => {
                let stat = at_once(library.fd_fdstat_get(&mut self.memory, fd));
                let appends = stat.is_ok_and(|it| it.fs_flags.contains(Fdflags::APPEND));
                if appends { 0 } else { gap }
            }
        }
    }
}
