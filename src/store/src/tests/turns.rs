//! Turns: where question and answer land in the tree, one at a time, and how they end.

use marshmallow_core::{
    Author, ConversationId, CredentialKind, MessageId, MessageStatus, NanoDollars, Provider, Usage,
};
use tokio::task::JoinSet;

use super::harness::{
    Counter, NOW, finished, new_turn, next_turn, on_both, person, person_with_key, running, send,
};
use crate::{BeginTurnError, Store, StoreError, TurnPlace, TurnQuestion, UsageRow};

on_both!(
    a_turn_stores_question_and_empty_answer,
    the_next_question_follows_the_leaf,
    a_retry_shows_the_new_answer_beside_the_old,
    one_answer_runs_in_a_conversation,
    of_many_turns_at_once_one_begins,
    a_retry_needs_a_question_of_this_conversation,
    a_refused_turn_leaves_nothing,
    a_finished_turn_holds_everything,
    a_turn_ends_once,
);

async fn shown(store: &Store, user: marshmallow_core::UserId, id: ConversationId) -> Vec<String> {
    let branch = store.branch(user, id).await.unwrap();
    branch.into_iter().map(|message| message.text).collect()
}

async fn a_turn_stores_question_and_empty_answer(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let branch = store.branch(user, id).await.unwrap();
    let [question, running] = branch.as_slice() else {
        panic!("{branch:?}")
    };
    assert_eq!(
        (question.author, question.status),
        (Author::User, MessageStatus::Complete)
    );
    assert_eq!(
        (question.text.as_str(), question.parent, &question.model),
        ("Hello?", None, &None)
    );
    assert_eq!((running.id, running.parent), (answer, Some(question.id)));
    assert_eq!(
        (running.author, running.status),
        (Author::Assistant, MessageStatus::Streaming)
    );
    assert_eq!((running.text.as_str(), running.completed_at), ("", None));
    assert_eq!(running.model.as_deref(), Some("openai/gpt-5"));
    let generation = store.generation(user, answer).await.unwrap().unwrap();
    assert_eq!((generation.conversation, generation.owner.as_str()), (id, "a"));
    assert_eq!(
        (generation.lease_until, generation.stop_requested),
        (NOW.plus(10_000), false)
    );
}

async fn the_next_question_follows_the_leaf(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    store
        .finish_turn(&finished(user, answer, "Hello!"))
        .await
        .unwrap();
    let mut next = next_turn(user, id, send("And now?"));
    next.now = NOW.plus(7);
    next.model = "google/gemini".to_owned();
    store.begin_turn(&next).await.unwrap();
    store
        .finish_turn(&finished(user, next.answer, "Later."))
        .await
        .unwrap();
    assert_eq!(
        shown(&store, user, id).await,
        ["Hello?", "Hello!", "And now?", "Later."]
    );
    let conversation = store.conversation(user, id).await.unwrap().unwrap();
    assert_eq!(
        (conversation.updated_at, conversation.model.as_deref()),
        (NOW.plus(7), Some("google/gemini"))
    );
}

async fn a_retry_shows_the_new_answer_beside_the_old(store: Store) {
    let user = person(&store, "ada").await;
    let (id, old) = running(&store, user).await;
    store
        .finish_turn(&finished(user, old, "First try"))
        .await
        .unwrap();
    let question = store.branch(user, id).await.unwrap()[0].id;
    let retry = next_turn(user, id, TurnQuestion::Retry(question));
    store.begin_turn(&retry).await.unwrap();
    store
        .finish_turn(&finished(user, retry.answer, "Second try"))
        .await
        .unwrap();
    assert_eq!(shown(&store, user, id).await, ["Hello?", "Second try"]);
    let old = store.message(user, old).await.unwrap().unwrap();
    assert_eq!((old.text.as_str(), old.parent), ("First try", Some(question)));
    let next = next_turn(user, id, send("Thanks"));
    store.begin_turn(&next).await.unwrap();
    assert_eq!(
        shown(&store, user, id).await,
        ["Hello?", "Second try", "Thanks", ""]
    );
}

async fn one_answer_runs_in_a_conversation(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let impatient = next_turn(user, id, send("Hurry"));
    assert!(matches!(
        store.begin_turn(&impatient).await,
        Err(BeginTurnError::Busy)
    ));
    store.finish_turn(&finished(user, answer, "Done")).await.unwrap();
    store.begin_turn(&impatient).await.unwrap();
}

