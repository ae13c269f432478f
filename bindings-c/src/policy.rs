//! Policies
//!
//! What guests may touch besides their imports: folders, environment variables, arguments, a clock,
//! random numbers, the network. A new policy grants nothing; add to it what guests need. You may use
//! it for any number of stores, and change it in between: a store has what was granted when it was
//! made.
//!
//! A guest that asks for more gets an error of WASI: it is not there, or not permitted.

use std::ffi::{c_char, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};

use landbridge::{Access, Clock, Error, ErrorKind, Policy, Random, Result, given};

use crate::error::lb_error_t;
use crate::guard::{guard, guard_new, guard_release, guard_same};
use crate::handle::lb_policy_t;
use crate::noun::{Noun, noun};
use crate::out::Out;
use crate::read::{array, path_of, text};
use crate::text::give_text;

noun!(lb_policy_t, "policy", Mutex<Policy>);

/// What guests may do with a folder and all that is in it: one of the LB_ACCESS_ numbers.
pub type lb_access_t = u32;

/// Look and read.
pub const LB_ACCESS_READ: lb_access_t = 1;
/// Make, write, rename and remove as well.
pub const LB_ACCESS_WRITE: lb_access_t = 2;

fn lock(policy: &Mutex<Policy>) -> MutexGuard<'_, Policy> {
    policy.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a policy grants now.
pub(crate) fn now(policy: lb_policy_t) -> Result<Policy> {
    Ok(lock(&*policy.get()?).clone())
}

/// Grants something more. A grant that fails changes nothing: whether it does hangs on what is
/// granted alone, so it is tried on a policy that is empty, and none is copied.
pub(crate) fn change(policy: lb_policy_t, grant: impl Fn(Policy) -> Result<Policy>) -> Result<()> {
    let policy = policy.get()?;
    grant(Policy::none())?;
    let mut policy = lock(&policy);
    *policy = grant(std::mem::take(&mut *policy))?;
    Ok(())
}

fn access_of(number: lb_access_t) -> Result<Access> {
    match number {
        LB_ACCESS_READ => Ok(Access::Read),
        LB_ACCESS_WRITE => Ok(Access::Write),
        other => Err(Error::new(
            ErrorKind::Type,
            format!("{other} is no LB_ACCESS_ number"),
        )),
    }
}

/// Makes a policy that grants nothing. The caller releases it.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_new(policy: Out<lb_policy_t>) -> *mut lb_error_t {
    guard_new(policy, || Ok(Mutex::new(Policy::none())))
}

/// Makes a policy that grants the real clock and secure random numbers, which most programs need to start;
/// see lb_run(). The caller releases it.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_new_program(policy: Out<lb_policy_t>) -> *mut lb_error_t {
    guard_new(policy, || Ok(Mutex::new(Policy::program())))
}

/// Grants a folder of the host, under the name that guests see, such as "/data". It is opened when a
/// module that asks for WASI is instantiated, which is LB_KIND_IO if it is not there. The kernel's file
/// systems below it, such as /proc and /sys, are not given, unless this is a folder inside of one.
///
/// Errors: LB_KIND_TYPE if access is no LB_ACCESS_ number or a text has a zero byte inside (C0 80),
/// LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_dir(
    policy: lb_policy_t,
    guest: *const c_char,
    host: *const c_char,
    access: lb_access_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    guard(|| unsafe {
        let (guest, host, access) = (text(guest, "guest")?, path_of(host)?, access_of(access)?);
        change(policy, |it| it.with_dir(&*guest, &host, access))
    })
}

/// A file of a folder in memory.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lb_file_t {
    /// Its path inside of the folder, with "/", such as "a/b.txt".
    pub path: *const c_char,
    /// What is in it, which is copied; may be NULL if it is empty.
    pub bytes: *const c_void,
    /// How many bytes there are.
    pub length: usize,
}

impl lb_file_t {
    /// # Safety
    /// Its members are NULL or what the header asks for.
    unsafe fn read(&self) -> Result<(String, Vec<u8>)> {
        // SAFETY: the caller's promise is ours.
        unsafe {
            let path = text(self.path, "the path of a file")?.into_owned();
            let bytes = array(self.bytes.cast::<u8>(), self.length, "bytes")?;
            Ok((path, bytes.to_vec()))
        }
    }
}

/// Grants a folder that each store makes for itself, in memory where the system has a place for
/// that, with these count files in it at the start; it is gone with the store. The folders that
/// they are in are made. Of two files of one path the later one counts.
///
/// Errors: LB_KIND_TYPE if a path is absolute or leads out, or is that of a file and of a folder,
/// or if access is no LB_ACCESS_ number; LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_memory_dir(
    policy: lb_policy_t,
    guest: *const c_char,
    files: *const lb_file_t,
    count: usize,
    access: lb_access_t,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL, texts and as many files as said.
    guard(|| unsafe {
        let (guest, access) = (text(guest, "guest")?, access_of(access)?);
        let files = array(files, count, "files")?.iter();
        let files = files.map(|file| file.read()).collect::<Result<Vec<_>>>()?;
        change(policy, |it| {
            it.with_memory_dir(&*guest, files.clone(), access)
        })
    })
}

/// Grants to see a variable of the environment, with this value, whatever the process's own is.
///
/// Errors: LB_KIND_TYPE if the name is empty or has a "=", or a text has a zero byte inside (C0 80) or is
/// not UTF-8; LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_env(
    policy: lb_policy_t,
    name: *const c_char,
    value: *const c_char,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or texts.
    guard(|| unsafe {
        let name = text(name, "the name of a variable")?;
        let value = text(value, &given::variable(&name))?;
        change(policy, |it| it.with_env(&*name, &*value))
    })
}

