//! Stdio: where a guest's standard streams come from and go to.

use std::ptr;
use std::sync::Arc;

use landbridge::{Error, ErrorKind, HostContext, Input, Output, Result, Stdio};
use napi_sys as sys;

use crate::callback::Callback;
use crate::env::{Env, Js};
use crate::guard::{Call, Native};
use crate::loan;
use crate::store::Side;
use crate::value::{bytes, is_promise};

pub(crate) const TABLE: &[(&str, Native)] = &[
    ("storeStdout", stdout),
    ("storeStderr", stderr),
    ("storeStdoutText", stdout_text),
    ("storeStderrText", stderr_text),
    ("storeRefusals", refusals),
    ("storeOutput", dropped),
];

/// Reads the streams; see `lib/stdio.js`.
pub(crate) fn read(env: Env, side: &Arc<Side>, streams: [Js; 4]) -> Result<Stdio> {
    let [stdin, stdout, stderr, refusals] = streams;
    Ok(Stdio {
        stdin: input(env, stdin)?,
        stdout: output(env, side, "stdout", stdout)?,
        stderr: output(env, side, "stderr", stderr)?,
        refusals: output(env, side, "refusals", refusals)?,
    })
}

/// A stream is `undefined`, or an array of a word and what belongs to it.
fn stream(env: Env, given: Js) -> Result<Option<(String, Js)>> {
    if env.kind(given)? == sys::ValueType::napi_undefined {
        return Ok(None);
    }
    let word = env.text(env.element(given, 0)?)?;
    Ok(Some((word, env.element(given, 1)?)))
}

fn input(env: Env, given: Js) -> Result<Input> {
    let Some((word, value)) = stream(env, given)? else {
        return Ok(Input::None);
    };
    Ok(match word.as_str() {
        "inherit" => Input::Inherit,
        "file" => Input::File(env.text(value)?.into()),
        // SAFETY: the bytes are valid until JavaScript runs again, and copied at once.
        _ => Input::Bytes(unsafe { &*bytes(env, value)? }.to_vec()),
    })
}

fn output(env: Env, side: &Arc<Side>, name: &'static str, given: Js) -> Result<Output> {
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
    name: &'static str,
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
    name: &str,
    form: Form,
    bytes: &[u8],
    call: impl FnOnce(&[Js]) -> Result<Js>,
) -> Result<()> {
    env.scoped(|| {
        let args = [match form {
            Form::Bytes => env.view(bytes)?,
            Form::Text => env.string(&String::from_utf8_lossy(bytes))?,
        }];
        match is_promise(env, call(&args)?) {
            true => Err(Error::new(
                ErrorKind::Type,
                format!("the function for {name} gave a Promise (it must answer at once)"),
            )),
            false => Ok(()),
        }
    })
}

/// `storeStdout(store)`: a `Uint8Array` of what was captured since the last time.
fn stdout(call: &Call) -> Result<Js> {
    call.env.view(&call.store(0)?.0.stdout())
}

/// `storeStderr(store)`
fn stderr(call: &Call) -> Result<Js> {
    call.env.view(&call.store(0)?.0.stderr())
}

/// `storeStdoutText(store)`
fn stdout_text(call: &Call) -> Result<Js> {
    call.env.string(&call.store(0)?.0.stdout_text())
}

/// `storeStderrText(store)`
fn stderr_text(call: &Call) -> Result<Js> {
    call.env.string(&call.store(0)?.0.stderr_text())
}

/// `storeRefusals(store)`
fn refusals(call: &Call) -> Result<Js> {
    call.env.view(&call.store(0)?.0.refusals())
}

/// `storeOutput(store)`: a text of what went nowhere.
fn dropped(call: &Call) -> Result<Js> {
    call.env.string(&call.store(0)?.0.output())
}
