//! A guest with its host, and calls of it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use landbridge::{
    GuestResource, HostResource, Instance, Module, Resource, Result, WitFunc, WitValue,
};

use crate::office::Office;

/// A component that somebody built.
pub(crate) struct Guest {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
    /// Whether code of the guest runs when the host lets go of a resource.
    pub(crate) hears_of_close: bool,
}

/// An instance of a guest, with a host of its own.
pub(crate) struct Shop {
    instance: Instance,
    pub(crate) office: Arc<Office>,
}

/// A file of the tree.
pub(crate) fn tree(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

impl Guest {
    /// Loaded once in the process: those in JavaScript and Python take seconds to compile.
    fn module(&self) -> Module {
        static LOADED: Mutex<Vec<(&str, Module)>> = Mutex::new(Vec::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, module)) = loaded.iter().find(|(name, _)| *name == self.name) {
            return module.clone();
        }
        let bytes = std::fs::read(tree(self.file)).unwrap_or_else(|e| {
            let name = self.name;
            panic!(
                "{}: {e}; `make -C examples/components {name}` builds it",
                self.file
            )
        });
        let module = Module::new(bytes).unwrap_or_else(|e| panic!("{}: {e}", self.file));
        loaded.push((self.name, module.clone()));
        module
    }

    pub(crate) fn open(&self) -> Shop {
        let office = Arc::new(Office::default());
        let instance = self.module().instantiate(&Office::imports(&office));
        Shop {
            instance: instance.unwrap_or_else(|e| panic!("{}: {e}", self.name)),
            office,
        }
    }
}

impl Shop {
    pub(crate) fn func(&self, name: &str) -> WitFunc {
        let func = self.instance.wit_func(name);
        func.unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub(crate) fn try_call(&self, name: &str, args: &[WitValue]) -> Result<Option<WitValue>> {
        self.func(name).call(args)
    }

    /// What a function gives that gives something.
    pub(crate) fn call(&self, name: &str, args: &[WitValue]) -> WitValue {
        let given = self.try_call(name, args);
        let given = given.unwrap_or_else(|e| panic!("{name}: {e}"));
        given.unwrap_or_else(|| panic!("{name} gave nothing"))
    }

    /// The same, with text for what is given.
    pub(crate) fn told(&self, name: &str, args: &[WitValue]) -> String {
        self.call(name, args).to_text()
    }

    /// A basket with so many pens, of 1.20 each.
    pub(crate) fn basket(&self, owner: &str, pens: u16) -> GuestResource {
        let WitValue::Resource(Resource::Guest(basket)) =
            self.call("orders#basket", &[owner.into()])
        else {
            panic!("a basket is a resource of the guest")
        };
        if pens > 0 {
            let args = [value(&basket), self.product(), pens.into()];
            assert_eq!(
                self.call("orders#basket.add", &args),
                u32::from(pens).into()
            );
        }
        basket
    }

    pub(crate) fn product(&self) -> WitValue {
        let echo = self.func("echo#echo-product");
        WitValue::parse(&echo.ty().params[0].ty, PEN).expect("a product")
    }

    /// How many baskets the guest says that there are.
    pub(crate) fn count(&self) -> WitValue {
        self.call("orders#basket.count", &[])
    }
}

pub(crate) const PEN: &str = r#"{sku: "P", name: "Pen", unit: piece, marks: {sharp}, price: 120, weight: 9, stock: 40, rating: 3.25, place: (1, 'A'), replaced-by: none}"#;

/// A handle, as an argument.
pub(crate) fn value(it: &GuestResource) -> WitValue {
    Resource::Guest(it.clone()).into()
}

pub(crate) fn guests(value: WitValue) -> GuestResource {
    match value {
        WitValue::Resource(Resource::Guest(it)) => it,
        other => panic!("{other:?} is no resource of a guest"),
    }
}

pub(crate) fn hosts(value: WitValue) -> HostResource {
    match value {
        WitValue::Resource(Resource::Host(it)) => it,
        other => panic!("{other:?} is no resource of the host"),
    }
}
