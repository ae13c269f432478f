//! What the code of a function costs: its instructions, and what they multiply.

mod locals;
mod slots;

use std::collections::HashSet;

use wasmparser::{BlockType, Catch, Operator, ValType};

use super::count::{Because, Count};
use super::operands::Operands;
use super::scopes::Scopes;
use super::types::{Shape, Types};
use super::weights::{
    ACROSS_BRANCH, ACROSS_CALL, ACROSS_HANDLED_CALL, ACROSS_LOOP, ACROSS_NEW, ACROSS_REFERENCE,
    ACROSS_TABLE_GROW, ACROSS_THROW, Alive, across, weight,
};
use locals::Local;
use slots::Slot;

/// Something that branches go to.
struct ControlFrame {
    kind: Kind,
    shape: Shape,
    /// Whether its start can be reached: what cannot be is not compiled.
    live: bool,
    /// Branches to it, and ways into it.
    edges: u64,
    /// When it was opened.
    opened: u64,
    scope: u32,
    /// Locals that are read in this loop before they are set in it, less those of loops around it.
    carried: i64,
    /// What handlers its exceptions have, in values.
    handlers: u64,
    /// What lies on the stack below its parameters.
    below: Operands,
    /// References that a loop reads in each round and does not set, and the weights where it does.
    held: u64,
    weights: u64,
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
    frames: Vec<ControlFrame>,
    /// Which of them are loops.
    loops: Vec<usize>,
    reachable: bool,
    /// Counts what happens, through all functions.
    now: u64,
    /// When this function began, and when it last branched.
    began: u64,
    branched: u64,
    locals: Vec<Local>,
    /// Up to which local they are references, or are none; parameters are those of the type.
    declared: Vec<(u64, bool)>,
    ty: u32,
    operands: Operands,
    scopes: Scopes,
    count: Count,
    /// Globals, functions, types and fields that are used, where there may be too many.
    slots: Option<HashSet<(Slot, u32, u32)>>,
}

/// So many different globals, functions, types and fields in one function the compiler takes: it
/// numbers what can be read and written apart from one another in 16 bits.
const MOST_SLOTS: usize = 60_000;

/// Loops in one another in one function, at most: time grows with the square of how deep they go.
/// What compilers make has less than ten.
const MOST_NESTED: u64 = 256;

