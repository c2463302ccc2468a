//! Replacing a key: the new one takes over at once, the old one drains and is asked about until it is dead.

use marshmallow_core::{
    ApiKey, Clock, Diagnosis, ErrorCode, Former, KeyStatus, KeySummary, MessageStatus, Proof, Provider,
    UserId, WATCH_MS,
};
use marshmallow_service::KeyPlace;

use crate::harness::{Server, World, key_text, model, on_both, on_one, refusal, said};

on_both!(
    the_new_key_takes_over_and_the_old_one_drains,
    turns_during_a_replacement_all_succeed,
    a_revoked_key_is_deleted_and_the_record_says_so,
    two_servers_ask_about_a_replaced_key_once_each_time,
);
on_one!(
    what_may_not_replace_changes_nothing,
    a_key_that_still_works_is_told_to_do_so,
    silence_proves_nothing,
    where_nothing_can_be_verified_nobody_asks,
    a_key_is_taken_back,
    a_replaced_key_can_be_removed_and_nothing_else,
);

const HELLO: &str = "Hello #sim delay=0 words=9";
const SLOW: &str = "Hello #sim delay=20 words=60";

/// How often the provider was asked about a key, free of charge.
fn probes(world: &World, word: &str) -> usize {
    let of_key = |request: &marshmallow_simulator::Recorded| {
        request.method == "GET"
            && request
                .header("authorization")
                .is_some_and(|header| header.contains(word))
    };
    world
        .simulator
        .requests()
        .iter()
        .filter(|request| of_key(request))
        .count()
}

async fn proof(server: &Server, user: UserId, key: &KeySummary) -> Proof {
    let key = server.key_of(user, key.id).await;
    let replaced = key.replaced.expect("it is replaced");
    Proof::since(replaced.at, key.last_validated, key.status)
}

async fn the_new_key_takes_over_and_the_old_one_drains(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    let other = server.key(user, Provider::OpenAi, "simvalid-other").await;
    server.keys.rename(user, old.id, "main").await.unwrap();
    let mut draining = server.begin(user, model(Provider::OpenAi), SLOW).await;
    draining.until(|answer| !answer.text.is_empty()).await;

    let new = server.replace(user, &old, "simvalid-new").await;
    assert_eq!(
        (new.label.as_str(), new.status),
        ("main", KeyStatus::Checked(Diagnosis::Valid))
    );
    let keys = server.keys_of(user).await;
    let in_use: Vec<_> = keys
        .iter()
        .filter(|key| key.replaced.is_none())
        .map(|key| key.id)
        .collect();
    assert_eq!(in_use, [new.id, other.id], "it stands where the old one stood");
    let replaced = server.key_of(user, old.id).await.replaced.unwrap();
    assert!(replaced.is_draining);
    assert!(replaced.next_check.is_some());

    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(new.id));
    let answer = draining.end().await;
    assert_eq!(
        (answer.status(), answer.text.as_str()),
        (MessageStatus::Complete, said(SLOW).as_str())
    );
    assert_eq!(answer.receipt().credential.key, Some(old.id));
    assert!(!server.key_of(user, old.id).await.replaced.unwrap().is_draining);

    let entries = server.audit(user).await;
    let of_old: Vec<_> = entries
        .iter()
        .filter(|entry| entry.action == "key.replace")
        .map(|entry| entry.subject.clone())
        .collect();
    assert_eq!(of_old, [Some(old.id.to_string())]);
    assert_eq!(server.audited(user, "key.add").await, 3);
}

async fn turns_during_a_replacement_all_succeed(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let mut present = server.key(user, Provider::OpenAi, "simvalid-0").await;
    for round in 1..=3 {
        let ask = || async {
            let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
            assert_eq!(answer.status(), MessageStatus::Complete, "{:?}", answer.error);
            answer.receipt().credential.key
        };
        let word = format!("simvalid-{round}");
        let (new, ..) = tokio::join!(
            server.replace(user, &present, &word),
            ask(),
            ask(),
            ask(),
            ask(),
            ask(),
            ask(),
        );
        // From here on nobody is served by the old one.
        assert_eq!(ask().await, Some(new.id));
        present = new;
    }
    let keys = server.keys_of(user).await;
    assert!(
        keys.iter()
            .filter(|key| key.id != present.id)
            .all(|key| key.replaced.is_some())
    );
}

