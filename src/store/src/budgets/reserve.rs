//! Setting aside what a call may cost at the worst: in all budgets concerned, or in none.
//! One conditional update decides; whatever was read before it only serves to say why.

use marshmallow_core::{BudgetSubject, KeyId, MessageId, Millis, NanoDollars, Period, UserId};

use super::{BudgetLimits, BudgetRecord, limits, succession};
use crate::{
    Store, StoreError,
    db::{Tx, statements, values},
};

/// What is to be set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Whose answer it is.
    pub user: UserId,
    /// The running answer.
    pub message: MessageId,
    /// The server that writes it.
    pub owner: String,
    /// The key that pays; none for the platform.
    pub key: Option<KeyId>,
    /// What the platform may pay for this person in a day, where it pays and there is a bound.
    pub platform_day: Option<NanoDollars>,
    /// The worst case; none where no price is known. Adds to what is set aside already.
    pub amount: Option<NanoDollars>,
    /// The present moment.
    pub now: Millis,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// No budget is concerned; nothing is set aside and nothing has to be.
    Free,
    /// It is set aside.
    Held,
    /// A budget is concerned, and without a price nothing can be set aside.
    Unpriced,
    /// This budget does not hold it. Nothing is set aside.
    Over(BudgetSubject, Period),
    /// The answer is not this server's any more. Nothing is set aside.
    Lost,
}

statements! {
    /// Changes nothing, and makes all reservations of a person wait for each other.
    LOCK on "budgets" = "UPDATE budgets SET reserved = reserved WHERE user_id = $1 AND subject = 'account'";
    FIND on "budgets" =
        "SELECT subject, day_limit, month_limit, day_start, day_used, month_start, month_used, reserved
           FROM budgets WHERE user_id = $1 AND (subject = $2 OR subject = $3)";
    RESERVE on "budgets" =
        "UPDATE budgets SET reserved = reserved + $4
          WHERE user_id = $1 AND (subject = $2 OR subject = $3)
            AND (day_limit IS NULL
                 OR CASE WHEN day_start >= $5 THEN day_used ELSE 0 END + reserved + $4 <= day_limit)
            AND (month_limit IS NULL
                 OR CASE WHEN month_start >= $6 THEN month_used ELSE 0 END + reserved + $4 <= month_limit)";
    NOTE on "reservations" =
        "INSERT INTO reservations (message_id, user_id, subject, amount)
         SELECT g.message_id, b.user_id, b.subject, $5
           FROM generations g JOIN budgets b ON b.user_id = g.user_id
          WHERE g.user_id = $1 AND (b.subject = $2 OR b.subject = $3) AND g.message_id = $4 AND g.owner = $6
         ON CONFLICT (message_id, subject) DO UPDATE SET amount = reservations.amount + excluded.amount";
}

impl Store {
    /// Sets an amount aside in all budgets that a call concerns, or in none of them.
    pub async fn reserve(&self, wanted: &Reservation) -> Result<Reserved, StoreError> {
        let mut tx = self.db.begin().await?;
        if wanted.key.is_none() {
            let day = wanted.platform_day;
            if day.is_some() {
                limits::open(&mut tx, wanted.user, BudgetSubject::Platform, wanted.now).await?;
            }
            let limits = BudgetLimits { day, month: None };
            limits::limit(&mut tx, wanted.user, BudgetSubject::Platform, limits).await?;
        }
        if tx.execute(&LOCK, values![wanted.user]).await? == 0 {
            return Ok(Reserved::Free);
        }
        let subjects = match wanted.key {
            Some(key) => {
                let key = succession::in_charge(&mut tx, wanted.user, wanted.message, key).await?;
                [BudgetSubject::Account, BudgetSubject::Key(key)]
            }
            None => [BudgetSubject::Platform; 2],
        };
        let outcome = hold(&mut tx, wanted, subjects).await?;
        if outcome == Reserved::Held {
            tx.commit().await?;
        }
        Ok(outcome)
    }
}

async fn hold(
    tx: &mut Tx,
    wanted: &Reservation,
    subjects: [BudgetSubject; 2],
) -> Result<Reserved, StoreError> {
    let words = subjects.map(|subject| subject.to_string());
    let rows = tx.all(&FIND, values![wanted.user, &words[0], &words[1]]).await?;
    let budgets: Vec<BudgetRecord> = rows.iter().map(BudgetRecord::of).collect::<Result<_, _>>()?;
    if budgets
        .iter()
        .all(|budget| budget.limits == BudgetLimits::default())
    {
        return Ok(Reserved::Free);
    }
    let Some(amount) = wanted.amount else {
        return Ok(Reserved::Unpriced);
    };
    let (day, month) = (Period::Day.start(wanted.now), Period::Month.start(wanted.now));
    let update = values![wanted.user, &words[0], &words[1], amount.0, day, month];
    let held = tx.execute(&RESERVE, update).await?;
    if usize::try_from(held) != Ok(budgets.len()) {
        let over = budgets.iter().find_map(|budget| over(budget, amount, wanted.now));
        let (subject, period) = over.unwrap_or((BudgetSubject::Account, Period::Day));
        return Ok(Reserved::Over(subject, period));
    }
    let note = values![
        wanted.user,
        &words[0],
        &words[1],
        wanted.message,
        amount.0,
        &wanted.owner
    ];
    let noted = tx.execute(&NOTE, note).await?;
    Ok(if noted == held {
        Reserved::Held
    } else {
        Reserved::Lost
    })
}

/// The period whose limit does not hold the amount.
fn over(budget: &BudgetRecord, amount: NanoDollars, now: Millis) -> Option<(BudgetSubject, Period)> {
    [Period::Day, Period::Month]
        .into_iter()
        .find(|period| {
            budget.allowance(*period, now).is_some_and(|allowance| {
                allowance.used.0 + allowance.reserved.0 + amount.0 > allowance.limit.0
            })
        })
        .map(|period| (budget.subject, period))
}
