//! The descriptors that a guest has: those that lead into granted folders, and the standard streams.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use wasmtime_wasi::WasiView;
use wasmtime_wasi::filesystem;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wiggle::GuestMemory;

use super::kernel::Home;
#[cfg(unix)]
use super::listing::Listing;
use super::streams::Stream;
use super::syscall::at_once;

/// All of them, by their numbers.
pub(super) struct Opened {
    files: BTreeMap<u32, Descriptor>,
    streams: BTreeMap<u32, Stream>,
}

pub(super) struct Descriptor {
    /// As it is told in refusals; empty for what the guest opened while nobody wants to know.
    pub(super) name: String,
    is_granted: bool,
    /// What is open, which the library has too.
    pub(super) file: Arc<File>,
    pub(super) is_dir: bool,
    /// Of the granted folder it is in.
    pub(super) home: Home,
    /// How far a folder was read.
    #[cfg(unix)]
    pub(super) listing: Option<Listing>,
}

impl Descriptor {
    /// What was opened below a folder.
    pub(super) fn below(name: String, home: Home, found: Found) -> Descriptor {
        Descriptor {
            name,
            is_granted: false,
            file: found.file,
            is_dir: found.is_dir,
            home,
            #[cfg(unix)]
            listing: None,
        }
    }

    fn granted(name: String, found: Found) -> Descriptor {
        let home = Home::of(&found.file);
        Descriptor {
            is_granted: true,
            ..Descriptor::below(name, home, found)
        }
    }
}

impl Opened {
    /// The granted folders, which the library has numbered in this order.
    pub(super) fn new(library: &mut WasiP1Ctx, names: Vec<String>) -> Opened {
        // The library numbers them when it is first asked for any descriptor, there or not.
        let mut nothing = GuestMemory::Unshared(&mut []);
        drop(library.fd_tell(&mut nothing, u32::MAX.into()));
        let table = library.ctx().table;
        let found = table.iter_mut().filter_map(|it| Found::new(it));
        let all = names.into_iter().zip(found);
        let all = all.map(|(name, found)| Descriptor::granted(name, found));
        Opened {
            files: (3..).zip(all).collect(),
            streams: (0..).zip(Stream::ALL).collect(),
        }
    }

    pub(super) fn stream(&self, fd: u32) -> Option<Stream> {
        self.streams.get(&fd).copied()
    }

    pub(super) fn get(&self, fd: i32) -> Option<&Descriptor> {
        self.files.get(&(fd as u32))
    }

    pub(super) fn get_mut(&mut self, fd: i32) -> Option<&mut Descriptor> {
        self.files.get_mut(&(fd as u32))
    }

    pub(super) fn count(&self) -> u64 {
        self.files.values().filter(|it| !it.is_granted).count() as u64
    }

    pub(super) fn insert(&mut self, fd: u32, opened: Descriptor) {
        self.files.insert(fd, opened);
    }

    pub(super) fn close(&mut self, fd: u32) {
        self.files.remove(&fd);
        self.streams.remove(&fd);
    }

    pub(super) fn renumber(&mut self, from: u32, to: u32) {
        if from != to {
            self.close(to);
            let file = self.files.remove(&from);
            self.files.extend(file.map(|it| (to, it)));
            let stream = self.streams.remove(&from);
            self.streams.extend(stream.map(|it| (to, it)));
        }
    }
}

/// What the library's table holds for a descriptor.
pub(super) struct Found {
    pub(super) file: Arc<File>,
    is_dir: bool,
}

impl Found {
    fn new(entry: &dyn std::any::Any) -> Option<Found> {
        let (file, is_dir) = match entry.downcast_ref()? {
            filesystem::Descriptor::File(it) => (&it.file, false),
            filesystem::Descriptor::Dir(it) => (&it.dir, true),
        };
        let file = file.clone();
        Some(Found { file, is_dir })
    }

    /// What is at a place of the table.
    pub(super) fn at(library: &mut WasiP1Ctx, place: u32) -> Option<Found> {
        let entry = library.ctx().table.get_any_mut(place).ok()?;
        Found::new(entry)
    }
}

/// The place that the library's table has for what is put into it next.
pub(super) fn next_place(library: &mut WasiP1Ctx) -> Option<u32> {
    let table = library.ctx().table;
    let probe = table.push(()).ok()?;
    let place = probe.rep();
    table.delete(probe).ok()?;
    Some(place)
}

/// Closes a descriptor of the library's.
pub(super) fn close(library: &mut WasiP1Ctx, fd: u32) {
    let mut nothing = GuestMemory::Unshared(&mut []);
    drop(at_once(library.fd_close(&mut nothing, fd.into())));
}
