//! The use cases of budgets: what a person's keys may spend by day and month, and the words for when they may not.
//! It refuses to count: the store does, in the transactions that spend.

use marshmallow_core::{
    Allowance, AuditAction, BudgetSubject, BudgetSummary, CredentialLabel, ErrorCode, KeyId, Millis,
    NanoDollars, Period, PublicError, UserId,
};
use marshmallow_store::{AuditEntry, BudgetLimits, BudgetRecord};

use crate::{Base, ServiceError};

/// The use cases of budgets.
pub struct Budgets {
    base: Base,
}

impl Budgets {
    pub(crate) fn new(base: Base) -> Self {
        Self { base }
    }

    /// The person's budgets: of all their keys together, of single keys, and what the platform grants them. Those
    /// without a limit are left out.
    pub async fn list(&self, user: UserId) -> Result<Vec<BudgetSummary>, ServiceError> {
        summaries(&self.base, user, self.base.clock.now()).await
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
        let subject = BudgetSubject::of(key);
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

/// A person's budgets that have a limit.
pub(crate) async fn summaries(
    base: &Base,
    user: UserId,
    now: Millis,
) -> Result<Vec<BudgetSummary>, ServiceError> {
    let records = base.store.budgets(user).await?;
    let (of_platform, own): (Vec<_>, Vec<_>) = records
        .into_iter()
        .partition(|record| record.subject == BudgetSubject::Platform);
    let own = own.iter().map(|record| BudgetSummary {
        subject: record.subject,
        day: record.allowance(Period::Day, now),
        month: record.allowance(Period::Month, now),
    });
    let platform = BudgetSummary {
        subject: BudgetSubject::Platform,
        day: granted(base, user, of_platform.first(), now).await?,
        month: None,
    };
    Ok(own
        .chain([platform])
        .filter(|budget| budget.day.is_some() || budget.month.is_some())
        .collect())
}

/// What the platform grants a person today, and what it has paid of it; none where it has no key, or no bound. Its row
/// begins with the first answer under a bound, so before that the answers themselves are counted.
async fn granted(
    base: &Base,
    user: UserId,
    record: Option<&BudgetRecord>,
    now: Millis,
) -> Result<Option<Allowance>, ServiceError> {
    let grant = base.store.platform_terms().await?.grant;
    let Some(limit) = grant.filter(|_| !base.config.platform.is_empty()) else {
        return Ok(None);
    };
    let day = Period::Day;
    if let Some(record) = record {
        return Ok(Some(record.against(limit, day, now)));
    }
    Ok(Some(Allowance {
        limit,
        used: base.store.paid_by_platform(user, day.start(now)).await?,
        reserved: NanoDollars(0),
    }))
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
