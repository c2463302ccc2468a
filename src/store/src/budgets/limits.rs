//! The limits of budgets: set by their owner, read with what is spent. It reserves nothing.

use marshmallow_core::{BudgetSubject, KeyId, Millis, NanoDollars, Period, UserId};

use super::BudgetRecord;
use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Tx, statements, values},
};

/// What may be spent in each period; none where there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BudgetLimits {
    /// By day.
    pub day: Option<NanoDollars>,
    /// By month.
    pub month: Option<NanoDollars>,
}

statements! {
    /// A budget begins with what has been spent in its periods already.
    OPEN on "budgets" =
        "INSERT INTO budgets (user_id, subject, day_start, month_start, day_used, month_used, reserved)
         SELECT $1, $2, $3, $4,
                CAST(COALESCE(SUM(CASE WHEN created_at >= $3 THEN cost_nano ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(cost_nano), 0) AS BIGINT), 0
           FROM usage
          WHERE user_id = $1 AND created_at >= $4
            AND CASE $2 WHEN 'account' THEN credential <> 'platform' WHEN 'platform' THEN credential = 'platform'
                     ELSE key_id = $2 END
         ON CONFLICT (user_id, subject) DO NOTHING";
    LIMIT on "budgets" = "UPDATE budgets SET day_limit = $3, month_limit = $4 WHERE user_id = $1 AND subject = $2";
    LIST on "budgets" =
        "SELECT subject, day_limit, month_limit, day_start, day_used, month_start, month_used, reserved
           FROM budgets WHERE user_id = $1 ORDER BY subject";
    OWNED on "provider_keys" =
        "SELECT id FROM provider_keys WHERE user_id = $1 AND id = $2 AND replaced_by IS NULL";
    FORGET on "budgets" = "DELETE FROM budgets WHERE user_id = $1 AND subject = $2";
}

impl Store {
    /// Sets a budget's limits. False, and nothing is changed, if it is a key's that is not the person's, or that another
    /// key has replaced.
    pub async fn set_budget(
        &self,
        user: UserId,
        subject: BudgetSubject,
        limits: BudgetLimits,
        now: Millis,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if let BudgetSubject::Key(id) = subject
            && tx.optional(&OWNED, values![user, id]).await?.is_none()
        {
            return Ok(false);
        }
        open(&mut tx, user, subject, now).await?;
        limit(&mut tx, user, subject, limits).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A person's budgets.
    pub async fn budgets(&self, user: UserId) -> Result<Vec<BudgetRecord>, StoreError> {
        let rows = self.db.all(&LIST, values![user]).await?;
        rows.iter().map(BudgetRecord::of).collect()
    }
}

/// Makes sure of a budget's row, and of the account's, which all of a person's reservations queue at.
pub(super) async fn open(
    tx: &mut Tx,
    user: UserId,
    subject: BudgetSubject,
    now: Millis,
) -> Result<(), StoreError> {
    let (day, month) = (Period::Day.start(now), Period::Month.start(now));
    for subject in [BudgetSubject::Account, subject] {
        tx.execute(&OPEN, values![user, &subject.to_string(), day, month])
            .await?;
    }
    Ok(())
}

pub(super) async fn limit(
    tx: &mut Tx,
    user: UserId,
    subject: BudgetSubject,
    limits: BudgetLimits,
) -> Result<(), StoreError> {
    tx.execute(
        &LIMIT,
        values![user, &subject.to_string(), limits.day, limits.month],
    )
    .await?;
    Ok(())
}

/// Drops the budget of a key that is being removed.
pub(crate) async fn forget_key(tx: &mut Tx, user: UserId, key: KeyId) -> Result<(), StoreError> {
    tx.execute(&FORGET, values![user, key]).await?;
    Ok(())
}
