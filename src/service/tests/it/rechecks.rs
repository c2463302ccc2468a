//! The schedule of checks: about once a day, later and later after failures, at once after a refusal in a chat, and each
//! by one server alone.

use std::collections::BTreeMap;

use marshmallow_core::{Diagnosis, ErrorCode, KeyStatus, NanoDollars, Provider};
use marshmallow_simulator::Recorded;

use crate::harness::{PATIENCE, Server, World, key_text, model, on_both, on_one, refusal};

on_one!(
    a_key_is_checked_about_once_a_day,
    a_check_on_demand_puts_the_next_one_off,
    what_proves_nothing_is_tried_again_later_and_later,
    a_failed_check_takes_no_refusal_back,
    a_key_that_does_not_open_is_on_record_once_a_day,
    many_that_are_due_at_once_are_spread,
    what_is_left_to_spend_is_kept,
    the_rounds_stop_with_the_server,
);
on_both!(
    two_servers_check_each_key_once,
    a_refusal_in_a_chat_asks_for_one_check,
);

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// The longest pause between two checks.
const LONGEST: i64 = DAY * 11 / 10;

/// The calls that were made to check keys, by key.
fn probes(world: &World) -> BTreeMap<String, usize> {
    let mut probes = BTreeMap::new();
    let requests: Vec<Recorded> = world.simulator.requests();
    for request in requests.iter().filter(|request| request.method == "GET") {
        let key = request.bearer().unwrap_or_default().to_owned();
        *probes.entry(key).or_default() += 1;
    }
    probes
}

async fn round(server: &Server) -> usize {
    server.keys.check_due().await.unwrap()
}

async fn a_key_is_checked_about_once_a_day(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let pause = key.next_check.unwrap().since(key.last_validated.unwrap());
    assert!((DAY * 9 / 10 - MINUTE..LONGEST).contains(&pause), "{pause}");
    world.simulator.clear();
    world.clock.advance(DAY * 8 / 10);
    assert_eq!(round(&server).await, 0);
    world.clock.advance(LONGEST - DAY * 8 / 10);
    assert_eq!((round(&server).await, round(&server).await), (1, 0));
    assert_eq!(probes(&world).into_values().collect::<Vec<_>>(), [1]);
    let checked = server.keys_of(user).await.remove(0);
    assert!(checked.last_validated.unwrap().since(key.last_validated.unwrap()) >= LONGEST);
    assert!(checked.next_check > key.next_check);
    assert_eq!(
        server.last_audited(user).await,
        ("key.recheck".to_owned(), "valid".to_owned())
    );
    // A key that is switched off is left alone.
    server.keys.set_active(user, key.id, false).await.unwrap();
    assert_eq!(server.keys_of(user).await[0].next_check, None);
    world.clock.advance(2 * LONGEST);
    assert_eq!(round(&server).await, 0);
}

async fn a_check_on_demand_puts_the_next_one_off(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    world.clock.advance(LONGEST);
    let checked = server.keys.recheck(user, key.id).await.unwrap();
    assert!(checked.next_check.unwrap().since(checked.last_validated.unwrap()) > DAY / 2);
    assert_eq!(round(&server).await, 0);
    assert_eq!(server.last_audited(user).await.0, "key.check");
}

async fn what_proves_nothing_is_tried_again_later_and_later(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let mut key = server.key(user, Provider::OpenAi, "simdown500").await;
    for minutes in [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440] {
        let pause = key.next_check.unwrap().since(key.last_validated.unwrap());
        let full = minutes * MINUTE;
        assert!(
            (full * 9 / 10 - MINUTE..full * 11 / 10).contains(&pause),
            "{minutes}: {pause}"
        );
        world.clock.advance(pause - MINUTE);
        assert_eq!(round(&server).await, 0);
        world.clock.advance(MINUTE);
        assert_eq!(round(&server).await, 1, "after {minutes} minutes");
        key = server.keys_of(user).await.remove(0);
        assert_eq!(key.status, KeyStatus::Checked(Diagnosis::ProviderDown));
    }
    assert_eq!(server.audited(user, "key.recheck").await, 9);
}

async fn a_failed_check_takes_no_refusal_back(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simdown500").await;
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'invalid'")
        .await;
    world.clock.advance(LONGEST);
    assert_eq!(round(&server).await, 1);
    assert_eq!(
        server.status_of(user, &key).await,
        KeyStatus::Checked(Diagnosis::Invalid)
    );
    assert_eq!(server.last_audited(user).await.1, "provider_down");
    // Whoever asks is told that nothing was found out.
    let told = refusal(server.keys.recheck(user, key.id).await);
    assert_eq!(told.code, ErrorCode::Provider(Diagnosis::ProviderDown));
    assert_eq!(
        server.status_of(user, &key).await,
        KeyStatus::Checked(Diagnosis::Invalid)
    );
}

