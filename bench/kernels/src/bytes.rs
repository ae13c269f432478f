//! Work on bytes: a hash, and compression.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use crate::numbers::Numbers;

pub(crate) fn sha256(size: usize, mut numbers: Numbers) -> u32 {
    let mut input = vec![0; size];
    for word in input.chunks_mut(4) {
        word.copy_from_slice(&numbers.next().to_le_bytes()[..word.len()]);
    }
    let digest = Sha256::digest(&input);
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
}

pub(crate) fn deflate(size: usize, mut numbers: Numbers) -> u32 {
    let mut text = numbers.words(size / 4);
    text.truncate(size);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory takes bytes");
    let packed = encoder.finish().expect("memory takes bytes");
    let mut again = Vec::new();
    let mut decoder = ZlibDecoder::new(&*packed);
    decoder.read_to_end(&mut again).expect("what was deflated inflates");
    assert!(again == text.as_bytes());
    crate::sum(&packed)
}
