//! The command as a user has it: the built program, its streams and its exit codes.

mod call;
mod compile;
mod guests;
mod help;
mod inspect;
mod ran;
mod run;
mod scratch;
mod streams;
