//! Frames that are malformed are errors, whatever type is read from them.

use std::sync::Arc;

use landbridge::{ErrorKind, FromWit, NumberList, ToWit, Wit, WitFrame, WitWriter};

#[derive(Wit, Clone, Debug, PartialEq)]
struct Person {
    name: String,
    age: Option<u32>,
    numbers: Vec<u32>,
    shape: Shape,
    access: Access,
}

#[derive(Wit, Clone, Debug, PartialEq)]
enum Shape {
    Circle(f64),
    Letters(Vec<char>),
    Empty,
}

#[derive(Wit, Clone, Debug, PartialEq)]
#[wit(flags)]
struct Access {
    read: bool,
    write: bool,
    run: bool,
}

fn lift<T: FromWit>(bytes: &[u8], blobs: Vec<NumberList>) -> landbridge::Result<T> {
    let mut frame = WitFrame {
        bytes: bytes.to_vec(),
        blobs,
    };
    let mut frame = frame.reader();
    let it = T::lift(&mut frame)?;
    frame.end()?;
    Ok(it)
}

#[track_caller]
fn refused<T: FromWit>(bytes: &[u8], blobs: Vec<NumberList>, why: &str) {
    let error = lift::<T>(bytes, blobs).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(error.message(), format!("the frame is malformed: {why}"));
}

/// Says that a blob follows, and its number.
fn blob(index: u8) -> Vec<u8> {
    vec![0xff, 0xff, 0xff, 0xff, index, 0, 0, 0]
}

#[test]
fn values_that_are_none() {
    refused::<bool>(&[2], vec![], "there is no case 2 of 2 (at byte 1 of 1)");
    refused::<char>(
        &[0, 0xd8, 0, 0],
        vec![],
        "0xd800 is no char (at byte 4 of 4)",
    );
    refused::<Option<u8>>(&[2, 0], vec![], "there is no case 2 of 2 (at byte 1 of 2)");
    refused::<Result<u8, u8>>(&[9, 0], vec![], "there is no case 9 of 2 (at byte 1 of 2)");
    refused::<Shape>(&[3], vec![], "there is no case 3 of 3 (at byte 1 of 1)");
    refused::<Access>(
        &[8],
        vec![],
        "there are flags without a name (at byte 1 of 1)",
    );
    refused::<String>(
        &[1, 0, 0, 0, 0xff],
        vec![],
        "a text is no UTF-8: invalid utf-8 sequence of 1 bytes from index 0 (at byte 5 of 5)",
    );
    refused::<u32>(
        &[1, 2, 3],
        vec![],
        "4 bytes or elements must follow, 3 bytes do (at byte 0 of 3)",
    );
    refused::<u8>(&[1, 2], vec![], "1 bytes are left (at byte 1 of 2)");
}

#[test]
fn counts_that_are_too_large_make_no_room() {
    let many = [0xfe, 0xff, 0xff, 0xff, 1];
    let short = "4294967294 bytes or elements must follow, 1 bytes do (at byte 4 of 5)";
    refused::<String>(&many, vec![], short);
    refused::<Vec<u8>>(&many, vec![], short);
    refused::<Vec<String>>(&many, vec![], short);
    refused::<Vec<bool>>(&blob(0), vec![], "there is no blob 0");
    refused::<Vec<u64>>(
        &many,
        vec![],
        "34359738352 bytes or elements must follow, 1 bytes do (at byte 4 of 5)",
    );
}

#[test]
fn blobs_that_are_not_there() {
    refused::<String>(&blob(0), vec![], "there is no blob 0");
    refused::<Vec<u8>>(
        &blob(7),
        vec![NumberList::U8(vec![1])],
        "there is no blob 7",
    );
    // Each is there once.
    let twice = [blob(0), blob(0)].concat();
    let bytes = || vec![NumberList::U8(vec![1; 8])];
    refused::<(Vec<u8>, Vec<u8>)>(&twice, bytes(), "there is no blob 0");
    refused::<Vec<u64>>(
        &blob(0),
        vec![NumberList::U8(vec![1; 9])],
        "a blob holds a part of a number (at byte 8 of 8)",
    );
    refused::<String>(
        &blob(0),
        vec![NumberList::U8(vec![0xff])],
        "a text is no UTF-8: invalid utf-8 sequence of 1 bytes from index 0 (at byte 8 of 8)",
    );
}

