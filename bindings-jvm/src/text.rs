//! Texts, to and fro: Java's are UTF-16.

use jni::sys::{jsize, jstring};
use landbridge::{Error, ErrorKind, Result, given};

use crate::env::{Env, jvm};

impl Env {
    /// The text of a string.
    pub(crate) fn text(self, string: jstring) -> Result<String> {
        self.text_named(string, "the text")
    }

    /// The same; `name` names it in a message if it is not Unicode.
    pub(crate) fn text_named(self, string: jstring, name: &str) -> Result<String> {
        if string.is_null() {
            return Err(Error::new(ErrorKind::Type, format!("{name} is null")));
        }
        // SAFETY: a valid reference to a String; the room has exactly its length.
        let units = unsafe {
            let length = jvm!(self, GetStringLength, string);
            let mut units = vec![0u16; length as usize];
            jvm!(self, GetStringRegion, string, 0, length, units.as_mut_ptr());
            units
        };
        self.check()?;
        String::from_utf16(&units).map_err(|_| given::not_unicode(name))
    }

    pub(crate) fn string(self, text: &str) -> Result<jstring> {
        let units: Vec<u16> = text.encode_utf16().collect();
        // SAFETY: pointer and length are of one vector.
        let string = unsafe { jvm!(self, NewString, units.as_ptr(), units.len() as jsize) };
        self.check()?;
        Ok(string)
    }
}
