use std::time::Duration;

use super::*;
use crate::{
    Access, Clock, CompileCache, EngineOptions, ExternType, Frame, FuncType, ImportType,
    Inspection, Limits, MemoryType, Module, Output, Policy, Random, Sandbox, TableType, Type,
    Usage,
};

/// SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn limits() -> Limits {
    Limits {
        memory_bytes: Some(64 << 20),
        fuel: Some(u64::MAX),
        timeout: Some(Duration::from_nanos(1_500)),
        ..Limits::default()
    }
}

fn no_function(_: Function) -> Result<Output> {
    Ok(Output::None)
}

/// Reads bytes as everything that a host may send.
fn read_all(bytes: &[u8]) -> Vec<Result<()>> {
    vec![
        read::<Limits>(bytes).map(drop),
        read::<EngineOptions>(bytes).map(drop),
        read::<FuncType>(bytes).map(drop),
        read::<MemoryType>(bytes).map(drop),
        read::<TableType>(bytes).map(drop),
        read::<Lending<'_>>(bytes).map(drop),
        read::<Vec<Option<Vec<String>>>>(bytes).map(drop),
        sandbox(bytes, Policy::none(), no_function).map(drop),
    ]
}

#[test]
fn an_option_that_is_not_there_is_as_usual() {
    let usual = EngineOptions::default();
    let mut frame = Writer::new();
    Some(false).put(&mut frame);
    Some(65536_u64).put(&mut frame);
    true.put(&mut frame);
    frame.byte(2);
    "/tmp".put(&mut frame);
    // None of the other eight.
    (0..8).for_each(|_| frame.byte(0));
    let read: EngineOptions = read(&frame.finish().unwrap()).unwrap();
    assert!(!read.interruptible && read.signal_handlers == usual.signal_handlers);
    assert_eq!(
        (read.stack_bytes, read.compile_cost),
        (65536, usual.compile_cost)
    );
    assert_eq!(read.cache, CompileCache::Folder("/tmp".into()));
}

