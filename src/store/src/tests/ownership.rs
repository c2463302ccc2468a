//! Another person gets nothing: every function that takes a user is called with the wrong one.

use marshmallow_core::{AuditFilter, KeyStatus, SessionId};

use super::harness::{
    Counter, NOW, entry, finished, make_hash, new_key, new_turn, next_turn, on_both, person, running, send,
};
use crate::{BeginTurnError, JournalRow, NewSession, Store, TurnQuestion};

on_both!(
    sessions_are_ones_own,
    keys_are_ones_own,
    conversations_and_messages_are_ones_own,
    turns_are_ones_own,
    records_are_ones_own,
);

async fn sessions_are_ones_own(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    let id = SessionId::make(NOW, &Counter);
    let session = NewSession {
        id,
        token_hash: make_hash(),
        user: ada,
        created_at: NOW,
        expires_at: NOW.plus(100),
        user_agent: String::new(),
        address: String::new(),
    };
    store
        .create_session(session, &entry(ada, "account.sign_in"))
        .await
        .unwrap();
    assert!(store.sessions(eve, NOW).await.unwrap().is_empty());
    assert!(
        !store
            .touch_session(eve, id, NOW.plus(1), NOW.plus(999))
            .await
            .unwrap()
    );
    assert!(!store.revoke_session(eve, id).await.unwrap());
    assert_eq!(
        store
            .revoke_other_sessions(eve, SessionId::make(NOW, &Counter))
            .await
            .unwrap(),
        0
    );
    assert!(
        store
            .set_password(eve, "$eve", None, &entry(eve, "account.change_password"))
            .await
            .unwrap()
    );
    let left = store.sessions(ada, NOW).await.unwrap();
    assert_eq!(
        (left.len(), left[0].last_seen, left[0].expires_at),
        (1, NOW, NOW.plus(100))
    );
    assert_eq!(
        store.user(ada).await.unwrap().unwrap().password_hash,
        "$argon2id$test"
    );
    store.set_preferred_model(eve, Some("x/y")).await.unwrap();
    assert_eq!(store.user(ada).await.unwrap().unwrap().preferred_model, None);
}

async fn keys_are_ones_own(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    let key = new_key(ada);
    store.add_key(&key, 10, &entry(ada, "key.add")).await.unwrap();
    let before = store.keys(ada).await.unwrap();
    let attempt = entry(eve, "key.refuse");
    assert!(store.keys(eve).await.unwrap().is_empty());
    assert!(store.sealed_key(eve, key.id).await.unwrap().is_none());
    assert_eq!(store.key_of_hash(eve, &key.key_hash).await.unwrap(), None);
    assert!(!store.set_key_active(eve, key.id, false, &attempt).await.unwrap());
    assert!(
        !store
            .record_check(eve, key.id, KeyStatus::Unchecked, None, NOW, &attempt)
            .await
            .unwrap()
    );
    assert!(
        !store
            .rename_key(eve, key.id, "mine", &entry(eve, "key.rename"))
            .await
            .unwrap()
    );
    assert!(!store.mark_key_used(eve, key.id, NOW).await.unwrap());
    assert!(!store.remove_key(eve, key.id, &attempt).await.unwrap());
    assert_eq!(store.keys(ada).await.unwrap(), before);
}

async fn conversations_and_messages_are_ones_own(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    let (id, answer) = running(&store, ada).await;
    assert!(store.conversations(eve, None, 10).await.unwrap().is_empty());
    assert!(store.conversation(eve, id).await.unwrap().is_none());
    assert!(store.branch(eve, id).await.unwrap().is_empty());
    assert!(store.message(eve, answer).await.unwrap().is_none());
    assert!(!store.rename_conversation(eve, id, "mine").await.unwrap());
    assert!(!store.delete_conversation(eve, id).await.unwrap());
    let conversation = store.conversation(ada, id).await.unwrap().unwrap();
    assert_eq!(conversation.title, "A talk");
    assert!(store.generation(ada, answer).await.unwrap().is_some());
}

async fn turns_are_ones_own(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    let (id, answer) = running(&store, ada).await;
    let frame = JournalRow {
        message: answer,
        seq: 0,
        frame: "{}".to_owned(),
    };
    store.append_frames("a", &[frame]).await.unwrap();
    assert!(store.frames(eve, answer, None, 10).await.unwrap().is_empty());
    assert!(store.generation(eve, answer).await.unwrap().is_none());
    assert!(!store.request_stop(eve, answer).await.unwrap());
    assert!(!store.finish_turn(&finished(eve, answer, "stolen")).await.unwrap());
    assert!(
        !store
            .generation(ada, answer)
            .await
            .unwrap()
            .unwrap()
            .stop_requested
    );
    store.finish_turn(&finished(ada, answer, "Mine")).await.unwrap();
    let question = store.branch(ada, id).await.unwrap()[0].id;
    for turn in [
        next_turn(eve, id, send("Let me in")),
        next_turn(eve, id, TurnQuestion::Retry(question)),
    ] {
        assert!(matches!(
            store.begin_turn(&turn).await,
            Err(BeginTurnError::NotFound)
        ));
    }
    // In a conversation of one's own, over somebody else's question.
    let own = new_turn(eve);
    store.begin_turn(&own).await.unwrap();
    store
        .finish_turn(&finished(eve, own.answer, "Own"))
        .await
        .unwrap();
    let own = store.conversations(eve, None, 1).await.unwrap().remove(0);
    let turn = next_turn(eve, own.id, TurnQuestion::Retry(question));
    assert!(matches!(
        store.begin_turn(&turn).await,
        Err(BeginTurnError::NotFound)
    ));
    assert_eq!(store.branch(ada, id).await.unwrap().len(), 2);
}

async fn records_are_ones_own(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    let (_, answer) = running(&store, ada).await;
    let mut turn = finished(ada, answer, "Mine");
    turn.usage = Some(crate::UsageRow {
        key: None,
        credential: marshmallow_core::CredentialKind::Platform,
        provider: marshmallow_core::Provider::Google,
        model: "google/gemini".to_owned(),
        usage: marshmallow_core::Usage::default(),
        cost: None,
        is_estimated: false,
        ttft_ms: Some(5),
        duration_ms: 6,
        outcome: turn.status,
        fallback_reason: None,
        created_at: NOW,
    });
    store.finish_turn(&turn).await.unwrap();
    store.record(&entry(ada, "account.sign_in")).await.unwrap();
    assert!(store.usage_of(eve, NOW).await.unwrap().is_empty());
    assert_eq!(store.usage_of(ada, NOW).await.unwrap()[0].row.cost, None);
    let seen = store
        .audit_of(eve, &AuditFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        seen.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(),
        ["account.created"]
    );
}
