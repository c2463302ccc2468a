//! Invitations: made, seen and taken back by administrators alone, each good for one account and one week.

use marshmallow_core::{ErrorCode, RegistrationPolicy, Role};
use marshmallow_service::SignedIn;

use super::accounts::{register, signed_in};
use crate::harness::{Server, Setup, World, on_both, on_one, refusal};

on_both!(
    an_invitation_is_good_for_one_account,
    an_invitation_ends_by_time_and_by_its_administrator
);
on_one!(
    invitations_are_the_administrators_alone,
    an_invitation_opens_no_closed_door
);

async fn by_invitation(world: &World) -> (Server, SignedIn) {
    let registration = RegistrationPolicy::Invitation;
    let server = world
        .server_with(Setup {
            registration,
            ..Setup::default()
        })
        .await;
    let token = register(&server, "ada", "").await.unwrap();
    let ada = signed_in(&server, &token).await;
    (server, ada)
}

/// The token in a new invitation's link.
async fn invite(server: &Server, administrator: &SignedIn) -> String {
    let link = server.accounts.create_invitation(administrator).await.unwrap();
    link.strip_prefix("/register?invitation=").unwrap().to_owned()
}

async fn an_invitation_is_good_for_one_account(world: World) {
    let (server, ada) = by_invitation(&world).await;
    for wrong in ["", "nonsense"] {
        let error = refusal(register(&server, "ben", wrong).await);
        assert_eq!(error.code, ErrorCode::RegistrationRefused, "{wrong:?}");
    }
    let invitation = invite(&server, &ada).await;
    // One that fails for another reason does not use it up.
    assert_eq!(
        refusal(register(&server, "ada", &invitation).await).code,
        ErrorCode::RegistrationRefused
    );
    let (ben, eve) = tokio::join!(
        register(&server, "ben", &invitation),
        register(&server, "eve", &invitation)
    );
    assert_eq!(usize::from(ben.is_ok()) + usize::from(eve.is_ok()), 1);
    let token = ben.or(eve).unwrap();
    assert_eq!(signed_in(&server, &token).await.account.role, Role::User);
    assert_eq!(
        refusal(register(&server, "joe", &invitation).await).code,
        ErrorCode::RegistrationRefused
    );
    let listed = server.accounts.invitations(&ada).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].used_at.is_some());
    // Used ones are history.
    let error = refusal(server.accounts.revoke_invitation(&ada, listed[0].id).await);
    assert_eq!(error.code, ErrorCode::NotFound);
}

async fn an_invitation_ends_by_time_and_by_its_administrator(world: World) {
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let (server, ada) = by_invitation(&world).await;
    let (old, new) = (invite(&server, &ada).await, invite(&server, &ada).await);
    world.clock.advance(6 * DAY);
    register(&server, "ben", &new).await.unwrap();
    world.clock.advance(DAY);
    assert_eq!(
        refusal(register(&server, "eve", &old).await).code,
        ErrorCode::RegistrationRefused
    );

    let revoked = invite(&server, &ada).await;
    let listed = server.accounts.invitations(&ada).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert!(
        listed
            .windows(2)
            .all(|pair| pair[0].created_at > pair[1].created_at)
    );
    assert_eq!(listed[0].expires_at.since(listed[0].created_at), 7 * DAY);
    server
        .accounts
        .revoke_invitation(&ada, listed[0].id)
        .await
        .unwrap();
    assert_eq!(
        refusal(register(&server, "eve", &revoked).await).code,
        ErrorCode::RegistrationRefused
    );
    assert_eq!(world.database.number("SELECT COUNT(*) FROM users").await, 2);
}

async fn invitations_are_the_administrators_alone(world: World) {
    let (server, ada) = by_invitation(&world).await;
    let invitation = invite(&server, &ada).await;
    let ben = signed_in(&server, &register(&server, "ben", &invitation).await.unwrap()).await;
    invite(&server, &ada).await;
    let open = server.accounts.invitations(&ada).await.unwrap()[0].id;
    for outcome in [
        server.accounts.invitations(&ben).await.map(drop),
        server.accounts.create_invitation(&ben).await.map(drop),
        server.accounts.revoke_invitation(&ben, open).await,
    ] {
        assert_eq!(refusal(outcome).code, ErrorCode::Forbidden);
    }
    assert_eq!(server.accounts.invitations(&ada).await.unwrap().len(), 2);
}

async fn an_invitation_opens_no_closed_door(world: World) {
    let (server, ada) = by_invitation(&world).await;
    let invitation = invite(&server, &ada).await;
    server.shut_down().await;
    let registration = RegistrationPolicy::Closed;
    let server = world
        .server_with(Setup {
            registration,
            ..Setup::default()
        })
        .await;
    assert_eq!(
        refusal(register(&server, "ben", &invitation).await).code,
        ErrorCode::RegistrationRefused
    );
}
