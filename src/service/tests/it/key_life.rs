//! A key whose owner's time limit has passed is used nowhere any more, and everywhere the reason is told; and nobody
//! gets beyond the administrator's bound.

use marshmallow_core::{
    CredentialKind, Diagnosis, ErrorCode, FallbackPolicy, KeyLife, KeySummary, MessageStatus, Provider,
    UserId,
};
use marshmallow_service::ServiceError;

use crate::harness::{Server, Setup, World, key_text, model, on_both, on_one, place, refusal, said};

on_one!(
    a_key_that_is_over_is_passed_over_and_named,
    where_nothing_else_may_serve_the_reason_and_the_next_step_are_told,
    a_turn_that_chose_the_key_before_its_end_does_not_open_it,
    an_answer_under_way_when_the_key_ends_is_finished,
    a_key_that_is_over_is_not_checked,
    a_life_is_given_with_the_key_and_put_off_later,
    a_life_beyond_the_bound_is_refused_before_anything_is_sent,
);
on_both!(lowering_the_bound_cuts_longer_lives, an_end_is_on_record_once,);

const HELLO: &str = "Hello #sim delay=0 words=5";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

async fn add(server: &Server, user: UserId, word: &str, life: KeyLife) -> Result<KeySummary, ServiceError> {
    let typed = marshmallow_core::ApiKey::parse(key_text(Provider::OpenAi, word));
    let place = marshmallow_service::KeyPlace {
        life,
        ..place(Provider::OpenAi, "")
    };
    server.keys.add(user, place, typed).await
}

async fn one_hour(server: &Server, user: UserId) -> KeySummary {
    add(server, user, "simvalid", KeyLife::For(HOUR)).await.unwrap()
}

async fn a_key_that_is_over_is_passed_over_and_named(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let over = one_hour(&server, user).await;
    world.clock.advance(HOUR);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    let receipt = answer.receipt();
    assert_eq!(receipt.credential.kind, CredentialKind::Platform);
    let [fallback] = receipt.fallbacks.as_slice() else {
        panic!("{:?}", receipt.fallbacks)
    };
    assert_eq!(
        (fallback.from.key, fallback.because),
        (Some(over.id), Diagnosis::Lapsed)
    );
    assert_eq!(answer.notices.len(), 1);
    // Another key of one's own takes over the same way.
    let other = server.key(user, Provider::OpenAi, "simvalid-other").await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(other.id));
    assert_eq!(answer.receipt().fallbacks[0].because, Diagnosis::Lapsed);
    assert!(
        world
            .chats()
            .iter()
            .all(|chat| chat.bearer() != Some(&key_text(Provider::OpenAi, "simvalid")))
    );
}

async fn where_nothing_else_may_serve_the_reason_and_the_next_step_are_told(world: World) {
    let setup = Setup {
        policy: FallbackPolicy::Never,
        ..Setup::lending(Provider::OpenAi)
    };
    let server = world.server_with(setup).await;
    let user = server.person("ada").await;
    one_hour(&server, user).await;
    world.clock.advance(HOUR);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.status(), MessageStatus::Failed);
    let told = answer.error.unwrap();
    assert!(told.message.contains("time limit that you set"), "{told}");
    assert!(told.next_step.contains("Extend it"), "{told}");
    assert!(world.chats().is_empty());
    // Where there is no platform either, nothing is begun.
    let server = world.server().await;
    let told = refusal(server.send(user, None, model(Provider::OpenAi), HELLO).await);
    assert_eq!(told.code, ErrorCode::NoCredential);
    assert!(
        told.message.contains("··cdef") && told.message.contains("time limit that you set"),
        "{told}"
    );
    assert!(told.next_step.contains("Extend it"), "{told}");
    let selection = server.models.selection(user).await.unwrap();
    assert!(selection.choices.iter().all(|model| model.credential.is_none()));
}

async fn a_turn_that_chose_the_key_before_its_end_does_not_open_it(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let key = one_hour(&server, user).await;
    // The turn is stored after it was resolved, and before any key is opened.
    world
        .database
        .run(
            "CREATE TRIGGER ends_now AFTER INSERT ON generations
             BEGIN UPDATE provider_keys SET expires_at = 1; END",
        )
        .await;
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.start.as_ref().unwrap().credential.key, Some(key.id));
    assert_eq!(answer.receipt().fallbacks[0].because, Diagnosis::Lapsed);
    let chats = world.chats();
    assert_eq!(chats.len(), 1);
    let platform = key_text(Provider::OpenAi, "simvalid-platform");
    assert_eq!(chats[0].bearer(), Some(platform.as_str()));
    assert_eq!(server.audited(user, "key.failed_in_chat").await, 0);
}

async fn an_answer_under_way_when_the_key_ends_is_finished(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = one_hour(&server, user).await;
    let message = "Hello #sim delay=5 words=80";
    let mut reader = server.begin(user, model(Provider::OpenAi), message).await;
    reader.until(|answer| !answer.text.is_empty()).await;
    world.clock.advance(HOUR);
    let answer = reader.end().await;
    assert_eq!(answer.status(), MessageStatus::Complete, "{:?}", answer.error);
    assert_eq!(answer.text, said(message));
    assert_eq!(answer.receipt().credential.key, Some(key.id));
}

