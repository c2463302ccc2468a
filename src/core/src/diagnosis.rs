//! The diagnosis of a key or of a failed call, and the one wording of what it means and what to do.
//! Which answer of a provider leads to which diagnosis is known in `providers`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Provider;

/// What a provider's answer says about a key or a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diagnosis {
    /// The provider accepts the key.
    Valid,
    /// The key is real but lacks a permission that the probe needs; it may still chat.
    Restricted,
    /// The endpoint accepts any key, so a probe proves nothing; the first chat decides.
    Unverifiable,
    /// What was typed is no whole key: cut, masked or run together. Found by its form, or by an answer that
    /// saw no key at all.
    Mistyped,
    /// By its form a key of another provider than the chosen one.
    OtherProvider,
    /// The provider does not know the key: wrong, revoked or deleted.
    Invalid,
    /// The key's life is over, by the provider's word.
    Expired,
    /// The time limit that its owner set here has passed.
    Lapsed,
    /// A key for administration, which cannot chat.
    AdminKey,
    /// A subscription's sign-in token, which is not an API key.
    SignInToken,
    /// The account has no credit left.
    NoCredit,
    /// A spending limit set by the account's owner is reached.
    SpendCap,
    /// A budget that the owner set here does not hold the call.
    OverBudget,
    /// Too many requests or tokens for now.
    RateLimited,
    /// The provider does not serve this place or address.
    RegionBlocked,
    /// The key's owner has bound it to other addresses than this server's.
    IpNotAllowed,
    /// The key lacks a permission that a chat needs.
    ScopeMissing,
    /// The key's project, workspace or organization is gone, is switched off, or may not do this.
    ProjectMissing,
    /// The model does not exist, or not for this key.
    ModelUnavailable,
    /// The provider refuses the request itself, whichever key is used.
    BadRequest,
    /// The provider's own filter stopped the request.
    Filtered,
    /// The provider has a fault or is overloaded.
    ProviderDown,
    /// The provider accepted the call and then fell silent or sent what cannot be understood.
    Garbled,
    /// No connection: name not found, refused, or timed out.
    Unreachable,
    /// The address is not allowed by the administrator's policy.
    AddressBlocked,
}

/// Whose turn it is to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nobody's: all is well.
    None,
    /// The owner of the key.
    Owner,
    /// The provider.
    Provider,
    /// The administrator of this server.
    Administrator,
}

impl Diagnosis {
    /// All diagnoses.
    pub const ALL: [Diagnosis; 25] = [
        Diagnosis::Valid,
        Diagnosis::Restricted,
        Diagnosis::Unverifiable,
        Diagnosis::Mistyped,
        Diagnosis::OtherProvider,
        Diagnosis::Invalid,
        Diagnosis::Expired,
        Diagnosis::Lapsed,
        Diagnosis::AdminKey,
        Diagnosis::SignInToken,
        Diagnosis::NoCredit,
        Diagnosis::SpendCap,
        Diagnosis::OverBudget,
        Diagnosis::RateLimited,
        Diagnosis::RegionBlocked,
        Diagnosis::IpNotAllowed,
        Diagnosis::ScopeMissing,
        Diagnosis::ProjectMissing,
        Diagnosis::ModelUnavailable,
        Diagnosis::BadRequest,
        Diagnosis::Filtered,
        Diagnosis::ProviderDown,
        Diagnosis::Garbled,
        Diagnosis::Unreachable,
        Diagnosis::AddressBlocked,
    ];

