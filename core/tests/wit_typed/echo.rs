//! Components that give back what they get.

use std::fmt::Debug;

use landbridge::{FromWit, Imports, Instance, Module, Result, ToWit, TypedWitFunc, WitFunc};
use landbridge_worlds::{Encoding, Place, Type, World, text};

/// A component whose function takes these. It gives the one, or a tuple of all.
pub(crate) fn world(params: &[Type], through_host: bool) -> World {
    let params = params
        .iter()
        .zip('a'..)
        .map(|(ty, name)| (name.to_string(), ty.clone()));
    World {
        seed: 0,
        number: 0,
        params: params.collect(),
        place: Place::Interface {
            package: "t:t".to_owned(),
            version: None,
        },
        encoding: Encoding::Utf8,
        through_host,
        post_return: true,
    }
}

pub(crate) fn instance(params: &[Type], through_host: bool, imports: &Imports) -> Result<Instance> {
    Module::new(text(&world(params, through_host)))?.instantiate(imports)
}

/// Its function.
pub(crate) fn echo(params: &[Type]) -> WitFunc {
    let instance = instance(params, false, &Imports::new()).unwrap();
    instance.wit_func("t:t/api#echo").unwrap()
}

/// Values come back as they went, from the component, and from a closure that it asks for them.
pub(crate) fn both_ways<T>(ty: Type, values: impl IntoIterator<Item = T>)
where
    T: ToWit + FromWit + Clone + PartialEq + Debug + 'static,
{
    let alone = echo(std::slice::from_ref(&ty)).typed::<(T,), T>().unwrap();
    let mut imports = Imports::new();
    imports.wit_typed("t:t/host", "echo", |it: T| it);
    let asked = instance(&[ty], true, &imports).unwrap();
    let asked: TypedWitFunc<(T,), T> = asked.typed_wit_func("t:t/api#echo").unwrap();
    for value in values {
        assert_eq!(alone.call((value.clone(),)).unwrap(), value);
        assert_eq!(asked.call((value.clone(),)).unwrap(), value);
    }
}
