//! Handles that are made up, stale, of another type or of another store: from guests, and in frames of hosts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use landbridge::{
    CompileCache, Engine, EngineOptions, Error, ErrorKind, HostContext, HostResource, Imports,
    Instance, Module, Resource, Result, Store, WitArgs, WitFrame, WitValue,
};

/// It does with any number what it does with a handle.
const GUEST: &str = include_str!("../../conformance/modules/handles.wat");

fn engine() -> Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    Engine::new(options).expect("an engine")
}

fn module() -> Module {
    Module::with_engine(&engine(), GUEST).unwrap_or_else(|e| panic!("{e}"))
}

/// An instance, and how often its host was called.
fn instance(module: &Module) -> (Instance, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let mut imports = Imports::new();
    imports.wit_func("h:h/host", "make", |_, _| {
        Ok(Some(Resource::Host(HostResource::new(5_u32)).into()))
    });
    for name in ["take", "see"] {
        let calls = Arc::clone(&calls);
        let count = move |_: &HostContext<'_>, _: &[WitValue]| {
            calls.fetch_add(1, Ordering::Relaxed);
            Ok(None)
        };
        imports.wit_func("h:h/host", name, count);
    }
    let instance =
        Store::new(module.engine()).and_then(|store| store.instantiate(module, &imports));
    (instance.unwrap_or_else(|e| panic!("{e}")), calls)
}

fn call(instance: &Instance, name: &str, args: &[WitValue]) -> Result<Option<WitValue>> {
    instance.wit_func(name)?.call(args)
}

fn index(instance: &Instance, name: &str) -> u32 {
    match call(instance, name, &[]) {
        Ok(Some(WitValue::U32(index))) => index,
        other => panic!("no index: {other:?}"),
    }
}

fn is_ended(instance: &Instance, about: &str) {
    let error = call(instance, "fine", &[]).expect_err(about);
    assert_eq!(error.kind(), ErrorKind::Poisoned, "{about}: {error}");
}

fn is_fine(instance: &Instance, about: &str) {
    let found = call(instance, "fine", &[]).unwrap_or_else(|e| panic!("{about}: {e}"));
    assert_eq!(found, Some(WitValue::U32(7)));
}

#[test]
fn a_handle_that_a_guest_made_up_ends_it() {
    let module = module();
    for name in [
        "take",
        "see",
        "drop",
        "drop-mine",
        "rep",
        "give",
        "give-thing",
    ] {
        for number in [0, 1, 2, 5, 1000, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
            let about = format!("{name} of {number}");
            let (it, calls) = instance(&module);
            let error = call(&it, name, &[number.into()]).expect_err(&about);
            assert_eq!(error.kind(), ErrorKind::Trap, "{about}: {error}");
            assert!(error.message().contains("handle"), "{about}: {error}");
            assert_eq!(
                calls.load(Ordering::Relaxed),
                0,
                "{about}: the host was called"
            );
            is_ended(&it, &about);
        }
    }
}

#[test]
fn a_handle_of_another_type_ends_a_guest() {
    let module = module();
    for (made, name) in [
        ("index-of-new", "take"),
        ("index-of-new", "see"),
        ("index-of-new", "drop"),
        ("index-of-new", "give-thing"),
        ("index-of-made", "drop-mine"),
        ("index-of-made", "rep"),
        ("index-of-made", "give"),
    ] {
        let about = format!("{name} with {made}");
        let (it, calls) = instance(&module);
        let index = index(&it, made);
        let error = call(&it, name, &[index.into()]).expect_err(&about);
        assert_eq!(error.kind(), ErrorKind::Trap, "{about}: {error}");
        assert!(error.message().contains("handle"), "{about}: {error}");
        assert_eq!(
            calls.load(Ordering::Relaxed),
            0,
            "{about}: the host was called"
        );
        is_ended(&it, &about);
    }
}

/// Dropped, given away or returned: each only once.
#[test]
fn a_handle_that_a_guest_has_no_more_ends_it() {
    let module = module();
    for (made, first, then) in [
        ("index-of-made", "take", "see"),
        ("index-of-made", "take", "take"),
        ("index-of-made", "drop", "take"),
        ("index-of-made", "drop", "drop"),
        ("index-of-made", "give-thing", "see"),
        ("index-of-new", "drop-mine", "drop-mine"),
        ("index-of-new", "drop-mine", "give"),
        ("index-of-new", "give", "give"),
        ("index-of-new", "give", "rep"),
    ] {
        let about = format!("{first}, then {then}");
        let (it, _) = instance(&module);
        let index = index(&it, made);
        let kept = call(&it, first, &[index.into()]).unwrap_or_else(|e| panic!("{about}: {e}"));
        let error = call(&it, then, &[index.into()]).expect_err(&about);
        assert_eq!(error.kind(), ErrorKind::Trap, "{about}: {error}");
        assert!(error.message().contains("handle"), "{about}: {error}");
        is_ended(&it, &about);
        drop(kept);
    }
}

#[test]
fn what_is_lent_must_be_let_go_of() {
    let (it, _) = instance(&module());
    let thing = || Resource::Host(HostResource::new(5_u32)).into();
    call(&it, "back", &[thing()]).expect("it is let go of");
    let error = call(&it, "keep", &[thing()]).expect_err("it is kept");
    assert_eq!(error.kind(), ErrorKind::Trap, "{error}");
    assert!(error.message().contains("borrow"), "{error}");
    is_ended(&it, "a borrow that was kept");
}

