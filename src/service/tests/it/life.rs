//! The life of keys at random: added, replaced, taken back, found dead, switched, removed, moved to another root secret in steps that are cut
//! off, taken away all at once, and gone with their account. After every step each sealed row opens, and a turn of
//! somebody with a key succeeds; after a change, everything opens under the present root secret alone.

use std::{collections::HashMap, time::Duration};

use marshmallow_core::{KeyId, MessageStatus, Provider};
use marshmallow_service::{Caller, Emergency, Rotation, SignedIn};

use crate::{
    harness::{Server, Setup, TestRoots, World, key_text, model, on_both},
    removal::{PASSWORD, registered},
    rotation::{id_of, rotation},
};

const ROOTS: [&str; 2] = [
    "8f3ab1c96e5d70427bd9143fe62a58c07714e9d2035cbf864a9e21d8b6f7035c",
    "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88",
];
const STEPS: usize = 40;

on_both!(whatever_happens_to_keys_every_sealed_row_opens);

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % sides as u64).unwrap()
    }
}

/// What ought to be stored: each person's keys, and whether each may serve.
struct Life<'w> {
    world: &'w World,
    server: Server,
    people: Vec<(SignedIn, HashMap<KeyId, bool>)>,
    target: usize,
    /// Opens everything after each step; it keeps what it has derived.
    look: Rotation,
    made: usize,
    /// What was typed for each key.
    texts: HashMap<KeyId, String>,
}

impl Life<'_> {
    async fn step(&mut self, dice: &mut Dice) -> String {
        let who = dice.below(self.people.len());
        let user = self.people[who].0.account.id;
        let keys: Vec<KeyId> = self.people[who].1.keys().copied().collect();
        let any = (!keys.is_empty()).then(|| keys[dice.below(keys.len().max(1))]);
        match (dice.below(14), any) {
            (0..=3, _) | (_, None) if keys.len() < 6 => {
                self.made += 1;
                let word = format!("simvalid-{}", self.made);
                let key = self.server.key(user, Provider::OpenAi, &word).await;
                self.people[who].1.insert(key.id, true);
                self.texts.insert(key.id, key_text(Provider::OpenAi, &word));
                format!("{who} adds")
            }
            (4, Some(id)) => self.step_of_replacing(who, id, dice).await,
            (5, Some(id)) if self.server.key_of(user, id).await.replaced.is_none() => {
                let is_active = dice.below(2) == 0;
                self.server.keys.set_active(user, id, is_active).await.unwrap();
                self.people[who].1.insert(id, is_active);
                format!("{who} switches")
            }
            (6, Some(id)) => {
                self.server.keys.remove(user, id).await.unwrap();
                self.people[who].1.remove(&id);
                format!("{who} removes")
            }
            (7, _) => {
                self.server.shut_keys(user, Emergency::SwitchOff).await.unwrap();
                self.people[who]
                    .1
                    .values_mut()
                    .for_each(|is_active| *is_active = false);
                format!("{who} switches all off")
            }
            (8, _) => {
                self.server.shut_keys(user, Emergency::Remove).await.unwrap();
                self.people[who].1.clear();
                format!("{who} removes all")
            }
            (9, _) if who > 0 => {
                let caller = Caller::default();
                let gone = &self.people[who].0;
                self.server
                    .delete_account(gone, PASSWORD.to_owned(), caller)
                    .await
                    .unwrap();
                self.made += 1;
                let name = format!("person{}", self.made);
                self.people[who] = (registered(&self.server, &name).await, HashMap::new());
                format!("{who} leaves, another one comes")
            }
            (10 | 11, _) => {
                self.target = 1 - self.target;
                let change = self.change().await;
                let patience = Duration::from_millis(dice.below(400).try_into().unwrap());
                let is_done = tokio::time::timeout(patience, change.rewrap(|_| ()))
                    .await
                    .is_ok();
                format!("the root secret begins to change, done: {is_done}")
            }
            _ => {
                let change = self.change().await;
                change.rewrap(|_| ()).await.unwrap();
                let verdict = change.verify().await.unwrap();
                assert!(verdict.is_complete(), "{verdict:?}");
                "the root secret is changed to the end".to_owned()
            }
        }
    }

    /// Another key takes over from this one; or this one, if that has happened, is taken back or found dead.
    async fn step_of_replacing(&mut self, who: usize, id: KeyId, dice: &mut Dice) -> String {
        let user = self.people[who].0.account.id;
        let key = self.server.key_of(user, id).await;
        let keys = &mut self.people[who].1;
        if key.replaced.is_none() {
            self.made += 1;
            let word = format!("simvalid-{}", self.made);
            let new = self.server.replace(user, &key, &word).await;
            keys.insert(id, false);
            keys.insert(new.id, true);
            self.texts.insert(new.id, key_text(Provider::OpenAi, &word));
            return format!("{who} replaces");
        }
        if dice.below(2) == 0 {
            self.server.keys.take_back(user, id).await.unwrap();
            keys.insert(id, true);
            return format!("{who} takes a key back");
        }
        self.world.simulator.revoke(&self.texts[&id]);
        self.server.keys.check_replaced(user, id).await.unwrap();
        keys.remove(&id);
        format!("{who} hears that an old key is dead")
    }

    /// A change to the present target that has taken over.
    async fn change(&self) -> Rotation {
        let change = rotation(self.world, &self.server, ROOTS, ROOTS[self.target])
            .await
            .unwrap();
        change.announce().await.unwrap();
        change.switch().await.unwrap();
        change
    }

    async fn check(&self, told: &[String]) {
        let expected: u64 = self.people.iter().map(|(_, keys)| keys.len() as u64).sum();
        let verdict = self.look.verify().await.unwrap();
        assert_eq!(verdict.unopened, 0, "{verdict:?} after {told:#?}");
        assert_eq!(
            verdict.under_new + verdict.under_old,
            expected,
            "{verdict:?} after {told:#?}"
        );
        for (person, keys) in &self.people {
            let user = person.account.id;
            let stored: HashMap<KeyId, bool> = self
                .server
                .keys_of(user)
                .await
                .into_iter()
                .map(|key| (key.id, key.is_active && key.replaced.is_none()))
                .collect();
            assert_eq!(&stored, keys, "after {told:#?}");
        }
        let able = self
            .people
            .iter()
            .find(|(_, keys)| keys.values().any(|is_active| *is_active));
        if let Some((person, _)) = able {
            let question = "Hello #sim delay=0 words=1";
            let answer = self
                .server
                .ask(person.account.id, model(Provider::OpenAi), question)
                .await;
            assert_eq!(answer.status(), MessageStatus::Complete, "after {told:#?}");
        }
    }
}

