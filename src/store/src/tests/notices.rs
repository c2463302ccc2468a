//! What people decide about notices is their own, and ends with their account; and what notices are derived from.

use marshmallow_core::{
    CredentialKind, Diagnosis, KeyAge, KeyStatus, MessageStatus, NanoDollars, Provider, Usage,
};

use super::harness::{NOW, checked, entry, finished, on_both, person, person_with_key, running};
use crate::{Store, UsageRow};

on_both!(
    a_notice_is_put_away_once_and_by_one_person,
    what_is_gone_is_forgotten,
    an_age_is_chosen_and_changed,
    decisions_end_with_the_account,
    a_status_knows_since_when,
    only_what_the_platform_paid_counts,
);

async fn a_notice_is_put_away_once_and_by_one_person(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    for _ in 0..2 {
        store.dismiss_notice(ada, "old:1", &[], NOW).await.unwrap();
    }
    assert_eq!(store.dismissed_notices(ada).await.unwrap(), ["old:1"]);
    assert_eq!(store.dismissed_notices(eve).await.unwrap(), [""; 0]);
    store
        .dismiss_notice(eve, "old:2", &["old:1".to_owned()], NOW)
        .await
        .unwrap();
    assert_eq!(store.dismissed_notices(ada).await.unwrap(), ["old:1"]);
}

async fn what_is_gone_is_forgotten(store: Store) {
    let ada = person(&store, "ada").await;
    for notice in ["a", "b", "c"] {
        store.dismiss_notice(ada, notice, &[], NOW).await.unwrap();
    }
    let gone = ["a".to_owned(), "c".to_owned()];
    store.dismiss_notice(ada, "d", &gone, NOW).await.unwrap();
    assert_eq!(store.dismissed_notices(ada).await.unwrap(), ["b", "d"]);
}

async fn an_age_is_chosen_and_changed(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    assert_eq!(store.key_age(ada).await.unwrap(), None);
    for age in KeyAge::ALL {
        store.set_key_age(ada, age).await.unwrap();
        assert_eq!(store.key_age(ada).await.unwrap(), Some(age));
    }
    assert_eq!(store.key_age(eve).await.unwrap(), None);
}

async fn decisions_end_with_the_account(store: Store) {
    let (first, ada) = (person(&store, "first").await, person(&store, "ada").await);
    for user in [first, ada] {
        store.dismiss_notice(user, "a", &[], NOW).await.unwrap();
        store.set_key_age(user, KeyAge::Never).await.unwrap();
    }
    store
        .delete_user(ada, &entry(ada, "account.delete"))
        .await
        .unwrap();
    assert_eq!(store.dismissed_notices(ada).await.unwrap(), [""; 0]);
    assert_eq!(store.key_age(ada).await.unwrap(), None);
    assert_eq!(store.dismissed_notices(first).await.unwrap(), ["a"]);
}

/// The status, and since when it is so.
async fn a_status_knows_since_when(store: Store) {
    let (ada, id) = person_with_key(&store, "ada").await;
    let check = entry(ada, "key.check");
    let invalid = KeyStatus::Checked(Diagnosis::Invalid);
    let valid = KeyStatus::Checked(Diagnosis::Valid);
    let since = async || store.keys(ada).await.unwrap()[0].status_since.unwrap().since(NOW);
    assert_eq!(since().await, 0);
    for (status, at, known) in [(valid, 1, 1), (invalid, 2, 2), (invalid, 3, 2)] {
        let outcome = checked(status, NOW.plus(at));
        assert!(store.record_check(ada, id, &outcome, &check).await.unwrap());
        assert_eq!(since().await, known, "{status:?}");
    }
    let failed = entry(ada, "key.failed_in_chat");
    for (status, at, known) in [(invalid, 4, 2), (valid, 5, 5), (invalid, 6, 6)] {
        assert!(
            store
                .mark_key(ada, id, status, NOW.plus(at), &failed)
                .await
                .unwrap()
        );
        assert_eq!(since().await, known, "{status:?} in a chat");
    }
}

async fn only_what_the_platform_paid_counts(store: Store) {
    let (ada, eve) = (person(&store, "ada").await, person(&store, "eve").await);
    for (user, credential, cost, at) in [
        (ada, CredentialKind::Platform, Some(1), 9),
        (ada, CredentialKind::Platform, Some(20), 10),
        (ada, CredentialKind::Platform, None, 11),
        (ada, CredentialKind::Platform, Some(300), 12),
        (ada, CredentialKind::Own, Some(4_000), 12),
        (eve, CredentialKind::Platform, Some(50_000), 12),
    ] {
        let (_, message) = running(&store, user).await;
        let mut turn = finished(user, message, "Hello.");
        turn.usage = Some(UsageRow {
            key: None,
            credential,
            provider: Provider::OpenAi,
            model: "openai/gpt-5".to_owned(),
            usage: Usage::default(),
            cost: cost.map(NanoDollars),
            is_estimated: false,
            ttft_ms: None,
            duration_ms: 5,
            outcome: MessageStatus::Complete,
            fallback_reason: None,
            created_at: NOW.plus(at),
        });
        assert!(store.finish_turn(&turn).await.unwrap());
    }
    let paid = store.paid_by_platform(ada, NOW.plus(10)).await.unwrap();
    assert_eq!(paid, NanoDollars(320));
}
