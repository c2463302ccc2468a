//! The page at a provider that helps with a diagnosis: one table of addresses, one rule for which page helps.
//! It knows no page of ours. Addresses: the providers' own sites, November 2026.

use crate::{Diagnosis, Provider};

/// A page at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpPage {
    /// The words of the link.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Keys,
    Billing,
    Limits,
    Projects,
    Models,
    Regions,
    Status,
}

use Topic::{Billing, Keys, Limits, Models, Projects, Regions, Status};

#[rustfmt::skip]
const PAGES: [(Provider, Topic, &str); 27] = [
    (Provider::OpenAi,     Keys,     "https://platform.openai.com/api-keys"),
    (Provider::OpenAi,     Billing,  "https://platform.openai.com/settings/organization/billing"),
    (Provider::OpenAi,     Limits,   "https://platform.openai.com/settings/organization/limits"),
    (Provider::OpenAi,     Projects, "https://platform.openai.com/settings/organization/projects"),
    (Provider::OpenAi,     Models,   "https://platform.openai.com/docs/models"),
    (Provider::OpenAi,     Regions,  "https://platform.openai.com/docs/supported-countries"),
    (Provider::OpenAi,     Status,   "https://status.openai.com"),
    (Provider::Anthropic,  Keys,     "https://platform.claude.com/settings/keys"),
    (Provider::Anthropic,  Billing,  "https://platform.claude.com/settings/billing"),
    (Provider::Anthropic,  Limits,   "https://platform.claude.com/settings/limits"),
    (Provider::Anthropic,  Projects, "https://platform.claude.com/settings/workspaces"),
    (Provider::Anthropic,  Models,   "https://platform.claude.com/docs/en/about-claude/models/overview"),
    (Provider::Anthropic,  Regions,  "https://www.anthropic.com/supported-countries"),
    (Provider::Anthropic,  Status,   "https://status.claude.com"),
    (Provider::Google,     Keys,     "https://aistudio.google.com/api-keys"),
    (Provider::Google,     Billing,  "https://aistudio.google.com/usage"),
    (Provider::Google,     Limits,   "https://aistudio.google.com/rate-limit"),
    (Provider::Google,     Projects, "https://aistudio.google.com/projects"),
    (Provider::Google,     Models,   "https://ai.google.dev/gemini-api/docs/models"),
    (Provider::Google,     Regions,  "https://ai.google.dev/gemini-api/docs/available-regions"),
    (Provider::Google,     Status,   "https://aistudio.google.com/status"),
    (Provider::OpenRouter, Keys,     "https://openrouter.ai/settings/keys"),
    (Provider::OpenRouter, Billing,  "https://openrouter.ai/settings/credits"),
    (Provider::OpenRouter, Limits,   "https://openrouter.ai/docs/api-reference/limits"),
    (Provider::OpenRouter, Projects, "https://openrouter.ai/settings/privacy"),
    (Provider::OpenRouter, Models,   "https://openrouter.ai/models"),
    (Provider::OpenRouter, Status,   "https://status.openrouter.ai"),
];

fn find(provider: Provider, topic: Topic) -> Option<&'static str> {
    let page = PAGES
        .iter()
        .find(|(of, about, _)| (*of, *about) == (provider, topic))?;
    Some(page.2)
}

/// What a diagnosis is helped with; none where nothing at the provider helps.
fn topic(diagnosis: Diagnosis) -> Option<(Topic, &'static str)> {
    const KEYS: (Topic, &str) = (Keys, "Open the provider's keys");
    Some(match diagnosis {
        Diagnosis::Valid
        | Diagnosis::Unverifiable
        | Diagnosis::BadRequest
        | Diagnosis::Filtered
        | Diagnosis::OverBudget
        | Diagnosis::Lapsed
        | Diagnosis::AddressBlocked => return None,
        Diagnosis::Restricted
        | Diagnosis::Mistyped
        | Diagnosis::OtherProvider
        | Diagnosis::Invalid
        | Diagnosis::Expired
        | Diagnosis::AdminKey
        | Diagnosis::SignInToken
        | Diagnosis::IpNotAllowed
        | Diagnosis::ScopeMissing => KEYS,
        Diagnosis::NoCredit => (Billing, "Open billing"),
        Diagnosis::SpendCap => (Limits, "Open the spend limits"),
        Diagnosis::RateLimited => (Limits, "Open the rate limits"),
        Diagnosis::RegionBlocked => (Regions, "See which places are served"),
        Diagnosis::ProjectMissing => (Projects, "Open the provider's projects"),
        Diagnosis::ModelUnavailable => (Models, "See the provider's models"),
        Diagnosis::ProviderDown | Diagnosis::Garbled | Diagnosis::Unreachable => {
            (Status, "See the provider's status")
        }
    })
}

impl Provider {
    /// The page at which a person makes or revokes a key; none for one's own server.
    pub fn key_page(self) -> Option<&'static str> {
        find(self, Keys)
    }

    /// The page that helps with a diagnosis; none for one's own server, and where no page helps.
    pub fn help_page(self, diagnosis: Diagnosis) -> Option<HelpPage> {
        let (topic, label) = topic(diagnosis)?;
        // OpenRouter keeps the limit of a key with the key.
        let topic = match (self, diagnosis) {
            (Provider::OpenRouter, Diagnosis::SpendCap) => Keys,
            _ => topic,
        };
        find(self, topic).map(|href| HelpPage { label, href })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_stands_in_the_table_twice_and_all_are_encrypted() {
        for (at, (provider, topic, href)) in PAGES.iter().enumerate() {
            assert!(href.starts_with("https://"), "{href}");
            let again = PAGES[at + 1..]
                .iter()
                .any(|(p, t, _)| (p, t) == (provider, topic));
            assert!(!again, "{provider} {topic:?}");
        }
    }

    #[test]
    fn every_provider_helps_with_everything_that_its_pages_can_help_with() {
        for provider in Provider::ALL {
            for diagnosis in Diagnosis::ALL {
                let page = provider.help_page(diagnosis);
                // OpenRouter has no page about places: they are those of the providers behind it.
                let is_missing = provider == Provider::Custom
                    || (provider, diagnosis) == (Provider::OpenRouter, Diagnosis::RegionBlocked);
                assert_eq!(
                    page.is_some(),
                    topic(diagnosis).is_some() && !is_missing,
                    "{provider} {diagnosis:?}"
                );
            }
        }
    }

    #[test]
    fn each_trouble_leads_to_its_own_page() {
        let leads_to = |provider: Provider, diagnosis| provider.help_page(diagnosis).map(|page| page.href);
        let openai = |diagnosis| leads_to(Provider::OpenAi, diagnosis).unwrap();
        assert!(openai(Diagnosis::NoCredit).ends_with("/billing"));
        assert!(openai(Diagnosis::SpendCap).ends_with("/limits"));
        assert!(openai(Diagnosis::ProjectMissing).ends_with("/projects"));
        assert_eq!(
            leads_to(Provider::OpenRouter, Diagnosis::SpendCap),
            Provider::OpenRouter.key_page()
        );
        assert_eq!(
            leads_to(Provider::Anthropic, Diagnosis::Invalid),
            Provider::Anthropic.key_page()
        );
    }
}
