//! OpenAI's chat completions: the format of OpenAI, OpenRouter and every compatible server.
//! In what these differ stands in `quirks`; OpenRouter's errors and key check have their own folder.

pub(crate) mod account;
mod decode;
pub(crate) mod errors;
pub(crate) mod probe;
mod quirks;
pub(crate) mod request;

pub(crate) use decode::Decode;
