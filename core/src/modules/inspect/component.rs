//! Inspection of components.

use wasmparser::{KnownCustom, Parser, Payload, Validator, WasmFeatures};

use super::{Ask, CustomSection, FEATURES, Inspection, invalid, memory, used};
use crate::components::world::{self, Docs};
use crate::cost::Cost;
use crate::{Interface, Result, World, compiled};

/// The features of components beyond those of WIT 0.2 that are told.
const NEWER: &[(WasmFeatures, &str)] = &[
    (WasmFeatures::CM_ASYNC, "component-model-async"),
    (
        WasmFeatures::CM_ASYNC_STACKFUL,
        "component-model-async-stackful",
    ),
    (
        WasmFeatures::CM_MORE_ASYNC_BUILTINS,
        "component-model-more-async-builtins",
    ),
    (WasmFeatures::CM_THREADING, "component-model-threading"),
    (
        WasmFeatures::CM_ERROR_CONTEXT,
        "component-model-error-context",
    ),
    (
        WasmFeatures::CM_FIXED_LENGTH_LISTS,
        "component-model-fixed-length-lists",
    ),
    (WasmFeatures::CM_MAP, "component-model-map"),
    (WasmFeatures::CM_VALUES, "component-model-values"),
    (WasmFeatures::CM_IMPLEMENTS, "component-model-implements"),
    (WasmFeatures::CM64, "component-model-memory64"),
    (WasmFeatures::CM_GC, "component-model-gc"),
];

/// Inspects a component, with a WIT text that was found beside it.
pub(super) fn inspect(wasm: &[u8], beside: Option<&str>) -> Result<Inspection> {
    compiled::checked("component", || {
        let candidates = [FEATURES, NEWER].concat();
        let every = WasmFeatures::WASM1 | WasmFeatures::COMPONENT_MODEL;
        let every = candidates.iter().fold(every, |all, (one, _)| all | *one);
        let types = Validator::new_with_features(every).validate_all(wasm);
        let types = types.map_err(invalid)?;
        let docs = Docs::of_component(wasm, beside);
        let world = world::of_types(wasm, types.as_ref(), docs)?;
        let mut found = Inspection::empty();
        used(wasm, every, &candidates, &mut found.features);
        found.compile_cost = Cost::of(wasm).excess();
        found.asks = asks(&world);
        found.world = Some(world);
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            found.add_part(payload.map_err(invalid)?, &mut depth)?;
        }
        Ok(found)
    })?
}

impl Inspection {
    /// Adds what a part of a component says: of its modules, those that made them, and their memories.
    fn add_part(&mut self, payload: Payload<'_>, depth: &mut usize) -> Result<()> {
        match payload {
            Payload::Version { .. } => *depth += 1,
            Payload::End(_) => *depth -= 1,
            Payload::MemorySection(section) => {
                for ty in section {
                    self.memories.push(memory(ty.map_err(invalid)?));
                }
            }
            Payload::CustomSection(section) => {
                if *depth == 1 {
                    self.custom_sections.push(CustomSection {
                        name: section.name().to_owned(),
                        bytes: section.data().to_owned(),
                    });
                }
                self.read_made(&section, *depth == 1);
            }
            _ => {}
        }
        Ok(())
    }

    /// Each maker and each feature is told once.
    fn read_made(&mut self, section: &wasmparser::CustomSectionReader<'_>, is_outermost: bool) {
        let mut one = Inspection::empty();
        match section.as_known() {
            KnownCustom::ComponentName(names) if is_outermost => {
                for name in names.into_iter().flatten() {
                    if let wasmparser::ComponentName::Component { name, .. } = name {
                        self.name = Some(name.to_owned());
                    }
                }
            }
            KnownCustom::Name(_) => {}
            _ => one.read_known(section),
        }
        let new = one.producers.into_iter();
        let new = new.filter(|it| !self.producers.contains(it));
        let new: Vec<_> = new
            .take(MOST_MAKERS.saturating_sub(self.producers.len()))
            .collect();
        self.producers.extend(new);
        let new = one.target_features.into_iter();
        let new = new.filter(|it| !self.target_features.contains(it));
        let left = MOST_MAKERS.saturating_sub(self.target_features.len());
        let new: Vec<_> = new.take(left).collect();
        self.target_features.extend(new);
    }
}

/// So many are told of all modules in a component: each is compared with those before.
const MOST_MAKERS: usize = 1000;

/// What is asked for by interfaces of WASI 0.2, by how their names and functions begin. The first that fits counts.
const ASKS: &[(&str, &str, &str)] = &[
    ("wasi:cli/environment", "get-arguments", "args"),
    ("wasi:cli/environment", "", "env"),
    ("wasi:cli/stdin", "", "stdin"),
    ("wasi:cli/exit", "", "exit"),
    ("wasi:cli/", "", "streams"),
    ("wasi:clocks/", "", "clock"),
    ("wasi:random/", "", "random"),
    ("wasi:filesystem/", "", "files"),
    ("wasi:io/poll", "", "poll"),
    ("wasi:io/", "", "streams"),
    ("wasi:sockets/", "", "sockets"),
    ("wasi:http/", "", "http"),
];

fn asks(world: &World) -> Vec<Ask> {
    let mut asks: Vec<_> = Ask::ALL.map(|what| (what, Vec::new())).into();
    let mut add = |interface: &Interface, func: &str| {
        let fits = |(of, start, _): &&(&str, &str, &str)| {
            interface.name.starts_with(of) && func.starts_with(start)
        };
        let found = ASKS.iter().find(fits).map(|(_, _, what)| *what);
        let place = asks.iter_mut().find(|(what, _)| Some(*what) == found);
        if let Some((_, functions)) = place {
            functions.push(match func {
                "" => interface.name.to_string(),
                _ => format!("{}#{func}", interface.name),
            });
        }
    };
    for interface in world.imported().filter(|it| it.name.starts_with("wasi:")) {
        // One without functions has resources that others take.
        if interface.funcs.is_empty() {
            add(interface, "");
        }
        interface
            .funcs
            .iter()
            .for_each(|func| add(interface, &func.name));
    }
    let asks = asks
        .into_iter()
        .filter(|(_, functions)| !functions.is_empty());
    asks.map(|(what, functions)| Ask { what, functions })
        .collect()
}
