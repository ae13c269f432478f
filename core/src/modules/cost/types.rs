//! What the types of a module cost, and how many values each has.

use wasmparser::{BlockType, CompositeInnerType, FieldType, RecGroup, ValType};

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
    /// How many of them are references.
    pub(super) param_refs: u64,
    pub(super) result_refs: u64,
}

impl Shape {
    pub(super) fn values(self) -> u64 {
        self.params + self.results
    }
}

fn refs_of(types: &[ValType]) -> u64 {
    types.iter().filter(|ty| ty.is_reference_type()).count() as u64
}

/// The types of a module and what has them.
#[derive(Default)]
pub(super) struct Types {
    shapes: Vec<Shape>,
    signatures: u64,
    values: u64,
    fields: u64,
    /// Of each type, whether its parameters are references, or its fields.
    refs: Vec<Box<[bool]>>,
    /// Whether globals are references.
    pub(super) globals: Vec<bool>,
    /// The type of each function, imported ones first.
    pub(super) functions: Vec<u32>,
    pub(super) imported: usize,
    /// The type of each tag.
    pub(super) tags: Vec<u32>,
}

impl Types {
    pub(super) fn add(&mut self, group: &RecGroup) {
        for ty in group.types() {
            let is_ref = |field: &FieldType| field.element_type.unpack().is_reference_type();
            let (shape, refs): (_, Box<[bool]>) = match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    let shape = Shape {
                        params: ty.params().len() as u64,
                        results: ty.results().len() as u64,
                        param_refs: refs_of(ty.params()),
                        result_refs: refs_of(ty.results()),
                    };
                    self.signatures += 1;
                    self.values += shape.values();
                    (
                        shape,
                        ty.params().iter().map(ValType::is_reference_type).collect(),
                    )
                }
                CompositeInnerType::Struct(ty) => {
                    let params = ty.fields.len() as u64;
                    self.fields += params;
                    let refs: Box<[bool]> = ty.fields.iter().map(is_ref).collect();
                    let shape = Shape {
                        params,
                        results: 1,
                        param_refs: refs.iter().filter(|it| **it).count() as u64,
                        result_refs: 1,
                    };
                    (shape, refs)
                }
                CompositeInnerType::Array(ty) => (Shape::default(), [is_ref(&ty.0)].into()),
                CompositeInnerType::Cont(_) => Default::default(),
            };
            self.refs.push(refs);
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

    /// Whether a parameter or a field is a reference.
    pub(super) fn is_ref(&self, ty: u32, at: u32) -> bool {
        let refs = self.refs.get(ty as usize);
        refs.is_some_and(|refs| refs.get(at as usize) == Some(&true))
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
            BlockType::Type(ty) => Shape {
                results: 1,
                result_refs: u64::from(ty.is_reference_type()),
                ..Shape::default()
            },
            BlockType::FuncType(ty) => self.of(ty),
        }
    }
}
