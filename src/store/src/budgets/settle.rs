//! The end of a reservation: what was set aside is given back, and what was really spent counts.
//! It runs in the transaction that ends the answer, so that neither happens twice or never.

use marshmallow_core::{BudgetSubject, CredentialKind, MessageId, Millis, NanoDollars, Period, UserId};

use super::succession;
use crate::{
    Store, StoreError, UsageRow,
    db::{Tx, statements, values},
};

statements! {
    LOCK on "budgets" = "UPDATE budgets SET reserved = reserved WHERE user_id = $1 AND subject = 'account'";
    GIVE_BACK on "budgets" =
        "UPDATE budgets SET reserved = reserved - (SELECT r.amount FROM reservations r
                 WHERE r.message_id = $2 AND r.subject = budgets.subject)
          WHERE user_id = $1 AND subject IN (SELECT subject FROM reservations WHERE message_id = $2 AND user_id = $1)";
    DROP on "reservations" = "DELETE FROM reservations WHERE user_id = $1 AND message_id = $2 RETURNING subject, amount";
    SPEND on "budgets" =
        "UPDATE budgets
            SET day_used = CASE WHEN day_start >= $5 THEN day_used ELSE 0 END + $4,
                day_start = CASE WHEN day_start >= $5 THEN day_start ELSE $5 END,
                month_used = CASE WHEN month_start >= $6 THEN month_used ELSE 0 END + $4,
                month_start = CASE WHEN month_start >= $6 THEN month_start ELSE $6 END
          WHERE user_id = $1 AND (subject = $2 OR subject = $3)";
    /// Everybody's.
    ORPHANS on "reservations" =
        "SELECT DISTINCT r.user_id, r.message_id FROM reservations r
          WHERE NOT EXISTS (SELECT 1 FROM generations g WHERE g.message_id = r.message_id)";
}

impl Store {
    /// Gives back what an answer has set aside: the call that it was for did not take place.
    pub async fn release(&self, user: UserId, message: MessageId) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK, values![user]).await?;
        give_back(&mut tx, user, message).await?;
        tx.commit().await
    }

    /// Settles an answer that was deleted while it was being written. What it cost counts unless somebody else has
    /// settled it.
    pub async fn settle_deleted(
        &self,
        user: UserId,
        message: MessageId,
        usage: Option<&UsageRow>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&LOCK, values![user]).await?;
        let subjects = match usage {
            Some(row) => Some((row, subjects_of(&mut tx, user, message, row).await?)),
            None => None,
        };
        let given_back = give_back(&mut tx, user, message).await?;
        if !given_back.is_empty()
            && let Some((row, subjects)) = subjects
        {
            let cost = row.cost.unwrap_or_default();
            spend(&mut tx, user, subjects, cost, row.created_at).await?;
        }
        tx.commit().await
    }

    /// Settles everybody's reservations whose answers are gone together with the servers that wrote them. What they
    /// cost is not known any more, so the worst case counts.
    pub async fn settle_orphans(&self, now: Millis) -> Result<(), StoreError> {
        for row in self.db.all(&ORPHANS, values![]).await? {
            let (user, message) = (row.parsed("user_id")?, row.parsed("message_id")?);
            let mut tx = self.db.begin().await?;
            tx.execute(&LOCK, values![user]).await?;
            for (subject, amount) in give_back(&mut tx, user, message).await? {
                spend(&mut tx, user, [subject; 2], amount, now).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Gives back what an answer has set aside and counts what it cost, as a part of the transaction that ends it.
pub(crate) async fn settle(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
    usage: Option<&UsageRow>,
) -> Result<(), StoreError> {
    if tx.execute(&LOCK, values![user]).await? == 0 {
        return Ok(());
    }
    let Some((row, cost)) = usage.and_then(|row| row.cost.map(|cost| (row, cost))) else {
        return give_back(tx, user, message).await.map(|_| ());
    };
    let subjects = subjects_of(tx, user, message, row).await?;
    give_back(tx, user, message).await?;
    spend(tx, user, subjects, cost, row.created_at).await
}

/// The budgets that an answer counts towards, to be asked before what it reserved is dropped; the second repeats the
/// first where there is one only.
async fn subjects_of(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
    usage: &UsageRow,
) -> Result<[BudgetSubject; 2], StoreError> {
    Ok(match (usage.credential, usage.key) {
        (CredentialKind::Platform, _) | (_, None) => [BudgetSubject::Platform; 2],
        (_, Some(key)) => {
            let key = succession::in_charge(tx, user, message, key).await?;
            [BudgetSubject::Account, BudgetSubject::Key(key)]
        }
    })
}

async fn give_back(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
) -> Result<Vec<(BudgetSubject, NanoDollars)>, StoreError> {
    tx.execute(&GIVE_BACK, values![user, message]).await?;
    let rows = tx.all(&DROP, values![user, message]).await?;
    rows.iter()
        .map(|row| Ok((row.parsed("subject")?, row.int("amount").map(NanoDollars)?)))
        .collect()
}

async fn spend(
    tx: &mut Tx,
    user: UserId,
    subjects: [BudgetSubject; 2],
    cost: NanoDollars,
    at: Millis,
) -> Result<(), StoreError> {
    let [first, second] = subjects.map(|subject| subject.to_string());
    let (day, month) = (Period::Day.start(at), Period::Month.start(at));
    tx.execute(&SPEND, values![user, &first, &second, cost.0, day, month])
        .await?;
    Ok(())
}
