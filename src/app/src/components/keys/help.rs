//! What to tell about a key: whether its state needs words, its name, and what its removal means.
//! The words about a state stand in `Diagnosis`; this file decides when they are needed.

use marshmallow_core::{Diagnosis, Finding, KeySummary};

/// What was found about a key, where it needs attention; none where all is well or nothing is known yet.
pub(super) fn trouble(key: &KeySummary) -> Option<Finding> {
    key.finding()
        .filter(|finding| finding.diagnosis != Diagnosis::Valid)
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

/// The same in the labels of buttons: a replaced key has the name of the one in its place.
pub(super) fn told_apart(key: &KeySummary) -> String {
    match key.replaced {
        Some(_) => format!("the replaced key …{}", key.last_four),
        None => name(key),
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{KeyId, KeyStatus, Millis, Provider, Random};

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
            until: None,
            model_count: Some(1),
            rest: None,
            created_at: Millis(1),
            last_used: None,
            last_validated: None,
            expires_at: None,
            is_over: false,
            next_check: None,
            credit_left: None,
            status_since: None,
            replaced: None,
            former: None,
        }
    }

    #[test]
    fn only_what_is_not_well_gets_attention() {
        assert_eq!(trouble(&key(Provider::OpenAi, KeyStatus::Unchecked)), None);
        for diagnosis in Diagnosis::ALL {
            let found = trouble(&key(Provider::OpenAi, KeyStatus::Checked(diagnosis)));
            assert_eq!(found.is_none(), diagnosis == Diagnosis::Valid, "{diagnosis:?}");
        }
    }

    #[test]
    fn removing_says_that_the_provider_still_knows_the_key() {
        let [_, elsewhere] = removal(&key(Provider::Google, KeyStatus::Unchecked));
        assert!(elsewhere.contains("Google AI"), "{elsewhere}");
    }
}
