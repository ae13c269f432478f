//! What instructions cost, and values that stay alive across them. All of it was measured.

use wasmparser::Operator;

/// What a value costs that stays alive across something, in parts of a unit: a reference, which is put
/// where the collector finds it, and a number.
#[derive(Clone, Copy, Default)]
pub(super) struct Alive {
    pub(super) reference: u64,
    pub(super) number: u64,
}

impl Alive {
    const fn of(reference: u64, number: u64) -> Alive {
        Alive { reference, number }
    }
}

pub(super) const ALIVE_PARTS: u64 = 300;
pub(super) const ACROSS_LOOP: Alive = Alive::of(200, 75);
pub(super) const ACROSS_NEW: Alive = Alive::of(120, 30);
/// A block of what makes, casts, fills and copies.
const ACROSS_BLOCK: Alive = Alive::of(35, 10);
pub(super) const ACROSS_BRANCH: Alive = Alive::of(75, 6);
pub(super) const ACROSS_CALL: Alive = Alive::of(30, 0);
/// What a call by reference is besides.
pub(super) const ACROSS_REFERENCE: Alive = Alive::of(70, 20);
pub(super) const ACROSS_HANDLED_CALL: Alive = Alive::of(130, 45);
/// What a throw is besides, and growing a table.
pub(super) const ACROSS_THROW: Alive = Alive::of(100, 100);
pub(super) const ACROSS_TABLE_GROW: Alive = Alive::of(170, 30);

/// What an instruction is to values that stay alive across it, of so many units and blocks.
pub(super) fn across(units: u64, blocks: u64) -> Alive {
    match (units, blocks) {
        // It traps, or goes on.
        (..32, 0..2) => Alive::default(),
        // It calls the engine, or may.
        (..80, _) => ACROSS_CALL,
        _ => Alive::of(
            ACROSS_BLOCK.reference * blocks,
            ACROSS_BLOCK.number * blocks,
        ),
    }
}

/// Units besides the one for each instruction, and blocks of code.
pub(super) fn weight(operator: &Operator<'_>) -> (u64, u64) {
    use Operator as O;
    match operator {
        O::MemoryGrow { .. } | O::TableGrow { .. } => (64, 1),
        O::MemoryFill { .. }
        | O::MemoryCopy { .. }
        | O::MemoryInit { .. }
        | O::TableFill { .. }
        | O::TableCopy { .. }
        | O::TableInit { .. } => (16, 2),
        O::TableGet { .. } | O::TableSet { .. } | O::RefFunc { .. } => (8, 3),
        O::I32DivS
        | O::I32DivU
        | O::I32RemS
        | O::I32RemU
        | O::I64DivS
        | O::I64DivU
        | O::I64RemS
        | O::I64RemU
        | O::I32TruncF32S
        | O::I32TruncF32U
        | O::I32TruncF64S
        | O::I32TruncF64U
        | O::I64TruncF32S
        | O::I64TruncF32U
        | O::I64TruncF64S
        | O::I64TruncF64U => (5, 1),
        O::ArrayNew { .. }
        | O::ArrayNewDefault { .. }
        | O::ArrayNewData { .. }
        | O::ArrayNewElem { .. } => (128, 6),
        O::ArrayFill { .. }
        | O::ArrayCopy { .. }
        | O::ArrayInitData { .. }
        | O::ArrayInitElem { .. } => (96, 6),
        O::ArrayGet { .. } | O::ArrayGetS { .. } | O::ArrayGetU { .. } | O::ArraySet { .. } => {
            (12, 1)
        }
        O::StructGet { .. } | O::StructGetS { .. } | O::StructGetU { .. } | O::StructSet { .. } => {
            (6, 0)
        }
        O::RefTestNonNull { .. }
        | O::RefTestNullable { .. }
        | O::RefCastNonNull { .. }
        | O::RefCastNullable { .. } => (80, 5),
        _ => (0, 0),
    }
}
