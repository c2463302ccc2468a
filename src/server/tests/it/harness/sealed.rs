//! Many stored keys without the way over HTTP, sealed as the product seals them.

use marshmallow_core::{ApiKey, AuditAction, KeyId, KeyStatus, Millis, Provider, Random, UserId};
use marshmallow_service::RootSecret;
use marshmallow_store::{Admission, AuditEntry, NewKey, NewUser, SealedKey, Store};
use marshmallow_vault::KeyContext;

use super::Place;

const NOW: Millis = Millis(1_700_000_000_000);

struct System;

impl Random for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "ids of several runs in one database must differ"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// Stores so many keys of so many people, sealed under `root`.
pub async fn store_keys(place: &Place, database: &str, root: &str, people: usize, keys_each: usize) {
    let store = Store::open(database).await.unwrap();
    let root = RootSecret::parse(root).unwrap();
    for number in 0..people {
        let user = UserId::make(NOW, &System);
        let mut kek_salt = [0; 16];
        System.fill(&mut kek_salt);
        let new = NewUser {
            id: user,
            email: format!("{user}@example.org"),
            name: format!("Person {number}"),
            password_hash: "$argon2id$none".to_owned(),
            kek_salt,
            created_at: NOW,
        };
        store.create_user(new, Admission::Open).await.unwrap();
        let kek = root.derive_user_kek(user, &kek_salt);
        let base_url = place.provider_url(Provider::OpenAi);
        for _ in 0..keys_each {
            let id = KeyId::make(NOW, &System);
            let key = ApiKey::parse(format!("sk-proj-simvalid-{id}")).unwrap();
            let context = KeyContext {
                user,
                key: id,
                provider: Provider::OpenAi,
                origin: &base_url,
            };
            let envelope = kek.seal(&context, &key, &System).unwrap();
            let new = NewKey {
                id,
                user,
                provider: Provider::OpenAi,
                endpoint: Provider::OpenAi.into(),
                base_url: base_url.clone(),
                label: String::new(),
                last_four: key.last_four(),
                key_hash: root.fingerprint(user, Provider::OpenAi, &base_url, &key),
                sealed: SealedKey {
                    format: u32::from(envelope.format),
                    key_cipher: envelope.key_cipher,
                    iv: envelope.iv,
                    wrapped_dek: envelope.wrapped_dek,
                    dek_iv: envelope.dek_iv,
                    kek_id: envelope.kek_id.to_string(),
                },
                status: KeyStatus::Unchecked,
                models: None,
                created_at: NOW,
                last_validated: None,
                expires_at: None,
                next_check: NOW,
                check_failures: 0,
                credit_left: None,
            };
            let entry = AuditEntry {
                at: NOW,
                user: Some(user),
                action: AuditAction::KeyAdded,
                subject: Some(id.to_string()),
                detail: "{}".to_owned(),
            };
            store.add_key(&new, usize::MAX, &entry).await.unwrap();
        }
    }
    store.close().await;
}
