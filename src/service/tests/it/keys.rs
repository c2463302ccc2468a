//! Adding a key: what is stored, what is refused, and that nothing is left behind of what is refused.

use marshmallow_core::{Diagnosis, ErrorCode, KeyStatus, Provider, UserId};
use marshmallow_service::KeyPlace;

use crate::harness::{Server, World, key_text, on_one, refusal};

on_one!(
    a_working_key_of_each_provider_is_stored_and_only_its_summary_comes_back,
    a_key_that_its_provider_does_not_know_leaves_an_audit_entry_and_nothing_else,
    an_administration_key_is_refused_by_its_form_and_by_its_provider,
    what_cannot_be_a_key_is_refused_before_anything_is_sent,
    a_key_is_stored_once,
    a_key_that_is_not_proven_useless_is_stored_with_what_was_said,
    a_server_that_accepts_any_key_proves_nothing,
    an_address_that_is_not_allowed_is_refused,
    a_key_never_follows_a_redirect,
    an_error_that_repeats_the_key_is_kept_nowhere,
    checks_are_limited_for_each_person,
);

async fn nothing_is_stored(world: &World, server: &Server, user: UserId) {
    assert!(server.keys_of(user).await.is_empty());
    assert_eq!(
        world.database.number("SELECT COUNT(*) FROM provider_keys").await,
        0
    );
}

async fn a_working_key_of_each_provider_is_stored_and_only_its_summary_comes_back(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in Provider::ALL {
        let word = "simvalid";
        let text = key_text(provider, word);
        let key = server.key(user, provider, word).await;
        assert_eq!(
            (key.provider, key.label.as_str(), key.last_four.as_str()),
            (provider, "work", "cdef")
        );
        assert_eq!(key.status, KeyStatus::Checked(Diagnosis::Valid), "{provider}");
        assert!(key.is_active && key.last_used.is_none());
        assert_eq!(key.last_validated, Some(key.created_at));
        assert!(key.model_count.unwrap() > 1, "{provider}");
        assert!(
            !serde_json::to_string(&key)
                .unwrap()
                .contains(&text[..text.len() - 4])
        );
        assert_eq!(server.keys_of(user).await.last(), Some(&key));
        assert!(!world.database.holds(text.as_bytes()), "{provider}");
    }
    assert_eq!(server.audited(user, "key.add").await, 5);
    // The search finds what is there.
    assert!(world.database.holds(b"key.add"));
}

async fn a_key_that_its_provider_does_not_know_leaves_an_audit_entry_and_nothing_else(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in Provider::ALL {
        let error = refusal(
            server
                .try_key(user, provider, &key_text(provider, "nobody"))
                .await,
        );
        assert_eq!(error.code, ErrorCode::KeyRefused, "{provider}: {error}");
        assert!(error.message.contains("not stored"), "{error}");
        assert_eq!(
            server.last_audited(user).await,
            ("key.refuse".to_owned(), "invalid".to_owned())
        );
    }
    nothing_is_stored(&world, &server, user).await;
}

async fn an_administration_key_is_refused_by_its_form_and_by_its_provider(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for (provider, typed) in [
        (Provider::OpenAi, "sk-admin-simvalid-0123"),
        (Provider::Anthropic, "sk-ant-admin01-simvalid-0123"),
    ] {
        let error = refusal(server.try_key(user, provider, typed).await);
        assert_eq!(error.code, ErrorCode::KeyRefused);
        assert!(error.message.contains("administration key"), "{error}");
    }
    assert!(world.simulator.requests().is_empty());
    let typed = key_text(Provider::OpenRouter, "simadmin");
    let error = refusal(server.try_key(user, Provider::OpenRouter, &typed).await);
    assert!(error.message.contains("administration key"), "{error}");
    nothing_is_stored(&world, &server, user).await;
}

async fn what_cannot_be_a_key_is_refused_before_anything_is_sent(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let anthropic = key_text(Provider::Anthropic, "simvalid");
    for typed in [
        "",
        "   ",
        "sk-proj-sim valid",
        "sk-proj-sim\nvalid",
        "abc",
        "sk-proj-clé-simvalid",
        &anthropic,
    ] {
        let error = refusal(server.try_key(user, Provider::OpenAi, typed).await);
        assert_eq!(error.code, ErrorCode::KeyRefused, "{typed:?}: {error}");
        assert!(!error.message.is_empty() && !error.next_step.is_empty());
    }
    assert!(world.simulator.requests().is_empty());
    nothing_is_stored(&world, &server, user).await;
}

async fn a_key_is_stored_once(world: World) {
    let server = world.server().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    server.key(ada, Provider::OpenAi, "simvalid").await;
    world.simulator.clear();
    // White space around a pasted key is not a part of it.
    let again = format!("  {}\n", key_text(Provider::OpenAi, "simvalid"));
    let error = refusal(server.try_key(ada, Provider::OpenAi, &again).await);
    assert_eq!(error.code, ErrorCode::KeyDuplicate);
    assert!(world.simulator.requests().is_empty());
    assert_eq!(server.keys_of(ada).await.len(), 1);
    // For another person it is another key.
    server.key(ben, Provider::OpenAi, "simvalid").await;
}

