//! Sides: the JavaScript sides of the stores in which functions are lent and calls are made: of one
//! store, or of all that a pool makes.

use std::cell::RefCell;
use std::sync::Arc;

use landbridge::{AnyRef, Error, Result, Store, Value};

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::object::shown;
use crate::side::Side;

#[derive(Clone)]
pub(crate) enum Sides {
    One(Arc<Side>),
    Pool(Arc<PoolSides>),
}

impl Sides {
    /// The side that keeps what is lent.
    pub(crate) fn base(&self) -> &Arc<Side> {
        match self {
            Sides::One(side) => side,
            Sides::Pool(pool) => &pool.base,
        }
    }

    /// The side of a store; without a store the one that keeps what is lent.
    pub(crate) fn of(&self, env: Env, store: Option<&Store>) -> Result<Arc<Side>> {
        match (self, store) {
            (Sides::Pool(pool), Some(store)) => pool.of(env, store),
            _ => Ok(self.base().clone()),
        }
    }

    /// The side of the store that values are of.
    pub(crate) fn of_values(&self, env: Env, values: &[Value]) -> Result<Arc<Side>> {
        self.of(env, values.iter().find_map(store_of))
    }

    /// As [`shown`].
    pub(crate) fn shown(&self, env: Env, error: Error) -> Error {
        let store = error.exception().map(|it| it.store().clone());
        match self.of(env, store.as_ref()) {
            Ok(side) => shown(env, &side, error),
            Err(failed) => failed,
        }
    }
}

fn store_of(value: &Value) -> Option<&Store> {
    match value {
        Value::FuncRef(Some(func)) => Some(func.store()),
        Value::AnyRef(Some(any)) => store_of_any(any),
        Value::ExternRef(Some(object)) => store_of_any(object.any()?),
        Value::ExnRef(Some(exception)) => Some(exception.store()),
        _ => None,
    }
}

fn store_of_any(any: &AnyRef) -> Option<&Store> {
    match any {
        AnyRef::Object(object) => Some(object.store()),
        _ => None,
    }
}

/// The sides of a pool's stores. Its base keeps the functions that are lent to all of them, and
/// holds their states, so that these live as long as anything of the pool.
pub(crate) struct PoolSides {
    base: Arc<Side>,
    known: RefCell<Vec<(Store, Arc<Side>)>>,
}

// SAFETY: as of `Side`: other threads only hold it, and `known` is used on the environment's.
unsafe impl Send for PoolSides {}
// SAFETY: as above.
unsafe impl Sync for PoolSides {}

impl PoolSides {
    pub(crate) fn new(env: Env, state: Js) -> Result<Arc<PoolSides>> {
        Ok(Arc::new(PoolSides {
            base: Side::new(env, state)?,
            known: RefCell::default(),
        }))
    }

    fn of(&self, env: Env, store: &Store) -> Result<Arc<Side>> {
        let found = self.find(store);
        found.map_or_else(|| self.make(env, store), Ok)
    }

    fn find(&self, store: &Store) -> Option<Arc<Side>> {
        let known = self.known.borrow();
        let found = known.iter().find(|(it, _)| it.same(store));
        found.map(|(_, side)| side.clone())
    }

    /// Makes one, and lets go of those that have ended.
    fn make(&self, env: Env, store: &Store) -> Result<Arc<Side>> {
        let ended = self.take_ended();
        let states = ended.iter().filter_map(|(_, side)| side.state(env).ok());
        let states = env.array(states.map(Ok))?;
        let hook = self.base.addon.hook(env, Hook::PoolState)?;
        let state = env.call(hook, &[self.base.state(env)?, states])?;
        let side = Side::new(env, state)?;
        self.known.borrow_mut().push((store.clone(), side.clone()));
        Ok(side)
    }

    /// Takes those whose stores are closed, and of which nothing is held: what a call gave may
    /// still be on its way.
    fn take_ended(&self) -> Vec<(Store, Arc<Side>)> {
        let known = self.known.take().into_iter();
        let has_ended =
            |(store, side): &(Store, Arc<Side>)| store.is_closed() && Arc::strong_count(side) == 1;
        let (ended, others) = known.partition(has_ended);
        *self.known.borrow_mut() = others;
        ended
    }

    /// Lets go of all: a store holds the functions that were lent to it, and these hold this.
    pub(crate) fn end(&self) {
        drop(self.known.take());
    }
}
