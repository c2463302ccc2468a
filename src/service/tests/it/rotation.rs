//! Replacing the root secret while a server runs: turns and new keys go on at every step, and at the end everything
//! opens under the new one.

use std::sync::Arc;

use marshmallow_core::{ErrorCode, MessageStatus, Provider, UserId};
use marshmallow_service::{Rotation, ServiceError};

use crate::harness::{Server, Setup, TestRandom, TestRoots, World, model, on_both, on_one, refusal};

const OLD: &str = "8f3ab1c96e5d70427bd9143fe62a58c07714e9d2035cbf864a9e21d8b6f7035c";
const NEW: &str = "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88";

on_both!(
    every_step_leaves_every_key_usable,
    a_change_that_was_cut_off_goes_on,
    a_key_that_does_not_open_is_named_and_keeps_both_secrets_needed,
);

on_one!(
    a_server_that_cannot_open_the_next_secret_keeps_the_change_from_beginning,
    a_server_without_the_next_secret_does_not_start_during_a_change,
    a_change_without_the_secret_that_sealed_the_keys_is_refused,
    a_key_added_while_the_secret_changes_is_found_as_a_duplicate_afterwards,
);

pub fn id_of(secret: &str) -> String {
    marshmallow_service::RootSecret::parse(secret)
        .unwrap()
        .kek_id()
        .to_string()
}

