//! Turns of a conversation: what is sent of it, trying again, one at a time, and leaving in the middle.

use std::pin::pin;

use marshmallow_core::{Author, ErrorCode, MessageStatus, ModelId, Provider};
use serde_json::json;

use crate::harness::{Reader, World, eventually, model, on_both, on_one, refusal, said};

on_both!(a_turn_whose_asker_leaves_is_not_stuck);
on_one!(
    a_message_sends_all_that_went_before_it,
    trying_again_stands_beside_the_first_answer_with_the_same_history,
    trying_again_takes_another_model,
    a_conversation_takes_one_turn_at_a_time,
    a_person_has_a_bounded_number_of_answers_running,
    a_message_that_cannot_be_sent_is_refused_before_it_is_stored,
);

fn message_of(author: &str, text: &str) -> serde_json::Value {
    json!({"role": author, "content": text})
}

async fn a_message_sends_all_that_went_before_it(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let name = model(Provider::OpenAi);
    let texts = [
        "One #sim delay=0 words=5",
        "Two #sim delay=0 text=second",
        "Three #sim delay=0 text=third",
    ];
    let first = server.ask(user, name, texts[0]).await;
    for text in &texts[1..] {
        let stream = server
            .send(user, Some(first.conversation()), name, text)
            .await
            .unwrap();
        Reader::new(stream).end().await;
    }
    let chats = world.chats();
    assert_eq!(chats[0].body["messages"], json!([message_of("user", texts[0])]));
    let expected = json!([
        message_of("user", texts[0]),
        message_of("assistant", &said(texts[0])),
        message_of("user", texts[1]),
        message_of("assistant", "second"),
        message_of("user", texts[2]),
    ]);
    assert_eq!(chats[2].body["messages"], expected);
    let view = server
        .chat
        .conversation(user, first.conversation())
        .await
        .unwrap();
    let authors: Vec<_> = view.messages.iter().map(|message| message.author).collect();
    assert_eq!(authors, [Author::User, Author::Assistant].repeat(3));
    assert!(
        view.messages
            .windows(2)
            .all(|pair| pair[1].parent == Some(pair[0].id))
    );
}

async fn trying_again_stands_beside_the_first_answer_with_the_same_history(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let name: ModelId = model(Provider::OpenAi).parse().unwrap();
    let before = server
        .ask(user, model(Provider::OpenAi), "One #sim delay=0 words=4")
        .await;
    let question = "Two #sim delay=0 fail=cut@2 text=a b c";
    let stream = server
        .send(
            user,
            Some(before.conversation()),
            model(Provider::OpenAi),
            question,
        )
        .await;
    let failed = Reader::new(stream.unwrap()).end().await;
    assert_eq!(failed.status(), MessageStatus::Failed);

    let stream = server.chat.retry(user, failed.message(), name).await.unwrap();
    let again = Reader::new(stream).end().await;
    let (one, two) = (failed.start.as_ref().unwrap(), again.start.as_ref().unwrap());
    assert_eq!((one.question, one.conversation), (two.question, two.conversation));
    assert_ne!(one.message, two.message);
    let chats = world.chats();
    assert_eq!(chats[1].body["messages"], chats[2].body["messages"]);

    let view = server
        .chat
        .conversation(user, failed.conversation())
        .await
        .unwrap();
    assert_eq!(view.messages.len(), 4);
    assert_eq!(
        (view.messages[2].id, view.messages[3].id),
        (two.question, two.message)
    );
    assert_eq!(view.messages[3].parent, Some(two.question));
    // The first one is still there.
    let old = server.attach(user, one.message, None).await.end().await;
    assert_eq!((old.text.as_str(), old.status()), ("a b ", MessageStatus::Failed));
}

async fn trying_again_takes_another_model(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in [Provider::OpenAi, Provider::Anthropic] {
        server.key(user, provider, "simvalid").await;
    }
    let question = "Hello #sim delay=0 words=9";
    let first = server.ask(user, model(Provider::OpenAi), question).await;
    let other: ModelId = model(Provider::Anthropic).parse().unwrap();
    let stream = server
        .chat
        .retry(user, first.message(), other.clone())
        .await
        .unwrap();
    let second = Reader::new(stream).end().await;
    assert_eq!(
        (second.text.as_str(), second.status()),
        (said(question).as_str(), MessageStatus::Complete)
    );
    assert_eq!(second.receipt().credential.provider, Provider::Anthropic);
    let view = server
        .chat
        .conversation(user, first.conversation())
        .await
        .unwrap();
    assert_eq!((view.model, view.messages.len()), (Some(other.clone()), 2));
    assert_eq!(view.messages[1].model, Some(other.clone()));
    // A question is no answer to be tried again.
    let error = refusal(server.chat.retry(user, view.messages[0].id, other).await);
    assert_eq!(error.code, ErrorCode::NotFound);
}

