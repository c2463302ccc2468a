//! The state of a key as a badge. It refuses to explain: meaning and next step stand in `Diagnosis`.

use leptos::prelude::*;
use marshmallow_core::{Diagnosis, KeyStatus};

use super::{Badge, Tone};

/// The tone of a key's state: bad when only its owner can help, warning when it may pass by itself.
pub const fn status_tone(status: KeyStatus) -> Tone {
    match status {
        KeyStatus::Unchecked => Tone::Neutral,
        KeyStatus::Checked(diagnosis) => match diagnosis {
            Diagnosis::Valid => Tone::Good,
            Diagnosis::Restricted | Diagnosis::Unverifiable => Tone::Info,
            Diagnosis::RateLimited
            | Diagnosis::OverBudget
            | Diagnosis::ProviderDown
            | Diagnosis::Garbled
            | Diagnosis::Unreachable
            | Diagnosis::RegionBlocked
            | Diagnosis::IpNotAllowed
            | Diagnosis::ScopeMissing
            | Diagnosis::ProjectMissing
            | Diagnosis::ModelUnavailable
            | Diagnosis::BadRequest
            | Diagnosis::Filtered
            | Diagnosis::SpendCap => Tone::Warning,
            Diagnosis::Mistyped
            | Diagnosis::OtherProvider
            | Diagnosis::Invalid
            | Diagnosis::Expired
            | Diagnosis::Lapsed
            | Diagnosis::AdminKey
            | Diagnosis::SignInToken
            | Diagnosis::NoCredit
            | Diagnosis::AddressBlocked => Tone::Bad,
        },
    }
}

/// The state of a key in a word or two.
#[component]
pub fn StatusBadge(
    /// What the last check left.
    status: KeyStatus,
) -> impl IntoView {
    view! { <Badge tone=status_tone(status)>{status.title()}</Badge> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_cannot_serve_is_never_shown_as_good() {
        for diagnosis in Diagnosis::ALL {
            let tone = status_tone(KeyStatus::Checked(diagnosis));
            assert_eq!(tone == Tone::Good, diagnosis == Diagnosis::Valid, "{diagnosis:?}");
            assert!(diagnosis.may_be_stored() || tone == Tone::Bad, "{diagnosis:?}");
        }
    }
}
