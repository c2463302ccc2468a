//! Who becomes administrator, who is let in, and what a new password ends.

use marshmallow_core::{AuditFilter, InvitationId, Role, SessionId};
use tokio::task::JoinSet;

use super::harness::{Counter, NOW, entry, make_hash, new_user, on_both, person};
use crate::{Admission, CreateUserError, NewInvitation, NewSession, Store};

on_both!(
    of_many_at_once_one_becomes_administrator,
    only_the_first_needs_no_admission,
    an_invitation_admits_one_of_many,
    an_invitation_outlives_a_failed_registration,
    an_invitation_ends,
    addresses_are_unique_whatever_their_case,
    an_account_reads_back_as_stored,
    a_new_password_ends_other_sessions,
);

async fn invite(store: &Store) -> [u8; 32] {
    let administrator = person(store, "administrator").await;
    let token_hash = make_hash();
    let invitation = NewInvitation {
        id: InvitationId::make(NOW, &Counter),
        token_hash,
        created_by: administrator,
        created_at: NOW,
        expires_at: NOW.plus(1),
    };
    store.create_invitation(invitation).await.unwrap();
    token_hash
}

async fn of_many_at_once_one_becomes_administrator(store: Store) {
    let mut registrations = JoinSet::new();
    for number in 0..20 {
        let store = store.clone();
        let user = new_user(&format!("{number}@example.org"));
        registrations.spawn(async move { store.create_user(user, Admission::Open).await.unwrap() });
    }
    let roles = registrations.join_all().await;
    let administrators = roles.iter().filter(|&&role| role == Role::Administrator).count();
    assert_eq!((roles.len(), administrators), (20, 1));
    assert_eq!(store.user_count().await.unwrap(), 20);
}

async fn only_the_first_needs_no_admission(store: Store) {
    let role = store
        .create_user(new_user("a@example.org"), Admission::Closed)
        .await
        .unwrap();
    assert_eq!(role, Role::Administrator);
    let refused = store
        .create_user(new_user("b@example.org"), Admission::Closed)
        .await;
    assert!(matches!(refused, Err(CreateUserError::Closed)));
    let role = store
        .create_user(new_user("b@example.org"), Admission::Open)
        .await
        .unwrap();
    assert_eq!(role, Role::User);
}

async fn an_invitation_admits_one_of_many(store: Store) {
    let token_hash = invite(&store).await;
    let mut registrations = JoinSet::new();
    for number in 0..20 {
        let store = store.clone();
        let user = new_user(&format!("{number}@example.org"));
        registrations.spawn(async move {
            store
                .create_user(user, Admission::Invitation { token_hash })
                .await
        });
    }
    let outcomes = registrations.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let invalid = |outcome: &&Result<_, _>| matches!(outcome, Err(CreateUserError::InvitationInvalid));
    assert_eq!(outcomes.iter().filter(invalid).count(), 19);
    assert_eq!(store.user_count().await.unwrap(), 2);
}

async fn an_invitation_outlives_a_failed_registration(store: Store) {
    let token_hash = invite(&store).await;
    let admission = Admission::Invitation { token_hash };
    let taken = store
        .create_user(new_user("Administrator@Example.org"), admission)
        .await;
    assert!(matches!(taken, Err(CreateUserError::EmailTaken)));
    assert!(store.invitation_is_valid(&token_hash, NOW).await.unwrap());
    store
        .create_user(new_user("new@example.org"), admission)
        .await
        .unwrap();
    assert!(!store.invitation_is_valid(&token_hash, NOW).await.unwrap());
    let listed = store.invitations().await.unwrap();
    assert_eq!(listed[0].used_at, Some(NOW));
    assert!(!store.revoke_invitation(listed[0].id).await.unwrap());
}

async fn an_invitation_ends(store: Store) {
    let token_hash = invite(&store).await;
    assert!(!store.invitation_is_valid(&token_hash, NOW.plus(1)).await.unwrap());
    let mut late = new_user("late@example.org");
    late.created_at = NOW.plus(1);
    let refused = store
        .create_user(late, Admission::Invitation { token_hash })
        .await;
    assert!(matches!(refused, Err(CreateUserError::InvitationInvalid)));
    let id = store.invitations().await.unwrap()[0].id;
    assert!(store.revoke_invitation(id).await.unwrap());
    assert!(!store.revoke_invitation(id).await.unwrap());
    let refused = store
        .create_user(new_user("b@example.org"), Admission::Invitation { token_hash })
        .await;
    assert!(matches!(refused, Err(CreateUserError::InvitationInvalid)));
}

async fn addresses_are_unique_whatever_their_case(store: Store) {
    store
        .create_user(new_user("Ada@Example.org"), Admission::Open)
        .await
        .unwrap();
    let taken = store
        .create_user(new_user("ada@EXAMPLE.org"), Admission::Open)
        .await;
    assert!(matches!(taken, Err(CreateUserError::EmailTaken)));
    let found = store.user_by_email("ADA@example.org").await.unwrap().unwrap();
    assert_eq!(found.email, "Ada@Example.org");
    assert_eq!(store.user_count().await.unwrap(), 1);
}

async fn an_account_reads_back_as_stored(store: Store) {
    let user = new_user("ada@example.org");
    let id = user.id;
    store.create_user(user, Admission::Open).await.unwrap();
    let stored = store.user(id).await.unwrap().unwrap();
    assert_eq!(
        (stored.id, stored.name.as_str(), stored.kek_salt),
        (id, "Somebody", [7; 16])
    );
    assert_eq!((stored.role, stored.created_at), (Role::Administrator, NOW));
    assert_eq!(
        (stored.password_hash.as_str(), stored.preferred_model),
        ("$argon2id$test", None)
    );
    store.set_preferred_model(id, Some("openai/gpt-5")).await.unwrap();
    let stored = store.user(id).await.unwrap().unwrap();
    assert_eq!(stored.preferred_model.as_deref(), Some("openai/gpt-5"));
    assert_eq!(
        store
            .audit_of(id, &AuditFilter::default(), None, 10)
            .await
            .unwrap()[0]
            .detail,
        r#"{"role":"administrator"}"#
    );
}

async fn a_new_password_ends_other_sessions(store: Store) {
    let (user, other) = (person(&store, "ada").await, person(&store, "bob").await);
    let mut ids = Vec::new();
    for owner in [user, user, other] {
        let id = SessionId::make(NOW, &Counter);
        let session = NewSession {
            id,
            token_hash: make_hash(),
            user: owner,
            created_at: NOW,
            expires_at: NOW.plus(1_000),
            user_agent: String::new(),
            address: String::new(),
        };
        store
            .create_session(session, &entry(user, "account.sign_in"))
            .await
            .unwrap();
        ids.push(id);
    }
    let changed = entry(user, "account.change_password");
    assert!(
        store
            .set_password(user, "$new", Some(ids[0]), &changed)
            .await
            .unwrap()
    );
    let left: Vec<_> = store
        .sessions(user, NOW)
        .await
        .unwrap()
        .iter()
        .map(|session| session.id)
        .collect();
    assert_eq!(left, [ids[0]]);
    assert_eq!(store.sessions(other, NOW).await.unwrap().len(), 1);
    assert_eq!(store.user(user).await.unwrap().unwrap().password_hash, "$new");
    assert_eq!(
        store
            .audit_of(user, &AuditFilter::default(), None, 1)
            .await
            .unwrap()[0]
            .action,
        "account.change_password"
    );
    assert!(store.set_password(user, "$newer", None, &changed).await.unwrap());
    assert!(store.sessions(user, NOW).await.unwrap().is_empty());
}
