//! Calls of components that nobody waits for.

use std::sync::mpsc;
use std::time::Duration;

use landbridge::*;

use crate::acts::*;

#[test]
fn a_call_has_an_outcome() {
    let instance = acts(Limits::default());
    let late = instance.wit_func("late").unwrap();
    let calls: Vec<_> = (0..100)
        .map(|_| late.call_async(&[0_u32.into()]).unwrap())
        .collect();
    for call in calls {
        assert_eq!(call.wait().unwrap(), Some(WitValue::U32(0)));
    }
    let bytes = instance.wit_func("bytes").unwrap();
    let call = bytes.call_async(&[5_u32.into()]).unwrap();
    assert_eq!(call.wait().unwrap(), Some(vec![0_u8; 5].into()));
}

#[test]
fn calls_of_one_store_keep_their_order() {
    let (begun, order) = mpsc::channel();
    let mut imports = Imports::new();
    imports.wit_func("", "give", |_, _| Ok(None));
    imports.wit_func("", "take", move |_, args| {
        begun.send(args.to_vec()).unwrap();
        Ok(None)
    });
    let instance = Module::new(ACTS).unwrap().instantiate(&imports).unwrap();
    let tell = instance.wit_func("tell").unwrap();
    let calls: Vec<_> = (0..50_u32)
        .map(|n| tell.call_async(&[n.into()]).unwrap())
        .collect();
    calls
        .iter()
        .for_each(|call| assert_eq!(call.wait().unwrap(), None));
    for n in 0..50 {
        assert_eq!(order.recv().unwrap(), [vec![0_u8; n].into()]);
    }
}

#[test]
fn the_number_of_arguments_is_looked_at_first() {
    let instance = acts(Limits::default());
    let act = instance.wit_func("act").unwrap();
    fails(
        act.call_async(&[]),
        ErrorKind::Type,
        "act takes 1 argument, got 0",
    );
    let outcome = act.call_async(&["text".into()]).unwrap().wait();
    fails(outcome, ErrorKind::Type, "args[0]");
    call(&instance, "act", 0).unwrap();
}

#[test]
fn an_error_is_the_outcome() {
    let instance = acts(Limits::default());
    let act = instance.wit_func("act").unwrap();
    let calls = [TRAP, 0].map(|what| act.call_async(&[what.into()]).unwrap());
    let [trapped, refused] = calls.map(|call| call.wait());
    assert_eq!(
        trapped.unwrap_err().trap_code(),
        Some(TrapCode::Unreachable)
    );
    fails(refused, ErrorKind::Poisoned, "unreachable");
}

/// A component that says when it spins.
fn spinner() -> (Instance, mpsc::Receiver<()>) {
    let (runs, has_begun) = mpsc::channel();
    let mut imports = Imports::new();
    imports.wit_func("", "give", |_, _| Ok(None));
    imports.wit_func("", "take", move |_, _| {
        runs.send(()).unwrap();
        Ok(None)
    });
    (
        Module::new(ACTS).unwrap().instantiate(&imports).unwrap(),
        has_begun,
    )
}

#[test]
fn one_that_runs_and_one_that_waits_can_be_cancelled() {
    let (instance, has_begun) = spinner();
    let spin = instance.wit_func("spin").unwrap();
    let runs = spin.call_async(&[]).unwrap();
    let waits = spin.call_async(&[]).unwrap();
    has_begun.recv().unwrap();
    waits.cancel();
    fails(waits.wait(), ErrorKind::Cancelled, "cancelled");
    assert!(!runs.is_done());
    runs.cancel();
    fails(runs.wait(), ErrorKind::Cancelled, "cancelled");
    assert!(
        has_begun.try_recv().is_err(),
        "the one that waited never ran"
    );
}

#[test]
fn a_store_that_is_closed_ends_both() {
    let (instance, has_begun) = spinner();
    let spin = instance.wit_func("spin").unwrap();
    let calls = [(); 2].map(|()| spin.call_async(&[]).unwrap());
    has_begun.recv().unwrap();
    instance.close();
    calls
        .iter()
        .for_each(|call| fails(call.wait(), ErrorKind::Closed, "closed"));
    assert!(
        has_begun.try_recv().is_err(),
        "the one that waited never ran"
    );
}

#[test]
fn a_deadline_holds() {
    let instance = acts(Limits {
        timeout: Some(Duration::from_millis(20)),
        ..Limits::default()
    });
    let act = instance.wit_func("act").unwrap();
    let outcome = act.call_async(&[SPIN.into()]).unwrap().wait();
    fails(outcome, ErrorKind::Timeout, "longer than 20 ms");
}

#[test]
fn a_resource_goes_from_call_to_call() {
    let instance = acts(Limits::default());
    let make = instance.wit_func("make").unwrap();
    let made = make
        .call_async(&[0_u32.into()])
        .unwrap()
        .wait()
        .unwrap()
        .unwrap();
    let WitValue::Resource(Resource::Guest(resource)) = &made else {
        panic!("{made:?}");
    };
    assert!(!resource.is_closed().unwrap());
    resource.close().unwrap();
    assert!(resource.is_closed().unwrap());
}

#[test]
fn a_call_may_have_a_signature_of_rust() {
    let instance = acts(Limits::default());
    let late = instance.typed_wit_func::<(u32,), u32>("late").unwrap();
    let bytes = instance.typed_wit_func::<(u32,), Vec<u8>>("bytes").unwrap();
    let calls = [
        late.call_async((0,)).unwrap(),
        late.call_async((0,)).unwrap(),
    ];
    assert_eq!(bytes.call_async((3,)).unwrap().wait().unwrap(), [0, 0, 0]);
    assert_eq!(calls.map(|call| call.wait().unwrap()), [0, 0]);
    // What is given need not outlive the call.
    let take = instance.typed_wit_func::<(&[u8],), ()>("take").unwrap();
    let call = take.call_async((&vec![1; 100_000],)).unwrap();
    call.wait().unwrap();
    fails(
        late.call_async((TRAP,)).unwrap().wait(),
        ErrorKind::Trap,
        "",
    );
}
