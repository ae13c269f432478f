//! The command as a user has it: the built program, its streams and its exit codes.

mod call;
mod cases;
mod compile;
mod component;
mod embed;
mod guests;
mod guide;
mod help;
mod input;
mod inspect;
mod options;
mod ran;
mod run;
mod scratch;
mod streams;
mod string;
mod types;
