//! How much work compiling a component will be: its modules, each by itself, and what joins them. A component in it is laid
//! out anew each time it is instantiated, so a few bytes can ask for any number.

use std::collections::HashMap;

use wasmparser::component_types::{
    ComponentDefinedType, ComponentDefinedTypeId, ComponentFuncTypeId, ComponentValType,
};
use wasmparser::types::TypesRef;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentInstance,
    ComponentOuterAliasKind, ComponentTypeRef, Encoding, Parser, Payload, Validator, WasmFeatures,
};

use super::{Cost, Part, Pass, UNITS_PER_BYTE};
use crate::compiled;

/// Modules and components that may be in a component, at any depth. Tools make a few; what joins many files has some
/// hundreds.
const MOST_PARTS: u64 = 10_000;

/// Components that may be in one another.
const MOST_DEPTH: usize = 100;

/// Something that is laid out: an instance, an alias, an import, an export.
const ITEM: u64 = 4;

/// A function that passes values: code is made for it, for each part of its type.
const PASSAGE: u64 = 150;
const PASSED_PART: u64 = 12;

/// Of a component in the binary format.
pub(super) fn cost(wasm: &[u8]) -> Cost {
    let mut whole = Whole::default();
    whole.cost.expected = wasm.len() as u64 * UNITS_PER_BYTE;
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    // What is not valid is left to the compiler to tell: counting ends there, as compiling does.
    let counted = compiled::checked("component", || {
        for part in Parser::new(0).parse_all(wasm).map_while(|it| it.ok()) {
            if validator.payload(&part).is_err() {
                return;
            }
            if whole.read(part, validator.types(0)).is_err() {
                return;
            }
        }
    });
    drop(counted);
    while let Some(level) = whole.levels.pop() {
        whole.leave(level);
    }
    whole.finish()
}

#[derive(Default)]
struct Whole {
    cost: Cost,
    /// The components that are being read, and the module in the innermost.
    levels: Vec<Level>,
    /// All components, by their numbers.
    laid_out: Vec<LaidOut>,
    /// The components in the order of their ends: none instantiates one that ends later.
    ended: Vec<usize>,
    /// What components may be handed on to others.
    handed_on: Vec<usize>,
    parts: u64,
    modules: u64,
    /// Bytes of the module that comes next.
    bytes: usize,
    /// How many parts types have, with those of their parts; and all types together, without.
    sizes: HashMap<ComponentDefinedTypeId, u64>,
    all_parts: u64,
}

enum Level {
    /// The number of a component, and its components by their indices; none if it is not known which one it is.
    Component(usize, Vec<Option<usize>>),
    Module(Box<Pass>),
}

/// What laying out a component takes.
#[derive(Default)]
struct LaidOut {
    units: u64,
    /// Which components it instantiates.
    instantiated: Vec<usize>,
    /// How many that are not known.
    unknown: u64,
}

impl Whole {
    fn read(
        &mut self,
        payload: Payload<'_>,
        types: Option<TypesRef<'_>>,
    ) -> wasmparser::Result<()> {
        match payload {
            Payload::Version { encoding, .. } => self.enter(encoding),
            Payload::End(_) => {
                if let Some(level) = self.levels.pop() {
                    self.leave(level);
                }
            }
            Payload::ModuleSection {
                unchecked_range, ..
            } => {
                self.bytes = unchecked_range.end - unchecked_range.start;
                let account = self.bytes as u64 * UNITS_PER_BYTE;
                self.cost.expected = self.cost.expected.saturating_sub(account);
            }
            other => match self.levels.last_mut() {
                Some(Level::Module(pass)) => return pass.read(other),
                Some(Level::Component(..)) => return self.part(other, types),
                None => {}
            },
        }
        Ok(())
    }

