//! Func: the call, with its fast path.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::{Val, ValRaw};

use super::few::Few;
use crate::handle::Lent;
use crate::host_call::bind;
use crate::store::{Context, Socket, Spare};
use crate::{
    Error, ErrorKind, FuncType, HostFunc, Identity, Result, Slot, Store, Value, messages, text,
};

/// A function in a store, of a guest or of the host, resolved: calls look nothing up. Cheap to
/// clone. May be called from many threads: they take turns.
#[derive(Clone)]
pub struct Func(Arc<Inner>);

struct Inner {
    store: Store,
    func: wasmtime::Func,
    identity: Identity,
    ty: FuncType,
    /// Slots that a raw call needs; none are enough if the type is not plain.
    raw_slots: usize,
    few: Few,
    name: Box<str>,
    /// Of one that a host made.
    socket: Option<Arc<Socket>>,
    /// Whether a guest may have seen it.
    is_given: AtomicBool,
}

impl Drop for Inner {
    /// What no guest has seen can be used again.
    fn drop(&mut self) {
        let Some(socket) = self.socket.take() else {
            return;
        };
        if *self.is_given.get_mut() || self.store.is_closed() {
            return;
        }
        // SAFETY: this was the last `Func` of it, and no guest has one.
        let former = unsafe { socket.replace(None) };
        let func = self.func;
        self.store.keep_func(&self.ty, Spare { func, socket });
        drop(former);
    }
}

impl Func {
    /// Makes a function of the host that can be put into a table or provided to a module.
    ///
    /// Once it was put into a table or a global, passed to a guest or provided to a module, it stays as
    /// long as its store, since a guest may have kept it. Otherwise its room is used again when the last
    /// clone is dropped.
    ///
    /// # Errors
    /// `closed`, `limit` if the type has more than 1000 parameters or results, or if there
    /// are a million things that hosts made in the store: functions, tags, globals, tables, memories.
    pub fn new(store: &Store, ty: &FuncType, func: Arc<dyn HostFunc>) -> Result<Func> {
        func.check("host function", ty)?;
        let mut func = Some(func);
        store.enter(|ctx| {
            let _section = store.inner().variant()?.section()?;
            let engine_ty = ty.engine(store.wasmtime()?)?;
            let spare = match store.spare_func(ty) {
                Some(spare) => spare,
                None => spare(ctx, engine_ty)?,
            };
            // SAFETY: there is no `Func` of it yet, and no guest has seen it.
            unsafe { spare.socket.replace(func.take()) };
            let name = Some("host function");
            Ok(Func::of(ctx, spare.func, name, Some(spare.socket)))
        })
    }

    pub(crate) fn from_engine(
        ctx: &mut Context<'_>,
        func: wasmtime::Func,
        name: Option<&str>,
    ) -> Func {
        Func::of(ctx, func, name, None)
    }

    fn of(
        ctx: &mut Context<'_>,
        func: wasmtime::Func,
        name: Option<&str>,
        socket: Option<Arc<Socket>>,
    ) -> Func {
        let ty = FuncType::of(&func.ty(&ctx.engine));
        let name = name.unwrap_or("function").into();
        let raw_slots = if ty.is_plain() {
            ty.slots()
        } else {
            usize::MAX
        };
        Func(Arc::new(Inner {
            store: ctx.store().clone(),
            func,
            identity: Identity::of_func(ctx, func),
            few: Few::of(&ty),
            ty,
            raw_slots,
            name,
            socket,
            is_given: AtomicBool::new(false),
        }))
    }

    /// The engine's function for a guest, if it lives in this store.
    pub(crate) fn in_store(&self, store: &Store) -> Result<wasmtime::Func> {
        if !self.0.store.same(store) {
            return Err(Error::wrong_store("function"));
        }
        self.0.is_given.store(true, Ordering::Relaxed);
        Ok(self.0.func)
    }

    /// The engine's function, to be called and not to be kept.
    pub(crate) fn engine_func(&self) -> wasmtime::Func {
        self.0.func
    }

    /// The signature.
    #[inline]
    pub fn ty(&self) -> &FuncType {
        &self.0.ty
    }

