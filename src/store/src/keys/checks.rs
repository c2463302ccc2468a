//! When keys are asked about at their providers, and what came of it. The schedule is data in the row, shared by all
//! servers: a check is claimed before it is made, and a claim that nobody came back to runs out.
//! It refuses to decide how often: the caller reckons.

use marshmallow_core::{KeyId, KeyStatus, Millis, NanoDollars, UserId};

use crate::{
    AuditEntry, Store, StoreError,
    db::{statements, values},
};

/// What a check of a stored key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// The key's status from now on.
    pub status: KeyStatus,
    /// The endpoint's list of models as JSON; where a check brought none, the list of an earlier one stays.
    pub models: Option<String>,
    /// What is left to spend, by the provider's word; of a check that failed, what an earlier one said stays.
    pub credit_left: Option<NanoDollars>,
    /// When it was made.
    pub at: Millis,
    /// When the key is due for the next one.
    pub next_check: Millis,
    /// Checks in a row that failed without proving anything, this one included.
    pub failures: u32,
}

statements! {
    DUE on "provider_keys" =
        "SELECT user_id, id FROM provider_keys
          WHERE next_check <= $1 AND (is_active OR replaced_by IS NOT NULL) AND (check_claimed_until IS NULL OR check_claimed_until <= $1)
            AND (expires_at IS NULL OR expires_at > $1)
          ORDER BY next_check, id LIMIT $2";
    /// Asks again for all that made the key due: somebody else may have checked it since it was found.
    CLAIM on "provider_keys" =
        "UPDATE provider_keys SET check_claimed_until = $4
          WHERE user_id = $1 AND id = $2 AND next_check <= $3 AND (is_active OR replaced_by IS NOT NULL)
            AND (check_claimed_until IS NULL OR check_claimed_until <= $3)
            AND (expires_at IS NULL OR expires_at > $3)
        RETURNING id";
    RECORD on "provider_keys" =
        "UPDATE provider_keys SET validation_status = $3, models = COALESCE($4, models), last_validated = $5,
                status_since = CASE WHEN validation_status = $3 THEN status_since ELSE $5 END, next_check = $6, check_failures = $7, check_claimed_until = NULL,
                credit_left = CASE WHEN CAST($7 AS BIGINT) = 0 THEN $8 ELSE credit_left END
          WHERE user_id = $1 AND id = $2";
    /// A call with the key has found this out; the check that it asks for is one, however many calls found out.
    MARK on "provider_keys" =
        "UPDATE provider_keys SET validation_status = $3, last_validated = $4, next_check = $4,
                status_since = CASE WHEN validation_status = $3 THEN status_since ELSE $4 END
          WHERE user_id = $1 AND id = $2";
    SCHEDULE on "provider_keys" =
        "UPDATE provider_keys SET next_check = $3, check_claimed_until = NULL WHERE user_id = $1 AND id = $2";
}

impl Store {
    /// Takes up to `limit` keys that are due for a check at `now`, whoever's they are, for this server alone until
    /// `until`. Keys that are switched off or over are never due, but
    /// replaced ones are, until their watch ends. Of many servers that ask at once, one gets a key.
    pub async fn claim_checks(
        &self,
        now: Millis,
        until: Millis,
        limit: usize,
    ) -> Result<Vec<(UserId, KeyId)>, StoreError> {
        let mut claimed = Vec::new();
        for row in self.db.all(&DUE, values![now, limit]).await? {
            // One row at a time: servers that lock many rows in different orders wait for each other for ever.
            let (user, id) = (row.parsed("user_id")?, row.parsed("id")?);
            let values = values![user, id, now, until];
            if !self.db.returning(&CLAIM, values).await?.is_empty() {
                claimed.push((user, id));
            }
        }
        Ok(claimed)
    }

    /// Stores the outcome of a check and ends its claim. False if the key is not the person's.
    pub async fn record_check(
        &self,
        user: UserId,
        id: KeyId,
        outcome: &CheckOutcome,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = values![
            user,
            id,
            outcome.status.slug(),
            &outcome.models,
            outcome.at,
            outcome.next_check,
            outcome.failures,
            outcome.credit_left,
        ];
        self.change_key(&RECORD, change, entry).await
    }

    /// Stores what a call with the key found out about it, and asks for a check at once. False if the key is not the
    /// person's.
    pub async fn mark_key(
        &self,
        user: UserId,
        id: KeyId,
        status: KeyStatus,
        at: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        self.change_key(&MARK, values![user, id, status.slug(), at], entry)
            .await
    }

    /// Sets when a key is due for a check, and ends a claim that stands. False if the key is not the person's.
    pub async fn schedule_check(&self, user: UserId, id: KeyId, at: Millis) -> Result<bool, StoreError> {
        Ok(self.db.execute(&SCHEDULE, values![user, id, at]).await? == 1)
    }
}
