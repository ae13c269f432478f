//! Memory: the guest's linear memory, copied in and out or viewed in place.

mod apart;
mod text;

use std::fmt;
use std::sync::Arc;

use crate::handle::InStore;
use crate::limits::Stuck;
use crate::store::{Context, Pin};
use crate::{Error, ErrorKind, MemoryType, Result, Store, messages, reservation};

/// A linear memory in a store. Cheap to clone. Offsets and lengths are in bytes.
#[derive(Clone)]
pub struct Memory {
    pub(crate) store: Store,
    pub(crate) memory: wasmtime::Memory,
}

// SAFETY: a memory has one store, always the same.
unsafe impl InStore for Memory {
    fn store(&self) -> &Store {
        &self.store
    }
}

impl Memory {
    /// Makes a memory that can be provided to modules in this store.
    ///
    /// # Errors
    /// `limit` if the type is impossible or there is no room, `unsupported` for pages of one byte
    /// without the engine's option, `closed`.
    pub fn new(store: &Store, ty: &MemoryType) -> Result<Memory> {
        let limit = |e| Error::from_engine(e, ErrorKind::Limit);
        let mut builder = wasmtime::MemoryTypeBuilder::new();
        builder.min(ty.min).max(ty.max).memory64(ty.is_64);
        match ty.page_bytes {
            1 if store.engine().options().custom_page_sizes => drop(builder.page_size_log2(0)),
            1 => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "pages of one byte need the engine's option custom_page_sizes",
                ));
            }
            65536 => {}
            other => {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!("a page of a memory has 1 or 65536 bytes, not {other}"),
                ));
            }
        }
        let large = ty.is_64 && ty.may_exceed(reservation::USUAL_BYTES);
        let made = builder.build().map_err(limit)?;
        if large {
            store.enlarge()?;
        }
        if store.inner().is_reserved_apart() {
            return Memory::new_apart(store, ty);
        }
        let ty = made;
        store.enter(|ctx| {
            store.count_made()?;
            let make = || wasmtime::Memory::new(&mut ctx.engine, ty);
            let made = || make().map_err(|e| reservation::explained(limit(e)));
            let memory = store.metered(made)?;
            Ok(Memory {
                store: store.clone(),
                memory,
            })
        })
    }

    /// The store it lives in.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The type it was made with.
    ///
    /// # Errors
    /// `closed`.
    pub fn ty(&self) -> Result<MemoryType> {
        self.store
            .enter(|ctx| Ok(MemoryType::of(&self.memory.ty(&ctx.engine))))
    }

    /// Its size now, in bytes.
    ///
    /// # Errors
    /// `closed`.
    pub fn size_bytes(&self) -> Result<usize> {
        self.store
            .enter(|ctx| Ok(self.memory.data_size(&ctx.engine)))
    }

    /// Its size now, in pages.
    ///
    /// # Errors
    /// `closed`.
    pub fn size_pages(&self) -> Result<u64> {
        self.store.enter(|ctx| Ok(self.memory.size(&ctx.engine)))
    }

    /// Grows it and returns the former size in pages. Views that exist stay valid and keep their
    /// length.
    ///
    /// # Errors
    /// `memory_limit` if it cannot become that large, `closed`.
    pub fn grow(&self, delta_pages: u64) -> Result<u64> {
        let meter = self.store.inner().meter();
        self.store.enter(|ctx| {
            meter.take_stuck();
            let grown = self.store.metered(|| {
                let grown = self.memory.grow(&mut ctx.engine, delta_pages);
                grown.map_err(|e| Error::from_engine(e, ErrorKind::MemoryLimit))
            });
            grown.map_err(|error| {
                let why = meter.take_stuck().map(|stuck| self.told(ctx, stuck));
                let why = why.unwrap_or_else(|| error.message().to_owned());
                let text = format!("the memory cannot grow by {delta_pages} pages: {why}");
                Error::new(ErrorKind::MemoryLimit, text)
            })
        })
    }

    /// Why it did not grow.
    fn told(&self, ctx: &Context<'_>, stuck: Stuck) -> String {
        match stuck {
            Stuck::Maximum(bytes) => {
                let pages = bytes / self.memory.page_size(&ctx.engine).max(1);
                format!("its maximum is {pages} pages")
            }
            Stuck::Reservation(bytes) => {
                let is_64 = self.memory.ty(&ctx.engine).is_64();
                let first = match is_64 && self.store.engine().can_enlarge() {
                    true => ", or make it the first in its store",
                    false => "",
                };
                format!(
                    "its address space ends at {bytes} bytes; give the engine a larger \
                     memory_reservation_bytes{first}"
                )
            }
            Stuck::System(why) => why,
        }
    }

    /// Copies bytes out.
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn read_into(&self, offset: u64, bytes: &mut [u8]) -> Result<()> {
        self.store.enter(|ctx| {
            let data = self.memory.data(&ctx.engine);
            bytes.copy_from_slice(&data[range(offset, bytes.len(), data.len())?]);
            Ok(())
        })
    }

    /// Copies bytes out into a new vector.
    ///
    /// # Errors
    /// `out_of_bounds`, `limit` if the host has no room for them, `closed`.
    pub fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        self.with_bytes(offset, length, text::copy)?
    }

    /// Runs `what` with a range of bytes, which it borrows while it runs; no copy is made. The store
    /// cannot be entered meanwhile: `what` gets `busy` if it tries. It may run on another thread
    /// while this one waits, see [`Loan`](crate::host::Loan).
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn with_bytes<R: Send>(
        &self,
        offset: u64,
        length: usize,
        what: impl FnOnce(&[u8]) -> R + Send,
    ) -> Result<R> {
        // SAFETY: what is `Send` may run on another thread.
        unsafe { self.lend_bytes(offset, length, what) }
    }

    /// [`Memory::with_bytes`] for closures that are not `Send`.
    ///
    /// # Safety
    /// If this thread has entered a [`Loan`](crate::host::Loan), `what` may run on the guest's thread
    /// while this one waits: it must be able to, and so must its result.
    ///
    /// # Errors
    /// As [`Memory::with_bytes`].
    pub unsafe fn lend_bytes<R>(
        &self,
        offset: u64,
        length: usize,
        what: impl FnOnce(&[u8]) -> R,
    ) -> Result<R> {
        self.store.enter(|ctx| {
            let _shut = self.store.shut();
            // Dropped before the store is open again.
            let what = what;
            let data = self.memory.data(&ctx.engine);
            Ok(what(&data[range(offset, length, data.len())?]))
        })
    }

    /// Copies bytes in.
    ///
    /// # Errors
    /// `out_of_bounds` (nothing is written then), `closed`.
    pub fn write(&self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.with_bytes_mut(offset, bytes.len(), |data| data.copy_from_slice(bytes))
    }

    /// Runs `what` with a range of bytes that it may write to while it runs. The store cannot be
    /// entered meanwhile: `what` gets `busy` if it tries, and it may run on another thread, as in
    /// [`Memory::with_bytes`].
    ///
    /// # Errors
    /// `out_of_bounds`, `closed`.
    pub fn with_bytes_mut<R: Send>(
        &self,
        offset: u64,
        length: usize,
        what: impl FnOnce(&mut [u8]) -> R + Send,
    ) -> Result<R> {
        // SAFETY: what is `Send` may run on another thread.
        unsafe { self.lend_bytes_mut(offset, length, what) }
    }

    /// [`Memory::with_bytes_mut`] for closures that are not `Send`.
    ///
    /// # Safety
    /// As of [`Memory::lend_bytes`].
    ///
    /// # Errors
    /// As [`Memory::with_bytes_mut`].
    pub unsafe fn lend_bytes_mut<R>(
        &self,
        offset: u64,
        length: usize,
        what: impl FnOnce(&mut [u8]) -> R,
    ) -> Result<R> {
        self.store.enter(|ctx| {
            let _shut = self.store.shut();
            // Dropped before the store is open again.
            let what = what;
            let data = self.memory.data_mut(&mut ctx.engine);
            let range = range(offset, length, data.len())?;
            Ok(what(&mut data[range]))
        })
    }

    /// A view of all its bytes in place. It stays valid when the memory grows (then it shows the
    /// first part) and when the store is closed (the memory is freed after the last view).
    ///
    /// # Errors
    /// `closed`.
    pub fn view(&self) -> Result<MemoryView> {
        self.store.enter(|ctx| {
            Ok(MemoryView {
                data: self.memory.data_ptr(&ctx.engine),
                length: self.memory.data_size(&ctx.engine),
                pin: Arc::new(self.store.pin()),
            })
        })
    }
}

/// The checked range of an access.
fn range(offset: u64, length: usize, size: usize) -> Result<std::ops::Range<usize>> {
    let start = usize::try_from(offset).ok();
    match start.and_then(|start| Some(start..start.checked_add(length)?)) {
        Some(range) if range.end <= size => Ok(range),
        // A host's signed number, which a pointer became.
        _ if offset > i64::MAX as u64 => Err(Error::negative_offset(offset.cast_signed())),
        _ => Err(messages::outside_memory(offset, length, size)),
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// The bytes of a memory in place. Never dangles: the memory does not move, and is not freed while
/// a view is left. Guests write to it while they run, so hosts must treat it as shared bytes.
#[derive(Clone, Debug)]
pub struct MemoryView {
    data: *mut u8,
    length: usize,
    #[expect(dead_code, reason = "held for its drop")]
    pin: Arc<Pin>,
}

// SAFETY: the pointer is to memory that stays mapped as long as the pin lives; what is behind it is
// only reached through raw pointers, by hosts that treat it as shared bytes.
unsafe impl Send for MemoryView {}
// SAFETY: as above.
unsafe impl Sync for MemoryView {}

impl MemoryView {
    /// The address of the first byte.
    pub fn data(&self) -> *mut u8 {
        self.data
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
}
