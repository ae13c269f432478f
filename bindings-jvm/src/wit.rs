//! Components: their descriptions, functions and resources, values as text, and what is wrong with one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jni::sys::{jint, jlong};
use landbridge::host::wit::{self, WrongValue};
use landbridge::{Error, ErrorKind, Instance, Module, Result, Store, WitFrame, WitFunc, WitType};

use crate::export::context;
use crate::kind::{Kind, insert};
use crate::types::{Here, Objects};
use crate::wit_beside::{Arrays, BLOBS, Lent, each};

/// The description of a component is its module's; zero if it is none.
pub(crate) fn of_module(module: Arc<Module>) -> Result<jlong> {
    match module.is_component() {
        true => insert((*module).clone()),
        false => Ok(0),
    }
}

pub(crate) fn of_instance(instance: Arc<Instance>) -> Result<jlong> {
    of_module(Arc::new(instance.module().clone()))
}

pub(crate) fn frame(world: Arc<Module>) -> Result<Vec<u8>> {
    Ok(world.description()?.frame.clone())
}

fn ty(world: &Module, place: jint) -> Result<&WitType> {
    let found = world.description()?.types.get(place as usize);
    found.ok_or_else(|| Error::new(ErrorKind::Internal, "there is no such type"))
}

/// A value from text.
pub(crate) fn parse(
    world: Arc<Module>,
    place: jint,
    text: String,
    beside: Here<Objects>,
) -> Result<Vec<u8>> {
    let ty = ty(&world, place)?;
    let WitFrame { bytes, blobs } = wit::parse(ty, &text)?;
    let mut types = std::iter::once(ty);
    let mut arrays = Arrays::new(beside.env, &mut types);
    for blob in &blobs {
        landbridge::Sink::blob(&mut arrays, blob.as_bytes(), each(blob))?;
    }
    if let Some(array) = arrays.array() {
        beside.set(BLOBS, array.it.0)?;
    }
    Ok(bytes)
}

/// The text of a value.
pub(crate) fn format(
    world: Arc<Module>,
    place: jint,
    bytes: Vec<u8>,
    beside: Here<Objects>,
) -> Result<String> {
    let blobs = beside.get(BLOBS)?;
    let blobs = match blobs.is_null() {
        true => Vec::new(),
        false => {
            let blobs = beside.env.here(Objects(blobs));
            Lent(blobs).all(blobs.env.length(blobs.it.0))?
        }
    };
    wit::format(ty(&world, place)?, &mut WitFrame { bytes, blobs })
}

/// The full name of an exported function.
pub(crate) fn find(instance: Arc<Instance>, name: String) -> Result<String> {
    if !instance.module().is_component() {
        instance.wit_func(&name)?; // Says that it is none.
    }
    let world = instance.module().world();
    let world = world.ok_or_else(|| Error::new(ErrorKind::Internal, "there is no world"))?;
    let found = world.find(&name)?;
    Ok(match found.interface {
        Some(interface) => format!("{interface}#{}", found.name),
        None => found.name.to_string(),
    })
}

pub(crate) fn func(instance: Arc<Instance>, name: String) -> Result<WitFunc> {
    instance.wit_func(&name)
}

/// Throws if the function does not take so many arguments.
pub(crate) fn count(func: Arc<WitFunc>, given: jint) -> Result<()> {
    func.check_count(given as usize)
}

/// Negative if the name means another interface.
pub(crate) fn interface_fits(given: String, full: String) -> Result<jint> {
    Ok(wit::interface_fits(&given, &full).map_or(-1, |rank| rank as jint))
}

pub(crate) fn same_store(a: Arc<Store>, b: Arc<Store>) -> Result<bool> {
    Ok(a.same(&b))
}

/// The store of the host function that Java is in.
pub(crate) fn store_of(address: jlong) -> Result<Store> {
    Ok(context(address).store().clone())
}

/// A resource that Java has.
pub(crate) struct Held {
    store: Store,
    number: u64,
    /// Whether nobody lets go of it here: it is lent, or it was closed.
    is_settled: AtomicBool,
    is_own: bool,
}

impl Kind for Held {
    const KIND: &'static str = "resource";
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.is_settled.load(Ordering::Relaxed) {
            self.store.drop_resource(self.number);
        }
    }
}

pub(crate) fn resource(store: Arc<Store>, number: jlong, is_own: bool) -> Result<Held> {
    Ok(Held {
        store: (*store).clone(),
        number: number as u64,
        is_settled: AtomicBool::new(!is_own),
        is_own,
    })
}

pub(crate) fn is_there(resource: Arc<Held>) -> Result<bool> {
    resource.store.has_resource(resource.number)
}

pub(crate) fn close(resource: Arc<Held>) -> Result<()> {
    if resource.is_own {
        resource.store.close_resource(resource.number)?;
        resource.is_settled.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// Throws what is wrong with a value: a sort of `Wrong.java`, as core numbers them.
pub(crate) fn wrong(
    place: String,
    sort: jint,
    a: String,
    b: String,
    c: String,
    known: Here<Objects>,
) -> Result<()> {
    let names = known.texts()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wrong = WrongValue::numbered(sort as u32, [&a, &b, &c], &names);
    Err(wit::wrong_value(&place, wrong))
}
