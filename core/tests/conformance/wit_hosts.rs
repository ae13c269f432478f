//! The host functions of components that a case may ask for.

use std::sync::Arc;

use landbridge::{
    Error, ErrorKind, HostContext, Imports, Result, WitContext, WitFrame, WitFuncType, WitHost,
    WitType, WitValue,
};
use serde_json::Value as Json;

use crate::step::Step;
use crate::wit::arguments;
use crate::wit_values::{close, err, keep, told, value_or_none};
use crate::world::{Done, Stop, World, wrong};

/// Lends what an entry of `imports` says, if it is about components.
pub(crate) fn lend(world: &Arc<World>, step: &Step<'_>, imports: &mut Imports) -> Done<bool> {
    let module = step.text("module")?;
    if let Some(resource) = step.text_or_none("resource")? {
        imports.wit_resource(module, resource);
        return Ok(true);
    }
    let Some(json) = step.get("wit") else {
        return Ok(false);
    };
    let does = check(json)?.to_owned();
    let (world, json) = (world.clone(), json.clone());
    imports.wit(
        module,
        step.text("name")?,
        Arc::new(Told { world, json, does }),
    );
    Ok(true)
}

/// What it does, if all of its keys are known.
fn check(json: &Json) -> Done<&str> {
    let step = Step::new(json)?;
    let does = step.text("does")?;
    let keys: &[&str] = match does {
        "give" => &["result"],
        "echo" => &[],
        "record" => &["result"],
        "keep" => &["names", "result"],
        "fail" => &["payload"],
        "throw" => &["exception"],
        "call" => &["instance", "func", "args"],
        "call_caught" => &["instance", "func", "args", "result"],
        "drop" => &["resource", "result"],
        "close" | "cancel" => &["target", "result"],
        other => return wrong(format!("no host function does {other:?}")),
    };
    for key in keys.iter().chain(&["async"]) {
        step.get(key);
    }
    step.end()?;
    Ok(does)
}

/// A host function as the case describes it.
struct Told {
    world: Arc<World>,
    json: Json,
    does: String,
}

impl WitHost for Told {
    fn call(
        &self,
        context: &WitContext<'_>,
        ty: &WitFuncType,
        args: &mut WitFrame,
    ) -> Result<WitFrame> {
        let call = |_: &HostContext<'_>, args: &[WitValue]| {
            self.act(ty, args).map_err(|stop| match stop {
                Stop::Failed(error) => error,
                Stop::Wrong(why) => Error::new(ErrorKind::Internal, why),
            })
        };
        WitHost::call(&call, context, ty, args)
    }
}

impl Told {
    fn act(&self, ty: &WitFuncType, args: &[WitValue]) -> Done<Option<WitValue>> {
        let (world, step) = (&self.world, Step::new(&self.json)?);
        match &*self.does {
            "echo" => {
                return Ok(match args {
                    [] => None,
                    [one] => Some(one.clone()),
                    all => Some(WitValue::Tuple(all.to_vec())),
                });
            }
            "record" => {
                let told = args.iter().map(told).collect();
                world.shared.wit_log.lock().unwrap().push(told);
            }
            "keep" => keep(world, args, step.list("names")?)?,
            "fail" => return self.fail(ty, &step),
            "throw" => {
                let name = step.text("exception")?;
                return Err(Error::host(name, world.exception(name)).into());
            }
            "call" => return self.call(&step, args),
            "call_caught" => {
                if let Ok(given) = self.call(&step, args) {
                    return Ok(given);
                }
            }
            "drop" => close(&world.resource(step.text("resource")?)?)?,
            "close" => crate::run::close(world, step.text("target")?)?,
            "cancel" => crate::limits::store(world, step.text("target")?)?.cancel(),
            _ => {}
        }
        let json = step.get("result").unwrap_or(&Json::Null);
        value_or_none(world, ty.result.as_ref(), json)
    }

    fn call(&self, step: &Step<'_>, own: &[WitValue]) -> Done<Option<WitValue>> {
        let instance = self.world.instance(step.text("instance")?)?;
        let func = instance.wit_func(step.text("func")?)?;
        let args = match step.get("args") {
            None => own.to_vec(),
            Some(_) => arguments(&self.world, func.ty(), step.list("args")?)?,
        };
        Ok(func.call(&args)?)
    }

    fn fail<T>(&self, ty: &WitFuncType, step: &Step<'_>) -> Done<T> {
        let result: Option<&WitType> = ty.result.as_ref();
        let payload = value_or_none(&self.world, err(result), step.need("payload")?)?;
        let error = Error::new(ErrorKind::Wit, "a host function gave an err");
        Err(error.with_payload(payload).into())
    }
}
