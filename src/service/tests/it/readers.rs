//! Readers: how many they are, when they come and at which server, all put together the same answer; and
//! none of them decides whether it goes on.

use marshmallow_core::{MessageStatus, Provider};

use crate::harness::{Answer, World, eventually, model, on_both, said};

on_both!(
    all_readers_put_together_the_same_answer,
    a_reader_that_leaves_does_not_end_the_answer,
    the_last_frame_comes_after_the_answer_is_stored,
    a_stop_at_another_server_ends_the_answer,
);

async fn all_readers_put_together_the_same_answer(world: World) {
    // The other server comes first: on SQLite, one that starts takes over what an earlier one left.
    let (other, server) = (world.server().await, world.server().await);
    let user = server.person("ada").await;
    server.key(user, Provider::Anthropic, "simvalid").await;
    let message = "Hello #sim emoji delay=10 words=150 reasoning=10";
    let mut first = server.begin(user, model(Provider::Anthropic), message).await;
    first.until(|answer| answer.start.is_some()).await;
    let id = first.answer.message();
    let mut readers = vec![
        server.attach(user, id, None).await,
        other.attach(user, id, None).await,
    ];
    first.until(|answer| answer.next > 40).await;
    let had = |number: u32| first.history.iter().find(|answer| answer.next == number).cloned();
    for number in [1, 2, 9, 17, 31, 40] {
        readers.push(server.attach(user, id, had(number)).await);
        readers.push(other.attach(user, id, had(number)).await);
    }
    let parts: Vec<Answer> = [1, 5, 38].into_iter().filter_map(had).collect();
    assert_eq!(parts.len(), 3);
    assert!(parts[2].text != said(message));

    let whole = first.end().await;
    assert_eq!(
        (whole.text.as_str(), whole.status()),
        (said(message).as_str(), MessageStatus::Complete)
    );
    let mut read = Vec::new();
    for reader in readers {
        read.push(reader.end().await);
    }
    for part in parts.into_iter().map(Some).chain([None, Some(whole.clone())]) {
        let part = part.map(|answer| Answer { done: None, ..answer });
        read.push(server.attach(user, id, part.clone()).await.end().await);
        read.push(other.attach(user, id, part).await.end().await);
    }
    assert_eq!(read.len(), 24);
    for answer in read {
        assert_eq!((&answer.text, &answer.reasoning), (&whole.text, &whole.reasoning));
        assert_eq!((&answer.start, &answer.done), (&whole.start, &whole.done));
    }
}

async fn a_reader_that_leaves_does_not_end_the_answer(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let message = "Hello #sim delay=5 words=60";
    let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
    reader.until(|answer| answer.next > 3).await;
    let (conversation, had) = (reader.answer.conversation(), reader.answer.clone());
    drop(reader);
    eventually("the whole answer", async || {
        let view = server.chat.conversation(user, conversation).await.unwrap();
        let answer = view.messages.into_iter().last()?;
        // While it runs, the view is what is stored so far, with the number to go on from.
        assert!(answer.text.len() >= had.text.len() && said(message).starts_with(&answer.text));
        assert_eq!(
            answer.last_seq.is_some(),
            answer.status == MessageStatus::Streaming && !answer.text.is_empty()
        );
        (answer.status == MessageStatus::Complete && answer.text == said(message)).then_some(())
    })
    .await;
}

async fn the_last_frame_comes_after_the_answer_is_stored(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    for number in 0..15 {
        let message = format!("Hello #sim delay=0 words={number}");
        let answer = server.ask(user, model(Provider::OpenAi), &message).await;
        let stored = server
            .store
            .message(user, answer.message())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (stored.status, stored.text),
            (MessageStatus::Complete, said(&message))
        );
        assert!(
            server
                .store
                .generation(user, answer.message())
                .await
                .unwrap()
                .is_none()
        );
    }
}

async fn a_stop_at_another_server_ends_the_answer(world: World) {
    let (other, server) = (world.server().await, world.server().await);
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let mut reader = server
        .begin(user, model(Provider::OpenAi), "Hello #sim delay=5 words=20000")
        .await;
    reader.until(|answer| answer.next > 3).await;
    other.chat.stop(user, reader.answer.message()).await.unwrap();
    assert_eq!(reader.end().await.status(), MessageStatus::Stopped);
}
