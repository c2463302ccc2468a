//! What needs a person's attention. A notice is no message: it follows from what is stored at a moment and is gone as
//! soon as its cause is.
//! It refuses to choose words, and to know who reads.

mod age;
mod derive;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::{age::KeyAge, derive::derive_notices};
use crate::{Allowance, BudgetSubject, Finding, KeyId, Millis, NanoDollars, Period, Provider};

/// How soon somebody has to act, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Something does not work.
    Now,
    /// Something will not work before long.
    Soon,
    /// It is wise to.
    Sometime,
}

/// The key that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticedKey {
    /// Its id.
    pub id: KeyId,
    /// Whose it is a key of.
    pub provider: Provider,
    /// The owner's name for it; may be empty.
    pub label: String,
    /// Its last four characters.
    pub last_four: String,
}

/// Why there is a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum NoticeCause {
    /// The key cannot serve, and no waiting helps.
    Unusable {
        /// What was found.
        finding: Finding,
        /// Since when this is known; none where nobody wrote it down.
        since: Option<Millis>,
    },
    /// The key's time, as its owner limited it, is nearly over.
    Expires {
        /// When it ends.
        at: Millis,
    },
    /// Little is left to spend at the provider, by its own word.
    CreditLow {
        /// What is left.
        left: NanoDollars,
    },
    /// A budget is nearly or wholly spent.
    Budget {
        /// Whose.
        subject: BudgetSubject,
        /// In which period.
        period: Period,
        /// The limit, and what is spent of it.
        allowance: Allowance,
    },
    /// The key is as old as its owner wants a key to become.
    Old {
        /// When it was stored.
        since: Millis,
    },
}

/// Something that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The same as long as it is the same cause, no worse than before.
    pub id: String,
    /// The key that it is about; none where it is about all of them, or about the platform.
    pub key: Option<NoticedKey>,
    /// Why it is there.
    pub cause: NoticeCause,
}

impl Notice {
    /// How soon somebody has to act.
    pub fn urgency(&self) -> Urgency {
        match self.cause {
            NoticeCause::Unusable { .. } => Urgency::Now,
            NoticeCause::Budget { allowance, .. } if allowance.is_used_up() => Urgency::Now,
            NoticeCause::Budget { .. } | NoticeCause::CreditLow { .. } | NoticeCause::Expires { .. } => {
                Urgency::Soon
            }
            NoticeCause::Old { .. } => Urgency::Sometime,
        }
    }
}

/// All that a person is told of notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeBoard {
    /// What needs attention and was not put away, the most urgent first.
    pub notices: Vec<Notice>,
    /// From which age on a key is noticed.
    pub key_age: KeyAge,
}
