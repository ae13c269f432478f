//! What compiling a component will take: its modules, each as one by itself, and what joins them.

use wasmparser::{Encoding, Parser, Payload};

use super::{Cost, Part, Pass, UNITS_PER_BYTE};

/// Modules and components that may be in a component, at any depth. Tools make a few; what joins many files has some
/// hundreds.
const MOST_PARTS: u64 = 10_000;

/// Components that may be in one another.
const MOST_DEPTH: usize = 100;

/// A function that passes values between modules, or to a host: its code is made for its type.
const PASSAGE: u64 = 64;

/// Of a component in the binary format.
pub(super) fn cost(wasm: &[u8]) -> Cost {
    let mut whole = Whole::default();
    whole.cost.expected = wasm.len() as u64 * UNITS_PER_BYTE;
    for part in Parser::new(0).parse_all(wasm).map_while(|it| it.ok()) {
        if whole.read(part).is_err() {
            break;
        }
    }
    // What is not valid may have no end.
    while let Some(level) = whole.levels.pop() {
        whole.leave(level);
    }
    whole.cost
}

#[derive(Default)]
struct Whole {
    cost: Cost,
    /// The components that are being read, and the module in the innermost.
    levels: Vec<Level>,
    parts: u64,
    modules: u64,
    /// Bytes of the module that comes next.
    bytes: usize,
}

enum Level {
    Component,
    Module(Box<Pass>),
}

impl Whole {
    fn read(&mut self, payload: Payload<'_>) -> wasmparser::Result<()> {
        match payload {
            Payload::Version { encoding, .. } => self.enter(encoding),
            Payload::ModuleSection {
                unchecked_range, ..
            } => {
                self.bytes = (unchecked_range.end - unchecked_range.start) as usize;
                let account = self.bytes as u64 * UNITS_PER_BYTE;
                self.cost.expected = self.cost.expected.saturating_sub(account);
            }
            Payload::ComponentCanonicalSection(section) => {
                let count = u64::from(section.count());
                let because = format!("{count} functions that pass values");
                let named = || ("the canonical section".to_owned(), because);
                self.cost.add(count * PASSAGE, named);
            }
            Payload::End(_) => {
                if let Some(level) = self.levels.pop() {
                    self.leave(level);
                }
            }
            other => {
                if let Some(Level::Module(pass)) = self.levels.last_mut() {
                    return pass.read(other);
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, encoding: Encoding) {
        self.levels.push(match encoding {
            Encoding::Module => Level::Module(Box::new(Pass::new(self.bytes))),
            Encoding::Component => Level::Component,
        });
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
        let Level::Module(pass) = level else {
            return;
        };
        let number = self.modules;
        self.modules += 1;
        let mut of = pass.finish();
        let told = |what: &str| format!("{what} of module {number}");
        self.cost.too_much(
            of.too_much
                .take()
                .map(|it| format!("in module {number}, {it}")),
        );
        let excess = of.excess();
        self.cost.units = self.cost.units.saturating_add(excess);
        if of.most.units > self.cost.most.units {
            self.cost.most = Part {
                name: told(&of.most.name),
                ..of.most
            };
        }
    }
}
