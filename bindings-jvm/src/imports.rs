//! Imports: what Java lends, and host functions as the core calls them.

use std::sync::{Arc, OnceLock};

use jni::sys::{jclass, jint, jlong, jlongArray, jobject, jobjectArray, jstring, jvalue};
use landbridge::{
    Error, ErrorKind, Func, FuncType, Global as WasmGlobal, HostContext, HostFunc, Imports, Memory,
    Result, Slot, Table, Tag, Value, handle,
};

use crate::env::{Env, Global, Weak};
use crate::guard::guard;
use crate::instance::{self, insert_extern};
use crate::load::classes;
use crate::value::{bits_of, insert, lift, lower, signature_numbers, slot_of, type_of};
use crate::{module, sandbox, store};

/// Instantiates a module, in a store of its own and closed in by `sandbox` if `store` is zero.
///
/// `names` holds module and name of each item; `items` a sort and a number for each: for a host
/// function (sort 0) its index at the lender, for a plain value (sort -1) its type, else a handle.
/// Sort 9 lends a whole instance, and sort -2 says that `_initialize` is not called. The arrays hold the plain values, in their order.
pub(crate) extern "system" fn instantiate(
    env: Env,
    _: jclass,
    module: jlong,
    store: jlong,
    sandbox: jlong,
    lender: jobject,
    names: jobjectArray,
    items: jlongArray,
    bits: jlongArray,
    objects: jobjectArray,
) -> jlong {
    guard(env, || {
        let module = module::get(module)?;
        let imports = imports(env, lender, (names, items), (bits, objects))?;
        insert(
            "instance",
            match store {
                0 => module.instantiate_with(&imports, &*sandbox::get(sandbox)?)?,
                store => store::get(store)?.instantiate(&module, &imports)?,
            },
        )
    })
}

/// The arrays are those of [`instantiate`].
pub(crate) fn imports(
    env: Env,
    lender: jobject,
    (names, items): (jobjectArray, jlongArray),
    values: (jlongArray, jobjectArray),
) -> Result<Imports> {
    let mut imports = Imports::new();
    let mut room = vec![0; env.length(items)];
    if room.is_empty() {
        return Ok(imports);
    }
    env.read_longs(items, &mut room)?;
    let lender = Arc::new(Weak::new(env, lender)?);
    let mut values = plain_values(env, &room, values)?.into_iter();
    for (i, item) in room.chunks_exact(2).enumerate() {
        let module = name_at(env, names, 2 * i)?;
        let name = name_at(env, names, 2 * i + 1)?;
        match item[0] {
            UNINITIALIZED => imports.initialize(false),
            VALUE => imports.value(&module, &name, values.next().ok_or_else(no_value)?),
            sort => lend(&mut imports, &lender, (&module, &name), sort, item[1])?,
        };
    }
    Ok(imports)
}

/// The sort of a plain value among what is lent.
const VALUE: jlong = -1;

/// The sort of what says that `_initialize` is not called.
const UNINITIALIZED: jlong = -2;

fn plain_values(
    env: Env,
    items: &[jlong],
    (bits, objects): (jlongArray, jobjectArray),
) -> Result<Vec<Value>> {
    let plain = items.chunks_exact(2).filter(|item| item[0] == VALUE);
    let types = plain.map(|item| type_of(item[1] as jint));
    lower(env, &types.collect::<Result<Vec<_>>>()?, bits, objects)
}

fn no_value() -> Error {
    Error::new(ErrorKind::Internal, "a value that is lent is missing")
}

fn name_at(env: Env, names: jobjectArray, index: usize) -> Result<String> {
    let name = env.element(names, index)?;
    let text = env.text(name);
    env.forget(name);
    text
}

fn lend<'a>(
    imports: &'a mut Imports,
    lender: &Arc<Weak>,
    (module, name): (&str, &str),
    sort: jlong,
    item: jlong,
) -> Result<&'a mut Imports> {
    let id = item as u64;
    Ok(match sort {
        0 => imports.host_func(module, name, Arc::new(LentFunc::new(lender, item as jint))),
        1 => imports.define(module, name, (*handle::get::<Func>(id, "func")?).clone()),
        2 => imports.define(
            module,
            name,
            (*handle::get::<Memory>(id, "memory")?).clone(),
        ),
        3 => imports.define(module, name, (*handle::get::<Table>(id, "table")?).clone()),
        4 => imports.define(
            module,
            name,
            (*handle::get::<WasmGlobal>(id, "global")?).clone(),
        ),
        5 => imports.define(module, name, (*handle::get::<Tag>(id, "tag")?).clone()),
        _ => imports.instance(module, &*instance::get(item)?)?,
    })
}

/// A function that Java lends: an index into the lender's table. The lender is held weakly, so that
/// a lambda which captures its own instance can be collected; whoever calls holds it strongly.
pub(crate) struct LentFunc {
    lender: Arc<Weak>,
    /// Negative for a function of any signature, whose index is the complement.
    index: jint,
    /// The signature as Java reads it, made at the first call of a general function.
    ty: OnceLock<(FuncType, Global)>,
}

