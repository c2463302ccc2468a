//! Reading an answer somewhere else: in another tab, or through another server on the same PostgreSQL.

use marshmallow_core::{FrameBody, MessageStatus, Provider};

use crate::harness::{Actor, MODEL, Place, on_postgres, own_key};

const SECRET: &str = "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88";

async fn person(place: &Place, anonymous: &Actor) -> Actor {
    let ana = anonymous.register("ana").await;
    ana.add_key(place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    ana
}

/// `here` asks and goes away in mid-answer; `there` attaches from the start and from the middle, and misses nothing.
async fn leave_and_come_back(here: &Actor, there: &Actor) {
    let mut left = here
        .ask(MODEL, "Tell me #sim words=150 delay=10 reasoning=5")
        .await;
    let (conversation, message) = left.read(10).await.ids();
    drop(left);

    let running = there.conversation(&conversation).await.messages.pop().unwrap();
    assert_eq!(running.status, MessageStatus::Streaming);
    let last = running
        .last_seq
        .expect("a running answer says which frames its text holds")
        .to_string();
    let whole = there.stream("chat/attach", &[("message", &message)]).await;
    let after = there
        .stream("chat/attach", &[("message", &message), ("after", &last)])
        .await;
    let rest = after.rest().await;
    let whole = whole.rest().await;

    assert!(whole.is_in_order() && whole.is_from_start() && rest.is_in_order());
    assert_eq!(whole.ending().unwrap().0, MessageStatus::Complete);
    assert_eq!(rest.ending(), whole.ending());
    // Where the answer has ended meanwhile and its journal is gone, all of it comes again.
    let before = if rest.is_from_start() {
        String::new()
    } else {
        running.text
    };
    assert_eq!(whole.text(), before + &rest.text());
    let done = there.conversation(&conversation).await.messages.pop().unwrap();
    assert_eq!((done.status, done.text), (MessageStatus::Complete, whole.text()));
}

#[tokio::test]
async fn a_closed_tab_loses_nothing() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = person(&place, &server.anonymous()).await;
    leave_and_come_back(&ana, &ana).await;
}

#[tokio::test]
async fn another_server_shows_and_stops_what_this_one_writes() {
    on_postgres(|url| async move {
        let place = Place::new()
            .await
            .with("DATABASE_URL", &url)
            .with("MARSHMALLOW_ROOT_SECRET", SECRET);
        let elsewhere = Place::new()
            .await
            .with("DATABASE_URL", &url)
            .with("MARSHMALLOW_ROOT_SECRET", SECRET);
        let (first, second) = (place.start().await, elsewhere.start().await);
        let here = person(&place, &first.anonymous()).await;
        let there = here.at(&second);
        leave_and_come_back(&here, &there).await;

        let mut running = here.ask(MODEL, "Tell me #sim words=5000 delay=10").await;
        let (_, message) = running.read(10).await.ids();
        assert_eq!(
            there.post("chat/stop", &[("message", &message)]).await.status,
            200
        );
        let shown = running.rest().await;
        assert_eq!(shown.ending().unwrap().0, MessageStatus::Stopped);
        assert!(
            !shown
                .frames
                .iter()
                .any(|frame| matches!(frame.body, FrameBody::Error { .. }))
        );
    })
    .await;
}
