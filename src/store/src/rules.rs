//! Who may pay when own keys cannot: each person's rule, and the administrator's terms. It applies neither.

use marshmallow_core::{FallbackPolicy, FallbackRule, NanoDollars, PlatformTerms, UserId};

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{Row, statements, values},
};

statements! {
    RULE on "fallback_rules" = "SELECT policy, day_limit FROM fallback_rules WHERE user_id = $1";
    SET_RULE on "fallback_rules" =
        "INSERT INTO fallback_rules (user_id, policy, day_limit) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET policy = excluded.policy, day_limit = excluded.day_limit";
    TERMS on "platform_terms" = "SELECT policy, day_limit, grant_day FROM platform_terms WHERE id = 1";
    SET_TERMS on "platform_terms" =
        "UPDATE platform_terms SET policy = $1, day_limit = $2, grant_day = $3 WHERE id = 1";
}

impl Store {
    /// A person's rule, if they set one.
    pub async fn fallback_rule(&self, user: UserId) -> Result<Option<FallbackRule>, StoreError> {
        let row = self.db.optional(&RULE, values![user]).await?;
        row.as_ref().map(rule_of).transpose()
    }

    /// Sets a person's rule.
    pub async fn set_fallback_rule(
        &self,
        user: UserId,
        rule: FallbackRule,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&SET_RULE, values![user, rule.policy.slug(), rule.day])
            .await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await
    }

    /// The administrator's terms.
    pub async fn platform_terms(&self) -> Result<PlatformTerms, StoreError> {
        let row = self.db.optional(&TERMS, values![]).await?;
        let row = row.ok_or(StoreError::Inconsistent {
            table: "platform_terms",
            column: "id",
        })?;
        Ok(PlatformTerms {
            rule: rule_of(&row)?,
            grant: row.optional_number("grant_day")?.map(NanoDollars),
        })
    }

    /// Sets the administrator's terms.
    pub async fn set_platform_terms(
        &self,
        terms: PlatformTerms,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let values = values![terms.rule.policy.slug(), terms.rule.day, terms.grant];
        tx.execute(&SET_TERMS, values).await?;
        audit::write(&mut tx, entry).await?;
        tx.commit().await
    }
}

fn rule_of(row: &Row) -> Result<FallbackRule, StoreError> {
    Ok(FallbackRule {
        policy: FallbackPolicy::from_slug(&row.text("policy")?).ok_or_else(|| row.inconsistent("policy"))?,
        day: row.optional_number("day_limit")?.map(NanoDollars),
    })
}
