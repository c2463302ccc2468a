//! One key in the place of another: all or nothing, at once for everybody; and what becomes of the old one.

use marshmallow_core::{BudgetSubject, Former, KeyId, MessageId, Millis, NanoDollars, UserId};
use sqlx::AssertSqlSafe;
use tokio::task::JoinSet;

use super::harness::{NOW, entry, finished, new_key, on_both, person, person_with_key, running};
use crate::{BudgetLimits, NewKey, ReplaceKeyError, Replacement, Store, StoreError, Taken, db::Db};

on_both!(
    the_new_key_stands_where_the_old_one_stood,
    what_may_not_replace_changes_nothing,
    a_replacement_that_fails_at_its_end_leaves_the_old_key_in_use,
    nobody_gets_a_replaced_key,
    turns_during_a_replacement_get_one_key_or_the_other,
    an_answer_is_known_by_the_key_that_it_uses,
    a_dead_key_is_gone_and_its_successor_tells_of_it,
    a_replaced_key_makes_room_for_another,
);

pub(super) async fn replace(store: &Store, old: KeyId, new: &NewKey) -> Result<(), ReplaceKeyError> {
    let wanted = Replacement {
        new,
        old,
        next_check: NOW.plus(60),
        most: 2,
        entries: &[entry(new.user, "key.replace")],
    };
    store.replace_key(&wanted).await
}

/// Somebody whose one key was replaced by another one.
async fn replaced(store: &Store) -> (UserId, KeyId, KeyId) {
    let (user, old) = person_with_key(store, "ada").await;
    let new = new_key(user);
    replace(store, old, &new).await.unwrap();
    (user, old, new.id)
}

async fn taken(store: &Store, user: UserId, message: MessageId, key: KeyId) -> Option<KeyId> {
    match store.take_key(user, message, "a", key).await.unwrap() {
        Taken::Key(key) => Some(key.0.id),
        Taken::Withdrawn => None,
        Taken::Lost => panic!("the answer is server a's"),
    }
}

async fn the_new_key_stands_where_the_old_one_stood(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let last = new_key(user);
    store.add_key(&last, 10, &entry(user, "key.add")).await.unwrap();
    store
        .set_key_expiry(user, old, Some(NOW.plus(900)), &entry(user, "key.check"))
        .await
        .unwrap();
    store
        .rename_key(user, old, "renamed", &entry(user, "key.rename"))
        .await
        .unwrap();
    let new = NewKey {
        created_at: NOW.plus(5),
        ..new_key(user)
    };
    replace(&store, old, &new).await.unwrap();
    let keys = store.keys(user).await.unwrap();
    let told: Vec<_> = keys
        .iter()
        .map(|key| (key.id, key.label.as_str(), key.replaced))
        .collect();
    assert_eq!(
        told,
        [
            (old, "renamed", Some((new.id, NOW.plus(5)))),
            (new.id, "renamed", None),
            (last.id, "work", None)
        ]
    );
    let (record, sealed) = store.sealed_key(user, old).await.unwrap().unwrap();
    assert_eq!(sealed.kek_id, "k1", "the old one can still be asked about");
    assert_eq!(
        (record.expires_at, keys[1].expires_at),
        (None, Some(NOW.plus(900)))
    );
    // It is due when it was said, also after it would have been over, and when it was switched off.
    let off = entry(user, "key.switch_off");
    store.set_key_active(user, old, false, &off).await.unwrap();
    let due = async |at| {
        let claimed = store.claim_checks(at, at.plus(5), 10).await.unwrap();
        claimed.contains(&(user, old))
    };
    assert!(!due(NOW.plus(59)).await);
    assert!(due(NOW.plus(60)).await);
    assert!(!due(NOW.plus(60)).await, "one server asks");
    assert!(due(NOW.plus(2_000)).await);

    // What was replaced before follows the key in use.
    let third = new_key(user);
    replace(&store, new.id, &third).await.unwrap();
    let keys = store.keys(user).await.unwrap();
    let successors: Vec<_> = keys
        .iter()
        .filter_map(|key| key.replaced)
        .map(|(by, _)| by)
        .collect();
    assert_eq!(successors, [third.id, third.id]);
}

