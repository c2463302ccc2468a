//! The budget of a key that another one replaces: it moves whole, and comes back with the key that is taken back.

use marshmallow_core::{
    BudgetSubject, CredentialKind, KeyId, MessageId, MessageStatus, NanoDollars, Period, Provider, Usage,
    UserId,
};

use super::{
    harness::{NOW, entry, finished, new_key, on_both, person_with_key, running},
    replace::replace,
};
use crate::{BudgetLimits, FinishedTurn, NewKey, ReplaceKeyError, Reservation, Reserved, Store, UsageRow};

on_both!(
    a_budget_moves_with_what_is_reserved_and_spent,
    a_key_is_taken_back_under_the_same_limits,
);

fn wanted(user: UserId, message: MessageId, key: KeyId, amount: i64) -> Reservation {
    Reservation {
        user,
        message,
        owner: "a".to_owned(),
        key: Some(key),
        platform_day: None,
        amount: Some(NanoDollars(amount)),
        now: NOW,
    }
}

fn spent(user: UserId, message: MessageId, key: KeyId, cost: i64) -> FinishedTurn {
    FinishedTurn {
        usage: Some(UsageRow {
            key: Some(key),
            credential: CredentialKind::Own,
            provider: Provider::OpenAi,
            model: "openai/gpt-5".to_owned(),
            usage: Usage::default(),
            cost: Some(NanoDollars(cost)),
            is_estimated: false,
            ttft_ms: None,
            duration_ms: 5,
            outcome: MessageStatus::Complete,
            fallback_reason: None,
            created_at: NOW,
        }),
        used_key: Some(key),
        ..finished(user, message, "Done.")
    }
}

/// Used and reserved of a key's daily budget.
async fn of_day(store: &Store, user: UserId, key: KeyId) -> Option<(i64, i64)> {
    let budgets = store.budgets(user).await.unwrap();
    let budget = budgets
        .iter()
        .find(|budget| budget.subject == BudgetSubject::Key(key))?;
    let day = budget.allowance(Period::Day, NOW)?;
    Some((day.used.0, day.reserved.0))
}

async fn a_budget_moves_with_what_is_reserved_and_spent(store: Store) {
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
    let (_, first) = running(&store, user).await;
    assert_eq!(
        store.reserve(&wanted(user, first, old, 30)).await.unwrap(),
        Reserved::Held
    );
    store.finish_turn(&spent(user, first, old, 20)).await.unwrap();
    let (_, draining) = running(&store, user).await;
    store.reserve(&wanted(user, draining, old, 40)).await.unwrap();
    let (_, late) = running(&store, user).await;
    assert_eq!(of_day(&store, user, old).await, Some((20, 40)));

    let new = new_key(user);
    replace(&store, old, &new).await.unwrap();
    assert_eq!(of_day(&store, user, old).await, None);
    assert_eq!(of_day(&store, user, new.id).await, Some((20, 40)));
    // What was taken before the replacement and is priced only now counts towards the same budget.
    assert_eq!(
        store.reserve(&wanted(user, late, old, 41)).await.unwrap(),
        Reserved::Over(BudgetSubject::Key(new.id), Period::Day)
    );
    store.reserve(&wanted(user, late, old, 10)).await.unwrap();
    store.reserve(&wanted(user, draining, old, 5)).await.unwrap();
    assert_eq!(of_day(&store, user, new.id).await, Some((20, 55)));
    store.finish_turn(&spent(user, late, old, 10)).await.unwrap();
    assert_eq!(of_day(&store, user, new.id).await, Some((30, 45)));
    // Also after the old key is gone.
    store
        .bury_key(user, old, NOW, &entry(user, "key.found_dead"))
        .await
        .unwrap();
    store.reserve(&wanted(user, draining, old, 5)).await.unwrap();
    assert_eq!(of_day(&store, user, new.id).await, Some((30, 50)));
    store.finish_turn(&spent(user, draining, old, 33)).await.unwrap();
    assert_eq!(of_day(&store, user, new.id).await, Some((63, 0)));
    let other = entry(user, "rule.budget");
    let limit = store.set_budget(user, BudgetSubject::Key(old), limits, NOW, &other);
    assert!(!limit.await.unwrap(), "nobody limits a key that serves nothing");
}

async fn a_key_is_taken_back_under_the_same_limits(store: Store) {
    let (user, old) = person_with_key(&store, "ada").await;
    let limits = BudgetLimits {
        day: Some(NanoDollars(100)),
        month: Some(NanoDollars(900)),
    };
    let (_, message) = running(&store, user).await;
    store.finish_turn(&spent(user, message, old, 20)).await.unwrap();
    let limited = entry(user, "rule.budget");
    store
        .set_budget(user, BudgetSubject::Key(old), limits, NOW, &limited)
        .await
        .unwrap();
    let new = NewKey {
        created_at: NOW.plus(5),
        ..new_key(user)
    };
    replace(&store, old, &new).await.unwrap();
    let back = entry(user, "key.take_back");
    let (_, other) = person_with_key(&store, "eve").await;
    for not_there in [new.id, other] {
        let outcome = store.take_key_back(user, not_there, 10, NOW, &back).await;
        assert!(matches!(outcome, Err(ReplaceKeyError::NotFound)), "{outcome:?}");
    }
    let outcome = store.take_key_back(user, old, 1, NOW, &back).await;
    assert!(matches!(outcome, Err(ReplaceKeyError::TooMany)), "{outcome:?}");
    assert!(store.keys(user).await.unwrap()[0].replaced.is_some());

    store.take_key_back(user, old, 2, NOW, &back).await.unwrap();
    let keys = store.keys(user).await.unwrap();
    let told: Vec<_> = keys.iter().map(|key| (key.id, key.replaced)).collect();
    assert_eq!(told, [(old, None), (new.id, None)]);
    assert_eq!(
        of_day(&store, user, old).await,
        Some((20, 0)),
        "its own spending counts"
    );
    assert_eq!(of_day(&store, user, new.id).await, Some((20, 0)));
}
