//! Budgets: what may be spent by day and by month, both in UTC, and how much of it is left. Pure.
//! They count what keys spend; who pays how for what is known elsewhere.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{IdParseError, KeyId, Millis, NanoDollars};

const DAY_MS: i64 = 86_400_000;

/// A stretch of time that a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// A month of the calendar.
    Month,
}

impl Period {
    /// The first moment of the period that holds `now`.
    pub fn start(self, now: Millis) -> Millis {
        let day = now.0.div_euclid(DAY_MS);
        match self {
            Period::Day => Millis(day * DAY_MS),
            Period::Month => Millis((day - day_of_month(day)) * DAY_MS),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Period::Day => "day",
            Period::Month => "month",
        })
    }
}

/// The day within its month, from 0, of a day counted from 1970-01-01. The calendar is reckoned in years that begin
/// in March, so that the leap day comes last, and repeats every 400 years.
fn day_of_month(day: i64) -> i64 {
    let of_era = (day + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    of_year - (153 * month + 2) / 5
}

/// How much of a limit is spent and set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// What may be spent in the period.
    pub limit: NanoDollars,
    /// What has been spent in it.
    pub used: NanoDollars,
    /// What running answers may still cost at the worst.
    pub reserved: NanoDollars,
}

impl Allowance {
    /// Whether four fifths of the limit are spent. What is set aside comes back for the most part, and does not count.
    pub fn is_nearly_used_up(self) -> bool {
        i128::from(self.used.0) * 5 >= i128::from(self.limit.0) * 4
    }

    /// Whether all of the limit is spent.
    pub fn is_used_up(self) -> bool {
        self.used >= self.limit
    }

    /// The share of the limit that is spent or set aside: 0 is nothing, 1 is all.
    pub fn share(self) -> f64 {
        let taken = self.used.0.saturating_add(self.reserved.0).max(0);
        if self.limit.0 <= 0 {
            return 1.0;
        }
        // A share is for a bar; the last digits do not show.
        taken as f64 / self.limit.0 as f64
    }
}

/// What a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetSubject {
    /// All of a person's own keys together.
    Account,
    /// One of their keys.
    Key(KeyId),
    /// What the platform pays for them.
    Platform,
}

impl BudgetSubject {
    /// The budget of a key, or of all keys together where there is none.
    pub fn of(key: Option<KeyId>) -> Self {
        key.map_or(BudgetSubject::Account, BudgetSubject::Key)
    }
}

/// The word stored in the database.
impl fmt::Display for BudgetSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BudgetSubject::Account => f.write_str("account"),
            BudgetSubject::Platform => f.write_str("platform"),
            BudgetSubject::Key(id) => write!(f, "{id}"),
        }
    }
}

impl FromStr for BudgetSubject {
    type Err = IdParseError;

    fn from_str(word: &str) -> Result<Self, IdParseError> {
        match word {
            "account" => Ok(BudgetSubject::Account),
            "platform" => Ok(BudgetSubject::Platform),
            id => id.parse().map(BudgetSubject::Key),
        }
    }
}

/// The limits of a budget with what is spent of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetSummary {
    /// What it is for.
    pub subject: BudgetSubject,
    /// The day's limit, if there is one.
    pub day: Option<Allowance>,
    /// The month's limit, if there is one.
    pub month: Option<Allowance>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_at_midnight_utc_and_on_the_first() {
        let cases = [
            // 2026-11-23T21:04:05.678Z
            (1_795_467_845_678, 1_795_392_000_000, 1_793_491_200_000),
            // 1970-01-01
            (0, 0, 0),
            // 2024-02-29T23:59:59.999Z and 2024-03-01T00:00:00Z
            (1_709_251_199_999, 1_709_164_800_000, 1_706_745_600_000),
            (1_709_251_200_000, 1_709_251_200_000, 1_709_251_200_000),
            // 2000-12-31, 2001-01-01
            (978_220_800_000, 978_220_800_000, 975_628_800_000),
            (978_307_200_000, 978_307_200_000, 978_307_200_000),
        ];
        for (now, day, month) in cases {
            assert_eq!(Period::Day.start(Millis(now)), Millis(day), "{now}");
            assert_eq!(Period::Month.start(Millis(now)), Millis(month), "{now}");
        }
    }

    #[test]
    fn a_share_counts_what_is_set_aside_and_a_limit_of_nothing_is_full() {
        let allowance = |limit, used, reserved| Allowance {
            limit: NanoDollars(limit),
            used: NanoDollars(used),
            reserved: NanoDollars(reserved),
        };
        assert!((allowance(10, 2, 3).share() - 0.5).abs() < 1e-9);
        assert!((allowance(0, 0, 0).share() - 1.0).abs() < 1e-9);
    }
}
