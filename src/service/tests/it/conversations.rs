//! The list of conversations, their titles, and deleting one while it is being written.

use marshmallow_core::{ErrorCode, MessageStatus, Provider};
use marshmallow_simulator::Outcome;

use crate::harness::{World, model, on_both, on_one, refusal};

on_both!(deleting_ends_a_running_answer_and_leaves_nothing);
on_one!(
    the_list_is_paged_newest_first,
    a_title_is_the_first_line_until_it_is_changed
);

async fn the_list_is_paged_newest_first(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let mut made = Vec::new();
    for number in 0..43 {
        let text = format!("Number {number} #sim delay=0 words=1");
        made.push(
            server
                .ask(user, model(Provider::OpenAi), &text)
                .await
                .conversation(),
        );
        world.clock.advance(1_000);
    }
    made.reverse();
    let first = server.chat.conversations(user, None).await.unwrap();
    assert!(first.has_more);
    let ids: Vec<_> = first.conversations.iter().map(|line| line.id).collect();
    assert_eq!(ids, made[..40]);
    let second = server
        .chat
        .conversations(user, ids.last().copied())
        .await
        .unwrap();
    assert!(!second.has_more);
    let ids: Vec<_> = second.conversations.iter().map(|line| line.id).collect();
    assert_eq!(ids, made[40..]);
}

async fn a_title_is_the_first_line_until_it_is_changed(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let answer = server
        .ask(
            user,
            model(Provider::OpenAi),
            "\n  Trip to Oslo \n#sim delay=0 words=1",
        )
        .await;
    let id = answer.conversation();
    assert_eq!(
        server.chat.conversation(user, id).await.unwrap().title,
        "Trip to Oslo"
    );
    for wrong in ["", "  ", "two\nlines", &"x".repeat(121)] {
        let error = refusal(server.chat.rename(user, id, wrong).await);
        assert_eq!(error.code, ErrorCode::InvalidInput, "{wrong:?}");
    }
    server.chat.rename(user, id, " Fjords ").await.unwrap();
    assert_eq!(server.chat.conversation(user, id).await.unwrap().title, "Fjords");
    assert_eq!(
        server.chat.conversations(user, None).await.unwrap().conversations[0].title,
        "Fjords"
    );
}

async fn deleting_ends_a_running_answer_and_leaves_nothing(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world.simulator.clear();
    let mut reader = server
        .begin(user, model(Provider::OpenAi), "Hello #sim delay=5 words=5000")
        .await;
    reader.until(|answer| answer.text.len() > 30).await;
    let (conversation, message) = (reader.answer.conversation(), reader.answer.message());
    server.chat.delete(user, conversation).await.unwrap();

    let answer = reader.end().await;
    assert_ne!(answer.status(), MessageStatus::Complete);
    assert_eq!(
        answer.error.as_ref().map(|error| error.code),
        Some(ErrorCode::NotFound),
        "{:?}",
        answer.error
    );
    let ended = world
        .provider_saw(|requests| requests[0].outcome != Outcome::Open)
        .await;
    assert_eq!(ended[0].outcome, Outcome::DroppedByClient);
    for outcome in [
        server.chat.conversation(user, conversation).await.map(drop),
        server.chat.attach(user, message, None).await.map(drop),
        server.chat.stop(user, message).await,
        server.chat.delete(user, conversation).await,
    ] {
        assert_eq!(refusal(outcome).code, ErrorCode::NotFound);
    }
    for table in ["conversations", "messages", "generations", "journal"] {
        assert_eq!(
            world
                .database
                .number(&format!("SELECT COUNT(*) FROM {table}"))
                .await,
            0,
            "{table}"
        );
    }
}
