//! Where a new key belongs: its provider, its endpoint's name and the only address it will be sent to.
//! Pure: a mix-up of providers is caught here, before anything is sent.

use marshmallow_core::{
    EndpointName, ErrorCode, KeyLife, LIMITS, Provider, PublicError, Recognition, judge_form, recognise,
};
use marshmallow_providers::normalise_base_url;

use crate::ServiceConfig;

/// What a person entered beside the key.
#[derive(Debug, Clone, Default)]
pub struct KeyPlace {
    /// The provider's slug; empty to have it recognised.
    pub provider: String,
    /// The person's name for the key; may be empty.
    pub label: String,
    /// For custom endpoints: the server's address.
    pub base_url: String,
    /// For custom endpoints: the word before the slash of its models' names.
    pub endpoint: String,
    /// How long it may be used.
    pub life: KeyLife,
}

/// The same, checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CheckedPlace {
    pub provider: Provider,
    pub endpoint: EndpointName,
    pub base_url: String,
    pub label: String,
}

impl KeyPlace {
    /// Checks the entries against each other and against what the key looks like.
    pub(super) fn check(&self, key: &str, config: &ServiceConfig) -> Result<CheckedPlace, PublicError> {
        let label = checked_label(&self.label)?;
        let provider = self.provider_of(key)?;
        let (endpoint, base_url) = match config.base_url(provider) {
            Some(base_url) => (provider.into(), base_url.to_owned()),
            None => self.custom()?,
        };
        Ok(CheckedPlace {
            provider,
            endpoint,
            base_url,
            label: label.to_owned(),
        })
    }

    /// The provider that the person chose, or that the key's form tells. A custom endpoint takes any key.
    fn provider_of(&self, key: &str) -> Result<Provider, PublicError> {
        let chosen = match self.provider.as_str() {
            "" => None,
            slug => Some(Provider::from_slug(slug).ok_or_else(|| {
                PublicError::invalid("This provider is not known here.", "Choose one of the list.")
            })?),
        };
        if chosen == Some(Provider::Custom) {
            return Ok(Provider::Custom);
        }
        if let Some(finding) = judge_form(key, chosen) {
            return Err(PublicError::key_refused(finding));
        }
        match (recognise(key), chosen) {
            (Recognition::Key(found, _), _) => Ok(found),
            (Recognition::Foreign(name), _) => Err(refused(
                format!("This looks like a key of {name}, which is not in the list."),
                format!("Add it as a custom endpoint with {name}'s address."),
            )),
            (Recognition::Ambiguous | Recognition::Unknown, Some(chosen)) => Ok(chosen),
            (Recognition::Ambiguous | Recognition::Unknown, None) => Err(PublicError::invalid(
                "It is not clear which provider this key belongs to.",
                "Choose the provider and add the key there.",
            )),
        }
    }

    fn custom(&self) -> Result<(EndpointName, String), PublicError> {
        let base_url = normalise_base_url(&self.base_url).map_err(|error| {
            PublicError::invalid(
                "This is not an address of a server.",
                format!("Type it in the form http://host:port/v1: {error}."),
            )
        })?;
        let endpoint: EndpointName = self.endpoint.trim().parse().map_err(|error| {
            PublicError::invalid(
                "This endpoint needs another short name.",
                format!("For the name, {error}."),
            )
        })?;
        if endpoint.provider() != Provider::Custom {
            return Err(PublicError::invalid(
                format!("'{endpoint}' is the name of a provider."),
                "Choose another short name for this endpoint.",
            ));
        }
        Ok((endpoint, base_url))
    }
}

/// A key's name as it is stored.
pub(super) fn checked_label(typed: &str) -> Result<&str, PublicError> {
    let label = typed.trim();
    if label.chars().count() > LIMITS.label_max_chars || label.chars().any(char::is_control) {
        return Err(PublicError::invalid(
            "This label is too long.",
            format!("Use at most {} characters.", LIMITS.label_max_chars),
        ));
    }
    Ok(label)
}

fn refused(message: String, next_step: String) -> PublicError {
    PublicError::new(ErrorCode::KeyRefused, message, next_step)
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Diagnosis, RegistrationPolicy};

    use super::*;

    fn config() -> ServiceConfig {
        ServiceConfig {
            registration: RegistrationPolicy::Open,
            base_urls: vec![
                (Provider::OpenAi, "https://openai.test/v1".into()),
                (Provider::Anthropic, "https://anthropic.test/v1".into()),
            ],
            platform: Vec::new(),
        }
    }

    fn place(provider: &str) -> KeyPlace {
        KeyPlace {
            provider: provider.into(),
            ..KeyPlace::default()
        }
    }

    #[test]
    fn a_key_finds_its_provider_by_itself() {
        let found = place("").check("sk-ant-api03-abc", &config()).unwrap();
        assert_eq!(found.provider, Provider::Anthropic);
        assert_eq!(found.base_url, "https://anthropic.test/v1");
    }

    #[test]
    fn a_mix_up_is_named_before_anything_is_sent() {
        let found = |key| {
            let error = place("openai").check(key, &config()).unwrap_err();
            let finding = error.finding.unwrap();
            assert!(error.message.starts_with(&finding.meaning()), "{}", error.message);
            (finding.provider, finding.diagnosis)
        };
        assert_eq!(
            found("sk-ant-api03-abc"),
            (Provider::Anthropic, Diagnosis::OtherProvider)
        );
        assert_eq!(found("sk-admin-abc"), (Provider::OpenAi, Diagnosis::AdminKey));
        assert_eq!(found("sk-proj-***abc"), (Provider::OpenAi, Diagnosis::Mistyped));
        let error = place("").check("gsk_abc", &config()).unwrap_err();
        assert!(error.message.contains("Groq"));
        assert!(place("").check("who-knows", &config()).is_err());
        assert!(place("nobody").check("sk-abc", &config()).is_err());
    }

    #[test]
    fn an_unknown_form_is_never_refused_where_the_provider_is_chosen() {
        assert_eq!(
            place("openai")
                .check("a-new-form-of-2030", &config())
                .unwrap()
                .provider,
            Provider::OpenAi
        );
    }

    #[test]
    fn a_custom_endpoint_has_an_address_and_a_name_of_its_own() {
        let custom = |base_url: &str, endpoint: &str| {
            KeyPlace {
                provider: "custom".into(),
                base_url: base_url.into(),
                endpoint: endpoint.into(),
                ..KeyPlace::default()
            }
            .check("sk-ant-anything", &config())
        };
        let found = custom("http://127.0.0.1:11434/v1/", "ollama").unwrap();
        assert_eq!(
            (found.provider, found.base_url.as_str()),
            (Provider::Custom, "http://127.0.0.1:11434/v1")
        );
        assert!(custom("not a url", "ollama").is_err());
        assert!(custom("http://127.0.0.1:11434/v1", "Not A Name").is_err());
        assert!(custom("http://127.0.0.1:11434/v1", "openai").is_err());
    }
}
