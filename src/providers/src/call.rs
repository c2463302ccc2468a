//! One HTTP call as plain data: what an adapter asks for and `client` carries out.
//! The key is not in it; only the way in which the provider wants to see it.

use serde_json::Value;
use url::Url;

/// Where the key stands in a request. Never in the address: addresses end up in logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyHeader {
    /// `authorization: Bearer …`
    Bearer,
    /// A header of the provider's own that holds the bare key.
    Named(&'static str),
}

/// A call to make.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// The full address.
    pub(crate) url: Url,
    /// How the key is shown.
    pub(crate) key_header: KeyHeader,
    /// Further headers.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// The JSON body of a POST; a GET has none.
    pub(crate) body: Option<Value>,
}

/// The base address of a target does not parse: it was stored without `normalise_base_url`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadBase;

/// Appends path segments to a base address. Each is percent-encoded, so a model's name cannot leave its
/// place in the path.
pub(crate) fn join(base: &str, segments: &[&str]) -> Result<Url, BadBase> {
    let mut url = Url::parse(base).map_err(|_| BadBase)?;
    url.path_segments_mut()
        .map_err(|()| BadBase)?
        .pop_if_empty()
        .extend(segments);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_stay_segments_whatever_they_hold() {
        let cases = [
            ("gemini-x", "https://h.example/v1/models/gemini-x"),
            ("../../admin", "https://h.example/v1/models/..%2F..%2Fadmin"),
            ("x?key=1#f", "https://h.example/v1/models/x%3Fkey=1%23f"),
        ];
        for (model, expected) in cases {
            for base in ["https://h.example/v1", "https://h.example/v1/"] {
                assert_eq!(join(base, &["models", model]).unwrap().as_str(), expected);
            }
        }
        assert_eq!(join("not an address", &[]), Err(BadBase));
        assert_eq!(join("mailto:a@b", &["x"]), Err(BadBase));
    }
}
