//! Stores in slots: what the engine keeps ready for instances of pools.

use std::sync::atomic::AtomicUsize;

use super::{Inner, Store};
use crate::engine::{Build, Variant};
use crate::{Engine, Error, ErrorKind, Result, Sandbox, engine_facts, reservation};

impl Store {
    /// Makes an empty store in a slot, if one is free. What is made in it takes its memories and tables from there, and
    /// fails as [`is_no_room`] tells where that is more than the slot has.
    pub(crate) fn in_slot(engine: &Engine, sandbox: &Sandbox) -> Option<Result<Store>> {
        let build = Build::in_slot(sandbox);
        let variant = engine.variant(build).ok()?;
        if !variant.slots.take() {
            return None;
        }
        let made = Store::of_build(engine, sandbox, build);
        // A store that could not be made has nothing in the slot.
        Some(made.inspect_err(|_| variant.slots.give_back()))
    }
}

/// Says what helps where there is no room for an instance.
pub(crate) fn explained(error: Error) -> Error {
    let is_it = engine_facts::is_out_of_slots(error.message());
    match is_it && error.kind() == ErrorKind::Limit {
        true => error.because(ErrorKind::Limit, FULL),
        false => reservation::explained(error),
    }
}

/// For what comes into a store that is full.
const FULL: &str = "the instance that a pool made has a slot of the engine for itself, which has no room for another; \
                    instantiate what you want beside it in a store that is no pool's";

/// Whether something did not fit into its slot, which would have been there on demand.
pub(crate) fn is_no_room(error: &Error) -> bool {
    let words = error.message();
    let is_it = engine_facts::is_out_of_slots(words) || engine_facts::is_out_of_addresses(words);
    is_it && error.kind() == ErrorKind::Limit
}

impl Inner {
    /// Frees the engine's store, and then the slot that it was in.
    pub(super) fn free_body(&self, body: Option<Box<wasmtime::Store<super::Data>>>) {
        match (body, self.variant()) {
            (Some(body), Ok(variant)) => {
                variant.free(body);
                if self.pooled {
                    variant.slots.give_back();
                }
            }
            (body, _) => drop(body),
        }
    }
}

/// Where the engine keeps the limit of the guest's stack in its stores.
pub(super) fn stack_limit(
    body: &mut wasmtime::Store<super::Data>,
    variant: &Variant,
) -> Result<*mut usize> {
    static PLACE: engine_facts::LimitPlace = AtomicUsize::new(0);
    engine_facts::find_limit(body, &variant.probe, &PLACE)
}
