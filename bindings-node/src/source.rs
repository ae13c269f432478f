//! Source: what a module is loaded from.

use std::borrow::Cow;
use std::ffi::CStr;

use landbridge::{Engine, Inspection, Module, Result, messages};

use crate::env::{Env, Js};
use crate::guard::CallbackInfo;
use crate::read::bytes_in_call;

pub(crate) enum Source<'a> {
    Path(String),
    /// Text or a path: which it is, the core says.
    String(String),
    Text(String),
    /// With the digest that they must have if they were sent.
    Bytes(Cow<'a, [u8]>, Option<String>),
}

/// The text of a field; `None` if it is not there.
fn text(env: Env, given: Js, name: &CStr) -> Result<Option<String>> {
    let value = env.field(given, name)?;
    let is_given = !env.is_undefined(value)?;
    is_given.then(|| env.text(value)).transpose()
}

impl<'a> Source<'a> {
    /// Reads an argument that is an object of `path`, `string`, `text` or `bytes`, with the `digest` that these must
    /// have if they were sent; see `lib/source.js`.
    pub(crate) fn read(call: &'a CallbackInfo, index: usize) -> Result<Source<'a>> {
        let (env, given) = (call.env, call.args[index]);
        if let Some(path) = text(env, given, c"path")? {
            return Ok(Source::Path(path));
        }
        if let Some(string) = text(env, given, c"string")? {
            return Ok(Source::String(string));
        }
        if let Some(text) = text(env, given, c"text")? {
            return Ok(Source::Text(text));
        }
        let digest = text(env, given, c"digest")?;
        let bytes = bytes_in_call(call, env.field(given, c"bytes")?)?;
        Ok(Source::Bytes(bytes, digest))
    }

    /// The same for another thread, which JavaScript does not wait for: it may write to its bytes meanwhile.
    pub(crate) fn owned(self) -> Source<'static> {
        match self {
            Source::Path(path) => Source::Path(path),
            Source::String(string) => Source::String(string),
            Source::Text(text) => Source::Text(text),
            Source::Bytes(bytes, sent) => Source::Bytes(bytes.into_owned().into(), sent),
        }
    }

    pub(crate) fn load(self, engine: &Engine) -> Result<Module> {
        match self {
            Source::Path(path) => Module::from_file_with_engine(engine, path),
            Source::String(string) => Module::load_with_engine(engine, &string),
            Source::Text(text) => Module::with_vec(engine, text.into_bytes()),
            Source::Bytes(bytes, sent) => {
                if let Some(sent) = sent {
                    check(&bytes, &sent)?;
                }
                match bytes {
                    Cow::Borrowed(bytes) => Module::with_still(engine, bytes),
                    Cow::Owned(bytes) => Module::with_vec(engine, bytes),
                }
            }
        }
    }

    pub(crate) fn inspect(self) -> Result<Inspection> {
        match self {
            Source::Path(path) => Inspection::of_file(path),
            Source::String(string) => Inspection::of(&string),
            Source::Text(text) => Inspection::new(text),
            Source::Bytes(bytes, _) => Inspection::new(bytes),
        }
    }
}

fn check(bytes: &[u8], sent: &str) -> Result<()> {
    let digest = Module::digest_of(bytes);
    if digest == sent {
        return Ok(());
    }
    Err(messages::altered(digest, sent))
}
