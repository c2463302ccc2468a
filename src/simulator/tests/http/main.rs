//! The simulator over real connections: what only a network shows. Bodies and refusals are tested beside each format.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod keys;
mod streams;
