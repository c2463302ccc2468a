//! What OpenRouter has beside OpenAI's format: errors of its own, an account of the key, and prices.
//! Its chat calls and streams are written and read in `openai`, with the habits in `openai::quirks`.

pub(crate) mod errors;
pub(crate) mod probe;
