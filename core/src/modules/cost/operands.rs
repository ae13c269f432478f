//! Operands: how many values wait on the operand stack, and how many of them are references.

use wasmparser::Operator;

use super::types::{Shape, Types};

/// The height is exact in code that can be reached. References are no fewer than there are: what an
/// instruction takes away counts as numbers, unless it is known what it takes, or none are left.
#[derive(Clone, Copy, Default)]
pub(super) struct Operands {
    pub(super) height: u64,
    pub(super) refs: u64,
}

impl Operands {
    pub(super) fn take(&mut self, values: u64, refs: u64) {
        self.height = self.height.saturating_sub(values);
        self.refs = self.refs.saturating_sub(refs).min(self.height);
    }

    pub(super) fn give(&mut self, values: u64, refs: u64) {
        self.height += values;
        self.refs += refs;
    }

    pub(super) fn call(&mut self, shape: Shape) {
        self.take(shape.params, shape.param_refs);
        self.give(shape.results, shape.result_refs);
    }

    /// What an instruction takes and gives that opens no block and does not end one. Whether a local
    /// is a reference is told by the caller.
    pub(super) fn pass(&mut self, operator: &Operator<'_>, types: &Types, local: bool) {
        use Operator as O;
        match operator {
            O::Call { function_index } => self.call(types.of_function(*function_index)),
            O::CallIndirect { type_index, .. } => {
                self.take(1, 0);
                self.call(types.of(*type_index));
            }
            O::CallRef { type_index } => {
                self.take(1, 1);
                self.call(types.of(*type_index));
            }
            O::StructNew { struct_type_index } => self.call(types.of(*struct_type_index)),
            O::ArrayNewFixed {
                array_type_index,
                array_size,
            } => {
                let size = u64::from(*array_size);
                let refs = types.is_ref(*array_type_index, 0);
                self.take(size, size * u64::from(refs));
                self.give(1, 1);
            }
            // What they pass on to where they branch to stays.
            O::BrIf { .. } => self.take(1, 0),
            O::BrOnNonNull { .. } => self.take(1, 1),
            O::Drop => self.take(1, 0),
            _ => {
                let (takes, gives) = arity(operator);
                self.take(takes, u64::from(takes_ref(operator)));
                self.give(gives, gives * u64::from(gives_ref(operator, types, local)));
            }
        }
    }
}

/// How many values an instruction takes and gives, if that does not depend on the module.
fn arity(operator: &Operator<'_>) -> (u64, u64) {
    macro_rules! number {
        (arity $takes:literal -> $gives:literal) => {
            ($takes, $gives)
        };
        (arity custom) => {
            (0, 0)
        };
    }
    macro_rules! arities {
        ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
            match operator {
                $(Operator::$op { .. } => number!($($ann)*),)*
                _ => (0, 0),
            }
        };
    }
    wasmparser::for_each_operator!(arities)
}

/// Whether the one reference is known that an instruction takes.
fn takes_ref(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::StructGet { .. }
            | O::StructGetS { .. }
            | O::StructGetU { .. }
            | O::StructSet { .. }
            | O::ArrayGet { .. }
            | O::ArrayGetS { .. }
            | O::ArrayGetU { .. }
            | O::ArraySet { .. }
            | O::ArrayLen
            | O::RefIsNull
            | O::RefEq
            | O::RefAsNonNull
            | O::RefTestNonNull { .. }
            | O::RefTestNullable { .. }
            | O::RefCastNonNull { .. }
            | O::RefCastNullable { .. }
            | O::I31GetS
            | O::I31GetU
            | O::AnyConvertExtern
            | O::ExternConvertAny
            | O::TableSet { .. }
    )
}

fn gives_ref(operator: &Operator<'_>, types: &Types, local: bool) -> bool {
    use Operator as O;
    match operator {
        O::LocalGet { .. } | O::LocalTee { .. } => local,
        O::GlobalGet { global_index } => types
            .globals
            .get(*global_index as usize)
            .is_some_and(|it| *it),
        O::StructGet {
            struct_type_index,
            field_index,
        } => types.is_ref(*struct_type_index, *field_index),
        O::ArrayGet { array_type_index } => types.is_ref(*array_type_index, 0),
        O::TypedSelect { ty } => ty.is_reference_type(),
        O::RefNull { .. }
        | O::RefFunc { .. }
        | O::RefI31
        | O::RefAsNonNull
        | O::RefCastNonNull { .. }
        | O::RefCastNullable { .. }
        | O::AnyConvertExtern
        | O::ExternConvertAny
        | O::TableGet { .. }
        | O::StructNewDefault { .. }
        | O::ArrayNew { .. }
        | O::ArrayNewDefault { .. }
        | O::ArrayNewData { .. }
        | O::ArrayNewElem { .. } => true,
        _ => false,
    }
}
