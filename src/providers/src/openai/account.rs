//! What two compatible providers tell of a key beyond their lists of models, free of charge: xAI what is
//! switched off (<https://docs.x.ai/docs/api-reference>), DeepSeek whether the balance suffices
//! (<https://api-docs.deepseek.com/api/get-user-balance>). Recognised by their hosts, as both are endpoints
//! that people enter by address.

use marshmallow_core::Diagnosis;
use serde_json::Value;
use url::Url;

use crate::call::{BadBase, Call, KeyHeader, join};

/// The call for a key's account; none where the host is not known to have one.
pub(crate) fn account(base: &str) -> Option<Result<Call, BadBase>> {
    let mut url = Url::parse(base).ok()?;
    let call = |url: Result<Url, BadBase>| {
        Some(url.map(|url| Call {
            url,
            key_header: KeyHeader::Bearer,
            headers: &[],
            body: None,
        }))
    };
    match url.host_str()? {
        "api.x.ai" => call(join(base, &["api-key"])),
        "api.deepseek.com" => {
            url.set_path("");
            call(join(url.as_str(), &["user", "balance"]))
        }
        _ => None,
    }
}

/// What the account says of the key; none if it is no account.
pub(crate) fn read_account(body: &Value) -> Option<Diagnosis> {
    let is = |name: &str| body[name] == true;
    if let Some(is_available) = body["is_available"].as_bool() {
        return Some(if is_available {
            Diagnosis::Valid
        } else {
            Diagnosis::NoCredit
        });
    }
    body.get("api_key_blocked")?;
    Some(if is("team_blocked") {
        Diagnosis::ProjectMissing
    } else if is("api_key_blocked") || is("api_key_disabled") {
        Diagnosis::ScopeMissing
    } else {
        Diagnosis::Valid
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_hosts_are_asked_for_an_account() {
        let url = |base| account(base).map(|call| call.unwrap().url.to_string());
        assert_eq!(
            url("https://api.x.ai/v1").as_deref(),
            Some("https://api.x.ai/v1/api-key")
        );
        for base in ["https://api.deepseek.com", "https://api.deepseek.com/v1"] {
            assert_eq!(
                url(base).as_deref(),
                Some("https://api.deepseek.com/user/balance")
            );
        }
        for base in ["https://api.x.ai.example.org/v1", "http://localhost:11434/v1"] {
            assert_eq!(url(base), None);
        }
    }
}
