//! A key whose record was changed behind the server's back does not open: the turn ends, visibly, nothing is
//! sent, and no other key takes over.

use marshmallow_core::{CredentialKind, ErrorCode, KeyId, MessageStatus, Provider, UserId};
use marshmallow_service::ServiceError;

use crate::harness::{Server, Setup, World, address, model, on_both, on_one, refusal};

mod moved {
    use super::*;

    on_both!(
        to_another_user,
        to_another_provider,
        to_another_address,
        from_another_row
    );

    async fn to_another_user(world: World) {
        let server = lending(&world).await;
        let (ada, ben) = (server.person("ada").await, server.person("ben").await);
        let key = server.key(ada, Provider::OpenAi, "simvalid").await.id;
        world
            .database
            .run(&format!(
                "UPDATE provider_keys SET user_id = '{ben}' WHERE id = '{key}'"
            ))
            .await;
        nothing_opens(&world, &server, ben, key).await;
    }

    async fn to_another_provider(world: World) {
        let server = lending(&world).await;
        let user = server.person("ada").await;
        let key = server.key(user, Provider::OpenAi, "simvalid").await.id;
        world
            .database
            .run("UPDATE provider_keys SET provider = 'anthropic'")
            .await;
        nothing_opens(&world, &server, user, key).await;
    }

    async fn to_another_address(world: World) {
        let server = lending(&world).await;
        let user = server.person("ada").await;
        let key = server.key(user, Provider::OpenAi, "simvalid").await.id;
        let thief = address(&world.simulator, Provider::OpenRouter);
        world
            .database
            .run(&format!("UPDATE provider_keys SET base_url = '{thief}'"))
            .await;
        nothing_opens(&world, &server, user, key).await;
    }

    async fn from_another_row(world: World) {
        let server = lending(&world).await;
        let user = server.person("ada").await;
        let key = server.key(user, Provider::OpenAi, "simvalid-one").await.id;
        let other = server.key(user, Provider::OpenAi, "simvalid-two").await.id;
        for column in ["key_cipher", "iv", "wrapped_dek", "dek_iv"] {
            let sql = format!(
                "UPDATE provider_keys SET {column} = (SELECT {column} FROM provider_keys WHERE id = '{other}')
                  WHERE id = '{key}'"
            );
            world.database.run(&sql).await;
        }
        nothing_opens(&world, &server, user, key).await;
    }
}

on_one!(
    another_root_secret_is_refused_at_the_start,
    a_key_sealed_under_another_root_secret_does_not_open,
    a_changed_byte_opens_nothing,
);

async fn another_root_secret_is_refused_at_the_start(world: World) {
    let server = lending(&world).await;
    let user = server.person("ada").await;
    server.key(user, Provider::OpenAi, "simvalid").await;
    server.shut_down().await;
    let root = "17c4d90be2a86f355e80b94712cfd3a668091bf7e4d25ca3903e7f6b18ad42c5";
    let setup = Setup {
        root,
        ..Setup::default()
    };
    let refused = world.starting(setup).await;
    assert!(matches!(
        refused.err(),
        Some(ServiceError::OtherRootSecret { .. })
    ));
    world.server().await;
}

async fn a_key_sealed_under_another_root_secret_does_not_open(world: World) {
    let server = lending(&world).await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await.id;
    world
        .database
        .run("UPDATE provider_keys SET kek_id = '0123456789abcdef'")
        .await;
    nothing_opens(&world, &server, user, key).await;
}

async fn a_changed_byte_opens_nothing(world: World) {
    let server = lending(&world).await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await.id;
    let (_, mut sealed) = server.store.sealed_key(user, key).await.unwrap().unwrap();
    sealed.key_cipher[0] ^= 1;
    let cipher: String = sealed
        .key_cipher
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    world
        .database
        .run(&format!("UPDATE provider_keys SET key_cipher = X'{cipher}'"))
        .await;
    nothing_opens(&world, &server, user, key).await;
}

/// A server whose platform key would serve every turn, and has been looked at once.
async fn lending(world: &World) -> Server {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let somebody = server.person("somebody").await;
    server.models.selection(somebody).await.unwrap();
    server
}

async fn nothing_opens(world: &World, server: &Server, user: UserId, key: KeyId) {
    world.simulator.clear();
    let error = refusal(server.keys.recheck(user, key).await);
    assert_eq!(error.code, ErrorCode::KeyDoesNotOpen);
    assert_eq!(
        server.last_audited(user).await,
        ("key.does_not_open".to_owned(), "check".to_owned())
    );

    let answer = server.ask(user, model(Provider::OpenAi), "Hello").await;
    assert_eq!(answer.status(), MessageStatus::Failed);
    assert_eq!(
        answer.error.as_ref().map(|error| error.code),
        Some(ErrorCode::KeyDoesNotOpen)
    );
    assert_eq!((answer.text.as_str(), answer.notices.len()), ("", 0));
    let receipt = answer.receipt();
    assert_eq!(
        (receipt.credential.kind, receipt.credential.key),
        (CredentialKind::Own, Some(key))
    );
    assert!(receipt.fallbacks.is_empty());

    let view = server
        .chat
        .conversation(user, answer.conversation())
        .await
        .unwrap();
    assert_eq!(view.messages.len(), 2);
    assert_eq!(view.messages[1].status, MessageStatus::Failed);
    assert_eq!(view.messages[1].error, answer.error);
    assert!(
        world.simulator.requests().is_empty(),
        "{:#?}",
        world.simulator.requests()
    );
    let entry = server.audit(user).await.remove(0);
    assert_eq!(
        server.last_audited(user).await,
        ("key.does_not_open".to_owned(), "chat".to_owned())
    );
    assert_eq!(entry.subject, Some(key.to_string()));
}
