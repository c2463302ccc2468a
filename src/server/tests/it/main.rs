//! The server as a whole: the real program, asked over HTTP as a browser asks, with simulated providers.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod architecture;
mod audit;
mod bad_input;
mod bodies;
mod bundles;
mod canary;
mod cookies;
mod crash;
mod forms;
mod harness;
mod headers;
mod matrix;
mod origins;
mod rotation;
mod servers;
mod shutdown;
mod startup;
mod throttle;
