//! Steps about how a store is closed in, what it may use and used, and its streams.

use std::sync::Arc;
use std::time::Duration;

use landbridge::{Error, Input, Limits, Output, Policy, Sandbox, Store};
use serde_json::{Value as Json, json};

use crate::step::Step;
use crate::world::{Done, Stop, Thing, World, same, wrong};

/// How a step closes a store in.
pub(crate) fn sandbox(world: &Arc<World>, step: &Step<'_>) -> Done<Sandbox> {
    sandbox_from(world, step, Sandbox::default())
}

/// The same with another policy if none is given.
pub(crate) fn sandbox_from(world: &Arc<World>, step: &Step<'_>, base: Sandbox) -> Done<Sandbox> {
    let mut sandbox = Sandbox {
        limits: limits(step)?,
        ..base
    };
    if let Some(given) = step.get("policy") {
        sandbox.policy = policy(world, given)?;
    }
    if let Some(text) = step.text_or_none("stdin")? {
        sandbox.stdio.stdin = Input::Bytes(text.as_bytes().to_vec());
    }
    sandbox.stdio.stdout = output(world, step, "stdout")?;
    sandbox.stdio.stderr = output(world, step, "stderr")?;
    sandbox.stdio.refusals = output(world, step, "refusals")?;
    Ok(sandbox)
}

/// A policy whose folders are in the folder of the case.
pub(crate) fn policy(world: &World, given: &Json) -> Done<Policy> {
    let folder = world.file("");
    let folder = folder.to_str().expect("a folder of plain letters");
    let text = given.to_string().replace("CASE/", folder);
    Ok(Policy::from_json(&text)?)
}

fn output(world: &Arc<World>, step: &Step<'_>, key: &str) -> Done<Output> {
    Ok(match step.text_or_none(key)? {
        None => Output::None,
        Some("capture") => Output::Capture,
        Some("callback") => {
            let log = world.shared.clone();
            Output::Callback(Arc::new(move |_, bytes| {
                log.written.lock().unwrap().extend_from_slice(bytes);
                Ok(())
            }))
        }
        Some("lines") => {
            let log = world.shared.clone();
            Output::Lines(Arc::new(move |_, line| {
                let line = format!("[{line}]");
                log.written.lock().unwrap().extend(line.into_bytes());
                Ok(())
            }))
        }
        Some(throws) if throws.starts_with("throw ") => {
            let name = throws["throw ".len()..].to_owned();
            let exception = world.exception(&name);
            Output::Callback(Arc::new(move |_, _| {
                Err(Error::host(name.as_str(), exception.clone()))
            }))
        }
        Some(calls) if calls.starts_with("call ") => {
            let words: Vec<String> = calls.split(' ').map(str::to_owned).collect();
            let world = world.clone();
            Output::Callback(Arc::new(move |_, _| {
                let guest = world.instance(&words[1]);
                let guest = guest.unwrap_or_else(|_| panic!("no instance {}", words[1]));
                guest.call(&words[2], &[]).map(drop)
            }))
        }
        Some(file) => Output::File(world.file(file)),
    })
}

fn limits(step: &Step<'_>) -> Done<Limits> {
    let Some(given) = step.get("limits") else {
        return Ok(Limits::default());
    };
    let given = Step::new(given)?;
    let limits = Limits {
        // generated: rust.case_limits
        memory_bytes: given.number_or_none("memory_bytes")?,
        table_elements: given.number_or_none("table_elements")?,
        instances: given.number_or_none("instances")?,
        fuel: given.number_or_none("fuel")?,
        output_bytes: given.number_or_none("output_bytes")?,
        written_bytes: given.number_or_none("written_bytes")?,
        open_files: given.number_or_none("open_files")?,
        timeout: given
            .number_or_none("timeout_ms")?
            .map(Duration::from_millis),
        transfer_bytes: given.number_or_none("transfer_bytes")?,
        handles: given.number_or_none("handles")?,
        // end generated
    };
    given.end()?;
    Ok(limits)
}

/// The store of an instance, or a store.
pub(crate) fn store(world: &World, target: &str) -> Done<Store> {
    match world.get(target)? {
        Thing::Instance(instance) => Ok(instance.store().clone()),
        Thing::Store(store) => Ok(store),
        _ => wrong(format!("{target:?} has no store")),
    }
}

