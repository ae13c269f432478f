//! Worlds, values and echo components from a seed: the same seed gives the same ones, everywhere and for ever.
//!
//! Nothing here knows the library or the engine, so that both can be compared with it. See `README.md`.

mod echo;
mod flat;
mod names;
mod random;
mod types;
mod values;
mod world;

pub use echo::text;
pub use flat::{Core, discriminant_size, flat, layout};
pub use random::Random;
pub use types::{Case, Type, any_type};
pub use values::{Value, any_value};
pub use world::{Encoding, Place, World};
