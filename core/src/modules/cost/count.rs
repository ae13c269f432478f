//! What was counted of a function, and what all of it costs.

use std::fmt;

use super::scopes::Pending;
use super::weights::ALIVE_PARTS;

/// Declared locals that make one unit.
const LOCALS: u64 = 16;
/// A parameter or a result of a call.
const PASSED: u64 = 8;
/// Values passed by reference calls, times themselves, that make one unit.
const PASSED_SQUARED: u64 = 4096;
/// Merged values times what comes in for them, that make one unit.
const MERGED_SQUARED: u64 = 1024;
/// Variables times blocks of code, that make one unit.
const CELLS: u64 = 64;
/// Loops times themselves, that make one unit.
const LOOPS_SQUARED: u64 = 37;
/// Used locals times merges, and times loops, that make one unit: each use is followed through all.
const LOCALS_MERGES: u64 = 16;
const LOCALS_LOOPS: u64 = 2;
/// Values of handlers times calls below them, that make one unit.
const HANDLED: u64 = 2;
/// A field of a new object, and an element of a new array.
const FIELD: u64 = 6;
const ELEMENT: u64 = 64;
/// Elements times themselves that make one unit.
const ELEMENTS_SQUARED: u64 = 512;

/// What was counted.
#[derive(Default)]
pub(super) struct Count {
    pub(super) instructions: u64,
    pub(super) code: u64,
    pub(super) locals: u64,
    pub(super) used: u64,
    pub(super) blocks: u64,
    pub(super) loops: u64,
    pub(super) nested: u64,
    pub(super) deepest: u64,
    pub(super) merges: u64,
    pub(super) merged: u64,
    pub(super) incoming: u64,
    pub(super) variables: u64,
    pub(super) cells: u64,
    pub(super) passed: u64,
    pub(super) by_reference: u64,
    pub(super) handled: u64,
    pub(super) fields: u64,
    pub(super) elements: u64,
    pub(super) alive: u64,
    /// What one reference costs that is alive all the time.
    pub(super) weight: u64,
}

/// The products that may cost most.
pub(super) enum Because {
    Code(u64),
    Locals(u64),
    Merged(u64, u64),
    Cells(u64, u64),
    LocalsMerges(u64, u64),
    Loops(u64),
    Passed(u64),
    Handled(u64),
    Fields(u64),
    Elements(u64),
    Alive,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Because::Code(n) => write!(f, "{n} instructions"),
            Because::Locals(n) => write!(f, "{n} locals"),
            Because::Merged(n, m) => write!(f, "{n} values after merges x {m} that come into them"),
            Because::Cells(n, m) => write!(f, "{n} values x {m} blocks"),
            Because::LocalsMerges(n, m) => write!(f, "{n} locals x {m} merges and loops"),
            Because::Loops(n) => write!(f, "{n} loops x {n}"),
            Because::Passed(n) => write!(f, "{n} parameters and results of calls"),
            Because::Handled(n) => write!(f, "{n} values of handlers at calls"),
            Because::Fields(n) => write!(f, "{n} fields of new objects"),
            Because::Alive => {
                write!(
                    f,
                    "values that stay alive across calls, loops, branches and new objects"
                )
            }
            Because::Elements(n) => write!(f, "{n} elements of new arrays"),
        }
    }
}

impl Count {
    /// Values that are merged, each from so many places.
    pub(super) fn merge(&mut self, values: u64, edges: u64) {
        self.merged += values;
        self.incoming = self.incoming.saturating_add(values.saturating_mul(edges));
    }

    /// One value that went through merges.
    pub(super) fn read(&mut self, it: &Pending) {
        self.merged += it.values;
        self.incoming += it.incoming;
    }

    /// What the function costs, and for which product most.
    pub(super) fn cost(&self) -> (u64, Because) {
        let it = self;
        let product = |n: u64, m: u64, units: u64| n.saturating_mul(m) / units;
        let variables = it.variables + it.used;
        let walks = product(it.used, it.merges, LOCALS_MERGES).saturating_add(product(
            it.used,
            it.loops,
            LOCALS_LOOPS,
        ));
        let merged = (2 * it.merged + it.incoming).saturating_add(product(
            it.merged,
            it.incoming,
            MERGED_SQUARED,
        ));
        let passed = (PASSED * it.passed).saturating_add(product(
            it.by_reference,
            it.by_reference,
            PASSED_SQUARED,
        ));
        let elements = (ELEMENT * it.elements).saturating_add(product(
            it.elements,
            it.elements,
            ELEMENTS_SQUARED,
        ));
        let parts = [
            (it.code, Because::Code(it.instructions)),
            (it.locals / LOCALS, Because::Locals(it.locals)),
            (merged, Because::Merged(it.merged, it.incoming)),
            (it.cells / CELLS, Because::Cells(variables, it.blocks)),
            (walks, Because::LocalsMerges(it.used, it.merges + it.loops)),
            (
                product(it.loops, it.loops, LOOPS_SQUARED),
                Because::Loops(it.loops),
            ),
            (passed, Because::Passed(it.passed)),
            (it.handled / HANDLED, Because::Handled(it.handled)),
            (FIELD * it.fields, Because::Fields(it.fields)),
            (elements, Because::Elements(it.elements)),
            (it.alive / ALIVE_PARTS, Because::Alive),
        ];
        let all = parts
            .iter()
            .fold(0u64, |all, (units, _)| all.saturating_add(*units));
        let most = parts.into_iter().max_by_key(|(units, _)| *units);
        (all, most.map_or(Because::Code(0), |(_, because)| because))
    }
}
