//! A stored key's life: checked again, switched off and on, removed.

use marshmallow_core::{Diagnosis, ErrorCode, KeyStatus, Provider};

use crate::harness::{World, key_text, model, on_both, refusal};

on_both!(
    a_check_keeps_what_the_provider_says_now,
    a_check_that_proves_nothing_leaves_the_list_of_models,
    a_key_that_is_switched_off_serves_no_turn,
    a_removed_key_leaves_its_audit_trail_and_nothing_else,
);

async fn a_check_keeps_what_the_provider_says_now(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'invalid', models = NULL")
        .await;
    assert_eq!(
        server.status_of(user, &key).await,
        KeyStatus::Checked(Diagnosis::Invalid)
    );
    let checked = server.keys.recheck(user, key.id).await.unwrap();
    assert_eq!(checked.status, KeyStatus::Checked(Diagnosis::Valid));
    assert_eq!(checked.model_count, key.model_count);
    assert!(checked.last_validated > key.last_validated);
    let entry = server.audit(user).await.remove(0);
    assert_eq!(
        server.last_audited(user).await,
        ("key.check".to_owned(), "valid".to_owned())
    );
    assert_eq!(entry.subject, Some(key.id.to_string()));
    let last = world.simulator.requests().pop().unwrap();
    assert_eq!(
        last.bearer(),
        Some(key_text(Provider::OpenAi, "simvalid").as_str())
    );
}

async fn a_check_that_proves_nothing_leaves_the_list_of_models(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::Google, "simratelimited").await;
    world
        .database
        .run(r#"UPDATE provider_keys SET models = '[{"id":"gemini-2.5-flash"}]'"#)
        .await;
    let checked = server.keys.recheck(user, key.id).await.unwrap();
    assert_eq!(checked.status, KeyStatus::Checked(Diagnosis::RateLimited));
    assert_eq!(checked.model_count, Some(1));
}

async fn a_key_that_is_switched_off_serves_no_turn(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    assert!(
        !server
            .keys
            .set_active(user, key.id, false)
            .await
            .unwrap()
            .is_active
    );
    world.simulator.clear();
    let error = refusal(server.send(user, None, model(Provider::OpenAi), "Hello").await);
    assert_eq!(error.code, ErrorCode::NoCredential);
    assert!(world.simulator.requests().is_empty());
    assert!(
        server
            .chat
            .conversations(user, None)
            .await
            .unwrap()
            .conversations
            .is_empty()
    );

    assert!(
        server
            .keys
            .set_active(user, key.id, true)
            .await
            .unwrap()
            .is_active
    );
    let answer = server
        .ask(user, model(Provider::OpenAi), "Hello #sim delay=0")
        .await;
    assert_eq!(answer.receipt().credential.key, Some(key.id));
    assert_eq!(server.audited(user, "key.switch_off").await, 1);
    assert_eq!(server.audited(user, "key.switch_on").await, 1);
}

async fn a_removed_key_leaves_its_audit_trail_and_nothing_else(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let (_, sealed) = server.store.sealed_key(user, key.id).await.unwrap().unwrap();
    let is_sqlite = world.database.is_sqlite();
    assert!(!is_sqlite || world.database.holds(&sealed.key_cipher));

    server.keys.remove(user, key.id).await.unwrap();
    assert!(server.keys_of(user).await.is_empty());
    assert_eq!(
        world.database.number("SELECT COUNT(*) FROM provider_keys").await,
        0
    );
    if is_sqlite {
        assert!(!world.database.holds(&sealed.key_cipher));
        assert!(!world.database.holds(&sealed.wrapped_dek));
    }
    let audit = server.audit(user).await;
    let actions: Vec<_> = audit.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["key.remove", "key.add", "account.created"]);
    assert!(
        audit[..2]
            .iter()
            .all(|entry| entry.subject == Some(key.id.to_string()))
    );

    let error = refusal(server.send(user, None, model(Provider::OpenAi), "Hello").await);
    assert_eq!(error.code, ErrorCode::NoCredential);
    for outcome in [
        server.keys.remove(user, key.id).await.map(drop),
        server.keys.recheck(user, key.id).await.map(drop),
        server.keys.set_active(user, key.id, true).await.map(drop),
    ] {
        assert_eq!(refusal(outcome).code, ErrorCode::NotFound);
    }
}
