//! A database of its own for every test, and the few rows that most tests begin with.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
};

use marshmallow_core::{
    AuditAction, ConversationId, KeyId, KeyStatus, MessageId, MessageStatus, Millis, Provider, Random, UserId,
};

use crate::{
    Admission, AuditEntry, FinishedTurn, NewKey, NewTurn, NewUser, SealedKey, Store, TurnPlace, TurnQuestion,
};

/// Runs each named test on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::tests::harness::on_sqlite(super::$name).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::tests::harness::on_postgres(super::$name).await;
            })+
        }
    };
}
pub(super) use on_both;

/// Runs a test on a fresh SQLite file.
pub(super) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    test(store.clone()).await;
    store.close().await;
}

/// The address of the database file in a folder.
pub(super) fn sqlite_url(folder: &std::path::Path) -> String {
    format!("sqlite:{}", folder.join("store.db").display())
}

/// Runs a test on a fresh PostgreSQL database.
pub(super) async fn on_postgres<F>(test: impl FnOnce(Store) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    marshmallow_scratch::on_postgres(|url| async move {
        let store = Store::open(&url).await.unwrap();
        test(store.clone()).await;
        store.close().await;
    })
    .await;
}

fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Counts instead of drawing.
pub(super) struct Counter;

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let number = next_number().to_le_bytes();
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = number[index % number.len()];
        }
    }
}

/// The moment at which most tests take place.
pub(super) const NOW: Millis = Millis(1_800_000_000_000);

/// 32 bytes that no other call gives.
pub(super) fn make_hash() -> [u8; 32] {
    let mut hash = [0; 32];
    Counter.fill(&mut hash);
    hash
}

pub(super) fn new_user(email: &str) -> NewUser {
    NewUser {
        id: UserId::make(NOW, &Counter),
        email: email.to_owned(),
        name: "Somebody".to_owned(),
        password_hash: "$argon2id$test".to_owned(),
        kek_salt: [7; 16],
        created_at: NOW,
    }
}

/// Somebody with an account.
pub(super) async fn person(store: &Store, name: &str) -> UserId {
    let user = new_user(&format!("{name}@example.org"));
    let id = user.id;
    store.create_user(user, Admission::Open).await.unwrap();
    id
}

/// An entry of the action with this slug.
pub(super) fn entry(user: UserId, action: &str) -> AuditEntry {
    AuditEntry {
        at: NOW,
        user: Some(user),
        action: AuditAction::from_slug(action).expect("a slug of an action"),
        subject: Some("something".to_owned()),
        detail: "{}".to_owned(),
    }
}

pub(super) fn new_key(user: UserId) -> NewKey {
    NewKey {
        id: KeyId::make(NOW, &Counter),
        user,
        provider: Provider::OpenAi,
        endpoint: Provider::OpenAi.into(),
        base_url: "https://api.openai.com/v1".to_owned(),
        label: "work".to_owned(),
        last_four: "wxyz".to_owned(),
        sealed: SealedKey {
            key_cipher: make_hash().repeat(3),
            iv: [1; 12],
            wrapped_dek: make_hash().repeat(2),
            dek_iv: [2; 12],
            kek_id: "k1".to_owned(),
            format: 1,
        },
        key_hash: make_hash(),
        status: KeyStatus::Unchecked,
        models: None,
        created_at: NOW,
        last_validated: None,
    }
}

/// Somebody with one key.
pub(super) async fn person_with_key(store: &Store, name: &str) -> (UserId, KeyId) {
    let user = person(store, name).await;
    let key = new_key(user);
    store.add_key(&key, 10, &entry(user, "key.add")).await.unwrap();
    (user, key.id)
}

/// A turn that begins a conversation, written by server "a".
pub(super) fn new_turn(user: UserId) -> NewTurn {
    NewTurn {
        user,
        place: TurnPlace::New {
            id: ConversationId::make(NOW, &Counter),
            title: "A talk".to_owned(),
        },
        question: send("Hello?"),
        answer: MessageId::make(NOW, &Counter),
        model: "openai/gpt-5".to_owned(),
        owner: "a".to_owned(),
        lease_until: NOW.plus(10_000),
        now: NOW,
    }
}

/// A turn that goes on in a conversation.
pub(super) fn next_turn(user: UserId, conversation: ConversationId, question: TurnQuestion) -> NewTurn {
    NewTurn {
        place: TurnPlace::Existing(conversation),
        question,
        ..new_turn(user)
    }
}

pub(super) fn send(text: &str) -> TurnQuestion {
    TurnQuestion::Send {
        id: MessageId::make(NOW, &Counter),
        text: text.to_owned(),
    }
}

/// A running answer of the person's: its conversation and its id.
pub(super) async fn running(store: &Store, user: UserId) -> (ConversationId, MessageId) {
    let turn = new_turn(user);
    store.begin_turn(&turn).await.unwrap();
    let TurnPlace::New { id, .. } = turn.place else {
        unreachable!("new_turn begins a conversation")
    };
    (id, turn.answer)
}

/// The whole answer, ended by server "a".
pub(super) fn finished(user: UserId, message: MessageId, text: &str) -> FinishedTurn {
    FinishedTurn {
        message,
        user,
        owner: "a".to_owned(),
        status: MessageStatus::Complete,
        text: text.to_owned(),
        reasoning: String::new(),
        receipt: None,
        error: None,
        completed_at: NOW.plus(500),
        usage: None,
        used_key: None,
        entries: Vec::new(),
    }
}
