//! Falling over to the next credential: for which answers of a provider, until when, and how it is told.

use marshmallow_core::{
    AuditDetail, CredentialKind, Diagnosis, ErrorCode, KeyStatus, MessageStatus, Provider,
};

use crate::harness::{Setup, World, model, on_one, said};

on_one!(
    a_limit_or_a_fault_falls_over_to_the_next_credential,
    all_that_failed_stand_on_the_receipt_in_order,
    a_key_called_invalid_in_a_chat_is_marked_so,
    a_refusal_of_the_request_itself_never_falls_over,
    an_error_before_the_first_word_falls_over_and_one_after_it_does_not,
    without_another_credential_the_answer_fails_with_the_providers_reason,
);

const HELLO: &str = "Hello #sim delay=0 words=9";

async fn a_limit_or_a_fault_falls_over_to_the_next_credential(world: World) {
    let server = world.server_with(Setup::lending(Provider::Anthropic)).await;
    for (word, because) in [
        ("simratelimited", Diagnosis::RateLimited),
        ("simnocredit", Diagnosis::NoCredit),
        ("simpayment402", Diagnosis::NoCredit),
        ("simspendcap", Diagnosis::SpendCap),
        ("simdown500", Diagnosis::ProviderDown),
        ("simoverloaded529", Diagnosis::ProviderDown),
    ] {
        let user = server.person(word).await;
        let own = server.key(user, Provider::Anthropic, word).await;
        world.simulator.clear();
        let answer = server.ask(user, model(Provider::Anthropic), HELLO).await;
        assert_eq!(
            answer.status(),
            MessageStatus::Complete,
            "{word}: {:?}",
            answer.error
        );
        assert_eq!(answer.text, said(HELLO));
        let receipt = answer.receipt();
        assert_eq!(receipt.credential.kind, CredentialKind::Platform);
        assert_eq!(answer.start.as_ref().unwrap().credential.key, Some(own.id));
        assert_eq!(receipt.fallbacks.len(), 1);
        assert_eq!(
            (receipt.fallbacks[0].from.key, receipt.fallbacks[0].because),
            (Some(own.id), because)
        );
        assert_eq!(
            answer.notices,
            [(receipt.fallbacks[0].clone(), receipt.credential.clone())]
        );
        assert_eq!(world.chats().len(), 2);
        // Only the provider's word on the key itself changes its status, and it did not serve.
        assert_eq!(server.status_of(user, &own).await, own.status);
        assert_eq!(server.keys_of(user).await[0].last_used, None);
        let usage = server
            .store
            .usage_of(user, marshmallow_core::Millis(0))
            .await
            .unwrap();
        assert_eq!(usage[0].row.fallback_reason.as_deref(), Some(because.slug()));
    }
}

async fn all_that_failed_stand_on_the_receipt_in_order(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simratelimited").await;
    server.key(user, Provider::OpenAi, "simnocredit").await;
    server.key(user, Provider::OpenRouter, "simnocredit").await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.text, said(HELLO));
    let fallbacks = &answer.receipt().fallbacks;
    let told: Vec<_> = fallbacks
        .iter()
        .map(|fallback| (fallback.from.provider, fallback.because))
        .collect();
    assert_eq!(
        told,
        [
            (Provider::OpenAi, Diagnosis::RateLimited),
            (Provider::OpenAi, Diagnosis::NoCredit),
            (Provider::OpenRouter, Diagnosis::NoCredit),
        ]
    );
    assert_eq!(
        &answer
            .notices
            .iter()
            .map(|(fallback, _)| fallback.clone())
            .collect::<Vec<_>>(),
        fallbacks
    );
    let view = server
        .chat
        .conversation(user, answer.conversation())
        .await
        .unwrap();
    assert_eq!(view.messages[1].receipt.as_ref(), Some(answer.receipt()));
}