async fn a_revoked_key_is_deleted_and_the_record_says_so(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    world.clock.advance(1_000);
    let new = server.replace(user, &old, "simvalid-new").await;
    assert_eq!(proof(&server, user, &old).await, Proof::Nothing);
    world.clock.advance(1_000);
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(proof(&server, user, &old).await, Proof::Alive);

    world
        .simulator
        .revoke(&key_text(Provider::OpenAi, "simvalid-old"));
    let cards = server.keys.check_replaced(user, old.id).await.unwrap();
    let keys: Vec<_> = cards.into_iter().flat_map(|card| card.keys).collect();
    assert_eq!(keys.len(), 1);
    let former = Former {
        last_four: old.last_four.clone(),
        dead_at: keys[0].former.as_ref().unwrap().dead_at,
    };
    assert_eq!((keys[0].id, keys[0].former.as_ref()), (new.id, Some(&former)));
    let sql = format!("SELECT COUNT(*) FROM provider_keys WHERE id = '{}'", old.id);
    assert_eq!(world.database.number(&sql).await, 0);
    assert_eq!(
        server.last_audited(user).await,
        ("key.found_dead".to_owned(), "invalid".to_owned())
    );
    // The same key is no duplicate any more, it is simply refused.
    let again = server
        .try_key(
            user,
            Provider::OpenAi,
            &key_text(Provider::OpenAi, "simvalid-old"),
        )
        .await;
    assert_eq!(refusal(again).code, ErrorCode::KeyRefused);
}

async fn two_servers_ask_about_a_replaced_key_once_each_time(world: World) {
    let servers = [world.server().await, world.server().await];
    let server = &servers[0];
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    let new = server.replace(user, &old, "simvalid-new").await;
    world.simulator.clear();
    let round = async || {
        let (one, other) = tokio::join!(servers[0].keys.check_due(), servers[1].keys.check_due());
        one.unwrap() + other.unwrap()
    };
    assert_eq!(round().await, 0, "not before it is due");
    // Soon after the replacement, and then in growing distances.
    let wait = async || {
        let replaced = server.key_of(user, old.id).await.replaced.unwrap();
        replaced.next_check.unwrap().since(world.clock.now())
    };
    for (number, minutes) in [2, 2, 4, 8].into_iter().enumerate() {
        let pause = wait().await;
        assert_eq!((pause + 30_000) / 60_000, minutes);
        world.clock.advance(pause - 1_000);
        assert_eq!(round().await, 0);
        world.clock.advance(1_000);
        assert_eq!(round().await, 1);
        assert_eq!(probes(&world, "simvalid-old"), number + 1);
    }
    assert_eq!(server.audited(user, "key.recheck").await, 4);
    world
        .simulator
        .revoke(&key_text(Provider::OpenAi, "simvalid-old"));
    world.clock.advance(wait().await);
    assert_eq!(round().await, 1);
    let keys = server.keys_of(user).await;
    assert_eq!(keys.iter().map(|key| key.id).collect::<Vec<_>>(), [new.id]);
    assert!(keys[0].former.is_some());
    assert_eq!(server.audited(user, "key.found_dead").await, 1);
    assert_eq!(probes(&world, "simvalid-old"), 5);
}

async fn what_may_not_replace_changes_nothing(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let eve = server.person("eve").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    server.key(user, Provider::OpenAi, "simvalid-other").await;
    let before = server.keys_of(user).await;
    let attempts = [
        (String::new(), ErrorCode::KeyRefused, "no key"),
        (
            key_text(Provider::Anthropic, "simvalid"),
            ErrorCode::KeyRefused,
            "another provider's",
        ),
        (
            key_text(Provider::OpenAi, "simvalid-old"),
            ErrorCode::KeyDuplicate,
            "the same again",
        ),
        (
            key_text(Provider::OpenAi, "simvalid-other"),
            ErrorCode::KeyDuplicate,
            "a duplicate",
        ),
        (
            key_text(Provider::OpenAi, "unknown"),
            ErrorCode::KeyRefused,
            "a refused one",
        ),
    ];
    for (typed, code, what) in attempts {
        let error = refusal(server.try_replace(user, old.id, &typed).await);
        assert_eq!(error.code, code, "{what}: {error:?}");
        assert_eq!(server.keys_of(user).await, before, "{what}");
    }
    let fresh = key_text(Provider::OpenAi, "simvalid-new");
    let error = refusal(server.try_replace(eve, old.id, &fresh).await);
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(server.keys_of(user).await, before);
    assert_eq!(server.audited(user, "key.refuse").await, 1);
    server.try_replace(user, old.id, &fresh).await.unwrap();
    let another = key_text(Provider::OpenAi, "simvalid-late");
    let error = refusal(server.try_replace(user, old.id, &another).await);
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let error = refusal(server.keys.check_replaced(eve, old.id).await);
    assert_eq!(error.code, ErrorCode::NotFound);
    let error = refusal(server.keys.take_back(eve, old.id).await);
    assert_eq!(error.code, ErrorCode::NotFound);
}

