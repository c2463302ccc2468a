//! A clean stop in the middle of an answer.

use std::time::{Duration, Instant};

use marshmallow_core::{MessageStatus, Provider};

use crate::harness::{MODEL, Place, own_key};

#[tokio::test]
async fn a_stopped_server_keeps_the_running_answer_and_says_so() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let mut stream = ana
        .ask(MODEL, "Tell me #sim words=5000 delay=5 reasoning=3 emoji")
        .await;
    let (conversation, message) = stream.read(20).await.ids();

    let began = Instant::now();
    server.ask_to_stop();
    let shown = stream.rest().await;
    assert!(shown.is_in_order());
    let (status, receipt) = shown.ending().expect("the stream ends with its last frame");
    assert_eq!(status, MessageStatus::Interrupted);
    assert!(receipt.is_some(), "what was used is on the receipt");
    assert!(server.stopped().await.success());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "stopping took {:?}",
        began.elapsed()
    );

    let server = place.start().await;
    let ana = ana.at(&server);
    let view = ana.conversation(&conversation).await;
    assert_eq!(view.messages[1].status, MessageStatus::Interrupted);
    assert_eq!(view.messages[1].text, shown.text());
    assert_eq!(view.messages[1].reasoning, shown.reasoning());
    let replayed = ana
        .stream("chat/attach", &[("message", &message)])
        .await
        .rest()
        .await;
    assert_eq!(replayed.text(), shown.text());
    assert_eq!(replayed.ending(), shown.ending());
}

#[tokio::test]
async fn an_idle_server_stops_at_once_although_browsers_keep_their_connections() {
    let place = Place::new().await;
    let server = place.start().await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let _idle = tokio::net::TcpStream::connect(address).await.unwrap();
    let began = Instant::now();
    assert!(server.stop().await.success());
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "stopping took {:?}",
        began.elapsed()
    );
}
