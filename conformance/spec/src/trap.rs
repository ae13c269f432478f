//! The suite tells traps apart by texts, which changed over the years; runners by codes.

use serde_json::{Value as Json, json};

use crate::Result;

pub(crate) fn keys(text: &str) -> Result<Vec<(&'static str, Json)>> {
    Ok(vec![match codes(text)? {
        [code] => ("code", json!(code)),
        codes => ("codes", json!(codes)),
    }])
}

fn codes(text: &str) -> Result<&'static [&'static str]> {
    Ok(match text {
        "unreachable" => &["unreachable"],
        "out of bounds memory access" => &["memory_out_of_bounds"],
        "out of bounds table access" | "undefined element" | "undefined" => {
            &["table_out_of_bounds"]
        }
        // Said of memories and of tables.
        "out of bounds" => &["memory_out_of_bounds", "table_out_of_bounds"],
        "uninitialized element" | "uninitialized element 2" | "uninitialized" => {
            &["indirect_call_to_null"]
        }
        "indirect call type mismatch" | "indirect call" => &["bad_signature"],
        "integer overflow" => &["integer_overflow"],
        "integer divide by zero" => &["integer_division_by_zero"],
        "invalid conversion to integer" => &["bad_conversion_to_integer"],
        "call stack exhausted" => &["stack_overflow"],
        "unaligned atomic" => &["heap_misaligned"],
        "null reference"
        | "null function reference"
        | "null array reference"
        | "null structure reference"
        | "null i31 reference"
        | "null descriptor reference" => &["null_reference"],
        "out of bounds array access" => &["array_out_of_bounds"],
        "cast failure" | "descriptor cast failure" => &["cast_failure"],
        other => return Err(format!("no code for the trap {other:?}").into()),
    })
}
