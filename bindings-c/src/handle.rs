//! Objects
//!
//! The program holds objects by handles: small structs that are copied freely and never lead to
//! freed memory. Each handle that a function hands out is the caller's, who gives it up once:
//!
//! - lb_..._release() gives the handle up and nothing else. What was made from the object lives on and
//!   keeps what it needs alive, so any order of releasing is right.
//! - lb_instance_close() and lb_store_close() give the handle up too, and end the object: everything
//!   in it answers LB_KIND_CLOSED from then on, and its memory is freed.
//! - lb_pool_close() ends a pool and keeps the handle.
//!
//! To use a handle that was given up, was never handed out or is of another kind is an ordinary error:
//! LB_KIND_CLOSED or LB_KIND_TYPE. So is the handle 0, which stands for no object.

use landbridge::{Extern, Result};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_release};
use crate::noun::Noun;
use crate::types::{
    LB_SORT_FUNC, LB_SORT_GLOBAL, LB_SORT_MEMORY, LB_SORT_TABLE, LB_SORT_TAG, lb_sort_t,
};

/// Compiles modules and keeps time.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_engine_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// Compiled code, ready to be instantiated any number of times.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_module_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// What modules may import.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_imports_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A module at work, with its exports.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_instance_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A function, of a guest or of the host.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_func_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A linear memory.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_memory_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// References by index.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_table_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// One value that host and guests share.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_global_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// What tells one sort of exception from another.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_tag_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// An exception that a guest or the program threw, or may throw.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_exception_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A struct or an array of the guest's heap.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_gcref_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// What a module is and will ask for, told without compiling it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_inspection_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// What guests may touch.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_policy_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A sandbox; what shares memories and functions lives in one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_store_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A call on a thread of the library's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_call_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A module that is loaded on a thread of the library's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_load_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A host function that another thread answers for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_loan_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// Instances of one module for callers that run in parallel.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_pool_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A function that a component exports.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_func_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// A call of a component on a thread of the library's.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_wit_call_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// An object of the program's that guests may hold, pass on and give back, but not look into.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_externref_t {
    /// The number of the handle; 0 for none.
    pub id: u64,
}

/// The handle in a lb_extern_t; the sort says which.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lb_extern_handle_t {
    /// LB_SORT_FUNC
    pub func: lb_func_t,
    /// LB_SORT_MEMORY
    pub memory: lb_memory_t,
    /// LB_SORT_TABLE
    pub table: lb_table_t,
    /// LB_SORT_GLOBAL
    pub global: lb_global_t,
    /// LB_SORT_TAG
    pub tag: lb_tag_t,
}

/// Something that a module exports or an import takes: a handle with its sort.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_extern_t {
    /// One of the LB_SORT_ numbers.
    pub sort: lb_sort_t,
    /// The handle.
    pub of: lb_extern_handle_t,
}

impl lb_extern_t {
    /// No item.
    pub(crate) const NONE: lb_extern_t = lb_extern_t {
        sort: 0,
        of: lb_extern_handle_t {
            func: lb_func_t::NONE,
        },
    };

    /// Makes an item C's.
    pub(crate) fn give(item: Extern) -> Result<lb_extern_t> {
        let (sort, of) = match item {
            Extern::Func(func) => (
                LB_SORT_FUNC,
                lb_extern_handle_t {
                    func: lb_func_t::keep(func)?,
                },
            ),
            Extern::Memory(memory) => (
                LB_SORT_MEMORY,
                lb_extern_handle_t {
                    memory: lb_memory_t::keep(memory)?,
                },
            ),
            Extern::Table(table) => (
                LB_SORT_TABLE,
                lb_extern_handle_t {
                    table: lb_table_t::keep(table)?,
                },
            ),
            Extern::Global(global) => (
                LB_SORT_GLOBAL,
                lb_extern_handle_t {
                    global: lb_global_t::keep(global)?,
                },
            ),
            Extern::Tag(tag) => (
                LB_SORT_TAG,
                lb_extern_handle_t {
                    tag: lb_tag_t::keep(tag)?,
                },
            ),
        };
        Ok(lb_extern_t { sort, of })
    }

    /// Reads an item of C's, which keeps its handle.
    pub(crate) fn read(&self) -> Result<Extern> {
        // SAFETY: every member is a number, and the sort says what it is a handle of.
        unsafe {
            Ok(match self.sort {
                LB_SORT_FUNC => (*self.of.func.get()?).clone().into(),
                LB_SORT_MEMORY => (*self.of.memory.get()?).clone().into(),
                LB_SORT_TABLE => (*self.of.table.get()?).clone().into(),
                LB_SORT_GLOBAL => (*self.of.global.get()?).clone().into(),
                LB_SORT_TAG => (*self.of.tag.get()?).clone().into(),
                other => return Err(no_sort(other)),
            })
        }
    }

    fn release(&self) -> *mut lb_error_t {
        // SAFETY: as in `read`.
        unsafe {
            match self.sort {
                LB_SORT_FUNC => guard_release(self.of.func),
                LB_SORT_MEMORY => guard_release(self.of.memory),
                LB_SORT_TABLE => guard_release(self.of.table),
                LB_SORT_GLOBAL => guard_release(self.of.global),
                LB_SORT_TAG => guard_release(self.of.tag),
                other => guard(|| Err(no_sort(other))),
            }
        }
    }
}

fn no_sort(number: lb_sort_t) -> landbridge::Error {
    let message = format!("{number} is no LB_SORT_ number of an object");
    landbridge::Error::new(landbridge::ErrorKind::Type, message)
}

/// Releases the handle in it, as the release function of its sort does.
#[unsafe(no_mangle)]
pub extern "C" fn lb_extern_release(item: lb_extern_t) -> *mut lb_error_t {
    item.release()
}
