//! The model selector: whose key would serve each model, in which order they stand, and which one is
//! chosen beforehand.

use marshmallow_core::{CredentialKind, ModelChoice, ModelId, Provider, UserId};

use crate::harness::{Server, Setup, World, model, on_one};

on_one!(
    own_keys_come_first_and_what_needs_a_key_last_each_by_price,
    what_the_selector_shows_is_what_pays,
    a_key_that_is_off_or_does_not_work_serves_no_model,
    the_model_chosen_last_stays_chosen_while_it_can_be_used,
);

async fn choices(server: &Server, user: UserId) -> Vec<ModelChoice> {
    server.models.selection(user).await.unwrap().choices
}

fn rank(choice: &ModelChoice) -> usize {
    match choice.credential.as_ref().map(|credential| credential.kind) {
        Some(CredentialKind::Own) => 0,
        Some(CredentialKind::OpenRouter) => 1,
        Some(CredentialKind::Platform) => 2,
        None => 3,
    }
}

async fn own_keys_come_first_and_what_needs_a_key_last_each_by_price(world: World) {
    let server = world.server_with(Setup::lending(Provider::Google)).await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    server.key(user, Provider::OpenRouter, "simvalid").await;
    server.key(user, Provider::Custom, "simvalid").await;
    let choices = choices(&server, user).await;
    let ranks: Vec<usize> = choices.iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    for rank in [0, 2, 3] {
        assert!(ranks.contains(&rank), "{rank}");
    }
    for same in choices.chunk_by(|a, b| rank(a) == rank(b)) {
        let prices: Vec<i64> = same
            .iter()
            .map(|choice| choice.price.map_or(i64::MAX, |price| price.input + price.output))
            .collect();
        assert!(prices.is_sorted(), "{prices:?}");
    }
    let of = |name: &str| choices.iter().find(|choice| choice.id.to_string() == name);
    assert_eq!(rank(of("openai/gpt-4o-mini").unwrap()), 0);
    assert_eq!(
        rank(of("openrouter/meta-llama/llama-3.3-70b-instruct:free").unwrap()),
        0
    );
    assert_eq!(of(model(Provider::Custom)).unwrap().price, None);
    assert_eq!(rank(of("google/gemini-2.5-pro").unwrap()), 2);
    // Nobody has a key of Anthropic; its newest models are shown as what one would open.
    assert!(
        choices
            .iter()
            .any(|choice| choice.id.endpoint.as_str() == "anthropic" && rank(choice) == 3)
    );
    // What cannot chat is no choice.
    assert!(of("openai/whisper-1").is_none() && of("google/gemini-embedding-001").is_none());
    let selection = server.models.selection(user).await.unwrap();
    assert_eq!(selection.prices_as_of.len(), 10);
}

async fn what_the_selector_shows_is_what_pays(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let name = model(Provider::OpenAi);
    let shown = async || {
        let choices = choices(&server, user).await;
        choices
            .into_iter()
            .find(|choice| choice.id.to_string() == name)
            .unwrap()
            .credential
    };
    let mut kinds = Vec::new();
    for provider in [None, Some(Provider::OpenRouter), Some(Provider::OpenAi)] {
        if let Some(provider) = provider {
            server.key(user, provider, "simvalid").await;
        }
        let answer = server.ask(user, name, "Hello #sim delay=0 words=2").await;
        assert_eq!(
            shown().await.as_ref(),
            Some(&answer.receipt().credential),
            "{provider:?}"
        );
        kinds.push(answer.receipt().credential.kind);
    }
    assert_eq!(
        kinds,
        [
            CredentialKind::Platform,
            CredentialKind::OpenRouter,
            CredentialKind::Own
        ]
    );
}

async fn a_key_that_is_off_or_does_not_work_serves_no_model(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let is_served = async || {
        choices(&server, user)
            .await
            .iter()
            .any(|choice| choice.credential.is_some())
    };
    assert!(is_served().await);
    server.keys.set_active(user, key.id, false).await.unwrap();
    assert!(!is_served().await);
    server.keys.set_active(user, key.id, true).await.unwrap();
    assert!(is_served().await);
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'invalid'")
        .await;
    assert!(!is_served().await);
    // Its models are still shown, as what a key would open.
    assert!(
        choices(&server, user)
            .await
            .iter()
            .any(|choice| choice.id.endpoint.as_str() == "openai")
    );
    assert_eq!(server.models.selection(user).await.unwrap().preferred, None);
}

async fn the_model_chosen_last_stays_chosen_while_it_can_be_used(world: World) {
    let server = world.server().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    let key = server.key(ada, Provider::Google, "simvalid").await;
    for user in [ada, ben] {
        server.key(user, Provider::OpenAi, "simvalid").await;
    }
    let preferred = async |user| server.models.selection(user).await.unwrap().preferred.unwrap();
    let first = choices(&server, ada).await[0].id.clone();
    assert_eq!(preferred(ada).await, first);
    let chosen: ModelId = "google/gemini-2.5-pro".parse().unwrap();
    assert_ne!(first, chosen);
    server.models.prefer(ada, &chosen).await.unwrap();
    assert_eq!(preferred(ada).await, chosen);
    assert_ne!(preferred(ben).await, chosen);
    server.keys.set_active(ada, key.id, false).await.unwrap();
    let instead = preferred(ada).await;
    assert_eq!(instead, choices(&server, ada).await[0].id);
    assert_ne!(instead, chosen);
    server.keys.set_active(ada, key.id, true).await.unwrap();
    assert_eq!(preferred(ada).await, chosen);
}
