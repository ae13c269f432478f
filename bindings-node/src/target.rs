//! Targets: the function objects of JavaScript, what they call, and the fast path of a call.

use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, Func, FuncType, Result, Slot, Type};
use napi_sys as sys;

use crate::addon::Hook;
use crate::env::{Env, Js};
use crate::guard::{CallbackInfo, enter, quietly};
use crate::js::{get, run};
use crate::object::shown;
use crate::side::Side;
use crate::slot::{lift_slot, lower_slot, refusal};

/// The most arguments and results of the fast path; more take room on the heap.
const FEW: usize = 8;

/// What a function object calls.
pub(crate) struct Target {
    pub(crate) func: Func,
    pub(crate) side: Arc<Side>,
    pub(crate) params: Box<[Type]>,
    /// The first of them, at hand for the fast path.
    first: [Type; FEW],
    result: Option<Type>,
}

/// Marks function objects of this addon.
const TAG: sys::napi_type_tag = sys::napi_type_tag {
    lower: 0x6c61_6e64_6272_6964,
    upper: 0x6765_2066_756e_6374,
};

/// The function object of a function: the one that is there, or a new one.
pub(crate) fn into_js(env: Env, side: &Arc<Side>, func: &Func) -> Result<Js> {
    match side.known(env, func) {
        Some(known) => Ok(known),
        None => make(env, side, func),
    }
}

fn make(env: Env, side: &Arc<Side>, func: &Func) -> Result<Js> {
    let target = Box::into_raw(Box::new(Target {
        side: side.clone(),
        params: func.ty().params().into(),
        first: first(func.ty().params()),
        result: func.ty().results().first().copied(),
        func: func.clone(),
    }));
    let made = object(env, func, target.cast(), side.addon.call_any);
    // SAFETY: on failure nobody has the box: it is wrapped by the last step that can fail.
    let object = made.inspect_err(|_| drop(unsafe { Box::from_raw(target) }))?;
    let weak = env.reference(object, true)?;
    side.funcs
        .borrow_mut()
        .insert(func.identity().clone(), weak);
    let length = env.number(func.ty().params().len() as f64)?;
    let hook = side.addon.hook(env, Hook::Adopt)?;
    env.call(hook, &[object, side.state(env)?, length])?;
    Ok(object)
}

fn first(params: &[Type]) -> [Type; FEW] {
    let mut first = [Type::I32; FEW];
    first.iter_mut().zip(params).for_each(|(to, ty)| *to = *ty);
    first
}

/// Makes the object, which owns `target` once this has succeeded.
fn object(env: Env, func: &Func, target: *mut c_void, call_any: sys::napi_callback) -> Result<Js> {
    // It is shown wherever the function is, so a guest's choice must not steer a terminal.
    let shown = landbridge::text::name(func.name());
    let (name, length) = (shown.as_ptr().cast(), shown.len() as isize);
    let callback = callback(func.ty()).or(call_any);
    let object = get!(
        env,
        napi_create_function(name, length, callback, target),
        ptr::null_mut()
    )?;
    run!(env, napi_type_tag_object(object, &TAG))?;
    let none = ptr::null_mut();
    run!(
        env,
        napi_wrap(object, target, Some(release), none, ptr::null_mut())
    )?;
    Ok(object)
}

/// Frees the target of a function object that was collected.
unsafe extern "C" fn release(raw: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    quietly(|| {
        // SAFETY: `make` gave this box to this object, which is finalised once; Node.js calls
        // finalizers with the environment of this thread.
        let (env, target) = unsafe { (Env::new(raw), Box::from_raw(data.cast::<Target>())) };
        let id = target.func.identity();
        let mut funcs = target.side.funcs.borrow_mut();
        // A younger object of the same function may have taken the place.
        if funcs.get(id).is_some_and(|known| known.get(env).is_none()) {
            funcs.remove(id);
        }
        drop(funcs);
    });
}

/// The function behind a function object, if it is one of this addon.
pub(crate) fn of(env: Env, object: Js) -> Option<Func> {
    Some(target(env, object)?.func.clone())
}

