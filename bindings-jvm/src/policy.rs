//! Policy: put together and taken apart.

use std::sync::Arc;

use jni::sys::{jboolean, jclass, jlong, jlongArray, jobjectArray, jstring};
use landbridge::{Access, Clock, Dir, MemoryDir, Policy, Random, Result, given, handle};

use crate::env::Env;
use crate::guard::guard;
use crate::value::insert;

pub(crate) fn get(policy: jlong) -> Result<Arc<Policy>> {
    handle::get(policy as u64, "policy")
}

/// A new policy, made of one that stays as it is.
pub(crate) fn change(
    env: Env,
    policy: jlong,
    what: impl FnOnce(Policy) -> Result<Policy>,
) -> jlong {
    guard(env, || insert("policy", what((*get(policy)?).clone())?))
}

pub(crate) extern "system" fn none(env: Env, _: jclass) -> jlong {
    guard(env, || insert("policy", Policy::none()))
}

pub(crate) extern "system" fn with_dir(
    env: Env,
    _: jclass,
    policy: jlong,
    guest: jstring,
    host: jstring,
    writable: jboolean,
) -> jlong {
    change(env, policy, |policy| {
        let (guest, host) = (folder(env, guest)?, env.text(host)?);
        policy.with_dir(guest, host, access(writable))
    })
}

/// The name that guests see.
fn folder(env: Env, name: jstring) -> Result<String> {
    env.text_named(name, || "the name of a folder".to_owned())
}

fn access(writable: jboolean) -> Access {
    match writable {
        true => Access::Write,
        false => Access::Read,
    }
}

/// Paths and contents of files are in the same order.
pub(crate) extern "system" fn with_memory_dir(
    env: Env,
    _: jclass,
    policy: jlong,
    guest: jstring,
    paths: jobjectArray,
    contents: jobjectArray,
    writable: jboolean,
) -> jlong {
    change(env, policy, |policy| {
        let files = env.texts(paths)?.into_iter().zip(env.contents(contents)?);
        policy.with_memory_dir(folder(env, guest)?, files, access(writable))
    })
}

pub(crate) extern "system" fn with_env(
    env: Env,
    _: jclass,
    policy: jlong,
    name: jstring,
    value: jstring,
) -> jlong {
    change(env, policy, |policy| {
        let name = env.text_named(name, || "the name of a variable".to_owned())?;
        let value = env.text_named(value, || given::variable(&name))?;
        policy.with_env(name, value)
    })
}

pub(crate) extern "system" fn with_args(
    env: Env,
    _: jclass,
    policy: jlong,
    args: jobjectArray,
) -> jlong {
    change(env, policy, |policy| {
        policy.with_args(env.texts_named(args, given::argument)?)
    })
}

/// The numbers of sorts and what they say are those of `GuestClock.java`.
pub(crate) extern "system" fn with_clock(
    env: Env,
    _: jclass,
    policy: jlong,
    sort: jlong,
    start: jlong,
    step: jlong,
) -> jlong {
    let (start, step) = (start as u64, step as u64);
    change(env, policy, |policy| {
        Ok(policy.with_clock(match sort {
            0 => Clock::None,
            1 => Clock::Fixed(start),
            2 => Clock::Stepped { start, step },
            _ => Clock::Real,
        }))
    })
}

fn clock_numbers(clock: Clock) -> [jlong; 3] {
    match clock {
        Clock::None => [0; 3],
        Clock::Fixed(at) => [1, at as jlong, 0],
        Clock::Stepped { start, step } => [2, start as jlong, step as jlong],
        Clock::Real => [3, 0, 0],
    }
}

/// The numbers of sorts are those of `GuestRandom.java`.
pub(crate) extern "system" fn with_random(
    env: Env,
    _: jclass,
    policy: jlong,
    sort: jlong,
    seed: jlong,
) -> jlong {
    change(env, policy, |policy| {
        Ok(policy.with_random(match sort {
            0 => Random::None,
            1 => Random::Seeded(seed as u64),
            _ => Random::Secure,
        }))
    })
}

fn random_numbers(random: Random) -> [jlong; 2] {
    match random {
        Random::None => [0; 2],
        Random::Seeded(seed) => [1, seed as jlong],
        Random::Secure => [2, 0],
    }
}

