//! Driver: the loop over a chunk, as a module that is made for a signature. It calls a function that it is given, with
//! elements of the columns in its own memory, and stores the results there.
//!
//! ```wat
//! (module
//!   (type $row (func (param …) (result …)))
//!   (memory (export "…") 1 1)
//!   (global $at (export "…") (mut i32) (i32.const 0)) ;; the row it is at, for who looks after an error
//!   (func (export "…") (param $f (ref $row)) (param $rows i32) …))
//! ```

use std::sync::Arc;

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, HeapType, InstructionSink, MemArg, MemorySection, MemoryType,
    Module, NameSection, RefType, TypeSection, ValType,
};

use super::check::element_bytes;
use super::layout::{Layout, Place};
use crate::engine::Variant;
use crate::module::Code;
use crate::{FuncType, Result, Type, fork};

/// Names of what it exports, and its own: a host function that looks for an export of its caller meets none
/// that it knows.
const NAME: &str = "landbridge batch";
pub(super) const RUN: &str = "landbridge batch: run";
pub(super) const ROW: &str = "landbridge batch: row";
pub(super) const MEMORY: &str = "landbridge batch: memory";

/// The most columns, of arguments and results together, that a driver is made for: others are called from here.
const MOST_COLUMNS: usize = 32;

/// Columns of all rows of a round.
const ROUND: usize = 64;

/// The most rows of a round.
const MOST_ROWS: usize = 8;

/// The most signatures that an engine keeps drivers for.
const MOST_LOOPS: usize = 256;

/// Drivers that an engine has compiled.
#[derive(Default)]
pub(crate) struct Loops(fork::Lock<Vec<Arc<Loop>>>);

/// A compiled driver.
pub(crate) struct Loop {
    ty: FuncType,
    pub(super) code: Code,
    pub(super) layout: Layout,
}

impl Loops {
    /// The one for a signature, if it is there.
    pub(super) fn find(&self, ty: &FuncType) -> Option<Arc<Loop>> {
        let loops = self.0.read();
        let mut loops = loops.iter();
        loops.find(|it| same(&it.ty, ty)).cloned()
    }

    /// Makes it; none if there are too many.
    pub(super) fn make(&self, variant: &Variant, ty: &FuncType) -> Result<Option<Arc<Loop>>> {
        if self.0.read().len() >= MOST_LOOPS {
            return Ok(None);
        }
        let layout = Layout::new(ty, usize::MAX);
        let wasm = encode(ty, &layout);
        let code = Code::make(variant, &wasm, &blake3::hash(&wasm))?;
        let ty = ty.clone();
        let made = Arc::new(Loop { ty, code, layout });
        self.0.lock().push(made.clone());
        Ok(Some(made))
    }

    /// Whether a module is one of them.
    pub(crate) fn has(&self, module: &wasmtime::Module) -> bool {
        let is_it = |it: &Arc<Loop>| {
            let code = it.code.module();
            code.is_ok_and(|it| wasmtime::Module::same(it, module))
        };
        module.name() == Some(NAME) && self.0.read().iter().any(is_it)
    }
}

pub(super) fn same(this: &FuncType, other: &FuncType) -> bool {
    this.params() == other.params() && this.results() == other.results()
}

/// Whether a driver is made for functions of this type, which columns can hold.
pub(super) fn is_for(ty: &FuncType) -> bool {
    ty.params().len() + ty.results().len() <= MOST_COLUMNS
}

/// Its parameters and locals.
const FUNC: u32 = 0;
const ROWS: u32 = 1;
const AT: u32 = 2;
const WHOLE: u32 = 3;
const AT_4: u32 = 4;
const AT_8: u32 = 5;
const RESULTS: u32 = 6;

