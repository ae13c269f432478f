//! Cost: how much work compiling a module will be, estimated from its bytes before anything is compiled.
//!
//! A few bytes can ask for a lot: a block of a thousand results costs two bytes wherever it is used.
//! What the compiler will have to do is counted in units, one pass over the module, and the engine
//! refuses what costs far more than its size accounts for. A unit is about a microsecond of one core
//! or 250 bytes that are held, whichever is more. The weights were measured; docs/adr/0020 says how.

mod body;
mod component;
mod count;
mod image;
mod operands;
mod scopes;
mod types;
mod weights;

use std::collections::HashMap;

use wasmparser::{
    ConstExpr, DataKind, DataSectionReader, ElementItems, ElementKind, ExternalKind, Operator,
    Parser, Payload, TableInit, TypeRef,
};

use crate::compiled;
use crate::{Error, ErrorKind, Result};
use body::Body;
use image::{Image, constant};
use types::Types;

/// What a memory begins with is laid out as one image when its module is compiled, if at least half of
/// that is data or it is smaller than this. Two bytes far apart would make an image of all between
/// them; they are copied when an instance is made.
pub(crate) const SPARSE_IMAGE_BYTES: u64 = 64 << 10;

/// What a byte of a function accounts for, and any other byte. Most modules cost one or two a byte,
/// and none that was found costs more than this.
const UNITS_PER_CODE_BYTE: u64 = 8;
const UNITS_PER_BYTE: u64 = 2;

/// A function: its context, its code's frame, its place in tables.
const FUNCTION: u64 = 24;
/// A function that can be called from outside or by reference: one more is made for the way in.
const ESCAPE: u64 = 64;
/// An element of a segment that is kept as an expression.
const ELEMENT: u64 = 12;
/// A segment that is not laid out when the module is compiled: code is made that copies it.
const COPIED_DATA: u64 = 128;
const COPIED_ELEMENTS: u64 = 48;
/// A function in such a segment of elements.
const COPIED_ELEMENT: u64 = 24;
/// Elements of a table's image that make one unit: an image begins with the table's first element, and
/// ends with the last one that a segment sets. Tables with longer ones have none.
const IMAGE_ELEMENTS: u64 = 16;
const MOST_IMAGE_ELEMENTS: u64 = 1 << 20;
/// Globals whose values are computed are looked up among one another: this many make one unit.
const COMPUTED_GLOBALS: u64 = 600;

/// What compiling a module will cost.
#[derive(Default)]
pub(crate) struct Cost {
    /// Units of all parts together, and what its bytes account for.
    units: u64,
    expected: u64,
    /// The part that costs most.
    most: Part,
    /// What the compiler does not take whatever it costs.
    too_much: Option<String>,
}

/// A part of a module: what it is called, what it costs, and what makes it cost that.
#[derive(Default)]
struct Part {
    units: u64,
    name: String,
    because: String,
}

impl Cost {
    /// Of a module or a component in the binary format. What is not valid is left to the compiler to tell:
    /// counting ends there, as compiling does.
    pub(crate) fn of(wasm: &[u8]) -> Cost {
        if compiled::is_component(wasm) {
            return component::cost(wasm);
        }
        let mut pass = Pass::new(wasm.len());
        for part in Parser::new(0).parse_all(wasm).map_while(|it| it.ok()) {
            if pass.read(part).is_err() {
                break;
            }
        }
        pass.finish()
    }

    fn add(&mut self, units: u64, part: impl FnOnce() -> (String, String)) {
        self.units = self.units.saturating_add(units);
        if units > self.most.units {
            let (name, because) = part();
            self.most = Part {
                units,
                name,
                because,
            };
        }
    }

    /// The first that is too much is told.
    fn too_much(&mut self, why: Option<String>) {
        if self.too_much.is_none() {
            self.too_much = why;
        }
    }

    /// The units beyond what its bytes account for.
    pub(crate) fn excess(&self) -> u64 {
        self.units.saturating_sub(self.expected)
    }

    /// Refuses what costs so much more than its bytes account for.
    pub(crate) fn check(&self, bound: u64) -> Result<()> {
        if let Some(why) = &self.too_much {
            return Err(Error::new(ErrorKind::Limit, why.clone()));
        }
        let excess = self.excess();
        if excess <= bound {
            return Ok(());
        }
        let Part {
            units,
            name,
            because,
        } = &self.most;
        Err(Error::new(
            ErrorKind::Limit,
            format!(
                "compiling this module costs {excess} units more than its size explains, and at most \
                 {bound} are allowed: {name} costs most, {units}, for {because}; if you trust it, raise \
                 the engine's option compile_cost"
            ),
        ))
    }
}

