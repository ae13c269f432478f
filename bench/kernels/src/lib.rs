//! Ten pieces of real work. Each takes a size and a seed, makes its own input from them, and returns a checksum, which
//! is the same in every engine and in native code. The input is cheap to make beside the work.

mod bytes;
mod image_work;
mod json;
mod map;
mod matrix;
mod numbers;
mod regex_work;
mod sort;
mod text;

/// A kernel: size and seed in, checksum out.
pub type Kernel = extern "C" fn(u32, u32) -> u32;

/// Exports a function under its name, and lists all of them for the native driver.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident = $work:path;)*) => {
        $(
            $(#[$doc])*
            #[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
            pub extern "C" fn $name(size: u32, seed: u32) -> u32 {
                $work(size as usize, numbers::Numbers::new(seed))
            }
        )*
        /// All of them, by name.
        pub const KERNELS: &[(&str, Kernel)] = &[$((stringify!($name), $name)),*];
    };
}

kernels! {
    /// SHA-256 of so many bytes.
    sha256 = bytes::sha256;
    /// So many bytes of words, deflated and inflated again.
    deflate = bytes::deflate;
    /// So many records of JSON: parsed, changed, written.
    json = json::change;
    /// A picture of so many pixels a side: made smaller with a cubic filter, then blurred.
    image = image_work::smaller;
    /// Addresses, dates and numbers found in a log of so many lines.
    regex = regex_work::find;
    /// So many numbers sorted, and a tenth as many words.
    sort = sort::both;
    /// The product of two square matrices of `f64`.
    matrix = matrix::product;
    /// The primes below a number.
    sieve = numbers::sieve;
    /// So many words of several scripts: normalised, cut into graphemes, in capitals.
    text = text::work;
    /// So many words counted in a hash map.
    map = map::count;
}

/// FNV-1a, for checksums.
pub(crate) fn sum(bytes: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811c_9dc5, step)
}
