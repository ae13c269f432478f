//! Identity: what tells one function, memory, table, global or tag of a store from all others.

use std::fmt;

use crate::engine_facts;
use crate::store::Context;
use crate::{Extern, Func, Global, Memory, Store, Table, Tag};

/// Tells whether two objects are the same thing of a store: it is equal for both then, through whatever
/// instance, table or global they were found. Its text has no meaning. Asking for it never waits
/// for the store, which may be closed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Identity {
    store: usize,
    what: What,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum What {
    /// The context that it runs in, and its code. A module that exports what it imports has a reference
    /// of its own to it, with the same two.
    Func(usize, usize),
    /// Where the engine keeps it: the instance that defines it, and its number there.
    Item(String),
}

impl Identity {
    /// Of what is copied wherever the engine hands it out.
    pub(crate) fn of_item(store: &Store, item: &impl fmt::Debug) -> Identity {
        Identity {
            store: store.number(),
            what: What::Item(engine_facts::item_text(item)),
        }
    }

    pub(crate) fn of_func(ctx: &mut Context<'_>, func: wasmtime::Func) -> Identity {
        let (context, code) = engine_facts::func_words(&mut ctx.engine, func);
        Identity {
            store: ctx.store().number(),
            what: What::Func(context, code),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Func(context, code) => write!(f, "{} Func {context:x} {code:x}", self.store),
            What::Item(item) => write!(f, "{} {item}", self.store),
        }
    }
}

impl Memory {
    /// See [`Identity`].
    pub fn identity(&self) -> Identity {
        Identity::of_item(&self.store, &self.memory)
    }

    /// Whether both are one memory of one store.
    pub fn same(&self, other: &Memory) -> bool {
        self.identity() == other.identity()
    }
}

impl Table {
    /// See [`Identity`].
    pub fn identity(&self) -> Identity {
        Identity::of_item(&self.store, &self.table)
    }

    /// Whether both are one table of one store.
    pub fn same(&self, other: &Table) -> bool {
        self.identity() == other.identity()
    }
}

impl Global {
    /// See [`Identity`].
    pub fn identity(&self) -> Identity {
        Identity::of_item(&self.store, &self.global)
    }

    /// Whether both are one global of one store.
    pub fn same(&self, other: &Global) -> bool {
        self.identity() == other.identity()
    }
}

impl Extern {
    /// See [`Identity`].
    pub fn identity(&self) -> Identity {
        match self {
            Extern::Func(func) => func.identity().clone(),
            Extern::Memory(memory) => memory.identity(),
            Extern::Table(table) => table.identity(),
            Extern::Global(global) => global.identity(),
            Extern::Tag(tag) => tag.identity().clone(),
        }
    }

    /// Whether both are one thing of one store.
    pub fn same(&self, other: &Extern) -> bool {
        self.identity() == other.identity()
    }
}

macro_rules! equal {
    ($($sort:ty),*) => {$(
        impl PartialEq for $sort {
            fn eq(&self, other: &$sort) -> bool {
                self.same(other)
            }
        }

        impl Eq for $sort {}
    )*};
}

equal!(Func, Memory, Table, Global, Tag, Extern);