/// One pass over a module.
#[derive(Default)]
struct Pass {
    cost: Cost,
    types: Types,
    /// Functions that came by in the code section.
    bodies: usize,
    /// Which functions can be called from outside or by reference.
    escapes: Vec<bool>,
    /// Elements of segments, globals that are computed.
    elements: u64,
    computed: u64,
    /// What segments of elements and of data are laid out in.
    tables: Vec<Image>,
    memories: Vec<Image>,
    /// Whether a segment of elements came by that is not laid out: none after it is.
    copied: bool,
    /// The lengths of tables' images.
    images: HashMap<u32, u64>,
    /// All constant expressions, which the engine compiles into one function.
    initialisers: Body,
    /// Used by one function after the other.
    body: Body,
}

/// The name and the reason of a part.
fn named(name: &'static str, because: String) -> impl FnOnce() -> (String, String) {
    move || (name.to_owned(), because)
}

impl Pass {
    /// Of a module of so many bytes.
    fn new(bytes: usize) -> Pass {
        let mut pass = Pass {
            initialisers: Body::of_expressions(),
            ..Pass::default()
        };
        pass.cost.expected = bytes as u64 * UNITS_PER_BYTE;
        pass
    }

    fn read(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.add(&group?);
                }
                let (units, because) = self.types.cost();
                self.cost
                    .add(units, || ("the type section".to_owned(), because));
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.types.functions.push(ty),
                        TypeRef::Tag(tag) => self.types.tags.push(tag.func_type_idx),
                        TypeRef::Global(ty) => {
                            self.types.globals.push(ty.content_type.is_reference_type())
                        }
                        TypeRef::Table(_) => self.tables.push(Image::of(None)),
                        TypeRef::Memory(_) => self.memories.push(Image::of(None)),
                    }
                    self.types.imported = self.types.functions.len();
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.types.functions.push(ty?);
                }
            }
            Payload::TagSection(section) => {
                for tag in section {
                    self.types.tags.push(tag?.func_type_idx);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let table = table?;
                    let mut size = Some(table.ty.initial);
                    if let TableInit::Expr(value) = table.init {
                        let functions = !self.initialise(&value);
                        let laid_out = self.image(self.tables.len() as u32, table.ty.initial);
                        size = size.filter(|_| functions && laid_out);
                    }
                    self.tables.push(Image::of(size));
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(Image::of_memory(&memory?));
                }
            }
            Payload::DataSection(section) => self.data(section)?,
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.types
                        .globals
                        .push(global.ty.content_type.is_reference_type());
                    let computed = self.initialise(&global.init_expr);
                    self.computed += u64::from(computed);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                        self.escape(export.index);
                    }
                }
            }
            Payload::ElementSection(section) => {
                for segment in section {
                    let segment = segment?;
                    self.segment(segment.kind, segment.items)?;
                }
            }
            Payload::CodeSectionEntry(body) => self.function(&body),
            _ => {}
        }
        Ok(())
    }

    fn segment(
        &mut self,
        kind: ElementKind<'_>,
        items: ElementItems<'_>,
    ) -> wasmparser::Result<()> {
        self.elements += ELEMENT;
        if let ElementKind::Active {
            table_index,
            offset_expr,
        } = &kind
        {
            self.initialise(offset_expr);
            let table = table_index.unwrap_or(0);
            let offset = constant(offset_expr);
            let (count, functions) = match &items {
                ElementItems::Functions(functions) => (functions.count(), true),
                ElementItems::Expressions(_, values) => (values.count(), false),
            };
            let fits = match self.tables.get_mut(table as usize) {
                Some(place) => place.fill(offset, u64::from(count)),
                None => false,
            };
            self.copied |=
                !(fits && functions && self.image(table, self.tables[table as usize].end));
            if self.copied {
                self.elements += COPIED_ELEMENTS;
            }
        }
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.escape(function?);
                    self.elements += match kind {
                        // These are laid out as a table when the module is compiled.
                        ElementKind::Active { .. } if self.copied => COPIED_ELEMENT,
                        ElementKind::Active { .. } => 1,
                        _ => ELEMENT,
                    };
                }
            }
            ElementItems::Expressions(_, values) => {
                for value in values {
                    self.initialise(&value?);
                    self.elements += ELEMENT;
                }
            }
        }
        Ok(())
    }

    /// Notes that a table has an image of at least so many elements, if it may be so long.
    fn image(&mut self, table: u32, elements: u64) -> bool {
        if elements > MOST_IMAGE_ELEMENTS {
            return false;
        }
        let most = self.images.entry(table).or_default();
        *most = elements.max(*most);
        true
    }

    /// Segments of data are all laid out, or all copied.
    fn data(&mut self, section: DataSectionReader<'_>) -> wasmparser::Result<()> {
        let (mut segments, mut fit) = (0, true);
        for segment in section {
            let segment = segment?;
            if let DataKind::Active {
                memory_index,
                offset_expr,
            } = &segment.kind
            {
                segments += 1;
                self.initialise(offset_expr);
                fit &= match self.memories.get_mut(*memory_index as usize) {
                    Some(place) => place.fill(constant(offset_expr), segment.data.len() as u64),
                    None => false,
                };
            }
        }
        if !(fit && self.memories.iter().all(Image::is_dense)) {
            self.cost.add(
                segments * COPIED_DATA,
                named(
                    "the data section",
                    format!("{segments} segments, whose places are computed or far apart"),
                ),
            );
        }
        Ok(())
    }

    /// Counts a constant expression; whether it has more than a constant in it.
    fn initialise(&mut self, value: &ConstExpr<'_>) -> bool {
        let mut computed = false;
        let mut operators = value.get_operators_reader().into_iter();
        while let Some(Ok(operator)) = operators.next() {
            match operator {
                Operator::RefFunc { function_index } => self.escape(function_index),
                Operator::End
                | Operator::RefNull { .. }
                | Operator::I32Const { .. }
                | Operator::I64Const { .. }
                | Operator::F32Const { .. }
                | Operator::F64Const { .. }
                | Operator::V128Const { .. } => {}
                _ => {
                    computed = true;
                    self.initialisers.count(&operator, &self.types);
                }
            }
        }
        computed
    }

    fn escape(&mut self, function: u32) {
        let function = function as usize;
        if function < self.types.functions.len() {
            self.escapes.resize(self.types.functions.len(), false);
            self.escapes[function] = true;
        }
    }

    fn function(&mut self, code: &wasmparser::FunctionBody<'_>) {
        let index = self.types.imported + self.bodies;
        self.bodies += 1;
        self.cost.expected += code.range().len() as u64 * (UNITS_PER_CODE_BYTE - UNITS_PER_BYTE);
        self.body.begin(&self.types, index, code.range().len());
        for (count, ty) in code
            .get_locals_reader()
            .into_iter()
            .flatten()
            .map_while(|it| it.ok())
        {
            self.body.declare(count, ty);
        }
        let operators = code.get_operators_reader().into_iter().flatten();
        for operator in operators.map_while(|it| it.ok()) {
            if let Operator::RefFunc { function_index } = operator {
                self.escape(function_index);
            }
            self.body.count(&operator, &self.types);
        }
        let why = self.body.too_much();
        self.cost
            .too_much(why.map(|why| format!("function {index} {why}")));
        let (units, because) = self.body.cost();
        self.cost.add(units + FUNCTION, || {
            (format!("function {index}"), because.to_string())
        });
    }

    fn finish(mut self) -> Cost {
        let why = self.initialisers.too_much();
        self.cost
            .too_much(why.map(|why| format!("what globals, tables and segments begin with {why}")));
        let (units, because) = self.initialisers.cost();
        self.cost.add(units, || {
            (
                "what globals, tables and segments begin with".to_owned(),
                because.to_string(),
            )
        });
        let elements = self.elements;
        self.cost.add(
            elements,
            named(
                "the element section",
                format!("its elements at {ELEMENT} each"),
            ),
        );
        let images: u64 = self.images.values().sum();
        self.cost.add(
            images / IMAGE_ELEMENTS,
            named(
                "the element section",
                format!("tables with {images} elements, set or not"),
            ),
        );
        let n = self.computed;
        self.cost.add(
            n.saturating_mul(n) / COMPUTED_GLOBALS,
            named(
                "the global section",
                format!("{n} globals that are computed x {n}"),
            ),
        );
        let mut escapes = (0, 0);
        for (function, _) in self
            .escapes
            .iter()
            .enumerate()
            .filter(|(_, escapes)| **escapes)
        {
            let values = self.types.of_function(function as u32).values();
            escapes = (escapes.0 + 1, escapes.1 + values);
        }
        let (functions, values) = escapes;
        self.cost.add(
            functions * ESCAPE + values * types::VALUE,
            named(
                "the way in",
                format!("{functions} functions that can be called from outside, {values} values"),
            ),
        );
        self.cost
    }
}
