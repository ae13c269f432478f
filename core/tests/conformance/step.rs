//! Reads the keys of a step; a key that nobody reads is an error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;

use serde_json::{Map, Value as Json};

use crate::world::{Done, Stop, wrong};

pub(crate) struct Step<'a> {
    json: &'a Map<String, Json>,
    unread: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Step<'a> {
    pub(crate) fn new(json: &'a Json) -> Done<Step<'a>> {
        let Json::Object(json) = json else {
            return wrong(format!("not an object: {json}"));
        };
        let unread = RefCell::new(json.keys().map(String::as_str).collect());
        Ok(Step { json, unread })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Json> {
        self.unread.borrow_mut().remove(key);
        self.json.get(key)
    }

    pub(crate) fn need(&self, key: &str) -> Done<&'a Json> {
        let found = self.get(key);
        found.ok_or_else(|| Stop::Wrong(format!("the key {key:?} is missing")))
    }

    pub(crate) fn text(&self, key: &str) -> Done<&'a str> {
        let found = self.need(key)?.as_str();
        found.ok_or_else(|| Stop::Wrong(format!("{key:?} is no text")))
    }

    pub(crate) fn text_or_none(&self, key: &str) -> Done<Option<&'a str>> {
        self.get(key).map(|_| self.text(key)).transpose()
    }

    pub(crate) fn flag(&self, key: &str) -> Done<bool> {
        let found = self.need(key)?.as_bool();
        found.ok_or_else(|| Stop::Wrong(format!("{key:?} is neither true nor false")))
    }

    /// A number, written as one or as a text.
    pub(crate) fn number<T: FromStr>(&self, key: &str) -> Done<T> {
        let text = match self.need(key)? {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let number = text.parse();
        number.map_err(|_| Stop::Wrong(format!("{key:?} is no number here: {text}")))
    }

    /// An offset in a memory; a negative one as a host with signed numbers would hand it over.
    pub(crate) fn offset(&self) -> Done<u64> {
        Ok(self.number::<i128>("offset")? as u64)
    }

    pub(crate) fn number_or_none<T: FromStr>(&self, key: &str) -> Done<Option<T>> {
        self.get(key).map(|_| self.number(key)).transpose()
    }

    pub(crate) fn list(&self, key: &str) -> Done<&'a [Json]> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Json::Array(list)) => Ok(list),
            Some(_) => wrong(format!("{key:?} is no list")),
        }
    }

    pub(crate) fn bytes(&self, key: &str) -> Done<Vec<u8>> {
        let hex = self.text(key)?;
        let byte = |at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
        bytes.ok_or_else(|| Stop::Wrong(format!("{key:?} is not hexadecimal")))
    }

    /// All keys were read.
    pub(crate) fn end(&self) -> Done {
        match self.unread.borrow().first() {
            Some(key) => wrong(format!("unknown key {key:?}")),
            None => Ok(()),
        }
    }
}
