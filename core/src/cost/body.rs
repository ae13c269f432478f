//! What the code of a function costs: its instructions, and what they multiply.

use std::collections::HashSet;
use std::fmt;

use wasmparser::{
    BlockType, Catch, ContType, FrameKind, FuncType, ModuleArity, Operator, RefType, SubType,
};

use super::scopes::{Pending, Scopes};
use super::types::{Shape, Types};

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
/// New arrays that are filled times themselves, that make one unit.
const FILLED_SQUARED: u64 = 37;
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

/// Values that wait on the stack through a loop, an allocation, a branch, a call below handlers, and
/// another call: parts of a unit for each. They are references at worst, which are kept in memory there.
const KEPT_IN_LOOP: u64 = 40;
const KEPT_AT_NEW: u64 = 24;
const KEPT_AT_BRANCH: u64 = 15;
const KEPT_AT_HANDLED: u64 = 12;
const KEPT_AT_CALL: u64 = 6;
const KEPT_PARTS: u64 = 60;
/// So many values wait in code that compilers make, and cost nothing that is seen.
const KEPT_FREE: u64 = 64;

/// Something that branches go to.
struct Frame {
    kind: Kind,
    shape: Shape,
    /// Whether its start can be reached: what cannot be is not compiled.
    live: bool,
    /// Branches to it, and ways into it.
    edges: u64,
    /// When it was opened.
    opened: u64,
    scope: u32,
    /// The height of the stack below its parameters.
    base: u64,
    /// Locals that are read in this loop before they are set in it, less those of loops around it.
    carried: i64,
    /// What handlers its exceptions have, in values.
    handlers: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Block,
    Loop,
    If,
}

/// Counts one function after the other.
#[derive(Default)]
pub(super) struct Body {
    frames: Vec<Frame>,
    reachable: bool,
    /// Values on the stack.
    height: u64,
    /// Counts what happens, through all functions.
    now: u64,
    /// When this function began, and when it last branched.
    began: u64,
    branched: u64,
    locals: Vec<Local>,
    scopes: Scopes,
    count: Count,
    /// Globals, functions, types and fields that are used, where there may be too many.
    slots: Option<HashSet<(Slot, u32, u32)>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Slot {
    Global,
    Function,
    Type,
}

/// So many different globals, functions, types and fields in one function the compiler takes: it
/// numbers what can be read and written apart from one another in 16 bits.
const MOST_SLOTS: usize = 60_000;

/// Loops in one another in one function, at most: time grows with the square of how deep they go.
/// What compilers make has less than ten.
const MOST_NESTED: u64 = 256;

/// Each takes an opcode and a number of two bytes at least.
const SLOT_BYTES: usize = 3;

/// What a local went through. A time before the function began is that of another function's.
#[derive(Clone, Copy, Default)]
struct Local {
    set: u64,
    read: u64,
    /// Loops that were opened before have been counted.
    counted: u64,
    /// Where it was set last.
    scope: u32,
    /// Blocks there were when it was used last.
    blocks: u64,
}

/// What was counted.
#[derive(Default)]
struct Count {
    instructions: u64,
    code: u64,
    locals: u64,
    used: u64,
    blocks: u64,
    loops: u64,
    nested: u64,
    deepest: u64,
    merges: u64,
    merged: u64,
    incoming: u64,
    variables: u64,
    cells: u64,
    passed: u64,
    by_reference: u64,
    handled: u64,
    highest: u64,
    kept: u64,
    fields: u64,
    elements: u64,
    filled: u64,
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
    Kept(u64),
    Filled(u64),
    Fields(u64),
    Elements(u64),
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
            Because::Filled(n) => write!(f, "{n} new arrays x {n}"),
            Because::Kept(n) => write!(
                f,
                "up to {n} values that wait on the stack x loops, branches, calls and allocations"
            ),
            Because::Fields(n) => write!(f, "{n} fields of new objects"),
            Because::Elements(n) => write!(f, "{n} elements of new arrays"),
        }
    }
}

impl Count {
    /// Values that are merged, each from so many places.
    fn merge(&mut self, values: u64, edges: u64) {
        self.merged += values;
        self.incoming = self.incoming.saturating_add(values.saturating_mul(edges));
    }

