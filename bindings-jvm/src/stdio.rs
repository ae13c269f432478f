//! Stdio: where standard streams go, and functions of Java that take output.

use std::sync::Arc;

use jni::sys::{jint, jlong, jlongArray, jobject, jobjectArray, jvalue};
use landbridge::{Error, ErrorKind, Input, Output, Result, Stdio};

use crate::env::{Env, Weak};
use crate::imports::current;
use crate::load::classes;

/// What Java says of the streams: a sort and an index for each, and an object where there is one.
struct Streams {
    env: Env,
    lender: Arc<Weak>,
    numbers: [jlong; 8],
    objects: jobjectArray,
}

/// Functions are known by their index at the lender.
pub(crate) fn read(
    env: Env,
    lender: jobject,
    numbers: jlongArray,
    objects: jobjectArray,
) -> Result<Stdio> {
    let mut streams = Streams {
        env,
        lender: Arc::new(Weak::new(env, lender)?),
        numbers: [0; 8],
        objects,
    };
    env.read_longs(numbers, &mut streams.numbers)?;
    Ok(Stdio {
        stdin: streams.input(0)?,
        stdout: streams.output(1)?,
        stderr: streams.output(2)?,
        refusals: streams.output(3)?,
    })
}

/// The numbers are those of `Input.java` and `Output.java`.
impl Streams {
    fn input(&self, stream: usize) -> Result<Input> {
        Ok(match self.numbers[2 * stream] {
            0 => Input::None,
            1 => Input::Inherit,
            2 => Input::Bytes(self.bytes(stream)?),
            3 => Input::File(self.path(stream)?.into()),
            _ => return Err(unknown()),
        })
    }

    fn output(&self, stream: usize) -> Result<Output> {
        Ok(match self.numbers[2 * stream] {
            0 => Output::None,
            1 => Output::Inherit,
            2 => Output::Capture,
            3 => Output::File(self.path(stream)?.into()),
            4 => self.function(self.numbers[2 * stream + 1] as jint),
            5 => self.lines(self.numbers[2 * stream + 1] as jint),
            _ => return Err(unknown()),
        })
    }

    fn bytes(&self, stream: usize) -> Result<Vec<u8>> {
        let array = self.env.element(self.objects, stream)?;
        let bytes = self.env.content(array);
        self.env.forget(array);
        bytes
    }

    fn path(&self, stream: usize) -> Result<String> {
        let path = self.env.element(self.objects, stream)?;
        let text = self.env.text(path);
        self.env.forget(path);
        text
    }

    fn function(&self, index: jint) -> Output {
        let lender = self.lender.clone();
        Output::Callback(Arc::new(move |_, bytes| write(&lender, index, bytes)))
    }

    /// Java decodes them.
    fn lines(&self, index: jint) -> Output {
        let lender = self.lender.clone();
        Output::Lines(Arc::new(move |_, line| {
            write(&lender, index, line.as_bytes())
        }))
    }
}

fn unknown() -> Error {
    Error::new(ErrorKind::Internal, "an unknown sort of stream")
}

/// Gives Java a copy of what a guest writes or is refused, on the guest's thread.
fn write(lender: &Weak, index: jint, bytes: &[u8]) -> Result<()> {
    let env = current()?;
    let array = env.bytes(bytes)?;
    let args = [
        jvalue { l: lender.raw() },
        jvalue { i: index },
        jvalue { l: array },
    ];
    let written = env.call_host(classes().call_output, &args);
    env.forget(array);
    written.map(drop)
}
