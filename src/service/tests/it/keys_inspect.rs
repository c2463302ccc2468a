//! Looking at keys: what is found before anything is stored, until when it holds, and what a key can call.

use marshmallow_core::{ApiKey, Diagnosis, ErrorCode, Millis, Provider};
use marshmallow_service::KeyPlace;

use crate::harness::{World, key_text, on_one, refusal};

on_one!(
    a_key_is_looked_at_and_not_stored,
    a_stored_key_is_known_and_its_provider_not_asked_again,
    what_the_form_tells_is_refused_with_its_finding,
    a_rate_limit_tells_until_when,
    the_models_of_a_key_are_its_owners_to_see,
);

fn of(provider: Provider) -> KeyPlace {
    KeyPlace {
        provider: provider.slug().to_owned(),
        ..KeyPlace::default()
    }
}

async fn a_key_is_looked_at_and_not_stored(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for (provider, word, means) in [
        (Provider::OpenAi, "simvalid", Diagnosis::Valid),
        (Provider::Google, "simexpired", Diagnosis::Expired),
        (Provider::OpenRouter, "nobody", Diagnosis::Invalid),
    ] {
        let text = key_text(provider, word);
        let typed = ApiKey::parse(text.clone());
        let found = server.keys.inspect(user, of(provider), typed).await.unwrap();
        assert_eq!(found.finding.map(|finding| finding.diagnosis), Some(means));
        assert_eq!(found.may_be_stored(), means == Diagnosis::Valid);
        assert_eq!(found.model_count.is_some(), means == Diagnosis::Valid);
        assert!(text.ends_with(&found.last_four));
        assert!(!world.database.holds(text.as_bytes()));
    }
    assert!(server.keys_of(user).await.is_empty());
    assert_eq!(server.audited(user, "key.inspect").await, 3);
}

async fn a_stored_key_is_known_and_its_provider_not_asked_again(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world.simulator.clear();
    let typed = ApiKey::parse(key_text(Provider::OpenAi, "simvalid"));
    let found = server
        .keys
        .inspect(user, of(Provider::OpenAi), typed)
        .await
        .unwrap();
    assert_eq!(found.finding, None);
    assert!(!found.may_be_stored());
    assert!(world.simulator.requests().is_empty());
}

async fn what_the_form_tells_is_refused_with_its_finding(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for (typed, means) in [
        ("sk-admin-0123456789", Diagnosis::AdminKey),
        ("sk-ant-oat01-0123456789", Diagnosis::SignInToken),
        ("sk-ant-api03-0123456789", Diagnosis::OtherProvider),
        ("sk-proj-********abcd", Diagnosis::Mistyped),
    ] {
        let outcome = server
            .keys
            .inspect(user, of(Provider::OpenAi), ApiKey::parse(typed.to_owned()))
            .await;
        let error = refusal(outcome);
        assert_eq!(error.code, ErrorCode::KeyRefused, "{typed}");
        assert_eq!(error.finding.map(|finding| finding.diagnosis), Some(means));
        assert!(!format!("{error:?}").contains(typed));
    }
    assert!(world.simulator.requests().is_empty());
}

async fn a_rate_limit_tells_until_when(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simratelimited").await;
    // The simulator asks for 30 seconds.
    let until = key.last_validated.map(|at| at.plus(30_000));
    assert_eq!(key.until, until);
    assert_eq!(key.finding().and_then(|finding| finding.until), until);

    let answer = server.ask(user, "openai/gpt-4o-mini", "hello").await;
    let error = answer.error.unwrap();
    assert_eq!(error.code, ErrorCode::Provider(Diagnosis::RateLimited));
    let told: Millis = error.finding.and_then(|finding| finding.until).unwrap();
    let later = told.since(until.unwrap());
    assert!(
        (0..1_000).contains(&later),
        "the clock goes on by {later} ms only"
    );
}

async fn the_models_of_a_key_are_its_owners_to_see(world: World) {
    let server = world.server().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    let key = server.key(ada, Provider::OpenAi, "simvalid").await;
    let models = server.keys.models(ada, key.id).await.unwrap();
    assert_eq!(u32::try_from(models.len()).ok(), key.model_count);
    assert!(models.contains(&"gpt-4o-mini".to_owned()), "{models:?}");
    let error = refusal(server.keys.models(ben, key.id).await);
    assert_eq!(error.code, ErrorCode::NotFound);
}
