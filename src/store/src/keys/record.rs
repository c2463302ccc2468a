//! A provider key on its way in and out of its row. It knows columns and no statement.

use marshmallow_core::{EndpointName, Former, KeyId, KeyStatus, Millis, NanoDollars, Provider, Rest, UserId};

use crate::{
    StoreError,
    db::{Row, Value, values},
};

/// What the vault made of a key: ciphertext, wrapped data key, and what it takes to open them.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// The provider key, sealed under its DEK, with the tag.
    pub key_cipher: Vec<u8>,
    /// The nonce of `key_cipher`.
    pub iv: [u8; 12],
    /// The DEK, wrapped under the person's KEK, with the tag.
    pub wrapped_dek: Vec<u8>,
    /// The nonce of `wrapped_dek`.
    pub dek_iv: [u8; 12],
    /// Which root secret the KEK comes from.
    pub kek_id: String,
    /// The version of the sealing.
    pub format: u32,
}

/// A key to be stored. It starts switched on.
pub struct NewKey {
    /// Its id.
    pub id: KeyId,
    /// Its owner.
    pub user: UserId,
    /// Whose key it is.
    pub provider: Provider,
    /// The word before the slash of the models that it serves.
    pub endpoint: EndpointName,
    /// The only address to which it is ever sent.
    pub base_url: String,
    /// The owner's name for it.
    pub label: String,
    /// Its last four characters.
    pub last_four: String,
    /// The key itself.
    pub sealed: SealedKey,
    /// Its fingerprint, a keyed hash that finds duplicates.
    pub key_hash: [u8; 32],
    /// What its first check said.
    pub status: KeyStatus,
    /// The models that the endpoint listed, as JSON.
    pub models: Option<String>,
    /// The present moment.
    pub created_at: Millis,
    /// When it was checked.
    pub last_validated: Option<Millis>,
    /// When its life ends, by its owner's limit; none for never.
    pub expires_at: Option<Millis>,
    /// When it is due for its next check.
    pub next_check: Millis,
    /// 1 where its first check failed without proving anything, else 0.
    pub check_failures: u32,
    /// What is left to spend, where its provider tells.
    pub credit_left: Option<NanoDollars>,
}

/// A stored key, without what is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id.
    pub id: KeyId,
    /// Whose key it is.
    pub provider: Provider,
    /// The word before the slash of the models that it serves.
    pub endpoint: EndpointName,
    /// The only address to which it is ever sent.
    pub base_url: String,
    /// The owner's name for it.
    pub label: String,
    /// Its last four characters.
    pub last_four: String,
    /// Whether turns may use it, by the owner's switch.
    pub is_active: bool,
    /// What the last check said.
    pub status: KeyStatus,
    /// The models that the endpoint listed, as JSON.
    pub models: Option<String>,
    /// When it was stored.
    pub created_at: Millis,
    /// When a turn last used it.
    pub last_used: Option<Millis>,
    /// When it was last checked.
    pub last_validated: Option<Millis>,
    /// Failed calls in a row, rate limits left out.
    pub failures: u32,
    /// Its last pause, which may be over.
    pub rest: Option<Rest>,
    /// When its life ends, by its owner's limit; none for never.
    pub expires_at: Option<Millis>,
    /// When it is due for its next check.
    pub next_check: Millis,
    /// Checks in a row that failed without proving anything.
    pub check_failures: u32,
    /// What was left to spend at the last check, where its provider tells.
    pub credit_left: Option<NanoDollars>,
    /// Since when its status is what it is; none where nobody wrote it down.
    pub status_since: Option<Millis>,
    /// The key that took its place, and when, if one did: then it serves no turn.
    pub replaced: Option<(KeyId, Millis)>,
    /// The key whose place it took, once that one is dead.
    pub former: Option<Former>,
}

impl KeyRecord {
    /// Whether its life, by its owner's limit, is over.
    pub fn is_over(&self, now: Millis) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

impl NewKey {
    /// Its columns, in the order of the statement that inserts it.
    pub(super) fn values(&self) -> Vec<Value> {
        values![
            self.id,
            self.user,
            self.provider.slug(),
            self.endpoint.as_str(),
            &self.base_url,
            &self.label,
            &self.last_four,
            self.sealed.key_cipher.as_slice(),
            &self.sealed.iv,
            self.sealed.wrapped_dek.as_slice(),
            &self.sealed.dek_iv,
            &self.sealed.kek_id,
            self.sealed.format,
            &self.key_hash,
            self.status.slug(),
            &self.models,
            self.created_at,
            self.last_validated,
            self.expires_at,
            self.next_check,
            self.check_failures,
            self.credit_left,
        ]
    }
}

pub(super) fn key_of(row: &Row) -> Result<KeyRecord, StoreError> {
    Ok(KeyRecord {
        id: row.parsed("id")?,
        provider: Provider::from_slug(&row.text("provider")?).ok_or_else(|| row.inconsistent("provider"))?,
        endpoint: row.parsed("endpoint")?,
        base_url: row.text("base_url")?,
        label: row.text("label")?,
        last_four: row.text("last_four")?,
        is_active: row.flag("is_active")?,
        status: KeyStatus::from_slug(&row.text("validation_status")?),
        models: row.optional_text("models")?,
        created_at: row.millis("created_at")?,
        last_used: row.optional_millis("last_used")?,
        last_validated: row.optional_millis("last_validated")?,
        failures: row.number("failures")?,
        rest: rest_of(row)?,
        expires_at: row.optional_millis("expires_at")?,
        next_check: row.millis("next_check")?,
        check_failures: row.number("check_failures")?,
        credit_left: row.optional_number("credit_left")?.map(NanoDollars),
        status_since: row.optional_millis("status_since")?,
        replaced: row
            .optional_parsed("replaced_by")?
            .zip(row.optional_millis("replaced_at")?),
        former: row
            .optional_text("former_last_four")?
            .zip(row.optional_millis("former_dead_at")?)
            .map(|(last_four, dead_at)| Former { last_four, dead_at }),
    })
}

fn rest_of(row: &Row) -> Result<Option<Rest>, StoreError> {
    let until = row.optional_millis("rest_until")?;
    // A word that another version wrote and this one does not know ends the rest.
    let because = row
        .optional_text("rest_because")?
        .and_then(|word| word.parse().ok());
    Ok(until.zip(because).map(|(until, because)| Rest { until, because }))
}

pub(crate) fn sealed_of(row: &Row) -> Result<SealedKey, StoreError> {
    Ok(SealedKey {
        key_cipher: row.bytes("key_cipher")?,
        iv: row.array("iv")?,
        wrapped_dek: row.bytes("wrapped_dek")?,
        dek_iv: row.array("dek_iv")?,
        kek_id: row.text("kek_id")?,
        format: row.number("format")?,
    })
}
