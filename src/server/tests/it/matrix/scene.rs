//! Four people and one of them with things of their own. The things are made anew for each question, so that no
//! question changes the next one.

use std::sync::atomic::{AtomicU32, Ordering};

use marshmallow_core::Provider;

use crate::harness::{Actor, MODEL, Place, own_key};

/// Who asks, in the order of the tables' columns.
pub const COLUMNS: [&str; 4] = ["anonymous", "other user", "owner", "administrator"];

/// The people.
pub struct Scene {
    pub place: Place,
    pub owner: Actor,
    pub administrator: Actor,
    /// In the order of `COLUMNS`.
    pub people: [Actor; 4],
    made: AtomicU32,
}

impl Scene {
    /// Everyone has a key, so that no refusal is for the want of one.
    pub async fn new(place: Place, url: &Actor) -> Self {
        let administrator = url.register("administrator").await;
        let owner = url.register("owner").await;
        let other = url.register("other").await;
        for (person, word) in [
            (&administrator, "administrator"),
            (&owner, "owner"),
            (&other, "other"),
        ] {
            person
                .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, word))
                .await;
        }
        let people = [url.clone(), other, owner.clone(), administrator.clone()];
        Self {
            place,
            owner,
            administrator,
            people,
            made: AtomicU32::new(0),
        }
    }

    /// Something that needs the owner's attention: a key whose provider tells at once that its limit is reached.
    async fn notice(&self) -> String {
        let key = format!("sk-ant-api03-simspendcap-{}-0123456789", self.fresh());
        let fields = [("provider", "anthropic"), ("key", key.as_str())];
        let key = self.owner.post("keys/add", &fields).await.value();
        let board = self.owner.get("notices/list", &[]).await.value();
        let notices = board["notices"].as_array().unwrap();
        let of_key = notices.iter().find(|notice| notice["key"]["id"] == key["id"]);
        of_key.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A word that was not used before.
    pub fn fresh(&self) -> String {
        format!("fresh{}", self.made.fetch_add(1, Ordering::Relaxed))
    }

    /// Puts ids of the owner's things where a name in braces stands. A session is another browser of the owner's.
    pub async fn fill(&self, text: &str) -> String {
        let mut text = text.replace("{model}", MODEL).replace("{fresh}", &self.fresh());
        if text.contains("{key}") {
            let key = own_key(Provider::OpenAi, &self.fresh());
            text = text.replace(
                "{key}",
                &self.owner.add_key(&self.place, Provider::OpenAi, &key).await,
            );
        }
        if text.contains("{replaced}") {
            let key = own_key(Provider::OpenAi, &self.fresh());
            let old = self.owner.add_key(&self.place, Provider::OpenAi, &key).await;
            let new = own_key(Provider::OpenAi, &self.fresh());
            self.owner
                .post("keys/replace", &[("id", &old), ("key", &new)])
                .await
                .value();
            text = text.replace("{replaced}", &old);
        }
        if text.contains("{conversation}") || text.contains("{answer}") {
            let answer = self
                .owner
                .ask(MODEL, "A secret of mine #sim delay=0 words=3")
                .await
                .rest()
                .await;
            let (conversation, message) = answer.ids();
            text = text
                .replace("{conversation}", &conversation)
                .replace("{answer}", &message);
        }
        if text.contains("{notice}") {
            text = text.replace("{notice}", &self.notice().await);
        }
        if text.contains("{session}") {
            let elsewhere = self.owner.sign_in("owner").await;
            let sessions = elsewhere.get("accounts/sessions", &[]).await.value();
            let current = sessions
                .as_array()
                .unwrap()
                .iter()
                .find(|session| session["is_current"] == true);
            text = text.replace("{session}", current.unwrap()["id"].as_str().unwrap());
        }
        if text.contains("{invitation}") {
            self.administrator.post("invitations/create", &[]).await.value();
            let invitations = self.administrator.get("invitations/list", &[]).await.value();
            text = text.replace("{invitation}", invitations[0]["id"].as_str().unwrap());
        }
        text
    }
}
