//! Answers that end otherwise than well: what was received is kept, and the status says what happened.

use std::time::Duration;

use marshmallow_core::{Diagnosis, ErrorCode, MessageStatus, Provider};
use marshmallow_service::Deadlines;
use marshmallow_simulator::Outcome;

use crate::harness::{Answer, Server, Setup, World, model, on_one, said};

on_one!(
    an_end_without_a_reason_is_incomplete,
    a_cut_and_an_error_fail_and_keep_the_text,
    one_damaged_event_costs_nothing_but_itself,
    silence_ends_the_answer_and_the_connection,
    a_stop_keeps_the_text_and_drops_the_provider,
    a_stop_before_the_first_word_costs_nothing,
);

const CHATTING: [Provider; 3] = [Provider::OpenAi, Provider::Anthropic, Provider::Google];

/// What the conversation shows is what the reader was told.
async fn is_kept(server: &Server, user: marshmallow_core::UserId, answer: &Answer) {
    let view = server
        .chat
        .conversation(user, answer.conversation())
        .await
        .unwrap();
    let kept = &view.messages[1];
    assert_eq!((kept.status, &kept.text), (answer.status(), &answer.text));
    assert_eq!(
        (kept.error.as_ref(), kept.receipt.as_ref()),
        (answer.error.as_ref(), Some(answer.receipt()))
    );
    assert_eq!(kept.last_seq, None);
}

async fn an_end_without_a_reason_is_incomplete(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in CHATTING {
        server.key(user, provider, "simvalid").await;
        let message = "Hello #sim delay=0 words=15 stop=none";
        let answer = server.ask(user, model(provider), message).await;
        assert_eq!(
            answer.status(),
            MessageStatus::Incomplete,
            "{provider}: {:?}",
            answer.error
        );
        assert_eq!(answer.text, said(message));
        assert_eq!((answer.receipt().stop, answer.error.is_none()), (None, true));
        is_kept(&server, user, &answer).await;
    }
}

async fn a_cut_and_an_error_fail_and_keep_the_text(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in CHATTING {
        server.key(user, provider, "simvalid").await;
        for (kind, expected) in [("cut", Diagnosis::Garbled), ("error", Diagnosis::ProviderDown)] {
            let message = format!("#sim delay=0 fail={kind}@3 text=one two three four five");
            let answer = server.ask(user, model(provider), &message).await;
            assert_eq!(answer.status(), MessageStatus::Failed, "{provider} {kind}");
            assert_eq!(answer.text, "one two three ", "{provider} {kind}");
            assert_eq!(
                answer.error.as_ref().unwrap().code,
                ErrorCode::Provider(expected),
                "{provider} {kind}"
            );
            let receipt = answer.receipt();
            assert!(
                receipt.usage.output >= 4 && receipt.cost.is_estimated,
                "{provider} {kind}: {receipt:?}"
            );
            is_kept(&server, user, &answer).await;
        }
    }
}

async fn one_damaged_event_costs_nothing_but_itself(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in CHATTING {
        server.key(user, provider, "simvalid").await;
        let message = "#sim delay=0 fail=malformed@3 text=one two three four five";
        let answer = server.ask(user, model(provider), message).await;
        assert_eq!(
            (answer.status(), &answer.text),
            (MessageStatus::Complete, &said(message)),
            "{provider}"
        );
        is_kept(&server, user, &answer).await;
    }
}

async fn silence_ends_the_answer_and_the_connection(world: World) {
    let second = Duration::from_secs(1);
    let deadlines = Deadlines {
        first_byte: 10 * second,
        silence: second,
        ..Deadlines::default()
    };
    let server = world
        .server_with(Setup {
            deadlines,
            ..Setup::default()
        })
        .await;
    let user = server.person("ada").await;
    for provider in CHATTING {
        server.key(user, provider, "simvalid").await;
        let message = "#sim delay=0 fail=stall@2 text=one two three";
        let answer = server.ask(user, model(provider), message).await;
        assert_eq!(
            (answer.status(), answer.text.as_str()),
            (MessageStatus::Failed, "one two "),
            "{provider}"
        );
        assert_eq!(
            answer.error.as_ref().unwrap().code,
            ErrorCode::Provider(Diagnosis::Garbled)
        );
        is_kept(&server, user, &answer).await;
    }
    world
        .provider_saw(|requests| {
            requests
                .iter()
                .filter(|request| request.outcome == Outcome::DroppedByClient)
                .count()
                == 3
        })
        .await;
}

async fn a_stop_keeps_the_text_and_drops_the_provider(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in CHATTING {
        server.key(user, provider, "simvalid").await;
        world.simulator.clear();
        let message = "Hello #sim delay=5 words=5000";
        let mut reader = server.begin(user, model(provider), message).await;
        reader.until(|answer| answer.text.len() > 100).await;
        server.chat.stop(user, reader.answer.message()).await.unwrap();
        let answer = reader.end().await;
        assert_eq!(answer.status(), MessageStatus::Stopped, "{provider}");
        assert!(said(message).starts_with(&answer.text) && answer.error.is_none());
        // Counts that came before the end, as Anthropic's do, are not the whole.
        let receipt = answer.receipt();
        assert!(receipt.cost.is_estimated, "{provider}: {receipt:?}");
        assert!(
            receipt.usage.output >= answer.text.chars().count() as u64 / 4,
            "{provider}: {receipt:?}"
        );
        is_kept(&server, user, &answer).await;
        let dropped = world
            .provider_saw(|requests| requests[0].outcome != Outcome::Open)
            .await;
        assert_eq!(dropped[0].outcome, Outcome::DroppedByClient, "{provider}");
        // Once more is no error and changes nothing.
        server.chat.stop(user, answer.message()).await.unwrap();
        is_kept(&server, user, &answer).await;
    }
}

async fn a_stop_before_the_first_word_costs_nothing(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let mut reader = server
        .begin(user, model(Provider::OpenAi), "Hello #sim headers=80000")
        .await;
    reader.until(|answer| answer.start.is_some()).await;
    server.chat.stop(user, reader.answer.message()).await.unwrap();
    let answer = reader.end().await;
    assert_eq!(
        (answer.status(), answer.text.as_str()),
        (MessageStatus::Stopped, "")
    );
    let receipt = answer.receipt();
    assert_eq!(
        (receipt.usage.input, receipt.usage.output, receipt.ttft_ms),
        (0, 0, None)
    );
    is_kept(&server, user, &answer).await;
}
