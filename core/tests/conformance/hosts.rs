//! The host functions a case may ask for.

use std::sync::Arc;

use landbridge::{Error, ErrorKind, Exception, Extern, HostContext, Result, Value};
use serde_json::Value as Json;

use crate::step::Step;
use crate::values::values;
use crate::world::{Done, Stop, World, wrong};

type Call = Box<dyn Fn(&HostContext<'_>, &[Value]) -> Done<Vec<Value>> + Send + Sync>;

/// A host function as the case describes it.
pub(crate) fn host(
    world: &Arc<World>,
    json: &Json,
) -> Done<impl Fn(&HostContext<'_>, &[Value]) -> Result<Vec<Value>> + Send + Sync + 'static> {
    let call = describe(world.clone(), json)?;
    Ok(move |context: &HostContext<'_>, args: &[Value]| {
        call(context, args).map_err(|stop| match stop {
            Stop::Failed(error) => error,
            Stop::Wrong(why) => Error::new(ErrorKind::Internal, why),
        })
    })
}

fn describe(world: Arc<World>, json: &Json) -> Done<Call> {
    let step = Step::new(json)?;
    let does = step.text("does")?;
    let given = step.list("results")?.to_vec();
    let results = {
        let world = world.clone();
        move || values(&world, &given)
    };
    let call: Call = match does {
        "give" => Box::new(move |_, _| results()),
        "echo" => Box::new(|_, args| Ok(args.to_vec())),
        "add" => Box::new(|_, args| sum(args)),
        "record" => Box::new(move |_, args| {
            world.shared.log.lock().unwrap().push(args.to_vec());
            results()
        }),
        "throw" => {
            let name = step.text("exception")?.to_owned();
            Box::new(move |_, _| Err(Error::host(name.as_str(), world.exception(&name)).into()))
        }
        "throw_tag" => {
            let (tag, name) = (
                step.text("tag")?.to_owned(),
                step.text_or_none("exception")?,
            );
            let (name, payload) = (name.map(str::to_owned), step.list("payload")?.to_vec());
            Box::new(move |_, _| {
                let exception = Exception::new(&world.tag(&tag)?, &values(&world, &payload)?)?;
                if let Some(name) = &name {
                    let mut thrown = world.shared.thrown.lock().unwrap();
                    thrown.insert(name.clone(), exception.clone());
                }
                Err(Error::from(exception).into())
            })
        }
        "throw_exn" => {
            let name = step.text("object")?.to_owned();
            Box::new(move |_, _| Err(Error::from(world.exn(&name)?).into()))
        }
        "call" | "call_caught" => {
            let caught = does == "call_caught";
            let instance = step.text("instance")?.to_owned();
            let func = step.text("func")?.to_owned();
            let own = step.get("args").is_none();
            let fixed = step.list("args")?.to_vec();
            Box::new(move |_, args| {
                let fixed = values(&world, &fixed)?;
                let instance = world.instance(&instance)?;
                match instance.call(&func, if own { args } else { &fixed }) {
                    Err(_) if caught => results(),
                    answer => Ok(answer?),
                }
            })
        }
        "close" => {
            let target = step.text("target")?.to_owned();
            Box::new(move |_, _| {
                crate::run::close(&world, &target)?;
                results()
            })
        }
        "cancel" => {
            let target = step.text("target")?.to_owned();
            Box::new(move |_, _| {
                crate::limits::store(&world, &target)?.cancel();
                results()
            })
        }
        "grow" => {
            let memory = step.text("memory")?.to_owned();
            let pages = step.number("pages")?;
            Box::new(move |_, _| {
                world.memory(&memory)?.grow(pages)?;
                results()
            })
        }
        "caller_memory" => {
            let name = step.text("name")?.to_owned();
            Box::new(move |context, _| match context.exported(&name)? {
                Extern::Memory(memory) => {
                    memory.write(0, &[42])?;
                    Ok(Vec::new())
                }
                other => wrong(format!("the caller's {name:?} is {other:?}")),
            })
        }
        other => return wrong(format!("no host function does {other:?}")),
    };
    // Functions of Rust are not asynchronous: they answer at once.
    step.get("async");
    step.end()?;
    Ok(call)
}

fn sum(args: &[Value]) -> Done<Vec<Value>> {
    let add = |a: Value, b: &Value| match (a, b) {
        (Value::I32(a), Value::I32(b)) => Ok(Value::I32(a.wrapping_add(*b))),
        (Value::I64(a), Value::I64(b)) => Ok(Value::I64(a.wrapping_add(*b))),
        (Value::F32(a), Value::F32(b)) => Ok(Value::F32(a + b)),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(a + b)),
        (a, b) => wrong(format!("cannot add {a:?} and {b:?}")),
    };
    match args.split_first() {
        Some((first, rest)) => Ok(vec![rest.iter().try_fold(first.clone(), add)?]),
        None => wrong("nothing to add"),
    }
}
