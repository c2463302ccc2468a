//! Accounts: registering, signing in and out, sessions and passwords.

use marshmallow_core::{ErrorCode, RegistrationPolicy, Role};
use marshmallow_service::{Caller, ServiceError, SignedIn};

use crate::harness::{Server, Setup, World, on_both, on_one, refusal};

on_both!(
    the_first_account_is_the_administrators,
    sessions_are_listed_and_ended
);
on_one!(
    what_cannot_be_an_account_is_refused,
    a_wrong_password_and_an_unknown_account_look_the_same,
    a_session_ends_by_itself_when_it_is_not_used,
    a_new_password_ends_all_other_sessions,
    neither_password_nor_token_is_stored,
    tries_are_limited_for_an_account_and_for_an_address,
);

const PASSWORD: &str = "four words in a row";

pub fn caller(address: &str) -> Caller {
    Caller {
        address: address.to_owned(),
        user_agent: "Browser/1.0".to_owned(),
    }
}

/// Registers, and gives the session's token.
pub async fn register(server: &Server, name: &str, invitation: &str) -> Result<String, ServiceError> {
    let email = format!("{name}@example.org");
    let password = PASSWORD.to_owned();
    let token = server
        .accounts
        .register(&email, name, password, invitation, caller("192.0.2.1"))
        .await?;
    Ok(token.expose_secret().to_owned())
}

pub async fn signed_in(server: &Server, token: &str) -> SignedIn {
    server
        .accounts
        .authenticate(token)
        .await
        .unwrap()
        .expect("a good token")
}

async fn sign_in(server: &Server, name: &str, password: &str) -> Result<String, ServiceError> {
    let email = format!("{name}@example.org");
    let token = server
        .accounts
        .sign_in(&email, password.to_owned(), caller("192.0.2.2"))
        .await?;
    Ok(token.expose_secret().to_owned())
}

async fn the_first_account_is_the_administrators(world: World) {
    for registration in [RegistrationPolicy::Closed, RegistrationPolicy::Open] {
        let server = world
            .server_with(Setup {
                registration,
                ..Setup::default()
            })
            .await;
        let state = server.accounts.registration().await.unwrap();
        assert_eq!(state.policy, registration);
        if state.is_first_account {
            // Also where registration is closed: somebody has to begin.
            let token = register(&server, "ada", "").await.unwrap();
            let ada = signed_in(&server, &token).await.account;
            assert_eq!(
                (ada.role, ada.email.as_str()),
                (Role::Administrator, "ada@example.org")
            );
            let closed = refusal(register(&server, "ben", "").await);
            assert_eq!(closed.code, ErrorCode::RegistrationRefused);
        } else {
            let token = register(&server, "ben", "").await.unwrap();
            assert_eq!(signed_in(&server, &token).await.account.role, Role::User);
        }
        server.shut_down().await;
    }
    assert_eq!(world.database.number("SELECT COUNT(*) FROM users").await, 2);
}

async fn what_cannot_be_an_account_is_refused(world: World) {
    let server = world.server().await;
    register(&server, "ada", "").await.unwrap();
    for (email, name, password, code) in [
        ("no address", "Ben", PASSWORD, ErrorCode::InvalidInput),
        ("ben@example.org", " ", PASSWORD, ErrorCode::InvalidInput),
        ("ben@example.org", "Ben", "too short", ErrorCode::InvalidInput),
        (
            "ben@example.org",
            "Ben",
            "BEN@example.org",
            ErrorCode::InvalidInput,
        ),
        ("ADA@Example.Org", "Ada", PASSWORD, ErrorCode::RegistrationRefused),
    ] {
        let outcome = server
            .accounts
            .register(email, name, password.to_owned(), "", caller("192.0.2.1"))
            .await;
        assert_eq!(refusal(outcome).code, code, "{email} {name} {password}");
    }
    assert_eq!(world.database.number("SELECT COUNT(*) FROM users").await, 1);
}

async fn a_wrong_password_and_an_unknown_account_look_the_same(world: World) {
    let server = world.server().await;
    register(&server, "ada", "").await.unwrap();
    let wrong = refusal(sign_in(&server, "ada", "four other words in a row").await);
    let unknown = refusal(sign_in(&server, "nobody", PASSWORD).await);
    let odd = refusal(
        server
            .accounts
            .sign_in("no address", PASSWORD.to_owned(), caller(""))
            .await,
    );
    assert_eq!(wrong.code, ErrorCode::WrongCredentials);
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, odd);
    let email = "  ADA@example.ORG ".to_owned();
    let token = server
        .accounts
        .sign_in(&email, PASSWORD.to_owned(), caller(""))
        .await
        .unwrap();
    assert_eq!(
        signed_in(&server, token.expose_secret()).await.account.name,
        "ada"
    );
}

