//! Values that are none, and the places where a guest gives them.

use crate::guest::Guest;

/// A value that is none.
pub(crate) struct Lie {
    pub(crate) ty: &'static str,
    /// Of the component's texts.
    pub(crate) encoding: &'static str,
    /// As core values.
    pub(crate) flat: &'static str,
    /// How many these are.
    pub(crate) slots: usize,
    /// As it lies in memory, at 16.
    pub(crate) bytes: &'static str,
    /// What the error says.
    pub(crate) words: &'static str,
}

const fn lie(
    ty: &'static str,
    slots: usize,
    flat: &'static str,
    bytes: &'static str,
    words: &'static str,
) -> Lie {
    Lie {
        ty,
        encoding: "utf8",
        flat,
        slots,
        bytes,
        words,
    }
}

const fn text(
    encoding: &'static str,
    flat: &'static str,
    bytes: &'static str,
    words: &'static str,
) -> Lie {
    Lie {
        ty: "string",
        encoding,
        flat,
        slots: 2,
        bytes,
        words,
    }
}

/// The memory has one page. There are bytes that are no text at 256.
pub(crate) const LIES: [Lie; 35] = [
    text(
        "utf8",
        "i32.const 0x10000 i32.const 1",
        "\\00\\00\\01\\00\\01\\00\\00\\00",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const 16 i32.const 0x10000",
        "\\10\\00\\00\\00\\00\\00\\01\\00",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const -1 i32.const -1",
        "\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff",
        "out of bounds",
    ),
    text(
        "utf8",
        "i32.const 0x20000 i32.const 0",
        "\\00\\00\\02\\00\\00\\00\\00\\00",
        "out of bounds",
    ),
    // No byte of any text; one of several that is cut off; a surrogate; a longer form than is needed.
    text(
        "utf8",
        "i32.const 256 i32.const 1",
        "\\00\\01\\00\\00\\01\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 258 i32.const 2",
        "\\02\\01\\00\\00\\02\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 264 i32.const 3",
        "\\08\\01\\00\\00\\03\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf8",
        "i32.const 272 i32.const 2",
        "\\10\\01\\00\\00\\02\\00\\00\\00",
        "UTF-8",
    ),
    text(
        "utf16",
        "i32.const 0xfffe i32.const 2",
        "\\fe\\ff\\00\\00\\02\\00\\00\\00",
        "out",
    ),
    text(
        "utf16",
        "i32.const 16 i32.const 0x7fffffff",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\7f",
        "",
    ),
    text(
        "utf16",
        "i32.const 16 i32.const -1",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    text(
        "utf16",
        "i32.const 17 i32.const 1",
        "\\11\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    // A high surrogate that is alone.
    text(
        "utf16",
        "i32.const 280 i32.const 1",
        "\\18\\01\\00\\00\\01\\00\\00\\00",
        "surrogate",
    ),
    text(
        "latin1+utf16",
        "i32.const 0xfffe i32.const 3",
        "\\fe\\ff\\00\\00\\03\\00\\00\\00",
        "out",
    ),
    // The highest bit of the length says that it is UTF-16.
    text(
        "latin1+utf16",
        "i32.const 16 i32.const -1",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    text(
        "latin1+utf16",
        "i32.const 17 i32.const 0x80000001",
        "\\11\\00\\00\\00\\01\\00\\00\\80",
        "aligned",
    ),
    text(
        "latin1+utf16",
        "i32.const 280 i32.const 0x80000001",
        "\\18\\01\\00\\00\\01\\00\\00\\80",
        "surrogate",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0 i32.const 0x10001",
        "\\00\\00\\00\\00\\01\\00\\01\\00",
        "out of bounds",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0x10001 i32.const 0",
        "\\01\\00\\01\\00\\00\\00\\00\\00",
        "out of bounds",
    ),
    lie(
        "$bytes",
        2,
        "i32.const 0 i32.const -1",
        "\\00\\00\\00\\00\\ff\\ff\\ff\\ff",
        "",
    ),
    lie(
        "$words",
        2,
        "i32.const 18 i32.const 1",
        "\\12\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    lie(
        "$words",
        2,
        "i32.const 18 i32.const 0",
        "\\12\\00\\00\\00\\00\\00\\00\\00",
        "aligned",
    ),
    // As many bytes as there are bits for, and four more.
    lie(
        "$words",
        2,
        "i32.const 16 i32.const 0x40000001",
        "\\10\\00\\00\\00\\01\\00\\00\\40",
        "",
    ),
    lie(
        "$longs",
        2,
        "i32.const 20 i32.const 1",
        "\\14\\00\\00\\00\\01\\00\\00\\00",
        "aligned",
    ),
    lie(
        "$longs",
        2,
        "i32.const 16 i32.const 0x20000000",
        "\\10\\00\\00\\00\\00\\00\\00\\20",
        "",
    ),
    lie(
        "$texts",
        2,
        "i32.const 288 i32.const 1",
        "\\20\\01\\00\\00\\01\\00\\00\\00",
        "out of bounds",
    ),
    lie(
        "$texts",
        2,
        "i32.const 16 i32.const 0x1fffffff",
        "\\10\\00\\00\\00\\ff\\ff\\ff\\1f",
        "",
    ),
    lie(
        "$options",
        2,
        "i32.const 296 i32.const 1",
        "\\28\\01\\00\\00\\01\\00\\00\\00",
        "case",
    ),
    lie("char", 1, "i32.const 0xd800", "\\00\\d8\\00\\00", "char"),
    lie("char", 1, "i32.const 0xdfff", "\\ff\\df\\00\\00", "char"),
    lie("char", 1, "i32.const 0x110000", "\\00\\00\\11\\00", "char"),
    lie("char", 1, "i32.const -1", "\\ff\\ff\\ff\\ff", "char"),
    lie("$option", 2, "i32.const 2 i32.const 0", "\\02\\00", "case"),
    lie("$option", 2, "i32.const -1 i32.const 0", "\\ff\\00", "case"),
    lie("$result", 1, "i32.const 2", "\\02", "case"),
];

/// Where a guest gives a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Result,
    ListInResult,
    Argument,
    ListInArgument,
    /// Of a host function that has too many parameters for slots.
    ArgumentInMemory,
}

pub(crate) const PLACES: [Place; 5] = [
    Place::Result,
    Place::ListInResult,
    Place::Argument,
    Place::ListInArgument,
    Place::ArgumentInMemory,
];

pub(crate) const MANY: &str = r#"(param "a" u64) (param "b" u64) (param "c" u64) (param "d" u64) (param "e" u64) (param "f" u64)
    (param "g" u64) (param "h" u64) (param "i" u64) (param "j" u64) (param "k" u64) (param "l" u64) (param "m" u64)
    (param "n" u64) (param "o" u64) (param "p" u64)"#;

/// The guest that tells a lie in a place.
pub(crate) fn liar(lie: &Lie, place: Place) -> String {
    let Lie {
        ty, flat, slots, ..
    } = lie;
    let core = |n: usize| format!("(param{})", " i32".repeat(n));
    let plain = Guest {
        bytes: lie.bytes,
        encoding: lie.encoding,
        ..Guest::default()
    };
    let gives = |run: &str, body: &str| {
        let run_core = "(result i32)";
        Guest {
            run,
            run_core,
            body,
            ..plain
        }
        .text()
    };
    let takes = |take: &str, slots: usize, body: &str| {
        let take_core = &core(slots);
        Guest {
            take,
            take_core,
            body,
            ..plain
        }
        .text()
    };
    let text = match place {
        Place::Result => gives(
            &format!("(result {ty})"),
            if *slots == 1 { flat } else { "i32.const 16" },
        ),
        Place::ListInResult => gives(
            "(result $list)",
            "(i32.store (i32.const 8) (i32.const 16)) (i32.store (i32.const 12) (i32.const 1)) (i32.const 8)",
        ),
        Place::Argument => takes(
            &format!("(param \"x\" {ty})"),
            *slots,
            &format!("{flat} call $take"),
        ),
        Place::ListInArgument => takes(
            "(param \"x\" $list)",
            2,
            "i32.const 16 i32.const 1 call $take",
        ),
        Place::ArgumentInMemory => takes(
            &format!("(param \"x\" {ty}) {MANY}"),
            1,
            "i32.const 16 call $take",
        ),
    };
    text.replace(
        "(type $result (result))",
        &format!("(type $result (result)) (type $list (list {ty}))"),
    )
}
