//! Threads: whose turn it is on a store, calls on threads of the engine's, and what ends a call.

pub(crate) mod call;
pub(crate) mod cancel;

pub(crate) mod loan;
pub(crate) mod place;
pub(crate) mod queue;
pub(crate) mod token;
pub(crate) mod turn;
pub(crate) mod workers;
