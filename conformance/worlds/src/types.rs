//! Types of WIT 0.2, at random.

use crate::Random;
use crate::names::names;

/// A type. What has a name of its own in WIT has it here: two with one name are one.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "they are as WIT has them")]
pub enum Type {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    List(Box<Type>),
    Tuple(Vec<Type>),
    Option(Box<Type>),
    Result(Option<Box<Type>>, Option<Box<Type>>),
    Record(String, Vec<(String, Type)>),
    Variant(String, Vec<Case>),
    Enum(String, Vec<String>),
    Flags(String, Vec<String>),
}

/// A case of a variant.
pub type Case = (String, Option<Type>);

const SCALARS: [Type; 13] = [
    Type::Bool,
    Type::S8,
    Type::U8,
    Type::S16,
    Type::U16,
    Type::S32,
    Type::U32,
    Type::S64,
    Type::U64,
    Type::F32,
    Type::F64,
    Type::Char,
    Type::String,
];

/// The most flags a type may have.
const MOST_FLAGS: usize = 32;

/// A type no deeper than this. `known` are those with names: one of them may come again.
pub fn any_type(random: &mut Random, depth: usize, known: &mut Vec<Type>) -> Type {
    let sorts = if depth == 0 { 15 } else { 27 };
    match random.below(sorts) {
        scalar @ 0..13 => SCALARS[scalar].clone(),
        13 => {
            let count = count(
                random,
                &[1, 7, 8, 9, 15, 16, 17, 31, MOST_FLAGS],
                MOST_FLAGS,
            );
            let names = names(random, count);
            named(known, |name| Type::Flags(name, names))
        }
        14 => {
            let count = match random.once_in(20) {
                true => random.of(&[255, 256, 257, 300]),
                false => random.within(1, 6),
            };
            let names = names(random, count);
            named(known, |name| Type::Enum(name, names))
        }
        15..18 => Type::List(inner(random, depth, known)),
        18 | 19 => Type::Option(inner(random, depth, known)),
        20 => {
            let ok = maybe(random, depth, known).map(Box::new);
            Type::Result(ok, maybe(random, depth, known).map(Box::new))
        }
        21 => Type::Tuple(some(random, 1, 5, |random| {
            any_type(random, depth - 1, known)
        })),
        22 | 23 => record(random, 6, depth, known),
        24 | 25 => variant(random, depth, known),
        _ if known.is_empty() => record(random, 2, depth, known),
        _ => known[random.below(known.len())].clone(),
    }
}

/// A record of at most so many fields.
pub(crate) fn record(
    random: &mut Random,
    most: usize,
    depth: usize,
    known: &mut Vec<Type>,
) -> Type {
    let count = random.within(1, most);
    let names = names(random, count).into_iter();
    let fields = names.map(|it| (it, any_type(random, depth.saturating_sub(1), known)));
    let fields = fields.collect();
    named(known, |name| Type::Record(name, fields))
}

fn variant(random: &mut Random, depth: usize, known: &mut Vec<Type>) -> Type {
    let count = random.within(1, 5);
    let names = names(random, count).into_iter();
    let cases = names.map(|it| (it, maybe(random, depth, known)));
    let cases = cases.collect();
    named(known, |name| Type::Variant(name, cases))
}

fn maybe(random: &mut Random, depth: usize, known: &mut Vec<Type>) -> Option<Type> {
    (!random.once_in(4)).then(|| any_type(random, depth.saturating_sub(1), known))
}

fn inner(random: &mut Random, depth: usize, known: &mut Vec<Type>) -> Box<Type> {
    Box::new(any_type(random, depth - 1, known))
}

fn some<T>(
    random: &mut Random,
    from: usize,
    to: usize,
    mut one: impl FnMut(&mut Random) -> T,
) -> Vec<T> {
    (0..random.within(from, to)).map(|_| one(random)).collect()
}

fn count(random: &mut Random, edges: &[usize], most: usize) -> usize {
    match random.once_in(2) {
        true => random.of(edges),
        false => random.within(1, most),
    }
}

fn named(known: &mut Vec<Type>, make: impl FnOnce(String) -> Type) -> Type {
    let ty = make(format!("t{}", known.len()));
    known.push(ty.clone());
    ty
}
