//! Frames without the engine: Miri runs these too (`make miri`).

use super::*;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }
}

/// Counts at the edges of what lies beside a frame.
fn counts(each: usize) -> [usize; 6] {
    let most = BLOB_MIN / each;
    [0, 1, 7, most - 1, most, most + 1]
}

fn there_and_back<N: WitNumber + PartialEq + std::fmt::Debug>(number: fn(u64) -> N) {
    let mut random = Random(N::BYTES as u64);
    for count in counts(N::BYTES) {
        let numbers: Vec<N> = (0..count).map(|_| number(random.bits())).collect();
        let mut lent = WitWriter::new();
        lent.numbers(&numbers);
        lent.raw(&[7]);
        let mut owned = WitWriter::new();
        owned.own_numbers(numbers.clone());
        owned.raw(&[7]);
        assert_eq!(lent.lend().unwrap().bytes, owned.lend().unwrap().bytes);
        for mut frame in [lent.finish().unwrap(), owned.finish().unwrap()] {
            assert_eq!(frame.blobs.len(), usize::from(count * N::BYTES >= BLOB_MIN));
            let mut reader = frame.reader();
            assert_eq!(reader.numbers::<N>().unwrap(), numbers);
            assert_eq!(reader.array().unwrap(), [7]);
            reader.end().unwrap();
        }
    }
}

#[test]
fn numbers_go_there_and_back() {
    there_and_back(|it| it as i8);
    there_and_back(|it| it as u8);
    there_and_back(|it| it as i16);
    there_and_back(|it| it as u16);
    there_and_back(|it| it as i32);
    there_and_back(|it| it as u32);
    there_and_back(|it| it as i64);
    there_and_back(|it| it);
    // Those that are no NaN: they are compared by their value.
    there_and_back(|it| f32::from_bits(it as u32 & !0x4000_0000));
    there_and_back(|it| f64::from_bits(it & !(1 << 62)));
}

#[test]
fn bits_of_a_nan_stay() {
    let bits = [0x7f80_0001_u32, 0xffff_ffff, 0x7fc0_dead, 0x7fa0_0000];
    let numbers = bits.map(f32::from_bits);
    let mut writer = WitWriter::new();
    writer.numbers(&numbers);
    let mut frame = writer.finish().unwrap();
    let read = frame.reader().numbers::<f32>().unwrap();
    assert_eq!(read.iter().map(|it| it.to_bits()).collect::<Vec<_>>(), bits);
}

#[test]
fn texts_go_there_and_back() {
    for text in [
        "",
        "a",
        "ä\u{d7ff}\u{e000}\u{10ffff}",
        &"é".repeat(BLOB_MIN / 2 - 1),
        &"é".repeat(BLOB_MIN / 2),
    ] {
        let mut writer = WitWriter::new();
        writer.text(text);
        let mut frame = writer.finish().unwrap();
        assert_eq!(frame.blobs.len(), usize::from(text.len() >= BLOB_MIN));
        let mut reader = frame.reader();
        assert_eq!(reader.text().unwrap(), text);
        reader.end().unwrap();
    }
}

#[test]
fn what_is_copied_is_numbered_on() {
    let (first, second) = (vec![1_u8; BLOB_MIN], vec![2_u8; BLOB_MIN]);
    let mut writer = WitWriter::new();
    writer.numbers(&first);
    {
        let shorter = vec![3_u8; BLOB_MIN];
        writer.copied(|it| it.numbers(&shorter));
    }
    writer.numbers(&second);
    let mut frame = writer.finish().unwrap();
    let mut reader = frame.reader();
    for number in [1, 3, 2] {
        assert_eq!(reader.numbers::<u8>().unwrap(), vec![number; BLOB_MIN]);
    }
}

