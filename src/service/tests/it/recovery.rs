//! A server that is gone in mid-answer: every character that a reader was shown is kept, the answer says that
//! it was interrupted, and trying again works.

use marshmallow_core::{MessageStatus, Millis, Provider, UserId};
use marshmallow_service::Readiness;
use tokio::{runtime::Runtime, sync::watch};

use crate::harness::{Answer, Reader, Server, Setup, World, eventually, model, on_both, on_one, said};

on_both!(a_server_that_stops_keeps_what_its_answers_have);
on_one!(
    a_server_without_the_root_secret_is_not_ready,
    after_a_crash_the_next_server_keeps_every_character_that_was_shown,
);

mod elsewhere {
    use super::*;

    mod postgres {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn another_server_takes_over_when_the_lease_has_run_out() {
            crate::harness::on_postgres(super::another_server_takes_over_when_the_lease_has_run_out).await;
        }
    }

    async fn another_server_takes_over_when_the_lease_has_run_out(world: World) {
        let other = world.server().await;
        let user = other.person("ada").await;
        other.key(user, Provider::Anthropic, "simvalid").await;
        let shown = crash_in_mid_answer(&world, user).await;
        let (conversation, message) = (shown.conversation(), shown.message());

        // A heart that beats ends old sessions too: two of them, and the lease was looked at in between.
        for beat in 0..2 {
            world
                .database
                .run(&format!(
                    "INSERT INTO sessions (id, token_hash, user_id, created_at, last_seen, expires_at,
                            user_agent, address)
                     VALUES ('{beat}', '{beat}', '{user}', 0, 0, 1, '', '')"
                ))
                .await;
            eventually("a heartbeat", async || {
                (world.database.number("SELECT COUNT(*) FROM sessions").await == 0).then_some(())
            })
            .await;
        }
        let view = other.chat.conversation(user, conversation).await.unwrap();
        assert_eq!(view.messages[1].status, MessageStatus::Streaming);
        let reader = other.attach(user, message, Some(shown.clone())).await;

        world.clock.advance(20_000);
        let read = reader.end().await;
        assert_eq!(read.status(), MessageStatus::Interrupted);
        is_interrupted(&other, user, &shown).await;
        tries_again(&other, user, &shown).await;
    }
}

const QUESTION: &str = "Hello #sim emoji delay=5 words=20000 reasoning=5";

/// Lets a server on a runtime of its own write an answer, and takes that runtime away in the middle of it.
/// Gives what its reader had been shown until then.
async fn crash_in_mid_answer(world: &World, user: UserId) -> Answer {
    let doomed = Runtime::new().unwrap();
    let starting = world.starting(Setup::default());
    let (show, mut shown) = watch::channel(Answer::default());
    doomed.spawn(async move {
        let server = starting.await.unwrap();
        let mut reader = server.begin(user, model(Provider::Anthropic), QUESTION).await;
        while reader.advance().await {
            show.send_replace(reader.answer.clone());
        }
    });
    shown
        .wait_for(|answer| answer.text.chars().count() > 150)
        .await
        .unwrap();
    doomed.shutdown_background();
    // All that the reader had been shown when its runtime was gone.
    while shown.changed().await.is_ok() {}
    shown.borrow().clone()
}

async fn is_interrupted(server: &Server, user: UserId, shown: &Answer) {
    let view = server
        .chat
        .conversation(user, shown.conversation())
        .await
        .unwrap();
    let kept = &view.messages[1];
    assert_eq!(kept.status, MessageStatus::Interrupted);
    assert!(
        kept.text.starts_with(&shown.text),
        "{:?} does not begin with {:?}",
        kept.text,
        shown.text
    );
    assert!(said(QUESTION).starts_with(&kept.text));
    assert_eq!(kept.reasoning, shown.reasoning);
    assert!(!shown.text.is_empty() && !shown.reasoning.is_empty());
    let receipt = kept.receipt.as_ref().unwrap();
    assert_eq!(receipt.credential, shown.start.as_ref().unwrap().credential);
    assert!(receipt.cost.is_estimated && receipt.cost.amount.is_some());
    let usage = server.store.usage_of(user, Millis(0)).await.unwrap();
    assert_eq!(usage.len(), 1);
    assert_eq!(
        (usage[0].row.outcome, usage[0].row.usage),
        (MessageStatus::Interrupted, receipt.usage)
    );
}

async fn tries_again(server: &Server, user: UserId, shown: &Answer) {
    let name = model(Provider::Anthropic).parse().unwrap();
    let stream = server.chat.retry(user, shown.message(), name).await.unwrap();
    let mut again = Reader::new(stream);
    again.until(|answer| answer.text.len() > 50).await;
    assert_eq!(
        again.answer.start.as_ref().unwrap().question,
        shown.start.as_ref().unwrap().question
    );
    server.chat.stop(user, again.answer.message()).await.unwrap();
    assert_eq!(again.end().await.status(), MessageStatus::Stopped);
}

async fn after_a_crash_the_next_server_keeps_every_character_that_was_shown(world: World) {
    let first = world.server().await;
    let user = first.person("ada").await;
    first.key(user, Provider::Anthropic, "simvalid").await;
    first.shut_down().await;
    let shown = crash_in_mid_answer(&world, user).await;
    assert_eq!(world.database.number("SELECT COUNT(*) FROM generations").await, 1);

    let next = world.server().await;
    is_interrupted(&next, user, &shown).await;
    assert_eq!(world.database.number("SELECT COUNT(*) FROM generations").await, 0);
    assert_eq!(world.database.number("SELECT COUNT(*) FROM journal").await, 0);
    // A browser that comes back with what it had gets the answer as it is now.
    let read = next
        .attach(user, shown.message(), Some(shown.clone()))
        .await
        .end()
        .await;
    assert!(read.text.starts_with(&shown.text) && read.status() == MessageStatus::Interrupted);
    tries_again(&next, user, &shown).await;
}

async fn a_server_without_the_root_secret_is_not_ready(world: World) {
    let server = world.server().await;
    assert_eq!(server.readiness().await, Readiness::Ready);
    world
        .database
        .run("UPDATE installation SET kek_id = 'of another root secret'")
        .await;
    assert_eq!(server.readiness().await, Readiness::RootSecretMissing);
}

async fn a_server_that_stops_keeps_what_its_answers_have(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::Anthropic, "simvalid").await;
    let mut readers = Vec::new();
    for _ in 0..3 {
        let mut reader = server.begin(user, model(Provider::Anthropic), QUESTION).await;
        reader.until(|answer| answer.text.len() > 50).await;
        readers.push(reader);
    }
    server.shut_down().await;
    assert_eq!(server.readiness().await, Readiness::DatabaseSilent);
    let next = world.server().await;
    for reader in readers {
        let answer = reader.end().await;
        assert_eq!(answer.status(), MessageStatus::Interrupted);
        let view = next.chat.conversation(user, answer.conversation()).await.unwrap();
        let kept = &view.messages[1];
        assert_eq!(
            (kept.status, &kept.text),
            (MessageStatus::Interrupted, &answer.text)
        );
        assert_eq!(kept.receipt.as_ref(), Some(answer.receipt()));
    }
}
