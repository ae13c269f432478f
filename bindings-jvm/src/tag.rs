//! Tag: what tells one sort of exception from another.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jintArray, jlong, jlongArray};
use landbridge::{ExternType, Result, Tag, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::store;
use crate::value::{extern_numbers, insert, type_of};

pub(crate) fn get(tag: jlong) -> Result<Arc<Tag>> {
    handle::get(tag as u64, "tag")
}

pub(crate) extern "system" fn new(env: Env, _: jclass, store: jlong, params: jintArray) -> jlong {
    guard(env, || {
        let params = env.read_ints(params)?.into_iter().map(type_of);
        let params = params.collect::<Result<Vec<_>>>()?;
        insert("tag", Tag::new(&*store::get(store)?, &params)?)
    })
}

pub(crate) extern "system" fn ty(env: Env, _: jclass, tag: jlong) -> jlongArray {
    guard(env, || {
        env.longs(&extern_numbers(&ExternType::Tag(get(tag)?.ty().clone())))
    })
}

pub(crate) extern "system" fn same(env: Env, _: jclass, a: jlong, b: jlong) -> jboolean {
    guard(env, || Ok(get(a)?.same(&*get(b)?)))
}
