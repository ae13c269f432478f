//! Options of the engine.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use landbridge::{CompileCache, Engine, EngineOptions, Error};

use crate::quantity::size;

#[derive(Args)]
pub(crate) struct EngineArgs {
    /// Let modules use 128-bit sums and products, which are not part of WebAssembly 3.0.
    #[arg(long, help_heading = "Engine")]
    wide_arithmetic: bool,

    /// Let modules have memories in pages of one byte, which are not part of WebAssembly 3.0.
    #[arg(long, help_heading = "Engine")]
    custom_page_sizes: bool,

    /// How much more work compiling the module may be than its size explains; `none` for no bound. `landbridge inspect`
    /// shows what it costs.
    #[arg(long, value_name = "UNITS", default_value_t = Bound(EngineOptions::default().compile_cost), help_heading = "Engine")]
    compile_cost: Bound,

    /// How many bytes a memory may grow to, and how much address space it takes. With less than 4 GiB guests check each
    /// address and run slower, and a memory takes no more than it can need; with more, all 64-bit memories may grow to
    /// this size.
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Engine")]
    memory_reservation: Option<u64>,

    /// Make results the same bits on every machine: NaNs are canonical, and relaxed vector instructions do the same
    /// everywhere.
    #[arg(long, help_heading = "Engine")]
    deterministic: bool,

    /// Compile guests so that their traps need no signal handlers; they run slower.
    #[arg(long, help_heading = "Engine")]
    no_signal_handlers: bool,

    /// Do not keep compiled code, nor use what was kept.
    #[arg(long, help_heading = "Engine")]
    no_cache: bool,
}

/// A number, or `none` for the largest there is.
#[derive(Clone)]
struct Bound(u64);

impl FromStr for Bound {
    type Err = String;

    fn from_str(text: &str) -> Result<Bound, String> {
        let units = match text {
            "none" => Ok(u64::MAX),
            number => number.parse(),
        };
        units
            .map(Bound)
            .map_err(|_| "expected a whole number, or `none` for no bound".to_owned())
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl EngineArgs {
    pub(crate) fn engine(&self) -> Result<Engine, Error> {
        Engine::new(EngineOptions {
            wide_arithmetic: self.wide_arithmetic,
            custom_page_sizes: self.custom_page_sizes,
            compile_cost: self.compile_cost.0,
            memory_reservation_bytes: self
                .memory_reservation
                .unwrap_or(EngineOptions::default().memory_reservation_bytes),
            deterministic: self.deterministic,
            signal_handlers: !self.no_signal_handlers,
            cache: match self.no_cache {
                true => CompileCache::Off,
                false => CompileCache::User,
            },
            ..EngineOptions::default()
        })
    }
}
