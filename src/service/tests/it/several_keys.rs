//! Several keys of one provider: their order, their names, and keys that rest instead of failing every turn.

use marshmallow_core::{CredentialKind, Diagnosis, ErrorCode, KeyId, MessageStatus, Provider, UserId};
use marshmallow_service::ServiceError;

use crate::harness::{Server, Setup, World, model, on_both, on_one, said};

on_both!(
    the_owners_order_decides_and_the_next_key_takes_over,
    a_rate_limited_key_rests_until_its_reset,
    a_key_that_keeps_failing_rests_and_then_one_turn_tries_it,
);
on_one!(
    a_key_that_rests_after_faults_is_tried_where_it_is_the_only_one,
    a_key_that_works_again_is_forgiven,
    names_and_order_are_bounded_and_ones_own,
    the_last_attempt_stands_on_the_receipt_too,
);

const HELLO: &str = "Hello #sim delay=0 words=9";

async fn order(server: &Server, user: UserId) -> Vec<KeyId> {
    server.keys_of(user).await.into_iter().map(|key| key.id).collect()
}

async fn the_owners_order_decides_and_the_next_key_takes_over(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let valid = server.key(user, Provider::OpenAi, "simvalid").await;
    let empty = server.key(user, Provider::OpenAi, "simnocredit").await;
    assert_eq!(order(&server, user).await, [valid.id, empty.id]);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(valid.id));
    assert!(answer.notices.is_empty());

    server.keys.reorder(user, &[empty.id, valid.id]).await.unwrap();
    assert_eq!(order(&server, user).await, [empty.id, valid.id]);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.text, said(HELLO));
    let receipt = answer.receipt();
    assert_eq!(receipt.credential.key, Some(valid.id));
    assert_eq!(
        (receipt.fallbacks[0].from.key, receipt.fallbacks[0].because),
        (Some(empty.id), Diagnosis::NoCredit)
    );
    assert_eq!(answer.notices.len(), 1);
    // A key that is added later comes last.
    let third = server.key(user, Provider::OpenAi, "simvalid-third").await;
    assert_eq!(order(&server, user).await, [empty.id, valid.id, third.id]);
    assert_eq!(server.audited(user, "key.reorder").await, 1);
}

async fn a_rate_limited_key_rests_until_its_reset(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let limited = server.key(user, Provider::OpenAi, "simratelimited").await;
    let valid = server.key(user, Provider::OpenAi, "simvalid").await;
    let ask = || server.ask(user, model(Provider::OpenAi), HELLO);
    assert_eq!(ask().await.receipt().credential.key, Some(valid.id));
    assert_eq!(world.chats().len(), 2);
    let rest = server.keys_of(user).await[0].rest.expect("it rests");
    assert_eq!(rest.because, Diagnosis::RateLimited);

    // It is not called again, and the answer says why it was passed over.
    let answer = ask().await;
    assert_eq!(world.chats().len(), 3);
    assert_eq!(answer.receipt().credential.key, Some(valid.id));
    assert_eq!(
        (answer.notices[0].0.from.key, answer.notices[0].0.because),
        (Some(limited.id), Diagnosis::RateLimited)
    );

    // The simulator's reset is 30 seconds away.
    world.clock.advance(31_000);
    assert_eq!(server.keys_of(user).await[0].rest, None);
    ask().await;
    assert_eq!(world.chats().len(), 5);

    // Alone it is not called either: a limit is not over because one asks.
    server.keys.set_active(user, valid.id, false).await.unwrap();
    let refusal = server.send(user, None, model(Provider::OpenAi), HELLO).await;
    let Err(ServiceError::Refused(error)) = refusal.map(|_| ()) else {
        panic!("the resting key was used");
    };
    assert_eq!(error.code, ErrorCode::NoCredential);
    assert!(error.message.contains("rests"), "{error}");
    assert_eq!(world.chats().len(), 5);
}

