//! The digest of a module.

use crate::cache::Digest;
use crate::file_mark::{FileMark, Known};

/// The digests of what is in files.
static DIGESTS: Known<Digest> = Known::new();

/// The digest of a module, which is known if it comes from a file that was read before.
pub(super) fn digest_of(wasm: &[u8], mark: Option<FileMark>) -> Digest {
    if let Some(known) = mark.and_then(|mark| DIGESTS.find(&mark)) {
        return known;
    }
    let digest = blake3::hash(wasm);
    if let Some(mark) = mark {
        DIGESTS.keep(mark, digest);
    }
    digest
}
