//! The end of a key's life: set, cut to the administrator's bound, and noted once.

use marshmallow_core::{AuditFilter, KeyId, Millis, UserId};
use tokio::task::JoinSet;

use super::harness::{NOW, entry, new_key, on_both, person, person_with_key};
use crate::Store;

on_both!(
    a_life_is_set_changed_and_taken_back,
    an_end_is_noted_once_whoever_looks,
    an_end_that_was_put_off_is_noted_again,
    lives_beyond_a_bound_are_cut,
    the_bound_is_kept,
);

async fn expires_at(store: &Store, user: UserId) -> Option<Millis> {
    store.keys(user).await.unwrap().remove(0).expires_at
}

async fn set(store: &Store, (user, id): (UserId, KeyId), at: Option<Millis>) {
    let action = entry(user, "key.expiry");
    assert!(store.set_key_expiry(user, id, at, &action).await.unwrap());
}

async fn count(store: &Store, user: UserId, action: &str) -> usize {
    let filter = AuditFilter::default();
    let entries = store.audit_of(user, &filter, None, 100).await.unwrap();
    entries.iter().filter(|entry| entry.action == action).count()
}

async fn a_life_is_set_changed_and_taken_back(store: Store) {
    let user = person(&store, "ada").await;
    let mut key = new_key(user);
    key.expires_at = Some(NOW.plus(5));
    store.add_key(&key, 10, &entry(user, "key.add")).await.unwrap();
    assert_eq!(expires_at(&store, user).await, Some(NOW.plus(5)));
    set(&store, (user, key.id), Some(NOW.plus(9))).await;
    let (record, _) = store.sealed_key(user, key.id).await.unwrap().unwrap();
    assert_eq!(record.expires_at, Some(NOW.plus(9)));
    set(&store, (user, key.id), None).await;
    assert_eq!(expires_at(&store, user).await, None);
    assert_eq!(count(&store, user, "key.expiry").await, 2);
}

async fn an_end_is_noted_once_whoever_looks(store: Store) {
    let key = person_with_key(&store, "ada").await;
    person_with_key(&store, "bob").await;
    let (user, id) = key;
    let end = NOW.plus(5);
    set(&store, key, Some(end)).await;
    assert!(store.ended_keys(NOW.plus(4), 10).await.unwrap().is_empty());
    assert_eq!(store.ended_keys(end, 10).await.unwrap(), [key]);
    let mut servers = JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        let over = entry(user, "key.expired");
        servers.spawn(async move { store.note_key_end(user, id, end, &over).await.unwrap() });
    }
    let noted = servers.join_all().await;
    assert_eq!(noted.iter().filter(|noted| **noted).count(), 1);
    assert_eq!(count(&store, user, "key.expired").await, 1);
    assert!(store.ended_keys(end.plus(99), 10).await.unwrap().is_empty());
}

async fn an_end_that_was_put_off_is_noted_again(store: Store) {
    let key = person_with_key(&store, "ada").await;
    let (user, id) = key;
    let (first, second) = (NOW.plus(5), NOW.plus(9));
    let over = entry(user, "key.expired");
    set(&store, key, Some(first)).await;
    // Put off between the look and the note: it is no longer its end.
    set(&store, key, Some(second)).await;
    assert!(!store.note_key_end(user, id, first, &over).await.unwrap());
    assert!(store.ended_keys(first, 10).await.unwrap().is_empty());
    assert_eq!(store.ended_keys(second, 10).await.unwrap(), [key]);
    assert!(store.note_key_end(user, id, second, &over).await.unwrap());
    set(&store, key, Some(NOW.plus(20))).await;
    assert_eq!(store.ended_keys(NOW.plus(20), 10).await.unwrap(), [key]);
}

async fn lives_beyond_a_bound_are_cut(store: Store) {
    let never = person_with_key(&store, "ada").await;
    let long = person_with_key(&store, "bob").await;
    let short = person_with_key(&store, "eve").await;
    set(&store, long, Some(NOW.plus(50))).await;
    set(&store, short, Some(NOW.plus(10))).await;
    let last = NOW.plus(10);
    let mut beyond = store.keys_beyond(last, 10).await.unwrap();
    beyond.sort();
    let mut expected = [never, long];
    expected.sort();
    assert_eq!(beyond, expected);
    assert_eq!(store.keys_beyond(last, 1).await.unwrap().len(), 1);
    for ((user, id), is_cut) in [(never, true), (long, true), (short, false), (never, false)] {
        let action = entry(user, "key.expiry");
        assert_eq!(store.cut_key_life(user, id, last, &action).await.unwrap(), is_cut);
        assert_eq!(expires_at(&store, user).await, Some(last));
    }
    assert!(store.keys_beyond(last, 10).await.unwrap().is_empty());
}

async fn the_bound_is_kept(store: Store) {
    let user = person(&store, "ada").await;
    assert_eq!(store.longest_key_life().await.unwrap(), None);
    let action = entry(user, "rule.key_life");
    store.set_longest_key_life(Some(77), &action).await.unwrap();
    assert_eq!(store.longest_key_life().await.unwrap(), Some(77));
    store.set_longest_key_life(None, &action).await.unwrap();
    assert_eq!(store.longest_key_life().await.unwrap(), None);
    assert_eq!(count(&store, user, "rule.key_life").await, 2);
}
