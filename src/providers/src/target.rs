//! Where a call goes: providers' own addresses, and the form in which a typed address is stored.
//! Whether an address may be reached is decided in `egress`.

use marshmallow_core::Provider;
use url::Url;

/// A provider, and the address at which it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whose wire format is spoken.
    pub provider: Provider,
    /// The address before `/chat/completions` and the like, without a slash at its end.
    pub base_url: String,
}

/// The provider's own address; none for a custom endpoint.
pub fn default_base_url(provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::OpenAi => Some("https://api.openai.com/v1"),
        Provider::Anthropic => Some("https://api.anthropic.com/v1"),
        Provider::Google => Some("https://generativelanguage.googleapis.com/v1beta"),
        Provider::OpenRouter => Some("https://openrouter.ai/api/v1"),
        Provider::Custom => None,
    }
}

/// Why a text cannot be the address of an endpoint, and what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Nothing was typed.
    #[error("enter the address of your server, for example https://llm.example.org/v1")]
    Empty,
    /// Another scheme, or none.
    #[error("start the address with https:// or http://")]
    NotHttp,
    /// A user name or password inside.
    #[error("leave user name and password out of the address; the key is entered separately")]
    HasCredentials,
    /// Something behind `?` or `#`.
    #[error("leave out everything from the first ? or # on")]
    HasQuery,
    /// Not an address at all.
    #[error("this is not a web address; it should look like https://llm.example.org/v1")]
    Unreadable,
}

/// Brings a typed address into the form in which it is stored and compared: host in lower case, default
/// port left out, no slash at the end, `/v1` appended where no path was typed.
pub fn normalise_base_url(typed: &str) -> Result<String, BaseUrlError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(BaseUrlError::Empty);
    }
    let lower = typed.to_ascii_lowercase();
    if !lower.starts_with("https://") && !lower.starts_with("http://") {
        return Err(BaseUrlError::NotHttp);
    }
    let mut url = Url::parse(typed).map_err(|_| BaseUrlError::Unreadable)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BaseUrlError::HasCredentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BaseUrlError::HasQuery);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(if path.is_empty() { "/v1" } else { &path });
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_own_addresses_are_already_in_the_stored_form() {
        for url in Provider::ALL.into_iter().filter_map(default_base_url) {
            assert_eq!(normalise_base_url(url).as_deref(), Ok(url));
        }
        assert_eq!(default_base_url(Provider::Custom), None);
    }

    #[test]
    fn typed_addresses_get_one_form() {
        let cases = [
            ("http://localhost:11434", "http://localhost:11434/v1"),
            ("http://localhost:11434/", "http://localhost:11434/v1"),
            ("  https://LLM.Example.org/v1/ ", "https://llm.example.org/v1"),
            (
                "https://llm.example.org:443/openai//",
                "https://llm.example.org/openai",
            ),
            ("HTTP://[::1]:8080/v1", "http://[::1]:8080/v1"),
            ("http://0x7f.1/v1", "http://127.0.0.1/v1"),
            ("https://llm.example.org/a/../b", "https://llm.example.org/b"),
        ];
        for (typed, stored) in cases {
            assert_eq!(normalise_base_url(typed).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_an_endpoint_is_refused_with_its_reason() {
        let cases = [
            ("", BaseUrlError::Empty),
            ("localhost:11434", BaseUrlError::NotHttp),
            ("file:///etc/passwd", BaseUrlError::NotHttp),
            ("ftp://example.org", BaseUrlError::NotHttp),
            ("https://me:secret@example.org/v1", BaseUrlError::HasCredentials),
            ("https://me@example.org/v1", BaseUrlError::HasCredentials),
            ("https://example.org/v1?key=abc", BaseUrlError::HasQuery),
            ("https://example.org/v1#top", BaseUrlError::HasQuery),
            ("https://", BaseUrlError::Unreadable),
            ("https://exa mple.org", BaseUrlError::Unreadable),
            ("http://[::1", BaseUrlError::Unreadable),
        ];
        for (typed, reason) in cases {
            assert_eq!(normalise_base_url(typed), Err(reason), "{typed}");
        }
    }
}
