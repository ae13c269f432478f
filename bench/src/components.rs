//! What a call of a component costs, and a call of the host from one: the engine's own typed Rust against Landbridge's
//! ways, in one process. Each line that is printed is a case, a lane, and the nanoseconds of an operation in each batch.

mod floor;
mod ours;
mod values;

use std::time::Instant;

use crate::Case;

/// How long a batch takes, about.
const BATCH_NS: u128 = 1_000_000;

/// The ways to do the same.
type Lane = (&'static str, Vec<Case<'static>>);

struct Sampled {
    case: &'static str,
    lane: &'static str,
    run: Box<dyn FnMut(u64)>,
    iterations: u64,
    samples: Vec<f64>,
}

impl Sampled {
    /// So many iterations that a batch takes as long as it should.
    fn calibrate(&mut self) {
        while self.time() < BATCH_NS / 2 && self.iterations < 1 << 20 {
            self.iterations *= 2;
        }
    }

    fn time(&mut self) -> u128 {
        let start = Instant::now();
        (self.run)(self.iterations);
        start.elapsed().as_nanos()
    }

    fn sample(&mut self) {
        let took = self.time();
        self.samples.push(took as f64 / self.iterations as f64);
    }
}

fn lanes(component: &[u8]) -> Vec<Lane> {
    vec![
        ("floor", floor::cases(component)),
        ("frame", ours::frames(component)),
        ("typed", ours::typed(component)),
        ("value", ours::values(component)),
        ("copy", values::copies()),
    ]
}

/// Batches of all cases and lanes in turn, so that what slows the machine down slows all of them.
pub(crate) fn measure(component: &[u8], rounds: usize) {
    let lanes = lanes(component);
    let order: Vec<&str> = lanes[0].1.iter().map(|(case, _)| *case).collect();
    let mut all: Vec<Sampled> = lanes
        .into_iter()
        .flat_map(|(lane, cases)| cases.into_iter().map(move |(case, run)| (case, lane, run)))
        .map(|(case, lane, run)| Sampled {
            case,
            lane,
            run,
            iterations: 1,
            samples: Vec::with_capacity(rounds),
        })
        .collect();
    all.sort_by_key(|it| order.iter().position(|case| *case == it.case));
    all.iter_mut().for_each(Sampled::calibrate);
    for _ in 0..rounds {
        all.iter_mut().for_each(Sampled::sample);
    }
    for it in &all {
        let samples: Vec<String> = it.samples.iter().map(|ns| format!("{ns:.1}")).collect();
        println!("{} {} {}", it.case, it.lane, samples.join(" "));
    }
}

/// One lane of one case, so often: for who counts instructions.
pub(crate) fn run(component: &[u8], lane: &str, case: &str, iterations: u64) {
    let mut lanes = lanes(component).into_iter();
    let (_, cases) = lanes.find(|it| it.0 == lane).expect("a known lane");
    let (_, mut run) = cases
        .into_iter()
        .find(|it| it.0 == case)
        .expect("a known case");
    counted(&mut *run, iterations);
}

/// What is counted, apart from what makes it ready.
#[inline(never)]
fn counted(run: &mut dyn FnMut(u64), iterations: u64) {
    run(iterations);
}