pub(crate) fn target(env: Env, object: Js) -> Option<&'static Target> {
    if !get!(env, napi_check_object_type_tag(object, &TAG), false).ok()? {
        return None;
    }
    let data = get!(env, napi_unwrap(object), ptr::null_mut()).ok()?;
    // SAFETY: only `object` sets this tag, right before it wraps a target; the object is in the
    // open scope, and what is returned is used only there.
    Some(unsafe { &*data.cast::<Target>() })
}

/// The callback for a signature of plain values: one for each number of arguments, so that nothing
/// is counted.
fn callback(ty: &FuncType) -> sys::napi_callback {
    if !ty.is_plain() || ty.results().len() > 1 {
        return None;
    }
    match ty.params().len() {
        0 => Some(few::<0, 1>),
        1 => Some(few::<1, 1>),
        2 => Some(few::<2, 2>),
        3 => Some(few::<3, 3>),
        4 => Some(few::<4, 4>),
        5 => Some(few::<5, 5>),
        6 => Some(few::<6, 6>),
        7 => Some(few::<7, 7>),
        FEW => Some(few::<FEW, FEW>),
        _ => None,
    }
}

/// The arguments of a call: how many came, and the target.
///
/// # Safety
/// `raw` and `info` must be those of a callback that was made with a [`Target`].
#[inline(always)]
pub(crate) unsafe fn arguments<'a>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
    args: &mut [Js],
) -> (usize, Option<&'a Target>) {
    let (mut count, mut data) = (args.len(), ptr::null_mut());
    let this = ptr::null_mut();
    // SAFETY: `args` has room for `count` values. The target lives as long as its function object,
    // which is on the stack of this call.
    unsafe {
        sys::napi_get_cb_info(raw, info, &mut count, args.as_mut_ptr(), this, &mut data);
        (count, data.cast::<Target>().as_ref())
    }
}

/// A call of a plain function with `N` arguments and at most one result, which take `S` slots.
unsafe extern "C" fn few<const N: usize, const S: usize>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
) -> Js {
    let mut args = [ptr::null_mut(); N];
    // SAFETY: Node.js gives the environment of this thread; `object` gave a target.
    let (env, (count, target)) = unsafe { (Env::new(raw), arguments(raw, info, &mut args)) };
    enter(env, || match target {
        Some(target) if count == N => target.call_few::<N, S>(env, args),
        target => Err(miscounted(env, target, count, &args)),
    })
}

/// The arguments are those that there was room for.
#[cold]
pub(crate) fn miscounted(env: Env, target: Option<&Target>, count: usize, args: &[Js]) -> Error {
    let checked = target.map(|target| target.func.check_count(count));
    match checked {
        Some(Err(error)) => with_text(env, error, args),
        _ => Error::new(ErrorKind::Internal, "a function object without a function"),
    }
}

/// Whoever gives a text may have meant one argument by it.
#[cold]
pub(crate) fn with_text(env: Env, error: Error, args: &[Js]) -> Error {
    let is_text = |arg: &Js| {
        let kind = (!arg.is_null()).then(|| env.kind(*arg).ok()).flatten();
        kind == Some(sys::ValueType::napi_string)
    };
    match args.iter().any(is_text) {
        true => error.with_text_given(),
        false => error,
    }
}

impl Target {
    #[inline(always)]
    fn call_few<const N: usize, const S: usize>(&self, env: Env, args: [Js; N]) -> Result<Js> {
        let mut slots = [Slot::zero(); S];
        for i in 0..N {
            let ty = self.first[i];
            if lower_slot(env, args[i], ty, &mut slots[i]).is_none() {
                return Err(refusal(env, args[i], ty, &self.func.argument_place(i)));
            }
        }
        let called = self.func.call_raw(&mut slots);
        called.map_err(|error| shown(env, &self.side, error))?;
        match self.result {
            Some(ty) => lift_slot(env, &slots[0], ty),
            None => Ok(ptr::null_mut()),
        }
    }
}

/// What the function object of an argument calls.
pub(crate) fn argument(call: &CallbackInfo, index: usize) -> Result<&'static Target> {
    let (env, object) = (call.env, call.args[index]);
    (env.kind(object)? == sys::ValueType::napi_function)
        .then(|| target(env, object))
        .flatten()
        .ok_or_else(|| Error::new(ErrorKind::Type, "expected a Func"))
}
