//! Source: what a module is loaded from.

use landbridge::{Engine, Inspection, Module, Result, messages};

use crate::env::{Env, Js};
use crate::read::copied;

pub(crate) enum Source {
    Path(String),
    /// Text or a path: which it is, the core says.
    String(String),
    Text(String),
    Bytes(Vec<u8>),
}

impl Source {
    /// Reads an object of `path`, `string`, `text` or `bytes`, with the `digest` that these must have if
    /// they were sent; see `lib/source.js`.
    pub(crate) fn read(env: Env, given: Js) -> Result<Source> {
        let text = |name| {
            let value = env.field(given, name)?;
            let is_given = !env.is_undefined(value)?;
            is_given.then(|| env.text(value)).transpose()
        };
        if let Some(path) = text(c"path")? {
            return Ok(Source::Path(path));
        }
        if let Some(string) = text(c"string")? {
            return Ok(Source::String(string));
        }
        if let Some(text) = text(c"text")? {
            return Ok(Source::Text(text));
        }
        let bytes = copied(env, env.field(given, c"bytes")?)?;
        if let Some(digest) = text(c"digest")? {
            check(&bytes, &digest)?;
        }
        Ok(Source::Bytes(bytes))
    }

    pub(crate) fn load(self, engine: &Engine) -> Result<Module> {
        match self {
            Source::Path(path) => Module::from_file_with_engine(engine, path),
            Source::String(string) => Module::load_with_engine(engine, &string),
            Source::Text(text) => Module::with_engine(engine, text),
            Source::Bytes(bytes) => Module::with_engine(engine, bytes),
        }
    }

    pub(crate) fn inspect(self) -> Result<Inspection> {
        match self {
            Source::Path(path) => Inspection::of_file(path),
            Source::String(string) => Inspection::of(&string),
            Source::Text(text) => Inspection::new(text),
            Source::Bytes(bytes) => Inspection::new(bytes),
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
