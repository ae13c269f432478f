//! Compares an error with what the case says about it.

use landbridge::{Error, Exception};
use serde_json::Value as Json;

use crate::step::Step;
use crate::values::values;
use crate::wit_values;
use crate::world::{Done, Thing, World, same, wrong};

pub(crate) fn check(world: &World, error: &Error, expected: &Json) -> Done {
    let expected = Step::new(expected)?;
    same(error.kind().name(), expected.text("kind")?)?;
    same(
        error.trap_code().map(|code| code.name()),
        expected.text_or_none("code")?,
    )?;
    same(error.exit_code(), expected.number_or_none("exit")?)?;
    if let Some(row) = expected.get("row") {
        same(error.row(), row.as_u64())?;
    }
    if let Some(code) = expected.number_or_none("os_code")? {
        same(error.os_code(), Some(code))?;
    }
    if let Some(end) = expected.text_or_none("path")? {
        same(error.path().map(|path| path.ends_with(end)), Some(true))?;
    }
    for part in expected.list("message")? {
        let part = part.as_str().unwrap_or_default();
        if part.is_empty() || !error.message().contains(part) {
            return wrong(format!("{part:?} is not in {:?}", error.message()));
        }
    }
    if let Some(output) = expected.text_or_none("output")? {
        same(error.output(), output)?;
    }
    if expected.get("frames").is_some() {
        let frames = expected.list("frames")?;
        // An empty list says that the guest was not running.
        let looked_at = if frames.is_empty() {
            usize::MAX
        } else {
            frames.len()
        };
        let named = error.frames().iter().take(looked_at);
        let found: Vec<_> = named.map(|frame| frame.func_name.as_deref()).collect();
        same(found, frames.iter().map(Json::as_str).collect())?;
    }
    if expected.get("frame_count").is_some() {
        same(error.frames().len(), expected.number("frame_count")?)?;
    }
    if let Some(exception) = error.exception() {
        thrown(world, exception, &expected)?;
    } else if let Some(name) = expected.text_or_none("exception")? {
        let found = error
            .host_exception()
            .and_then(|it| it.clone().downcast::<String>().ok());
        if !found.is_some_and(|found| std::sync::Arc::ptr_eq(&found, &world.exception(name))) {
            return wrong(format!("not the exception {name:?}: {error:?}"));
        }
    }
    if let Some(payload) = error.payload() {
        let found = payload.map(wit_values::told);
        same(found.as_deref(), expected.need("payload")?.as_str())?;
    }
    expected.end()
}

/// What an exception of WebAssembly is and carries.
fn thrown(world: &World, exception: &Exception, expected: &Step<'_>) -> Done {
    if let Some(name) = expected.text_or_none("exception")? {
        let known = world.shared.thrown.lock().unwrap().get(name).cloned();
        same(known.as_ref(), Some(exception))?;
    }
    if let Some(tag) = expected.text_or_none("tag")? {
        same(exception.tag(), &world.tag(tag)?)?;
    }
    if expected.get("payload").is_some() {
        let payload = values(world, expected.list("payload")?)?;
        crate::values::check(&exception.payload()?, &payload)?;
    }
    if let Some(name) = expected.text_or_none("as")? {
        world.put(name, Thing::Exception(exception.clone()));
    }
    Ok(())
}
