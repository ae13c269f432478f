//! Objects of the program's: the same data and drop function is the same object for as long as anybody has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use landbridge::HostResource;

use crate::error::Owned;
use crate::read::array;
use crate::wit_frame::lb_wit_object_t;
use crate::wit_type::*;
use crate::wit_value::*;

/// How deep a value is looked into: deeper ones are refused.
const DEPTH: usize = 200;

/// The objects that there are, by their data and drop function.
type Known = HashMap<(usize, usize), Weak<Owned>>;

static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

/// From so many on, those that are gone are forgotten when their number has doubled.
const FEW: usize = 64;

impl lb_wit_object_t {
    /// An object that a program passes with a value. It is dropped once, however often it is passed.
    pub(crate) fn known(&self) -> HostResource {
        let owned = |object: &lb_wit_object_t| Owned {
            data: object.data,
            drop: object.drop,
        };
        let Some(drop) = self.drop else {
            return HostResource::shared(Arc::new(owned(self)));
        };
        let key = (self.data.addr(), drop as usize);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_default();
        if let Some(found) = known.get(&key).and_then(Weak::upgrade) {
            return HostResource::shared(found);
        }
        if known.len() >= FEW && known.len() == known.capacity() {
            known.retain(|_, it| it.strong_count() > 0);
        }
        let made = Arc::new(owned(self));
        known.insert(key, Arc::downgrade(&made));
        HostResource::shared(made)
    }
}

/// All objects in values.
///
/// # Safety
/// The values are as their sorts say.
pub(crate) unsafe fn objects_in(values: &[lb_wit_value_t]) -> Vec<HostResource> {
    let mut found = Vec::new();
    for value in values {
        // SAFETY: the caller's promise.
        unsafe { find(value, &mut found, 0) };
    }
    found
}

unsafe fn find(value: &lb_wit_value_t, found: &mut Vec<HostResource>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    let depth = depth + 1;
    // SAFETY: the caller's promise; the sort says which member is meant.
    unsafe {
        match value.sort {
            LB_WIT_SORT_OBJECT => found.push(value.of.object.known()),
            LB_WIT_SORT_LIST | LB_WIT_SORT_TUPLE => {
                let lb_wit_items_t { data, count } = value.of.items;
                let items = array(data, count, "items").unwrap_or_default();
                items.iter().for_each(|it| find(it, found, depth));
            }
            LB_WIT_SORT_RECORD => {
                let lb_wit_fields_t { data, count } = value.of.fields;
                let fields = array(data, count, "fields").unwrap_or_default();
                fields.iter().for_each(|it| find(&it.value, found, depth));
            }
            LB_WIT_SORT_VARIANT | LB_WIT_SORT_OPTION | LB_WIT_SORT_RESULT => {
                if let Some(held) = value.of.which.value.as_ref() {
                    find(held, found, depth);
                }
            }
            _ => {}
        }
    }
}