async fn a_conversation_takes_one_turn_at_a_time(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let name = model(Provider::OpenAi);
    let mut running = server.begin(user, name, "Hello #sim delay=20 words=5000").await;
    running.until(|answer| !answer.text.is_empty()).await;
    let (conversation, answer) = (running.answer.conversation(), running.answer.message());
    let busy = refusal(server.send(user, Some(conversation), name, "And now?").await);
    assert_eq!(busy.code, ErrorCode::Busy);
    let busy = refusal(server.chat.retry(user, answer, name.parse().unwrap()).await);
    assert_eq!(busy.code, ErrorCode::Busy);
    // Another conversation goes on meanwhile.
    server.ask(user, name, "Hello #sim delay=0 words=3").await;
    server.chat.stop(user, answer).await.unwrap();
    running.end().await;
    assert_eq!(
        server
            .chat
            .conversation(user, conversation)
            .await
            .unwrap()
            .messages
            .len(),
        2
    );
    let stream = server
        .send(user, Some(conversation), name, "And now? #sim delay=0")
        .await
        .unwrap();
    assert_eq!(Reader::new(stream).end().await.status(), MessageStatus::Complete);
}

async fn a_person_has_a_bounded_number_of_answers_running(world: World) {
    let server = world.server().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    for user in [ada, ben] {
        server.key(user, Provider::OpenAi, "simvalid").await;
    }
    let name = model(Provider::OpenAi);
    let slow = "Hello #sim first=80000";
    let mut running = Vec::new();
    for _ in 0..8 {
        running.push(server.begin(ada, name, slow).await);
    }
    let busy = refusal(server.send(ada, None, name, slow).await);
    assert_eq!(busy.code, ErrorCode::Busy);
    server.ask(ben, name, "Hello #sim delay=0 words=2").await;
    let mut one = running.pop().unwrap();
    one.until(|answer| answer.start.is_some()).await;
    server.chat.stop(ada, one.answer.message()).await.unwrap();
    one.end().await;
    eventually("room for another answer", async || {
        server.send(ada, None, name, "Hello").await.ok()
    })
    .await;
    server.shut_down().await;
}

async fn a_message_that_cannot_be_sent_is_refused_before_it_is_stored(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    for text in [String::new(), " \n\t".to_owned(), "x".repeat(64 * 1024 + 1)] {
        let error = refusal(server.send(user, None, model(Provider::OpenAi), &text).await);
        assert_eq!(error.code, ErrorCode::InvalidInput);
    }
    assert!(
        server
            .chat
            .conversations(user, None)
            .await
            .unwrap()
            .conversations
            .is_empty()
    );
    let longest = format!("{} #sim delay=0 text=read", "x".repeat(64 * 1024 - 24));
    assert_eq!(
        server.ask(user, model(Provider::OpenAi), &longest).await.text,
        "read"
    );
}

/// A browser that leaves while its message is being stored: the request's future is dropped wherever it
/// stands. What is stored by then has its writer, so no conversation stays busy.
async fn a_turn_whose_asker_leaves_is_not_stuck(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let name = model(Provider::OpenAi);
    let conversation = server
        .ask(user, name, "Hello #sim delay=0 words=2")
        .await
        .conversation();
    for polls in 0..60 {
        {
            let mut sending = pin!(server.send(
                user,
                Some(conversation),
                name,
                "Still there? #sim delay=0 words=2"
            ));
            for _ in 0..polls {
                if futures::poll!(&mut sending).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        eventually("an end of the abandoned turn", async || {
            let view = server.chat.conversation(user, conversation).await.unwrap();
            (view.messages.last()?.status == MessageStatus::Complete).then_some(())
        })
        .await;
    }
    let question = "At last #sim delay=0 words=2";
    let sent = eventually("a free conversation", async || {
        server.send(user, Some(conversation), name, question).await.ok()
    });
    Reader::new(sent.await).end().await;
}