/// Gives the count arguments that a program sees, its name first, in place of those it had.
///
/// Errors: LB_KIND_TYPE if one has a zero byte inside (C0 80) or is not UTF-8; LB_KIND_CLOSED if the
/// policy was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_args(
    policy: lb_policy_t,
    args: *const *const c_char,
    count: usize,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or as many texts as said.
    guard(|| unsafe {
        let args = array(args, count, "args")?.iter().enumerate();
        let args = args.map(|(i, arg)| text(*arg, &given::argument(i)));
        let args = args.collect::<Result<Vec<_>>>()?;
        change(policy, |it| it.with_args(args.clone()))
    })
}

/// Grants no clock, as it is at the start: asking for the time is an error of WASI, and the times of
/// files are 0. A clock that is not the host's tells its own time for theirs.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_clock_none(policy: lb_policy_t) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_clock(Clock::None))))
}

/// Grants the host's clock.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_clock_real(policy: lb_policy_t) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_clock(Clock::Real))))
}

/// Grants a clock that stands, at so many nanoseconds since 1970.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_clock_fixed(policy: lb_policy_t, at_ns: u64) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_clock(Clock::Fixed(at_ns)))))
}

/// Grants a clock that starts at so many nanoseconds since 1970, and goes on by step_ns each time it
/// is asked.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_clock_stepped(
    policy: lb_policy_t,
    start_ns: u64,
    step_ns: u64,
) -> *mut lb_error_t {
    let (start, step) = (start_ns, step_ns);
    guard(|| {
        change(policy, |it| {
            Ok(it.with_clock(Clock::Stepped { start, step }))
        })
    })
}

/// Grants no random numbers, as it is at the start: asking for some is an error of WASI.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_random_none(policy: lb_policy_t) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_random(Random::None))))
}

/// Grants random numbers of the operating system.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_random_secure(policy: lb_policy_t) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_random(Random::Secure))))
}

/// Grants random numbers that are the same each time, from a seed. They are not for secrets.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_random_seed(policy: lb_policy_t, seed: u64) -> *mut lb_error_t {
    guard(|| change(policy, |it| Ok(it.with_random(Random::Seeded(seed)))))
}

/// Makes a policy of what both grant: never wider than either. A folder must be the same one in
/// both, one in memory must have the same files, and each keeps the lesser access; of clocks and
/// random numbers the lesser one counts, and none of two that are told apart by their numbers; a
/// variable must have the same value in both, and so must the arguments. Of networks, ports and
/// names what is in both is left. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if one of the policies was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_restrict(
    policy: lb_policy_t,
    by: lb_policy_t,
    restricted: Out<lb_policy_t>,
) -> *mut lb_error_t {
    guard_new(restricted, || {
        Ok(Mutex::new(now(policy)?.restrict(&now(by)?)))
    })
}

/// Whether everything that the other policy grants is granted here. What only several grants of the
/// network grant together, such as two ranges of ports that meet, counts as not granted. False if
/// either is no handle of a policy.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_allows(policy: lb_policy_t, other: lb_policy_t) -> bool {
    guard_same(|| Ok(now(policy)?.allows(&now(other)?)))
}

/// Whether both grant the same. False if either is no handle of a policy.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_same(policy: lb_policy_t, other: lb_policy_t) -> bool {
    guard_same(|| Ok(now(policy)? == now(other)?))
}

/// Makes a policy of its own that grants the same. The caller releases it.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_clone(policy: lb_policy_t, clone: Out<lb_policy_t>) -> *mut lb_error_t {
    guard_new(clone, || Ok(Mutex::new(now(policy)?)))
}

/// Writes the policy as JSON, the same bytes in every host language, to a buffer of size bytes, cut
/// short and ended by a zero byte as snprintf does. length (or NULL) receives the whole length without
/// the zero byte.
///
/// Errors: LB_KIND_CLOSED if the policy was released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_to_json(
    policy: lb_policy_t,
    json: *mut c_char,
    size: usize,
    length: Out<usize>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    guard(|| unsafe {
        give_text(&now(policy)?.to_json(), json, size, length);
        Ok(())
    })
}

/// Reads a policy from JSON. Keys that are not there grant nothing. The caller releases it.
///
/// Errors: LB_KIND_TYPE, saying which key is unknown or wrong.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_from_json(
    json: *const c_char,
    policy: Out<lb_policy_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(policy, || {
            Ok(Mutex::new(Policy::from_json(&text(json, "json")?)?))
        })
    }
}

/// Reads a policy from a file of JSON. The caller releases it.
///
/// Errors: LB_KIND_IO if the file cannot be read, else as lb_policy_from_json().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lb_policy_from_file(
    path: *const c_char,
    policy: Out<lb_policy_t>,
) -> *mut lb_error_t {
    // SAFETY: the caller passes NULL or what the header asks for.
    unsafe {
        guard_new(policy, || {
            Ok(Mutex::new(Policy::from_file(path_of(path)?)?))
        })
    }
}

/// Releases the handle. Stores keep what they were made with.
///
/// Errors: LB_KIND_CLOSED if it was released before.
#[unsafe(no_mangle)]
pub extern "C" fn lb_policy_release(policy: lb_policy_t) -> *mut lb_error_t {
    guard_release(policy)
}
