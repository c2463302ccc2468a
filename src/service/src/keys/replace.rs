//! Replacing a key by another one of the same provider and address, which takes over at once, and taking it back.
//! Nothing changes before the new key has passed the same check as any that is added.

use marshmallow_core::{
    ApiKey, ApiKeyError, AuditAction, ErrorCode, KeyId, KeyLife, LIMITS, Proof, ProviderCard, PublicError,
    UserId, next_watch,
};
use marshmallow_store::{KeyRecord, NewKey, ReplaceKeyError, Replacement, StoreError};

use super::{
    KeyPlace, Keys,
    add::{Checked, duplicate, too_many, unreadable},
};
use crate::{ServiceError, audit::detail_of};

impl Keys {
    /// Validates a key at the provider of `id` and puts it in that one's place. From then on no turn uses the old one;
    /// answers that are being written with it go on. Gives the cards as they are afterwards.
    pub async fn replace(
        &self,
        user: UserId,
        id: KeyId,
        typed: Result<ApiKey, ApiKeyError>,
    ) -> Result<Vec<ProviderCard>, ServiceError> {
        let key = typed.map_err(unreadable)?;
        let old = self.in_use(user, id).await?;
        let place = KeyPlace {
            provider: old.provider.slug().to_owned(),
            label: old.label.clone(),
            base_url: old.base_url.clone(),
            endpoint: old.endpoint.to_string(),
            ..KeyPlace::default()
        };
        let place = place.check(key.expose_secret(), &self.base.config)?;
        self.throttle.check(user)?;
        match self.stored_as(user, &place, &key).await? {
            Some(stored) if stored == id => return Err(the_same().into()),
            Some(_) => return Err(duplicate().into()),
            None => {}
        }
        // It lives as long as the old one, which the store sees to.
        let mut checked = self.checked(user, place, KeyLife::default(), &key).await?;
        let mut stored = self.put_in_place(&old, &checked).await;
        if let Err(ReplaceKeyError::Store(StoreError::RootReplaced)) = stored {
            self.seal_again(&mut checked.new, &key).await?;
            stored = self.put_in_place(&old, &checked).await;
        }
        stored.map_err(|error| match error {
            ReplaceKeyError::Duplicate => duplicate().into(),
            ReplaceKeyError::NotFound => gone().into(),
            ReplaceKeyError::TooMany => PublicError::new(
                ErrorCode::KeyRefused,
                format!("{} replaced keys are still being watched.", LIMITS.keys_per_user),
                "Remove one of them first.",
            )
            .into(),
            ReplaceKeyError::Store(inner) => ServiceError::from(inner),
        })?;
        self.cards(user).await
    }

    async fn put_in_place(&self, old: &KeyRecord, checked: &Checked) -> Result<(), ReplaceKeyError> {
        let Checked { new, report, entry } = checked;
        let NewKey { user, created_at, .. } = *new;
        // What the new key's check proved of the endpoint holds for the old key, too.
        let proof = match Proof::of(report.diagnosis) {
            Proof::Impossible => Proof::Impossible,
            _ => Proof::Nothing,
        };
        let said = format!("by \u{2026}{}", new.last_four);
        let replaced = self.entry(user, AuditAction::KeyReplaced, old.id, detail_of(old, &said));
        let wanted = Replacement {
            new,
            old: old.id,
            next_check: next_watch(created_at, created_at, proof),
            most: LIMITS.keys_per_user,
            entries: &[entry.clone(), replaced],
        };
        self.base.store.replace_key(&wanted).await
    }

    /// Takes a replaced key back into use, before the one that took its place, which stays. Gives the cards as they
    /// are afterwards.
    pub async fn take_back(&self, user: UserId, id: KeyId) -> Result<Vec<ProviderCard>, ServiceError> {
        let (record, _) = self.found(user, id).await?;
        let entry = self.entry(user, AuditAction::KeyTakenBack, id, detail_of(&record, ""));
        let now = self.base.clock.now();
        let taken = self
            .base
            .store
            .take_key_back(user, id, LIMITS.keys_per_user, now, &entry)
            .await;
        taken.map_err(|error| match error {
            ReplaceKeyError::TooMany => too_many(),
            ReplaceKeyError::NotFound | ReplaceKeyError::Duplicate => {
                PublicError::not_found("replaced key").into()
            }
            ReplaceKeyError::Store(inner) => ServiceError::from(inner),
        })?;
        self.cards(user).await
    }
}

fn the_same() -> PublicError {
    PublicError::new(
        ErrorCode::KeyDuplicate,
        "This is the key that you are replacing.",
        "Make a new key at the provider, and paste that one.",
    )
}

/// The old key went while the new one was being checked. The new one is not stored.
fn gone() -> PublicError {
    PublicError::new(
        ErrorCode::NotFound,
        "The key that you are replacing was removed or replaced meanwhile.",
        "Reload the page. The new key was not stored; add it again where you want it.",
    )
}
