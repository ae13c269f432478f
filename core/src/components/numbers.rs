//! Lists of numbers, which cross as a whole.

use std::mem::ManuallyDrop;

use super::types::WitType;
use super::value::NumberList;

mod sealed {
    /// Only numbers are numbers: what crosses as bytes must have no gaps and no forbidden bits.
    pub trait Sealed {}
}

/// A number of WIT, as Rust has it: `i8` to `u64`, `f32` and `f64`. A list of them crosses as a whole.
pub trait WitNumber: sealed::Sealed + Copy + Send + Sync + 'static {
    /// Its type.
    #[doc(hidden)]
    const TYPE: WitType;
    /// How many bytes one has.
    #[doc(hidden)]
    const BYTES: usize = size_of::<Self>();

    /// A list of them.
    #[doc(hidden)]
    fn into_list(numbers: Vec<Self>) -> NumberList;

    /// What is in a list if its numbers are as large as these, else the list.
    #[doc(hidden)]
    fn from_list(list: NumberList) -> Result<Vec<Self>, NumberList>;

    /// The numbers that bytes hold, as many as are whole.
    #[doc(hidden)]
    fn from_bytes(bytes: &[u8]) -> Vec<Self>;
}

/// Numbers as they lie in memory.
#[cfg(target_endian = "little")]
#[inline]
pub(crate) fn as_bytes<N: WitNumber>(numbers: &[N]) -> &[u8] {
    let bytes = size_of_val(numbers);
    // SAFETY: the trait is sealed, and all that have it are integers and floats: they have no gaps, so that each of
    // the slice's bytes is initialised. The slice's memory lives as long as what is given, and nothing writes it.
    unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast::<u8>(), bytes) }
}

#[cfg(not(target_endian = "little"))]
compile_error!("frames are little-endian: lists of numbers would have to be turned around");

/// The same numbers as those of another type, if they are as large: nothing is copied.
#[inline]
fn cast<A: WitNumber, B: WitNumber>(numbers: Vec<A>) -> Result<Vec<B>, Vec<A>> {
    if size_of::<A>() != size_of::<B>() || align_of::<A>() != align_of::<B>() {
        return Err(numbers);
    }
    let mut numbers = ManuallyDrop::new(numbers);
    let (at, len, capacity) = (numbers.as_mut_ptr(), numbers.len(), numbers.capacity());
    // SAFETY: the memory is a `Vec`'s that is not used any more, size and alignment are the same, and every pattern of
    // bits is an integer and a float.
    Ok(unsafe { Vec::from_raw_parts(at.cast(), len, capacity) })
}

macro_rules! numbers {
    ($($Case:ident $Rust:ty),* $(,)?) => {
        $(
            impl sealed::Sealed for $Rust {}

            impl WitNumber for $Rust {
                const TYPE: WitType = WitType::$Case;

                #[inline]
                fn into_list(numbers: Vec<$Rust>) -> NumberList {
                    NumberList::$Case(numbers)
                }

                #[inline]
                fn from_list(list: NumberList) -> Result<Vec<$Rust>, NumberList> {
                    list.cast()
                }

                #[inline]
                fn from_bytes(bytes: &[u8]) -> Vec<$Rust> {
                    let (numbers, _) = bytes.as_chunks();
                    numbers.iter().map(|it| <$Rust>::from_le_bytes(*it)).collect()
                }
            }
        )*

        impl NumberList {
            /// The bytes of all its numbers, little-endian.
            pub fn as_bytes(&self) -> &[u8] {
                match self {
                    $(NumberList::$Case(numbers) => as_bytes(numbers),)*
                }
            }

            /// The type of its numbers.
            pub fn ty(&self) -> WitType {
                match self {
                    $(NumberList::$Case(_) => WitType::$Case,)*
                }
            }

            /// How many numbers there are.
            pub fn len(&self) -> usize {
                match self {
                    $(NumberList::$Case(numbers) => numbers.len(),)*
                }
            }

            /// Whether there is none.
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            #[inline]
            fn cast<N: WitNumber>(self) -> Result<Vec<N>, NumberList> {
                match self {
                    $(NumberList::$Case(numbers) => cast(numbers).map_err(NumberList::$Case),)*
                }
            }

            /// The same as a list of a type, if that is one of numbers of the same size.
            pub(crate) fn of_type(self, ty: &WitType) -> Option<NumberList> {
                match ty {
                    $(WitType::$Case => self.cast().map(NumberList::$Case).ok(),)*
                    _ => None,
                }
            }

            /// The numbers of a type that bytes hold, if it is one of numbers and they are whole.
            pub(crate) fn from_bytes(ty: &WitType, bytes: &[u8]) -> Option<NumberList> {
                match ty {
                    $(WitType::$Case if bytes.len().is_multiple_of(<$Rust>::BYTES) => {
                        Some(NumberList::$Case(<$Rust>::from_bytes(bytes)))
                    })*
                    _ => None,
                }
            }
        }
    };
}

numbers! {
    S8 i8, U8 u8, S16 i16, U16 u16, S32 i32, U32 u32, S64 i64, U64 u64, F32 f32, F64 f64,
}

impl NumberList {
    /// The bytes of a string, or of numbers of so many bytes each.
    #[inline]
    pub fn of_bytes_each(each: usize, bytes: &[u8]) -> NumberList {
        match each {
            8 => NumberList::U64(u64::from_bytes(bytes)),
            4 => NumberList::U32(u32::from_bytes(bytes)),
            2 => NumberList::U16(u16::from_bytes(bytes)),
            _ => NumberList::U8(bytes.to_vec()),
        }
    }
}
