//! Pieces, cuts, silence and clients that leave.

use std::net::SocketAddr;

use marshmallow_simulator::{
    Outcome, Simulator,
    directive::Directive,
    script::{answer_text, answer_words},
};
use tokio::net::{TcpListener, TcpStream};

use super::client::chat;

#[tokio::test]
async fn a_client_can_compute_the_answer_that_it_gets() {
    let simulator = Simulator::start().await;
    for message in [
        "Hello #sim delay=0",
        "#sim delay=0 words=200 emoji crlf",
        "#sim delay=0 html",
    ] {
        let reply = chat(&simulator, message).await.reply().await;
        assert_eq!(
            reply.said(),
            answer_text(&Directive::parse(message).unwrap(), message)
        );
        assert!(reply.ended);
    }
    let outcomes: Vec<Outcome> = simulator
        .requests()
        .iter()
        .map(|request| request.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Completed; 3]);
}

#[tokio::test]
async fn a_body_comes_in_pieces_of_the_size_asked_for() {
    let simulator = Simulator::start().await;
    let whole = chat(&simulator, "#sim delay=0 emoji").await.reply().await;
    let reply = chat(&simulator, "#sim delay=0 emoji size=1").await.reply().await;
    assert!(reply.pieces.iter().all(|piece| piece.len() == 1));
    assert!(
        reply.pieces.iter().any(|piece| !piece[0].is_ascii()),
        "characters were split"
    );
    assert_eq!(reply.said(), whole.said());
}

#[tokio::test]
async fn a_cut_breaks_the_connection_within_a_character_and_a_line() {
    let simulator = Simulator::start().await;
    let message = "#sim delay=0 fail=cut@3";
    let reply = chat(&simulator, message).await.reply().await;
    assert!(!reply.ended);
    let bytes = reply.bytes();
    let valid = std::str::from_utf8(&bytes).unwrap_err().valid_up_to();
    let text = std::str::from_utf8(&bytes[..valid]).unwrap();
    let (lines, last) = text.rsplit_once('\n').unwrap();
    assert!(last.starts_with("data: {"), "{last}");
    let words = answer_words(&Directive::parse(message).unwrap(), message);
    // The opening, which says nothing, and three words.
    assert_eq!(lines.matches("data: ").count(), 4);
    assert!(lines.contains(&format!(
        "\"content\":{}",
        serde_json::to_string(&words[2]).unwrap()
    )));
    let requests = simulator
        .wait_for(|requests| requests[0].outcome != Outcome::Open)
        .await;
    assert_eq!(requests[0].outcome, Outcome::CutBySimulator);
}

#[tokio::test]
async fn a_client_that_leaves_a_stalled_stream_is_noticed() {
    let simulator = Simulator::start().await;
    let mut pending = chat(&simulator, "#sim delay=0 fail=stall@2").await;
    assert_eq!(pending.head().await.0, 200);
    for _ in 0..3 {
        assert!(!pending.piece().await.unwrap().is_empty());
    }
    assert_eq!(simulator.requests()[0].outcome, Outcome::Open);
    drop(pending);
    let requests = simulator
        .wait_for(|requests| requests[0].outcome != Outcome::Open)
        .await;
    assert_eq!(requests[0].outcome, Outcome::DroppedByClient);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_headers_is_noticed() {
    let simulator = Simulator::start().await;
    let pending = chat(&simulator, "#sim headers=3600000").await;
    simulator.wait_for(|requests| requests.len() == 1).await;
    drop(pending);
    let requests = simulator
        .wait_for(|requests| requests[0].outcome != Outcome::Open)
        .await;
    assert_eq!(requests[0].outcome, Outcome::DroppedByClient);
}

#[tokio::test]
async fn headers_come_before_a_body_that_is_late() {
    let simulator = Simulator::start().await;
    let mut pending = chat(&simulator, "#sim first=3600000").await;
    let (status, _) = pending.head().await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_simulator_that_stops_cuts_its_streams_and_frees_its_port() {
    let simulator = Simulator::start().await;
    let address: SocketAddr = simulator.url().replace("http://", "").parse().unwrap();
    let mut stalled = chat(&simulator, "#sim delay=0 fail=stall@0").await;
    stalled.head().await;
    stalled.piece().await.unwrap();
    let unanswered = chat(&simulator, "#sim headers=3600000").await;
    simulator.wait_for(|requests| requests.len() == 2).await;
    simulator.stop().await;
    assert_eq!(stalled.piece().await, None, "no proper end");
    assert_eq!(unanswered.reply().await.status, 503);
    assert!(TcpStream::connect(address).await.is_err());
    assert!(TcpListener::bind(address).await.is_ok());
}
