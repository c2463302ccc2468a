//! When a key that fails is left alone, and for how long. Pure: who counts and who waits is known elsewhere.

use serde::{Deserialize, Serialize};

use crate::{Diagnosis, Millis};

/// Failures in a row from which on a key rests.
const FAILURES: u32 = 3;
/// The first rest after failures in a row, in milliseconds; each further one is twice as long.
const FIRST_MS: i64 = 30_000;
/// The longest of them, in milliseconds.
const LONGEST_MS: i64 = 600_000;
/// The rest after a rate limit whose reset the provider did not tell, in milliseconds.
const RATE_LIMIT_MS: i64 = 10_000;
/// How long the one turn that tries a rested key has it for itself, in milliseconds.
pub const TRIAL_MS: i64 = 20_000;

/// A pause in which turns pass a key over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// When it ends.
    pub until: Millis,
    /// What its provider said last.
    pub because: Diagnosis,
}

impl Rest {
    /// The rest after a failed call, if there is to be one: a rate limit lasts until its reset, anything else
    /// until the breaker lets the next try through. `failures` counts this one; `told_ms` is the provider's word.
    pub fn after(because: Diagnosis, failures: u32, told_ms: Option<i64>, now: Millis) -> Option<Self> {
        let length = match because {
            Diagnosis::RateLimited => told_ms.unwrap_or(RATE_LIMIT_MS),
            _ if failures < FAILURES => return None,
            _ => {
                let doublings = (failures - FAILURES).min(16);
                (FIRST_MS << doublings).min(LONGEST_MS)
            }
        };
        Some(Self {
            until: now.plus(length.max(1)),
            because,
        })
    }

    /// Whether it is still going on.
    pub fn is_on(self, now: Millis) -> bool {
        now < self.until
    }

    /// Whether the key may be tried before the end where nothing else can serve: a fault may be over by now,
    /// a limit is not.
    pub fn may_be_broken(self) -> bool {
        self.because != Diagnosis::RateLimited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    #[test]
    fn a_rate_limit_lasts_until_its_reset() {
        let told = Rest::after(Diagnosis::RateLimited, 1, Some(30_000), NOW).unwrap();
        assert_eq!(told.until, NOW.plus(30_000));
        assert!(told.is_on(NOW.plus(29_999)) && !told.is_on(NOW.plus(30_000)));
        let untold = Rest::after(Diagnosis::RateLimited, 1, None, NOW).unwrap();
        assert_eq!(untold.until, NOW.plus(RATE_LIMIT_MS));
    }

    #[test]
    fn faults_in_a_row_make_longer_and_longer_rests_up_to_a_bound() {
        let length = |failures| {
            Rest::after(Diagnosis::ProviderDown, failures, Some(1), NOW).map(|rest| rest.until.since(NOW))
        };
        let told: Vec<_> = [1, 2, 3, 4, 5, 8, u32::MAX].map(length).into();
        assert_eq!(
            told,
            [
                None,
                None,
                Some(30_000),
                Some(60_000),
                Some(120_000),
                Some(600_000),
                Some(600_000)
            ]
        );
    }
}
