//! Worlds from a seed: see `conformance/worlds`. A thousand million types cannot be thought of; these are made.
//!
//! `LANDBRIDGE_WORLDS` says how many, `LANDBRIDGE_SEED` which ones, `LANDBRIDGE_WORLD` only one of them.

mod engine;

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use landbridge_worlds::{World, text};

/// How many worlds there are if nobody says.
const WORLDS: u64 = 2000;

/// How often each is called.
const CALLS: usize = 8;

/// Says which world it was, if the test ends while this is there.
struct Told<'a>(&'a World, &'a str);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let Told(world, text) = self;
            eprintln!("{text}\n{world:?}");
            eprintln!(
                "it alone: LANDBRIDGE_SEED={} LANDBRIDGE_WORLD={} cargo test --release -p landbridge --test worlds",
                world.seed, world.number
            );
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

/// Another one each time.
fn seed() -> u64 {
    number("LANDBRIDGE_SEED").unwrap_or_else(|| {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a clock");
        u64::from(now.subsec_nanos())
    })
}

#[test]
fn worlds_hold() {
    let seed = seed();
    let (first, count) = match number("LANDBRIDGE_WORLD") {
        Some(only) => (only, 1),
        None => (0, number("LANDBRIDGE_WORLDS").unwrap_or(WORLDS)),
    };
    let (next, end) = (AtomicU64::new(first), first + count);
    let engine = engine::engine();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    check(&engine, &World::new(seed, number));
                }
            });
        }
    });
    println!("worlds: {count} of LANDBRIDGE_SEED={seed}");
}

fn check(engine: &wasmtime::Engine, world: &World) {
    let text = text(world);
    let _told = Told(world, &text);
    let mut reference = engine::Reference::new(engine, world, &text).expect("a component");
    let (params, result) = reference.types();
    let shape = |(name, ty): &(String, _)| (name.clone(), engine::without_names(ty));
    assert_eq!(params, world.params.iter().map(shape).collect::<Vec<_>>());
    assert_eq!(result, world.result().as_ref().map(engine::without_names));
    let calls = world.calls(CALLS);
    for (args, other) in calls.iter().zip(calls.iter().rev()) {
        // The host answers with something else than it got.
        let gives = World::echoed(other.clone());
        let (seen, found) = reference.call(args, gives.as_ref()).expect("a call");
        match world.through_host {
            true => {
                assert_eq!(seen, *args);
                assert_eq!(found, gives);
            }
            false => assert_eq!(found, World::echoed(args.clone())),
        }
    }
}