    /// A part of the innermost component.
    fn part(
        &mut self,
        payload: Payload<'_>,
        types: Option<TypesRef<'_>>,
    ) -> wasmparser::Result<()> {
        match payload {
            Payload::InstanceSection(section) => self.add(section.count()),
            Payload::ComponentCanonicalSection(section) => {
                for func in section {
                    let parts = match func? {
                        CanonicalFunction::Lift { .. } => 0,
                        CanonicalFunction::Lower { func_index, .. } => {
                            types.map_or(0, |types| self.parts_at(types, func_index))
                        }
                        _ => 1,
                    };
                    let units = PASSAGE.saturating_add(parts.saturating_mul(PASSED_PART));
                    self.add_units(units);
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    self.instance(&instance?);
                }
            }
            Payload::ComponentAliasSection(section) => {
                self.add(section.count());
                for alias in section {
                    self.alias(&alias?);
                }
            }
            Payload::ComponentImportSection(section) => {
                self.add(section.count());
                for import in section {
                    if let ComponentTypeRef::Component(_) = import?.ty {
                        self.component(None);
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                self.add(section.count());
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Component {
                        let found = self.known(export.index);
                        self.handed_on.extend(found);
                        self.component(found);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn instance(&mut self, instance: &ComponentInstance<'_>) {
        let given: Vec<_> = match instance {
            ComponentInstance::Instantiate { args, .. } => {
                let given = args.iter();
                given.map(|it| (it.kind, it.index)).collect()
            }
            ComponentInstance::FromExports(exports) => {
                let given = exports.iter();
                given.map(|it| (it.kind, it.index)).collect()
            }
        };
        self.add(given.len() as u32 + 1);
        for (kind, index) in given {
            if kind == ComponentExternalKind::Component {
                let found = self.known(index);
                self.handed_on.extend(found);
            }
        }
        if let ComponentInstance::Instantiate {
            component_index, ..
        } = instance
        {
            let found = self.known(*component_index);
            let Some(laid_out) = self.innermost() else {
                return;
            };
            match found {
                Some(found) => laid_out.instantiated.push(found),
                None => laid_out.unknown += 1,
            }
        }
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            ComponentAlias::InstanceExport {
                kind: ComponentExternalKind::Component,
                ..
            } => self.component(None),
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::Component,
                count,
                index,
            } => {
                let level = self.levels.iter().rev().nth(*count as usize);
                let found = match level {
                    Some(Level::Component(_, known)) => known.get(*index as usize).copied(),
                    _ => None,
                };
                self.component(found.flatten());
            }
            _ => {}
        }
    }

    /// The innermost component has one more component.
    fn component(&mut self, which: Option<usize>) {
        if let Some(Level::Component(_, known)) = self.levels.last_mut() {
            known.push(which);
        }
    }

    /// Which component the innermost one knows by this index.
    fn known(&self, index: u32) -> Option<usize> {
        match self.levels.last() {
            Some(Level::Component(_, known)) => known.get(index as usize).copied().flatten(),
            _ => None,
        }
    }

    fn innermost(&mut self) -> Option<&mut LaidOut> {
        match self.levels.last() {
            Some(Level::Component(number, _)) => self.laid_out.get_mut(*number),
            _ => None,
        }
    }

    fn add(&mut self, items: u32) {
        self.add_units(u64::from(items) * ITEM);
    }

    fn add_units(&mut self, units: u64) {
        if let Some(laid_out) = self.innermost() {
            laid_out.units = laid_out.units.saturating_add(units);
        }
    }

    fn enter(&mut self, encoding: Encoding) {
        match encoding {
            Encoding::Module => self
                .levels
                .push(Level::Module(Box::new(Pass::new(self.bytes)))),
            Encoding::Component => {
                let number = self.laid_out.len();
                self.component(Some(number));
                self.laid_out.push(LaidOut::default());
                self.levels.push(Level::Component(number, Vec::new()));
            }
        }
        self.parts += 1;
        let most = |what, most| format!("this component has more than {most} {what}");
        let parts = self.parts > MOST_PARTS;
        let deep = self.levels.len() > MOST_DEPTH;
        let parts = parts.then(|| most("modules and components in it", MOST_PARTS));
        let deep = deep.then(|| most("components in one another", MOST_DEPTH as u64));
        self.cost.too_much(parts.or(deep));
    }

    /// Adds what a module costs beyond what its own bytes account for: a large one does not make room for another.
    fn leave(&mut self, level: Level) {
        let pass = match level {
            Level::Module(pass) => pass,
            Level::Component(component, _) => return self.ended.push(component),
        };
        let number = self.modules;
        self.modules += 1;
        let mut of = pass.finish();
        let why = of.too_much.take();
        self.cost
            .too_much(why.map(|it| format!("in module {number}, {it}")));
        self.cost.units = self.cost.units.saturating_add(of.excess());
        if of.most.units > self.cost.most.units {
            self.cost.most = Part {
                name: format!("{} of module {number}", of.most.name),
                ..of.most
            };
        }
    }

    /// Adds what laying out the outermost component takes.
    fn finish(mut self) -> Cost {
        // A component that is handed on may be any of those that are; it is of a simpler type than what takes it, so that
        // there are at most so many steps.
        let takers = self.handed_on.iter();
        let takers = takers.filter(|it| self.laid_out[**it].unknown > 0);
        let steps = takers.count() + 1;
        let mut unknown = 0;
        let mut units = Vec::new();
        for _ in 0..=steps {
            units = self.units(unknown);
            let handed_on = self.handed_on.iter().map(|it| units[*it]);
            let most = handed_on.max().unwrap_or(0);
            if most == unknown {
                break;
            }
            unknown = most;
        }
        let units = units.first().copied().unwrap_or(0);
        let instances = self
            .laid_out
            .iter()
            .map(|it| it.instantiated.len())
            .sum::<usize>();
        self.cost.add(units, || {
            let because =
                format!("laying out components, {instances} instances as they are written");
            ("what joins its modules".to_owned(), because)
        });
        self.cost
    }

    /// What laying out each component takes, if one that is not known takes so much.
    fn units(&self, unknown: u64) -> Vec<u64> {
        let mut units = vec![0_u64; self.laid_out.len()];
        for number in &self.ended {
            let it = &self.laid_out[*number];
            let inside = it.instantiated.iter().map(|it| units[*it]);
            let inside = inside.fold(0, u64::saturating_add);
            let given = it.unknown.saturating_mul(unknown);
            units[*number] = it.units.saturating_add(inside).saturating_add(given);
        }
        units
    }

    /// How many parts the type of a function has.
    fn parts_at(&mut self, types: TypesRef<'_>, func: u32) -> u64 {
        let id: ComponentFuncTypeId = types.component_function_at(func);
        let ty = &types[id];
        let all = ty.params.iter().map(|(_, ty)| ty).chain(&ty.result);
        let parts: Vec<u64> = all.map(|ty| self.parts_of(types, ty)).collect();
        let parts = parts.into_iter();
        // Code is made once for each type, however often it is in others.
        parts.fold(1, u64::saturating_add).min(self.all_parts + 1)
    }

    fn parts_of(&mut self, types: TypesRef<'_>, ty: &ComponentValType) -> u64 {
        let ComponentValType::Type(id) = ty else {
            return 1;
        };
        if let Some(size) = self.sizes.get(id) {
            return *size;
        }
        let one = |ty: &Option<ComponentValType>| ty.iter().copied().collect::<Vec<_>>();
        let parts: Vec<ComponentValType> = match &types[*id] {
            ComponentDefinedType::Record(of) => of.fields.values().copied().collect(),
            ComponentDefinedType::Variant(of) => of.cases.values().filter_map(|it| it.ty).collect(),
            ComponentDefinedType::Tuple(of) => of.types.to_vec(),
            ComponentDefinedType::List { element, .. } => vec![*element],
            ComponentDefinedType::Option { ty, .. } => vec![*ty],
            ComponentDefinedType::Result { ok, err, .. } => [one(ok), one(err)].concat(),
            _ => Vec::new(),
        };
        self.all_parts += 1 + parts.len() as u64;
        let parts = parts.iter().map(|ty| self.parts_of(types, ty));
        let size = parts.fold(1, u64::saturating_add);
        self.sizes.insert(*id, size);
        size
    }
}