async fn a_key_that_keeps_failing_rests_and_then_one_turn_tries_it(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let down = server.key(user, Provider::OpenAi, "simdown500").await;
    let valid = server.key(user, Provider::OpenAi, "simvalid").await;
    let ask = || server.ask(user, model(Provider::OpenAi), HELLO);
    for turn in 1..=3 {
        assert_eq!(ask().await.receipt().credential.key, Some(valid.id));
        assert_eq!(
            world.chats().len(),
            turn * 2,
            "a key is tried until it failed three times"
        );
    }
    // Another server knows it as well.
    let other = if world.database.is_sqlite() {
        None
    } else {
        Some(world.server().await)
    };
    let elsewhere = other.as_ref().unwrap_or(&server);
    let answer = elsewhere.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(world.chats().len(), 7);
    assert_eq!(answer.notices[0].0.because, Diagnosis::ProviderDown);
    assert!(server.keys_of(user).await[0].rest.is_some());

    // After the rest one turn tries it; the others do not wait for it.
    world.clock.advance(31_000);
    let held = server
        .begin(user, model(Provider::OpenAi), "Hi #sim delay=0 words=9")
        .await;
    let beside = elsewhere.ask(user, model(Provider::OpenAi), HELLO).await;
    let first = held.end().await;
    let tried = |key| {
        [&first, &beside]
            .into_iter()
            .filter(|answer| answer.start.as_ref().unwrap().credential.key == Some(key))
            .count()
    };
    assert!(tried(down.id) <= 1, "both turns tried the key that had rested");
    // Its failure makes the next rest longer.
    let rest = server.keys_of(user).await[0].rest.expect("it rests again");
    world.clock.advance(31_000);
    assert!(server.keys_of(user).await[0].rest.is_some(), "{rest:?}");
}

async fn a_key_that_rests_after_faults_is_tried_where_it_is_the_only_one(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simdown500").await;
    for turn in 1..=5 {
        let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
        assert_eq!(answer.status(), MessageStatus::Failed);
        assert_eq!(world.chats().len(), turn);
    }
}

async fn a_key_that_works_again_is_forgiven(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    for _ in 0..3 {
        server
            .ask(user, model(Provider::OpenAi), "Hello #sim status=500")
            .await;
    }
    assert!(server.keys_of(user).await[0].rest.is_some());
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(server.keys_of(user).await[0].rest, None);
    // So is one that a check finds well.
    for _ in 0..3 {
        server
            .ask(user, model(Provider::OpenAi), "Hello #sim status=500")
            .await;
    }
    let key = server.keys_of(user).await.remove(0);
    assert!(key.rest.is_some());
    assert_eq!(server.keys.recheck(user, key.id).await.unwrap().rest, None);
}

async fn names_and_order_are_bounded_and_ones_own(world: World) {
    let server = world.server().await;
    let (ada, eve) = (server.person("ada").await, server.person("eve").await);
    let key = server.key(ada, Provider::OpenAi, "simvalid").await;
    let other = server.key(ada, Provider::OpenAi, "simvalid-other").await;
    let own = server.key(eve, Provider::OpenAi, "simvalid-eve").await;
    let renamed = server.keys.rename(ada, key.id, "  Work ").await.unwrap();
    assert_eq!(renamed.label, "Work");
    assert!(server.keys.rename(ada, key.id, &"x".repeat(61)).await.is_err());
    assert!(server.keys.rename(eve, key.id, "Mine").await.is_err());
    assert_eq!(server.keys_of(ada).await[0].label, "Work");
    // One that is not hers spoils the whole order.
    assert!(server.keys.reorder(eve, &[own.id, key.id]).await.is_err());
    assert!(
        server
            .keys
            .reorder(ada, &[other.id, own.id, key.id])
            .await
            .is_err()
    );
    assert_eq!(order(&server, ada).await, [key.id, other.id]);
    assert_eq!(server.audited(eve, "key.reorder").await, 0);
}

async fn the_last_attempt_stands_on_the_receipt_too(world: World) {
    let server = world.server_with(Setup::default()).await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simnocredit").await;
    server.key(user, Provider::OpenAi, "simdown500").await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    let receipt = answer.receipt();
    assert_eq!(receipt.credential.kind, CredentialKind::Own);
    assert_eq!(receipt.fallbacks.len(), 1);
    assert_eq!(receipt.fallbacks[0].because, Diagnosis::NoCredit);
    assert_eq!(receipt.failure, Some(Diagnosis::ProviderDown));
}
