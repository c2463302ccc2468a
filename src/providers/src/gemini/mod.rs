//! Google AI's Gemini format, in its native form: the OpenAI-compatible route does not take all keys.

mod decode;
pub(crate) mod errors;
pub(crate) mod probe;
pub(crate) mod request;

pub(crate) use decode::Decode;

use crate::call::KeyHeader;

/// Where the key stands. Google also takes it in the address, where logs would hold it: never.
const KEY_HEADER: KeyHeader = KeyHeader::Named("x-goog-api-key");
