//! The client over real connections: what it sends, where it refuses to go, and how it takes what goes wrong.
//! Most of it against the simulator; plain sockets where bytes or timing matter.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chat;
mod damage;
mod egress;
mod probe;
mod secrets;
mod support;
