//! What a sealed file tells of a key's life: its end comes along, what is over or replaced stays where it is.

use marshmallow_core::{BundleRowState, BundleStep, ErrorCode, KeyLife, Provider};

use crate::{
    bundles::{export, import, review},
    harness::{World, on_one, refusal},
    removal::registered,
};

on_one!(
    the_end_of_a_life_comes_along,
    a_life_is_cut_to_the_bound_of_where_it_comes_in,
    what_is_over_neither_leaves_nor_comes_in,
    a_replaced_key_neither_leaves_nor_comes_in,
);

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

async fn the_end_of_a_life_comes_along(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    let key = server
        .keys
        .set_life(user, key.id, KeyLife::For(7 * DAY))
        .await
        .unwrap();
    let text = export(&server, &ada, &[key.id]).await.unwrap().text;
    server.keys.remove(user, key.id).await.unwrap();
    world.clock.advance(DAY);

    assert_eq!(
        review(&server, &ada, &text).await.keys[0].expires_at,
        key.expires_at
    );
    let back = import(&server, &ada, &text, 0, BundleStep::Add).await.unwrap();
    assert_eq!(back.expires_at, key.expires_at, "it is not a day longer");
}

async fn a_life_is_cut_to_the_bound_of_where_it_comes_in(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let endless = server.key(user, Provider::OpenAi, "simvalid").await;
    let long = server.key(user, Provider::Google, "simvalid").await;
    let long = server
        .keys
        .set_life(user, long.id, KeyLife::For(90 * DAY))
        .await
        .unwrap();
    let text = export(&server, &ada, &[endless.id, long.id]).await.unwrap().text;
    for key in [endless.id, long.id] {
        server.keys.remove(user, key).await.unwrap();
    }
    server.keys.set_longest_life(user, "7d").await.unwrap();
    for number in [0, 1] {
        let key = import(&server, &ada, &text, number, BundleStep::Add)
            .await
            .unwrap();
        let life = key.expires_at.unwrap().0 - key.created_at.0;
        assert!((7 * DAY - HOUR..=7 * DAY).contains(&life), "{life}");
    }
}

async fn what_is_over_neither_leaves_nor_comes_in(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    server
        .keys
        .set_life(user, key.id, KeyLife::For(HOUR))
        .await
        .unwrap();
    let text = export(&server, &ada, &[key.id]).await.unwrap().text;
    world.clock.advance(HOUR);

    let refused = refusal(export(&server, &ada, &[key.id]).await);
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(
        refused.message.contains("time limit") && refused.message.contains("…cdef"),
        "{refused}"
    );
    assert_eq!(server.audited(user, "key.export").await, 1);

    server.keys.remove(user, key.id).await.unwrap();
    let row = review(&server, &ada, &text).await.keys.remove(0);
    assert!(matches!(row.state, BundleRowState::Refused(_)), "{row:?}");
    let refused = import(&server, &ada, &text, 0, BundleStep::Add)
        .await
        .unwrap_err();
    assert!(refused.message.contains("owner set"), "{refused}");
    assert!(server.keys_of(user).await.is_empty());
}

async fn a_replaced_key_neither_leaves_nor_comes_in(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let old = server.key(user, Provider::OpenAi, "simvalid-old").await;
    let text = export(&server, &ada, &[old.id]).await.unwrap().text;
    server.replace(user, &old, "simvalid-new").await;

    let refused = refusal(export(&server, &ada, &[old.id]).await);
    assert_eq!(refused.code, ErrorCode::NotFound);
    let row = review(&server, &ada, &text).await.keys.remove(0);
    assert!(matches!(row.state, BundleRowState::Refused(_)), "{row:?}");
    for step in [BundleStep::Add, BundleStep::TakeSettings] {
        assert!(import(&server, &ada, &text, 0, step).await.is_err(), "{step:?}");
    }
    assert!(server.key_of(user, old.id).await.replaced.is_some());
}