async fn sessions_are_listed_and_ended(world: World) {
    let server = world.server().await;
    let mut tokens = vec![register(&server, "ada", "").await.unwrap()];
    for _ in 0..3 {
        world.clock.advance(60_000);
        tokens.push(sign_in(&server, "ada", PASSWORD).await.unwrap());
    }
    let stranger = signed_in(&server, &register(&server, "ben", "").await.unwrap()).await;
    let first = signed_in(&server, &tokens[0]).await;
    let sessions = server.accounts.sessions(&first).await.unwrap();
    assert_eq!(sessions.len(), 4);
    assert_eq!(
        sessions
            .iter()
            .map(|session| session.is_current)
            .collect::<Vec<_>>(),
        [true, false, false, false]
    );
    assert!(sessions[1].last_seen > sessions[2].last_seen);
    assert_eq!(
        (sessions[0].address.as_str(), sessions[1].address.as_str()),
        ("192.0.2.1", "192.0.2.2")
    );
    assert_eq!(sessions[0].user_agent, "Browser/1.0");

    let newest = sessions[1].id;
    let error = refusal(server.accounts.revoke_session(&stranger, newest).await);
    assert_eq!(error.code, ErrorCode::NotFound);
    server.accounts.revoke_session(&first, newest).await.unwrap();
    let good = async |number: usize| {
        server
            .accounts
            .authenticate(&tokens[number])
            .await
            .unwrap()
            .is_some()
    };
    assert_eq!(
        [good(0).await, good(1).await, good(2).await, good(3).await],
        [true, true, true, false]
    );
    assert_eq!(
        refusal(server.accounts.revoke_session(&first, newest).await).code,
        ErrorCode::NotFound
    );
    server
        .accounts
        .sign_out(&signed_in(&server, &tokens[1]).await)
        .await
        .unwrap();
    assert!(!good(1).await);
    server.accounts.revoke_other_sessions(&first).await.unwrap();
    assert_eq!([good(0).await, good(2).await], [true, false]);
    assert_eq!(server.accounts.sessions(&stranger).await.unwrap().len(), 1);
    for nothing in ["", "nonsense", &"x".repeat(1_000)] {
        assert!(server.accounts.authenticate(nothing).await.unwrap().is_none());
    }
}

async fn a_session_ends_by_itself_when_it_is_not_used(world: World) {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let server = world.server().await;
    let used = register(&server, "ada", "").await.unwrap();
    let unused = sign_in(&server, "ada", PASSWORD).await.unwrap();
    for _ in 0..3 {
        world.clock.advance(20 * DAY);
        assert!(server.accounts.authenticate(&used).await.unwrap().is_some());
    }
    assert!(server.accounts.authenticate(&unused).await.unwrap().is_none());
    world.clock.advance(30 * DAY);
    assert!(server.accounts.authenticate(&used).await.unwrap().is_none());
}

async fn a_new_password_ends_all_other_sessions(world: World) {
    let server = world.server().await;
    let token = register(&server, "ada", "").await.unwrap();
    let other = sign_in(&server, "ada", PASSWORD).await.unwrap();
    let here = signed_in(&server, &token).await;
    let change = async |current: &str, new: &str| {
        let (current, new) = (current.to_owned(), new.to_owned());
        server
            .accounts
            .change_password(&here, current, new, caller("192.0.2.1"))
            .await
    };
    let wrong = refusal(change("not the password", "another four words").await);
    assert_eq!(wrong.code, ErrorCode::WrongCredentials);
    assert_eq!(
        refusal(change(PASSWORD, "short").await).code,
        ErrorCode::InvalidInput
    );
    assert!(server.accounts.authenticate(&other).await.unwrap().is_some());

    change(PASSWORD, "another four words").await.unwrap();
    assert!(server.accounts.authenticate(&token).await.unwrap().is_some());
    assert!(server.accounts.authenticate(&other).await.unwrap().is_none());
    assert_eq!(
        refusal(sign_in(&server, "ada", PASSWORD).await).code,
        ErrorCode::WrongCredentials
    );
    sign_in(&server, "ada", "another four words").await.unwrap();
    assert_eq!(
        server.audited(here.account.id, "account.change_password").await,
        1
    );
}

async fn neither_password_nor_token_is_stored(world: World) {
    let server = world.server().await;
    let token = register(&server, "ada", "").await.unwrap();
    let here = signed_in(&server, &token).await;
    let link = server.accounts.create_invitation(&here).await.unwrap();
    let invitation = link.strip_prefix("/register?invitation=").unwrap();
    for secret in [token.as_str(), PASSWORD, invitation] {
        assert!(!world.database.holds(secret.as_bytes()), "{secret}");
    }
    assert!(world.database.holds(b"ada@example.org") && world.database.holds(b"$argon2id$"));
    // The token is 256 bits, and no two are the same.
    assert_eq!(token.len(), 43);
    assert_ne!(token, sign_in(&server, "ada", PASSWORD).await.unwrap());
}

async fn tries_are_limited_for_an_account_and_for_an_address(world: World) {
    let server = world.server().await;
    register(&server, "ada", "").await.unwrap();
    let mut tries = 0;
    let limited = loop {
        // From ever new addresses; the limit is the account's, which need not exist.
        let from = caller(&format!("198.51.100.{tries}"));
        let error = refusal(
            server
                .accounts
                .sign_in("nobody@example.org", String::new(), from)
                .await,
        );
        if error.code == ErrorCode::TooManyAttempts {
            break error;
        }
        assert_eq!(error.code, ErrorCode::WrongCredentials);
        tries += 1;
        assert!(tries < 200);
    };
    assert!(tries >= 10, "{tries}");
    sign_in(&server, "ada", PASSWORD).await.unwrap();

    let mut tries = 0;
    loop {
        let outcome = server
            .accounts
            .register("odd", "", String::new(), "", caller("203.0.113.9"))
            .await;
        let error = refusal(outcome);
        if error.code == ErrorCode::TooManyAttempts {
            assert_eq!(error, limited);
            break;
        }
        tries += 1;
        assert!(tries < 2_000);
    }
    assert!(tries >= 60, "{tries}");
    let from_there = caller("203.0.113.9");
    let error = refusal(
        server
            .accounts
            .sign_in("ada@example.org", PASSWORD.to_owned(), from_there)
            .await,
    );
    assert_eq!(error, limited);
    sign_in(&server, "ada", PASSWORD).await.unwrap();
}
