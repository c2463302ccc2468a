//! `marshmallow rotate-root` against running servers, killed at random moments and begun again, while people chat and
//! add keys: no turn fails, and at the end everything opens under the new root secret.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use marshmallow_core::{MessageStatus, Provider};

use crate::harness::{Actor, Ended, MODEL, Place, Seeded, on_postgres, own_key, store_keys};

const VARIABLE: &str = "MARSHMALLOW_ROOT_SECRET";
const NEXT: &str = "MARSHMALLOW_ROOT_SECRET_NEXT";
const OLD_SECRET: &str = "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88";
const NEW_SECRET: &str = "8f3ab1c96e5d70427bd9143fe62a58c07714e9d2035cbf864a9e21d8b6f7035c";
const KILLS: usize = 5;

/// How many people there are. For each, the command makes two derivations.
const PEOPLE: usize = 40;

/// How many keys each of them has. `MARSHMALLOW_TEST_ROTATION_KEYS` makes it the 10 000 in all of the measurements.
fn keys_each() -> usize {
    let keys: usize =
        std::env::var("MARSHMALLOW_TEST_ROTATION_KEYS").map_or(400, |text| text.parse().unwrap());
    keys.div_ceil(PEOPLE)
}

/// The longest time, in milliseconds, after which the command is killed: some way into its work, however many keys.
fn longest_life() -> usize {
    1_500 + 20 * keys_each()
}

/// Chats and adds keys until told to stop; answers how many turns and keys there were.
async fn live(
    place: Arc<Place>,
    person: Actor,
    name: &'static str,
    is_over: Arc<AtomicBool>,
) -> (usize, usize) {
    let (mut turns, mut keys) = (0, 0);
    while !is_over.load(Ordering::Relaxed) {
        let shown = person.ask(MODEL, "Hello #sim words=3 delay=1").await.rest().await;
        let ending = shown.ending();
        let is_own = ending
            .as_ref()
            .and_then(|(_, receipt)| receipt.as_ref())
            .is_some_and(|receipt| receipt.credential.key.is_some());
        assert!(
            is_own && ending.is_some_and(|(status, _)| status == MessageStatus::Complete),
            "turn {turns} of {name} failed: {:?}",
            shown.frames.last()
        );
        turns += 1;
        if keys < 15 {
            let key = own_key(Provider::OpenAi, &format!("{name}-{keys}"));
            person.add_key(&place, Provider::OpenAi, &key).await;
            keys += 1;
        }
    }
    (turns, keys)
}

/// Runs the command, kills it at random moments, and lets it end at last.
async fn rotate_with_kills(place: &Place, seed: u64) -> (Ended, usize) {
    let mut moments = Seeded::new(seed);
    let mut killed = 0;
    for _ in 0..KILLS {
        let moment = Duration::from_millis(moments.between(20, longest_life()).try_into().unwrap());
        if !place.tool(&["rotate-root"]).killed_after(moment).await {
            break;
        }
        killed += 1;
    }
    (place.tool(&["rotate-root"]).ended().await, killed)
}

