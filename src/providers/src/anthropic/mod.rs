//! Anthropic's Messages format.

mod decode;
pub(crate) mod errors;
pub(crate) mod probe;
pub(crate) mod request;

pub(crate) use decode::Decode;

use crate::call::KeyHeader;

/// Where the key stands.
const KEY_HEADER: KeyHeader = KeyHeader::Named("x-api-key");

/// The version of the format (<https://platform.claude.com/docs/en/api/versioning>).
const HEADERS: &[(&str, &str)] = &[("anthropic-version", "2023-06-01")];
