//! Each component of a file is loaded, whatever the file says of it.

use std::path::Path;

use landbridge::{Engine, ErrorKind, Imports, Inspection, Module, Store};
use wast::{QuoteWat, QuoteWatTest, WastDirective, WastExecute};

/// How many were loaded, how many refused, and how many the text format's own crate would not write down.
pub(crate) fn run(engine: &Engine, name: &str, path: &Path) -> [usize; 3] {
    let counts = crate::read(path, |text, wast| {
        let mut counts = [0; 3];
        for directive in wast.directives {
            let line = directive.span().linecol_in(text).0 + 1;
            let Some(mut component) = component(directive) else {
                continue;
            };
            let test = component.to_test();
            let bytes = match test {
                Ok(QuoteWatTest::Binary(bytes) | QuoteWatTest::Text(bytes)) => bytes,
                Err(_) => {
                    counts[2] += 1;
                    continue;
                }
            };
            counts[usize::from(!load(engine, &format!("{name}:{line}"), &bytes))] += 1;
        }
        counts
    });
    // Some files are about what the text format has no more.
    counts.unwrap_or([0, 0, 1])
}

fn component(directive: WastDirective<'_>) -> Option<QuoteWat<'_>> {
    use WastDirective as D;
    match directive {
        D::Module(it) | D::ModuleDefinition(it) => Some(it),
        D::AssertInvalid { module, .. } | D::AssertMalformed { module, .. } => Some(module),
        D::AssertUnlinkable { module, .. } => Some(QuoteWat::Wat(module)),
        D::AssertReturn {
            exec: WastExecute::Wat(it),
            ..
        }
        | D::AssertTrap {
            exec: WastExecute::Wat(it),
            ..
        } => Some(QuoteWat::Wat(it)),
        _ => None,
    }
}

/// What can be loaded can be inspected and tried; what cannot is told by an error of kind `compile`.
fn load(engine: &Engine, at: &str, bytes: &[u8]) -> bool {
    let inspected = Inspection::new(bytes);
    let module = match Module::with_engine(engine, bytes) {
        Ok(module) => module,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Compile, "{at}: {error}");
            assert!(!error.message().is_empty(), "{at}");
            return false;
        }
    };
    inspected.unwrap_or_else(|error| panic!("{at}: it can be loaded, and not inspected: {error}"));
    if let Some(world) = module.world() {
        assert!(!format!("{world:?}").is_empty());
        let names: Vec<_> = world.func_names().collect();
        names
            .iter()
            .for_each(|name| assert!(world.find(name).is_ok(), "{at}: {name}"));
    }
    let store = Store::new(engine).expect("a store");
    if let Err(error) = store.instantiate(&module, &Imports::new()) {
        let kinds = [ErrorKind::Link, ErrorKind::Trap, ErrorKind::Limit];
        assert!(
            kinds.contains(&error.kind()),
            "{at}: {}: {error}",
            error.kind()
        );
    }
    true
}
