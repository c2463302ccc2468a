//! What to tell about a key's state: what it means, what to do, and the link that does it.
//! The words themselves stand in `Diagnosis`; this file decides when they are needed.

use marshmallow_core::{Diagnosis, KeyStatus, KeySummary};

use crate::format::counted;

/// Meaning and next step of a state that needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    pub meaning: String,
    pub next_step: String,
    /// Words and address of the provider's page that helps.
    pub link: Option<(&'static str, &'static str)>,
}

/// Advice for a key; none where all is well or nothing is known yet.
pub(super) fn advice(key: &KeySummary) -> Option<Advice> {
    let KeyStatus::Checked(diagnosis) = key.status else {
        return None;
    };
    let provider = key.provider;
    let link = match diagnosis {
        Diagnosis::Valid => return None,
        Diagnosis::NoCredit | Diagnosis::SpendCap => {
            provider.billing_page().map(|page| ("Open billing", page))
        }
        Diagnosis::Invalid | Diagnosis::Expired | Diagnosis::AdminKey | Diagnosis::Restricted => {
            provider.key_page().map(|page| ("Open the provider's keys", page))
        }
        _ => None,
    };
    Some(Advice {
        meaning: diagnosis.meaning(provider),
        next_step: diagnosis.next_step(provider),
        link,
    })
}

/// How many models the key reaches, where the last check could tell.
pub(super) fn reach(key: &KeySummary) -> Option<String> {
    key.model_count
        .map(|count| counted(count.into(), "model", "models"))
}

/// What happens when the key is removed, in a sentence each.
pub(super) fn removal(key: &KeySummary) -> [String; 2] {
    let revoke = match key.provider.key_page() {
        Some(_) => format!(
            "The key itself stays valid at {}: revoke it there if you no longer need it.",
            key.provider
        ),
        None => "The key itself stays valid at your server.".to_owned(),
    };
    [
        "Its sealed copy is deleted from this server at once. Chats that used it keep their answers and receipts."
            .to_owned(),
        revoke,
    ]
}

/// What people call the key: its label, or that it has none.
pub(super) fn name(key: &KeySummary) -> String {
    if key.label.is_empty() {
        "Unnamed key".to_owned()
    } else {
        key.label.clone()
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{KeyId, Millis, Provider, Random};

    use super::*;

    struct Zero;
    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn key(provider: Provider, status: KeyStatus) -> KeySummary {
        KeySummary {
            id: KeyId::make(Millis(1), &Zero),
            provider,
            endpoint: provider.into(),
            base_url: "https://api.example.org".into(),
            label: String::new(),
            last_four: "x3Fa".into(),
            is_active: true,
            status,
            model_count: Some(1),
            rest: None,
            created_at: Millis(1),
            last_used: None,
            last_validated: None,
        }
    }

    #[test]
    fn only_what_is_not_well_gets_advice() {
        assert_eq!(advice(&key(Provider::OpenAi, KeyStatus::Unchecked)), None);
        for diagnosis in Diagnosis::ALL {
            let given = advice(&key(Provider::OpenAi, KeyStatus::Checked(diagnosis)));
            assert_eq!(given.is_none(), diagnosis == Diagnosis::Valid, "{diagnosis:?}");
        }
    }

    #[test]
    fn advice_leads_to_the_page_that_helps() {
        let link = |provider, diagnosis| {
            advice(&key(provider, KeyStatus::Checked(diagnosis)))
                .and_then(|advice| advice.link)
                .map(|(_, page)| page)
        };
        assert_eq!(
            link(Provider::OpenAi, Diagnosis::NoCredit),
            Provider::OpenAi.billing_page()
        );
        assert_eq!(
            link(Provider::Anthropic, Diagnosis::Invalid),
            Provider::Anthropic.key_page()
        );
        assert_eq!(link(Provider::Custom, Diagnosis::Invalid), None);
    }

    #[test]
    fn removing_says_that_the_provider_still_knows_the_key() {
        let [_, elsewhere] = removal(&key(Provider::Google, KeyStatus::Unchecked));
        assert!(elsewhere.contains("Google AI"), "{elsewhere}");
        assert_eq!(
            reach(&key(Provider::Google, KeyStatus::Unchecked)).as_deref(),
            Some("1 model")
        );
    }
}