    /// The stable word stored in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Diagnosis::Valid => "valid",
            Diagnosis::Restricted => "restricted",
            Diagnosis::Unverifiable => "unverifiable",
            Diagnosis::Mistyped => "mistyped",
            Diagnosis::OtherProvider => "other_provider",
            Diagnosis::Invalid => "invalid",
            Diagnosis::Expired => "expired",
            Diagnosis::Lapsed => "lapsed",
            Diagnosis::AdminKey => "admin_key",
            Diagnosis::SignInToken => "sign_in_token",
            Diagnosis::NoCredit => "no_credit",
            Diagnosis::SpendCap => "spend_cap",
            Diagnosis::OverBudget => "over_budget",
            Diagnosis::RateLimited => "rate_limited",
            Diagnosis::RegionBlocked => "region_blocked",
            Diagnosis::IpNotAllowed => "ip_not_allowed",
            Diagnosis::ScopeMissing => "scope_missing",
            Diagnosis::ProjectMissing => "project_missing",
            Diagnosis::ModelUnavailable => "model_unavailable",
            Diagnosis::BadRequest => "bad_request",
            Diagnosis::Filtered => "filtered",
            Diagnosis::ProviderDown => "provider_down",
            Diagnosis::Garbled => "garbled",
            Diagnosis::Unreachable => "unreachable",
            Diagnosis::AddressBlocked => "address_blocked",
        }
    }

    /// A word or two for a badge.
    pub fn title(self) -> &'static str {
        match self {
            Diagnosis::Valid => "Valid",
            Diagnosis::Restricted => "Valid, restricted",
            Diagnosis::Unverifiable => "Cannot be verified",
            Diagnosis::Mistyped => "Mistyped",
            Diagnosis::OtherProvider => "Key of another provider",
            Diagnosis::Invalid => "Invalid",
            Diagnosis::Expired => "Expired",
            Diagnosis::Lapsed => "Time limit passed",
            Diagnosis::AdminKey => "Admin key",
            Diagnosis::SignInToken => "Sign-in token",
            Diagnosis::NoCredit => "No credit",
            Diagnosis::SpendCap => "Spend limit reached",
            Diagnosis::OverBudget => "Budget used up",
            Diagnosis::RateLimited => "Rate limited",
            Diagnosis::RegionBlocked => "Region not served",
            Diagnosis::IpNotAllowed => "IP address not allowed",
            Diagnosis::ScopeMissing => "Permission missing",
            Diagnosis::ProjectMissing => "Project not available",
            Diagnosis::ModelUnavailable => "Model not available",
            Diagnosis::BadRequest => "Request refused",
            Diagnosis::Filtered => "Filtered",
            Diagnosis::ProviderDown => "Provider has a fault",
            Diagnosis::Garbled => "Answer not understood",
            Diagnosis::Unreachable => "Not reachable",
            Diagnosis::AddressBlocked => "Address not allowed",
        }
    }

    /// What it means, in a sentence that names the provider.
    pub fn meaning(self, provider: Provider) -> String {
        match self {
            Diagnosis::Valid => format!("{provider} accepts this key."),
            Diagnosis::Restricted => format!("{provider} knows this key, but its permissions are limited."),
            Diagnosis::Unverifiable => "This server accepts any key, so a check proves nothing.".into(),
            Diagnosis::Mistyped => {
                "This is not a whole key: something in it is missing, hidden or doubled.".into()
            }
            Diagnosis::OtherProvider => {
                format!("This looks like a key of {provider}, not of the provider that you chose.")
            }
            Diagnosis::Invalid => format!("{provider} does not accept this key."),
            Diagnosis::Expired => format!("{provider} says that this key has expired."),
            Diagnosis::Lapsed => "The time limit that you set for this key here has passed.".into(),
            Diagnosis::AdminKey => format!("This is an administration key of {provider}. It cannot chat."),
            Diagnosis::SignInToken => {
                format!("This is a sign-in token of {provider}, not an API key.")
            }
            Diagnosis::NoCredit => format!("Your account at {provider} has no credit left."),
            Diagnosis::SpendCap => format!("A spend limit of your account at {provider} is reached."),
            Diagnosis::OverBudget => "The budget that you set here does not hold this call.".into(),
            Diagnosis::RateLimited => {
                format!("{provider} has received too many requests with this key for now.")
            }
            Diagnosis::RegionBlocked => {
                format!("{provider} does not serve the place this server calls from.")
            }
            Diagnosis::IpNotAllowed => {
                format!("This key may be used from certain addresses only; {provider} refuses this server's.")
            }
            Diagnosis::ScopeMissing => {
                format!("{provider} knows this key, but it lacks the permission to chat.")
            }
            Diagnosis::ProjectMissing => format!(
                "{provider} knows this key, but its project is switched off, is gone, or has no access to this."
            ),
            Diagnosis::ModelUnavailable => format!("{provider} does not offer this model to this key."),
            Diagnosis::BadRequest => format!("{provider} refused the request."),
            Diagnosis::Filtered => format!("{provider} stopped the answer by its content rules."),
            Diagnosis::ProviderDown => format!("{provider} has a fault or is overloaded."),
            Diagnosis::Garbled => {
                format!("{provider} stopped answering, or sent something that cannot be read.")
            }
            Diagnosis::Unreachable => format!("{provider} could not be reached."),
            Diagnosis::AddressBlocked => {
                "This address is not allowed by the administrator of this server.".into()
            }
        }
    }

    /// The one thing to do next.
    pub fn next_step(self, provider: Provider) -> String {
        match self {
            Diagnosis::Valid => "Nothing to do.".into(),
            Diagnosis::Restricted => {
                "Try a chat; if it fails, widen the key's permissions at the provider.".into()
            }
            Diagnosis::Unverifiable => "Start a chat to find out whether it works.".into(),
            Diagnosis::Mistyped => "Copy the whole key with the provider's copy button.".into(),
            Diagnosis::OtherProvider => {
                format!("Add it under {provider}, or paste a key of the provider that you chose.")
            }
            Diagnosis::Invalid => "Copy the key again, or make a new one at the provider.".into(),
            Diagnosis::Expired => "Make a new key at the provider and add it here.".into(),
            Diagnosis::Lapsed => "Extend it under Settings, API keys, or use another key.".into(),
            Diagnosis::AdminKey | Diagnosis::SignInToken => {
                format!("Make a key for the API at {provider} and add that one.")
            }
            Diagnosis::NoCredit => format!("Add credit at {provider}, or choose another model."),
            Diagnosis::SpendCap => format!("Raise the limit at {provider}, or wait until it resets."),
            Diagnosis::OverBudget => "Raise the budget under Settings, or wait until it resets.".into(),
            Diagnosis::RateLimited => "Wait a little and try again.".into(),
            Diagnosis::IpNotAllowed => {
                "Allow this server's address in the key's settings, or make a key without that limit.".into()
            }
            Diagnosis::ScopeMissing => "Widen the key's permissions, or make a key that has them.".into(),
            Diagnosis::ProjectMissing => {
                "Check the project of this key, or make a key in another one.".into()
            }
            Diagnosis::RegionBlocked => "Choose a model of another provider.".into(),
            Diagnosis::ModelUnavailable => "Choose another model.".into(),
            Diagnosis::BadRequest => "Shorten the conversation or choose another model.".into(),
            Diagnosis::Filtered => "Rephrase the message and try again.".into(),
            Diagnosis::ProviderDown | Diagnosis::Garbled => {
                "Try again in a minute, or choose another model.".into()
            }
            Diagnosis::Unreachable if provider == Provider::Custom => {
                "Check that the server runs and that its address is right.".into()
            }
            Diagnosis::Unreachable => "Try again in a minute.".into(),
            Diagnosis::AddressBlocked => "Ask your administrator to allow this host.".into(),
        }
    }

    /// Whose turn it is to act.
    pub fn fault(self) -> Fault {
        match self {
            Diagnosis::Valid | Diagnosis::Unverifiable => Fault::None,
            Diagnosis::ProviderDown | Diagnosis::Garbled | Diagnosis::RegionBlocked => Fault::Provider,
            Diagnosis::AddressBlocked => Fault::Administrator,
            _ => Fault::Owner,
        }
    }

    /// Whether a key with this diagnosis may be stored: everything that does not prove it useless.
    /// An unproven key (provider down, rate limited …) is kept and checked again later.
    pub fn may_be_stored(self) -> bool {
        !matches!(
            self,
            Diagnosis::Mistyped
                | Diagnosis::OtherProvider
                | Diagnosis::Invalid
                | Diagnosis::Expired
                | Diagnosis::AdminKey
                | Diagnosis::SignInToken
                | Diagnosis::AddressBlocked
        )
    }

    /// Whether a turn may use a stored key of which this is said. Only the provider's own word that the key is invalid
    /// or over takes it out of service, or its owner's limit; anything else may pass.
    pub fn may_serve(self) -> bool {
        !matches!(self, Diagnosis::Invalid | Diagnosis::Expired | Diagnosis::Lapsed)
    }

    /// Whether a check that found this was answered for the key itself; else it may have failed whatever the key is.
    pub fn is_answer(self) -> bool {
        !matches!(
            self,
            Diagnosis::RateLimited
                | Diagnosis::ProviderDown
                | Diagnosis::Garbled
                | Diagnosis::Unreachable
                | Diagnosis::AddressBlocked
        )
    }

    /// Whether another credential may take over a turn that failed with this before its first token.
    pub fn allows_fallback(self) -> bool {
        matches!(
            self,
            Diagnosis::Invalid
                | Diagnosis::Expired
                | Diagnosis::Lapsed
                | Diagnosis::NoCredit
                | Diagnosis::SpendCap
                | Diagnosis::OverBudget
                | Diagnosis::RateLimited
                | Diagnosis::ProviderDown
        )
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl FromStr for Diagnosis {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, ()> {
        Diagnosis::ALL
            .into_iter()
            .find(|found| found.slug() == slug)
            .ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_leads_back_and_matches_the_serialised_form() {
        for diagnosis in Diagnosis::ALL {
            assert_eq!(diagnosis.slug().parse(), Ok(diagnosis));
            assert_eq!(serde_json::to_value(diagnosis).unwrap(), diagnosis.slug());
        }
    }

    #[test]
    fn only_a_proven_fault_of_the_key_itself_keeps_it_out() {
        for unproven in [
            Diagnosis::RateLimited,
            Diagnosis::ProviderDown,
            Diagnosis::Unreachable,
            Diagnosis::Restricted,
        ] {
            assert!(unproven.may_be_stored(), "{unproven:?}");
        }
        assert!(!Diagnosis::Invalid.may_be_stored());
    }

    #[test]
    fn only_the_providers_word_or_the_owners_limit_takes_a_stored_key_out_of_service() {
        let out = Diagnosis::ALL.into_iter().filter(|found| !found.may_serve());
        assert_eq!(
            out.collect::<Vec<_>>(),
            [Diagnosis::Invalid, Diagnosis::Expired, Diagnosis::Lapsed]
        );
    }

    #[test]
    fn no_two_diagnoses_say_the_same() {
        for provider in Provider::ALL {
            let meanings: std::collections::BTreeSet<_> =
                Diagnosis::ALL.map(|found| found.meaning(provider)).into();
            assert_eq!(meanings.len(), Diagnosis::ALL.len(), "{provider}");
        }
        let titles: std::collections::BTreeSet<_> = Diagnosis::ALL.map(Diagnosis::title).into();
        assert_eq!(titles.len(), Diagnosis::ALL.len());
    }
}
