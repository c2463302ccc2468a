//! The life of a key after another one took its place: how long it is watched, and what a check of it proves. Pure.
//! Who replaces, who asks and who stores is known elsewhere.

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, KeyId, KeyStatus, Millis};

/// How long a replaced key is asked about, in milliseconds: seven days.
pub const WATCH_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// The first check comes this long after the replacement, in milliseconds: who revokes at once learns of it soon.
const FIRST_MS: i64 = 2 * 60 * 1_000;
/// The longest time between two checks, in milliseconds.
const LONGEST_MS: i64 = 24 * 60 * 60 * 1_000;
/// Due after the end of all times, which is never.
const NEVER: Millis = Millis(i64::MAX);

/// What is told of a key in whose place another one works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The key that took over.
    pub by: KeyId,
    /// When it did.
    pub at: Millis,
    /// When it is asked about next; none when the watch is over.
    pub next_check: Option<Millis>,
    /// Whether a running answer still uses it.
    pub is_draining: bool,
}

/// What is told of the key that one has replaced, once its provider refuses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Its last four characters.
    pub last_four: String,
    /// Since when it is known to be dead.
    pub dead_at: Millis,
}

/// What a check of a replaced key proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Its provider refuses it.
    Dead,
    /// Its provider still knows it.
    Alive,
    /// No check can prove anything: the endpoint accepts any key.
    Impossible,
    /// This check proved nothing; another one may.
    Nothing,
}

impl Proof {
    /// What a diagnosis proves. Only the provider's own word counts, in either direction.
    pub fn of(diagnosis: Diagnosis) -> Self {
        match diagnosis {
            Diagnosis::Invalid | Diagnosis::Expired => Proof::Dead,
            Diagnosis::Valid
            | Diagnosis::Restricted
            | Diagnosis::NoCredit
            | Diagnosis::SpendCap
            | Diagnosis::RateLimited
            | Diagnosis::IpNotAllowed
            | Diagnosis::ScopeMissing
            | Diagnosis::ProjectMissing => Proof::Alive,
            Diagnosis::Unverifiable => Proof::Impossible,
            Diagnosis::Mistyped
            | Diagnosis::OtherProvider
            | Diagnosis::AdminKey
            | Diagnosis::SignInToken
            | Diagnosis::OverBudget
            | Diagnosis::Lapsed
            | Diagnosis::RegionBlocked
            | Diagnosis::ModelUnavailable
            | Diagnosis::BadRequest
            | Diagnosis::Filtered
            | Diagnosis::ProviderDown
            | Diagnosis::Garbled
            | Diagnosis::Unreachable
            | Diagnosis::AddressBlocked => Proof::Nothing,
        }
    }

    /// What a key's last check proves, if it was made since the key was replaced.
    pub fn since(replaced_at: Millis, checked_at: Option<Millis>, status: KeyStatus) -> Self {
        match status {
            // Whether an endpoint tells keys apart does not depend on when it was asked.
            KeyStatus::Checked(Diagnosis::Unverifiable) => Proof::Impossible,
            KeyStatus::Checked(diagnosis) if checked_at.is_some_and(|at| at > replaced_at) => {
                Proof::of(diagnosis)
            }
            _ => Proof::Nothing,
        }
    }
}

/// When a key replaced at `replaced_at` is due for its next check after one at `now` that proved `proof`: soon at
/// first, then in growing distances, and once more at the end of the watch. After that it is never due.
pub fn next_watch(replaced_at: Millis, now: Millis, proof: Proof) -> Millis {
    let end = replaced_at.plus(WATCH_MS);
    if now >= end || matches!(proof, Proof::Dead | Proof::Impossible) {
        return NEVER;
    }
    let distance = now.since(replaced_at).clamp(FIRST_MS, LONGEST_MS);
    now.plus(distance).min(end)
}

/// The stored moment of a next check as it is told: none for never.
pub fn told_watch(next_check: Millis) -> Option<Millis> {
    (next_check < NEVER).then_some(next_check)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Millis = Millis(1_800_000_000_000);

    #[test]
    fn the_watch_begins_soon_slows_down_and_ends() {
        let mut now = AT;
        let mut distances = Vec::new();
        while let Some(next) = told_watch(next_watch(AT, now, Proof::Alive)) {
            distances.push(next.since(now) / 60_000);
            now = next;
        }
        assert_eq!(now, AT.plus(WATCH_MS), "the last check comes at the end");
        assert_eq!(distances[..5], [2, 2, 4, 8, 16]);
        assert!(distances.iter().all(|minutes| *minutes <= 24 * 60));
        assert!(distances.len() < 20, "{distances:?}");
    }

    #[test]
    fn nobody_asks_on_where_asking_has_an_end() {
        for proof in [Proof::Dead, Proof::Impossible] {
            assert_eq!(told_watch(next_watch(AT, AT, proof)), None);
        }
        // A check by hand after the watch does not begin another one.
        assert_eq!(
            told_watch(next_watch(AT, AT.plus(WATCH_MS + 1), Proof::Alive)),
            None
        );
    }

    #[test]
    fn only_the_providers_word_is_a_proof() {
        for diagnosis in Diagnosis::ALL {
            // That a key's own owner has limited its time says nothing of its provider.
            let is_refused = !diagnosis.may_serve() && diagnosis != Diagnosis::Lapsed;
            assert_eq!(Proof::of(diagnosis) == Proof::Dead, is_refused, "{diagnosis:?}");
        }
        for silent in [
            Diagnosis::Unreachable,
            Diagnosis::ProviderDown,
            Diagnosis::Garbled,
        ] {
            assert_eq!(Proof::of(silent), Proof::Nothing);
        }
    }

    #[test]
    fn what_was_said_before_the_replacement_proves_nothing_of_it() {
        let valid = KeyStatus::Checked(Diagnosis::Valid);
        let unverifiable = KeyStatus::Checked(Diagnosis::Unverifiable);
        assert_eq!(Proof::since(AT, Some(AT), valid), Proof::Nothing);
        assert_eq!(Proof::since(AT, None, KeyStatus::Unchecked), Proof::Nothing);
        assert_eq!(Proof::since(AT, Some(AT.plus(1)), valid), Proof::Alive);
        assert_eq!(Proof::since(AT, Some(AT), unverifiable), Proof::Impossible);
    }
}
