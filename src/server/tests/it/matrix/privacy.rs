//! An administrator runs the installation and sees no key and no conversation of anyone else, nor can use them.

use marshmallow_core::Provider;

use crate::harness::{MODEL, Place, own_key};

#[tokio::test]
async fn an_administrator_neither_sees_nor_uses_the_keys_of_others() {
    let place = Place::new().await;
    let server = place.start().await;
    let administrator = server.anonymous().register("administrator").await;
    let owner = server.anonymous().register("owner").await;
    owner
        .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "owner"))
        .await;
    owner
        .ask(MODEL, "A secret of mine #sim delay=0")
        .await
        .rest()
        .await;

    let cards = administrator.get("keys/list", &[]).await.value();
    assert_eq!(cards.as_array().unwrap().len(), Provider::ALL.len());
    assert!(
        cards
            .as_array()
            .unwrap()
            .iter()
            .all(|card| card["keys"] == serde_json::json!([])),
        "{cards}"
    );
    let models = administrator.get("models/list", &[]).await.value();
    let models = models["choices"].as_array().unwrap();
    assert!(
        !models.is_empty() && models.iter().all(|model| model["credential"].is_null()),
        "{models:?}"
    );
    let conversations = administrator.get("chat/conversations", &[]).await.value();
    assert_eq!(conversations["conversations"], serde_json::json!([]));

    place.simulator.clear();
    let answer = administrator
        .post("chat/send", &[("model", MODEL), ("text", "On whose key?")])
        .await;
    assert_eq!(answer.outcome(), "422 no_credential");
    assert_eq!(place.simulator.requests(), []);
    for page in [
        "/",
        "/settings/keys",
        "/settings/models",
        "/settings/account",
        "/settings/invitations",
        "/settings/spending",
        "/settings/activity",
    ] {
        let text = administrator.page(page).await.text();
        assert!(!text.contains("A secret of mine"), "{page}");
        assert!(!text.contains("··cdef"), "{page}");
    }
}
