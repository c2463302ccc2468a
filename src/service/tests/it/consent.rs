//! Fallback by consent: the question, the choice, and pauses that outlive readers and servers.

use marshmallow_core::{
    ConsentOption, CredentialKind, Diagnosis, ErrorCode, MessageStatus, NanoDollars, Pause, Provider, UserId,
};

use crate::harness::{
    Answer, Reader, Server, Setup, World, eventually, model, on_both, on_one, refusal, said,
};

on_both!(
    a_question_survives_readers_and_the_choice_goes_on,
    a_question_survives_a_killed_server,
    of_many_choices_one_counts,
    waiting_goes_on_by_itself_and_may_ask_again,
    a_paused_answer_can_be_stopped,
);
on_one!(
    an_own_key_of_another_price_is_asked_for_too,
    nobody_has_to_choose_for_ever,
    a_choice_is_ones_own_and_one_of_those_offered,
    a_key_that_does_not_open_asks_nothing,
);

const OPENAI: Provider = Provider::OpenAi;
const HELLO: &str = "Hello #sim delay=0 words=9";

/// A turn that has come to its question.
async fn paused(server: &Server, user: UserId) -> Reader {
    let mut reader = server.begin(user, model(OPENAI), HELLO).await;
    reader.until(|answer| !answer.consents.is_empty()).await;
    reader
}

/// The place of the platform among the options.
fn platform(answer: &Answer) -> usize {
    let options = &answer.consents.last().unwrap().options;
    options
        .iter()
        .position(|option| matches!(option, ConsentOption::Use { credential, .. } if credential.kind == CredentialKind::Platform))
        .expect("the platform is offered")
}

async fn pause_of(server: &Server, user: UserId, answer: &Answer) -> Option<Pause> {
    let view = server
        .chat
        .conversation(user, answer.conversation())
        .await
        .unwrap();
    view.messages[1].pause.clone()
}

async fn a_question_survives_readers_and_the_choice_goes_on(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    let first = server.key(user, OPENAI, "simnocredit").await;
    let second = server.key(user, OPENAI, "simratelimited").await;
    let reader = paused(&server, user).await;
    let asked = reader.answer.clone();
    let consent = asked.consents[0].clone();
    let told: Vec<_> = consent
        .failed
        .iter()
        .map(|fallback| (fallback.from.key, fallback.because))
        .collect();
    assert_eq!(
        told,
        [
            (Some(first.id), Diagnosis::NoCredit),
            (Some(second.id), Diagnosis::RateLimited)
        ]
    );
    assert!(matches!(
        &consent.options[0],
        ConsentOption::Wait { credential, .. } if credential.key == Some(second.id)
    ));
    let ConsentOption::Use { about, at_most, .. } = &consent.options[1] else {
        panic!("{:?}", consent.options)
    };
    assert!(about.unwrap() > NanoDollars(0) && about.unwrap() < at_most.unwrap());
    assert_eq!(world.chats().len(), 2);

    // It is nobody's: no lease is held for it, and no reader either.
    let held = "SELECT COUNT(*) FROM generations WHERE owner = 'paused'";
    eventually("it stands still", async || {
        (world.database.number(held).await == 1).then_some(())
    })
    .await;
    drop(reader);
    assert_eq!(
        pause_of(&server, user, &asked).await,
        Some(Pause::Asking { consent })
    );
    // A page that comes back has the question again, or goes on where it was.
    let mut anew = server.attach(user, asked.message(), None).await;
    anew.until(|answer| !answer.consents.is_empty()).await;
    assert_eq!(anew.answer, asked);
    let back = server.attach(user, asked.message(), Some(asked.clone())).await;
    server
        .chat
        .choose(user, asked.message(), platform(&asked))
        .await
        .unwrap();
    for reader in [anew, back] {
        let answer = reader.end().await;
        assert_eq!(
            (answer.status(), answer.text.clone()),
            (MessageStatus::Complete, said(HELLO))
        );
        assert_eq!(answer.receipt().credential.kind, CredentialKind::Platform);
        let failed: Vec<_> = answer
            .receipt()
            .fallbacks
            .iter()
            .map(|fallback| fallback.from.key)
            .collect();
        assert_eq!(failed, [Some(first.id), Some(second.id)]);
    }
    // The keys that had failed were not asked again.
    assert_eq!(world.chats().len(), 3);
}

async fn a_question_survives_a_killed_server(world: World) {
    // On a runtime of its own, which ends without a word, as a killed process does.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let starting = world.starting(Setup::asking(OPENAI));
    let (user, asked) = runtime
        .spawn(async move {
            let server = starting.await.unwrap();
            let user = server.person("ada").await;
            server.key(user, OPENAI, "simnocredit").await;
            let reader = paused(&server, user).await;
            let asked = reader.answer.clone();
            eventually("it stands still", async || {
                let paused = server.store.generation(user, asked.message()).await.unwrap();
                (paused.unwrap().owner == "paused").then_some(())
            })
            .await;
            (user, asked)
        })
        .await
        .unwrap();
    runtime.shutdown_background();
    world.clock.advance(3_600_000);
    let server = world.server_with(Setup::asking(OPENAI)).await;
    assert!(matches!(
        pause_of(&server, user, &asked).await,
        Some(Pause::Asking { .. })
    ));
    let reader = server.attach(user, asked.message(), Some(asked.clone())).await;
    server
        .chat
        .choose(user, asked.message(), platform(&asked))
        .await
        .unwrap();
    let answer = reader.end().await;
    assert_eq!(
        (answer.status(), answer.text.clone()),
        (MessageStatus::Complete, said(HELLO))
    );
    assert_eq!(answer.receipt().fallbacks.len(), 1);
}

