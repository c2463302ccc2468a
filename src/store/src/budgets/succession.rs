//! A key's budget when another key takes its place: it moves with what is spent and reserved, and answers that are
//! still written with the old key go on counting towards it. It refuses to know why keys change.

use marshmallow_core::{BudgetSubject, KeyId, MessageId, Millis, UserId};

use super::{BudgetLimits, BudgetRecord, limits};
use crate::{
    StoreError,
    db::{Tx, statements, values},
};

statements! {
    /// Changes nothing, and waits for reservations that are being made.
    LOCK on "budgets" = "UPDATE budgets SET reserved = reserved WHERE user_id = $1 AND subject = 'account'";
    MOVE on "budgets" = "UPDATE budgets SET subject = $3 WHERE user_id = $1 AND subject = $2";
    MOVE_RESERVED on "reservations" = "UPDATE reservations SET subject = $3 WHERE user_id = $1 AND subject = $2";
    FIND on "budgets" =
        "SELECT subject, day_limit, month_limit, day_start, day_used, month_start, month_used, reserved
           FROM budgets WHERE user_id = $1 AND subject = $2";
    /// Where the key itself is gone by now, what the answer has reserved says which budget it was.
    IN_CHARGE on "provider_keys" =
        "SELECT COALESCE((SELECT COALESCE(replaced_by, id) FROM provider_keys WHERE user_id = $1 AND id = $3),
                         (SELECT subject FROM reservations
                           WHERE user_id = $1 AND message_id = $2 AND subject NOT IN ('account', 'platform')
                           ORDER BY subject LIMIT 1),
                         $3) AS subject";
}

/// Hands the budget of a key to another one, with its limits and all that is spent and reserved.
pub(crate) async fn move_key(tx: &mut Tx, user: UserId, from: KeyId, to: KeyId) -> Result<(), StoreError> {
    tx.execute(&LOCK, values![user]).await?;
    tx.execute(&MOVE, values![user, from, to]).await?;
    tx.execute(&MOVE_RESERVED, values![user, from, to]).await?;
    Ok(())
}

/// Gives a key the limits that another one has, if it has any. What it spent itself counts.
pub(crate) async fn share_limits(
    tx: &mut Tx,
    user: UserId,
    from: KeyId,
    to: KeyId,
    now: Millis,
) -> Result<(), StoreError> {
    tx.execute(&LOCK, values![user]).await?;
    let Some(row) = tx.optional(&FIND, values![user, from]).await? else {
        return Ok(());
    };
    let BudgetRecord { limits: same, .. } = BudgetRecord::of(&row)?;
    if same == BudgetLimits::default() {
        return Ok(());
    }
    let subject = BudgetSubject::Key(to);
    limits::open(tx, user, subject, now).await?;
    limits::limit(tx, user, subject, same).await
}

/// The key whose budget an answer counts towards that is written with `key`: itself, or the one that took its place.
pub(super) async fn in_charge(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
    key: KeyId,
) -> Result<KeyId, StoreError> {
    let row = tx.optional(&IN_CHARGE, values![user, message, key]).await?;
    row.map_or(Ok(key), |row| row.parsed("subject"))
}