/// Each takes an opcode and a number of two bytes at least.
const SLOT_BYTES: usize = 3;

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
        self.loops.clear();
        self.scopes.0.clear();
        let whole = Shape {
            params: 0,
            param_refs: 0,
            ..shape
        };
        self.operands = Operands::default();
        self.ty = types.functions.get(function).copied().unwrap_or_default();
        self.declared.clear();
        self.open(Kind::Block, whole, 0);
        self.count.code = shape.values() / 4;
        self.count.locals = shape.params;
    }

    /// Declares locals. A function with more than there may be is not valid.
    pub(super) fn declare(&mut self, count: u32, ty: ValType) {
        const MOST: u64 = 51_000;
        self.count.locals = (self.count.locals + u64::from(count)).min(MOST);
        self.declared
            .push((self.count.locals, ty.is_reference_type()));
    }

    fn is_ref(&self, local: u32, types: &Types) -> bool {
        let at = self
            .declared
            .partition_point(|(end, _)| *end <= u64::from(local));
        match self.declared.get(at) {
            Some((_, is_ref)) if u64::from(local) >= types.of(self.ty).params => *is_ref,
            _ => types.is_ref(self.ty, local),
        }
    }

    /// What is alive stays so across something.
    fn alive(&mut self, at: Operands, across: Alive) {
        let numbers = at.height.saturating_sub(at.refs);
        let parts = at.refs * across.reference + numbers * across.number;
        self.count.alive = self.count.alive.saturating_add(parts);
        self.count.weight += across.reference;
    }

    fn open(&mut self, kind: Kind, shape: Shape, handlers: u64) {
        self.now += 1;
        self.operands.take(shape.params, shape.param_refs);
        let below = self.operands;
        self.operands.give(shape.params, shape.param_refs);
        let scope = self.scopes.open();
        if kind == Kind::Loop {
            self.loops.push(self.frames.len());
        }
        self.frames.push(ControlFrame {
            kind,
            shape,
            live: self.reachable,
            edges: u64::from(kind == Kind::Loop),
            opened: self.now,
            scope,
            carried: 0,
            handlers,
            below,
            held: 0,
            weights: 0,
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
        self.operands = frame.below;
        self.operands
            .give(frame.shape.results, frame.shape.result_refs);
        let outer = self.frames.last_mut().map(|outer| {
            outer.carried += frame.carried;
            outer.scope
        });
        if frame.kind == Kind::Loop {
            self.loops.pop();
            let all = frame.held.saturating_mul(self.count.weight);
            self.count.alive = self
                .count
                .alive
                .saturating_add(all.saturating_sub(frame.weights));
        }
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
            frame.edges += u64::from(self.reachable);
            self.reachable = frame.live;
            self.operands = frame.below;
            self.operands
                .give(frame.shape.params, frame.shape.param_refs);
        }
    }

    fn block(&mut self, kind: Kind, ty: BlockType, types: &Types, handlers: u64) {
        let shape = types.of_block(ty);
        self.open(kind, shape, handlers);
        if !self.reachable {
            return;
        }
        let below = self.frames.last().map_or(self.operands, |it| it.below);
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
                self.alive(below, ACROSS_BRANCH);
            }
            Kind::Loop => {
                count.variables += shape.params;
                count.cells += shape.params * count.blocks;
                count.blocks += 3;
                count.loops += 1;
                count.nested += 1;
                count.deepest = count.deepest.max(count.nested);
                count.code += 48;
                self.alive(below, ACROSS_LOOP);
            }
        }
    }

    fn call(&mut self, shape: Shape) {
        self.count.passed += shape.values();
        let handlers = self.handlers();
        self.count.handled += handlers;
        self.count.blocks += u64::from(handlers > 0);
        let mut stay = self.operands;
        stay.take(shape.params, shape.param_refs);
        self.alive(
            stay,
            match handlers {
                0 => ACROSS_CALL,
                _ => ACROSS_HANDLED_CALL,
            },
        );
    }

    fn call_by_reference(&mut self, shape: Shape) {
        self.call(shape);
        self.code(60, 4);
        self.alive(self.operands, ACROSS_REFERENCE);
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
                self.operands.take(1, 0);
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
        let is_ref = match operator {
            O::LocalGet { local_index } | O::LocalTee { local_index } => {
                self.is_ref(*local_index, types)
            }
            _ => false,
        };
        match operator {
            O::LocalGet { local_index } => self.read(*local_index, is_ref),
            O::LocalSet { local_index } | O::LocalTee { local_index } => self.set(*local_index),
            O::Br { relative_depth } => {
                self.branch(*relative_depth);
                self.leave();
            }
            O::BrIf { relative_depth }
            | O::BrOnNull { relative_depth }
            | O::BrOnNonNull { relative_depth } => {
                self.branch(*relative_depth);
                self.code(1, 1);
                self.alive(self.operands, ACROSS_BRANCH);
            }
            O::BrOnCast { relative_depth, .. } | O::BrOnCastFail { relative_depth, .. } => {
                self.branch(*relative_depth);
                self.code(80, 6);
                self.alive(self.operands, across(80, 6));
            }
            O::BrTable { targets } => {
                self.code(2, u64::from(targets.len()).min(self.frames.len() as u64));
                self.alive(self.operands, ACROSS_BRANCH);
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
                self.alive(self.operands, ACROSS_THROW);
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
                self.count.fields += types.of(*struct_type_index).params;
                self.code(48, 3);
                self.alive(self.operands, ACROSS_NEW);
            }
            O::ArrayNewFixed { array_size, .. } => {
                self.count.elements += u64::from(*array_size);
                self.code(96, 3);
                self.alive(self.operands, ACROSS_NEW);
            }
            _ => {
                let (units, blocks) = weight(operator);
                self.code(units, blocks);
                self.alive(self.operands, across(units, blocks));
                if let O::TableGrow { .. } = operator {
                    self.alive(self.operands, ACROSS_TABLE_GROW);
                }
                if let O::ArrayNew { .. } | O::ArrayNewDefault { .. } = operator {
                    // Its elements are set in loops.
                    self.count.loops += 2;
                }
            }
        }
        self.operands.pass(operator, types, is_ref);
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
    pub(super) fn cost(&self) -> (u64, Because) {
        self.count.cost()
    }
}