/// The module for a signature.
fn encode(ty: &FuncType, layout: &Layout) -> Vec<u8> {
    let mut types = TypeSection::new();
    let of = |types: &[Type]| types.iter().map(|ty| val_type(*ty)).collect::<Vec<_>>();
    types.ty().function(of(ty.params()), of(ty.results()));
    let row = ValType::Ref(RefType {
        nullable: false,
        heap_type: HeapType::Concrete(0),
    });
    types.ty().function([row, ValType::I32], []);
    let mut functions = FunctionSection::new();
    functions.function(1);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    let counter = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(counter, &ConstExpr::i32_const(0));
    let mut exports = ExportSection::new();
    exports.export(RUN, ExportKind::Func, 0);
    exports.export(ROW, ExportKind::Global, 0);
    exports.export(MEMORY, ExportKind::Memory, 0);
    let mut code = CodeSection::new();
    code.function(&body(ty, layout));
    let mut names = NameSection::new();
    names.module(NAME);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&memories);
    module.section(&globals).section(&exports).section(&code);
    module.section(&names);
    module.finish()
}

fn val_type(ty: Type) -> ValType {
    match ty {
        Type::I64 => ValType::I64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
        _ => ValType::I32,
    }
}

/// Rounds of some rows, then single ones.
fn body(ty: &FuncType, layout: &Layout) -> Function {
    let columns = ty.params().len() + ty.results().len();
    let most = (ROUND / columns.max(1)).clamp(1, MOST_ROWS);
    let rows = 1 << most.ilog2();
    let results = ty.results().iter().map(|ty| (1, val_type(*ty)));
    let locals = std::iter::once((4, ValType::I32)).chain(results);
    let mut func = Function::new(locals.collect::<Vec<_>>());
    let mut to = func.instructions();
    to.local_get(ROWS)
        .i32_const(-rows)
        .i32_and()
        .local_set(WHOLE);
    rounds(&mut to, ty, layout, rows, WHOLE);
    rounds(&mut to, ty, layout, 1, ROWS);
    to.i32_const(0).global_set(0).end();
    func
}

/// A loop that takes `rows` rows a round, up to the one that a local says.
fn rounds(to: &mut InstructionSink<'_>, ty: &FuncType, layout: &Layout, rows: i32, end: u32) {
    to.block(BlockType::Empty);
    to.local_get(AT).local_get(end).i32_ge_u().br_if(0);
    to.loop_(BlockType::Empty);
    to.local_get(AT).i32_const(2).i32_shl().local_set(AT_4);
    to.local_get(AT).i32_const(3).i32_shl().local_set(AT_8);
    for row in 0..rows {
        if row > 0 {
            to.local_get(AT).i32_const(row).i32_add().global_set(0);
        }
        one(to, ty, layout, row as u64);
    }
    to.local_get(AT).i32_const(rows).i32_add().local_tee(AT);
    to.global_set(0);
    to.local_get(AT).local_get(end).i32_lt_u().br_if(0);
    to.end().end();
}

/// The call of a row of a round.
fn one(to: &mut InstructionSink<'_>, ty: &FuncType, layout: &Layout, row: u64) {
    let results = ty.results().iter().zip(layout.results());
    let is_one = ty.results().len() == 1;
    if is_one {
        results.clone().for_each(|(ty, _)| address(to, *ty));
    }
    for (ty, place) in ty.params().iter().zip(layout.args()) {
        address(to, *ty);
        let at = element(*ty, *place, row);
        match ty {
            Type::I64 => to.i64_load(at),
            Type::F32 => to.f32_load(at),
            Type::F64 => to.f64_load(at),
            _ => to.i32_load(at),
        };
    }
    to.local_get(FUNC).call_ref(0);
    if !is_one {
        let locals = (0..ty.results().len()).rev();
        for index in locals {
            to.local_set(RESULTS + index as u32);
        }
    }
    for (index, (ty, place)) in results.enumerate() {
        if !is_one {
            address(to, *ty);
            to.local_get(RESULTS + index as u32);
        }
        let at = element(*ty, *place, row);
        match ty {
            Type::I64 => to.i64_store(at),
            Type::F32 => to.f32_store(at),
            Type::F64 => to.f64_store(at),
            _ => to.i32_store(at),
        };
    }
}

/// Where the round begins in columns of a type.
fn address(to: &mut InstructionSink<'_>, ty: Type) {
    to.local_get(match element_bytes(ty) {
        Some(4) => AT_4,
        _ => AT_8,
    });
}

fn element(ty: Type, place: Place, row: u64) -> MemArg {
    MemArg {
        offset: place.offset as u64 + row * place.size as u64,
        align: if element_bytes(ty) == Some(4) { 2 } else { 3 },
        memory_index: 0,
    }
}
