//! Whose key serves: the person's own, their OpenRouter key for the same model, the platform's; and what is
//! said of keys that are known not to work.

use marshmallow_core::{CredentialKind, Diagnosis, ErrorCode, MessageStatus, Provider};

use crate::harness::{Setup, World, key_text, model, on_one, refusal};

on_one!(
    own_comes_before_openrouter_before_the_platform,
    a_key_known_not_to_work_is_passed_over_and_named,
    a_key_that_was_not_its_turn_is_not_named,
    without_any_key_the_reason_is_told_and_nothing_is_stored,
    a_name_of_ones_own_is_not_the_platforms,
);

const HELLO: &str = "Hello #sim delay=0 words=5";

async fn own_comes_before_openrouter_before_the_platform(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let own = server.key(user, Provider::OpenAi, "simvalid").await;
    let openrouter = server.key(user, Provider::OpenRouter, "simvalid").await;
    let expected = [
        (
            CredentialKind::Own,
            "/openai/v1",
            "gpt-4o-mini",
            key_text(Provider::OpenAi, "simvalid"),
        ),
        (
            CredentialKind::OpenRouter,
            "/openrouter/api/v1",
            "openai/gpt-4o-mini",
            key_text(Provider::OpenRouter, "simvalid"),
        ),
        (
            CredentialKind::Platform,
            "/openai/v1",
            "gpt-4o-mini",
            key_text(Provider::OpenAi, "simvalid-platform"),
        ),
    ];
    for (turn, (kind, base, name, key)) in expected.into_iter().enumerate() {
        let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
        assert_eq!(answer.status(), MessageStatus::Complete, "{:?}", answer.error);
        assert_eq!(answer.receipt().credential.kind, kind);
        assert_eq!(
            answer.start.as_ref().unwrap().credential,
            answer.receipt().credential
        );
        assert_eq!(answer.receipt().model.to_string(), model(Provider::OpenAi));
        assert!(answer.notices.is_empty() && answer.receipt().fallbacks.is_empty());
        let chat = world.chats().pop().unwrap();
        assert_eq!(chat.path, format!("{base}/chat/completions"));
        assert_eq!(chat.body["model"], name);
        assert_eq!(chat.bearer(), Some(key.as_str()));
        assert_eq!(world.chats().len(), turn + 1);
        match turn {
            0 => drop(server.keys.set_active(user, own.id, false).await.unwrap()),
            1 => server.keys.remove(user, openrouter.id).await.unwrap(),
            _ => {}
        }
    }
}

async fn a_key_known_not_to_work_is_passed_over_and_named(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let own = server.key(user, Provider::OpenAi, "simvalid").await;
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'expired'")
        .await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.status(), MessageStatus::Complete);
    let receipt = answer.receipt();
    assert_eq!(receipt.credential.kind, CredentialKind::Platform);
    assert_eq!(receipt.fallbacks.len(), 1);
    assert_eq!(receipt.fallbacks[0].from.key, Some(own.id));
    assert_eq!(receipt.fallbacks[0].because, Diagnosis::Expired);
    assert_eq!(
        answer.notices,
        [(receipt.fallbacks[0].clone(), receipt.credential.clone())]
    );
    // Known not to work, so it was not even tried.
    assert_eq!(world.chats().len(), 1);
}

async fn a_key_that_was_not_its_turn_is_not_named(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let own = server.key(user, Provider::OpenAi, "simvalid-one").await;
    let later = server.key(user, Provider::OpenAi, "simvalid-two").await;
    let openrouter = server.key(user, Provider::OpenRouter, "simvalid").await;
    let (later, openrouter) = (later.id, openrouter.id);
    let sql = "UPDATE provider_keys SET validation_status = 'invalid'";
    world
        .database
        .run(&format!("{sql} WHERE id IN ('{later}', '{openrouter}')"))
        .await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(own.id));
    assert!(answer.notices.is_empty(), "{:?}", answer.notices);
    assert!(answer.receipt().fallbacks.is_empty());
}

async fn without_any_key_the_reason_is_told_and_nothing_is_stored(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let none = refusal(server.send(user, None, model(Provider::OpenAi), HELLO).await);
    assert_eq!(none.code, ErrorCode::NoCredential);
    assert!(none.next_step.contains("OpenAI"), "{none}");

    server.key(user, Provider::OpenRouter, "simvalid").await;
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'invalid'")
        .await;
    let invalid = refusal(server.send(user, None, model(Provider::OpenAi), HELLO).await);
    assert_eq!(invalid.code, ErrorCode::NoCredential);
    // It is OpenRouter that does not accept it, although OpenAI's model was asked for.
    assert!(
        invalid.message.contains("··cdef") && invalid.message.contains("OpenRouter"),
        "{invalid}"
    );
    assert!(world.chats().is_empty());
    assert!(
        server
            .chat
            .conversations(user, None)
            .await
            .unwrap()
            .conversations
            .is_empty()
    );
}

async fn a_name_of_ones_own_is_not_the_platforms(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenRouter)).await;
    let user = server.person("ada").await;
    // The platform's OpenRouter key serves OpenRouter's names only.
    let error = refusal(server.send(user, None, model(Provider::OpenAi), HELLO).await);
    assert_eq!(error.code, ErrorCode::NoCredential);
    let answer = server.ask(user, model(Provider::OpenRouter), HELLO).await;
    assert_eq!(answer.receipt().credential.kind, CredentialKind::Platform);
    server.key(user, Provider::Custom, "simvalid").await;
    let answer = server.ask(user, model(Provider::Custom), HELLO).await;
    assert_eq!(answer.receipt().credential.provider, Provider::Custom);
}
