//! Slots: the globals, functions, types and fields that a function uses.

use wasmparser::Operator;

use super::{Body, MOST_SLOTS};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    Global,
    Function,
    Type,
}

impl Body {
    /// Notes which global, function, type or field an instruction uses.
    pub(super) fn note(&mut self, operator: &Operator<'_>) {
        use Operator as O;
        let slot = match operator {
            O::GlobalGet { global_index } | O::GlobalSet { global_index } => {
                (Slot::Global, *global_index, 0)
            }
            O::Call { function_index }
            | O::ReturnCall { function_index }
            | O::RefFunc { function_index } => (Slot::Function, *function_index, 0),
            O::CallIndirect { type_index, .. }
            | O::ReturnCallIndirect { type_index, .. }
            | O::StructNew {
                struct_type_index: type_index,
            }
            | O::StructNewDefault {
                struct_type_index: type_index,
            }
            | O::ArrayNewFixed {
                array_type_index: type_index,
                ..
            } => (Slot::Type, *type_index, u32::MAX),
            O::StructGet {
                struct_type_index,
                field_index,
            }
            | O::StructGetS {
                struct_type_index,
                field_index,
            }
            | O::StructGetU {
                struct_type_index,
                field_index,
            }
            | O::StructSet {
                struct_type_index,
                field_index,
            } => (Slot::Type, *struct_type_index, *field_index),
            _ => return,
        };
        if let Some(slots) = &mut self.slots
            && slots.len() <= MOST_SLOTS
        {
            slots.insert(slot);
        }
    }
}
