//! Policy: what a guest may touch.

pub(crate) mod network;

use landbridge::{Access, Clock, Error, ErrorKind, Policy, Random, Result, given};

use crate::env::Js;
use crate::guard::{Call, Native};
use crate::handle::Held;
use crate::value::bytes;

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("policyNone", none),
    ("policyFromJson", from_json),
    ("policyFromFile", from_file),
    ("policyWithDir", with_dir),
    ("policyWithMemoryDir", with_memory_dir),
    ("policyWithEnv", with_env),
    ("policyWithArgs", with_args),
    ("policyWithClock", with_clock),
    ("policyWithRandom", with_random),
    ("policyDirs", dirs),
    ("policyMemoryDirs", memory_dirs),
    ("policyEnv", env),
    ("policyArgs", args),
    ("policyClock", clock),
    ("policyRandom", random),
    ("policyRestrict", restrict),
    ("policyAllows", allows),
    ("policySame", same),
    ("policyToJson", to_json),
];

fn into_js(call: &Call, policy: Policy) -> Result<Js> {
    Held::Policy(policy).into_js(call.env)
}

/// `policyNone()`
fn none(call: &Call) -> Result<Js> {
    into_js(call, Policy::none())
}

/// `policyFromJson(text)`
fn from_json(call: &Call) -> Result<Js> {
    into_js(call, Policy::from_json(&call.env.text(call.args[0])?)?)
}

/// `policyFromFile(path)`
fn from_file(call: &Call) -> Result<Js> {
    into_js(call, Policy::from_file(call.env.text(call.args[0])?)?)
}

/// The names of what guests may do with a folder.
const ACCESS: [(&str, Access); 2] = [("read", Access::Read), ("write", Access::Write)];

fn access(name: &str) -> Result<Access> {
    let access = ACCESS.iter().find(|(known, _)| *known == name);
    access.map(|(_, access)| *access).ok_or_else(|| {
        let text = format!("access: expected read or write, got {name}");
        Error::new(ErrorKind::Type, text)
    })
}

fn access_name(access: Access) -> &'static str {
    let known = ACCESS.iter().find(|(_, known)| *known == access);
    known.map_or("", |(name, _)| name)
}

/// The name that guests see.
fn folder(call: &Call, index: usize) -> Result<String> {
    let name = || "the name of a folder".to_owned();
    call.env.text_named(call.args[index], name)
}

/// `policyWithDir(policy, guest, host, access)`
fn with_dir(call: &Call) -> Result<Js> {
    let text = |index: usize| call.env.text(call.args[index]);
    let policy = call.policy(0)?.clone();
    let guest = folder(call, 1)?;
    into_js(call, policy.with_dir(guest, text(2)?, access(&text(3)?)?)?)
}

/// `policyWithMemoryDir(policy, guest, names, contents, access)`, with a `Uint8Array` for each name.
fn with_memory_dir(call: &Call) -> Result<Js> {
    let (env, policy) = (call.env, call.policy(0)?.clone());
    let access = access(&env.text(call.args[4])?)?;
    let contents = env.items(call.args[3])?;
    let names = env.items(call.args[2])?;
    let files = names.into_iter().zip(contents).map(|(name, content)| {
        // SAFETY: the bytes are valid until JavaScript runs again, and copied at once.
        let content = unsafe { &*bytes(env, content)? }.to_vec();
        Ok((env.text(name)?, content))
    });
    let files = files.collect::<Result<Vec<_>>>()?;
    let guest = folder(call, 1)?;
    into_js(call, policy.with_memory_dir(guest, files, access)?)
}

/// `policyWithEnv(policy, name, value)`
fn with_env(call: &Call) -> Result<Js> {
    let (env, policy) = (call.env, call.policy(0)?.clone());
    let name = env.text_named(call.args[1], || "the name of a variable".to_owned())?;
    let value = env.text_named(call.args[2], || given::variable(&name))?;
    into_js(call, policy.with_env(name, value)?)
}

/// `policyWithArgs(policy, args)`
fn with_args(call: &Call) -> Result<Js> {
    let args = call.env.items(call.args[1])?.into_iter().enumerate();
    let args = args.map(|(i, arg)| call.env.text_named(arg, || given::argument(i)));
    let policy = call.policy(0)?.clone();
    into_js(call, policy.with_args(args.collect::<Result<Vec<_>>>()?)?)
}

/// A text, or `None` for `undefined`.
fn word(call: &Call, index: usize) -> Result<Option<String>> {
    match call.given(index)? {
        true => call.env.text(call.args[index]).map(Some),
        false => Ok(None),
    }
}

