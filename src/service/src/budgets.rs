//! The use cases of budgets: what a person's keys may spend by day and month, and the words for when they may not.
//! It refuses to count: the store does, in the transactions that spend.

use marshmallow_core::{
    AuditAction, BudgetSummary, CredentialLabel, ErrorCode, KeyId, Millis, NanoDollars, Period, PublicError,
    UserId,
};
use marshmallow_store::{AuditEntry, BudgetLimits, BudgetRecord, BudgetSubject};

use crate::{Base, ServiceError};

/// The use cases of budgets.
pub struct Budgets {
    base: Base,
}

impl Budgets {
    pub(crate) fn new(base: Base) -> Self {
        Self { base }
    }

    /// The person's budgets: of all their keys together, and of single keys. Those without a limit are left out.
    pub async fn list(&self, user: UserId) -> Result<Vec<BudgetSummary>, ServiceError> {
        let now = self.base.clock.now();
        let budgets = self.base.store.budgets(user).await?;
        Ok(budgets
            .iter()
            .filter_map(|budget| summary(budget, now))
            .filter(|budget| budget.day.is_some() || budget.month.is_some())
            .collect())
    }

    /// Sets what a key, or without one all keys together, may spend: dollars as they were typed, or nothing for no
    /// limit. Gives all budgets back.
    pub async fn set(
        &self,
        user: UserId,
        key: Option<KeyId>,
        day: &str,
        month: &str,
    ) -> Result<Vec<BudgetSummary>, ServiceError> {
        let limits = BudgetLimits {
            day: amount(day)?,
            month: amount(month)?,
        };
        let now = self.base.clock.now();
        let entry = AuditEntry {
            at: now,
            user: Some(user),
            action: AuditAction::BudgetSet,
            subject: key.map(|key| key.to_string()),
            detail: serde_json::json!({ "day": limits.day, "month": limits.month }).to_string(),
        };
        let subject = key.map_or(BudgetSubject::Account, BudgetSubject::Key);
        if !self
            .base
            .store
            .set_budget(user, subject, limits, now, &entry)
            .await?
        {
            return Err(PublicError::not_found("key").into());
        }
        self.list(user).await
    }
}

fn summary(budget: &BudgetRecord, now: Millis) -> Option<BudgetSummary> {
    let key = match budget.subject {
        BudgetSubject::Account => None,
        BudgetSubject::Key(id) => Some(id),
        BudgetSubject::Platform => return None,
    };
    Some(BudgetSummary {
        key,
        day: budget.allowance(Period::Day, now),
        month: budget.allowance(Period::Month, now),
    })
}

/// A typed amount; none where nothing was typed.
pub(crate) fn amount(typed: &str) -> Result<Option<NanoDollars>, PublicError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| {
        PublicError::invalid(
            "This is not an amount.",
            "Type dollars, such as 2.50, below a million; leave it empty for no limit.",
        )
    })
}

/// What a person reads when a budget does not hold a call.
pub(crate) fn over(subject: BudgetSubject, period: Period, label: &CredentialLabel) -> PublicError {
    let raise = "Raise it under Settings, API keys, choose a cheaper model";
    let (whose, instead) = match subject {
        BudgetSubject::Account => (format!("of your budget for this {period}"), raise),
        BudgetSubject::Key(_) => (
            format!("of this {period}'s budget of your key ··{}", label.last_four),
            raise,
        ),
        BudgetSubject::Platform => (
            format!("of what the platform may pay for you this {period}"),
            "Use a key of your own",
        ),
    };
    PublicError::new(
        ErrorCode::Budget,
        format!("This answer may cost more than is left {whose}."),
        format!("{instead}, or wait for the next {period} (UTC)."),
    )
}

/// What a person reads when an answer was stopped because a budget does not hold more of it.
pub(crate) fn stopped(mut refusal: PublicError) -> PublicError {
    refusal.message = format!("The answer was stopped here. {}", refusal.message);
    refusal
}

/// What a person reads when a budget cannot be kept because nobody knows the price.
pub(crate) fn unpriced(model: &str) -> PublicError {
    PublicError::new(
        ErrorCode::Budget,
        format!("The price of {model} is not known, so it cannot be kept within your budget."),
        "Choose a model with a known price, or remove the budget under Settings, API keys.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_no_limit_and_nonsense_is_refused() {
        assert_eq!(amount("  "), Ok(None));
        assert_eq!(amount("1.5"), Ok(Some(NanoDollars(1_500_000_000))));
        assert_eq!(amount("a lot").unwrap_err().code, ErrorCode::InvalidInput);
    }
}