/// A blob of other numbers is read by its bytes, if they are whole; one that was read is there no more.
#[test]
fn a_blob_is_bytes_and_there_once() {
    let beside = |blobs: Vec<NumberList>| WitFrame {
        bytes: [u32::MAX.to_le_bytes(), [0; 4]].concat(),
        blobs,
    };
    let mut frame = beside(vec![NumberList::U8((0..8).collect())]);
    assert_eq!(
        frame.reader().numbers::<u32>().unwrap(),
        [0x0302_0100, 0x0706_0504]
    );
    let mut frame = beside(vec![NumberList::F64(vec![1.5])]);
    assert_eq!(
        frame.reader().numbers::<u64>().unwrap(),
        [1.5_f64.to_bits()]
    );
    let mut frame = beside(vec![NumberList::U8(vec![0; 7])]);
    refused(frame.reader().numbers::<u16>());
    refused(beside(vec![]).reader().numbers::<u16>());
    let mut frame = beside(vec![NumberList::U8(vec![0xff; 8])]);
    refused(frame.reader().text());
    let mut twice = beside(vec![NumberList::U8(vec![1; 8])]);
    twice.bytes.extend_from_within(..);
    let mut reader = twice.reader();
    assert_eq!(reader.numbers::<u8>().unwrap(), [1; 8]);
    refused(reader.numbers::<u8>());
}

fn refused<T: std::fmt::Debug>(read: Result<T>) {
    let error = read.expect_err("it is malformed");
    assert_eq!(error.kind(), ErrorKind::Type, "{error}");
}

/// Whatever the bytes are, each reader gives an error of kind `type` or a value.
#[test]
fn any_bytes_are_read_or_refused() {
    let mut random = Random(1);
    let rounds = if cfg!(miri) { 200 } else { 20_000 };
    for _ in 0..rounds {
        let bytes: Vec<u8> = (0..random.below(40)).map(|_| byte(&mut random)).collect();
        let blobs =
            (0..random.below(3)).map(|_| NumberList::U8(vec![byte(&mut random); random.below(9)]));
        let mut frame = WitFrame {
            bytes,
            blobs: blobs.collect(),
        };
        let mut reader = frame.reader();
        loop {
            let read = match random.below(8) {
                0 => reader.text().map(drop),
                1 => reader.numbers::<u8>().map(drop),
                2 => reader.numbers::<i64>().map(drop),
                3 => reader.numbers::<f32>().map(drop),
                4 => reader.count().map(drop),
                5 => reader.case(2, 300).map(drop),
                6 => reader.raw(3).map(drop),
                _ => reader.array::<8>().map(drop),
            };
            if let Err(error) = read {
                assert_eq!(error.kind(), ErrorKind::Type, "{error}");
                break;
            }
        }
    }
}

fn byte(random: &mut Random) -> u8 {
    match random.below(3) {
        0 => 0xff,
        1 => random.below(4) as u8,
        _ => random.bits() as u8,
    }
}

#[test]
fn blobs_that_are_lent_are_checked() {
    let blobs = vec![NumberList::U16(vec![0x0201, 0x0403])];
    assert_eq!(
        (blobs.len(), Blobs::len(&blobs, 0), Blobs::len(&blobs, 1)),
        (1, Some(4), None)
    );
    let mut four = [0; 4];
    blobs.copy(0, &mut four).unwrap();
    assert_eq!(four, [1, 2, 3, 4]);
    refused(blobs.copy(0, &mut [0; 5]));
    refused(blobs.copy(1, &mut four));
    refused(Blobs::copy(&(), 0, &mut four));
    assert_eq!(Blobs::len(&(), 0), None);
}

#[test]
fn a_sink_takes_numbers_by_their_size() {
    let mut sink: Vec<NumberList> = Vec::new();
    for each in [1, 2, 4, 8] {
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(sink.blob(&bytes, each).unwrap() as usize, sink.len() - 1);
        assert_eq!(sink.last().unwrap().as_bytes(), bytes);
        assert_eq!(sink.last().unwrap().len(), 16 / each);
    }
}
