//! Token counts and the reason why an answer ended.

use serde::{Deserialize, Serialize};

/// Tokens of one call. `input` holds all input tokens, cached ones included; `output` holds all output
/// tokens, reasoning included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// All input tokens.
    pub input: u64,
    /// Input tokens read from the provider's cache, a part of `input`.
    pub cached_input: u64,
    /// Input tokens written to the provider's cache, a part of `input`.
    pub cache_write: u64,
    /// All output tokens.
    pub output: u64,
    /// Output tokens spent on reasoning, a part of `output`.
    pub reasoning: u64,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The model had said all.
    End,
    /// The output limit was reached.
    Length,
    /// The provider's filter stepped in.
    Filtered,
    /// The model asked for a tool.
    Tool,
    /// A reason that this version does not know.
    Other,
}
