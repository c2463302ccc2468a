//! What answers used and cost, one row an answer. Written by `turns` when an answer ends; outlives message and key.
//! It refuses to price anything: an unknown cost is stored as unknown.

use marshmallow_core::{
    CredentialKind, KeyId, MessageId, MessageStatus, Millis, NanoDollars, Provider, Usage, UserId,
};

use crate::{
    Store, StoreError,
    db::{Row, Tx, statements, values},
};

/// What one answer used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// The stored key that served; none for the platform's.
    pub key: Option<KeyId>,
    /// Whose credential it was.
    pub credential: CredentialKind,
    /// The provider that was called.
    pub provider: Provider,
    /// The model that was asked for.
    pub model: String,
    /// Tokens.
    pub usage: Usage,
    /// What it cost; none where the price is unknown.
    pub cost: Option<NanoDollars>,
    /// Whether token counts were estimated.
    pub is_estimated: bool,
    /// Milliseconds to the first piece of text.
    pub ttft_ms: Option<u32>,
    /// Milliseconds to the end.
    pub duration_ms: u32,
    /// How the answer ended.
    pub outcome: MessageStatus,
    /// Why the first choice of credential did not serve: a diagnosis' word.
    pub fallback_reason: Option<String>,
    /// When the answer ended.
    pub created_at: Millis,
}

/// A stored row with the answer that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// The answer, which may have been deleted since.
    pub message: MessageId,
    /// What it used.
    pub row: UsageRow,
}

statements! {
    INSERT on "usage" =
        "INSERT INTO usage (message_id, user_id, key_id, credential, provider, model, input_tokens,
                cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano, is_estimated,
                ttft_ms, duration_ms, outcome, fallback_reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    LIST on "usage" =
        "SELECT message_id, key_id, credential, provider, model, input_tokens, cached_input_tokens,
                cache_write_tokens, output_tokens, reasoning_tokens, cost_nano, is_estimated, ttft_ms, duration_ms,
                outcome, fallback_reason, created_at
           FROM usage WHERE user_id = $1 AND created_at >= $2 ORDER BY created_at, message_id";
    PAID_BY_PLATFORM on "usage" =
        "SELECT CAST(COALESCE(SUM(cost_nano), 0) AS BIGINT) AS paid
           FROM usage WHERE user_id = $1 AND credential = 'platform' AND created_at >= $2";
}

/// Writes a row as a part of the transaction that ends the answer.
pub(crate) async fn write(
    tx: &mut Tx,
    user: UserId,
    message: MessageId,
    row: &UsageRow,
) -> Result<(), StoreError> {
    let values = values![
        message,
        user,
        row.key,
        row.credential.slug(),
        row.provider.slug(),
        &row.model,
        row.usage.input,
        row.usage.cached_input,
        row.usage.cache_write,
        row.usage.output,
        row.usage.reasoning,
        row.cost,
        row.is_estimated,
        row.ttft_ms,
        row.duration_ms,
        row.outcome.slug(),
        &row.fallback_reason,
        row.created_at,
    ];
    tx.execute(&INSERT, values).await?;
    Ok(())
}

impl Store {
    /// What a person's answers used from `since` on, oldest first.
    pub async fn usage_of(&self, user: UserId, since: Millis) -> Result<Vec<UsageRecord>, StoreError> {
        let rows = self.db.all(&LIST, values![user, since]).await?;
        rows.iter().map(usage_of).collect()
    }

    /// What the platform paid for a person from `since` on, as far as prices are known.
    pub async fn paid_by_platform(&self, user: UserId, since: Millis) -> Result<NanoDollars, StoreError> {
        let row = self.db.optional(&PAID_BY_PLATFORM, values![user, since]).await?;
        row.map_or(Ok(0), |row| row.int("paid")).map(NanoDollars)
    }
}

fn usage_of(row: &Row) -> Result<UsageRecord, StoreError> {
    let credential = row.text("credential")?;
    let credential = [
        CredentialKind::Own,
        CredentialKind::OpenRouter,
        CredentialKind::Platform,
    ]
    .into_iter()
    .find(|known| known.slug() == credential)
    .ok_or_else(|| row.inconsistent("credential"))?;
    let usage = Usage {
        input: row.number("input_tokens")?,
        cached_input: row.number("cached_input_tokens")?,
        cache_write: row.number("cache_write_tokens")?,
        output: row.number("output_tokens")?,
        reasoning: row.number("reasoning_tokens")?,
    };
    Ok(UsageRecord {
        message: row.parsed("message_id")?,
        row: UsageRow {
            key: row.optional_parsed("key_id")?,
            credential,
            provider: Provider::from_slug(&row.text("provider")?)
                .ok_or_else(|| row.inconsistent("provider"))?,
            model: row.text("model")?,
            usage,
            cost: row.optional_number("cost_nano")?.map(NanoDollars),
            is_estimated: row.flag("is_estimated")?,
            ttft_ms: row.optional_number("ttft_ms")?,
            duration_ms: row.number("duration_ms")?,
            outcome: MessageStatus::from_slug(&row.text("outcome")?),
            fallback_reason: row.optional_text("fallback_reason")?,
            created_at: row.millis("created_at")?,
        },
    })
}
