//! Slots: room that an engine keeps ready for instances of pools, and how much of it is free.
//!
//! A slot has all that one instance can need: memories, of which one is for the guest, one for the heap of its objects and
//! one for the loop of its batches, tables, and core instances of a component. So whoever has a slot never lacks a part of
//! it.

use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime::{Config, PoolingAllocationConfig};

use crate::reservation;

/// The slots of an engine's engine; none if it has no such room.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    free: AtomicUsize,
    /// How many loops of batches each has room for.
    loops: usize,
}

/// What an engine may be asked for. Each slot takes some bytes, used or not.
const MOST: usize = 1 << 20;

/// Memories of an instance: its own, and that of the heap.
const MEMORIES: usize = 2;

/// Up to so many slots, each has one more memory, for a loop of batches. With more there are not enough addresses.
const MOST_WITH_LOOPS: usize = 4096;

/// Tables of an instance, and what each can grow to. Only what is used takes memory.
const TABLES: usize = 4;
const TABLE_ELEMENTS: usize = 10_000_000;
const ELEMENT_BYTES: u64 = 8;

/// Instances of core modules in one of a component.
const CORE_INSTANCES: usize = 16;

/// No bound of ours: what the engine keeps of an instance comes from the heap of the process, in slots or not.
const INSTANCE_BYTES: usize = 1 << 30;

/// What is written over with zeros when a table is freed, which is faster than asking the system for zeros.
const TABLE_ZEROED_BYTES: usize = 16 << 10;

impl Slots {
    /// Makes an engine with so many slots, or with as many as there is address space for.
    pub(super) fn make(
        config: &mut Config,
        wanted: usize,
    ) -> wasmtime::Result<(wasmtime::Engine, Slots)> {
        let bytes = (MEMORIES as u64 + 1) * reservation::SLOT_BYTES
            + (TABLES * TABLE_ELEMENTS) as u64 * ELEMENT_BYTES;
        let mut count = wanted.min(MOST).min(reservation::slots(bytes));
        loop {
            let loops = usize::from(count <= MOST_WITH_LOOPS);
            config.allocation_strategy(room(count, MEMORIES + loops));
            match wasmtime::Engine::new(config) {
                Ok(engine) => {
                    let free = AtomicUsize::new(count);
                    return Ok((engine, Slots { free, loops }));
                }
                Err(error) if count <= 1 => return Err(error),
                Err(_) => count /= 2,
            }
        }
    }

    /// How many loops of batches a store in a slot may have.
    pub(crate) fn loops(&self) -> usize {
        self.loops
    }

    /// Takes a slot, if one is free.
    pub(crate) fn take(&self) -> bool {
        let less = |free: usize| free.checked_sub(1);
        let taken = self
            .free
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, less);
        taken.is_ok()
    }

    /// Gives one back. What was in it is gone.
    pub(crate) fn give_back(&self) {
        self.free.fetch_add(1, Ordering::Release);
    }
}

fn room(count: usize, memories: usize) -> PoolingAllocationConfig {
    let of = |each: usize| u32::try_from(count * each).unwrap_or(u32::MAX);
    let mut room = PoolingAllocationConfig::new();
    room.total_memories(of(memories))
        .max_memories_per_module(1)
        .max_memories_per_component(1)
        .max_memory_size(reservation::USUAL_BYTES as usize)
        .total_gc_heaps(of(1))
        .total_tables(of(TABLES))
        .max_tables_per_module(TABLES as u32)
        .max_tables_per_component(TABLES as u32)
        .table_elements(TABLE_ELEMENTS)
        .table_keep_resident(TABLE_ZEROED_BYTES)
        .total_core_instances(of(CORE_INSTANCES))
        .max_core_instances_per_component(CORE_INSTANCES as u32)
        .max_core_instance_size(INSTANCE_BYTES)
        .total_component_instances(of(1))
        .max_component_instance_size(INSTANCE_BYTES)
        .total_stacks(0);
    room
}