async fn of_many_turns_at_once_one_begins(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    store.finish_turn(&finished(user, answer, "Done")).await.unwrap();
    let mut turns = JoinSet::new();
    for _ in 0..12 {
        let store = store.clone();
        turns.spawn(async move { store.begin_turn(&next_turn(user, id, send("Me first"))).await });
    }
    let outcomes = turns.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let busy = |outcome: &&Result<_, _>| matches!(outcome, Err(BeginTurnError::Busy));
    assert_eq!(outcomes.iter().filter(busy).count(), 11);
    assert_eq!(shown(&store, user, id).await, ["Hello?", "Done", "Me first", ""]);
}

async fn a_retry_needs_a_question_of_this_conversation(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    store.finish_turn(&finished(user, answer, "Done")).await.unwrap();
    let (elsewhere, _) = running(&store, user).await;
    let other_question = store.branch(user, elsewhere).await.unwrap()[0].id;
    for wrong in [answer, other_question, MessageId::make(NOW, &Counter)] {
        let turn = next_turn(user, id, TurnQuestion::Retry(wrong));
        assert!(matches!(
            store.begin_turn(&turn).await,
            Err(BeginTurnError::NotFound)
        ));
    }
    assert_eq!(shown(&store, user, id).await, ["Hello?", "Done"]);
}

async fn a_refused_turn_leaves_nothing(store: Store) {
    let user = person(&store, "ada").await;
    let (_, taken) = running(&store, user).await;
    let mut turn = new_turn(user);
    turn.answer = taken;
    let refused = store.begin_turn(&turn).await;
    assert!(matches!(
        refused,
        Err(BeginTurnError::Store(StoreError::Conflict))
    ));
    let TurnPlace::New { id, .. } = turn.place else {
        unreachable!("new_turn begins a conversation")
    };
    assert!(store.conversation(user, id).await.unwrap().is_none());
}

fn used(key: marshmallow_core::KeyId) -> UsageRow {
    UsageRow {
        key: Some(key),
        credential: CredentialKind::Own,
        provider: Provider::OpenAi,
        model: "openai/gpt-5".to_owned(),
        usage: Usage {
            input: 10,
            cached_input: 4,
            cache_write: 1,
            output: 20,
            reasoning: 5,
        },
        cost: Some(NanoDollars(123)),
        is_estimated: true,
        ttft_ms: None,
        duration_ms: 900,
        outcome: MessageStatus::Stopped,
        fallback_reason: Some("exhausted".to_owned()),
        created_at: NOW.plus(500),
    }
}

async fn a_finished_turn_holds_everything(store: Store) {
    let (user, key) = person_with_key(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let mut turn = finished(user, answer, "Half an ans");
    turn.status = MessageStatus::Stopped;
    turn.reasoning = "Hm.".to_owned();
    turn.receipt = Some(r#"{"paid":"you"}"#.to_owned());
    turn.error = Some(r#"{"code":"x"}"#.to_owned());
    turn.usage = Some(used(key));
    turn.used_key = Some(key);
    assert!(store.finish_turn(&turn).await.unwrap());
    let stored = store.message(user, answer).await.unwrap().unwrap();
    assert_eq!(
        (stored.status, stored.text, stored.reasoning),
        (turn.status, turn.text, turn.reasoning)
    );
    assert_eq!((stored.receipt, stored.error), (turn.receipt, turn.error));
    assert_eq!(stored.completed_at, Some(NOW.plus(500)));
    assert_eq!(store.keys(user).await.unwrap()[0].last_used, Some(NOW.plus(500)));
    assert!(store.generation(user, answer).await.unwrap().is_none());
    store.delete_conversation(user, id).await.unwrap();
    let usage = store.usage_of(user, NOW.plus(500)).await.unwrap();
    assert_eq!((usage[0].message, &usage[0].row), (answer, &used(key)));
    assert!(store.usage_of(user, NOW.plus(501)).await.unwrap().is_empty());
}

async fn a_turn_ends_once(store: Store) {
    let (user, key) = person_with_key(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let mut turn = finished(user, answer, "The answer");
    turn.usage = Some(used(key));
    let mut endings = JoinSet::new();
    for _ in 0..6 {
        let (store, turn) = (store.clone(), turn.clone());
        endings.spawn(async move { store.finish_turn(&turn).await.unwrap() });
    }
    let endings = endings.join_all().await;
    assert_eq!(endings.into_iter().filter(|&ended| ended).count(), 1);
    let again = finished(user, answer, "Another answer");
    assert!(!store.finish_turn(&again).await.unwrap());
    assert_eq!(
        store.message(user, answer).await.unwrap().unwrap().text,
        "The answer"
    );
    assert_eq!(store.usage_of(user, NOW).await.unwrap().len(), 1);
}
