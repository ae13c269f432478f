//! Options of the engine.

use clap::Args;
use landbridge::{CompileCache, Engine, EngineOptions, Error};

#[derive(Args)]
pub(crate) struct EngineArgs {
    /// Let modules use 128-bit sums and products, which are not part of WebAssembly 3.0.
    #[arg(long, help_heading = "Engine")]
    wide_arithmetic: bool,

    /// Let modules have memories in pages of one byte, which are not part of WebAssembly 3.0.
    #[arg(long, help_heading = "Engine")]
    custom_page_sizes: bool,

    /// How much more work than its size accounts for compiling the module may be; 0 for no bound.
    /// `landbridge inspect` tells what it costs.
    #[arg(long, value_name = "UNITS", default_value_t = EngineOptions::default().compile_cost, help_heading = "Engine")]
    compile_cost: u64,

    /// Compile guests so that their traps need no signal handlers; they run slower.
    #[arg(long, help_heading = "Engine")]
    no_signal_handlers: bool,

    /// Do not keep compiled code, nor use what was kept.
    #[arg(long, help_heading = "Engine")]
    no_cache: bool,
}

impl EngineArgs {
    pub(crate) fn engine(&self) -> Result<Engine, Error> {
        Engine::new(EngineOptions {
            wide_arithmetic: self.wide_arithmetic,
            custom_page_sizes: self.custom_page_sizes,
            compile_cost: match self.compile_cost {
                0 => u64::MAX,
                units => units,
            },
            signal_handlers: !self.no_signal_handlers,
            cache: match self.no_cache {
                true => CompileCache::Off,
                false => CompileCache::User,
            },
            ..EngineOptions::default()
        })
    }
}