    /// One value that went through merges.
    fn read(&mut self, it: &Pending) {
        self.merged += it.values;
        self.incoming += it.incoming;
    }
}

impl Body {
    /// For constant expressions, which belong to no function of the module's.
    pub(super) fn of_expressions() -> Body {
        let slots = Some(HashSet::new());
        Body {
            slots,
            ..Body::default()
        }
    }

    /// Begins a function of so many bytes.
    pub(super) fn begin(&mut self, types: &Types, function: usize, bytes: usize) {
        self.slots = (bytes > MOST_SLOTS * SLOT_BYTES).then(HashSet::new);
        let shape = types.of_function(function as u32);
        self.count = Count::default();
        self.now += 1;
        self.began = self.now;
        self.reachable = true;
        self.frames.clear();
        self.height = 0;
        self.scopes.0.clear();
        let whole = Shape {
            params: 0,
            results: shape.results,
        };
        self.open(Kind::Block, whole, 0);
        self.count.code = shape.values() / 4;
        self.count.locals = shape.params;
    }

    /// Declares locals. A function with more than there may be is not valid.
    pub(super) fn declare(&mut self, count: u32) {
        const MOST: u64 = 51_000;
        self.count.locals = (self.count.locals + u64::from(count)).min(MOST);
    }

    fn open(&mut self, kind: Kind, shape: Shape, handlers: u64) {
        self.now += 1;
        let scope = self.scopes.open();
        let base = self.height.saturating_sub(shape.params);
        self.height = base + shape.params;
        self.frames.push(Frame {
            kind,
            shape,
            live: self.reachable,
            edges: u64::from(kind == Kind::Loop),
            opened: self.now,
            scope,
            base,
            carried: 0,
            handlers,
        });
    }

    fn handlers(&self) -> u64 {
        self.frames.last().map_or(0, |frame| frame.handlers)
    }

    /// A branch, with all that it takes along.
    fn branch(&mut self, depth: u32) {
        let Some(at) = self.frames.len().checked_sub(1 + depth as usize) else {
            return;
        };
        self.frames[at].edges += 1;
        self.now += 1;
        self.branched = self.now;
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.height = frame.base + frame.shape.results;
        let outer = self.frames.last_mut().map(|outer| {
            outer.carried += frame.carried;
            outer.scope
        });
        let mut edges = frame.edges;
        match frame.kind {
            Kind::Loop => {}
            // One way goes round an if without an else.
            Kind::If => edges += u64::from(self.reachable) + 1,
            Kind::Block => edges += u64::from(self.reachable),
        }
        if frame.kind != Kind::Loop {
            self.reachable = frame.live && edges > 0;
        }
        let merges = frame.live && edges > 1;
        self.count.nested -= u64::from(frame.live && frame.kind == Kind::Loop);
        if merges {
            let values = match frame.kind {
                Kind::Loop => frame.shape.params + frame.carried.max(0) as u64,
                _ => frame.shape.results,
            };
            self.count.merge(values, edges);
        }
        self.count.merges += u64::from(merges);
        self.now += 1;
        if let Some(outer) = outer {
            self.scopes
                .close(frame.scope, outer, if merges { edges } else { 0 }, self.now);
        }
    }

