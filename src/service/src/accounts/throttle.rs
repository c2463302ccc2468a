//! Limits on attempts, per account and per network address. The answer is the same whether the account
//! exists. It counts in memory, so each server counts for itself.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use marshmallow_core::{ErrorCode, PublicError};

/// Attempts at once, then one more every `REFILL_SECONDS`.
const ACCOUNT_BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(60).unwrap();
const REFILL_PER_MINUTE: NonZeroU32 = NonZeroU32::new(6).unwrap();
/// Entries after which quiet ones are dropped.
const SWEEP_AT: usize = 10_000;

pub struct Throttle {
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<String>,
}

impl Throttle {
    pub fn new() -> Self {
        let per_minute = Quota::per_minute(REFILL_PER_MINUTE);
        Self {
            accounts: RateLimiter::keyed(per_minute.allow_burst(ACCOUNT_BURST)),
            addresses: RateLimiter::keyed(per_minute.allow_burst(ADDRESS_BURST)),
        }
    }

    /// Counts an attempt for the account of this address, which need not exist.
    pub fn check_account(&self, email_lower: &str) -> Result<(), PublicError> {
        check(&self.accounts, email_lower)
    }

    /// Counts an attempt from this network address.
    pub fn check_address(&self, address: &str) -> Result<(), PublicError> {
        check(&self.addresses, address)
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, key: &str) -> Result<(), PublicError> {
    if limiter.len() > SWEEP_AT {
        limiter.retain_recent();
    }
    let key: String = key.chars().take(256).collect();
    limiter.check_key(&key).map_err(|_| {
        PublicError::new(
            ErrorCode::TooManyAttempts,
            "There were too many attempts.",
            "Wait a minute, then try again.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_limited_whoever_asks_and_others_are_not() {
        let throttle = Throttle::new();
        for _ in 0..ACCOUNT_BURST.get() {
            throttle.check_account("ana@example.org").unwrap();
        }
        assert_eq!(
            throttle.check_account("ana@example.org").unwrap_err().code,
            ErrorCode::TooManyAttempts
        );
        throttle.check_account("ben@example.org").unwrap();
    }

    #[test]
    fn an_address_is_limited_whichever_account_it_tries() {
        let throttle = Throttle::new();
        for _ in 0..ADDRESS_BURST.get() {
            throttle.check_address("192.0.2.1").unwrap();
        }
        assert!(throttle.check_address("192.0.2.1").is_err());
        throttle.check_address("192.0.2.2").unwrap();
    }
}
