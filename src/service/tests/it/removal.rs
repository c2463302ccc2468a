//! Everything taken away at once: all keys in an emergency, and whole accounts.

use marshmallow_core::{ErrorCode, MessageStatus, Provider, UserId};
use marshmallow_service::{Caller, Emergency, SignedIn};

use crate::harness::{Server, World, model, on_both, refusal};

pub const PASSWORD: &str = "seven wooden boats drift";

on_both!(
    all_keys_are_switched_off_at_once_and_running_answers_stop,
    all_keys_are_removed_at_once_and_leave_no_byte,
    an_account_leaves_nothing_but_its_audit_entries,
    the_last_administrator_stays,
    another_persons_keys_and_answers_go_on,
);

/// Somebody who is signed in, with a password.
pub async fn registered(server: &Server, name: &str) -> SignedIn {
    let email = format!("{name}@example.com");
    let caller = Caller {
        address: name.to_owned(),
        ..Caller::default()
    };
    let token = server
        .accounts
        .register(&email, "Somebody", PASSWORD.to_owned(), "", caller)
        .await
        .unwrap();
    let signed_in = server.accounts.authenticate(token.expose_secret()).await.unwrap();
    signed_in.unwrap()
}

async fn rows_of(world: &World, user: UserId) -> i64 {
    let mut rows = 0;
    for table in [
        "sessions",
        "provider_keys",
        "conversations",
        "messages",
        "generations",
        "usage",
    ] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE user_id = '{user}'");
        rows += world.database.number(&sql).await;
    }
    rows + world
        .database
        .number(&format!("SELECT COUNT(*) FROM users WHERE id = '{user}'"))
        .await
}

async fn all_keys_are_switched_off_at_once_and_running_answers_stop(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let used = server.key(user, Provider::OpenAi, "simvalid").await;
    let idle = server.key(user, Provider::Anthropic, "simvalid").await;
    let long = "Go on #sim words=5000 delay=5";
    let mut running = server
        .begin(user, model(Provider::OpenAi), "Hello #sim delay=0")
        .await;
    while running.advance().await {}
    let mut running = server.begin(user, model(Provider::OpenAi), long).await;
    running.until(|answer| answer.text.len() > 20).await;

    let keys = server.shut_keys(user, Emergency::SwitchOff).await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| key.id).collect();
    assert_eq!(ids, [used.id, idle.id], "the one used last comes first");
    assert!(keys[0].last_used.is_some() && keys[1].last_used.is_none());
    assert_eq!(running.end().await.status(), MessageStatus::Stopped);
    assert!(server.keys_of(user).await.iter().all(|key| !key.is_active));
    assert_eq!(server.audited(user, "key.switch_off").await, 2);
    let error = refusal(server.send(user, None, model(Provider::OpenAi), "Hello").await);
    assert_eq!(error.code, ErrorCode::NoCredential);

    // Done twice, it says the same and records nothing new.
    let again = server.shut_keys(user, Emergency::SwitchOff).await.unwrap();
    assert_eq!(again.len(), 2);
    assert_eq!(server.audited(user, "key.switch_off").await, 2);
    server.keys.set_active(user, used.id, true).await.unwrap();
    let answer = server
        .ask(user, model(Provider::OpenAi), "Hello #sim delay=0")
        .await;
    assert_eq!(answer.status(), MessageStatus::Complete);
}

async fn all_keys_are_removed_at_once_and_leave_no_byte(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let mut sealed = Vec::new();
    for provider in [Provider::OpenAi, Provider::Anthropic, Provider::Google] {
        let key = server.key(user, provider, "simvalid").await;
        sealed.push(server.store.sealed_key(user, key.id).await.unwrap().unwrap().1);
    }
    let is_sqlite = world.database.is_sqlite();
    assert!(
        !is_sqlite
            || sealed
                .iter()
                .all(|sealed| world.database.holds(&sealed.key_cipher))
    );
    let keys = server.shut_keys(user, Emergency::Remove).await.unwrap();
    assert_eq!(keys.len(), 3);
    assert!(server.keys_of(user).await.is_empty());
    assert_eq!(server.audited(user, "key.remove").await, 3);
    if is_sqlite {
        for sealed in sealed {
            assert!(!world.database.holds(&sealed.key_cipher));
            assert!(!world.database.holds(&sealed.wrapped_dek));
        }
    }
}

async fn an_account_leaves_nothing_but_its_audit_entries(world: World) {
    let server = world.server().await;
    registered(&server, "root").await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let (_, sealed) = server.store.sealed_key(user, key.id).await.unwrap().unwrap();
    server
        .ask(user, model(Provider::OpenAi), "Hello #sim delay=0")
        .await;
    let mut running = server
        .begin(user, model(Provider::OpenAi), "Go on #sim words=5000 delay=5")
        .await;
    running.until(|answer| answer.text.len() > 20).await;
    assert!(rows_of(&world, user).await > 5);

    let wrong = server
        .delete_account(&ada, "not the right one".to_owned(), Caller::default())
        .await;
    assert_eq!(refusal(wrong).code, ErrorCode::WrongCredentials);
    assert!(!server.keys_of(user).await.is_empty());

    server
        .delete_account(&ada, PASSWORD.to_owned(), Caller::default())
        .await
        .unwrap();
    assert_eq!(rows_of(&world, user).await, 0);
    assert_eq!(world.database.number("SELECT COUNT(*) FROM journal").await, 0);
    let entries = server.audit(user).await;
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions[0], "account.delete");
    assert!(
        actions.contains(&"key.add") && actions.contains(&"account.created"),
        "{actions:?}"
    );
    if world.database.is_sqlite() {
        assert!(!world.database.holds(&sealed.key_cipher));
        assert!(!world.database.holds(&sealed.wrapped_dek));
    }
    drop(running);
    // The address is free again.
    registered(&server, "ada").await;
}

async fn the_last_administrator_stays(world: World) {
    let server = world.server().await;
    let root = registered(&server, "root").await;
    let ada = registered(&server, "ada").await;
    let refused = server
        .delete_account(&root, PASSWORD.to_owned(), Caller::default())
        .await;
    let refused = refusal(refused);
    assert_eq!(refused.code, ErrorCode::Forbidden);
    assert!(refused.message.contains("only administrator"), "{refused}");

    world
        .database
        .run(&format!(
            "UPDATE users SET role = 'administrator' WHERE id = '{}'",
            ada.account.id
        ))
        .await;
    server
        .delete_account(&root, PASSWORD.to_owned(), Caller::default())
        .await
        .unwrap();
    // The next one to register is no administrator, though the first account is gone.
    let eve = registered(&server, "eve").await;
    assert_eq!(eve.account.role, marshmallow_core::Role::User);
}

async fn another_persons_keys_and_answers_go_on(world: World) {
    let server = world.server().await;
    registered(&server, "root").await;
    let ada = registered(&server, "ada").await;
    let ben = server.person("ben").await;
    server.key(ada.account.id, Provider::OpenAi, "simvalid-ada").await;
    server.key(ben, Provider::OpenAi, "simvalid-ben").await;
    let mut running = server
        .begin(ben, model(Provider::OpenAi), "Go on #sim words=200 delay=5")
        .await;
    running.until(|answer| !answer.text.is_empty()).await;
    server.shut_keys(ada.account.id, Emergency::Remove).await.unwrap();
    server
        .delete_account(&ada, PASSWORD.to_owned(), Caller::default())
        .await
        .unwrap();
    assert_eq!(running.end().await.status(), MessageStatus::Complete);
    assert!(server.keys_of(ben).await[0].is_active);
}