/// `policyWithClock(policy, word, fixedNs, startNs, stepNs)`, where what is not meant is
/// `undefined`.
fn with_clock(call: &Call) -> Result<Js> {
    let number = |index, name| call.whole_or_none(index, name);
    let (word, fixed) = (word(call, 1)?, number(2, "clock.fixedNs")?);
    let clock = match (
        word.as_deref(),
        fixed,
        number(3, "clock.startNs")?,
        number(4, "clock.stepNs")?,
    ) {
        (Some("none"), ..) => Clock::None,
        (Some("real"), ..) => Clock::Real,
        (None, Some(at), None, None) => Clock::Fixed(at),
        (None, None, Some(start), Some(step)) => Clock::Stepped { start, step },
        _ => {
            let text = "clock: expected none, real, { fixedNs } or { startNs, stepNs }";
            return Err(Error::new(ErrorKind::Type, text));
        }
    };
    into_js(call, call.policy(0)?.clone().with_clock(clock))
}

/// `policyWithRandom(policy, word, seed)`, where what is not meant is `undefined`.
fn with_random(call: &Call) -> Result<Js> {
    let (word, seed) = (word(call, 1)?, call.whole_or_none(2, "random.seed")?);
    let random = match (word.as_deref(), seed) {
        (Some("none"), _) => Random::None,
        (Some("secure"), _) => Random::Secure,
        (None, Some(seed)) => Random::Seeded(seed),
        _ => {
            let text = "random: expected none, secure or { seed }";
            return Err(Error::new(ErrorKind::Type, text));
        }
    };
    into_js(call, call.policy(0)?.clone().with_random(random))
}

/// `policyDirs(policy)`: arrays of the guest's name, the path and the access.
fn dirs(call: &Call) -> Result<Js> {
    let env = call.env;
    env.array(call.policy(0)?.dirs().iter().map(|(name, dir)| {
        let (path, access) = (dir.path.to_string_lossy(), access_name(dir.access));
        env.strings([name.as_str(), &path, access])
    }))
}

/// `policyMemoryDirs(policy)`: arrays of the guest's name, the access, and arrays of names and
/// `Uint8Array`s.
fn memory_dirs(call: &Call) -> Result<Js> {
    let env = call.env;
    let file = |(name, bytes): (&String, &Vec<u8>)| env.array([env.string(name), env.view(bytes)]);
    let dirs = call.policy(0)?.memory_dirs().iter();
    env.array(dirs.map(|(name, dir)| {
        let access = env.string(access_name(dir.access()));
        let files = env.array(dir.files().iter().map(file));
        env.array([env.string(name), access, files])
    }))
}

/// `policyEnv(policy)`: arrays of name and value.
fn env(call: &Call) -> Result<Js> {
    let pairs = call.policy(0)?.env().iter();
    let pairs = pairs.map(|(name, value)| call.env.strings([name.as_str(), value]));
    call.env.array(pairs)
}

/// `policyArgs(policy)`
fn args(call: &Call) -> Result<Js> {
    let args = call.policy(0)?.args().iter();
    call.env.strings(args.map(String::as_str))
}

/// `policyClock(policy)`: a word, or an array of `fixedNs`, or of `startNs` and `stepNs`.
fn clock(call: &Call) -> Result<Js> {
    let env = call.env;
    match call.policy(0)?.clock() {
        Clock::None => env.string("none"),
        Clock::Real => env.string("real"),
        Clock::Fixed(at) => env.array([env.big(at)]),
        Clock::Stepped { start, step } => env.array([env.big(start), env.big(step)]),
    }
}

/// `policyRandom(policy)`: a word or the seed.
fn random(call: &Call) -> Result<Js> {
    match call.policy(0)?.random() {
        Random::None => call.env.string("none"),
        Random::Secure => call.env.string("secure"),
        Random::Seeded(seed) => call.env.big(seed),
    }
}

/// `policyRestrict(policy, by)`
fn restrict(call: &Call) -> Result<Js> {
    into_js(call, call.policy(0)?.restrict(call.policy(1)?))
}

/// `policyAllows(policy, other)`
fn allows(call: &Call) -> Result<Js> {
    call.env.boolean(call.policy(0)?.allows(call.policy(1)?))
}

/// `policySame(policy, other)`
fn same(call: &Call) -> Result<Js> {
    call.env.boolean(call.policy(0)? == call.policy(1)?)
}

/// `policyToJson(policy)`
fn to_json(call: &Call) -> Result<Js> {
    call.env.string(&call.policy(0)?.to_json())
}