    /// The name by which it was exported, or a word that describes it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The store it lives in.
    #[inline]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// See [`Identity`]. A host can keep one object for one function by it.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Whether both are one function of one store.
    pub fn same(&self, other: &Func) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.identity == other.0.identity
    }

    /// Calls it.
    ///
    /// # Errors
    /// `type` if the arguments do not fit the signature; `trap` with code and frames; `exception`
    /// with the exception that the guest threw; `host` with the host's own exception; `exit` with its
    /// code; `timeout`, `cancelled`, `fuel`, `memory_limit` and `limit` where a limit of the store is
    /// reached; `wrong_store` for an argument of another store; `closed`, `poisoned`, `busy`,
    /// `deadlock` if the store cannot be entered.
    pub fn call(&self, args: &[Value]) -> Result<Vec<Value>> {
        let ty = self.ty();
        self.check_count(args.len())?;
        if !ty.is_plain() {
            return self.call_values(args);
        }
        let mut room = [Slot::zero(); 8];
        let mut heap = Vec::new();
        let slots = match ty.slots() {
            few @ 0..=8 => &mut room[..few],
            many => {
                heap.resize(many, Slot::zero());
                &mut heap[..]
            }
        };
        for (i, (arg, ty)) in args.iter().zip(ty.params()).enumerate() {
            slots[i] = Slot::from_value(arg, *ty, &|| self.argument_place(i))?;
        }
        self.call_raw(slots)?;
        slots
            .iter()
            .zip(ty.results())
            .map(|(slot, ty)| slot.to_value(*ty))
            .collect()
    }

    /// Calls a function of plain bits ([`FuncType::is_plain`]): `slots` holds the arguments, takes
    /// the results, and has [`FuncType::slots`] elements or more. The fast path: no allocation, no
    /// look-up, no [`Value`]. The bits are read as the signature says.
    ///
    /// # Errors
    /// As [`Func::call`]; `type` if the signature is not plain or there are too few slots.
    #[inline]
    pub fn call_raw(&self, slots: &mut [Slot]) -> Result<()> {
        let raw = self.raw(slots)?;
        // SAFETY: `raw` says what is in the slots.
        unsafe { self.0.store.call(&self.0.func, raw) }
    }

    /// The slots of a raw call as the engine takes them, if there are enough of them: all are initialised, and every bit
    /// pattern is a value of a plain type.
    #[inline(always)]
    fn raw(&self, slots: &mut [Slot]) -> Result<*mut [ValRaw]> {
        match slots.len() < self.0.raw_slots {
            true => Err(self.not_raw()),
            // `Slot` is a transparent `ValRaw`.
            false => Ok(std::ptr::from_mut(slots) as *mut [ValRaw]),
        }
    }

    /// What a call of few numbers has to know.
    #[inline(always)]
    pub fn few(&self) -> &Few {
        &self.0.few
    }

    /// Checks the number of arguments.
    ///
    /// # Errors
    /// `type`, saying what was expected.
    #[inline]
    pub fn check_count(&self, given: usize) -> Result<()> {
        if given == self.ty().params().len() {
            return Ok(());
        }
        Err(Error::count(
            &messages::arguments(text::name(self.name())),
            self.ty().params(),
            given,
        ))
    }

    /// `argument 1 of add`, for messages.
    #[cold]
    pub fn argument_place(&self, index: usize) -> String {
        messages::argument(index + 1, text::name(self.name()))
    }

    #[cold]
    fn not_raw(&self) -> Error {
        let ty = self.ty();
        Error::new(
            ErrorKind::Type,
            format!(
                "{}: a raw call needs plain types and {} slots: {ty}",
                text::name(self.name()),
                ty.slots()
            ),
        )
    }

    /// The general way, for references.
    fn call_values(&self, args: &[Value]) -> Result<Vec<Value>> {
        let store = &self.0.store;
        store.scoped(|ctx| {
            let mut params = Vec::with_capacity(args.len());
            let engine_ty = self.0.func.ty(&ctx.engine);
            for (i, (arg, ty)) in args.iter().zip(engine_ty.params()).enumerate() {
                params.push(arg.lower(ctx, &ty, &|| self.argument_place(i))?);
            }
            let mut results = vec![Val::I32(0); self.ty().results().len()];
            store.run_in(ctx, |engine| {
                self.0.func.call(engine, &params, &mut results)
            })?;
            results
                .iter()
                .map(|result| Value::lift(ctx, result))
                .collect()
        })
    }
}

impl Lent<'_, Func> {
    /// As [`Func::call_raw`].
    ///
    /// # Errors
    /// As [`Func::call_raw`].
    #[inline(always)]
    pub fn call_raw(&self, slots: &mut [Slot]) -> Result<()> {
        let raw = self.raw(slots)?;
        // SAFETY: `raw` says what is in the slots.
        unsafe { self.call_bits(raw) }
    }

    /// # Safety
    /// As [`Store::call`].
    #[inline(always)]
    pub(super) unsafe fn call_bits(&self, raw: *mut [ValRaw]) -> Result<()> {
        let Inner { store, func, .. } = &*self.0;
        // SAFETY: the caller's promise.
        unsafe {
            match self.is_held() {
                true => store.call_held(func, raw),
                false => store.call_apart(func, raw),
            }
        }
    }
}

impl fmt::Debug for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// A function of the engine that nobody has yet.
fn spare(ctx: &mut Context<'_>, ty: wasmtime::FuncType) -> Result<Spare> {
    ctx.store().count_made()?;
    let socket = Arc::new(Socket::default());
    let func = bind(ctx, "host function".into(), ty, socket.clone());
    Ok(Spare { func, socket })
}
