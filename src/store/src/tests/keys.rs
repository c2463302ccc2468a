//! Keys: stored once, never more than allowed, changed only together with their audit entry.

use marshmallow_core::{AuditFilter, Diagnosis, KeyStatus, Rest, UserId};
use tokio::task::JoinSet;

use super::harness::{NOW, entry, make_hash, new_key, on_both, person, person_with_key};
use crate::{AddKeyError, Store};

on_both!(
    a_key_reads_back_as_stored,
    the_same_key_is_stored_once_a_person,
    nobody_gets_more_keys_than_allowed,
    a_check_is_kept,
    a_key_is_switched_renamed_and_used,
    a_removed_key_is_gone,
    keys_come_in_the_order_that_was_set,
    rests_and_failures_are_ones_own,
    what_does_not_happen_is_not_recorded,
);

async fn actions(store: &Store, user: UserId) -> Vec<String> {
    let entries = store
        .audit_of(user, &AuditFilter::default(), None, 100)
        .await
        .unwrap();
    entries.into_iter().rev().map(|entry| entry.action).collect()
}

async fn a_key_reads_back_as_stored(store: Store) {
    let user = person(&store, "ada").await;
    let key = new_key(user);
    store.add_key(&key, 10, &entry(user, "key.add")).await.unwrap();
    let (stored, sealed) = store.sealed_key(user, key.id).await.unwrap().unwrap();
    assert!(sealed == key.sealed, "the sealed bytes came back changed");
    assert_eq!(store.keys(user).await.unwrap(), std::slice::from_ref(&stored));
    assert_eq!(
        (stored.id, stored.provider, stored.endpoint),
        (key.id, key.provider, key.endpoint)
    );
    assert_eq!(
        (stored.base_url, stored.label, stored.last_four),
        (key.base_url, key.label, key.last_four)
    );
    assert_eq!(
        (stored.is_active, stored.status, stored.models),
        (true, KeyStatus::Unchecked, None)
    );
    assert_eq!(
        (stored.created_at, stored.last_used, stored.last_validated),
        (NOW, None, None)
    );
    assert_eq!(actions(&store, user).await, ["account.created", "key.add"]);
    assert_eq!(store.kek_ids().await.unwrap(), [key.sealed.kek_id]);
}

async fn the_same_key_is_stored_once_a_person(store: Store) {
    let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
    let key_hash = make_hash();
    assert_eq!(store.key_of_hash(ada, &key_hash).await.unwrap(), None);
    for (user, is_new) in [(ada, true), (ada, false), (bob, true)] {
        let mut key = new_key(user);
        key.key_hash = key_hash;
        let outcome = store.add_key(&key, 10, &entry(user, "key.add")).await;
        assert_eq!(outcome.is_ok(), is_new);
        assert!(is_new || matches!(outcome, Err(AddKeyError::Duplicate)));
    }
    assert!(store.key_of_hash(ada, &key_hash).await.unwrap().is_some());
    assert_eq!(actions(&store, ada).await, ["account.created", "key.add"]);
}

async fn nobody_gets_more_keys_than_allowed(store: Store) {
    let user = person(&store, "ada").await;
    let mut additions = JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        additions.spawn(async move { store.add_key(&new_key(user), 3, &entry(user, "key.add")).await });
    }
    let outcomes = additions.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
    let too_many = |outcome: &&Result<_, _>| matches!(outcome, Err(AddKeyError::TooMany));
    assert_eq!(outcomes.iter().filter(too_many).count(), 7);
    assert_eq!(store.keys(user).await.unwrap().len(), 3);
    assert_eq!(actions(&store, user).await.len(), 4);
}

