//! Signatures of Rust that are not those of a function: where, and in which words.

use landbridge::{ErrorKind, FromWit, ToWit, Wit, WitParams};
use landbridge_worlds::Type as T;

use crate::echo::echo;

#[track_caller]
fn refused<P: WitParams + ToWit, R: FromWit>(params: &[T], why: &str) {
    let echo = echo(params);
    let error = echo.typed::<P, R>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Type);
    // By its name, if that can be known.
    let first = echo.ty().params.first().map(|it| it.ty.to_string());
    let why = why.replace("{ty}", &first.unwrap_or_default());
    assert_eq!(error.message(), format!("t:t/api#echo: {why}"));
}

fn list(ty: T) -> T {
    T::List(Box::new(ty))
}

#[test]
fn numbers_of_parameters() {
    refused::<(), ()>(
        &[T::U8],
        "the function takes 1 argument, not 0: it is func(a: u8) -> u8",
    );
    refused::<(u8,), u8>(
        &[T::U8, T::String],
        "the function takes 2 arguments, not 1: it is func(a: u8, b: string) -> tuple<u8, string>",
    );
}

#[test]
fn other_types() {
    let two = [T::U8, T::String];
    type Two = (u8, String);
    refused::<(u8, u32), Two>(&two, "args[1]: the function takes string, not u32");
    refused::<(i8, &str), Two>(&two, "args[0]: the function takes u8, not s8");
    refused::<(u8, &str), ()>(
        &two,
        "result: the function gives tuple<u8, string>, not nothing",
    );
    refused::<(u8, &str), (u8, Vec<u8>)>(&two, "result.1: the function gives string, not list<u8>");
    refused::<(u8, &str), (u8, String, bool)>(
        &two,
        "result: the function gives tuple<u8, string>, not tuple<u8, string, bool>",
    );
    refused::<(), u8>(&[], "result: the function gives nothing, not u8");
}

#[test]
fn inside_of_types() {
    let nested = list(T::Tuple(vec![T::U8, list(T::U16)]));
    refused::<(Vec<(u8, Vec<u8>)>,), ()>(
        &[nested],
        "args[0][].1[]: the function takes u16, not u8",
    );
    let option = T::Option(Box::new(T::Option(Box::new(T::Char))));
    refused::<(Option<Option<String>>,), ()>(
        &[option],
        "args[0]: the function takes char, not string",
    );
    let result = T::Result(Some(Box::new(T::U8)), Some(Box::new(T::String)));
    refused::<(Result<u8, u8>,), ()>(
        std::slice::from_ref(&result),
        "args[0].err: the function takes string, not u8",
    );
    refused::<(Result<(), String>,), ()>(
        std::slice::from_ref(&result),
        "args[0].ok: the function takes u8, not nothing",
    );
    refused::<(Result<u8, String>,), Option<u8>>(
        &[result],
        "result: the function gives result<u8, string>, not option<u8>",
    );
    let none = T::Result(None, None);
    refused::<(Result<(), ()>,), Result<(), u8>>(
        &[none],
        "result.err: the function gives nothing, not u8",
    );
    refused::<(Vec<()>,), ()>(
        &[list(T::U8)],
        "args[0][]: the function takes u8, not nothing",
    );
}

#[derive(Wit, Debug)]
struct Person {
    name: String,
    age: u32,
}

fn person(fields: &[(&str, T)]) -> T {
    let fields = fields
        .iter()
        .map(|(name, ty)| ((*name).to_owned(), ty.clone()));
    T::Record("human".to_owned(), fields.collect())
}

#[test]
fn records() {
    refused::<(Person,), ()>(
        &[person(&[("name", T::String), ("age", T::U8)])],
        "args[0].age: the function takes u8, not u32",
    );
    refused::<(Person,), ()>(
        &[person(&[("age", T::U32), ("name", T::String)])],
        "args[0]: WIT has the fields of the record in the order age, name: put those of the Rust type in the same order",
    );
    refused::<(Person,), ()>(
        &[person(&[("name", T::String), ("ages", T::U32)])],
        "args[0]: the record has no field \"age\"; did you mean \"ages\"?",
    );
    refused::<(Person,), ()>(
        &[person(&[
            ("name", T::String),
            ("age", T::U32),
            ("x", T::U8),
        ])],
        "args[0]: field \"x\" of the record is missing",
    );
    refused::<(Person,), ()>(
        &[T::String],
        "args[0]: the function takes string, not person",
    );
    refused::<(Vec<Person>,), ()>(
        &[list(T::U8)],
        "args[0][]: the function takes u8, not person",
    );
}

fn names(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn variants() {
    #[derive(Wit, Debug)]
    enum Shape {
        Circle(f64),
        Empty,
    }

    let variant = |cases: &[(&str, Option<T>)]| {
        let cases = cases
            .iter()
            .map(|(name, ty)| ((*name).to_owned(), ty.clone()));
        T::Variant("form".to_owned(), cases.collect())
    };
    refused::<(Shape,), ()>(
        &[variant(&[("circle", Some(T::F32)), ("empty", None)])],
        "args[0].circle: the function takes f32, not f64",
    );
    refused::<(Shape,), ()>(
        &[variant(&[("circle", Some(T::F64)), ("empty", Some(T::U8))])],
        "args[0].empty: the function takes u8, not nothing",
    );
    refused::<(Shape,), ()>(
        &[variant(&[("circle", None), ("empty", None)])],
        "args[0].circle: the function takes nothing, not f64",
    );
    refused::<(Shape,), ()>(
        &[variant(&[("circle", Some(T::F64))])],
        "args[0]: the variant has no case \"empty\"",
    );
    refused::<(Shape,), ()>(
        &[T::Enum("form".to_owned(), names(&["circle", "empty"]))],
        "args[0]: the function takes {ty}, not shape",
    );
}

#[test]
fn enums_and_flags() {
    #[derive(Wit, Debug)]
    enum Color {
        Red,
        Blue,
    }

    #[derive(Wit, Debug)]
    #[wit(flags)]
    struct Access {
        read: bool,
        write: bool,
    }

    refused::<(Color,), ()>(
        &[T::Enum("hue".to_owned(), names(&["blue", "red"]))],
        "args[0]: WIT has the cases of the enum in the order blue, red: put those of the Rust type in the same order",
    );
    refused::<(Color,), ()>(
        &[T::Enum("hue".to_owned(), names(&["red", "blue", "green"]))],
        "args[0]: case \"green\" of the enum is missing",
    );
    refused::<(Access,), ()>(
        &[T::Flags("rights".to_owned(), names(&["read", "execute"]))],
        "args[0]: the flags type has no flag \"write\"",
    );
    refused::<(Access,), ()>(&[T::U8], "args[0]: the function takes u8, not access");
}
