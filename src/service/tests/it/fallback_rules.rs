//! Fallback by rule: never and automatic, with their bounds, and who sets them.

use marshmallow_core::{
    CredentialKind, Diagnosis, ErrorCode, FallbackPolicy, MessageStatus, NanoDollars, Provider,
};

use crate::harness::{Setup, World, model, on_one, said};

on_one!(
    never_stops_and_says_why,
    automatic_is_announced_and_bounded_by_the_day,
    the_grant_bounds_what_the_platform_pays_for_each,
    a_person_overrules_the_default_and_nonsense_is_refused,
);

const OPENAI: Provider = Provider::OpenAi;
const HELLO: &str = "Hello #sim delay=0 words=9";

async fn never_stops_and_says_why(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    server.fallback.set_rule(user, "never", "").await.unwrap();
    let answer = server.ask(user, model(OPENAI), HELLO).await;
    assert_eq!(answer.status(), MessageStatus::Failed);
    let error = answer.error.clone().unwrap();
    assert_eq!(error.code, ErrorCode::Provider(Diagnosis::NoCredit));
    assert!(error.next_step.contains("Nobody else pays"), "{error}");
    let receipt = answer.receipt();
    assert_eq!(receipt.failure, Some(Diagnosis::NoCredit));
    assert!(receipt.fallbacks.is_empty() && answer.notices.is_empty() && answer.consents.is_empty());
    assert_eq!(world.chats().len(), 1);
    // Where the platform is the first choice, nothing falls back.
    let guest = server.person("guest").await;
    server.fallback.set_rule(guest, "never", "").await.unwrap();
    assert_eq!(server.ask(guest, model(OPENAI), HELLO).await.text, said(HELLO));
}

async fn automatic_is_announced_and_bounded_by_the_day(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    server.key(user, OPENAI, "simnocredit").await;
    server.fallback.set_rule(user, "automatic", "1").await.unwrap();
    let answer = server.ask(user, model(OPENAI), HELLO).await;
    assert_eq!(answer.text, said(HELLO));
    assert_eq!(answer.notices.len(), 1);
    assert_eq!(answer.receipt().credential.kind, CredentialKind::Platform);
    server
        .fallback
        .set_rule(user, "automatic", "0.000000001")
        .await
        .unwrap();
    world.simulator.clear();
    let answer = server.ask(user, model(OPENAI), HELLO).await;
    let error = answer.error.clone().unwrap();
    assert_eq!(error.code, ErrorCode::Budget);
    assert!(
        error.message.contains("what the platform may pay for you"),
        "{error}"
    );
    assert_eq!(answer.receipt().failure, Some(Diagnosis::OverBudget));
    // Only the own key was asked.
    assert_eq!(world.chats().len(), 1);
}

async fn the_grant_bounds_what_the_platform_pays_for_each(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let (ada, bob) = (server.person("ada").await, server.person("bob").await);
    server.fallback.set_terms(ada, "ask", "", "0.02").await.unwrap();
    let mut served = 0;
    loop {
        let answer = server.ask(ada, model(OPENAI), HELLO).await;
        if answer.status() == MessageStatus::Complete {
            served += 1;
            assert!(served < 5_000, "the grant does not end");
            // What is spent counts, so the grant is soon too small for the worst case.
            world
                .database
                .run("UPDATE budgets SET day_used = day_used + 3000000 WHERE subject = 'platform'")
                .await;
            continue;
        }
        assert_eq!(answer.error.unwrap().code, ErrorCode::Budget);
        break;
    }
    assert!(served > 0);
    // Each has their own, and the next day is another one.
    assert_eq!(server.ask(bob, model(OPENAI), HELLO).await.text, said(HELLO));
    world.clock.advance(86_400_000);
    assert_eq!(server.ask(ada, model(OPENAI), HELLO).await.text, said(HELLO));
}

async fn a_person_overrules_the_default_and_nonsense_is_refused(world: World) {
    let server = world.server_with(Setup::asking(OPENAI)).await;
    let user = server.person("ada").await;
    let settings = server.fallback.settings(user).await.unwrap();
    assert_eq!(
        (settings.rule.policy, settings.is_own),
        (FallbackPolicy::Ask, false)
    );
    let terms = server
        .fallback
        .set_terms(user, "automatic", "2", "5")
        .await
        .unwrap();
    assert_eq!(terms.grant, Some(NanoDollars(5_000_000_000)));
    let settings = server.fallback.settings(user).await.unwrap();
    assert_eq!(settings.rule.day, Some(NanoDollars(2_000_000_000)));
    let settings = server.fallback.set_rule(user, "never", "3").await.unwrap();
    assert_eq!(
        (settings.rule.policy, settings.rule.day, settings.is_own),
        (FallbackPolicy::Never, None, true)
    );
    assert!(server.fallback.set_rule(user, "always", "").await.is_err());
    assert!(server.fallback.set_rule(user, "automatic", "lots").await.is_err());
    assert_eq!(server.audited(user, "rule.fallback").await, 1);
    assert_eq!(server.audited(user, "rule.terms").await, 1);
}
