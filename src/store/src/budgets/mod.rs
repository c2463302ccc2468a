//! What a person may spend, by key and altogether: the limits, what is spent of them, and what is set aside.
//! Amounts are nano-dollars. It refuses to price anything and to know what a call is.

pub(crate) mod limits;
pub(crate) mod reserve;
pub(crate) mod settle;
pub(crate) mod succession;

use marshmallow_core::{Allowance, BudgetSubject, Millis, NanoDollars, Period};

pub use self::{
    limits::BudgetLimits,
    reserve::{Reservation, Reserved},
};
use crate::{StoreError, db::Row};

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
        let limit = match period {
            Period::Day => self.limits.day,
            Period::Month => self.limits.month,
        };
        limit.map(|limit| self.against(limit, period, now))
    }

    /// What is spent in a period, against a limit that stands elsewhere.
    pub fn against(&self, limit: NanoDollars, period: Period, now: Millis) -> Allowance {
        let (start, used) = match period {
            Period::Day => self.day,
            Period::Month => self.month,
        };
        Allowance {
            limit,
            used: if start >= period.start(now) {
                used
            } else {
                NanoDollars(0)
            },
            reserved: self.reserved,
        }
    }

    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            subject: row.parsed("subject")?,
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