async fn a_key_called_invalid_in_a_chat_is_marked_so(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let own = server.key(user, Provider::OpenAi, "simvalid").await;
    // The directive is for whoever serves, so the platform fails the same way.
    let answer = server
        .ask(user, model(Provider::OpenAi), "Hello #sim status=401")
        .await;
    assert_eq!(answer.notices.len(), 1);
    assert_eq!(answer.notices[0].0.because, Diagnosis::Invalid);
    assert_eq!(world.chats().len(), 2);
    assert_eq!(answer.status(), MessageStatus::Failed);
    assert_eq!(
        answer.error.unwrap().code,
        ErrorCode::Provider(Diagnosis::Invalid)
    );
    assert_eq!(
        server.status_of(user, &own).await,
        KeyStatus::Checked(Diagnosis::Invalid)
    );
    let entries = server.audit(user).await;
    let told: Vec<_> = entries[..3]
        .iter()
        .map(|entry| {
            let detail = AuditDetail::from_json(&entry.detail);
            let said = detail.said.unwrap_or_default();
            (
                entry.action.as_str(),
                entry.subject.is_some(),
                said,
                detail.credential,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "use.fail",
                false,
                "invalid".to_owned(),
                Some(CredentialKind::Platform)
            ),
            (
                "use.fall_back",
                true,
                "invalid".to_owned(),
                Some(CredentialKind::Own)
            ),
            (
                "key.failed_in_chat",
                true,
                "invalid".to_owned(),
                Some(CredentialKind::Own)
            ),
        ]
    );
    // From now on it is passed over.
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(world.chats().len(), 3);
}

async fn a_refusal_of_the_request_itself_never_falls_over(world: World) {
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Google] {
        let server = world.server_with(Setup::lending(provider)).await;
        let user = server.person(provider.slug()).await;
        let own = server.key(user, provider, "simvalid").await;
        for status in [400, 403, 404] {
            world.simulator.clear();
            let answer = server
                .ask(user, model(provider), &format!("Hello #sim status={status}"))
                .await;
            assert_eq!(world.chats().len(), 1, "{provider} {status}");
            assert_eq!(answer.status(), MessageStatus::Failed);
            let ErrorCode::Provider(diagnosis) = answer.error.clone().unwrap().code else {
                panic!("{:?}", answer.error)
            };
            assert!(!diagnosis.allows_fallback(), "{provider} {status}: {diagnosis}");
            assert_eq!((answer.notices.len(), answer.receipt().fallbacks.len()), (0, 0));
            assert_eq!(answer.receipt().credential.key, Some(own.id));
            assert_eq!(answer.receipt().usage, marshmallow_core::Usage::default());
            assert_eq!(
                server.status_of(user, &own).await,
                own.status,
                "{provider} {status}"
            );
        }
        server.shut_down().await;
    }
}

async fn an_error_before_the_first_word_falls_over_and_one_after_it_does_not(world: World) {
    for provider in [Provider::OpenAi, Provider::Anthropic] {
        let server = world.server_with(Setup::lending(provider)).await;
        let user = server.person(provider.slug()).await;
        server.key(user, provider, "simvalid").await;
        for (ask, calls, text) in [
            ("#sim delay=0 fail=error@0 text=one two three", 2, ""),
            ("#sim delay=0 fail=error@2 text=one two three", 1, "one two "),
        ] {
            world.simulator.clear();
            let answer = server.ask(user, model(provider), ask).await;
            assert_eq!(world.chats().len(), calls, "{provider} {ask}");
            assert_eq!(answer.notices.len(), calls - 1);
            assert_eq!(
                (answer.status(), answer.text.as_str()),
                (MessageStatus::Failed, text)
            );
            assert_eq!(
                answer.error.clone().unwrap().code,
                ErrorCode::Provider(Diagnosis::ProviderDown)
            );
            assert!(answer.receipt().request_id.is_some(), "{provider} {ask}");
        }
        server.shut_down().await;
    }
    // Reasoning that was shown counts as well.
    let server = world.server_with(Setup::lending(Provider::Anthropic)).await;
    let user = server.person("ada").await;
    server.key(user, Provider::Anthropic, "simvalid").await;
    world.simulator.clear();
    let ask = "#sim delay=0 reasoning=3 fail=error@0 text=one";
    let answer = server.ask(user, model(Provider::Anthropic), ask).await;
    assert_eq!((world.chats().len(), answer.status()), (1, MessageStatus::Failed));
    assert!(!answer.reasoning.is_empty());
}

async fn without_another_credential_the_answer_fails_with_the_providers_reason(world: World) {
    let server = world.server().await;
    for (word, because) in [
        ("simratelimited", Diagnosis::RateLimited),
        ("simnocredit", Diagnosis::NoCredit),
        ("simdown500", Diagnosis::ProviderDown),
    ] {
        let user = server.person(word).await;
        let own = server.key(user, Provider::OpenAi, word).await;
        let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
        assert_eq!(answer.status(), MessageStatus::Failed);
        assert_eq!(answer.error.clone().unwrap().code, ErrorCode::Provider(because));
        assert_eq!(answer.receipt().credential.key, Some(own.id));
        assert!(answer.notices.is_empty() && answer.receipt().fallbacks.is_empty());
    }
}
