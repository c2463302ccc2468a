//! Leases: one server writes an answer; when it is gone another takes over, and the old one has no say any more.

use marshmallow_core::MessageId;
use tokio::task::JoinSet;

use super::harness::{NOW, finished, on_both, person, running};
use crate::{
    JournalRow, Store,
    db::{Db, Sql, values},
};

on_both!(
    a_lease_expires_unless_it_is_extended,
    of_many_claims_one_succeeds,
    a_claim_takes_the_answer_from_its_former_owner,
    a_claim_in_flight_stops_the_former_owner_too,
    an_extended_lease_cannot_be_claimed,
    a_stop_reaches_the_owner,
    a_single_server_finds_what_a_killed_one_left,
);

fn frame(message: MessageId, seq: u32) -> JournalRow {
    JournalRow {
        message,
        seq,
        frame: "{}".to_owned(),
    }
}

async fn a_lease_expires_unless_it_is_extended(store: Store) {
    let user = person(&store, "ada").await;
    let (conversation, answer) = running(&store, user).await;
    assert!(store.expired_turns(NOW.plus(9_999)).await.unwrap().is_empty());
    let expired = store.expired_turns(NOW.plus(10_000)).await.unwrap();
    assert_eq!(expired.len(), 1);
    assert_eq!(
        (expired[0].message, expired[0].user, expired[0].conversation),
        (answer, user, conversation)
    );
    store.extend_leases("b", NOW.plus(30_000)).await.unwrap();
    assert_eq!(store.expired_turns(NOW.plus(10_000)).await.unwrap().len(), 1);
    store.extend_leases("a", NOW.plus(30_000)).await.unwrap();
    assert!(store.expired_turns(NOW.plus(10_000)).await.unwrap().is_empty());
}

async fn of_many_claims_one_succeeds(store: Store) {
    let user = person(&store, "ada").await;
    running(&store, user).await;
    let expired = store.expired_turns(NOW.plus(10_000)).await.unwrap().remove(0);
    let mut claims = JoinSet::new();
    for number in 0..10 {
        let (store, expired) = (store.clone(), expired.clone());
        let owner = format!("server {number}");
        claims.spawn(async move {
            store
                .claim_turn(&expired, &owner, NOW.plus(20_000))
                .await
                .unwrap()
        });
    }
    assert_eq!(
        claims
            .join_all()
            .await
            .into_iter()
            .filter(|&claimed| claimed)
            .count(),
        1
    );
}

async fn a_claim_takes_the_answer_from_its_former_owner(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    store.append_frames("a", &[frame(answer, 0)]).await.unwrap();
    let expired = store.expired_turns(NOW.plus(10_000)).await.unwrap().remove(0);
    assert!(store.claim_turn(&expired, "b", NOW.plus(20_000)).await.unwrap());
    assert_eq!(
        store.append_frames("a", &[frame(answer, 1)]).await.unwrap(),
        [answer]
    );
    assert!(
        !store
            .finish_turn(&finished(user, answer, "from a"))
            .await
            .unwrap()
    );
    assert_eq!(store.frames(user, answer, None, 10).await.unwrap().len(), 1);
    assert!(
        store
            .append_frames("b", &[frame(answer, 1)])
            .await
            .unwrap()
            .is_empty()
    );
    let mut ending = finished(user, answer, "from b");
    ending.owner = "b".to_owned();
    assert!(store.finish_turn(&ending).await.unwrap());
    assert_eq!(store.message(user, answer).await.unwrap().unwrap().text, "from b");
}

const CLAIM: Sql = Sql::new(
    "generations",
    "UPDATE generations SET owner = 'b' WHERE message_id = $1",
);
const WAITING: Sql = Sql::new(
    "pg_stat_activity",
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
);

async fn a_claim_in_flight_stops_the_former_owner_too(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let (_, other) = running(&store, user).await;
    let mut claim = store.db.begin().await.unwrap();
    claim.execute(&CLAIM, values![answer]).await.unwrap();
    let writer = store.clone();
    let write = tokio::spawn(async move {
        writer
            .append_frames("a", &[frame(answer, 0), frame(other, 0)])
            .await
            .unwrap()
    });
    // On PostgreSQL the write has looked at the lease already and now waits for the claim; on SQLite it queues.
    if let Db::Postgres(_) = store.db {
        while store.db.all(&WAITING, vec![]).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
    claim.commit().await.unwrap();
    assert_eq!(write.await.unwrap(), [answer]);
    assert!(store.frames(user, answer, None, 10).await.unwrap().is_empty());
    assert_eq!(store.frames(user, other, None, 10).await.unwrap().len(), 1);
}

async fn an_extended_lease_cannot_be_claimed(store: Store) {
    let user = person(&store, "ada").await;
    running(&store, user).await;
    let expired = store.expired_turns(NOW.plus(10_000)).await.unwrap().remove(0);
    store.extend_leases("a", NOW.plus(20_000)).await.unwrap();
    assert!(!store.claim_turn(&expired, "b", NOW.plus(30_000)).await.unwrap());
}

async fn a_stop_reaches_the_owner(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    running(&store, user).await;
    assert!(
        store
            .extend_leases("a", NOW.plus(20_000))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.request_stop(user, answer).await.unwrap());
    assert!(
        store
            .generation(user, answer)
            .await
            .unwrap()
            .unwrap()
            .stop_requested
    );
    assert_eq!(
        store.extend_leases("a", NOW.plus(20_000)).await.unwrap(),
        [answer]
    );
    store.finish_turn(&finished(user, answer, "So f")).await.unwrap();
    assert!(!store.request_stop(user, answer).await.unwrap());
}

async fn a_single_server_finds_what_a_killed_one_left(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    assert!(store.turns_of_other_owners("a").await.unwrap().is_empty());
    let left = store.turns_of_other_owners("b").await.unwrap();
    assert_eq!(left.iter().map(|turn| turn.message).collect::<Vec<_>>(), [answer]);
    assert!(store.claim_turn(&left[0], "b", NOW.plus(20_000)).await.unwrap());
    assert!(store.turns_of_other_owners("b").await.unwrap().is_empty());
}