pub(crate) extern "system" fn from_json(env: Env, _: jclass, text: jstring) -> jlong {
    guard(env, || {
        insert("policy", Policy::from_json(&env.text(text)?)?)
    })
}

pub(crate) extern "system" fn from_file(env: Env, _: jclass, path: jstring) -> jlong {
    guard(env, || {
        insert("policy", Policy::from_file(env.text(path)?)?)
    })
}

pub(crate) extern "system" fn to_json(env: Env, _: jclass, policy: jlong) -> jstring {
    guard(env, || env.string(&get(policy)?.to_json()))
}

pub(crate) extern "system" fn restrict(env: Env, _: jclass, policy: jlong, by: jlong) -> jlong {
    change(env, policy, |policy| Ok(policy.restrict(&*get(by)?)))
}

pub(crate) extern "system" fn allows(env: Env, _: jclass, policy: jlong, other: jlong) -> jboolean {
    guard(env, || Ok(get(policy)?.allows(&*get(other)?)))
}

pub(crate) extern "system" fn same(env: Env, _: jclass, a: jlong, b: jlong) -> jboolean {
    guard(env, || Ok(get(a)? == get(b)?))
}

/// Name, path and access (null if it can be written) of each folder, one after the other.
pub(crate) extern "system" fn dirs(env: Env, _: jclass, policy: jlong) -> jobjectArray {
    guard(env, || {
        let policy = get(policy)?;
        let array = env.objects(3 * policy.dirs().len())?;
        for (i, (name, dir)) in policy.dirs().iter().enumerate() {
            put_dir(env, array, 3 * i, name, dir)?;
        }
        Ok(array)
    })
}

fn put_dir(env: Env, array: jobjectArray, at: usize, name: &str, dir: &Dir) -> Result<()> {
    env.put(array, at, env.string(name)?)?;
    env.put(array, at + 1, env.string(&dir.path.to_string_lossy())?)?;
    put_access(env, array, at + 2, dir.access)
}

fn put_access(env: Env, array: jobjectArray, at: usize, access: Access) -> Result<()> {
    match access {
        Access::Read => env.put(array, at, env.string("read")?),
        Access::Write => Ok(()),
    }
}

/// Name, files and access (null if it can be written) of each folder in memory, one after the other.
pub(crate) extern "system" fn memory_dirs(env: Env, _: jclass, policy: jlong) -> jobjectArray {
    guard(env, || {
        let policy = get(policy)?;
        let array = env.objects(3 * policy.memory_dirs().len())?;
        for (i, (name, dir)) in policy.memory_dirs().iter().enumerate() {
            env.put(array, 3 * i, env.string(name)?)?;
            env.put(array, 3 * i + 1, files(env, dir)?)?;
            put_access(env, array, 3 * i + 2, dir.access())?;
        }
        Ok(array)
    })
}

/// Path and content of each, one after the other.
fn files(env: Env, dir: &MemoryDir) -> Result<jobjectArray> {
    let array = env.objects(2 * dir.files().len())?;
    for (i, (path, content)) in dir.files().iter().enumerate() {
        env.put(array, 2 * i, env.string(path)?)?;
        env.put(array, 2 * i + 1, env.bytes(content)?)?;
    }
    Ok(array)
}

/// Name and value of each variable, one after the other.
pub(crate) extern "system" fn variables(env: Env, _: jclass, policy: jlong) -> jobjectArray {
    guard(env, || {
        let policy = get(policy)?;
        let texts = policy.env().iter();
        let texts = texts.flat_map(|(name, value)| [name, value]);
        env.strings(&texts.collect::<Vec<_>>())
    })
}

pub(crate) extern "system" fn args(env: Env, _: jclass, policy: jlong) -> jobjectArray {
    guard(env, || env.strings(get(policy)?.args()))
}

pub(crate) extern "system" fn clock(env: Env, _: jclass, policy: jlong) -> jlongArray {
    guard(env, || env.longs(&clock_numbers(get(policy)?.clock())))
}

pub(crate) extern "system" fn random(env: Env, _: jclass, policy: jlong) -> jlongArray {
    guard(env, || env.longs(&random_numbers(get(policy)?.random())))
}
