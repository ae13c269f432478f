//! Worlds from a seed: see `conformance/worlds`. A thousand million types cannot be thought of; these are made.
//!
//! `LANDBRIDGE_WORLDS` says how many, `LANDBRIDGE_SEED` which ones, `LANDBRIDGE_WORLD` only one of them.

mod engine;
mod frame;
mod lane;
mod malformed;
mod plain;
mod read;
mod wit;

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use landbridge::{CompileCache, EngineOptions, Module};
use landbridge_worlds::{Value, World, text};

/// How many worlds there are if nobody says.
const WORLDS: u64 = 2000;

/// How often each is called.
const CALLS: usize = 8;

/// How many worlds are sent frames that are malformed, and how many of these each is sent.
const MALFORMED: (u64, usize) = (200, 1000);

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

/// Nothing is kept of what is compiled once.
fn engine() -> landbridge::Engine {
    let options = EngineOptions {
        cache: CompileCache::Off,
        ..EngineOptions::default()
    };
    landbridge::Engine::new(options).expect("an engine")
}

/// Does something with so many worlds, on all processors.
fn all(count: u64, what: impl Fn(&World) + Sync) {
    let seed = seed();
    let (first, count) = match number("LANDBRIDGE_WORLD") {
        Some(only) => (only, 1),
        None => (0, number("LANDBRIDGE_WORLDS").unwrap_or(count)),
    };
    let (next, end) = (AtomicU64::new(first), first + count);
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end {
                break;
            }
            what(&World::new(seed, number));
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            if thread.join().is_err() {
                next.store(end, Ordering::Relaxed);
                panic!("a world does not hold: see above");
            }
        }
    });
    println!("{count} worlds of LANDBRIDGE_SEED={seed}");
}

#[test]
fn worlds_hold() {
    let (ours, engine) = (engine(), engine::engine());
    let [host, spilled, in_world] = [const { AtomicU64::new(0) }; 3];
    all(WORLDS, |world| {
        let slots: usize = world
            .params
            .iter()
            .map(|(_, ty)| landbridge_worlds::flat(ty).len())
            .sum();
        for (count, is) in [
            (&host, world.through_host),
            (&spilled, slots > 16),
            (&in_world, world.api().is_none()),
        ] {
            count.fetch_add(is.into(), Ordering::Relaxed);
        }
        check(&ours, &engine, world);
    });
    println!(
        "{host:?} through a host, {spilled:?} with arguments in memory, {in_world:?} without an interface"
    );
}

fn check(ours: &landbridge::Engine, engine: &wasmtime::Engine, world: &World) {
    let text = text(world);
    let _told = Told(world, &text);
    let module = Module::with_engine(ours, &text).expect("a component");
    lane::check_world(&module, world);
    let mut lane = lane::Lane::new(&module, world).expect("an instance");
    let mut reference = engine::Reference::new(engine, world, &text).expect("a component");
    check_types(world, &lane, &reference);
    let types: Vec<_> = world.params.iter().map(|(_, ty)| ty).collect();
    let calls = world.calls(CALLS);
    for (args, other) in calls.iter().zip(calls.iter().rev()) {
        // The host answers with something else than it got.
        let gives = World::echoed(other.clone());
        let expected = match world.through_host {
            true => (args.clone(), gives.clone()),
            false => (Vec::new(), World::echoed(args.clone())),
        };
        let found = lane.call(args, gives.as_ref()).expect("a call");
        assert_eq!(found, expected);
        assert_eq!(
            reference.call(args, gives.as_ref()).expect("a call"),
            expected
        );
        lane.check_text(args);
        check_frame(
            &lane,
            &types,
            args,
            if world.through_host { other } else { args },
        );
    }
}

fn check_types(world: &World, lane: &lane::Lane, reference: &engine::Reference) {
    let shape = |(name, ty): &(String, _)| (name.clone(), engine::without_names(ty));
    let shapes = world.params.iter().map(shape).collect();
    let result = world.result().as_ref().map(engine::without_names);
    assert_eq!(reference.types(), (shapes, result));
    assert_eq!(lane.types(), (world.params.clone(), world.result()));
}

/// A tuple is its elements, one after the other, as arguments are.
fn check_frame(
    lane: &lane::Lane,
    types: &[&landbridge_worlds::Type],
    args: &[Value],
    expected: &[Value],
) {
    let frame = |values: &[Value]| frame::frame(types.iter().copied().zip(values));
    let found = lane.call_frame(&frame(args).lend()).expect("a call");
    let expected = frame(expected);
    assert!(
        malformed::same(&found, &expected),
        "{found:?} is not {expected:?}"
    );
}

/// Each is an error of kind `type`, or well made after all: then it gives just what it says.
#[test]
fn malformed_frames_are_refused() {
    let engine = engine();
    let (worlds, frames) = MALFORMED;
    let refused = AtomicU64::new(0);
    all(worlds, |world| {
        refused.fetch_add(malformed::check(&engine, world, frames), Ordering::Relaxed);
    });
    println!("{refused:?} frames were refused, of {frames} for each");
    assert!(refused.into_inner() > 0);
}
