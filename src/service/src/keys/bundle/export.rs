//! Keys leave in a file: after the account's password, on record before the first byte goes, and all of those that were
//! chosen or none.

use marshmallow_core::{
    ApiKey, AuditAction, AuditDetail, Calendar, ErrorCode, KeyId, LIMITS, PublicError, UserId,
};
use marshmallow_store::{AuditEntry, KeyRecord};
use marshmallow_vault::{BundleEntry, Passphrase, seal_bundle};
use zeroize::Zeroizing;

use super::{Keys, on_blocking_thread, words};
use crate::{Caller, Service, ServiceError, SignedIn, audit::detail_of, error::key_does_not_open};

/// What a person sent to have keys exported.
#[derive(Default)]
pub struct ExportRequest {
    /// The account's password.
    pub password: Zeroizing<String>,
    /// What shall open the file.
    pub passphrase: Zeroizing<String>,
    /// The same, typed again.
    pub again: Zeroizing<String>,
    /// The keys that shall leave.
    pub keys: Vec<KeyId>,
}

/// A bundle, ready to be handed out.
#[derive(Debug)]
pub struct ExportedKeys {
    /// The file's name.
    pub name: String,
    /// The file.
    pub text: String,
}

impl Service {
    /// Seals keys of the person who asks, for which the account's password is needed.
    pub async fn export_keys(
        &self,
        signed_in: &SignedIn,
        mut request: ExportRequest,
        caller: Caller,
    ) -> Result<ExportedKeys, ServiceError> {
        let passphrase = chosen(&mut request)?;
        let password = std::mem::take(&mut *request.password);
        let confirmed = self.accounts.confirm(&signed_in.account, password, &caller).await;
        if let Err(ServiceError::Refused(refusal)) = &confirmed
            && refusal.code == ErrorCode::WrongCredentials
        {
            let entry = AuditEntry {
                at: self.base.clock.now(),
                user: Some(signed_in.account.id),
                action: AuditAction::KeyExportRefused,
                subject: None,
                detail: AuditDetail {
                    address: address_of(&caller),
                    ..AuditDetail::default()
                }
                .to_json(),
            };
            self.base.store.record(&entry).await?;
        }
        confirmed?;
        self.keys
            .export(signed_in.account.id, request.keys, passphrase, &caller)
            .await
    }
}

fn address_of(caller: &Caller) -> Option<String> {
    (!caller.address.is_empty()).then(|| caller.address.clone())
}

/// The passphrase, if the request can be fulfilled at all. A slip here costs no attempt at the password.
fn chosen(request: &mut ExportRequest) -> Result<Passphrase, PublicError> {
    if request.keys.is_empty() {
        return Err(PublicError::invalid(
            "No key is chosen.",
            "Choose the keys that you want in the file.",
        ));
    }
    request.keys.sort_unstable();
    request.keys.dedup();
    if request.keys.len() > LIMITS.keys_per_user {
        return Err(words::of_bundle(marshmallow_vault::BundleError::TooManyKeys));
    }
    if request.passphrase != request.again {
        return Err(PublicError::invalid(
            "The two passphrases are not the same.",
            "Type both again. Nobody can open the file if they are mistyped.",
        ));
    }
    if request.passphrase == request.password {
        return Err(PublicError::invalid(
            "The passphrase is your account's password.",
            "Choose another one: whoever opens the file would know your password.",
        ));
    }
    let typed = std::mem::take(&mut *request.passphrase);
    Passphrase::choose(typed).map_err(words::of_passphrase)
}

impl Keys {
    async fn export(
        &self,
        user: UserId,
        ids: Vec<KeyId>,
        passphrase: Passphrase,
        caller: &Caller,
    ) -> Result<ExportedKeys, ServiceError> {
        // In the order in which turns try them, which the list in the file keeps.
        let order: Vec<KeyId> = self
            .base
            .store
            .keys(user)
            .await?
            .into_iter()
            .filter(|key| key.replaced.is_none())
            .map(|key| key.id)
            .collect();
        if ids.iter().any(|id| !order.contains(id)) {
            return Err(PublicError::not_found("key").into());
        }
        let mut opened = Vec::with_capacity(ids.len());
        for id in order.into_iter().filter(|id| ids.contains(id)) {
            opened.push(self.open_for_export(user, id).await?);
        }
        let now = self.base.clock.now();
        let mut entries = Vec::with_capacity(opened.len());
        for (record, _) in &opened {
            let detail = AuditDetail {
                address: address_of(caller),
                ..detail_of(record, "")
            };
            entries.push(self.entry(user, AuditAction::KeyExported, record.id, detail));
        }
        let random = self.base.random.clone();
        let sealed = on_blocking_thread(move || {
            let entries: Vec<_> = opened.iter().map(entry_of).collect();
            seal_bundle(now, &entries, &passphrase, random.as_ref())
        })
        .await?;
        let text = sealed.map_err(words::of_bundle)?;
        self.base.store.record_all(&entries).await?;
        Ok(ExportedKeys {
            name: format!("marshmallow-keys-{}.mmkeys", Calendar::of(now).date()),
            text,
        })
    }

    /// One key. Where it does not open nothing is exported: a file that silently lacks a key would be found out when it
    /// is needed.
    async fn open_for_export(&self, user: UserId, id: KeyId) -> Result<(KeyRecord, ApiKey), ServiceError> {
        let (record, sealed) = self.found(user, id).await?;
        match self.keyring.open(user, &record, &sealed).await {
            Ok(key) => Ok((record, key)),
            Err(ServiceError::KeyDoesNotOpen) => {
                let entry = self.entry(user, AuditAction::KeyDidNotOpen, id, detail_of(&record, "export"));
                self.base.store.record(&entry).await?;
                Err(PublicError {
                    message: format!("One of these keys does not open: {}.", called(&record)),
                    next_step:
                        "Nothing was exported. Leave this key out to export the others, then remove it and \
                                add it again."
                            .to_owned(),
                    ..key_does_not_open()
                }
                .into())
            }
            Err(ServiceError::KeyIsOver(_)) => Err(PublicError::invalid(
                format!(
                    "The time limit of one of these keys has passed: {}.",
                    called(&record)
                ),
                "Nothing was exported. Leave this key out, or give it another expiry first.",
            )
            .into()),
            Err(other) => Err(other),
        }
    }
}

/// What tells a key from its owner's others.
fn called(record: &KeyRecord) -> String {
    match record.label.as_str() {
        "" => format!("{} …{}", record.provider, record.last_four),
        label => format!("{} {label} …{}", record.provider, record.last_four),
    }
}

fn entry_of((record, key): &(KeyRecord, ApiKey)) -> BundleEntry<'_> {
    BundleEntry {
        provider: record.provider,
        endpoint: &record.endpoint,
        base_url: &record.base_url,
        label: &record.label,
        is_active: record.is_active,
        expires_at: record.expires_at,
        key,
    }
}
