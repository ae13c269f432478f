//! Types of the standard library, there and back.

use std::borrow::Cow;
use std::sync::Arc;

use landbridge::{FromWit, ToWit, Wit, WitReader, WitType, WitWriter};
use landbridge_worlds::Type as T;

use crate::echo::{both_ways, echo};

fn list(ty: T) -> T {
    T::List(Box::new(ty))
}

fn option(ty: T) -> T {
    T::Option(Box::new(ty))
}

fn result(ok: Option<T>, err: Option<T>) -> T {
    T::Result(ok.map(Box::new), err.map(Box::new))
}

#[test]
fn scalars() {
    both_ways(T::Bool, [false, true]);
    both_ways(T::S8, [i8::MIN, -1, 0, i8::MAX]);
    both_ways(T::U8, [0, u8::MAX]);
    both_ways(T::S16, [i16::MIN, -1, i16::MAX]);
    both_ways(T::U16, [0, u16::MAX]);
    both_ways(T::S32, [i32::MIN, -1, i32::MAX]);
    both_ways(T::U32, [0, u32::MAX]);
    both_ways(T::S64, [i64::MIN, -1, i64::MAX]);
    both_ways(T::U64, [0, u64::MAX]);
    both_ways(T::F32, [0.0, -1.5, f32::MAX, f32::INFINITY]);
    both_ways(T::F64, [0.0, -1.5, f64::MIN_POSITIVE, f64::NEG_INFINITY]);
    both_ways(T::Char, ['\0', 'a', 'é', '\u{d7ff}', '\u{e000}', char::MAX]);
}

/// Texts around the length from which on they lie beside the frame, of letters of every length.
fn texts() -> Vec<String> {
    let lengths = [0, 1, 64, 1023, 1024, 1025, 70_000];
    let mut texts: Vec<_> = lengths.map(|n| "a".repeat(n)).into();
    texts.extend(["é", "€", "𝄞", "\0"].map(|letter| letter.repeat(400)));
    texts
}

#[test]
fn texts_of_every_length() {
    both_ways(T::String, texts());
    both_ways(list(T::String), [texts(), vec![]]);
}

#[test]
fn texts_that_are_borrowed_or_shared() {
    let echo = echo(&[T::String]);
    let borrowed = echo.typed::<(&str,), Box<str>>().unwrap();
    let shared = echo.typed::<(Arc<str>,), Arc<str>>().unwrap();
    let boxed = echo.typed::<(Box<String>,), Arc<String>>().unwrap();
    let cow = echo.typed::<(Cow<'_, str>,), Cow<'static, str>>().unwrap();
    for text in texts() {
        // What is borrowed lives no longer than the call, and the function does.
        assert_eq!(*borrowed.call((&text,)).unwrap(), *text);
        assert_eq!(*shared.call((text.as_str().into(),)).unwrap(), *text);
        assert_eq!(*boxed.call((text.clone().into(),)).unwrap(), text);
        assert_eq!(cow.call((text.as_str().into(),)).unwrap(), text);
        assert_eq!(cow.call((text.clone().into(),)).unwrap(), text);
    }
}

/// Lists around the length from which on they lie beside the frame.
fn counts(bytes: usize) -> impl Iterator<Item = usize> + Clone {
    let edge = 1024 / bytes;
    [0, 1, edge - 1, edge, edge + 1, 10_000].into_iter()
}

macro_rules! lists {
    ($($Rust:ty, $Case:ident;)*) => {$(
        let lists = counts(size_of::<$Rust>()).map(|n| {
            (0..n).map(|i| (i as $Rust) * (7 as $Rust) / (2 as $Rust)).collect::<Vec<$Rust>>()
        });
        both_ways(list(T::$Case), lists.clone());
        let func = echo(&[list(T::$Case)]);
        let borrowed = func.typed::<(&[$Rust],), Box<[$Rust]>>().unwrap();
        let shared = func.typed::<(Arc<[$Rust]>,), Arc<[$Rust]>>().unwrap();
        for list in lists {
            assert_eq!(*borrowed.call((&list,)).unwrap(), *list);
            assert_eq!(*shared.call((list.as_slice().into(),)).unwrap(), *list);
        }
    )*};
}

#[test]
#[allow(clippy::cast_lossless, reason = "it is the same line for all")]
fn lists_of_numbers() {
    fn u8s() -> Vec<Vec<u8>> {
        counts(1)
            .map(|n| (0..n).map(|i| i as u8).collect())
            .collect()
    }
    fn i8s() -> Vec<Vec<i8>> {
        counts(1)
            .map(|n| (0..n).map(|i| i as i8).collect())
            .collect()
    }
    both_ways(list(T::U8), u8s());
    both_ways(list(T::S8), i8s());
    lists! {
        u16, U16;
        u32, U32;
        i32, S32;
        u64, U64;
        i64, S64;
        f32, F32;
        f64, F64;
    }
    both_ways(list(T::S16), [vec![i16::MIN; 600], vec![-1, 1]]);
}

#[test]
fn the_bits_of_a_number_that_is_none_stay() {
    let bits = [0x7ff8_0000_0000_0001, 0xfff0_0000_0000_0007_u64];
    let numbers: Vec<f64> = bits.repeat(300).into_iter().map(f64::from_bits).collect();
    let typed = echo(&[list(T::F64)])
        .typed::<(&[f64],), Vec<f64>>()
        .unwrap();
    for numbers in [&numbers[..2], &numbers] {
        let given = typed.call((numbers,)).unwrap();
        let bits = |them: &[f64]| them.iter().map(|it| it.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&given), bits(numbers));
    }
}