/// Numbers of one size are the same bytes.
#[test]
fn blobs_of_other_numbers() {
    let ones = || 1.0_f64.to_bits();
    let same: Vec<f64> = lift(&blob(0), vec![NumberList::U64(vec![ones(); 300])]).unwrap();
    assert_eq!(same, [1.0; 300]);
    let bytes = ones().to_le_bytes().repeat(300);
    let copied: Vec<f64> = lift(&blob(0), vec![NumberList::U8(bytes)]).unwrap();
    assert_eq!(copied, [1.0; 300]);
    let text: String = lift(&blob(0), vec![NumberList::U16(vec![0x4141; 2])]).unwrap();
    assert_eq!(text, "AAAA");
}

fn person() -> Person {
    Person {
        name: "Ada".to_owned(),
        age: Some(36),
        numbers: vec![1, 2, 3],
        shape: Shape::Letters(vec!['a', 'é']),
        access: Access {
            read: true,
            write: false,
            run: true,
        },
    }
}

#[test]
fn a_frame_is_as_it_is_written_down() {
    let it = person();
    let mut frame = WitWriter::new();
    it.lower(&mut frame);
    let bytes = [
        &[3, 0, 0, 0, b'A', b'd', b'a'][..],
        &[1, 36, 0, 0, 0],
        &[3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0],
        &[1, 2, 0, 0, 0, b'a', 0, 0, 0, 0xe9, 0, 0, 0],
        &[0b101],
    ];
    let frame = frame.finish().unwrap();
    assert_eq!((&frame.bytes, frame.blobs.len()), (&bytes.concat(), 0));
    assert_eq!(lift::<Person>(&frame.bytes, vec![]).unwrap(), it);
}

/// What is large is lent, and moved where it is not needed any more.
#[test]
fn blobs_are_lent_and_moved() {
    let numbers: Vec<u64> = (0..1000).collect();
    let at = numbers.as_ptr();
    let texts = vec!["a".repeat(2000), "b".to_owned()];
    let mut frame = WitWriter::new();
    numbers.lower(&mut frame);
    texts.lower(&mut frame);
    let args = frame.lend().unwrap();
    assert_eq!(
        (args.blobs.len(0), args.blobs.len(1), args.blobs.len(2)),
        (Some(8000), Some(2000), None)
    );
    assert_eq!(
        args.bytes,
        [blob(0), vec![2, 0, 0, 0], blob(1), vec![1, 0, 0, 0, b'b']].concat()
    );
    let mut copied = vec![0; 2000];
    args.blobs.copy(1, &mut copied).unwrap();
    assert_eq!(copied, texts[0].as_bytes());
    assert!(args.blobs.copy(1, &mut [0; 1999]).is_err() && args.blobs.copy(2, &mut []).is_err());
    let mut frame = WitWriter::new();
    (numbers, texts, &*"c".repeat(3000)).lower_own(&mut frame);
    let mut frame = frame.finish().unwrap();
    assert_eq!(frame.blobs[2], NumberList::U8(vec![b'c'; 3000]));
    let (numbers, _, text) =
        <(Vec<u64>, Vec<String>, Arc<str>)>::lift(&mut frame.reader()).unwrap();
    assert_eq!((numbers.as_ptr(), text.len()), (at, 3000));
}

/// SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn any_bytes_are_read_or_refused() {
    let whole = {
        let (it, mut frame) = (person(), WitWriter::new());
        it.lower(&mut frame);
        frame.finish().unwrap().bytes
    };
    let mut state = 11;
    for round in 0..20_000_u64 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => {
                let length = random(&mut state) % 48;
                bytes = (0..length).map(|_| random(&mut state) as u8).collect();
            }
            1 => bytes.truncate(random(&mut state) as usize % whole.len()),
            _ => {
                let at = random(&mut state) as usize % whole.len();
                bytes[at] = random(&mut state) as u8;
            }
        }
        let blobs = || vec![NumberList::U8(vec![b'x'; round as usize % 5])];
        let all = [
            lift::<Person>(&bytes, blobs()).map(drop),
            lift::<Vec<Person>>(&bytes, blobs()).map(drop),
            lift::<Vec<Result<String, Vec<f64>>>>(&bytes, blobs()).map(drop),
            lift::<(Shape, Access, char, Box<[bool]>)>(&bytes, blobs()).map(drop),
        ];
        for error in all.into_iter().filter_map(Result::err) {
            assert_eq!(error.kind(), ErrorKind::Type, "{bytes:?}: {error}");
        }
    }
}