async fn a_key_that_still_works_is_told_to_do_so(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    server.replace(user, &old, "simvalid-new").await;
    world.clock.advance(60_000);
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(server.last_audited(user).await.0, "key.check");
    world.clock.advance(WATCH_MS);
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(
        server.last_audited(user).await,
        ("key.found_alive".to_owned(), "valid".to_owned())
    );
    let replaced = server.key_of(user, old.id).await.replaced.unwrap();
    assert_eq!(replaced.next_check, None, "the watch is over");
    assert_eq!(proof(&server, user, &old).await, Proof::Alive);
    // The owner may ask again, as often as they like.
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(server.audited(user, "key.found_alive").await, 1);
    world
        .simulator
        .revoke(&key_text(Provider::OpenAi, "simvalid-old"));
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(server.last_audited(user).await.0, "key.found_dead");
}

async fn silence_proves_nothing(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simdown500").await;
    server.replace(user, &old, "simvalid-new").await;
    world.clock.advance(60_000);
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(proof(&server, user, &old).await, Proof::Nothing);
    world.clock.advance(WATCH_MS);
    server.keys.check_replaced(user, old.id).await.unwrap();
    assert_eq!(
        server.last_audited(user).await,
        ("key.fate_unknown".to_owned(), "provider_down".to_owned())
    );
    assert_eq!(server.keys_of(user).await.len(), 2, "it is kept");
}

async fn where_nothing_can_be_verified_nobody_asks(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let place = KeyPlace {
        provider: "custom".to_owned(),
        base_url: format!("{}/open/v1", world.simulator.url()),
        endpoint: "open".to_owned(),
        ..KeyPlace::default()
    };
    let typed = ApiKey::parse("any-old".to_owned());
    let old = server.keys.add(user, place, typed).await.unwrap();
    assert_eq!(old.status, KeyStatus::Checked(Diagnosis::Unverifiable));
    let new = server.replace(user, &old, "any-new").await;
    assert_eq!(
        (new.endpoint, new.base_url),
        (old.endpoint.clone(), old.base_url.clone())
    );
    let replaced = server.key_of(user, old.id).await.replaced.unwrap();
    assert_eq!(replaced.next_check, None);
    assert_eq!(proof(&server, user, &old).await, Proof::Impossible);
    let answer = server.ask(user, "open/sim-small", HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(new.id));
}

async fn a_key_is_taken_back(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    world.clock.advance(1_000);
    let new = server.replace(user, &old, "simvalid-new").await;
    server.keys.take_back(user, old.id).await.unwrap();
    let keys = server.keys_of(user).await;
    let told: Vec<_> = keys.iter().map(|key| (key.id, key.replaced)).collect();
    assert_eq!(told, [(old.id, None), (new.id, None)]);
    let answer = server.ask(user, model(Provider::OpenAi), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(old.id));
    assert_eq!(server.audited(user, "key.take_back").await, 1);
    let error = refusal(server.keys.take_back(user, old.id).await);
    assert_eq!(error.code, ErrorCode::NotFound);
}

async fn a_replaced_key_can_be_removed_and_nothing_else(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    let new = server.replace(user, &old, "simvalid-new").await;
    let asked = probes(&world, "simvalid-old");
    for error in [
        refusal(server.keys.recheck(user, old.id).await),
        refusal(server.keys.set_active(user, old.id, false).await),
    ] {
        assert_eq!(error.code, ErrorCode::InvalidInput, "{error:?}");
    }
    assert_eq!(probes(&world, "simvalid-old"), asked);
    server.keys.remove(user, old.id).await.unwrap();
    let keys = server.keys_of(user).await;
    assert_eq!(keys.iter().map(|key| key.id).collect::<Vec<_>>(), [new.id]);
}