    /// An else: the two arms meet at the end.
    fn turn(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = Kind::Block;
            self.height = frame.base + frame.shape.params;
            frame.edges += u64::from(self.reachable);
            self.reachable = frame.live;
        }
    }

    /// Reads a local: what merges it went through since it was set are needed.
    fn read(&mut self, number: u32) {
        let Some(mut local) = self.touch(number) else {
            return;
        };
        let pending = self.scopes.pending(local.scope);
        self.count.read(&pending);
        local.scope = pending.scope;
        local.read = self.now;
        if pending.values > 0 {
            // Another value came into the merge, which may be that of the loop's last round.
            self.carry(local.counted, self.now);
            local.counted = self.now;
        }
        self.locals[number as usize] = local;
    }

    fn set(&mut self, number: u32) {
        let Some(mut local) = self.touch(number) else {
            return;
        };
        let pending = self.scopes.pending(local.scope);
        let here = self.frames.last().map_or(0, |frame| frame.scope);
        if pending.scope != here || self.branched > pending.closed {
            self.count.read(&pending);
        }
        let since = local.set.max(local.counted);
        if local.read > since {
            self.carry(since, local.read);
            local.counted = local.read;
        }
        local.set = self.now;
        local.scope = here;
        self.locals[number as usize] = local;
    }

    /// A local goes round the loops that were opened after `since` and before `until`.
    fn carry(&mut self, since: u64, until: u64) {
        for (time, by) in [(until, 1), (since, -1)] {
            let frames = self.frames.partition_point(|frame| frame.opened <= time);
            if let Some(frame) = frames.checked_sub(1).and_then(|i| self.frames.get_mut(i)) {
                frame.carried += by;
            }
        }
    }

    /// Notes that a local is used, if there is such a local.
    fn touch(&mut self, number: u32) -> Option<Local> {
        // More locals make a function invalid.
        const MOST: usize = 1 << 16;
        let at = number as usize;
        if at >= MOST || at as u64 >= self.count.locals {
            return None;
        }
        if self.locals.len() <= at {
            self.locals.resize(at + 1, Local::default());
        }
        let mut local = self.locals[at];
        if local.set < self.began {
            let began = self.began;
            local = Local {
                set: began,
                read: 0,
                counted: began,
                scope: 0,
                blocks: 0,
            };
            self.count.used += 1;
        }
        self.now += 1;
        self.count.cells += self.count.blocks - local.blocks;
        local.blocks = self.count.blocks;
        Some(local)
    }

    fn block(&mut self, kind: Kind, ty: BlockType, types: &Types, handlers: u64) {
        let shape = types.of_block(ty);
        self.open(kind, shape, handlers);
        if !self.reachable {
            return;
        }
        let count = &mut self.count;
        count.variables += shape.results;
        count.cells += shape.results * count.blocks;
        count.code += 2 * shape.values();
        count.blocks += 1;
        match kind {
            Kind::Block => {}
            Kind::If => {
                count.code += 4 * shape.params;
                count.blocks += 2;
                self.keep(KEPT_AT_BRANCH);
            }
            Kind::Loop => {
                count.variables += shape.params;
                count.cells += shape.params * count.blocks;
                count.blocks += 3;
                count.loops += 1;
                count.nested += 1;
                count.deepest = count.deepest.max(count.nested);
                count.code += 48;
                self.keep(KEPT_IN_LOOP);
            }
        }
    }

    /// What an instruction takes from the stack.
    fn take(&mut self, values: u64) {
        self.height = self.height.saturating_sub(values);
    }

    /// Values that are on the stack now live on through what comes.
    fn keep(&mut self, parts: u64) {
        let kept = self.height.saturating_sub(KEPT_FREE);
        self.count.highest = self.count.highest.max(kept);
        self.count.kept = self.count.kept.saturating_add(kept * parts);
    }

    fn call(&mut self, shape: Shape) {
        self.count.passed += shape.values();
        let handlers = self.handlers();
        self.take(shape.params);
        self.keep(match handlers {
            0 => KEPT_AT_CALL,
            _ => KEPT_AT_HANDLED,
        });
        self.height += shape.results;
        self.count.handled += handlers;
        self.count.blocks += u64::from(handlers > 0);
    }

    fn call_by_reference(&mut self, shape: Shape) {
        self.take(1);
        self.call(shape);
        self.code(60, 4);
        self.count.by_reference += shape.values();
    }

    fn code(&mut self, units: u64, blocks: u64) {
        self.count.code += units;
        self.count.blocks += blocks;
    }

    /// What the compiler cannot take, or would take for ever for, whatever it costs.
    pub(super) fn too_much(&self) -> Option<String> {
        if self
            .slots
            .as_ref()
            .is_some_and(|slots| slots.len() > MOST_SLOTS)
        {
            return Some(format!(
                "uses more than {MOST_SLOTS} different globals, functions, types and fields, which the compiler \
                 does not take in one function"
            ));
        }
        (self.count.deepest > MOST_NESTED).then(|| {
            format!(
                "has more than {MOST_NESTED} loops in one another, which takes too long to compile"
            )
        })
    }

    fn note(&mut self, operator: &Operator<'_>) {
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

    fn leave(&mut self) {
        self.reachable = false;
    }

    /// Counts an instruction.
    pub(super) fn count(&mut self, operator: &Operator<'_>, types: &Types) {
        use Operator as O;
        match operator {
            O::Block { blockty } => {
                return self.block(Kind::Block, *blockty, types, self.handlers());
            }
            O::Loop { blockty } => return self.block(Kind::Loop, *blockty, types, self.handlers()),
            O::If { blockty } => {
                self.take(1);
                return self.block(Kind::If, *blockty, types, self.handlers());
            }
            O::TryTable { try_table } => {
                let mut handlers = self.handlers();
                for catch in &try_table.catches {
                    handlers += 1 + self.catch(catch, types);
                }
                self.code(8 + 4 * try_table.catches.len() as u64, 0);
                return self.block(Kind::Block, try_table.ty, types, handlers);
            }
            O::Else => return self.turn(),
            O::End => return self.close(),
            // The expressions of globals and segments have no frames.
            _ if !self.reachable && !self.frames.is_empty() => return,
            _ => {}
        }
        self.count.instructions += 1;
        self.count.code += 1;
        if self.slots.is_some() {
            self.note(operator);
        }
        match operator {
            O::LocalGet { local_index } => {
                self.height += 1;
                self.read(*local_index);
            }
            O::LocalSet { local_index } => {
                self.take(1);
                self.set(*local_index);
            }
            O::LocalTee { local_index } => self.set(*local_index),
            O::Br { relative_depth } => {
                self.branch(*relative_depth);
                self.leave();
            }
            O::BrIf { relative_depth }
            | O::BrOnNull { relative_depth }
            | O::BrOnNonNull { relative_depth } => {
                self.take(u64::from(!matches!(operator, O::BrOnNull { .. })));
                self.keep(KEPT_AT_BRANCH);
                self.branch(*relative_depth);
                self.code(1, 1);
            }
            O::BrOnCast { relative_depth, .. } | O::BrOnCastFail { relative_depth, .. } => {
                self.keep(KEPT_AT_BRANCH);
                self.branch(*relative_depth);
                self.code(80, 6);
            }
            O::BrTable { targets } => {
                self.code(2, u64::from(targets.len()).min(self.frames.len() as u64));
                for depth in targets.targets().map_while(|it| it.ok()) {
                    self.branch(depth);
                }
                self.branch(targets.default());
                self.leave();
            }
            O::Return => {
                self.branch((self.frames.len() as u32).saturating_sub(1));
                self.leave();
            }
            O::Unreachable => self.leave(),
            O::Throw { tag_index } => {
                let shape = types.of_tag(*tag_index);
                self.count.fields += shape.params;
                self.code(48, 2);
                self.call(Shape::default());
                self.leave();
            }
            O::ThrowRef => {
                self.call(Shape::default());
                self.leave();
            }
            O::Call { function_index } => {
                self.code(2, 0);
                self.call(types.of_function(*function_index));
            }
            O::ReturnCall { function_index } => {
                self.call(types.of_function(*function_index));
                self.leave();
            }
            O::CallIndirect { type_index, .. } | O::CallRef { type_index } => {
                self.call_by_reference(types.of(*type_index));
            }
            O::ReturnCallIndirect { type_index, .. } | O::ReturnCallRef { type_index } => {
                self.call_by_reference(types.of(*type_index));
                self.leave();
            }
            O::StructNew { struct_type_index } | O::StructNewDefault { struct_type_index } => {
                let fields = types.of(*struct_type_index).params;
                self.count.fields += fields;
                self.code(48, 3);
                let taken = matches!(operator, O::StructNew { .. });
                self.make(if taken { fields } else { 0 });
            }
            O::ArrayNewFixed { array_size, .. } => {
                self.count.elements += u64::from(*array_size);
                self.code(96, 3);
                self.make(u64::from(*array_size));
            }
            _ => {
                let (units, blocks) = weight(operator);
                self.code(units, blocks);
                let (taken, given) = operator.operator_arity(&NoTypes).unwrap_or_default();
                self.take(u64::from(taken));
                match operator {
                    // Its elements are set in loops.
                    O::ArrayNew { .. } | O::ArrayNewDefault { .. } => {
                        self.count.filled += 1;
                        self.keep(KEPT_AT_NEW);
                    }
                    O::ArrayNewData { .. } | O::ArrayNewElem { .. } => self.keep(KEPT_AT_NEW),
                    O::MemoryGrow { .. } | O::TableGrow { .. } => self.keep(KEPT_AT_CALL),
                    _ => {}
                }
                self.height += u64::from(given);
            }
        }
    }

    /// A new object of so many values from the stack.
    fn make(&mut self, taken: u64) {
        // Constant expressions have a stack each, which nobody follows.
        if self.frames.is_empty() {
            return;
        }
        self.take(taken);
        self.keep(KEPT_AT_NEW);
        self.height += 1;
    }

    fn catch(&mut self, catch: &Catch, types: &Types) -> u64 {
        let (label, values) = match catch {
            Catch::One { tag, label } | Catch::OneRef { tag, label } => {
                (*label, types.of_tag(*tag).params)
            }
            Catch::All { label } | Catch::AllRef { label } => (*label, 0),
        };
        self.branch(label);
        self.count.code += 4 * values;
        values
    }

    /// What the function costs, and for which product most.
    pub(super) fn cost(&mut self) -> (u64, Because) {
        let it = &self.count;
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
            (
                product(it.filled, it.filled, FILLED_SQUARED),
                Because::Filled(it.filled),
            ),
            (it.kept / KEPT_PARTS, Because::Kept(it.highest)),
            (passed, Because::Passed(it.passed)),
            (it.handled / HANDLED, Because::Handled(it.handled)),
            (FIELD * it.fields, Because::Fields(it.fields)),
            (elements, Because::Elements(it.elements)),
        ];
        let all = parts
            .iter()
            .fold(0u64, |all, (units, _)| all.saturating_add(*units));
        let most = parts.into_iter().max_by_key(|(units, _)| *units);
        (all, most.map_or(Because::Code(0), |(_, because)| because))
    }
}

