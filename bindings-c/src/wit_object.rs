//! Objects of the program's: the same data and drop function is the same object for as long as anybody has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use landbridge::HostResource;

use crate::error::Owned;
use crate::wit_frame::lb_wit_object_t;

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