async fn a_key_that_is_not_proven_useless_is_stored_with_what_was_said(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for (provider, word, said) in [
        (Provider::OpenAi, "simrestricted", Diagnosis::Restricted),
        (Provider::OpenAi, "simratelimited", Diagnosis::RateLimited),
        // Listing models is free, so an empty account shows only in a chat.
        (Provider::OpenAi, "simnocredit", Diagnosis::Valid),
        (Provider::Anthropic, "simspendcap", Diagnosis::SpendCap),
        (Provider::OpenAi, "simpayment402", Diagnosis::NoCredit),
        (Provider::Google, "simdown500", Diagnosis::ProviderDown),
        (Provider::Anthropic, "simoverloaded529", Diagnosis::ProviderDown),
        (Provider::OpenAi, "simhtml", Diagnosis::Garbled),
    ] {
        let key = server.key(user, provider, word).await;
        assert_eq!(key.status, KeyStatus::Checked(said), "{provider} {word}");
        assert_eq!(server.status_of(user, &key).await, key.status);
    }
}

async fn a_server_that_accepts_any_key_proves_nothing(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let place = KeyPlace {
        provider: "custom".to_owned(),
        base_url: format!("{}/open/", world.simulator.url()),
        endpoint: "kitchen".to_owned(),
        ..KeyPlace::default()
    };
    let typed = marshmallow_core::ApiKey::parse("whatever".to_owned());
    // The address is stored as typed but for its end; the list stands one level deeper.
    let key = server.keys.add(user, place.clone(), typed).await.unwrap();
    assert_eq!(key.status, KeyStatus::Checked(Diagnosis::Unreachable));
    server.keys.remove(user, key.id).await.unwrap();
    let place = KeyPlace {
        base_url: format!("{}/open/v1/", world.simulator.url()),
        ..place
    };
    let typed = marshmallow_core::ApiKey::parse("whatever".to_owned());
    let key = server.keys.add(user, place, typed).await.unwrap();
    assert_eq!(key.status, KeyStatus::Checked(Diagnosis::Unverifiable));
    assert_eq!(key.base_url, format!("{}/open/v1", world.simulator.url()));
    assert_eq!(key.endpoint.as_str(), "kitchen");
}

async fn an_address_that_is_not_allowed_is_refused(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for base_url in [
        "http://127.0.0.1:9/v1",
        "http://169.254.169.254/latest",
        "http://localhost:5432",
    ] {
        let place = KeyPlace {
            provider: "custom".to_owned(),
            base_url: base_url.to_owned(),
            endpoint: "inside".to_owned(),
            ..KeyPlace::default()
        };
        let typed = marshmallow_core::ApiKey::parse("local-valid-key".to_owned());
        let error = refusal(server.keys.add(user, place, typed).await);
        assert_eq!(error.code, ErrorCode::KeyRefused);
        assert!(
            error.message.contains("not allowed by the administrator"),
            "{error}"
        );
        assert_eq!(server.last_audited(user).await.1, "address_blocked");
    }
    nothing_is_stored(&world, &server, user).await;
}

async fn a_key_never_follows_a_redirect(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in Provider::ALL {
        let key = server.key(user, provider, "simredirect").await;
        assert_ne!(key.status, KeyStatus::Checked(Diagnosis::Valid), "{provider}");
        server.keys.recheck(user, key.id).await.unwrap();
    }
    let requests = world.simulator.requests();
    assert!(!requests.is_empty());
    assert!(
        requests
            .iter()
            .all(|request| !request.path.contains("redirected")),
        "{requests:#?}"
    );
}

async fn an_error_that_repeats_the_key_is_kept_nowhere(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    for provider in Provider::ALL {
        let text = key_text(provider, "simecho");
        let outcome = server.try_key(user, provider, &text).await;
        let plain = format!("{outcome:?}");
        let error = refusal(outcome);
        let audit = format!("{:?}", server.audit(user).await);
        for shown in [plain, format!("{error} {error:?}"), audit] {
            assert!(!shown.contains("simecho"), "{shown}");
        }
        assert!(!world.database.holds(b"simecho"));
    }
}

async fn checks_are_limited_for_each_person(world: World) {
    let server = world.server().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    let key = server.key(ada, Provider::OpenAi, "simvalid").await;
    let mut checks = 1;
    let error = loop {
        match server
            .try_key(ada, Provider::OpenAi, &key_text(Provider::OpenAi, "simvalid"))
            .await
        {
            Err(error) if checks < 200 => {
                let error = error.into_public();
                if error.code != ErrorCode::KeyDuplicate {
                    break error;
                }
            }
            other => panic!("check {checks}: {other:?}"),
        }
        checks += 1;
    };
    assert_eq!(error.code, ErrorCode::TooManyAttempts);
    assert!(checks >= 30, "{checks}");
    let again = refusal(server.keys.recheck(ada, key.id).await);
    assert_eq!(again.code, ErrorCode::TooManyAttempts);
    server.key(ben, Provider::OpenAi, "simvalid").await;
}