/// For instructions that take and give as many values in any module.
struct NoTypes;

impl ModuleArity for NoTypes {
    fn sub_type_at(&self, _: u32) -> Option<&SubType> {
        None
    }

    fn tag_type_arity(&self, _: u32) -> Option<(u32, u32)> {
        None
    }

    fn type_index_of_function(&self, _: u32) -> Option<u32> {
        None
    }

    fn func_type_of_cont_type(&self, _: &ContType) -> Option<&FuncType> {
        None
    }

    fn sub_type_of_ref_type(&self, _: &RefType) -> Option<&SubType> {
        None
    }

    fn control_stack_height(&self) -> u32 {
        0
    }

    fn label_block(&self, _: u32) -> Option<(BlockType, FrameKind)> {
        None
    }
}

/// Units besides the one for each instruction, and blocks of code.
fn weight(operator: &Operator<'_>) -> (u64, u64) {
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
        O::I32DivS | O::I32DivU | O::I32RemS | O::I32RemU => (5, 1),
        O::I64DivS | O::I64DivU | O::I64RemS | O::I64RemU => (5, 1),
        O::I32TruncF32S | O::I32TruncF32U | O::I32TruncF64S | O::I32TruncF64U => (5, 1),
        O::I64TruncF32S | O::I64TruncF32U | O::I64TruncF64S | O::I64TruncF64U => (5, 1),
        O::ArrayNew { .. } | O::ArrayNewDefault { .. } => (128, 6),
        O::ArrayNewData { .. } | O::ArrayNewElem { .. } => (128, 6),
        O::ArrayFill { .. } | O::ArrayCopy { .. } => (96, 6),
        O::ArrayInitData { .. } | O::ArrayInitElem { .. } => (96, 6),
        O::ArrayGet { .. } | O::ArrayGetS { .. } | O::ArrayGetU { .. } | O::ArraySet { .. } => {
            (12, 1)
        }
        O::StructGet { .. } | O::StructGetS { .. } | O::StructGetU { .. } | O::StructSet { .. } => {
            (6, 0)
        }
        O::RefTestNonNull { .. } | O::RefTestNullable { .. } => (80, 5),
        O::RefCastNonNull { .. } | O::RefCastNullable { .. } => (80, 5),
        _ => (0, 0),
    }
}