pub async fn rotation<const N: usize>(
    world: &World,
    server: &Server,
    secrets: [&'static str; N],
    target: &str,
) -> Result<Rotation, ServiceError> {
    let secrets = Arc::new(TestRoots::new(secrets));
    let (clock, random) = (world.clock.clone(), Arc::new(TestRandom));
    Rotation::new(server.store.clone(), secrets, &id_of(target), 2, clock, random).await
}

async fn with_both(world: &World) -> Server {
    let setup = Setup {
        secrets: Some(Arc::new(TestRoots::new([OLD, NEW]))),
        ..Setup::default()
    };
    world.server_with(setup).await
}

/// Asks with the person's own keys of two providers.
async fn chats(server: &Server, user: UserId) {
    for provider in [Provider::OpenAi, Provider::Anthropic] {
        let answer = server
            .ask(user, model(provider), "Hello #sim delay=0 words=2")
            .await;
        assert_eq!(answer.status(), MessageStatus::Complete);
        assert!(answer.receipt().credential.key.is_some());
    }
}

async fn every_step_leaves_every_key_usable(world: World) {
    let secrets = Arc::new(TestRoots::new([OLD]));
    let setup = Setup {
        secrets: Some(secrets.clone()),
        ..Setup::default()
    };
    let server = world.server_with(setup).await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    for user in [ada, ben] {
        server.key(user, Provider::OpenAi, "simvalid").await;
        server.key(user, Provider::Anthropic, "simvalid").await;
    }
    chats(&server, ada).await;

    // The server learns of the new secret without a restart.
    secrets.set([OLD, NEW]);
    let rotation = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    let unready = || async { (rotation.plan().await.unwrap().unready == 0).then_some(()) };
    crate::harness::eventually("the server can open the new secret", unready).await;
    let plan = rotation.plan().await.unwrap();
    assert_eq!(
        (plan.keys, plan.to_rewrap, plan.people, plan.servers),
        (4, 4, 2, 1)
    );

    rotation.announce().await.unwrap();
    chats(&server, ada).await;
    server.key(ada, Provider::OpenAi, "simvalid-announced").await;
    rotation.switch().await.unwrap();
    chats(&server, ada).await;
    server.key(ada, Provider::OpenAi, "simvalid-switched").await;
    let mut told = 0;
    let progress = rotation
        .rewrap(|progress| told = progress.rewrapped)
        .await
        .unwrap();
    assert_eq!((progress.rewrapped, progress.unopened, told), (5, 0, 5));
    chats(&server, ada).await;
    let verdict = rotation.verify().await.unwrap();
    assert_eq!(
        (verdict.under_new, verdict.under_old, verdict.unopened),
        (6, 0, 0)
    );
    assert!(verdict.is_complete());
    rotation.finish(&verdict).await.unwrap();
    secrets.set([NEW]);
    for user in [ada, ben] {
        chats(&server, user).await;
    }
    assert_eq!(server.audited(ben, "key.rewrap").await, 2);
    assert_eq!(server.audited(ada, "key.does_not_open").await, 0);

    // A server that knows the new secret alone serves; one that knows the old one alone does not start.
    let one = |secret| Setup {
        root: secret,
        ..Setup::default()
    };
    chats(&world.server_with(one(NEW)).await, ada).await;
    let refused = world.starting(one(OLD)).await.err().unwrap();
    assert!(
        matches!(refused, ServiceError::OtherRootSecret { .. }),
        "{refused}"
    );
}

async fn a_change_that_was_cut_off_goes_on(world: World) {
    let server = with_both(&world).await;
    let user = server.person("ada").await;
    for number in 0..3 {
        server
            .key(user, Provider::OpenAi, &format!("simvalid-{number}"))
            .await;
    }
    server.key(user, Provider::Anthropic, "simvalid").await;
    let first = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    first.announce().await.unwrap();
    drop(first);
    let second = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    second.announce().await.unwrap();
    second.switch().await.unwrap();
    second.rewrap(|_| ()).await.unwrap();
    drop(second);
    let third = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    assert_eq!(third.plan().await.unwrap().to_rewrap, 0);
    third.announce().await.unwrap();
    third.switch().await.unwrap();
    assert_eq!(third.rewrap(|_| ()).await.unwrap().rewrapped, 0);
    assert_eq!(third.verify().await.unwrap().under_new, 4);
    chats(&server, user).await;

    // And back again, to what the files call the present one.
    let back = rotation(&world, &server, [NEW, OLD], OLD).await.unwrap();
    assert_eq!(back.plan().await.unwrap().to_rewrap, 4);
    back.announce().await.unwrap();
    back.switch().await.unwrap();
    assert_eq!(back.rewrap(|_| ()).await.unwrap().rewrapped, 4);
    assert_eq!(
        server
            .store
            .sealed_counts(&marshmallow_store::SEALED[0])
            .await
            .unwrap()[0]
            .kek_id,
        id_of(OLD)
    );
    chats(&server, user).await;
}

async fn a_key_that_does_not_open_is_named_and_keeps_both_secrets_needed(world: World) {
    let server = with_both(&world).await;
    let user = server.person("ada").await;
    let broken = server.key(user, Provider::OpenAi, "simvalid-broken").await.id;
    server.key(user, Provider::OpenAi, "simvalid").await;
    world
        .database
        .run(&format!(
            "UPDATE provider_keys SET base_url = 'http://elsewhere' WHERE id = '{broken}'"
        ))
        .await;
    let rotation = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    rotation.announce().await.unwrap();
    rotation.switch().await.unwrap();
    let progress = rotation.rewrap(|_| ()).await.unwrap();
    assert_eq!((progress.rewrapped, progress.unopened), (1, 1));
    let verdict = rotation.verify().await.unwrap();
    assert!(!verdict.is_complete());
    assert_eq!(
        (verdict.under_new, verdict.unopened, &verdict.named[..]),
        (1, 1, &[broken][..])
    );

    server.keys.remove(user, broken).await.unwrap();
    let verdict = rotation.verify().await.unwrap();
    assert!(verdict.is_complete());
}

async fn a_server_that_cannot_open_the_next_secret_keeps_the_change_from_beginning(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let rotation = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    assert_eq!(rotation.plan().await.unwrap().unready, 1);
    rotation.announce().await.unwrap();
    rotation.withdraw().await.unwrap();
    assert_eq!(server.store.root_state().await.unwrap(), Default::default());
    assert!(rotation.switch().await.is_err(), "nothing is announced");

    // One that is gone without a word holds the change up for as long as its announcement lasts.
    world.clock.advance(60_000);
    let gone = || async { (rotation.plan().await.unwrap().servers == 1).then_some(()) };
    crate::harness::eventually("a living server comes back", gone).await;
    server.shut_down().await;
    let later = world.server().await;
    let plan = rotation_of(&world, &later).await;
    assert_eq!(plan, 1, "the one that stopped took its announcement along");
}

async fn rotation_of(world: &World, server: &Server) -> usize {
    let rotation = rotation(world, server, [OLD, NEW], NEW).await.unwrap();
    rotation.plan().await.unwrap().servers
}

async fn a_server_without_the_next_secret_does_not_start_during_a_change(world: World) {
    let server = with_both(&world).await;
    let rotation = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    rotation.announce().await.unwrap();
    let refused = world.starting(Setup::default()).await.err().unwrap();
    let said = refused.to_string();
    assert!(said.contains(&id_of(NEW)) && said.contains("both"), "{said}");
    assert_eq!(
        rotation.plan().await.unwrap().servers,
        1,
        "it does not count as running"
    );
    rotation.withdraw().await.unwrap();
    world.server().await;
}

async fn a_change_without_the_secret_that_sealed_the_keys_is_refused(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    let refused = rotation(&world, &server, [NEW], NEW).await.err().unwrap();
    assert!(refused.to_string().contains(&id_of(OLD)), "{refused}");
}

async fn a_key_added_while_the_secret_changes_is_found_as_a_duplicate_afterwards(world: World) {
    let server = with_both(&world).await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid-old").await;
    let rotation = rotation(&world, &server, [OLD, NEW], NEW).await.unwrap();
    rotation.announce().await.unwrap();
    rotation.switch().await.unwrap();
    server.key(user, Provider::OpenAi, "simvalid-new").await;
    for word in ["simvalid-old", "simvalid-new"] {
        let key = crate::harness::key_text(Provider::OpenAi, word);
        let again = refusal(server.try_key(user, Provider::OpenAi, &key).await);
        assert_eq!(again.code, ErrorCode::KeyDuplicate);
    }
    rotation.rewrap(|_| ()).await.unwrap();
    let knows_new_alone = world
        .server_with(Setup {
            root: NEW,
            ..Setup::default()
        })
        .await;
    for word in ["simvalid-old", "simvalid-new"] {
        let key = crate::harness::key_text(Provider::OpenAi, word);
        let again = refusal(knows_new_alone.try_key(user, Provider::OpenAi, &key).await);
        assert_eq!(again.code, ErrorCode::KeyDuplicate);
    }
}
