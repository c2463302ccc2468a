//! How long keys may be used: their owners' limits within the administrator's bound, and what is due when a bound is
//! lowered or a life ends. It opens no key; that a key that is over does not open, the keyring sees to.

use marshmallow_core::{
    AuditAction, AuditDetail, KeyId, KeyLife, KeySummary, Millis, PublicError, UserId, life_words,
};
use marshmallow_store::{AuditEntry, KeyRecord};

use super::{Keys, summary};
use crate::{ServiceError, audit::detail_of};

/// Keys that are cut or noted in one go.
const BATCH: usize = 100;

impl Keys {
    /// Gives a key another end of its life, which begins now. A key that is over is of use again.
    pub async fn set_life(&self, user: UserId, id: KeyId, life: KeyLife) -> Result<KeySummary, ServiceError> {
        let expires_at = self.end_of(life).await?;
        let record = self.in_use(user, id).await?;
        let entry = self.entry(user, AuditAction::KeyExpirySet, id, ending(&record, expires_at));
        if !self
            .base
            .store
            .set_key_expiry(user, id, expires_at, &entry)
            .await?
        {
            return Err(PublicError::not_found("key").into());
        }
        let (record, _) = self.found(user, id).await?;
        Ok(summary(record, self.base.clock.now()))
    }

    /// The longest life that anybody may give a key, in milliseconds; none for no bound.
    pub async fn longest_life(&self) -> Result<Option<i64>, ServiceError> {
        Ok(self.base.store.longest_key_life().await?)
    }

    /// Bounds the life of everybody's keys, in the name of `administrator`, whom the caller has checked. Keys that live
    /// longer are cut to the bound, from now on. `word` is one of the lives to choose from, or "never" for no bound.
    pub async fn set_longest_life(
        &self,
        administrator: UserId,
        word: &str,
    ) -> Result<Option<i64>, ServiceError> {
        let longest = match KeyLife::parse(word, "")? {
            KeyLife::For(millis) => Some(millis),
            KeyLife::Never => None,
            KeyLife::Longest | KeyLife::Until(_) => {
                return Err(
                    PublicError::invalid("This is no length of time.", "Choose one of the list.").into(),
                );
            }
        };
        let said = longest.map_or_else(|| "no bound".to_owned(), life_words);
        let entry = AuditEntry {
            at: self.base.clock.now(),
            user: Some(administrator),
            action: AuditAction::KeyLifeBounded,
            subject: None,
            detail: AuditDetail::saying(&said).to_json(),
        };
        self.base.store.set_longest_key_life(longest, &entry).await?;
        while self.cut_lives().await? == BATCH {}
        Ok(longest)
    }

    /// When a life that begins now ends, within the bound.
    pub(super) async fn end_of(&self, life: KeyLife) -> Result<Option<Millis>, ServiceError> {
        let longest = self.longest_life().await?;
        Ok(life.end(self.base.clock.now(), longest)?)
    }

    /// Cuts keys that live beyond the bound, which may have been lowered while they were given their life, and gives
    /// how many were found.
    pub(super) async fn cut_lives(&self) -> Result<usize, ServiceError> {
        let Some(longest) = self.longest_life().await? else {
            return Ok(0);
        };
        let store = &self.base.store;
        let last = self.base.clock.now().plus(longest);
        let beyond = store.keys_beyond(last, BATCH).await?;
        for (user, id) in &beyond {
            let Some((record, _)) = store.sealed_key(*user, *id).await? else {
                continue;
            };
            let entry = self.entry(*user, AuditAction::KeyExpirySet, *id, ending(&record, Some(last)));
            store.cut_key_life(*user, *id, last, &entry).await?;
        }
        Ok(beyond.len())
    }

    /// Notes the ends of lives that have passed, each once, whichever server is the first to see it.
    pub(super) async fn note_ends(&self) -> Result<(), ServiceError> {
        let store = &self.base.store;
        for (user, id) in store.ended_keys(self.base.clock.now(), BATCH).await? {
            let Some((record, _)) = store.sealed_key(user, id).await? else {
                continue;
            };
            let Some(ended) = record.expires_at else { continue };
            let entry = self.entry(user, AuditAction::KeyExpired, id, detail_of(&record, "lapsed"));
            store.note_key_end(user, id, ended, &entry).await?;
        }
        Ok(())
    }
}

/// What an entry says of a key's end: the day, or that there is none.
fn ending(record: &KeyRecord, expires_at: Option<Millis>) -> AuditDetail {
    let said = expires_at.map_or_else(
        || "never".to_owned(),
        |end| marshmallow_core::Calendar::of(end).iso(),
    );
    detail_of(record, &said)
}
