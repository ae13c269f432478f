//! Types of Rust as types of WIT: as they are called, and as closures take and give them.

mod allocations;
mod closures;
mod derived;
mod echo;
mod frames;
mod mismatches;
mod resources;
mod things;
mod values;