#[test]
fn lists_of_all_else() {
    both_ways(list(T::Bool), [vec![true, false, true], vec![]]);
    both_ways(list(T::Char), [vec!['a', '𝄞']]);
    both_ways(
        list(list(T::U8)),
        [vec![vec![1_u8; 2000], vec![], vec![2; 3]]],
    );
    both_ways(
        list(T::Tuple(vec![T::U32, T::String])),
        [(0..50_u32)
            .map(|i| (i, "x".repeat(i as usize * 40)))
            .collect::<Vec<_>>()],
    );
    both_ways(list(option(T::F64)), [vec![Some(1.5), None]]);
}

#[test]
fn options_and_results() {
    both_ways(option(T::U8), [None, Some(7_u8)]);
    both_ways(
        option(option(T::String)),
        [None, Some(None), Some(Some("a".to_owned()))],
    );
    let texts = [Ok(7_u32), Err("no".to_owned()), Err("n".repeat(3000))];
    both_ways(result(Some(T::U32), Some(T::String)), texts);
    both_ways(
        result(None, Some(T::String)),
        [Ok(()), Err("no".to_owned())],
    );
    both_ways(
        result(Some(T::String), None),
        [Ok("yes".to_owned()), Err(())],
    );
    both_ways(result(None, None), [Ok(()), Err(())]);
    both_ways(
        result(Some(result(None, Some(T::U8))), Some(option(T::Bool))),
        [Ok(Ok(())), Ok(Err(7_u8)), Err(None), Err(Some(true))],
    );
}

#[test]
fn tuples() {
    both_ways(T::Tuple(vec![T::U8]), [(7_u8,)]);
    both_ways(T::Tuple(vec![T::U8, T::U64]), [(7_u8, 8_u64)]);
    let twelve = vec![
        T::Bool,
        T::U8,
        T::S16,
        T::U32,
        T::S64,
        T::F32,
        T::F64,
        T::Char,
        T::String,
        option(T::U8),
        list(T::U16),
        T::Tuple(vec![T::U8, T::U8]),
    ];
    let value = (
        true,
        1_u8,
        -2_i16,
        3_u32,
        -4_i64,
        5.5_f32,
        6.5,
        '7',
        "8".to_owned(),
        Some(9_u8),
        vec![10_u16; 700],
        (11_u8, 12_u8),
    );
    both_ways(T::Tuple(twelve.clone()), [value.clone()]);
    // The same as parameters.
    macro_rules! all {
        ($($Rust:ty),*) => { echo(&twelve).typed::<($($Rust,)*), ($($Rust,)*)>() };
    }
    let typed = all!(
        bool,
        u8,
        i16,
        u32,
        i64,
        f32,
        f64,
        char,
        String,
        Option<u8>,
        Vec<u16>,
        (u8, u8)
    );
    assert_eq!(typed.unwrap().call(value.clone()).unwrap(), value);
}

#[test]
fn nothing_is_taken_and_given() {
    let nothing = echo(&[]).typed::<(), ()>().unwrap();
    nothing.call(()).unwrap();
}

/// Types of one's own can be written by hand.
#[test]
fn a_type_of_ones_own() {
    #[derive(Clone, Debug, PartialEq)]
    struct Even(u32);

    impl Wit for Even {
        fn check(ty: &WitType, place: &landbridge::WitPlace<'_>) -> landbridge::Result<()> {
            u32::check(ty, place)
        }

        fn spell(text: &mut String) {
            u32::spell(text);
        }
    }

    impl ToWit for Even {
        fn lower<'a>(&'a self, frame: &mut WitWriter<'a>) {
            self.0.lower(frame);
        }
    }

    impl FromWit for Even {
        fn lift(frame: &mut WitReader<'_>) -> landbridge::Result<Even> {
            match u32::lift(frame)? {
                even if even % 2 == 0 => Ok(Even(even)),
                odd => Err(frame.wrong(&format!("{odd} is odd"))),
            }
        }
    }

    both_ways(T::U32, [Even(2)]);
    both_ways(list(T::U32), [vec![Even(2); 700]]);
    let odd = echo(&[T::U32]).typed::<(u32,), Even>().unwrap();
    let error = odd.call((7,)).unwrap_err();
    assert_eq!(
        error.message(),
        "the frame is malformed: 7 is odd (at byte 4 of 4)"
    );
    // That was no fault of the guest.
    assert_eq!(odd.call((8,)).unwrap(), Even(8));
}
