//! Spares: functions and tags that a host made and let go of before any guest saw them. The engine
//! keeps them as long as the store, so they are used again.

use std::collections::HashMap;

use super::Store;
use crate::func::Spare;
use crate::{FuncType, Result, fork};

/// By their types.
#[derive(Default)]
pub(crate) struct Spares {
    funcs: HashMap<FuncType, Vec<Spare>>,
    tags: HashMap<FuncType, Vec<wasmtime::Tag>>,
}

impl Store {
    /// A function of this type that nobody has. The turn must be held.
    pub(crate) fn spare_func(&self, ty: &FuncType) -> Option<Spare> {
        self.spares().funcs.get_mut(ty)?.pop()
    }

    /// Keeps a function that nobody has. May be called from any thread.
    pub(crate) fn keep_func(&self, ty: &FuncType, spare: Spare) {
        let mut spares = self.spares();
        match spares.funcs.get_mut(ty) {
            Some(known) => known.push(spare),
            None => drop(spares.funcs.insert(ty.clone(), vec![spare])),
        }
    }

    /// A tag of this type that nobody has. The turn must be held.
    pub(crate) fn spare_tag(&self, ty: &FuncType) -> Option<wasmtime::Tag> {
        self.spares().tags.get_mut(ty)?.pop()
    }

    /// Keeps a tag that nobody has. May be called from any thread.
    pub(crate) fn keep_tag(&self, ty: &FuncType, tag: wasmtime::Tag) {
        let mut spares = self.spares();
        match spares.tags.get_mut(ty) {
            Some(known) => known.push(tag),
            None => drop(spares.tags.insert(ty.clone(), vec![tag])),
        }
    }

    /// Counts something that is about to be made by the host and stays as long as the store. The
    /// turn must be held.
    ///
    /// # Errors
    /// `limit` if there are too many.
    pub(crate) fn count_made(&self) -> Result<()> {
        self.0.meter.made_by_host()
    }

    fn spares(&self) -> fork::Locked<'_, Spares> {
        self.0.spares.lock()
    }
}
