//! Taking everything away at once: all of a person's keys in an emergency, or their account.
//! First the keys, then what runs: a turn that begins in between finds no key and ends.

use marshmallow_core::{AuditAction, AuditDetail, ErrorCode, KeySummary, PublicError, UserId};
use marshmallow_store::{AuditEntry, DeleteUserError};

use crate::{Caller, Service, ServiceError, SignedIn};

/// What happens to all keys in an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emergency {
    /// They are kept and serve no more.
    SwitchOff,
    /// They are deleted here.
    Remove,
}

impl Service {
    /// Takes all of a person's keys out of service at once and stops their running answers. Says which keys they
    /// had and when each was last used, newest use first, so that each can be revoked at its provider.
    pub async fn shut_keys(&self, user: UserId, how: Emergency) -> Result<Vec<KeySummary>, ServiceError> {
        let cards = self.keys.cards(user).await?;
        let entry = |action| AuditEntry {
            at: self.base.clock.now(),
            user: Some(user),
            action,
            subject: None,
            detail: AuditDetail::saying("all at once").to_json(),
        };
        match how {
            Emergency::SwitchOff => {
                let entry = entry(AuditAction::KeySwitchedOff);
                self.base.store.switch_all_keys_off(user, &entry).await?;
            }
            Emergency::Remove => {
                self.base
                    .store
                    .remove_all_keys(user, &entry(AuditAction::KeyRemoved))
                    .await?;
            }
        }
        self.keyring.forget(user);
        self.chat.stop_all(user).await?;
        let mut keys: Vec<_> = cards.into_iter().flat_map(|card| card.keys).collect();
        for key in &mut keys {
            key.is_active = false;
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.last_used));
        Ok(keys)
    }

    /// Deletes the account of the person who asks, with its sessions, keys and conversations. Audit entries stay.
    pub async fn delete_account(
        &self,
        signed_in: &SignedIn,
        password: String,
        caller: Caller,
    ) -> Result<(), ServiceError> {
        let user = signed_in.account.id;
        self.accounts
            .confirm(&signed_in.account, password, &caller)
            .await?;
        self.chat.stop_all(user).await?;
        let entry = AuditEntry {
            at: self.base.clock.now(),
            user: Some(user),
            action: AuditAction::AccountDeleted,
            subject: Some(user.to_string()),
            detail: AuditDetail::default().to_json(),
        };
        self.base
            .store
            .delete_user(user, &entry)
            .await
            .map_err(|error| match error {
                DeleteUserError::LastAdministrator => PublicError::new(
                    ErrorCode::Forbidden,
                    "You are the only administrator of this server, so your account cannot be deleted.",
                    "To end this installation, whoever runs the server deletes its data. To take your keys away \
                     alone, use \"Take all keys away\" under API keys.",
                )
                .into(),
                DeleteUserError::NotFound => PublicError::sign_in_needed().into(),
                DeleteUserError::Store(inner) => ServiceError::from(inner),
            })?;
        self.keyring.forget(user);
        Ok(())
    }
}
