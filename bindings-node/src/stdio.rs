//! Stdio: where a guest's standard streams come from and go to.

use std::ffi::CStr;
use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, HostContext, Input, Output, Result, Stdio};

use crate::callback::Callback;
use crate::env::{Env, Js};
use crate::loan;
use crate::object::recognised;
use crate::read::copied;
use crate::side::Side;
use crate::slot::is_promise;

/// Reads the streams of a sandbox. Each is `undefined`, or an object of a word and what belongs to it; see
/// `lib/stdio.js`.
pub(crate) fn read(env: Env, side: &Arc<Side>, sandbox: Js) -> Result<Stdio> {
    let output = |name: &'static CStr| output(env, side, name, env.field(sandbox, name)?);
    Ok(Stdio {
        stdin: input(env, env.field(sandbox, c"stdin")?)?,
        stdout: output(c"stdout")?,
        stderr: output(c"stderr")?,
        refusals: output(c"refusals")?,
    })
}

fn stream(env: Env, given: Js) -> Result<Option<(String, Js)>> {
    if env.is_undefined(given)? {
        return Ok(None);
    }
    let word = env.text(env.field(given, c"word")?)?;
    Ok(Some((word, env.field(given, c"value")?)))
}

fn input(env: Env, given: Js) -> Result<Input> {
    let Some((word, value)) = stream(env, given)? else {
        return Ok(Input::None);
    };
    Ok(match word.as_str() {
        "inherit" => Input::Inherit,
        "file" => Input::File(env.text(value)?.into()),
        _ => Input::Bytes(copied(env, value)?),
    })
}

fn output(env: Env, side: &Arc<Side>, name: &'static CStr, given: Js) -> Result<Output> {
    let Some((word, value)) = stream(env, given)? else {
        return Ok(Output::None);
    };
    Ok(match word.as_str() {
        "inherit" => Output::Inherit,
        "capture" => Output::Capture,
        "file" => Output::File(env.text(value)?.into()),
        "lines" => {
            let func = Arc::new(Callback::new(env, side, value)?);
            Output::Lines(Arc::new(move |context, line| {
                write(&func, name, context, Form::Text, line.as_bytes())
            }))
        }
        _ => {
            let func = Arc::new(Callback::new(env, side, value)?);
            Output::Callback(Arc::new(move |context, bytes| {
                write(&func, name, context, Form::Bytes, bytes)
            }))
        }
    })
}

/// What a function of JavaScript gets of what a guest wrote.
#[derive(Clone, Copy)]
enum Form {
    Bytes,
    Text,
}

/// Calls a function of JavaScript with a copy of what a guest wrote.
fn write(
    func: &Arc<Callback>,
    name: &'static CStr,
    context: &HostContext<'_>,
    form: Form,
    bytes: &[u8],
) -> Result<()> {
    if let Some(env) = func.side.env() {
        let call = |args: &[Js]| func.call(env, ptr::null(), args);
        return write_by(env, name, form, bytes, call);
    }
    let (theirs, bytes) = (func.clone(), bytes.to_vec());
    let asked = loan::ask(func.side.inbox(), context, move |env, lent| {
        let none = env.undefined()?;
        let call = |args: &[Js]| theirs.call_within(env, ptr::null(), none, args);
        if lent.context().is_none() {
            return Ok(None);
        }
        write_by(env, name, form, &bytes, call)?;
        Ok(Some(Vec::new()))
    });
    asked.map(drop)
}

fn write_by(
    env: Env,
    name: &CStr,
    form: Form,
    bytes: &[u8],
    call: impl FnOnce(&[Js]) -> Result<Js>,
) -> Result<()> {
    env.scoped(|| {
        let args = [match form {
            Form::Bytes => env.view(bytes)?,
            Form::Text => env.string(&String::from_utf8_lossy(bytes))?,
        }];
        let called = call(&args).map_err(|error| recognised(env, error));
        match is_promise(env, called?) {
            true => Err(Error::new(
                ErrorKind::Type,
                format!(
                    "the function for {} gave a Promise (it must answer at once)",
                    name.to_string_lossy()
                ),
            )),
            false => Ok(()),
        }
    })
}
