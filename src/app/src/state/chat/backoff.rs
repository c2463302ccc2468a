//! How long to wait before a lost stream is taken up again, and when to stop trying.
//! It refuses to know timers and the network.

use std::time::Duration;

use marshmallow_core::{ErrorCode, PublicError};

/// Silence after which a connection counts as lost. The server says something far more often.
pub const SILENCE: Duration = Duration::from_secs(60);

const FIRST_MILLIS: u64 = 500;
const LONGEST_MILLIS: u64 = 8_000;

/// The pause before attempt number `attempt`, counted from 0: half a second, doubling up to eight.
pub fn pause_before(attempt: u32) -> Duration {
    let factor = 1_u64.checked_shl(attempt).unwrap_or(u64::MAX);
    Duration::from_millis(FIRST_MILLIS.saturating_mul(factor).min(LONGEST_MILLIS))
}

/// Whether the same call may succeed later without anybody doing anything.
pub fn may_pass(error: &PublicError) -> bool {
    matches!(
        error.code,
        ErrorCode::Connection | ErrorCode::Internal | ErrorCode::Storage | ErrorCode::TooManyAttempts
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_eight_seconds_and_stays_there() {
        let millis: Vec<u128> = (0..7).map(|attempt| pause_before(attempt).as_millis()).collect();
        assert_eq!(millis, [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
        assert_eq!(pause_before(u32::MAX).as_millis(), 8_000);
    }

    #[test]
    fn what_only_a_person_can_mend_is_not_tried_again() {
        let connection = PublicError::new(ErrorCode::Connection, "", "");
        assert!(may_pass(&connection));
        assert!(!may_pass(&PublicError::sign_in_needed()));
        assert!(!may_pass(&PublicError::not_found("answer")));
    }
}