async fn whatever_happens_to_keys_every_sealed_row_opens(world: World) {
    let setup = Setup {
        secrets: Some(std::sync::Arc::new(TestRoots::new(ROOTS))),
        ..Setup::default()
    };
    let server = world.server_with(setup).await;
    let mut people = Vec::new();
    for name in ["root", "ada", "ben"] {
        people.push((registered(&server, name).await, HashMap::new()));
    }
    let look = rotation(&world, &server, ROOTS, ROOTS[0]).await.unwrap();
    let mut life = Life {
        world: &world,
        look,
        server,
        people,
        target: 0,
        made: 0,
        texts: HashMap::new(),
    };
    let mut dice = Dice(20_261_123);
    let mut told = Vec::new();
    for _ in 0..STEPS {
        told.push(life.step(&mut dice).await);
        life.check(&told).await;
    }
    // The last word: everything under the target, and nothing left of whoever goes.
    let change = life.change().await;
    change.rewrap(|_| ()).await.unwrap();
    let verdict = change.verify().await.unwrap();
    assert!(verdict.is_complete(), "{verdict:?}");
    let counts = life
        .server
        .store
        .sealed_counts(&marshmallow_store::SEALED[0])
        .await
        .unwrap();
    assert!(
        counts
            .iter()
            .all(|count| count.kek_id == id_of(ROOTS[life.target]))
    );
    for (person, _) in life.people.drain(1..) {
        life.server
            .delete_account(&person, PASSWORD.to_owned(), Caller::default())
            .await
            .unwrap();
    }
    let root = life.people[0].0.account.id;
    for table in marshmallow_store::SEALED {
        let sql = format!("SELECT COUNT(*) FROM {} WHERE user_id <> '{root}'", table.name);
        assert_eq!(world.database.number(&sql).await, 0);
    }
}