async fn a_check_is_kept(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    let status = KeyStatus::Checked(Diagnosis::Invalid);
    let models = Some(r#"["gpt-5"]"#.to_owned());
    let checked = entry(user, "key.check");
    assert!(
        store
            .record_check(user, id, status, models.clone(), NOW.plus(5), &checked)
            .await
            .unwrap()
    );
    assert!(
        store
            .record_check(user, id, status, None, NOW.plus(6), &checked)
            .await
            .unwrap()
    );
    let key = &store.keys(user).await.unwrap()[0];
    assert_eq!(
        (key.status, &key.models, key.last_validated),
        (status, &models, Some(NOW.plus(6)))
    );
    assert_eq!(actions(&store, user).await[2..], ["key.check", "key.check"]);
}

async fn a_key_is_switched_renamed_and_used(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    let (_, others) = person_with_key(&store, "bob").await;
    assert!(
        store
            .set_key_active(user, id, false, &entry(user, "key.switch_off"))
            .await
            .unwrap()
    );
    assert!(
        store
            .rename_key(user, id, "home", &entry(user, "key.rename"))
            .await
            .unwrap()
    );
    assert!(store.mark_key_used(user, id, NOW.plus(9)).await.unwrap());
    let key = &store.keys(user).await.unwrap()[0];
    assert_eq!(
        (key.is_active, key.label.as_str(), key.last_used),
        (false, "home", Some(NOW.plus(9)))
    );
    assert!(
        store
            .set_key_active(user, id, true, &entry(user, "key.switch_on"))
            .await
            .unwrap()
    );
    assert!(store.keys(user).await.unwrap()[0].is_active);
    assert!(
        !store
            .rename_key(user, others, "stolen", &entry(user, "key.rename"))
            .await
            .unwrap()
    );
}

async fn keys_come_in_the_order_that_was_set(store: Store) {
    let (user, first) = person_with_key(&store, "ada").await;
    let (_, others) = person_with_key(&store, "bob").await;
    let second = new_key(user);
    store.add_key(&second, 10, &entry(user, "key.add")).await.unwrap();
    let ids = async || -> Vec<_> {
        let keys = store.keys(user).await.unwrap();
        keys.into_iter().map(|key| key.id).collect()
    };
    assert_eq!(ids().await, [first, second.id]);
    let ordered = entry(user, "key.reorder");
    assert!(
        store
            .order_keys(user, &[second.id, first], &ordered)
            .await
            .unwrap()
    );
    assert_eq!(ids().await, [second.id, first]);
    // One foreign key, and nothing moves.
    let order = [first, others, second.id];
    assert!(!store.order_keys(user, &order, &ordered).await.unwrap());
    assert_eq!(ids().await, [second.id, first]);
}

async fn rests_and_failures_are_ones_own(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    let eve = person(&store, "eve").await;
    let rest = |until| Rest {
        until,
        because: Diagnosis::RateLimited,
    };
    assert_eq!(store.count_key_failure(eve, id).await.unwrap(), None);
    store.rest_key(eve, id, rest(NOW)).await.unwrap();
    let key = async || store.keys(user).await.unwrap().remove(0);
    assert_eq!((key().await.failures, key().await.rest), (0, None));
    assert_eq!(store.count_key_failure(user, id).await.unwrap(), Some(1));
    assert_eq!(store.count_key_failure(user, id).await.unwrap(), Some(2));
    store.rest_key(user, id, rest(NOW.plus(10))).await.unwrap();
    // A shorter rest does not end a longer one early.
    store.rest_key(user, id, rest(NOW.plus(5))).await.unwrap();
    assert_eq!(
        (key().await.failures, key().await.rest),
        (2, Some(rest(NOW.plus(10))))
    );
    let (rested, until) = (NOW.plus(10), NOW.plus(50));
    assert!(!store.take_key_trial(eve, id, rested, until).await.unwrap());
    assert!(store.take_key_trial(user, id, rested, until).await.unwrap());
    assert!(!store.take_key_trial(user, id, rested, until).await.unwrap());
    store.wake_key(eve, id).await.unwrap();
    assert_eq!(key().await.rest, Some(rest(until)));
    store.wake_key(user, id).await.unwrap();
    assert_eq!((key().await.failures, key().await.rest), (0, None));
}

async fn a_removed_key_is_gone(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    assert!(
        store
            .remove_key(user, id, &entry(user, "key.remove"))
            .await
            .unwrap()
    );
    assert!(store.keys(user).await.unwrap().is_empty());
    assert!(store.sealed_key(user, id).await.unwrap().is_none());
    assert!(
        !store
            .remove_key(user, id, &entry(user, "key.remove"))
            .await
            .unwrap()
    );
    assert_eq!(
        actions(&store, user).await,
        ["account.created", "key.add", "key.remove"]
    );
}

async fn what_does_not_happen_is_not_recorded(store: Store) {
    let (_, id) = person_with_key(&store, "ada").await;
    let thief = person(&store, "bob").await;
    let attempt = entry(thief, "key.refuse");
    assert!(!store.set_key_active(thief, id, false, &attempt).await.unwrap());
    assert!(
        !store
            .record_check(thief, id, KeyStatus::Unchecked, None, NOW, &attempt)
            .await
            .unwrap()
    );
    assert!(!store.remove_key(thief, id, &attempt).await.unwrap());
    assert_eq!(actions(&store, thief).await, ["account.created"]);
}