async fn what_may_not_replace_changes_nothing(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let (eve, _) = person_with_key(&store, "eve").await;
    let other = new_key(user);
    store.add_key(&other, 10, &entry(user, "key.add")).await.unwrap();
    let before = store.keys(user).await.unwrap();
    let same = NewKey {
        key_hash: other.key_hash,
        ..new_key(user)
    };
    let outcome = replace(&store, old, &same).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::Duplicate)), "{outcome:?}");
    let outcome = replace(&store, old, &new_key(eve)).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::NotFound)), "{outcome:?}");
    assert_eq!(store.keys(user).await.unwrap(), before);
    assert_eq!(store.keys(eve).await.unwrap().len(), 1);
    let new = new_key(user);
    replace(&store, old, &new).await.unwrap();
    let outcome = replace(&store, old, &new_key(user)).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::NotFound)), "{outcome:?}");
}

async fn run(store: &Store, sql: &'static str) {
    let query = sqlx::raw_sql(AssertSqlSafe(sql));
    match &store.db {
        Db::Sqlite { writer, .. } => drop(query.execute(writer).await.unwrap()),
        Db::Postgres(pool) => drop(query.execute(pool).await.unwrap()),
    }
}

async fn a_replacement_that_fails_at_its_end_leaves_the_old_key_in_use(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let limits = BudgetLimits {
        day: Some(NanoDollars(100)),
        month: None,
    };
    let limited = entry(user, "rule.budget");
    store
        .set_budget(user, BudgetSubject::Key(old), limits, NOW, &limited)
        .await
        .unwrap();
    let before = (
        store.keys(user).await.unwrap(),
        store.budgets(user).await.unwrap(),
    );
    // The audit entry is written last, and there is nowhere to write it.
    run(&store, "ALTER TABLE audit_heads RENAME TO audit_heads_hidden").await;
    let outcome = replace(&store, old, &new_key(user)).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::Store(_))), "{outcome:?}");
    run(&store, "ALTER TABLE audit_heads_hidden RENAME TO audit_heads").await;
    let after = (
        store.keys(user).await.unwrap(),
        store.budgets(user).await.unwrap(),
    );
    assert_eq!(after, before);
    let (_, message) = running(&store, user).await;
    assert_eq!(taken(&store, user, message, old).await, Some(old));

    // Nor does a key under a former root secret replace anything.
    store.propose_root("k2").await.unwrap();
    store
        .switch_root("k2", &entry(user, "root.switch"))
        .await
        .unwrap();
    let outcome = replace(&store, old, &new_key(user)).await;
    assert!(
        matches!(outcome, Err(ReplaceKeyError::Store(StoreError::RootReplaced))),
        "{outcome:?}"
    );
    assert_eq!(store.keys(user).await.unwrap(), before.0);
}

async fn nobody_gets_a_replaced_key(store: Store) {
    let (user, old, new) = replaced(&store).await;
    let (_, message) = running(&store, user).await;
    assert_eq!(taken(&store, user, message, old).await, Some(new));
    assert_eq!(store.keys_at_work(user).await.unwrap(), [new]);
    assert!(matches!(
        store.take_key(user, message, "b", new).await.unwrap(),
        Taken::Lost
    ));
    let off = entry(user, "key.switch_off");
    store.set_key_active(user, new, false, &off).await.unwrap();
    assert_eq!(taken(&store, user, message, old).await, None);
    store.remove_key(user, new, &off).await.unwrap();
    assert_eq!(
        taken(&store, user, message, old).await,
        None,
        "not the old one again"
    );
    let eve = person(&store, "eve").await;
    let (_, hers) = running(&store, eve).await;
    assert_eq!(taken(&store, eve, hers, old).await, None);
}

