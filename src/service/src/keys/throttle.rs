//! A limit on checks per person, since each check is a call to a provider in this server's name.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use marshmallow_core::{ErrorCode, PublicError, UserId};

const BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();

pub struct Throttle(DefaultKeyedRateLimiter<UserId>);

impl Throttle {
    pub fn new() -> Self {
        Self(RateLimiter::keyed(
            Quota::per_minute(PER_MINUTE).allow_burst(BURST),
        ))
    }

    /// Counts a check in this person's name.
    pub fn check(&self, user: UserId) -> Result<(), PublicError> {
        self.0.check_key(&user).map_err(|_| {
            PublicError::new(
                ErrorCode::TooManyAttempts,
                "You checked many keys in a short time.",
                "Wait a minute, then try again.",
            )
        })
    }
}