async fn a_key_that_does_not_open_is_on_record_once_a_day(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world
        .database
        .run("UPDATE provider_keys SET key_cipher = x'00112233445566778899aabbccddeeff00112233'")
        .await;
    world.simulator.clear();
    for days in 1..=2 {
        world.clock.advance(LONGEST);
        assert_eq!(round(&server).await, 1);
        world.clock.advance(60 * MINUTE);
        assert_eq!(round(&server).await, 0);
        assert_eq!(server.audited(user, "key.does_not_open").await, days);
    }
    assert!(probes(&world).is_empty());
}

async fn many_that_are_due_at_once_are_spread(world: World) {
    let server = world.server().await;
    let mut people = Vec::new();
    for name in ["ada", "ben", "cat"] {
        let user = server.person(name).await;
        for number in 0..15 {
            server
                .key(user, Provider::OpenAi, &format!("simvalid-{name}-{number}"))
                .await;
        }
        people.push(user);
    }
    // As keys are that were stored before there was a schedule.
    world
        .database
        .run("UPDATE provider_keys SET next_check = 0")
        .await;
    world.simulator.clear();
    let mut rounds = Vec::new();
    while rounds.last() != Some(&0) {
        rounds.push(round(&server).await);
    }
    assert_eq!(rounds, [20, 20, 5, 0]);
    let probes = probes(&world);
    assert_eq!((probes.len(), probes.values().max()), (45, Some(&1)));
    // From then on they are due apart from each other.
    let mut due: Vec<_> = Vec::new();
    for user in people {
        due.extend(
            server
                .keys_of(user)
                .await
                .into_iter()
                .filter_map(|key| key.next_check),
        );
    }
    due.sort();
    assert!(due.last().unwrap().since(due[0]) > DAY / 10, "{due:?}");
}

async fn what_is_left_to_spend_is_kept(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenRouter, "simvalid").await;
    assert_eq!(key.credit_left, Some(NanoDollars(74_500_000_000)));
    world
        .database
        .run("UPDATE provider_keys SET credit_left = NULL")
        .await;
    let checked = server.keys.recheck(user, key.id).await.unwrap();
    assert_eq!(checked.credit_left, key.credit_left);
    let silent = server.key(user, Provider::OpenAi, "simvalid").await;
    assert_eq!(silent.credit_left, None);
}

async fn the_rounds_stop_with_the_server(world: World) {
    let server = world.server().await;
    server.start_rechecks();
    tokio::time::timeout(PATIENCE, server.shut_down()).await.unwrap();
    assert!(server.keys.check_due().await.is_err(), "the database is closed");
}

async fn two_servers_check_each_key_once(world: World) {
    let (one, two) = (world.server().await, world.server().await);
    let mut keys = Vec::new();
    for name in ["ada", "ben"] {
        let user = one.person(name).await;
        for number in 0..6 {
            let word = format!("simvalid-{name}-{number}");
            one.key(user, Provider::OpenAi, &word).await;
            keys.push(key_text(Provider::OpenAi, &word));
        }
    }
    for days in 1..=2 {
        world.simulator.clear();
        world.clock.advance(LONGEST);
        let rounds = tokio::join!(round(&one), round(&two), round(&two), round(&one));
        let checked = rounds.0 + rounds.1 + rounds.2 + rounds.3;
        assert_eq!(checked, keys.len(), "day {days}: {rounds:?}");
        let expected: BTreeMap<_, _> = keys.iter().map(|key| (key.clone(), 1)).collect();
        assert_eq!(probes(&world), expected, "day {days}");
        assert_eq!((round(&one).await, round(&two).await), (0, 0));
    }
}

async fn a_refusal_in_a_chat_asks_for_one_check(world: World) {
    let (one, two) = (world.server().await, world.server().await);
    let user = one.person("ada").await;
    let key = one.key(user, Provider::OpenAi, "simvalid").await;
    one.ask(user, model(Provider::OpenAi), "Hello #sim status=401")
        .await;
    assert_eq!(
        one.status_of(user, &key).await,
        KeyStatus::Checked(Diagnosis::Invalid)
    );
    world.simulator.clear();
    let (first, second) = tokio::join!(round(&one), round(&two));
    assert_eq!(first + second, 1);
    assert_eq!(probes(&world).into_values().collect::<Vec<_>>(), [1]);
    // It was the provider's slip: the key serves again.
    assert_eq!(
        one.status_of(user, &key).await,
        KeyStatus::Checked(Diagnosis::Valid)
    );
    assert_eq!((round(&one).await, round(&two).await), (0, 0));
}
