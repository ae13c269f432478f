//! Sandbox: what a store is made with. It crosses with the call that makes the store.

use std::sync::Arc;

use landbridge::frame::{self, Function};
use landbridge::{Output, Policy, Result, Sandbox};

use crate::classes::classes;
use crate::env::Env;
use crate::passing::call_host;
use crate::refs::Weak;
use crate::types::{Here, Object};

/// The default where nothing is said. Functions of Java that take output are known by their index at the lender.
pub(crate) fn sandbox(
    policy: Option<Arc<Policy>>,
    said: Option<Vec<u8>>,
    lender: Here<Object>,
) -> Result<Sandbox> {
    let policy = policy.map_or_else(Policy::none, |policy| (*policy).clone());
    let Some(said) = said else {
        return Ok(policy.into());
    };
    frame::sandbox(&said, policy, |function| {
        Ok(output(Weak::new(lender.env, lender.it.0)?, function))
    })
}

fn output(lender: Weak, function: Function) -> Output {
    match function {
        Function::Bytes(index) => {
            Output::Callback(Arc::new(move |_, bytes| write(&lender, index, bytes)))
        }
        // Java decodes them.
        Function::Lines(index) => Output::Lines(Arc::new(move |_, line| {
            write(&lender, index, line.as_bytes())
        })),
    }
}

/// Gives Java a copy of what a guest writes or is refused, on the guest's thread.
fn write(lender: &Weak, index: u32, bytes: &[u8]) -> Result<()> {
    let env = Env::of_guest()?;
    let array = env.bytes(bytes)?;
    let args = (Object(lender.raw()), index as i32, array);
    let written = call_host(env, &classes().call_output, args);
    env.forget(array.0);
    written.map(drop)
}
