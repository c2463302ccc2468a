//! `kill -9` in the middle of answers. Whatever the browser had been shown is there afterwards, once, and the
//! conversation goes on.

use std::time::Duration;

use futures::future::join_all;
use marshmallow_core::{Allowance, BudgetSummary, MessageStatus, MessageView, Provider};
use marshmallow_simulator::{directive::Directive, script};
use tokio::time::{Instant, sleep};

use crate::harness::{Actor, MODEL, Place, Seeded, Shown, on_postgres, own_key};

/// Far longer than anyone reads here, so that no answer ends by itself.
const QUESTION: &str = "Tell me #sim words=3000 delay=2 reasoning=20 emoji";
const SECRET: &str = "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88";

/// The last message is the answer, interrupted, and holds what was shown and nothing that was not sent.
fn assert_kept(moment: &str, answer: &MessageView, shown: &Shown) {
    let asked = Directive::parse(QUESTION).unwrap();
    assert!(
        shown.is_in_order() && shown.is_from_start(),
        "{moment}: {:?}",
        shown.frames
    );
    assert_eq!(answer.status, MessageStatus::Interrupted, "{moment}");
    for (kind, kept, shown, sent) in [
        (
            "text",
            &answer.text,
            shown.text(),
            script::answer_text(&asked, QUESTION),
        ),
        (
            "reasoning",
            &answer.reasoning,
            shown.reasoning(),
            script::reasoning_text(&asked),
        ),
    ] {
        assert!(
            kept.starts_with(&shown),
            "{moment}: of the {kind}, {shown:?} was shown and {kept:?} kept"
        );
        assert!(
            sent.starts_with(kept.as_str()),
            "{moment}: the {kind} {kept:?} was never sent"
        );
    }
}

async fn assert_can_be_retried(person: &Actor, answer: &MessageView) {
    let id = answer.id.to_string();
    let mut again = person
        .stream("chat/retry", &[("answer", &id), ("model", MODEL)])
        .await;
    let (conversation, message) = again.read(30).await.ids();
    assert_eq!(
        person.post("chat/stop", &[("message", &message)]).await.status,
        200
    );
    let shown = again.rest().await;
    assert_eq!(shown.ending().unwrap().0, MessageStatus::Stopped);
    let view = person.conversation(&conversation).await;
    assert_eq!(
        view.messages.len(),
        2,
        "the retried answer stands beside the first one"
    );
    assert_eq!(
        (view.messages[1].id.to_string(), &view.messages[1].text),
        (message, &shown.text())
    );
}

/// What the month's budget of all the person's keys says.
async fn month(person: &Actor) -> Allowance {
    let listed = person.get("budgets/list", &[]).await;
    let budgets: Vec<BudgetSummary> = serde_json::from_value(listed.value()).unwrap();
    budgets[0].month.unwrap()
}

#[tokio::test]
async fn fifty_times_in_mid_stream_nothing_shown_is_lost_and_nothing_stays_reserved() {
    let place = Place::new().await;
    let mut server = place.start().await;
    let mut ana = server.anonymous().register("ana").await;
    ana.add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, "ana"))
        .await;
    let limited = ana.post("budgets/set", &[("day", ""), ("month", "1000")]).await;
    assert_eq!(limited.status, 200);
    let mut moments = Seeded::new(20_261_123);
    for round in 0..50 {
        let count = moments.between(1, 250);
        let mut stream = ana.ask(MODEL, QUESTION).await;
        let (conversation, _) = stream.read(count).await.ids();
        let before = month(&ana).await;
        server.kill().await;
        let shown = stream.rest().await;

        server = place.start().await;
        ana = ana.at(&server);
        let view = ana.conversation(&conversation).await;
        let moment = format!("round {round}, killed after {count} frames");
        let after = month(&ana).await;
        assert!(before.reserved.0 > 0, "{moment}: {before:?}");
        assert_eq!(after.reserved.0, 0, "{moment}");
        assert!(after.used.0 > before.used.0, "{moment}: {before:?}, {after:?}");
        assert_eq!(view.messages.len(), 2, "{moment}");
        assert_eq!(view.messages[0].text, QUESTION, "{moment}");
        assert_kept(&moment, &view.messages[1], &shown);
        if round % 10 == 0 {
            assert_can_be_retried(&ana, &view.messages[1]).await;
        }
    }
}

/// Several servers may share a PostgreSQL, so answers of a dead one are taken over when their leases run out.
#[tokio::test]
async fn ten_answers_of_a_killed_server_are_taken_over_by_another_one() {
    on_postgres(|url| async move {
        let place = Place::new()
            .await
            .with("DATABASE_URL", url)
            .with("MARSHMALLOW_ROOT_SECRET", SECRET);
        let server = place.start().await;
        let mut moments = Seeded::new(20_261_124);
        let mut asked = Vec::new();
        for name in ["ana", "ben"] {
            let person = server.anonymous().register(name).await;
            person
                .add_key(&place, Provider::OpenAi, &own_key(Provider::OpenAi, name))
                .await;
            asked.extend((0..5).map(|_| (person.clone(), moments.between(1, 250))));
        }
        let streams = join_all(asked.into_iter().map(|(person, count)| async move {
            let mut stream = person.ask(MODEL, QUESTION).await;
            let (conversation, _) = stream.read(count).await.ids();
            (person, conversation, stream)
        }));
        let streams = streams.await;
        server.kill().await;

        let server = place.start().await;
        let deadline = Instant::now() + Duration::from_secs(60);
        for (number, (person, conversation, stream)) in streams.into_iter().enumerate() {
            let shown = stream.rest().await;
            let person = person.at(&server);
            let answer = loop {
                let mut view = person.conversation(&conversation).await;
                let answer = view.messages.pop().unwrap();
                if answer.status != MessageStatus::Streaming {
                    break answer;
                }
                assert!(
                    answer.text.starts_with(&shown.text()),
                    "what is running shows all of it, too"
                );
                assert!(Instant::now() < deadline, "nobody takes over");
                sleep(Duration::from_millis(200)).await;
            };
            assert_kept(&format!("answer {number}"), &answer, &shown);
            if number % 5 == 0 {
                assert_can_be_retried(&person, &answer).await;
            }
        }
    })
    .await;
}
