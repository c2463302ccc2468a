//! Everything that is known about LLM providers: their wire formats, their error answers, their free
//! checks of a key, and the one HTTP client that reaches them.
//! It knows no user, no database and no page, and it keeps nothing between calls.
//!
//! The wire formats are conversions without I/O (`openai`, `openrouter`, `anthropic`, `gemini`: the same
//! file names in each); `client` moves the bytes; `egress` decides which addresses may be reached.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod account;
mod adapter;
mod amount;
mod answer_filter;
mod anthropic;
mod call;
mod chat;
mod client;
mod decoder;
mod doctor;
mod egress;
mod error;
mod gemini;
mod hints;
mod listing;
mod openai;
mod openrouter;
mod redact;
mod refusal;
mod sse;
mod target;
mod timestamps;

pub use chat::{ChatRequest, Event, Turn};
pub use client::{Client, ClientError, Deadlines, EventStream, ProbeReport};
pub use decoder::Decoder;
pub use doctor::diagnose;
pub use egress::EgressPolicy;
pub use error::ProviderError;
pub use listing::ListedModel;
pub use target::{BaseUrlError, Target, default_base_url, normalise_base_url};
