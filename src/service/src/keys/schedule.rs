//! When a key is asked about again: about a day after an answer, sooner and then ever later after a failure that proves
//! nothing. Pure; it refuses to ask.

use marshmallow_core::{Diagnosis, Millis, Random};

const MINUTE: i64 = 60_000;
/// Between two checks that were answered.
const DAILY: i64 = 24 * 60 * MINUTE;
/// The first pause after a failure; each further one is twice as long, up to a day.
const FIRST_RETRY: i64 = 15 * MINUTE;
/// Checks are spread by a tenth of the pause to either side, so that keys which were added together part.
const SPREAD: i64 = 10;

/// Checks in a row that proved nothing, after one more with this diagnosis.
pub(crate) fn failures_after(diagnosis: Diagnosis, before: u32) -> u32 {
    if diagnosis.is_answer() {
        0
    } else {
        before.saturating_add(1)
    }
}

/// When a key is due again that was checked `now`, with `failures` in a row.
pub(crate) fn next_check(now: Millis, failures: u32, random: &dyn Random) -> Millis {
    let pause = match failures.checked_sub(1) {
        None => DAILY,
        Some(before) => (FIRST_RETRY << before.min(16)).min(DAILY),
    };
    let spread = pause / SPREAD;
    now.plus(pause - spread + below(2 * spread, random))
}

/// An even draw from 0 up to, but not including, `bound`, which is positive.
fn below(bound: i64, random: &dyn Random) -> i64 {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    // A fraction of 2^32, since the remainder of a division would favour the low numbers.
    let share = (i128::from(bound) * i128::from(u32::from_le_bytes(bytes))) >> 32;
    i64::try_from(share).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_800_000_000_000);

    /// Always the same byte.
    struct Same(u8);

    impl Random for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn pauses(failures: u32) -> (i64, i64) {
        let pause = |byte| next_check(NOW, failures, &Same(byte)).since(NOW);
        (pause(0), pause(0xff))
    }

    #[test]
    fn a_key_that_was_answered_for_is_due_after_a_day_give_or_take_a_tenth() {
        let (least, most) = pauses(0);
        assert_eq!(least, DAILY * 9 / 10);
        assert!(
            most > DAILY * 11 / 10 - MINUTE && most < DAILY * 11 / 10,
            "{most}"
        );
    }

    #[test]
    fn failures_make_longer_and_longer_pauses_up_to_a_day() {
        let least = |failures| pauses(failures).0 / MINUTE * 10 / 9;
        let told: Vec<_> = [1, 2, 3, 4, 7, 8, 30, u32::MAX].map(least).into();
        assert_eq!(told, [14, 30, 60, 120, 960, 1_440, 1_440, 1_440]);
        assert!(
            pauses(1).1 < pauses(2).0,
            "the spread of two failures in a row does not overlap"
        );
    }

    #[test]
    fn only_what_proves_nothing_counts_as_a_failure() {
        for unproven in [
            Diagnosis::Unreachable,
            Diagnosis::ProviderDown,
            Diagnosis::RateLimited,
        ] {
            assert_eq!(failures_after(unproven, 2), 3, "{unproven:?}");
        }
        for answer in [
            Diagnosis::Valid,
            Diagnosis::Invalid,
            Diagnosis::NoCredit,
            Diagnosis::Unverifiable,
        ] {
            assert_eq!(failures_after(answer, 2), 0, "{answer:?}");
        }
    }
}
