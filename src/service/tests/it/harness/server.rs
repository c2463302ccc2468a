//! A running service with the short words that tests use of it.

use std::ops::Deref;

use marshmallow_core::{
    ApiKey, AuditDetail, AuditFilter, ConversationId, KeyId, KeyStatus, KeySummary, MessageId, Millis,
    ModelId, Provider, ProviderCard, UserId,
};
use marshmallow_service::{Service, ServiceError};
use marshmallow_store::{Admission, AuditRecord, NewUser, Store};

use super::{Answer, Reader, TestRandom, key_text, place};

/// A server and the store that it stands on.
pub struct Server {
    service: Service,
    pub store: Store,
    custom: String,
}

impl Deref for Server {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

impl Server {
    pub fn new(service: Service, store: Store, custom: String) -> Self {
        Self {
            service,
            store,
            custom,
        }
    }

    /// Somebody with an account, made without the work of hashing a password.
    pub async fn person(&self, name: &str) -> UserId {
        let now = Millis(1_700_000_000_000);
        let user = NewUser {
            id: UserId::make(now, &TestRandom),
            email: format!("{name}@example.org"),
            name: name.to_owned(),
            password_hash: "$argon2id$none".to_owned(),
            kek_salt: [5; 16],
            created_at: now,
        };
        let id = user.id;
        self.store.create_user(user, Admission::Open).await.unwrap();
        id
    }

    /// Tries to store a typed text as a key.
    pub async fn try_key(
        &self,
        user: UserId,
        provider: Provider,
        typed: &str,
    ) -> Result<KeySummary, ServiceError> {
        let typed = ApiKey::parse(typed.to_owned());
        self.keys.add(user, place(provider, &self.custom), typed).await
    }

    /// Stores a key that fares as `word` says.
    pub async fn key(&self, user: UserId, provider: Provider, word: &str) -> KeySummary {
        self.try_key(user, provider, &key_text(provider, word))
            .await
            .unwrap()
    }

    /// Tries to put a typed text in the place of a key.
    pub async fn try_replace(
        &self,
        user: UserId,
        old: KeyId,
        typed: &str,
    ) -> Result<Vec<ProviderCard>, ServiceError> {
        self.keys
            .replace(user, old, ApiKey::parse(typed.to_owned()))
            .await
    }

    /// Puts a key that fares as `word` says in the place of another, and gives it.
    pub async fn replace(&self, user: UserId, old: &KeySummary, word: &str) -> KeySummary {
        let typed = key_text(old.provider, word);
        self.try_replace(user, old.id, &typed).await.unwrap();
        let by = self
            .key_of(user, old.id)
            .await
            .replaced
            .expect("it is replaced")
            .by;
        self.key_of(user, by).await
    }

    /// One key of a person.
    pub async fn key_of(&self, user: UserId, id: KeyId) -> KeySummary {
        let keys = self.keys_of(user).await;
        keys.into_iter().find(|key| key.id == id).expect("it is stored")
    }

    /// All keys of a person.
    pub async fn keys_of(&self, user: UserId) -> Vec<KeySummary> {
        let cards = self.keys.cards(user).await.unwrap();
        cards.into_iter().flat_map(|card| card.keys).collect()
    }

    pub async fn status_of(&self, user: UserId, key: &KeySummary) -> KeyStatus {
        let keys = self.keys_of(user).await;
        keys.into_iter().find(|found| found.id == key.id).unwrap().status
    }

    /// Begins a conversation and reads the whole answer.
    pub async fn ask(&self, user: UserId, model: &str, text: &str) -> Answer {
        self.begin(user, model, text).await.end().await
    }

    /// Begins a conversation.
    pub async fn begin(&self, user: UserId, model: &str, text: &str) -> Reader {
        Reader::new(self.send(user, None, model, text).await.unwrap())
    }

    pub async fn send(
        &self,
        user: UserId,
        conversation: Option<ConversationId>,
        model: &str,
        text: &str,
    ) -> Result<marshmallow_service::AnswerStream, ServiceError> {
        let model: ModelId = model.parse().unwrap();
        self.chat.send(user, conversation, model, text.to_owned()).await
    }

    /// Reads an answer from frame `after` on, with what a browser had before.
    pub async fn attach(&self, user: UserId, message: MessageId, before: Option<Answer>) -> Reader {
        let after = before.as_ref().map(|answer| answer.next - 1);
        let stream = self.chat.attach(user, message, after).await.unwrap();
        Reader::resumed(before.unwrap_or_default(), stream)
    }

    /// The audit entries of a person, newest first: what was done and what was said of it.
    pub async fn audit(&self, user: UserId) -> Vec<AuditRecord> {
        self.store
            .audit_of(user, &AuditFilter::default(), None, 100)
            .await
            .unwrap()
    }

    /// What was done last, and the word that was said of it.
    pub async fn last_audited(&self, user: UserId) -> (String, String) {
        let entry = self.audit(user).await.remove(0);
        let said = AuditDetail::from_json(&entry.detail).said;
        (entry.action, said.unwrap_or_default())
    }

    /// How often a person did something.
    pub async fn audited(&self, user: UserId, action: &str) -> usize {
        self.audit(user)
            .await
            .iter()
            .filter(|entry| entry.action == action)
            .count()
    }
}
