//! What a person may spend, by key and altogether: the limits, what is spent of them, and what is set aside.
//! Amounts are nano-dollars. It refuses to price anything and to know what a call is.

pub(crate) mod limits;
pub(crate) mod reserve;
pub(crate) mod settle;
pub(crate) mod succession;

use marshmallow_core::{Allowance, KeyId, Millis, NanoDollars, Period};

pub use self::{
    limits::BudgetLimits,
    reserve::{Reservation, Reserved},
};
use crate::{StoreError, db::Row};

/// What a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetSubject {
    /// All of a person's own keys together.
    Account,
    /// One of their keys.
    Key(KeyId),
    /// What the platform pays for them.
    Platform,
}

impl BudgetSubject {
    fn word(self) -> String {
        match self {
            BudgetSubject::Account => "account".to_owned(),
            BudgetSubject::Platform => "platform".to_owned(),
            BudgetSubject::Key(id) => id.to_string(),
        }
    }

    fn of(row: &Row) -> Result<Self, StoreError> {
        match row.text("subject")?.as_str() {
            "account" => Ok(BudgetSubject::Account),
            "platform" => Ok(BudgetSubject::Platform),
            _ => row.parsed("subject").map(BudgetSubject::Key),
        }
    }
}

/// A stored budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetRecord {
    /// What it is for.
    pub subject: BudgetSubject,
    /// Its limits.
    pub limits: BudgetLimits,
    /// What is set aside for running answers.
    pub reserved: NanoDollars,
    day: (Millis, NanoDollars),
    month: (Millis, NanoDollars),
}

impl BudgetRecord {
    /// The limit of a period with what is spent of it; none where there is no limit.
    pub fn allowance(&self, period: Period, now: Millis) -> Option<Allowance> {
        let (limit, (start, used)) = match period {
            Period::Day => (self.limits.day, self.day),
            Period::Month => (self.limits.month, self.month),
        };
        limit.map(|limit| Allowance {
            limit,
            used: if start >= period.start(now) {
                used
            } else {
                NanoDollars(0)
            },
            reserved: self.reserved,
        })
    }

    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            subject: BudgetSubject::of(row)?,
            limits: BudgetLimits {
                day: row.optional_number("day_limit")?.map(NanoDollars),
                month: row.optional_number("month_limit")?.map(NanoDollars),
            },
            reserved: row.int("reserved").map(NanoDollars)?,
            day: (row.millis("day_start")?, row.int("day_used").map(NanoDollars)?),
            month: (
                row.millis("month_start")?,
                row.int("month_used").map(NanoDollars)?,
            ),
        })
    }
}
