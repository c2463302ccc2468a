//! Sessions: found by their token's hash while they last, and by nothing else.

use marshmallow_core::{SessionId, UserId};

use super::harness::{Counter, NOW, entry, make_hash, on_both, person};
use crate::{NewSession, Store, StoreError};

on_both!(
    a_session_lasts_until_its_end,
    a_touched_session_lasts_longer,
    a_revoked_session_is_gone,
    a_session_needs_an_account,
);

fn new_session(user: UserId) -> NewSession {
    NewSession {
        id: SessionId::make(NOW, &Counter),
        token_hash: make_hash(),
        user,
        created_at: NOW,
        expires_at: NOW.plus(100),
        user_agent: "Browser".to_owned(),
        address: "192.0.2.1".to_owned(),
    }
}

async fn signed_in(store: &Store, user: UserId) -> (SessionId, [u8; 32]) {
    let session = new_session(user);
    let found = (session.id, session.token_hash);
    store
        .create_session(session, &entry(user, "account.sign_in"))
        .await
        .unwrap();
    found
}

async fn a_session_lasts_until_its_end(store: Store) {
    let user = person(&store, "ada").await;
    let (id, token_hash) = signed_in(&store, user).await;
    let (session, owner) = store.session(&token_hash, NOW.plus(99)).await.unwrap().unwrap();
    assert_eq!((session.id, session.user, owner.id), (id, user, user));
    assert_eq!(
        (session.user_agent.as_str(), session.address.as_str()),
        ("Browser", "192.0.2.1")
    );
    assert_eq!(
        (session.created_at, session.last_seen, session.expires_at),
        (NOW, NOW, NOW.plus(100))
    );
    assert_eq!(owner.email, "ada@example.org");
    assert!(store.session(&token_hash, NOW.plus(100)).await.unwrap().is_none());
    assert!(store.sessions(user, NOW.plus(100)).await.unwrap().is_empty());
    assert!(store.session(&make_hash(), NOW).await.unwrap().is_none());
}

async fn a_touched_session_lasts_longer(store: Store) {
    let user = person(&store, "ada").await;
    let (id, token_hash) = signed_in(&store, user).await;
    signed_in(&store, user).await;
    assert!(
        store
            .touch_session(user, id, NOW.plus(50), NOW.plus(150))
            .await
            .unwrap()
    );
    assert_eq!(store.sweep_sessions(NOW.plus(100)).await.unwrap(), 1);
    let (session, _) = store.session(&token_hash, NOW.plus(149)).await.unwrap().unwrap();
    assert_eq!(
        (session.last_seen, session.expires_at),
        (NOW.plus(50), NOW.plus(150))
    );
}

async fn a_revoked_session_is_gone(store: Store) {
    let user = person(&store, "ada").await;
    let (first, token_hash) = signed_in(&store, user).await;
    let (second, _) = signed_in(&store, user).await;
    signed_in(&store, user).await;
    assert!(store.revoke_session(user, first).await.unwrap());
    assert!(!store.revoke_session(user, first).await.unwrap());
    assert!(store.session(&token_hash, NOW).await.unwrap().is_none());
    assert_eq!(store.revoke_other_sessions(user, second).await.unwrap(), 1);
    let left = store.sessions(user, NOW).await.unwrap();
    assert_eq!(
        left.iter().map(|session| session.id).collect::<Vec<_>>(),
        [second]
    );
}

async fn a_session_needs_an_account(store: Store) {
    let nobody = UserId::make(NOW, &Counter);
    let refused = store
        .create_session(new_session(nobody), &entry(nobody, "account.sign_in"))
        .await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}
