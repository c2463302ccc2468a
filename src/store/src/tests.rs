//! The contract suite: what the store promises, tried on SQLite and on a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod audit;
mod audit_adopt;
mod audit_tamper;
mod conversations;
mod failures;
mod harness;
mod journal;
mod key_checks;
mod key_life;
mod keys;
mod leases;
mod notices;
mod ownership;
mod privacy;
mod replace;
mod sealed;
mod sessions;
mod statements;
mod succession;
mod texts;
mod turns;
