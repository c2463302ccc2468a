//! The use cases from outside: a real database, the scripted provider, a clock that stands still.
//! They refuse to know what is inside the service; where they look behind it, they look into the database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod audit;
mod budgets;
mod bundles;
mod bundles_and_lives;
mod chat;
mod consent;
mod conversations;
mod endings;
mod fail_closed;
mod fallback;
mod fallback_rules;
mod faults;
mod harness;
mod invitations;
mod key_life;
mod keys;
mod keys_inspect;
mod keys_kept;
mod life;
mod models;
mod notices;
mod ownership;
mod readers;
mod rechecks;
mod recovery;
mod removal;
mod replace;
mod resolution;
mod rotation;
mod several_keys;
mod turns;
