//! Checks that are due: claimed by one server at a time, kept with their outcome, and due again when they say.

use marshmallow_core::{AuditFilter, Diagnosis, KeyId, KeyStatus, Millis, NanoDollars, UserId};
use tokio::task::JoinSet;

use super::harness::{NOW, checked, entry, new_key, on_both, person, person_with_key};
use crate::{CheckOutcome, Store};

on_both!(
    a_check_is_kept,
    a_key_is_claimed_by_one_server,
    a_claim_that_nobody_came_back_to_runs_out,
    keys_that_are_off_over_or_early_are_not_due,
    the_longest_due_come_first_and_no_more_than_asked_for,
    what_a_call_found_out_asks_for_one_check,
);

const DAY: i64 = 86_400_000;
const VALID: KeyStatus = KeyStatus::Checked(Diagnosis::Valid);

async fn claim(store: &Store, now: Millis) -> Vec<(UserId, KeyId)> {
    store.claim_checks(now, now.plus(1_000), 10).await.unwrap()
}

async fn a_check_is_kept(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    let models = Some(r#"["gpt-5"]"#.to_owned());
    let outcome = CheckOutcome {
        models: models.clone(),
        credit_left: Some(NanoDollars(5)),
        ..checked(VALID, NOW.plus(5))
    };
    let action = entry(user, "key.check");
    assert!(store.record_check(user, id, &outcome, &action).await.unwrap());
    // A check that proved nothing takes neither the models nor the credit away.
    let status = KeyStatus::Checked(Diagnosis::Unreachable);
    let failed = CheckOutcome {
        failures: 1,
        next_check: NOW.plus(900),
        ..checked(status, NOW.plus(6))
    };
    assert!(store.record_check(user, id, &failed, &action).await.unwrap());
    let key = store.keys(user).await.unwrap().remove(0);
    assert_eq!(
        (key.status, &key.models, key.last_validated),
        (status, &models, Some(NOW.plus(6)))
    );
    assert_eq!(
        (key.next_check, key.check_failures, key.credit_left),
        (NOW.plus(900), 1, Some(NanoDollars(5)))
    );
    // One that was answered does, where the provider no longer tells.
    let answered = checked(VALID, NOW.plus(7));
    assert!(store.record_check(user, id, &answered, &action).await.unwrap());
    let key = store.keys(user).await.unwrap().remove(0);
    assert_eq!((key.check_failures, key.credit_left), (0, None));
    let entries = store
        .audit_of(user, &AuditFilter::default(), None, 100)
        .await
        .unwrap();
    let checks = entries.iter().filter(|entry| entry.action == "key.check");
    assert_eq!(checks.count(), 3);
}

async fn a_key_is_claimed_by_one_server(store: Store) {
    let mut keys = Vec::new();
    for name in ["ada", "bob", "eve"] {
        keys.push(person_with_key(&store, name).await);
    }
    let mut servers = JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        servers.spawn(async move { claim(&store, NOW).await });
    }
    let mut claimed: Vec<_> = servers.join_all().await.concat();
    claimed.sort();
    keys.sort();
    assert_eq!(claimed, keys);
    assert!(claim(&store, NOW).await.is_empty());
}

async fn a_claim_that_nobody_came_back_to_runs_out(store: Store) {
    let key = person_with_key(&store, "ada").await;
    assert_eq!(claim(&store, NOW).await, [key]);
    assert!(claim(&store, NOW.plus(999)).await.is_empty());
    assert_eq!(claim(&store, NOW.plus(1_000)).await, [key]);
    // The outcome ends the claim, and the key is due when it says.
    let (user, id) = key;
    let outcome = checked(VALID, NOW.plus(1_001));
    store
        .record_check(user, id, &outcome, &entry(user, "key.check"))
        .await
        .unwrap();
    assert!(claim(&store, NOW.plus(DAY)).await.is_empty());
    assert_eq!(claim(&store, NOW.plus(1_001 + DAY)).await, [key]);
}

async fn keys_that_are_off_over_or_early_are_not_due(store: Store) {
    let (off, off_id) = person_with_key(&store, "ada").await;
    store
        .set_key_active(off, off_id, false, &entry(off, "key.switch_off"))
        .await
        .unwrap();
    let (over, over_id) = person_with_key(&store, "bob").await;
    let expiry = entry(over, "key.expiry");
    store
        .set_key_expiry(over, over_id, Some(NOW), &expiry)
        .await
        .unwrap();
    let early = person(&store, "eve").await;
    let mut key = new_key(early);
    key.next_check = NOW.plus(1);
    store.add_key(&key, 10, &entry(early, "key.add")).await.unwrap();
    assert!(claim(&store, NOW).await.is_empty());

    store
        .set_key_active(off, off_id, true, &entry(off, "key.switch_on"))
        .await
        .unwrap();
    assert_eq!(claim(&store, NOW).await, [(off, off_id)]);
    store
        .set_key_expiry(over, over_id, Some(NOW.plus(1)), &expiry)
        .await
        .unwrap();
    assert_eq!(claim(&store, NOW).await, [(over, over_id)]);
    assert_eq!(claim(&store, NOW.plus(1)).await, [(early, key.id)]);
}

async fn the_longest_due_come_first_and_no_more_than_asked_for(store: Store) {
    let user = person(&store, "ada").await;
    let mut ids = Vec::new();
    for wait in [3, 1, 2] {
        let mut key = new_key(user);
        key.next_check = NOW.plus(wait);
        store.add_key(&key, 10, &entry(user, "key.add")).await.unwrap();
        ids.push(key.id);
    }
    let now = NOW.plus(10);
    let claimed = store.claim_checks(now, now.plus(1), 2).await.unwrap();
    assert_eq!(claimed, [(user, ids[1]), (user, ids[2])]);
}

async fn what_a_call_found_out_asks_for_one_check(store: Store) {
    let (user, id) = person_with_key(&store, "ada").await;
    store
        .record_check(user, id, &checked(VALID, NOW), &entry(user, "key.check"))
        .await
        .unwrap();
    assert!(claim(&store, NOW.plus(1)).await.is_empty());
    let status = KeyStatus::Checked(Diagnosis::Invalid);
    let now = NOW.plus(2);
    let failed = entry(user, "key.failed_in_chat");
    assert!(store.mark_key(user, id, status, now, &failed).await.unwrap());
    let key = store.keys(user).await.unwrap().remove(0);
    assert_eq!(
        (key.status, key.last_validated, key.next_check),
        (status, Some(now), now)
    );
    assert_eq!(claim(&store, now).await, [(user, id)]);
    // While that check runs, another failed call starts no second one.
    assert!(
        store
            .mark_key(user, id, status, now.plus(1), &failed)
            .await
            .unwrap()
    );
    assert!(claim(&store, now.plus(1)).await.is_empty());
    assert!(store.schedule_check(user, id, now.plus(50)).await.unwrap());
    assert!(claim(&store, now.plus(49)).await.is_empty());
    assert_eq!(claim(&store, now.plus(50)).await, [(user, id)]);
}