async fn a_key_that_is_over_is_not_checked(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = one_hour(&server, user).await;
    world.simulator.clear();
    world.clock.advance(2 * DAY);
    let told = refusal(server.keys.recheck(user, key.id).await);
    assert_eq!(told.code, ErrorCode::Provider(Diagnosis::Lapsed));
    assert_eq!(told.http_status(), 422);
    assert_eq!(server.keys.check_due().await.unwrap(), 0);
    assert!(world.simulator.requests().is_empty());
    let seen = server.keys_of(user).await.remove(0);
    assert!(seen.is_over && seen.next_check.is_none());
    assert_eq!(seen.finding().unwrap().diagnosis, Diagnosis::Lapsed);
    // Extended, it is checked and serves again.
    let extended = server.keys.set_life(user, key.id, KeyLife::Never).await.unwrap();
    assert!(!extended.is_over && extended.expires_at.is_none());
    assert_eq!(server.keys.check_due().await.unwrap(), 1);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(key.id));
}

async fn a_life_is_given_with_the_key_and_put_off_later(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = one_hour(&server, user).await;
    let end = key.expires_at.unwrap();
    let life = end.since(key.created_at);
    assert!((HOUR - 1_000..=HOUR).contains(&life), "{life}");
    assert!(!key.is_over);
    let put_off = server
        .keys
        .set_life(user, key.id, KeyLife::For(7 * DAY))
        .await
        .unwrap();
    assert!(put_off.expires_at.unwrap().since(end) > 6 * DAY);
    assert_eq!(server.keys_of(user).await, std::slice::from_ref(&put_off));
    let (action, said) = server.last_audited(user).await;
    assert_eq!(action, "key.expiry");
    assert!(said.ends_with('Z'), "{said}");
    let past = KeyLife::Until(key.created_at);
    let told = refusal(server.keys.set_life(user, key.id, past).await);
    assert_eq!(told.code, ErrorCode::InvalidInput);
    assert_eq!(server.keys_of(user).await, [put_off]);
}

async fn a_life_beyond_the_bound_is_refused_before_anything_is_sent(world: World) {
    let server = world.server().await;
    let (boss, user) = (server.person("boss").await, server.person("ada").await);
    server.keys.set_longest_life(boss, "30d").await.unwrap();
    for life in [KeyLife::Never, KeyLife::For(90 * DAY)] {
        let told = refusal(add(&server, user, "simvalid", life).await);
        assert_eq!(told.code, ErrorCode::InvalidInput);
        assert!(told.message.contains("30 days"), "{told}");
    }
    assert!(world.simulator.requests().is_empty());
    assert!(server.keys_of(user).await.is_empty());
    // Whoever says nothing gets as much as is allowed.
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let life = key.expires_at.unwrap().since(key.created_at);
    assert!((30 * DAY - HOUR..=30 * DAY).contains(&life), "{life}");
    let told = refusal(server.keys.set_life(user, key.id, KeyLife::Never).await);
    assert!(told.next_step.contains("shorter"), "{told}");
    assert_eq!(server.keys_of(user).await, [key]);
    for word in ["", "until", "soon"] {
        assert!(server.keys.set_longest_life(boss, word).await.is_err(), "{word}");
    }
    assert_eq!(server.keys.longest_life().await.unwrap(), Some(30 * DAY));
}

async fn lowering_the_bound_cuts_longer_lives(world: World) {
    let server = world.server().await;
    let (boss, ada, ben) = (
        server.person("boss").await,
        server.person("ada").await,
        server.person("ben").await,
    );
    add(&server, ada, "simvalid", KeyLife::Never).await.unwrap();
    add(&server, ben, "simvalid", KeyLife::For(90 * DAY))
        .await
        .unwrap();
    let short = add(&server, ben, "simvalid-short", KeyLife::For(HOUR))
        .await
        .unwrap();
    let set = server.keys.set_longest_life(boss, "7d").await.unwrap();
    assert_eq!(set, Some(7 * DAY));
    let week = 7 * DAY;
    for user in [ada, ben] {
        let key = server.keys_of(user).await.remove(0);
        let life = key.expires_at.unwrap().since(key.created_at);
        assert!((week..week + HOUR).contains(&life), "{life}");
        assert_eq!(server.audited(user, "key.expiry").await, 1);
    }
    assert_eq!(server.keys_of(ben).await[1].expires_at, short.expires_at);
    assert_eq!(server.audited(boss, "rule.key_life").await, 1);
    // One that was given its life while the bound was lowered is cut by the next round.
    world
        .database
        .run("UPDATE provider_keys SET expires_at = NULL")
        .await;
    server.keys.check_due().await.unwrap();
    let cut = server.keys_of(ada).await.remove(0).expires_at.unwrap();
    assert!(cut.since(short.created_at) < week + HOUR);
    // Without a bound, everything goes again.
    server.keys.set_longest_life(boss, "never").await.unwrap();
    let key = server.keys_of(ada).await.remove(0);
    let free = server.keys.set_life(ada, key.id, KeyLife::Never).await.unwrap();
    assert_eq!(free.expires_at, None);
}

async fn an_end_is_on_record_once(world: World) {
    let (one, two) = (world.server().await, world.server().await);
    let user = one.person("ada").await;
    let key = one_hour(&one, user).await;
    one.keys.check_due().await.unwrap();
    assert_eq!(one.audited(user, "key.expired").await, 0);
    world.clock.advance(HOUR);
    let (first, second) = tokio::join!(one.keys.check_due(), two.keys.check_due());
    first.unwrap();
    second.unwrap();
    one.keys.check_due().await.unwrap();
    assert_eq!(one.audited(user, "key.expired").await, 1);
    assert_eq!(one.last_audited(user).await.1, "lapsed");
    // Extended and over again, it is told again.
    one.keys.set_life(user, key.id, KeyLife::For(HOUR)).await.unwrap();
    world.clock.advance(HOUR);
    two.keys.check_due().await.unwrap();
    assert_eq!(one.audited(user, "key.expired").await, 2);
}
