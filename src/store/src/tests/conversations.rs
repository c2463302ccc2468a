//! Conversations: paged without gaps, and deleted whole.

use std::collections::BTreeSet;

use marshmallow_core::{ConversationId, Millis, UserId};

use super::harness::{Counter, NOW, finished, new_turn, on_both, person, running};
use crate::{ConversationRecord, Store, TurnPlace, db::Sql};

on_both!(
    pages_hold_everything_once,
    pages_stay_stable_while_new_ones_begin,
    a_conversation_is_renamed,
    a_deleted_conversation_takes_its_messages_along,
    a_long_conversation_is_read_and_deleted,
);

async fn begun_at(store: &Store, user: UserId, now: Millis) -> ConversationId {
    let id = ConversationId::make(now, &Counter);
    let mut turn = new_turn(user);
    turn.now = now;
    turn.place = TurnPlace::New {
        id,
        title: "A talk".to_owned(),
    };
    store.begin_turn(&turn).await.unwrap();
    id
}

fn behind(page: &[ConversationRecord]) -> Option<(Millis, ConversationId)> {
    page.last().map(|last| (last.updated_at, last.id))
}

async fn pages_hold_everything_once(store: Store) {
    let user = person(&store, "ada").await;
    let mut begun = BTreeSet::new();
    for number in 0..10 {
        // Several at the same moment, so that a page ends among equals.
        begun.insert(begun_at(&store, user, NOW.plus(number / 4)).await);
    }
    let mut read = Vec::new();
    loop {
        let page = store.conversations(user, behind(&read), 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!(read.len(), 10);
    assert!(read.is_sorted_by(|newer, older| newer.updated_at >= older.updated_at));
    assert_eq!(read.iter().map(|one| one.id).collect::<BTreeSet<_>>(), begun);
}

async fn pages_stay_stable_while_new_ones_begin(store: Store) {
    let user = person(&store, "ada").await;
    for number in 0..4 {
        begun_at(&store, user, NOW.plus(number)).await;
    }
    let whole = store.conversations(user, None, 10).await.unwrap();
    let first = store.conversations(user, None, 2).await.unwrap();
    begun_at(&store, user, NOW.plus(100)).await;
    let second = store.conversations(user, behind(&first), 2).await.unwrap();
    assert_eq!([first, second].concat(), whole);
}

async fn a_conversation_is_renamed(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    assert!(store.rename_conversation(user, id, "Cats").await.unwrap());
    let stored = store.conversation(user, id).await.unwrap().unwrap();
    assert_eq!((stored.title.as_str(), stored.leaf), ("Cats", Some(answer)));
    assert_eq!((stored.created_at, stored.updated_at), (NOW, NOW));
    assert_eq!(stored.model.as_deref(), Some("openai/gpt-5"));
}

async fn a_deleted_conversation_takes_its_messages_along(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let (other, _) = running(&store, user).await;
    assert!(store.delete_conversation(user, id).await.unwrap());
    assert!(!store.delete_conversation(user, id).await.unwrap());
    assert!(store.conversation(user, id).await.unwrap().is_none());
    assert!(store.branch(user, id).await.unwrap().is_empty());
    assert!(store.message(user, answer).await.unwrap().is_none());
    assert!(store.generation(user, answer).await.unwrap().is_none());
    assert!(
        !store
            .finish_turn(&finished(user, answer, "too late"))
            .await
            .unwrap()
    );
    assert_eq!(store.branch(user, other).await.unwrap().len(), 2);
}

const CHAIN: Sql = Sql::new(
    "messages",
    "WITH RECURSIVE chain (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM chain WHERE n < 3000)
     INSERT INTO messages (id, conversation_id, user_id, parent_id, author, status, text, reasoning, created_at)
     SELECT '00000000-0000-7000-8000-' || substr('000000000000' || n, length('' || n) + 1), $2, $1,
            CASE WHEN n > 1
                 THEN '00000000-0000-7000-8000-' || substr('000000000000' || (n - 1), length('' || (n - 1)) + 1) END,
            'user', 'complete', '' || n, '', 0
       FROM chain",
);
const SHOW_CHAIN: Sql = Sql::new(
    "conversations",
    "UPDATE conversations SET leaf_id = '00000000-0000-7000-8000-000000003000' WHERE user_id = $1 AND id = $2",
);

async fn a_long_conversation_is_read_and_deleted(store: Store) {
    let user = person(&store, "ada").await;
    let (id, _) = running(&store, user).await;
    store
        .db
        .execute(&CHAIN, crate::db::values![user, id])
        .await
        .unwrap();
    store
        .db
        .execute(&SHOW_CHAIN, crate::db::values![user, id])
        .await
        .unwrap();
    let texts: Vec<_> = store
        .branch(user, id)
        .await
        .unwrap()
        .into_iter()
        .map(|message| message.text)
        .collect();
    assert_eq!(texts, (1..=3000).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(store.delete_conversation(user, id).await.unwrap());
    assert!(store.branch(user, id).await.unwrap().is_empty());
}
