//! Structs and enums that derive `Wit`.

use landbridge::Wit;
use landbridge_worlds::Type as T;

use crate::echo::{both_ways, echo};

fn fields(fields: &[(&str, T)]) -> Vec<(String, T)> {
    let fields = fields
        .iter()
        .map(|(name, ty)| ((*name).to_owned(), ty.clone()));
    fields.collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

fn list(ty: T) -> T {
    T::List(Box::new(ty))
}

fn person() -> T {
    let all = fields(&[
        ("full-name", T::String),
        ("type", T::U8),
        ("HTTP-code", T::Option(Box::new(T::U16))),
        ("tags", list(T::String)),
        ("photo", list(T::U8)),
    ]);
    T::Record("person".to_owned(), all)
}

#[derive(Wit, Clone, Debug, PartialEq)]
struct Person {
    full_name: String,
    r#type: u8,
    http_code: Option<u16>,
    #[wit(name = "tags")]
    labels: Vec<String>,
    photo: Vec<u8>,
}

fn ada(photo: usize) -> Person {
    Person {
        full_name: "Ada".to_owned(),
        r#type: 7,
        http_code: Some(404),
        labels: vec!["a".to_owned(), "b".repeat(2000)],
        photo: vec![1; photo],
    }
}

#[test]
fn records() {
    both_ways(person(), [ada(0), ada(1023), ada(1024)]);
    both_ways(list(person()), [vec![ada(5), ada(5000)], vec![]]);
}

#[test]
fn what_borrows_can_be_given() {
    #[derive(Wit)]
    struct Lent<'a> {
        full_name: &'a str,
        r#type: u8,
        http_code: Option<u16>,
        tags: &'a [String],
        photo: &'a [u8],
    }

    let echo = echo(&[person()]).typed::<(Lent<'_>,), Person>().unwrap();
    for it in [ada(0), ada(3000)] {
        let lent = Lent {
            full_name: &it.full_name,
            r#type: it.r#type,
            http_code: it.http_code,
            tags: &it.labels,
            photo: &it.photo,
        };
        assert_eq!(echo.call((lent,)).unwrap(), it);
    }
}

#[test]
fn variants() {
    #[derive(Wit, Clone, Debug, PartialEq)]
    enum Shape {
        Circle(f64),
        Polygon(Vec<(f32, f32)>),
        Text(String),
        Nothing,
        Owner(Box<Person>),
    }

    let cases = vec![
        ("circle".to_owned(), Some(T::F64)),
        (
            "polygon".to_owned(),
            Some(list(T::Tuple(vec![T::F32, T::F32]))),
        ),
        ("text".to_owned(), Some(T::String)),
        ("nothing".to_owned(), None),
        ("owner".to_owned(), Some(person())),
    ];
    both_ways(
        T::Variant("shape".to_owned(), cases),
        [
            Shape::Circle(1.5),
            Shape::Polygon(vec![(1.0, 2.0); 500]),
            Shape::Text("t".repeat(1024)),
            Shape::Nothing,
            Shape::Owner(Box::new(ada(2000))),
        ],
    );
}

#[derive(Wit, Clone, Copy, Debug, PartialEq)]
enum Color {
    Red,
    DarkBlue,
    #[wit(name = "x-11")]
    Other,
}

#[test]
fn enums() {
    let colors = [Color::Red, Color::DarkBlue, Color::Other];
    let all = names(&["red", "dark-blue", "x-11"]);
    both_ways(T::Enum("color".to_owned(), all.clone()), colors);
    // A variant whose cases hold nothing is the same in Rust.
    let cases = all.into_iter().map(|name| (name, None)).collect();
    both_ways(T::Variant("color".to_owned(), cases), colors);
}

macro_rules! flags {
    ($Name:ident, $($flag:ident)*) => {
        #[derive(Wit, Clone, Copy, Debug, Default, PartialEq)]
        #[wit(flags)]
        struct $Name { $($flag: bool),* }

        impl $Name {
            const NAMES: &[&str] = &[$(stringify!($flag)),*];

            /// None, each alone, all.
            fn some() -> Vec<$Name> {
                let mut some = vec![$Name::default()];
                $(some.push($Name { $flag: true, ..$Name::default() });)*
                some.push($Name { $($flag: true),* });
                some
            }
        }
    };
}

flags!(Three, a b c);
flags!(Nine, a b c d e f g h i);
flags!(Seventeen, a b c d e f g h i j k l m n o p q);

#[test]
fn flags() {
    let ty = |all: &[&str]| T::Flags("flags".to_owned(), names(all));
    both_ways(ty(Three::NAMES), Three::some());
    both_ways(ty(Nine::NAMES), Nine::some());
    both_ways(ty(Seventeen::NAMES), Seventeen::some());
    both_ways(list(ty(Nine::NAMES)), [Nine::some()]);
}

#[test]
fn structs_of_parts() {
    #[derive(Wit, Clone, Debug, PartialEq)]
    struct Meters(f64);

    #[derive(Wit, Clone, Debug, PartialEq)]
    struct Pair(Meters, String);

    both_ways(T::F64, [Meters(1.5)]);
    both_ways(
        list(T::F64),
        [127, 128].map(|count| vec![Meters(1.5); count]),
    );
    let pair = T::Tuple(vec![T::F64, T::String]);
    both_ways(pair, [Pair(Meters(2.5), "p".repeat(1500))]);
}

#[test]
fn generic_types() {
    #[derive(Wit, Clone, Debug, PartialEq)]
    struct Page<T, const N: usize> {
        items: Vec<T>,
        next: Option<u32>,
    }

    #[derive(Wit, Clone, Debug, PartialEq)]
    enum Either<A, B> {
        Left(A),
        Right(B),
    }

    let all = fields(&[
        ("items", list(person())),
        ("next", T::Option(Box::new(T::U32))),
    ]);
    let page = Page::<_, 3> {
        items: vec![ada(5)],
        next: Some(7),
    };
    both_ways(T::Record("page".to_owned(), all), [page]);
    let cases = vec![
        ("left".to_owned(), Some(T::String)),
        ("right".to_owned(), None),
    ];
    let either = [Either::Left("l".to_owned()), Either::Right(())];
    both_ways(T::Variant("either".to_owned(), cases), either);
}
