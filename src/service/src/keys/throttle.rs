//! A limit per person on what is costly: checks, since each is a call to a provider in this server's name, and opening
//! files, since each stretches a passphrase.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use marshmallow_core::{ErrorCode, PublicError, UserId};

const BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();

pub struct Throttle {
    counts: DefaultKeyedRateLimiter<UserId>,
    message: &'static str,
}

impl Throttle {
    /// One with the sentence that says what there was too much of.
    pub fn new(message: &'static str) -> Self {
        Self {
            counts: RateLimiter::keyed(Quota::per_minute(PER_MINUTE).allow_burst(BURST)),
            message,
        }
    }

    /// Counts once in this person's name.
    pub fn check(&self, user: UserId) -> Result<(), PublicError> {
        self.counts.check_key(&user).map_err(|_| {
            PublicError::new(
                ErrorCode::TooManyAttempts,
                self.message,
                "Wait a minute, then try again.",
            )
        })
    }
}
