//! Nesting: loops in one another. The compiler's time grows with the square of how deep they go, so
//! a small module could hold it for minutes.

use wasmparser::{FunctionBody, Operator, Parser, Payload};

use crate::{Error, ErrorKind, Result};

/// Loops in one another in one function, at most. What compilers make has less than ten.
const MOST_LOOPS: usize = 256;

/// A loop takes an opcode, a type and an end.
const LOOP_BYTES: usize = 3;

/// Refuses what would take too long to compile. What is not valid is left to the compiler to tell.
pub(crate) fn check(wasm: &[u8]) -> Result<()> {
    let bodies = Parser::new(0).parse_all(wasm).map_while(|part| part.ok());
    let bodies = bodies.filter_map(|part| match part {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    for (i, body) in bodies.enumerate() {
        if body.range().len() > MOST_LOOPS * LOOP_BYTES && loops(&body) > MOST_LOOPS {
            return Err(Error::new(
                ErrorKind::Compile,
                format!(
                    "the body of function {i} (imports not counted) has more than {MOST_LOOPS} loops \
                     in one another, which takes too long to compile"
                ),
            ));
        }
    }
    Ok(())
}

/// The most loops in one another, counted until there are too many.
fn loops(body: &FunctionBody<'_>) -> usize {
    let (mut open, mut now, mut most) = (Vec::new(), 0, 0);
    let Ok(operators) = body.get_operators_reader() else {
        return 0;
    };
    for operator in operators.into_iter().map_while(|it| it.ok()) {
        match operator {
            Operator::Loop { .. } => {
                now += 1;
                most = most.max(now);
                open.push(true);
            }
            Operator::Block { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => open.push(false),
            Operator::End | Operator::Delegate { .. } if open.pop() == Some(true) => now -= 1,
            _ => {}
        }
        if most > MOST_LOOPS {
            break;
        }
    }
    most
}