/// A frame of these handles, one after the other.
fn frame(handles: &[u64]) -> WitFrame {
    WitFrame {
        bytes: handles.iter().flat_map(|it| it.to_le_bytes()).collect(),
        blobs: Vec::new(),
    }
}

fn call_frame(instance: &Instance, name: &str, args: &WitArgs<'_>) -> Result<WitFrame> {
    let mut results = WitFrame::default();
    instance.wit_func(name)?.call_frame(args, &mut results)?;
    Ok(results)
}

fn handle(instance: &Instance, name: &str) -> u64 {
    let made = call_frame(instance, name, &frame(&[]).lend()).expect("a handle");
    u64::from_le_bytes(made.bytes[..].try_into().expect("eight bytes"))
}

/// It is refused before the guest is entered: nothing ends.
fn refused(instance: &Instance, name: &str, handles: &[u64], kinds: &[ErrorKind]) {
    let about = format!("{name} of {handles:x?}");
    let error = call_frame(instance, name, &frame(handles).lend()).expect_err(&about);
    assert!(
        kinds.contains(&error.kind()),
        "{about}: {}: {error}",
        error.kind()
    );
    assert!(
        error.message().starts_with("args[") || handles.is_empty(),
        "{about}: {error}"
    );
    is_fine(instance, &about);
}

#[test]
fn a_handle_that_a_host_made_up_is_refused() {
    let (it, _) = instance(&module());
    let good = handle(&it, "new");
    let mut made_up = vec![0, 1, u64::MAX, u64::from(u32::MAX), 1 << 32, u64::MAX << 32];
    made_up.extend((0..64).map(|bit| good ^ 1 << bit));
    // One that was good, after many others.
    let eaten = handle(&it, "new");
    call_frame(&it, "eat", &frame(&[eaten]).lend()).expect("it is good once");
    made_up.push(eaten);
    (0..100).for_each(|_| {
        let next = handle(&it, "new");
        call_frame(&it, "eat", &frame(&[next]).lend()).expect("it is good once");
        made_up.push(next);
    });
    for handle in made_up {
        refused(&it, "get", &[handle], &[ErrorKind::Closed]);
        refused(&it, "eat", &[handle], &[ErrorKind::Closed]);
        refused(&it, "both", &[good, handle], &[ErrorKind::Closed]);
        refused(&it, "both", &[handle, good], &[ErrorKind::Closed]);
    }
    let found = call_frame(&it, "get", &frame(&[good]).lend()).expect("it is good still");
    assert_eq!(found.bytes, 77_u32.to_le_bytes());
}

#[test]
fn a_handle_of_another_type_or_store_is_refused() {
    let module = module();
    let ((it, _), (other, _)) = (instance(&module), instance(&module));
    let mine = handle(&it, "new");
    refused(&it, "keep", &[mine], &[ErrorKind::Type]);
    refused(&other, "get", &[mine], &[ErrorKind::Closed]);
    // Lent and given at once.
    refused(
        &it,
        "both",
        &[mine, mine],
        &[ErrorKind::Busy, ErrorKind::Closed],
    );
    call_frame(&it, "eat", &frame(&[mine]).lend()).expect("nothing of it is lent any more");
}

/// Among other bytes: cut off anywhere, with counts that are none.
#[test]
fn a_frame_of_handles_is_checked_to_its_end() {
    let (it, _) = instance(&module());
    let handles: Vec<u64> = (0..3).map(|_| handle(&it, "new")).collect();
    let mut bytes = 3_u32.to_le_bytes().to_vec();
    handles.iter().for_each(|it| bytes.extend(it.to_le_bytes()));
    let args = |bytes: &[u8]| WitFrame {
        bytes: bytes.to_vec(),
        blobs: Vec::new(),
    };
    call_frame(&it, "all", &args(&bytes).lend()).expect("it is well made");
    for length in 0..bytes.len() {
        let error =
            call_frame(&it, "all", &args(&bytes[..length]).lend()).expect_err("it is cut off");
        assert_eq!(error.kind(), ErrorKind::Type, "{length}: {error}");
        is_fine(&it, "a frame that is cut off");
    }
    for count in [4, 0x8000_0000, u32::MAX - 1, u32::MAX] {
        bytes[..4].copy_from_slice(&count.to_le_bytes());
        let error = call_frame(&it, "all", &args(&bytes).lend()).expect_err("it is too short");
        assert_eq!(error.kind(), ErrorKind::Type, "{count}: {error}");
        is_fine(&it, "a count that is none");
    }
}

/// Many at once, at random: nothing but errors that are told, and what is good stays so.
#[test]
fn random_handles_are_refused() {
    let (it, _) = instance(&module());
    let good: Vec<u64> = (0..4).map(|_| handle(&it, "new")).collect();
    let mut random = landbridge_worlds::Random::new(3);
    for _ in 0..20_000 {
        let any = |random: &mut landbridge_worlds::Random| match random.below(3) {
            0 => random.of(&good),
            1 => random.of(&good) ^ (1 << random.below(64)),
            _ => random.bits() >> random.below(64),
        };
        let handles = [any(&mut random), any(&mut random)];
        let name = random.of(&["get", "keep", "back"]);
        let result: Result<WitFrame, Error> = call_frame(&it, name, &frame(&handles[..1]).lend());
        match result {
            Ok(_) => assert!(name == "get" && good.contains(&handles[0])),
            Err(error) => assert!(
                [ErrorKind::Closed, ErrorKind::Type].contains(&error.kind()),
                "{error}"
            ),
        }
    }
    is_fine(&it, "random handles");
}
