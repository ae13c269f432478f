//! What hosts say when something is wrong, from `core/messages.toml`: an error of its kind, or a text that others begin with.
//! Bindings say it with these functions, so that all hosts have the same words.

#![allow(missing_docs, reason = "the texts say it")]

use std::fmt::Display;

use crate::{Error, ErrorKind};

// generated: messages.rust
#[cold]
pub fn arguments(func: impl Display) -> String {
    format!("arguments of {func}")
}

#[cold]
pub fn argument(number: impl Display, func: impl Display) -> String {
    format!("argument {number} of {func}")
}

#[cold]
pub fn results(func: impl Display) -> String {
    format!("results of {func}")
}

#[cold]
pub fn result(number: impl Display, func: impl Display) -> String {
    format!("result {number} of {func}")
}

#[cold]
pub fn payload() -> &'static str {
    "payload of an exception"
}

#[cold]
pub fn payload_value(number: impl Display) -> String {
    format!("value {number} of an exception")
}

#[cold]
pub fn global_value() -> &'static str {
    "value of a global"
}

#[cold]
pub fn table_element() -> &'static str {
    "element of a table"
}

#[cold]
pub fn not_a(place: impl Display, expected: impl Display, given: impl Display) -> Error {
    let text = format!("{place}: expected {expected}, got {given}");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn wrong_column(place: impl Display, given: impl Display, expected: impl Display) -> Error {
    let text =
        format!("{place}: a column of {given}, not of {expected}; convert it to {expected} first");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn rows_differ(
    place: impl Display,
    given: impl Display,
    first: impl Display,
    rows: impl Display,
) -> Error {
    let text = format!(
        "{place} has {given} rows, but {first} has {rows}; all columns of a batch have the same \
         number of rows"
    );
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn no_rows(func: impl Display) -> Error {
    let text = format!("{func}: no column says how many rows there are; give the number of rows");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn not_mappable(func: impl Display, ty: impl Display) -> Error {
    let text =
        format!("{func} is {ty}: columns hold i32, i64, f32 and f64 only; call it for each row");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn short_validity(place: impl Display, bits: impl Display, rows: impl Display) -> Error {
    let text =
        format!("{place}: the validity bitmap has {bits} bits, but the column has {rows} rows");
    Error::new(ErrorKind::Range, text)
}

#[cold]
pub fn selection_order(row: impl Display, before: impl Display) -> Error {
    let text = format!(
        "selection: row {row} comes after row {before}; name each row once, in ascending order"
    );
    Error::new(ErrorKind::Range, text)
}

#[cold]
pub fn column_changed(place: impl Display) -> Error {
    let text = format!("{place}: the column was detached or made shorter while the batch ran");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn detached_column(place: impl Display) -> Error {
    let text = format!("{place}: the column is detached: its buffer was transferred");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn at_row(row: impl Display) -> String {
    format!("row {row}")
}

#[cold]
pub fn out_of_range(
    place: impl Display,
    given: impl Display,
    first: impl Display,
    last: impl Display,
) -> Error {
    let text = format!("{place}: {given} is out of range ({first} to {last})");
    Error::new(ErrorKind::Range, text)
}

#[cold]
pub fn not_an_address(given: impl Display) -> Error {
    let text = format!(
        "address: expected one such as 192.0.2.1 or 2001:db8::1, got {given}; a name is asked for \
         by itself"
    );
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn other_signature(func: impl Display, found: impl Display, wanted: impl Display) -> Error {
    let text = format!("{func} is {found}, not {wanted}");
    Error::new(ErrorKind::Type, text)
}

#[cold]
pub fn vector_bytes(place: impl Display, given: impl Display) -> Error {
    let text = format!("{place}: a v128 has 16 bytes, got {given}");
    Error::new(ErrorKind::Range, text)
}

#[cold]
pub fn pool_room(given: impl Display) -> Error {
    let text = format!("max: a pool needs room for at least 1 instance, not {given}");
    Error::new(ErrorKind::Range, text)
}

#[cold]
pub fn outside_memory(offset: impl Display, length: impl Display, size: impl Display) -> Error {
    let text =
        format!("bytes {offset} to {offset}+{length} are outside of the memory of {size} bytes");
    Error::new(ErrorKind::OutOfBounds, text)
}

#[cold]
pub fn no_callers_export(name: impl Display) -> Error {
    let text = format!("the calling instance has no export named {name}");
    Error::new(ErrorKind::NotFound, text)
}

#[cold]
pub fn other_sort(name: impl Display, found: impl Display, wanted: impl Display) -> Error {
    let text = format!("the export {name} is a {found}, not a {wanted}");
    Error::new(ErrorKind::NotFound, text)
}

#[cold]
pub fn closed(noun: impl Display) -> Error {
    let text = format!("the {noun} is closed");
    Error::new(ErrorKind::Closed, text)
}

#[cold]
pub fn context_closed() -> Error {
    let text = "the context is closed: it is valid during its call and on its thread only";
    Error::new(ErrorKind::Closed, text)
}

#[cold]
pub fn foreign_object() -> Error {
    let text = "the object belongs to another language of this process, which alone can read it";
    Error::new(ErrorKind::Unsupported, text)
}

#[cold]
pub fn altered(found: impl Display, sent: impl Display) -> Error {
    let text = format!("the module was altered on its way: its digest is {found}, not {sent}");
    Error::new(ErrorKind::Compile, text)
}

#[cold]
pub fn cancelled() -> Error {
    let text = "the call was cancelled";
    Error::new(ErrorKind::Cancelled, text)
}

#[cold]
pub fn no_call_thread(why: impl Display) -> Error {
    let text = format!("a thread for asynchronous calls cannot be started: {why}");
    Error::new(ErrorKind::Limit, text)
}

#[cold]
pub fn exited(code: impl Display) -> String {
    format!("the guest ended with exit code {code}")
}

#[cold]
pub fn not_caught(tag: impl Display) -> String {
    format!("an exception of a {tag} was not caught")
}

#[cold]
pub fn host_threw() -> &'static str {
    "a host function threw an exception"
}
// end generated