#[test]
fn a_frame_is_little_endian_and_without_gaps() {
    let mut frame = Writer::new();
    true.put(&mut frame);
    0x0102_0304_u32.put(&mut frame);
    "né".put(&mut frame);
    (-1_i64).put(&mut frame);
    1.5_f64.put(&mut frame);
    Some(b"ab".as_slice()).put(&mut frame);
    None::<u32>.put(&mut frame);
    [vec![1_u32], vec![]].as_slice().put(&mut frame);
    let bytes = frame.finish().unwrap();
    let expected: [&[u8]; 9] = [
        &[VERSION],
        &[1],
        &[4, 3, 2, 1],
        &[3, 0, 0, 0, b'n', 0xc3, 0xa9],
        &[0xff; 8],
        &[0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
        &[1, 2, 0, 0, 0, b'a', b'b'],
        &[0],
        &[2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ];
    assert_eq!(bytes, expected.concat());
    let mut frame = Reader::new(&bytes).unwrap();
    assert!(bool::get(&mut frame).unwrap());
    assert_eq!(u32::get(&mut frame).unwrap(), 0x0102_0304);
    assert_eq!(<&str>::get(&mut frame).unwrap(), "né");
    assert_eq!(i64::get(&mut frame).unwrap(), -1);
    assert_eq!(f64::get(&mut frame).unwrap(), 1.5);
    assert_eq!(Option::<&[u8]>::get(&mut frame).unwrap(), Some(&b"ab"[..]));
    assert_eq!(Option::<u32>::get(&mut frame).unwrap(), None);
    assert_eq!(Vec::<Vec<u32>>::get(&mut frame).unwrap(), [vec![1], vec![]]);
    frame.end().unwrap();
}

/// What every host reads and writes: a change of these is a new version.
#[test]
fn layouts_are_as_hosts_know_them() {
    let some = |number: u64| [&[1][..], &number.to_le_bytes()].concat();
    let parts = [
        vec![VERSION],
        some(64 << 20),
        vec![0, 0],
        some(u64::MAX),
        vec![0, 0, 0],
        [&some(1_500)[..], &[0, 0]].concat(),
    ];
    assert_eq!(write(&limits()).unwrap(), parts.concat());
    let usage = Usage {
        open_files: 3,
        ..Usage::default()
    };
    let usage = write(&usage).unwrap();
    assert_eq!(
        (usage.len(), usage[1 + 6 * 8], usage[1 + 7 * 8]),
        (74, 3, 0)
    );
    let import = |name: &str| ImportType {
        module: "m".to_owned(),
        name: name.to_owned(),
        ty: ExternType::Func(FuncType::new([Type::I32], [Type::ExnRef])),
    };
    let text = "func (i32) -> (exnref)";
    let length = [text.len() as u8, 0, 0, 0];
    let expected: [&[u8]; 7] = [
        &[VERSION, 1, 0, 0, 0],
        &[1, 1, 0, 0, 0, 1, 1, 0, 0, 0, Type::ExnRef as u8],
        &length,
        text.as_bytes(),
        &[2, 0, 0, 0],
        &[1, 0, 0, 0, b'm', 1, 0, 0, 0, b'a', 0, 0, 0, 0],
        &[1, 0, 0, 0, b'm', 1, 0, 0, 0, b'b', 0, 0, 0, 0],
    ];
    let imports = [import("a"), import("b")];
    assert_eq!(write(&imports[..]).unwrap(), expected.concat());
    let trap = crate::Error::trap(crate::TrapCode::Unreachable, "no");
    let traced = trap.traced(
        vec![Frame {
            module: None,
            func_index: 7,
            func_name: Some("f".to_owned()),
            module_offset: None,
        }],
        5,
    );
    let trail = traced.trail().to_numbers();
    let trail: Vec<_> = trail.iter().flat_map(|it| it.to_le_bytes()).collect();
    let expected: [&[u8]; 6] = [
        &[
            VERSION, 3, 0, 0, 0, 1, 1, 0, 0, 0, 0, 2, 0, 0, 0, b'n', b'o',
        ],
        &[
            1, 0, 0, 0, 0, 7, 0, 0, 0, 1, 1, 0, 0, 0, b'f', 0, 1, 0, 0, 0, b'f',
        ],
        &[4, 0, 0, 0],
        &trail,
        &[0; 4],
        &[0, 0],
    ];
    assert_eq!(write(&traced).unwrap(), expected.concat());
}

#[test]
fn what_was_written_is_read() {
    assert_eq!(
        read::<Limits>(&write(&limits()).unwrap()).unwrap(),
        limits()
    );
    let ty = FuncType::new(Type::ALL, [Type::I64]);
    assert_eq!(read::<FuncType>(&write(&ty).unwrap()).unwrap(), ty);
    let table = TableType::new(Type::FuncRef, 1, Some(2));
    assert_eq!(read::<TableType>(&write(&table).unwrap()).unwrap(), table);
}

#[test]
fn a_sandbox_is_read() {
    let mut frame = Writer::new();
    limits().put(&mut frame);
    frame.byte(2);
    b"in".as_slice().put(&mut frame);
    frame.byte(3);
    "out.txt".put(&mut frame);
    frame.byte(5);
    9_u32.put(&mut frame);
    frame.byte(1);
    let bytes = frame.finish().unwrap();
    let mut asked = Vec::new();
    let sandbox = sandbox(&bytes, Policy::program(), |function| {
        asked.push(function);
        Ok(Output::Capture)
    });
    let Sandbox {
        policy,
        limits: read,
        stdio,
    } = sandbox.unwrap();
    assert_eq!((policy, read), (Policy::program(), limits()));
    assert_eq!(asked, [Function::Lines(9)]);
    let streams = format!("{stdio:?}");
    assert_eq!(
        streams,
        "Stdio { stdin: Bytes([105, 110]), stdout: File(out.txt), stderr: Capture, refusals: Inherit }"
    );
}

#[test]
fn what_is_lent_is_read() {
    let mut frame = Writer::new();
    false.put(&mut frame);
    frame.length(3);
    Some("env").put(&mut frame);
    "log".put(&mut frame);
    frame.byte(7);
    (-3_i32).put(&mut frame);
    Some("env").put(&mut frame);
    "g".put(&mut frame);
    frame.byte(8);
    Type::V128.put(&mut frame);
    [1_u64, 2].iter().for_each(|half| half.put(&mut frame));
    0_u32.put(&mut frame);
    None::<&str>.put(&mut frame);
    "typo".put(&mut frame);
    frame.byte(0);
    let bytes = frame.finish().unwrap();
    let lending = read::<Lending<'_>>(&bytes).unwrap();
    let value = Item::Value {
        ty: Type::V128,
        bits: [1, 2],
        object: 0,
    };
    let item = |module, name, item| Lent { module, name, item };
    let items = vec![
        item(Some("env"), "log", Item::Func(-3)),
        item(Some("env"), "g", value),
        item(None, "typo", Item::Nothing),
    ];
    let expected = Lending {
        initialize: false,
        items,
    };
    assert_eq!(lending, expected);
}

#[test]
fn a_policy_can_be_written() {
    let policy = Policy::none()
        .with_dir("/d", "p", Access::Write)
        .unwrap()
        .with_memory_dir("/m", [("f", "x")], Access::Read)
        .unwrap()
        .with_clock(Clock::Stepped { start: 1, step: 2 })
        .with_random(Random::Secure);
    let expected: [&[u8]; 10] = [
        &[
            VERSION, 1, 0, 0, 0, 2, 0, 0, 0, b'/', b'd', 1, 0, 0, 0, b'p', 1,
        ],
        &[1, 0, 0, 0, 2, 0, 0, 0, b'/', b'm'],
        &[1, 0, 0, 0, 1, 0, 0, 0, b'f', 1, 0, 0, 0, b'x'],
        &[0],
        &[0; 4],
        &[0; 4],
        &[2],
        &1_u64.to_le_bytes(),
        &2_u64.to_le_bytes(),
        &[2],
    ];
    assert_eq!(write(&policy).unwrap(), expected.concat());
}

#[test]
fn an_inspection_can_be_written() {
    let wat = r#"(module $m (import "env" "f" (func)) (memory (export "memory") 1)
        (@custom "c" "bytes"))"#;
    let found = Inspection::new(wat).unwrap();
    let bytes = write(&found).unwrap();
    assert_eq!(bytes[..7], [VERSION, 1, 1, 0, 0, 0, b'm']);
    let module = Module::new(wat).unwrap();
    let imports = write(module.imports()).unwrap();
    assert_eq!(bytes[7..][..imports.len() - 1], imports[1..]);
}

#[test]
fn a_frame_that_is_cut_is_an_error_of_kind_type() {
    let whole = write(&limits()).unwrap();
    for length in 0..whole.len() {
        let error = read::<Limits>(&whole[..length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type, "{length}: {error}");
    }
    let longer = [&whole[..], &[0]].concat();
    let error = read::<Limits>(&longer).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(
        error.message(),
        "the frame is malformed: 1 bytes are left (at byte 35 of 36)"
    );
}

#[test]
fn another_version_is_unsupported() {
    let mut bytes = write(&limits()).unwrap();
    bytes[0] = VERSION + 1;
    for error in read_all(&bytes).into_iter().map(Result::unwrap_err) {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
}

#[test]
fn what_is_no_value_is_refused() {
    let refused = |bytes: &[u8], why: &str| {
        let bytes = [&[VERSION], bytes].concat();
        let error = match why {
            "neither 0 nor 1" => read::<bool>(&bytes).map(drop),
            "no UTF-8" => read::<String>(&bytes).map(drop),
            "number of a type" => read::<Type>(&bytes).map(drop),
            _ => read::<Vec<u64>>(&bytes).map(drop),
        };
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type);
        assert!(error.message().contains(why), "{error}");
    };
    refused(&[2], "neither 0 nor 1");
    refused(&[1, 0, 0, 0, 0xff], "no UTF-8");
    refused(&[200], "number of a type");
    refused(&[0xff; 4], "reserved");
    // A count is no reason to make room.
    refused(&[0xfe, 0xff, 0xff, 0xff, 0], "4294967294 bytes or elements");
    refused(&[2, 0, 0, 0, 0, 0], "8 bytes or elements");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut state = 7;
    let whole = write(&limits()).unwrap();
    for round in 0..20_000_u64 {
        let length = (random(&mut state) % 64) as usize;
        let mut bytes = match round % 2 {
            0 => (0..length).map(|_| random(&mut state) as u8).collect(),
            _ => whole.clone(),
        };
        if round % 2 == 1 {
            let at = 1 + (random(&mut state) as usize) % (whole.len() - 1);
            bytes[at] = random(&mut state) as u8;
        } else if let Some(first) = bytes.first_mut() {
            *first = VERSION;
        }
        for refused in read_all(&bytes).into_iter().filter_map(Result::err) {
            assert_eq!(refused.kind(), ErrorKind::Type, "{bytes:?}: {refused}");
        }
    }
}
