//! Names as compilers write them, made readable again.
//!
//! What a short mangled name says can be very long: each ten bytes of one can double it. And
//! whoever wrote the name may not be a compiler. So only short names are read, into a text that
//! ends, with a bounded depth, and where there is enough of the native stack.

use std::fmt::Write;

use super::Bounded;
use crate::this_thread;

/// The most bytes of a readable name. One that would be longer is told as it is written.
pub(super) const READABLE_BYTES: usize = 1 << 10;

/// The most bytes of a name of Rust's that is read: its reader never goes back.
const RUST_BYTES: usize = 512;

/// The most bytes of a name of C++ that is read, and how deep things may be in one another there. Its
/// reader tries some things twice at each depth: with twice of either, a name can take it a hundred
/// times as long (half a second). 98 of 100 names in large C++ programs are within both.
const CPP_BYTES: usize = 256;
const CPP_DEPTH: u32 = 32;

/// What reading a name may need of the native stack. Measured: less than 128 KiB.
const STACK_BYTES: usize = 256 << 10;

/// The readable form of a mangled name, unless it is none, or too long, or there is no room.
pub(super) fn readable(symbol: &str) -> Option<String> {
    // A short plain name such as `d` is a type to a reader of C++.
    if !symbol.starts_with('_') || symbol.len() > RUST_BYTES || !this_thread::has_room(STACK_BYTES)
    {
        return None;
    }
    rust(symbol).or_else(|| cpp(symbol))
}

fn rust(symbol: &str) -> Option<String> {
    let readable = rustc_demangle::try_demangle(symbol).ok()?;
    let mut text = Bounded::new(READABLE_BYTES);
    write!(text, "{readable}").ok()?;
    Some(text.text)
}

fn cpp(symbol: &str) -> Option<String> {
    if symbol.len() > CPP_BYTES {
        return None;
    }
    let reading = cpp_demangle::ParseOptions::default().recursion_limit(CPP_DEPTH);
    let writing = cpp_demangle::DemangleOptions::new().recursion_limit(CPP_DEPTH);
    let read = cpp_demangle::Symbol::new_with_options(symbol.as_bytes(), &reading).ok()?;
    // Whatever has two parts writes something between them: a text that ends bounds the time too.
    let mut text = Bounded::new(READABLE_BYTES);
    read.structured_demangle(&mut text, &writing).ok()?;
    Some(text.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable() {
        for (symbol, text) in [
            (
                "_ZN4calc3add17h0123456789abcdefE",
                "calc::add::h0123456789abcdef",
            ),
            ("_RNvC4calc3add", "calc::add"),
            ("_ZN4calc3addEii", "calc::add(int, int)"),
            ("_Z3addIiET_S0_S0_", "int add<int>(int, int)"),
        ] {
            assert_eq!(readable(symbol).as_deref(), Some(text));
        }
        for plain in ["d", "add", "_start", "__wasm_call_ctors", "_Z", "_R", ""] {
            assert_eq!(readable(plain), None, "{plain}");
        }
    }

    /// `f(A<A<..., ...>, A<..., ...>>)`, doubled so often.
    fn cpp_bomb(doubled: usize) -> String {
        let reference = |i: usize| match i {
            0 => "S_".to_owned(),
            i => format!(
                "S{}_",
                char::from_digit(i as u32 - 1, 36)
                    .unwrap()
                    .to_ascii_uppercase()
            ),
        };
        // `1A` is substitution 0, each type made of two of the last one is the next.
        let doubles = (1..doubled).map(|i| format!("{0}I{1}{1}E", reference(0), reference(i)));
        format!("_Z1f1AIiiE{}", doubles.collect::<String>())
    }

    fn rust_bomb(doubled: usize) -> String {
        // Tuples of two times the last one. Offsets are of base 62, less one.
        let digit = |n: usize| {
            char::from(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[n])
        };
        let mut body = "INvC1a1f".to_owned();
        let mut last = body.len();
        body.push_str("TuuE");
        for _ in 1..doubled {
            let back = match last {
                0 => "B_".to_owned(),
                n if n - 1 < 62 => format!("B{}_", digit(n - 1)),
                n => format!("B{}{}_", digit((n - 1) / 62), digit((n - 1) % 62)),
            };
            last = body.len();
            body.push_str(&format!("T{back}{back}E"));
        }
        format!("_R{body}E")
    }

    #[test]
    fn names_that_would_be_long_are_left_alone() {
        let few = readable(&cpp_bomb(3)).expect("short enough");
        assert!(few.starts_with("f(A<int, int>, A<A<int, int>"), "{few}");
        let few = readable(&rust_bomb(3)).expect("short enough");
        assert!(few.contains("((((), ()), ((), ())"), "{few}");
        for symbol in [cpp_bomb(20), rust_bomb(30)] {
            assert!(symbol.len() < 300, "{symbol}");
            assert_eq!(readable(&symbol), None, "{symbol}");
        }
    }

    #[test]
    fn depth_needs_no_stack_and_no_time() {
        let deep = |start: &str, part: &str| start.to_owned() + &part.repeat(5_000);
        let parts = [
            ("_Z1f", "P"),
            ("_Z1f", "1aI"),
            ("_Z1f", "FiS_"),
            ("_Z1fIX", "cl"),
            ("_Z1fIX", "dc"),
            ("_Z1f", "U1a"),
            ("_Z", "Z1fI"),
            ("_R", "Nv"),
            ("_R", "IY"),
            ("_RINvC1a1b", "R"),
            ("_RINvC1a1b", "T"),
            ("_RINvC1a1b", "DIC1a"),
            ("_ZN", "1a"),
        ];
        let read_all = move || {
            for (start, part) in parts {
                for bytes in [CPP_BYTES, RUST_BYTES, usize::MAX] {
                    let symbol = deep(start, part);
                    drop(readable(&symbol[..bytes.min(symbol.len())]));
                }
            }
        };
        // With the reserve that stays free, just enough to be read; then too little.
        for stack_bytes in [(512 << 10) + STACK_BYTES / 2, 128 << 10, 64 << 10] {
            let thread = std::thread::Builder::new().stack_size(stack_bytes);
            thread.spawn(read_all).unwrap().join().unwrap();
        }
    }
}
