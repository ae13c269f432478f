//! What the types of a module cost, and how many values each has.

use wasmparser::{BlockType, CompositeInnerType, RecGroup};

/// A type in the engine's registry.
const TYPE: u64 = 8;
/// A function type: code is made for calls of it that leave the guest.
const SIGNATURE: u64 = 48;
/// A parameter or a result there.
pub(super) const VALUE: u64 = 8;
/// Fields that make one unit.
const FIELDS: u64 = 4;

/// How many values a type takes and gives. A struct takes its fields.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    pub(super) params: u64,
    pub(super) results: u64,
}

impl Shape {
    pub(super) fn values(self) -> u64 {
        self.params + self.results
    }
}

/// The types of a module and what has them.
#[derive(Default)]
pub(super) struct Types {
    shapes: Vec<Shape>,
    signatures: u64,
    values: u64,
    fields: u64,
    /// The type of each function, imported ones first.
    pub(super) functions: Vec<u32>,
    pub(super) imported: usize,
    /// The type of each tag.
    pub(super) tags: Vec<u32>,
    /// How many tables are imported.
    pub(super) tables: u32,
}

impl Types {
    pub(super) fn add(&mut self, group: &RecGroup) {
        for ty in group.types() {
            let shape = match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    let shape = Shape {
                        params: ty.params().len() as u64,
                        results: ty.results().len() as u64,
                    };
                    self.signatures += 1;
                    self.values += shape.values();
                    shape
                }
                CompositeInnerType::Struct(ty) => {
                    let params = ty.fields.len() as u64;
                    self.fields += params;
                    Shape { params, results: 1 }
                }
                CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => Shape::default(),
            };
            self.shapes.push(shape);
        }
    }

    pub(super) fn cost(&self) -> (u64, String) {
        let Types {
            shapes,
            signatures,
            values,
            fields,
            ..
        } = self;
        let units =
            shapes.len() as u64 * TYPE + signatures * SIGNATURE + values * VALUE + fields / FIELDS;
        (
            units,
            format!("{signatures} function types with {values} values"),
        )
    }

    /// What is not there has no values: the module is not valid.
    pub(super) fn of(&self, ty: u32) -> Shape {
        self.shapes.get(ty as usize).copied().unwrap_or_default()
    }

    pub(super) fn of_function(&self, function: u32) -> Shape {
        self.functions
            .get(function as usize)
            .map_or(Shape::default(), |ty| self.of(*ty))
    }

    pub(super) fn of_tag(&self, tag: u32) -> Shape {
        self.tags
            .get(tag as usize)
            .map_or(Shape::default(), |ty| self.of(*ty))
    }

    pub(super) fn of_block(&self, ty: BlockType) -> Shape {
        match ty {
            BlockType::Empty => Shape::default(),
            BlockType::Type(_) => Shape {
                params: 0,
                results: 1,
            },
            BlockType::FuncType(ty) => self.of(ty),
        }
    }
}