async fn turns_during_a_replacement_get_one_key_or_the_other(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let new = new_key(user);
    let mut turns = JoinSet::new();
    for place in 0..16 {
        let (store, new) = (store.clone(), new.id);
        turns.spawn(async move {
            let (_, message) = running(&store, user).await;
            // Whether the replacement was stored before this turn asked for its key.
            let is_over = || async {
                let keys = store.keys(user).await.unwrap();
                keys.iter().any(|key| key.id == new)
            };
            let mut was_over = is_over().await;
            // The later ones keep asking until they have seen both sides of it.
            while place >= 8 && !was_over {
                assert!(taken(&store, user, message, old).await.is_some(), "a turn failed");
                was_over = is_over().await;
            }
            let got = taken(&store, user, message, old).await;
            assert!(
                got == Some(new) || !was_over && got == Some(old),
                "{got:?} after the replacement: {was_over}"
            );
        });
    }
    replace(&store, old, &new).await.unwrap();
    turns.join_all().await;
    let (_, message) = running(&store, user).await;
    assert_eq!(taken(&store, user, message, old).await, Some(new.id));
}

async fn an_answer_is_known_by_the_key_that_it_uses(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let (_, message) = running(&store, user).await;
    assert_eq!(taken(&store, user, message, old).await, Some(old));
    replace(&store, old, &new_key(user)).await.unwrap();
    assert_eq!(
        store.keys_at_work(user).await.unwrap(),
        [old],
        "what runs goes on with it"
    );
    store.leave_key(user, message, "a").await.unwrap();
    assert_eq!(store.keys_at_work(user).await.unwrap(), []);

    let (_, waiting) = running(&store, user).await;
    let new = taken(&store, user, waiting, old).await.unwrap();
    assert_ne!(new, old);
    assert!(
        store
            .pause_turn(user, waiting, "a", NOW.plus(9), None)
            .await
            .unwrap()
    );
    assert_eq!(
        store.keys_at_work(user).await.unwrap(),
        [],
        "what is paused uses none"
    );

    let (_, ending) = running(&store, user).await;
    assert_eq!(taken(&store, user, ending, new).await, Some(new));
    store.finish_turn(&finished(user, ending, "Done.")).await.unwrap();
    assert_eq!(store.keys_at_work(user).await.unwrap(), []);
    let eve = person(&store, "eve").await;
    assert_eq!(store.keys_at_work(eve).await.unwrap(), []);
}

async fn a_dead_key_is_gone_and_its_successor_tells_of_it(store: Store) {
    let (user, old, new) = replaced(&store).await;
    let (eve, dead) = (person(&store, "eve").await, entry(user, "key.found_dead"));
    let at = Millis(NOW.0 + 77);
    assert!(!store.bury_key(eve, old, at, &dead).await.unwrap());
    assert!(
        !store.bury_key(user, new, at, &dead).await.unwrap(),
        "a key in use is not buried"
    );
    assert!(store.bury_key(user, old, at, &dead).await.unwrap());
    assert!(!store.bury_key(user, old, at, &dead).await.unwrap());
    assert!(store.sealed_key(user, old).await.unwrap().is_none());
    let keys = store.keys(user).await.unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(
        keys[0].former,
        Some(Former {
            last_four: "wxyz".into(),
            dead_at: at
        })
    );
}

async fn a_replaced_key_makes_room_for_another(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let second = new_key(user);
    replace(&store, old, &second).await.unwrap();
    let third = new_key(user);
    replace(&store, second.id, &third).await.unwrap();
    // Of keys in use there is one; of replaced ones there are as many as there may be.
    let added = new_key(user);
    store.add_key(&added, 2, &entry(user, "key.add")).await.unwrap();
    let outcome = replace(&store, third.id, &new_key(user)).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::TooMany)), "{outcome:?}");
    store
        .remove_key(user, old, &entry(user, "key.remove"))
        .await
        .unwrap();
    replace(&store, third.id, &new_key(user)).await.unwrap();
}
