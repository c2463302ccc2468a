//! The use cases of fallback rules: what happens when own keys cannot serve, by each person and by the administrator.
//! It refuses to apply them: turns do.

use marshmallow_core::{
    AuditAction, FallbackPolicy, FallbackRule, FallbackSettings, PlatformTerms, PublicError, UserId,
};
use marshmallow_store::AuditEntry;

use crate::{Base, ServiceError, budgets::amount};

/// The use cases of fallback rules.
pub struct FallbackRules {
    base: Base,
}

impl FallbackRules {
    pub(crate) fn new(base: Base) -> Self {
        Self { base }
    }

    /// The rule in force for a person.
    pub async fn settings(&self, user: UserId) -> Result<FallbackSettings, ServiceError> {
        in_force(&self.base, user).await
    }

    /// Sets a person's rule; `day` are dollars as they were typed, or nothing for no bound.
    pub async fn set_rule(
        &self,
        user: UserId,
        policy: &str,
        day: &str,
    ) -> Result<FallbackSettings, ServiceError> {
        let rule = rule(policy, day)?;
        let entry = self.entry(user, AuditAction::FallbackChosen, rule);
        self.base.store.set_fallback_rule(user, rule, &entry).await?;
        self.settings(user).await
    }

    /// The terms for everybody.
    pub async fn terms(&self) -> Result<PlatformTerms, ServiceError> {
        Ok(self.base.store.platform_terms().await?)
    }

    /// Sets the terms for everybody, in the name of `administrator`, whom the caller has checked.
    pub async fn set_terms(
        &self,
        administrator: UserId,
        policy: &str,
        day: &str,
        grant: &str,
    ) -> Result<PlatformTerms, ServiceError> {
        let terms = PlatformTerms {
            rule: rule(policy, day)?,
            grant: amount(grant)?,
        };
        let entry = self.entry(administrator, AuditAction::PlatformTermsSet, terms);
        self.base.store.set_platform_terms(terms, &entry).await?;
        self.terms().await
    }

    fn entry(&self, user: UserId, action: AuditAction, detail: impl serde::Serialize) -> AuditEntry {
        AuditEntry {
            at: self.base.clock.now(),
            user: Some(user),
            action,
            subject: None,
            detail: serde_json::to_string(&detail).unwrap_or_else(|_| "{}".to_owned()),
        }
    }
}

/// The rule in force for a person, with what the platform grants them.
pub(crate) async fn in_force(base: &Base, user: UserId) -> Result<FallbackSettings, ServiceError> {
    let terms = base.store.platform_terms().await?;
    let own = base.store.fallback_rule(user).await?;
    Ok(FallbackSettings {
        rule: own.unwrap_or(terms.rule),
        is_own: own.is_some(),
        grant: terms.grant,
    })
}

fn rule(policy: &str, day: &str) -> Result<FallbackRule, PublicError> {
    let policy = FallbackPolicy::from_slug(policy)
        .ok_or_else(|| PublicError::invalid("This is no rule.", "Choose one of the list."))?;
    let day = amount(day)?.filter(|_| policy == FallbackPolicy::Automatic);
    Ok(FallbackRule { policy, day })
}
