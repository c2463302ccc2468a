//! The crate from outside, as the rest of the product uses it: one file per promise.
//! It refuses to look inside: no test here knows a private item.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bundle_tampering;
mod bundles;
mod fingerprint;
mod fixtures;
mod known_answers;
mod passphrases;
mod refusals;
mod root_secret;
mod round_trip;
mod secrecy;
mod tampering;
