//! A database that does not take what is written: nothing is shown that is not stored, people read why, no
//! typed message is lost, and afterwards the answer ends as it should.
//! A full disk is brought about by a trigger that refuses: a real one needs a file system of its own, and
//! how SQLite tells of it is tried in `store`.

use std::time::Duration;

use marshmallow_core::{ErrorCode, MessageStatus, Provider, UserId};

use crate::harness::{Answer, Server, World, eventually, model, on_both, on_sqlite, refusal, said};

on_both!(
    what_a_short_lock_keeps_from_being_stored_is_not_shown,
    a_lock_that_outlasts_all_patience_is_told_and_the_answer_kept,
    a_journal_that_refuses_is_told_and_the_answer_kept,
    a_message_that_cannot_be_stored_is_refused_and_not_sent,
);

async fn conversations(server: &Server, user: UserId) -> usize {
    server
        .chat
        .conversations(user, None)
        .await
        .unwrap()
        .conversations
        .len()
}

/// Waits for the end of an answer in the database, whatever its readers were told.
async fn ended(server: &Server, user: UserId, answer: &Answer) -> (MessageStatus, String) {
    eventually("an end in the database", async || {
        let message = server.store.message(user, answer.message()).await.ok()??;
        (message.status != MessageStatus::Streaming).then_some((message.status, message.text))
    })
    .await
}

async fn what_a_short_lock_keeps_from_being_stored_is_not_shown(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world.simulator.clear();
    let message = "Hello #sim delay=2 words=300";
    let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
    reader.until(|answer| answer.next > 5).await;
    let message_id = reader.answer.message();
    let mut side = world.database.side().await;
    side.lock().await;
    // What is stored now is all that may be read until the lock goes, however much the provider says.
    let stored = side.number("SELECT COUNT(*) FROM journal").await;
    let reading = tokio::spawn(reader.end());
    let mut late = server.attach(user, message_id, None).await;
    late.until(|answer| i64::from(answer.next) == stored).await;
    let going_on = tokio::time::timeout(Duration::from_millis(700), late.advance()).await;
    assert!(
        going_on.is_err(),
        "something was shown that is not stored: {:?}",
        late.answer
    );
    side.run("COMMIT").await;

    let answer = reading.await.unwrap();
    assert_eq!(
        (answer.text, answer.done.unwrap().0),
        (said(message), MessageStatus::Complete)
    );
    assert_eq!(late.end().await.text, said(message));
}

async fn a_lock_that_outlasts_all_patience_is_told_and_the_answer_kept(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let message = "Hello #sim delay=2 words=20000";
    let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
    reader.until(|answer| answer.next > 5).await;
    let mut side = world.database.side().await;
    side.lock().await;
    let stored = side.number("SELECT COUNT(*) FROM journal").await;
    let answer = reader.end().await;
    assert_eq!(
        answer.error.as_ref().map(|error| error.code),
        Some(ErrorCode::Storage)
    );
    assert_eq!(answer.status(), MessageStatus::Interrupted);
    assert_eq!(i64::from(answer.next), stored);
    side.run("COMMIT").await;

    let (status, text) = ended(&server, user, &answer).await;
    assert_eq!(status, MessageStatus::Interrupted);
    assert!(text.starts_with(&answer.text) && said(message).starts_with(&text));
    assert!(
        server
            .ask(user, model(Provider::OpenAi), "Again #sim delay=0 words=3")
            .await
            .error
            .is_none()
    );
}

async fn a_journal_that_refuses_is_told_and_the_answer_kept(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let message = "Hello #sim delay=2 words=20000";
    let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
    reader.until(|answer| answer.next > 5).await;
    refuse(&world, "INSERT", "journal").await;
    let answer = reader.end().await;
    assert_eq!(
        answer.error.as_ref().map(|error| error.code),
        Some(ErrorCode::Storage)
    );
    assert_eq!(answer.status(), MessageStatus::Interrupted);
    // The journal takes nothing, yet the answer itself is stored, with all that came.
    let (status, text) = ended(&server, user, &answer).await;
    assert_eq!(status, MessageStatus::Interrupted);
    assert!(text.starts_with(&answer.text) && text.len() > answer.text.len());
}

async fn a_message_that_cannot_be_stored_is_refused_and_not_sent(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world.simulator.clear();
    refuse(&world, "INSERT", "messages").await;
    let error = refusal(server.send(user, None, model(Provider::OpenAi), "Hello").await);
    assert_eq!(error.code, ErrorCode::Storage);
    assert!(error.next_step.contains("Your text is still here"), "{error}");
    assert_eq!(conversations(&server, user).await, 0);
    accept(&world, "messages").await;

    let mut side = world.database.side().await;
    side.lock().await;
    let error = refusal(server.send(user, None, model(Provider::OpenAi), "Hello").await);
    assert_eq!(error.code, ErrorCode::Storage);
    side.run("COMMIT").await;
    assert_eq!(conversations(&server, user).await, 0);
    assert!(world.simulator.requests().is_empty());
    let answer = server
        .ask(user, model(Provider::OpenAi), "Hello #sim delay=0 words=3")
        .await;
    assert_eq!(answer.status(), MessageStatus::Complete);
}

/// An answer whose end cannot be stored: its readers are told after the first tries, and it is stored when
/// that works again, after more tries than those. Time is made to fly, for the pauses between tries are long.
#[tokio::test]
async fn an_answer_is_stored_however_late_the_database_comes_back() {
    on_sqlite(async |world: World| {
        let server = world.server().await;
        let user = server.person("ada").await;
        server.key(user, Provider::OpenAi, "simvalid").await;
        refuse(&world, "UPDATE", "messages").await;
        let message = "Hello #sim delay=0 words=20";
        let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
        reader.until(|answer| answer.text == said(message)).await;
        tokio::time::pause();
        tokio::spawn(async {
            loop {
                tokio::time::advance(Duration::from_millis(50)).await;
                // For the database's threads, which live in real time.
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let answer = reader.end().await;
        assert_eq!(
            answer.error.as_ref().map(|error| error.code),
            Some(ErrorCode::Storage)
        );
        assert_eq!(answer.status(), MessageStatus::Interrupted);
        tokio::time::sleep(Duration::from_secs(100)).await;
        accept(&world, "messages").await;
        assert_eq!(
            ended(&server, user, &answer).await,
            (MessageStatus::Complete, said(message))
        );
    })
    .await;
}

/// Lets the database refuse a kind of change to a table.
async fn refuse(world: &World, change: &str, table: &str) {
    let sql = if world.database.is_sqlite() {
        format!("CREATE TRIGGER refuses BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
    } else {
        format!(
            "CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql
                 AS 'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full''; END';
             CREATE TRIGGER refuses BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    };
    world.database.run(&sql).await;
}

async fn accept(world: &World, table: &str) {
    let on_table = if world.database.is_sqlite() {
        String::new()
    } else {
        format!(" ON {table}")
    };
    world
        .database
        .run(&format!("DROP TRIGGER refuses{on_table}"))
        .await;
}
