//! The primitives, which are easy to misuse: nothing in here leaves the crate.
//! It refuses to know users, keys, roots and envelopes; their rules stand in the modules above it.

pub(crate) mod derive;
pub(crate) mod gcm;
pub(crate) mod key256;
