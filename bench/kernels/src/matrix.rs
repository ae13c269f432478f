//! Floating point.

use crate::numbers::Numbers;

fn filled(side: usize, numbers: &mut Numbers) -> Vec<f64> {
    (0..side * side).map(|_| f64::from(numbers.below(1000)) / 8.0).collect()
}

pub(crate) fn product(side: usize, mut numbers: Numbers) -> u32 {
    let (left, right) = (filled(side, &mut numbers), filled(side, &mut numbers));
    let mut result = vec![0.0; side * side];
    for (to, row) in result.chunks_exact_mut(side).zip(left.chunks_exact(side)) {
        for (factor, from) in row.iter().zip(right.chunks_exact(side)) {
            for (to, from) in to.iter_mut().zip(from) {
                *to += factor * from;
            }
        }
    }
    let bits = result.iter().map(|it| it.to_bits());
    bits.fold(0, |sum, it| sum.wrapping_mul(31).wrapping_add((it ^ (it >> 32)) as u32))
}