impl LentFunc {
    pub(crate) fn new(lender: &Arc<Weak>, index: jint) -> LentFunc {
        LentFunc {
            lender: lender.clone(),
            index,
            ty: OnceLock::new(),
        }
    }

    /// At most four arguments, at most one result, all of them numbers: Java has checked that.
    #[inline]
    fn call_primitive(
        &self,
        env: Env,
        ty: &FuncType,
        slots: &mut [Slot],
    ) -> Result<()> {
        let mut args = [jvalue { j: 0 }; 6];
        args[0] = jvalue {
            l: self.lender.raw(),
        };
        args[1] = jvalue { i: self.index };
        for (arg, slot) in args[2..].iter_mut().zip(&slots[..ty.params().len()]) {
            arg.j = slot.as_i64();
        }
        let given = env.call_host(classes().call_primitive, &args)?;
        if let Some(slot) = slots.first_mut() {
            *slot = Slot::from_i64(given);
        }
        Ok(())
    }

    /// Calls the function with the arrays that hold the arguments and take the results.
    fn call_general(
        &self,
        env: Env,
        context: &HostContext<'_>,
        ty: &FuncType,
        (bits, objects): (jlongArray, jobjectArray),
    ) -> Result<()> {
        let fresh;
        let numbers = match self.numbers(env, ty)? {
            Some(numbers) => numbers,
            None => {
                fresh = signature_array(env, ty)?;
                fresh.raw()
            }
        };
        let args = [
            jvalue {
                l: self.lender.raw(),
            },
            jvalue { i: !self.index },
            jvalue {
                j: std::ptr::from_ref(context) as jlong,
            },
            jvalue { l: numbers },
            jvalue { l: bits },
            jvalue { l: objects },
        ];
        env.call_host(classes().call_general, &args)?;
        Ok(())
    }

    /// The kept signature, unless this call has another one: a module may import one name twice.
    fn numbers(&self, env: Env, ty: &FuncType) -> Result<Option<jobject>> {
        if self.ty.get().is_none() {
            let _ = self.ty.set((ty.clone(), signature_array(env, ty)?));
        }
        let kept = self.ty.get().filter(|(kept, _)| kept == ty);
        Ok(kept.map(|(_, numbers)| numbers.raw()))
    }
}

fn signature_array(env: Env, ty: &FuncType) -> Result<Global> {
    let local = env.ints(&signature_numbers(ty))?;
    let array = Global::new(env, local);
    env.forget(local);
    array
}

impl HostFunc for LentFunc {
    fn call(&self, context: &HostContext<'_>, ty: &FuncType, args: &[Value]) -> Result<Vec<Value>> {
        let env = current()?;
        let length = ty.slots();
        let bits = env.longs(&vec![0; 2 * length])?;
        let objects = env.objects(length)?;
        lift(env, args, bits, objects)?;
        self.call_general(env, context, ty, (bits, objects))?;
        let results = lower(env, ty.results(), bits, objects);
        env.forget(bits);
        env.forget(objects);
        results
    }

    fn call_raw(&self, context: &HostContext<'_>, ty: &FuncType, slots: &mut [Slot]) -> Result<()> {
        let env = current()?;
        if self.index >= 0 {
            return self.call_primitive(env, ty, slots);
        }
        let mut room = vec![0; 2 * ty.slots()];
        let args = slots.iter().zip(ty.params()).zip(room.chunks_exact_mut(2));
        args.for_each(|((slot, ty), bits)| bits.copy_from_slice(&bits_of(slot, *ty)));
        let bits = env.longs(&room)?;
        self.call_general(env, context, ty, (bits, std::ptr::null_mut()))?;
        env.read_longs(bits, &mut room[..2 * ty.results().len()])?;
        env.forget(bits);
        let results = slots.iter_mut().zip(ty.results()).zip(room.chunks_exact(2));
        results.for_each(|((slot, ty), bits)| *slot = slot_of(bits, *ty));
        Ok(())
    }
}

pub(crate) fn current() -> Result<Env> {
    let unknown = || Error::new(ErrorKind::Internal, "the JVM does not know this thread");
    Env::current().ok_or_else(unknown)
}

/// The context that Java was lent for one call.
fn context(address: jlong) -> &'static HostContext<'static> {
    // SAFETY: `HostContext.java` passes the address it was called with, on the thread and during
    // the call it was lent for only, and the reference does not outlive the native that made it.
    unsafe { &*(address as *const HostContext<'static>) }
}

pub(crate) extern "system" fn context_name(env: Env, _: jclass, address: jlong) -> jstring {
    guard(env, || env.string(context(address).name()))
}

pub(crate) extern "system" fn context_export(
    env: Env,
    _: jclass,
    address: jlong,
    name: jstring,
    sort: jint,
) -> jlong {
    guard(env, || {
        let name = env.text(name)?;
        let found = context(address).export(&name).ok_or_else(|| {
            let message = format!("the calling instance exports nothing named {name:?}");
            Error::new(ErrorKind::NotFound, message)
        })?;
        insert_extern(&name, found, sort)
    })
}
