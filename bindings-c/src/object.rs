//! What stands behind the handle of an object of the guest's heap.

use std::sync::OnceLock;

use landbridge::{FieldType, GcRef, GcType};

use crate::handle::lb_gcref_t;
use crate::noun::noun;
use crate::types::{lb_field_type_t, lb_gc_type_t};

/// An object with its type for C, made when it is first asked for.
pub(crate) struct Object {
    pub(crate) gcref: GcRef,
    fields: OnceLock<Vec<lb_field_type_t>>,
}

impl Object {
    pub(crate) fn new(gcref: GcRef) -> Object {
        let fields = OnceLock::new();
        Object { gcref, fields }
    }

    pub(crate) fn ty(&self) -> lb_gc_type_t {
        let give = |fields: &[FieldType]| fields.iter().map(lb_field_type_t::give).collect();
        let fields = self.fields.get_or_init(|| match self.gcref.ty() {
            GcType::Struct(fields) => give(fields),
            GcType::Array(element) => give(&[*element]),
        });
        lb_gc_type_t {
            sort: self.gcref.sort() as u32,
            fields: fields.as_ptr(),
            nfields: fields.len(),
        }
    }
}

noun!(lb_gcref_t, "gcref", Object);
