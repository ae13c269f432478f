//! Frames that are malformed: changed in a few places.

use std::sync::{Arc, Mutex};

use landbridge::{
    Error, ErrorKind, Module, NumberList, Result, WitContext, WitFrame, WitFuncType, WitHost,
};
use landbridge_worlds::{Random, World, text};

use crate::lane::Lane;
use crate::{Told, frame, read};

/// A host's function that gives a frame, whatever it gets.
#[derive(Default)]
struct Gives(Mutex<WitFrame>);

impl WitHost for Gives {
    fn call(&self, _: &WitContext<'_>, _: &WitFuncType, _: &mut WitFrame) -> Result<WitFrame> {
        Ok(self.0.lock().expect("a frame").clone())
    }
}

/// Sends so many frames to a world, or lets its host give them: how many of them were refused.
pub(crate) fn check(engine: &landbridge::Engine, world: &World, frames: usize) -> u64 {
    let mut count = 0;
    let text = text(world);
    let _told = Told(world, &text);
    let module = Module::with_engine(engine, &text).expect("a component");
    let types: Vec<_> = world.params.iter().map(|(_, ty)| ty.clone()).collect();
    let calls = world.calls(4);
    let good: Vec<_> = calls
        .iter()
        .map(|args| frame::frame(types.iter().zip(args)))
        .collect();
    let mut random = Random::new(world.seed ^ !world.number);
    let host = Arc::new(Gives::default());
    let new = || Lane::hosted(&module, world, host.clone()).expect("an instance");
    let mut lane = new();
    for _ in 0..frames {
        let at = random.below(good.len());
        let changed = change(&mut random, &good, at);
        let sent = match world.through_host {
            true => {
                *host.0.lock().expect("a frame") = changed.clone();
                &good[at]
            }
            false => &changed,
        };
        match (
            lane.call_frame(&sent.lend()),
            read::values(&types, &changed),
        ) {
            (Ok(found), Some(values)) => {
                let expected = frame::frame(types.iter().zip(&values));
                assert!(
                    same(&found, &expected),
                    "{changed:?} gave {found:?}, not {expected:?}"
                );
            }
            (Ok(found), None) => panic!("{changed:?} is malformed, and gave {found:?}"),
            (Err(error), Some(_)) => panic!("{changed:?} is well made: {error}"),
            (Err(error), None) => {
                refused(&error, &changed);
                count += 1;
                lane = new();
            }
        }
    }
    count
}

fn refused(error: &Error, changed: &WitFrame) {
    assert_eq!(error.kind(), ErrorKind::Type, "{error}: {changed:?}");
    assert!(error.message().contains("frame"), "{error}: {changed:?}");
}

/// Blobs are bytes, whatever numbers they are.
pub(crate) fn same(a: &WitFrame, b: &WitFrame) -> bool {
    let blobs = |it: &WitFrame| {
        it.blobs
            .iter()
            .map(|it| it.as_bytes().to_vec())
            .collect::<Vec<_>>()
    };
    a.bytes == b.bytes && blobs(a) == blobs(b)
}

fn change(random: &mut Random, good: &[WitFrame], at: usize) -> WitFrame {
    let mut frame = good[at].clone();
    for _ in 0..1 + random.below(3) {
        match frame.blobs.is_empty() || random.once_in(2) {
            true => change_bytes(random, &mut frame.bytes),
            false => change_blobs(random, &mut frame.blobs),
        }
    }
    frame
}

fn change_bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let end = bytes.len().min(at + random.below(12));
    match random.below(8) {
        0 => bytes.truncate(at),
        1 => bytes.extend((0..=random.below(9)).map(|_| 0)),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.extend_from_within(at..end),
        // Lengths, counts, discriminants, chars, numbers of blobs.
        4 | 5 if at + 4 <= bytes.len() => {
            let before =
                u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
            let edges = [
                0,
                1,
                2,
                before.wrapping_add(1),
                before.wrapping_sub(1),
                u32::MAX,
                u32::MAX - 1,
                i32::MAX as u32,
                0x4000_0000,
                0xd800,
                0x11_0000,
                0x400,
            ];
            bytes[at..at + 4].copy_from_slice(&random.of(&edges).to_le_bytes());
        }
        6 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        _ if at < bytes.len() => {
            bytes[at] = random.of(&[0, 1, 2, 3, 0x7f, 0x80, 0xc0, 0xed, 0xf5, 0xff])
        }
        _ => {}
    }
}

fn change_blobs(random: &mut Random, blobs: &mut Vec<NumberList>) {
    let at = random.below(blobs.len());
    match random.below(6) {
        0 => drop(blobs.remove(at)),
        1 => blobs.push(NumberList::F64(vec![f64::NAN; 200])),
        2 => blobs[at] = NumberList::U8(Vec::new()),
        3 => {
            let mut bytes = blobs[at].as_bytes().to_vec();
            change_bytes(random, &mut bytes);
            blobs[at] = NumberList::U8(bytes);
        }
        4 => blobs[at] = NumberList::U8(vec![0xff; random.within(1020, 1030)]),
        _ => {
            let other = random.below(blobs.len());
            blobs.swap(at, other);
        }
    }
}
