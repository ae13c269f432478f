//! Imports: reading what JavaScript lends.

use landbridge::{Extern, ExternType, ImportType, Imports, Module, Result, text};
use napi_sys as sys;

use crate::env::{Env, Js};
use crate::guard::CallbackInfo;
use crate::handle::any;
use crate::host_func::JsFunc;
use crate::sides::Sides;
use crate::target;
use crate::value::lower;

/// Reads what is lent to a module: an array of an item for each of its imports, in their order,
/// `undefined` where there is none; then what was given besides, if something is missing, as an array of
/// objects of names and, inside of a module, its name; then whether `_initialize` is called. For a component the first is as
/// [`crate::wit::lend`] reads it.
pub(crate) fn read(
    call: &CallbackInfo,
    sides: &Sides,
    module: &Module,
    first: usize,
) -> Result<Imports> {
    let (env, items) = (call.env, call.args[first]);
    let mut imports = Imports::new();
    if module.is_component() {
        crate::wit::lend(env, sides, &mut imports, items)?;
    }
    for (i, import) in module.imports().iter().enumerate() {
        define(
            env,
            sides,
            &mut imports,
            import,
            env.element(items, i as u32)?,
        )?;
    }
    if call.given(first + 1)? {
        for name in env.items(call.args[first + 1])? {
            offer(env, &mut imports, name)?;
        }
    }
    imports.initialize(call.flag(first + 2, true)?);
    Ok(imports)
}

fn define(
    env: Env,
    sides: &Sides,
    imports: &mut Imports,
    import: &ImportType,
    given: Js,
) -> Result<()> {
    let (module, name) = (&import.module, &import.name);
    let kind = env.kind(given)?;
    if kind == sys::ValueType::napi_undefined {
        return Ok(());
    }
    match (kind, item(env, given, kind), &import.ty) {
        (_, Some(item), _) => {
            imports.define(module, name, item);
        }
        (sys::ValueType::napi_function, ..) => {
            imports.host_func(module, name, JsFunc::lend(env, sides, given)?);
        }
        (_, None, ExternType::Global(ty)) => {
            let place = || format!("{}.{}", text::name(module), text::name(name));
            let value = lower(env, sides.base(), given, ty.content, &place)?;
            imports.value(module, name, value);
        }
        // `lib/imports.js` refuses a value for anything else.
        _ => {}
    }
    Ok(())
}

/// A name that was given and has no item.
fn offer(env: Env, imports: &mut Imports, given: Js) -> Result<()> {
    let module = env.field(given, c"module")?;
    let module = match env.is_undefined(module)? {
        true => None,
        false => Some(env.shown(module)?),
    };
    imports.offer(module.as_deref(), &env.shown(env.field(given, c"name")?)?);
    Ok(())
}

/// Something of a store; `None` for a function of JavaScript and for a value.
fn item(env: Env, given: Js, kind: sys::napi_valuetype) -> Option<Extern> {
    match kind {
        sys::ValueType::napi_function => target::of(env, given).map(Extern::from),
        _ => crate::export::of(any(env, given)?),
    }
}