/// Steps about files of the case, and policies by themselves.
pub(crate) fn act_alone(world: &World, step: &Step<'_>) -> Done {
    let file = || -> Done<_> { Ok(world.file(step.text("file")?)) };
    match step.text("do")? {
        "write_file" => {
            let file = file()?;
            let folder = file.parent().expect("a folder");
            std::fs::create_dir_all(folder).expect("a folder for the file");
            std::fs::write(&file, step.text("text")?).expect("the file can be written");
            Ok(())
        }
        "symlink" => {
            let file = file()?;
            let folder = file.parent().expect("a folder");
            std::fs::create_dir_all(folder).expect("a folder for the link");
            link(step.text("to")?, &file);
            Ok(())
        }
        "make_pipe" => {
            let file = file()?;
            let folder = file.parent().expect("a folder");
            std::fs::create_dir_all(folder).expect("a folder for the pipe");
            let made = std::process::Command::new("mkfifo").arg(&file).status();
            assert!(made.expect("mkfifo is there").success(), "{file:?}");
            if step.flag("is_held")? {
                let held = std::fs::File::options().read(true).write(true).open(file);
                std::mem::forget(held.expect("a pipe opens at both ends"));
            }
            Ok(())
        }
        "read_file" => match std::fs::read_to_string(file()?) {
            Ok(text) => same(text.as_str(), step.text("text")?),
            Err(e) => wrong(format!("the file: {e}")),
        },
        "file_exists" => same(file()?.exists(), step.flag("equals")?),
        "restrict" => {
            let read = |key| -> Done<_> { Ok(Policy::from_json(&step.need(key)?.to_string())?) };
            let (first, by): (Policy, Policy) = (read("policy")?, read("by")?);
            let found = first.restrict(&by);
            same(first.allows(&found) && by.allows(&found), true)?;
            same(found.to_json().as_str(), step.text("json")?)
        }
        "limits_json" => {
            let text = step.text("from")?;
            same(
                Limits::from_json(text)?.to_json().as_str(),
                step.text("json")?,
            )
        }
        "policy" => {
            let text = step.text("from")?;
            same(
                Policy::from_json(text)?.to_json().as_str(),
                step.text("json")?,
            )
        }
        "allows" => {
            let policy = Policy::from_json(&step.need("policy")?.to_string())?;
            same(asked(&policy, step)?, step.flag("equals")?)
        }
        _ => {
            let written = std::mem::take(&mut *world.shared.written.lock().unwrap());
            same(written.as_slice(), step.text("text")?.as_bytes())
        }
    }
}

#[cfg(unix)]
fn link(to: &str, file: &std::path::Path) {
    std::os::unix::fs::symlink(to, file).expect("the link can be made");
}

#[cfg(windows)]
fn link(to: &str, file: &std::path::Path) {
    std::os::windows::fs::symlink_file(to, file).expect("the link can be made");
}

/// What a policy answers to the question of a step.
fn asked(policy: &Policy, step: &Step<'_>) -> Done<bool> {
    let address = || -> Done<std::net::SocketAddr> {
        let text = step.text("address")?;
        text.parse()
            .map_err(|e| Stop::Wrong(format!("{text:?}: {e}")))
    };
    let name = || step.text("name");
    Ok(match step.text("question")? {
        "tcp_connect" => policy.allows_tcp_connect(address()?),
        "tcp_bind" => policy.allows_tcp_bind(address()?),
        "udp_connect" => policy.allows_udp_connect(address()?),
        "udp_bind" => policy.allows_udp_bind(address()?),
        "name" => policy.allows_name(name()?),
        "name_port" => policy.allows_name_port(name()?, step.number("port")?),
        "http" => {
            let (scheme, host) = (step.text("scheme")?, step.text("host")?);
            policy.allows_http(scheme, host, step.number("port")?, step.text("method")?)
        }
        other => return wrong(format!("nobody asks {other:?}")),
    })
}

pub(crate) fn act(world: &World, step: &Step<'_>) -> Done {
    let store = store(world, step.text("target")?)?;
    match step.text("do")? {
        "cancel" => store.cancel(),
        "set_fuel" => store.set_fuel(step.number("fuel")?)?,
        "output_text" => {
            let found = match step.text("stream")? {
                "stdout" => store.stdout_text(),
                "stderr" => store.stderr_text(),
                other => return wrong(format!("no stream is {other:?}")),
            };
            same(found.as_str(), step.text("text")?)?;
        }
        "output" => {
            let found = match step.text("stream")? {
                "stdout" => store.stdout(),
                "stderr" => store.stderr(),
                "refusals" => store.refusals(),
                "nowhere" => store.output().into_bytes(),
                other => return wrong(format!("no stream is {other:?}")),
            };
            same(found.as_slice(), step.text("text")?.as_bytes())?;
        }
        _ => usage(&store, step.need("equals")?)?,
    }
    Ok(())
}

fn usage(store: &Store, expected: &Json) -> Done {
    let found = store.usage()?;
    let found = json!({
        // generated: rust.case_usage
        "memory_bytes": found.memory_bytes,
        "peak_memory_bytes": found.peak_memory_bytes,
        "table_elements": found.table_elements,
        "instances": found.instances,
        "output_bytes": found.output_bytes,
        "written_bytes": found.written_bytes,
        "open_files": found.open_files,
        "fuel_used": found.fuel_used,
        "handles": found.handles,
        // end generated
    });
    for (key, value) in expected.as_object().expect("an object") {
        same(&found[key], value)?;
    }
    Ok(())
}