async fn of_many_choices_one_counts(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let other = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    let reader = paused(&server, user).await;
    let (message, option) = (reader.answer.message(), platform(&reader.answer));
    eventually("it stands still", async || {
        let paused = server.store.generation(user, message).await.unwrap();
        (paused.unwrap().owner == "paused").then_some(())
    })
    .await;
    world.simulator.clear();
    let outcomes = futures::future::join_all([
        server.chat.choose(user, message, option),
        other.chat.choose(user, message, option),
        server.chat.choose(user, message, option),
    ])
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let answer = reader.end().await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(world.chats().len(), 1);
    let late = server.chat.choose(user, message, option).await;
    assert_eq!(refusal(late).code, ErrorCode::Busy);
}

async fn waiting_goes_on_by_itself_and_may_ask_again(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    let limited = server.key(user, OPENAI, "simratelimited").await;
    let mut reader = paused(&server, user).await;
    let message = reader.answer.message();
    eventually("the choice is taken", async || {
        server.chat.choose(user, message, 0).await.ok()
    })
    .await;
    reader.until(|answer| !answer.chosen.is_empty()).await;
    assert!(matches!(
        pause_of(&server, user, &reader.answer).await,
        Some(Pause::Waiting { credential, .. }) if credential.key == Some(limited.id)
    ));
    assert_eq!(world.chats().len(), 1);
    // The key is free again after 30 seconds. It is asked once more, and fails as before.
    world.clock.advance(31_000);
    reader.until(|answer| answer.consents.len() == 2).await;
    assert_eq!(world.chats().len(), 2);
    let option = platform(&reader.answer);
    eventually("the choice is taken", async || {
        server.chat.choose(user, message, option).await.ok()
    })
    .await;
    let answer = reader.end().await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(answer.receipt().credential.kind, CredentialKind::Platform);
}

async fn a_paused_answer_can_be_stopped(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    let reader = paused(&server, user).await;
    let conversation = reader.answer.conversation();
    let busy = server
        .send(user, Some(conversation), model(OPENAI), HELLO)
        .await
        .map(|_| ());
    assert_eq!(refusal(busy).code, ErrorCode::Busy);
    server.chat.stop(user, reader.answer.message()).await.unwrap();
    let answer = reader.end().await;
    assert_eq!(answer.status(), MessageStatus::Stopped);
    let again = server.send(user, Some(conversation), model(OPENAI), HELLO).await;
    assert!(again.is_ok());
    assert_eq!(world.chats().len(), 1);
}

async fn an_own_key_of_another_price_is_asked_for_too(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    let router = server.key(user, Provider::OpenRouter, "simvalid").await;
    let reader = paused(&server, user).await;
    let option = reader.answer.consents[0]
        .options
        .iter()
        .position(|option| matches!(option, ConsentOption::Use { credential, .. } if credential.key == Some(router.id)))
        .expect("the own key is offered");
    let message = reader.answer.message();
    eventually("the choice is taken", async || {
        server.chat.choose(user, message, option).await.ok()
    })
    .await;
    let answer = reader.end().await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(answer.receipt().credential.key, Some(router.id));
}

async fn nobody_has_to_choose_for_ever(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    let reader = paused(&server, user).await;
    let message = reader.answer.message();
    eventually("it stands still", async || {
        let paused = server.store.generation(user, message).await.unwrap();
        (paused.unwrap().owner == "paused").then_some(())
    })
    .await;
    world.clock.advance(25 * 3_600_000);
    let answer = reader.end().await;
    assert_eq!(answer.status(), MessageStatus::Failed);
    assert!(answer.error.unwrap().message.contains("Nobody chose"));
    assert_eq!(world.chats().len(), 1);
}

async fn a_choice_is_ones_own_and_one_of_those_offered(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let (user, eve) = (server.person("ada").await, server.person("eve").await);
    server.key(user, OPENAI, "simnocredit").await;
    let reader = paused(&server, user).await;
    let message = reader.answer.message();
    assert!(server.chat.choose(eve, message, 0).await.is_err());
    let wrong = server.chat.choose(user, message, 7).await;
    assert_eq!(refusal(wrong).code, ErrorCode::InvalidInput);
    assert!(pause_of(&server, user, &reader.answer).await.is_some());
}

async fn a_key_that_does_not_open_asks_nothing(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simvalid").await;
    world
        .database
        .run("UPDATE provider_keys SET base_url = base_url || '/x'")
        .await;
    let answer = server.ask(user, model(OPENAI), HELLO).await;
    assert_eq!(answer.error.clone().unwrap().code, ErrorCode::KeyDoesNotOpen);
    assert!(answer.consents.is_empty() && answer.notices.is_empty());
    assert!(world.chats().is_empty());
}