fn assert_all_moved(ended: &Ended, least: usize) {
    assert!(ended.is_success, "{}", ended.said);
    let counted: Vec<&str> = ended
        .said
        .lines()
        .filter(|line| line.contains("envelopes open under the new root secret"))
        .collect();
    let [line] = counted[..] else {
        panic!("{}", ended.said)
    };
    let (count, rest) = line.split_once(' ').unwrap();
    assert!(count.parse::<usize>().unwrap() >= least, "{line}");
    assert!(rest.ends_with("0 under a former one, 0 under none."), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_secrets_file_is_killed_and_resumed_while_people_chat() {
    let place = Arc::new(Place::new().await);
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let file = place.data().join("root-secret");
    let old = fs::read_to_string(&file).unwrap();
    let database = format!("sqlite:{}", place.data().join("marshmallow.sqlite").display());
    let stored = PEOPLE * keys_each() + 1;
    store_keys(&place, &database, &old, PEOPLE, keys_each()).await;

    let rehearsed = place.tool(&["rotate-root", "--dry-run"]).ended().await;
    let expected = format!("{stored} keys would be wrapped anew; running servers: 1.");
    assert!(rehearsed.said.contains(&expected), "{}", rehearsed.said);
    assert!(!place.data().join("root-secret.next").exists());

    let is_over = Arc::new(AtomicBool::new(false));
    let living = tokio::spawn(live(place.clone(), ana.clone(), "ana", is_over.clone()));
    let (ended, killed) = rotate_with_kills(&place, 20_261_125).await;
    is_over.store(true, Ordering::Relaxed);
    let (turns, keys) = living.await.unwrap();
    eprintln!("{killed} kills, {turns} turns meanwhile\n{}", ended.said);
    assert_all_moved(&ended, stored);
    assert!(killed >= 3, "only {killed} of {KILLS} kills came in time");
    assert!(turns > 3 && keys > 3, "{turns} turns, {keys} keys");

    let new = fs::read_to_string(&file).unwrap();
    assert_ne!(new, old);
    assert_eq!(
        fs::read_to_string(place.data().join("root-secret.previous")).unwrap(),
        old
    );
    assert!(!place.data().join("root-secret.next").exists());
    for secret in [&old, &new] {
        assert!(!ended.said.contains(secret.as_str()), "no secret is printed");
    }

    // The running server goes on, and so does one that knows the new secret alone.
    assert_serves(&ana).await;
    assert!(server.stop().await.success());
    fs::remove_file(place.data().join("root-secret.previous")).unwrap();
    let server = place.start().await;
    assert_serves(&ana.at(&server)).await;
    assert!(server.stop().await.success());
    let place = Arc::into_inner(place).unwrap().with(VARIABLE, old.as_str());
    let refusal = place.refusal().await;
    assert!(
        refusal
            .said
            .contains("is not the one under which the stored keys were sealed"),
        "{}",
        refusal.said
    );
}

async fn assert_serves(person: &Actor) {
    let shown = person.ask(MODEL, "Hello #sim words=3 delay=0").await.rest().await;
    assert_eq!(shown.ending().unwrap().0, MessageStatus::Complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_postgres_change_their_secret_by_a_rolling_restart() {
    on_postgres(|url| async move {
        let make = || async {
            let place = Place::new().await;
            place.with("DATABASE_URL", &url).with(VARIABLE, OLD_SECRET)
        };
        let (first_place, second_place) = (make().await, make().await);
        // Both call the same provider: a key goes to the address that it was entered for.
        let host = first_place.simulator.url().replace("http://", "");
        let second_place = second_place.with("MARSHMALLOW_ALLOW_HOSTS", host).with(
            "MARSHMALLOW_OPENAI_URL",
            first_place.provider_url(Provider::OpenAi),
        );
        let (first, second) = (first_place.start().await, second_place.start().await);
        let ana = first.anonymous().register("ana").await;
        ana.add_key(&first_place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
            .await;
        let stored = PEOPLE * keys_each() + 1;
        store_keys(&first_place, &url, OLD_SECRET, PEOPLE, keys_each()).await;

        // Without a successor it says how to give one; with one, it waits for the servers.
        let refused = first_place.tool(&["rotate-root"]).ended().await;
        assert!(
            !refused.is_success && refused.said.contains(NEXT),
            "{}",
            refused.said
        );
        let first_place = Arc::new(first_place.with(NEXT, NEW_SECRET));
        let short = ["rotate-root", "--wait", "1"];
        let refused = first_place.tool(&short).ended().await;
        assert!(
            refused.said.contains("2 of 2 running servers cannot open"),
            "{}",
            refused.said
        );

        assert!(first.stop().await.success());
        let first = first_place.start().await;
        assert_serves(&ana.at(&first)).await;
        let refused = first_place.tool(&short).ended().await;
        assert!(
            refused.said.contains("1 of 2 running servers cannot open"),
            "{}",
            refused.said
        );
        assert_serves(&ana.at(&second)).await;

        assert!(second.stop().await.success());
        let second_place = second_place.with(NEXT, NEW_SECRET);
        let second = second_place.start().await;

        let is_over = Arc::new(AtomicBool::new(false));
        let lives = [(ana.at(&first), "here"), (ana.at(&second), "there")]
            .map(|(person, name)| tokio::spawn(live(first_place.clone(), person, name, is_over.clone())));
        let (ended, killed) = rotate_with_kills(&first_place, 20_261_126).await;
        is_over.store(true, Ordering::Relaxed);
        let mut turns = 0;
        for life in lives {
            turns += life.await.unwrap().0;
        }
        eprintln!("{killed} kills, {turns} turns meanwhile\n{}", ended.said);
        assert_all_moved(&ended, stored);
        assert!(killed >= 3, "only {killed} of {KILLS} kills came in time");
        assert!(turns > 6, "{turns} turns");
        assert_serves(&ana.at(&first)).await;
        assert_serves(&ana.at(&second)).await;

        // Run once more, it finds all done; and the servers may forget the former secret one after the other.
        let again = first_place.tool(&["rotate-root"]).ended().await;
        assert!(again.said.contains("0 of "), "{}", again.said);
        assert_all_moved(&again, stored);
        assert!(second.stop().await.success());
        let second_place = second_place.with(VARIABLE, NEW_SECRET);
        let second = second_place.start().await;
        assert_serves(&ana.at(&second)).await;
        assert_serves(&ana.at(&first)).await;
    })
    .await;
}
