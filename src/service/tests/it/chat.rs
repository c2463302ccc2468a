//! A whole answer of each provider: its text, what it used and cost, how long it took and who paid.

use marshmallow_core::{CredentialKind, MessageStatus, Millis, NanoDollars, Provider, StopReason, UserId};
use marshmallow_simulator::{directive::Directive, script};

use crate::harness::{Server, World, model, on_one, said, usage_of};

on_one!(
    each_providers_answer_arrives_whole_with_its_receipt,
    a_price_that_nobody_knows_stays_unknown,
    reasoning_comes_apart_from_the_answer,
    characters_survive_any_split_of_the_bytes,
    an_answer_that_reached_its_limit_is_complete_and_says_so,
    tokens_that_were_not_told_are_estimated_and_marked,
);

async fn person_with_all_keys(server: &Server) -> UserId {
    let user = server.person("ada").await;
    for provider in Provider::ALL {
        server.key(user, provider, "simvalid").await;
    }
    user
}

async fn each_providers_answer_arrives_whole_with_its_receipt(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    let selection = server.models.selection(user).await.unwrap();
    for provider in Provider::ALL {
        let message = "How long does it toast? #sim delay=1 words=60 cached=20 reasoning=4";
        let name = model(provider);
        let answer = server.ask(user, name, message).await;
        assert_eq!(
            answer.status(),
            MessageStatus::Complete,
            "{provider}: {:?}",
            answer.error
        );
        assert_eq!(answer.text, said(message), "{provider}");
        let receipt = answer.receipt();
        let mut usage = usage_of(message);
        match provider {
            // Its share of the output is not told.
            Provider::Anthropic => usage.reasoning = 0,
            // A small server tells the sums alone.
            Provider::Custom => (usage.reasoning, usage.cached_input) = (0, 0),
            _ => {}
        }
        assert_eq!(receipt.usage, usage, "{provider}");
        assert!(!receipt.cost.is_estimated);
        let listed = selection
            .choices
            .iter()
            .find(|choice| choice.id.to_string() == name)
            .unwrap();
        let by_list = listed.price.map(|price| price.cost(&usage));
        match provider {
            Provider::Custom => assert_eq!((receipt.cost.amount, by_list), (None, None)),
            // OpenRouter tells the amount: 250 and 2000 nano-dollars a token.
            Provider::OpenRouter => {
                let told = 250 * usage.input + 2_000 * usage.output;
                assert_eq!(receipt.cost.amount, Some(NanoDollars(told.try_into().unwrap())));
            }
            _ => {
                assert_eq!(receipt.cost.amount, by_list, "{provider}");
                assert!(by_list.unwrap() > NanoDollars(0));
            }
        }
        assert_eq!(receipt.stop, Some(StopReason::End));
        assert!(
            receipt.ttft_ms.unwrap() > 0 && receipt.duration_ms > receipt.ttft_ms.unwrap(),
            "{receipt:?}"
        );
        let key = server
            .keys_of(user)
            .await
            .into_iter()
            .find(|key| key.provider == provider)
            .unwrap();
        let credential = &receipt.credential;
        assert_eq!(
            (credential.kind, credential.key),
            (CredentialKind::Own, Some(key.id))
        );
        assert_eq!(
            (credential.label.as_str(), credential.last_four.as_str()),
            ("work", "cdef")
        );
        assert!(key.last_used.is_some());

        let view = server
            .chat
            .conversation(user, answer.conversation())
            .await
            .unwrap();
        assert_eq!(view.messages[0].text, message);
        assert_eq!(view.messages[1].text, answer.text);
        assert_eq!(view.messages[1].receipt.as_ref(), Some(receipt));
        let usage = server.store.usage_of(user, Millis(0)).await.unwrap();
        let row = &usage
            .iter()
            .find(|usage| usage.message == answer.message())
            .unwrap()
            .row;
        assert_eq!(
            (row.cost, row.key, row.provider),
            (receipt.cost.amount, Some(key.id), provider)
        );
        assert_eq!((row.usage, row.outcome), (receipt.usage, MessageStatus::Complete));
    }
}

async fn a_price_that_nobody_knows_stays_unknown(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    let answer = server
        .ask(user, "local/sim-small", "Hello #sim delay=0 words=5")
        .await;
    assert_eq!(answer.receipt().cost.amount, None);
    assert!(answer.receipt().usage.output > 0);
    assert_eq!(
        world
            .database
            .number("SELECT COUNT(*) FROM usage WHERE cost_nano IS NULL")
            .await,
        1
    );
}

async fn reasoning_comes_apart_from_the_answer(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    for provider in [Provider::Anthropic, Provider::Google, Provider::OpenRouter] {
        let message = "Why? #sim delay=0 words=7 reasoning=12";
        let answer = server.ask(user, model(provider), message).await;
        let reasoning = script::reasoning_text(&Directive::parse(message).unwrap());
        assert_eq!(answer.reasoning, reasoning, "{provider}");
        assert_eq!(answer.text, said(message), "{provider}");
        let view = server
            .chat
            .conversation(user, answer.conversation())
            .await
            .unwrap();
        assert_eq!(view.messages[1].reasoning, reasoning);
    }
}

async fn characters_survive_any_split_of_the_bytes(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    for provider in Provider::ALL {
        for size in [1, 7] {
            let message = format!("Grüße, 世界! #sim emoji delay=0 size={size}");
            let answer = server.ask(user, model(provider), &message).await;
            assert_eq!(answer.text, said(&message), "{provider} in pieces of {size}");
            assert_eq!(answer.status(), MessageStatus::Complete);
        }
    }
}

async fn an_answer_that_reached_its_limit_is_complete_and_says_so(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    for provider in Provider::ALL {
        let message = "Go on #sim delay=0 words=8 stop=length";
        let answer = server.ask(user, model(provider), message).await;
        assert_eq!(
            (answer.status(), answer.receipt().stop),
            (MessageStatus::Complete, Some(StopReason::Length))
        );
        assert_eq!(answer.text, said(message), "{provider}");
    }
}

async fn tokens_that_were_not_told_are_estimated_and_marked(world: World) {
    let server = world.server().await;
    let user = person_with_all_keys(&server).await;
    for provider in [Provider::OpenAi, Provider::Google, Provider::Custom] {
        let message = "Count #sim delay=0 words=20 nousage";
        let answer = server.ask(user, model(provider), message).await;
        let receipt = answer.receipt();
        assert!(receipt.cost.is_estimated, "{provider}: {receipt:?}");
        assert_eq!(
            receipt.usage.output,
            answer.text.chars().count().div_ceil(4) as u64,
            "{provider}"
        );
        assert_eq!(receipt.usage.input, message.chars().count().div_ceil(4) as u64);
        assert_eq!(receipt.cost.amount.is_some(), provider != Provider::Custom);
    }
}
