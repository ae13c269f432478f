//! Shape: what a call needs to know of a signature of few plain values.

use std::marker::PhantomData;

use landbridge::{self as lb, Type};

use super::Func;

/// The most slots of a call that knows its shape.
pub(super) const MOST_SLOTS: usize = 8;

/// A signature, where a call finds it without following pointers.
pub(super) struct Shape {
    count: usize,
    params: [Type; MOST_SLOTS],
    results: Results,
}

#[derive(Clone, Copy)]
pub(super) enum Results {
    None,
    One(Type),
    More,
}

impl Shape {
    pub(super) fn of(ty: &lb::FuncType) -> Shape {
        let mut params = [Type::I32; MOST_SLOTS];
        params
            .iter_mut()
            .zip(ty.params())
            .for_each(|(it, ty)| *it = *ty);
        let results = match ty.results() {
            [] => Results::None,
            [ty] => Results::One(*ty),
            _ => Results::More,
        };
        Shape {
            count: ty.params().len(),
            params,
            results,
        }
    }
}

/// How a call learns what its function takes and gives.
pub(super) trait Signature {
    fn count(func: &Func) -> usize;
    fn param(func: &Func, index: usize) -> Type;
    fn results(func: &Func) -> Results;
}

/// By looking at its shape.
pub(super) struct Looked;

impl Signature for Looked {
    #[inline(always)]
    fn count(func: &Func) -> usize {
        func.shape.count
    }

    #[inline(always)]
    fn param(func: &Func, index: usize) -> Type {
        func.shape.params[index]
    }

    #[inline(always)]
    fn results(func: &Func) -> Results {
        func.shape.results
    }
}

/// The call was compiled for it: `COUNT` parameters of one type.
pub(super) struct Known<const COUNT: usize, P, R>(PhantomData<(P, R)>);

impl<const COUNT: usize, P: Number, R: Outcome> Signature for Known<COUNT, P, R> {
    #[inline(always)]
    fn count(_: &Func) -> usize {
        COUNT
    }

    #[inline(always)]
    fn param(_: &Func, _: usize) -> Type {
        P::TYPE
    }

    #[inline(always)]
    fn results(_: &Func) -> Results {
        R::RESULTS
    }
}

pub(super) trait Number {
    const TYPE: Type;
}

pub(super) trait Outcome {
    const RESULTS: Results;
}

impl<N: Number> Outcome for N {
    const RESULTS: Results = Results::One(N::TYPE);
}

impl Outcome for () {
    const RESULTS: Results = Results::None;
}

impl Number for i32 {
    const TYPE: Type = Type::I32;
}

impl Number for i64 {
    const TYPE: Type = Type::I64;
}

impl Number for f32 {
    const TYPE: Type = Type::F32;
}

impl Number for f64 {
    const TYPE: Type = Type::F64;
}
