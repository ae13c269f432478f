//! Objects of the program's: the same data and drop function is the same object for as long as anybody has it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use landbridge::HostResource;

use crate::error::Owned;
use crate::read::array;
use crate::wit_frame::lb_wit_object_t;
use crate::wit_type::*;
use crate::wit_value::*;

/// No count of elements: what a case holds.
const HELD: usize = usize::MAX;

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

/// All objects in values, however deep.
///
/// # Safety
/// The values are as their sorts say.
pub(crate) unsafe fn objects_in(values: &[lb_wit_value_t]) -> Vec<HostResource> {
    let mut found = Vec::new();
    // Values may lead to the same ones, and in a circle: each is looked into once.
    let mut seen = HashSet::new();
    let mut rest: Vec<&lb_wit_value_t> = values.iter().collect();
    while let Some(value) = rest.pop() {
        // SAFETY: the caller's promise; the sort says which member is meant.
        unsafe {
            match value.sort {
                LB_WIT_SORT_OBJECT => found.push(value.of.object.known()),
                LB_WIT_SORT_LIST | LB_WIT_SORT_TUPLE => {
                    let lb_wit_items_t { data, count } = value.of.items;
                    if seen.insert((data.addr(), count)) {
                        rest.extend(array(data, count, "items").unwrap_or_default());
                    }
                }
                LB_WIT_SORT_RECORD => {
                    let lb_wit_fields_t { data, count } = value.of.fields;
                    if seen.insert((data.addr(), count)) {
                        let fields = array(data, count, "fields").unwrap_or_default();
                        rest.extend(fields.iter().map(|it| &it.value));
                    }
                }
                LB_WIT_SORT_VARIANT | LB_WIT_SORT_OPTION | LB_WIT_SORT_RESULT => {
                    let held = value.of.which.value;
                    if seen.insert((held.addr(), HELD)) {
                        rest.extend(held.as_ref());
                    }
                }
                _ => {}
            }
        }
    }
    found
}
