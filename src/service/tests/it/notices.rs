//! What needs attention follows from what is stored: it comes with its cause, goes with it, and is told to its owner
//! alone.

use marshmallow_core::{
    BudgetSubject, Diagnosis, ErrorCode, KeyAge, KeyLife, KeySummary, Millis, NanoDollars, Notice,
    NoticeCause, PlatformTerms, Provider, UserId,
};

use crate::harness::{Server, Setup, World, model, on_both, on_one, refusal};

on_both!(
    a_key_that_became_invalid_is_noticed_until_it_is_gone,
    a_budget_is_noticed_when_answers_have_spent_it,
    what_is_put_away_comes_back_when_it_is_worse,
    what_the_platform_has_paid_is_noticed_with_what_was_paid_before_the_grant,
);
on_one!(
    notices_are_ones_own,
    an_age_is_chosen_from_the_list,
    a_key_ages_and_nears_its_end,
);

const MODEL: Provider = Provider::OpenAi;
const HELLO: &str = "Hello #sim delay=0 words=9";
const DAY: i64 = 86_400_000;

async fn notices(server: &Server, user: UserId) -> Vec<Notice> {
    server.notices.board(user).await.unwrap().notices
}

fn typed(nano: i64) -> String {
    format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000)
}

/// What all answers of a person have cost.
async fn spent(server: &Server, user: UserId) -> i64 {
    let rows = server.store.usage_of(user, Millis(0)).await.unwrap();
    rows.iter()
        .filter_map(|usage| usage.row.cost)
        .map(|cost| cost.0)
        .sum()
}

/// Its provider tells already when it is stored.
async fn capped(server: &Server, user: UserId) -> KeySummary {
    server.key(user, Provider::Anthropic, "simspendcap").await
}

fn found(notice: &Notice) -> Option<(Diagnosis, i64)> {
    match notice.cause {
        NoticeCause::Unusable { finding, since } => Some((finding.diagnosis, since?.0)),
        _ => None,
    }
}

async fn a_key_that_became_invalid_is_noticed_until_it_is_gone(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    assert_eq!(notices(&server, user).await, []);
    let key = capped(&server, user).await;
    let told = notices(&server, user).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].key.as_ref().map(|key| key.id), Some(key.id));
    assert_eq!(found(&told[0]), Some((Diagnosis::SpendCap, key.created_at.0)));
    world
        .database
        .run("UPDATE provider_keys SET validation_status = 'invalid', status_since = 7 WHERE provider = 'anthropic'")
        .await;
    let told = notices(&server, user).await;
    assert_eq!(found(&told[0]), Some((Diagnosis::Invalid, 7)));
    server.keys.set_active(user, key.id, false).await.unwrap();
    assert_eq!(notices(&server, user).await, []);
    server.keys.set_active(user, key.id, true).await.unwrap();
    assert_eq!(notices(&server, user).await, told);
    server.keys.remove(user, key.id).await.unwrap();
    assert_eq!(notices(&server, user).await, []);
}

async fn a_budget_is_noticed_when_answers_have_spent_it(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, MODEL, "simvalid").await;
    server.ask(user, model(MODEL), HELLO).await;
    let cost = spent(&server, user).await;
    let set = async |key, limit: i64| {
        server.budgets.set(user, key, &typed(limit), "").await.unwrap();
    };
    set(None, cost * 2).await;
    set(Some(key.id), cost * 2).await;
    assert_eq!(notices(&server, user).await, []);
    set(Some(key.id), cost * 5 / 4).await;
    let found = notices(&server, user).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].key.as_ref().map(|key| key.id), Some(key.id));
    assert!(
        matches!(found[0].cause, NoticeCause::Budget { subject, allowance, .. }
            if subject == BudgetSubject::Key(key.id) && allowance.used == NanoDollars(cost)),
        "{found:?}"
    );
    set(None, cost).await;
    let subjects: Vec<bool> = notices(&server, user)
        .await
        .iter()
        .map(|notice| notice.key.is_some())
        .collect();
    assert_eq!(subjects, [false, true], "the one that is used up comes first");
    world.clock.advance(DAY);
    assert_eq!(notices(&server, user).await, [], "the next day is another budget");
}

async fn what_is_put_away_comes_back_when_it_is_worse(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    server.ask(user, model(MODEL), HELLO).await;
    let cost = spent(&server, user).await;
    server
        .budgets
        .set(user, None, &typed(cost * 5 / 4), "")
        .await
        .unwrap();
    let nearly = notices(&server, user).await.remove(0).id;
    let board = server.notices.dismiss(user, &nearly).await.unwrap();
    assert_eq!(board.notices, []);
    assert_eq!(notices(&server, user).await, []);
    server.budgets.set(user, None, &typed(cost), "").await.unwrap();
    let used_up = notices(&server, user).await.remove(0).id;
    assert_ne!(used_up, nearly);
    assert_eq!(server.notices.dismiss(user, &used_up).await.unwrap().notices, []);
    // Of those whose cause is gone nothing is kept.
    assert_eq!(server.store.dismissed_notices(user).await.unwrap(), [used_up]);
}

async fn what_the_platform_has_paid_is_noticed_with_what_was_paid_before_the_grant(world: World) {
    let server = world.server_with(Setup::lending(MODEL)).await;
    let user = server.person("ada").await;
    server.ask(user, model(MODEL), HELLO).await;
    let cost = spent(&server, user).await;
    assert!(cost > 0);
    assert_eq!(server.budgets.list(user).await.unwrap(), []);
    let admin = server.person("admin").await;
    let grant = async |nano: i64| {
        server
            .fallback
            .set_terms(admin, "automatic", "", &typed(nano))
            .await
            .unwrap()
    };
    let terms: PlatformTerms = grant(cost * 1_000_000).await;
    let paid = async || {
        let budgets = server.budgets.list(user).await.unwrap();
        assert_eq!(budgets.len(), 1);
        assert_eq!(budgets[0].subject, BudgetSubject::Platform);
        let day = budgets[0].day.unwrap();
        assert_eq!(Some(day.limit), terms.grant);
        day.used.0
    };
    assert_eq!(paid().await, cost, "what was paid before the grant counts");
    assert_eq!(notices(&server, user).await, []);
    // From the first answer under the grant on, its own row counts.
    server.ask(user, model(MODEL), HELLO).await;
    let both = spent(&server, user).await;
    assert!(both > cost);
    assert_eq!(paid().await, both);
    grant(both * 5 / 4).await;
    let told = notices(&server, user).await;
    assert!(
        matches!(told[0].cause, NoticeCause::Budget { subject: BudgetSubject::Platform, allowance, .. }
            if allowance.used == NanoDollars(both)),
        "{told:?}"
    );
    let own = server.person("bob").await;
    assert_eq!(server.budgets.list(own).await.unwrap()[0].day.unwrap().used.0, 0);
}

async fn notices_are_ones_own(world: World) {
    let server = world.server().await;
    let (ada, eve) = (server.person("ada").await, server.person("eve").await);
    capped(&server, ada).await;
    let id = notices(&server, ada).await.remove(0).id;
    assert_eq!(notices(&server, eve).await, []);
    for (user, notice) in [(eve, id.as_str()), (ada, "nonsense"), (ada, "")] {
        let refused = server.notices.dismiss(user, notice).await;
        assert_eq!(refusal(refused).code, ErrorCode::NotFound, "{notice}");
    }
    assert_eq!(notices(&server, ada).await.len(), 1);
    assert_eq!(server.store.dismissed_notices(eve).await.unwrap(), [""; 0]);
}

async fn an_age_is_chosen_from_the_list(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    assert_eq!(server.notices.board(user).await.unwrap().key_age, KeyAge::Quarter);
    let board = server.notices.set_key_age(user, "year").await.unwrap();
    assert_eq!(board.key_age, KeyAge::Year);
    let refused = server.notices.set_key_age(user, "91").await;
    assert_eq!(refusal(refused).code, ErrorCode::InvalidInput);
    assert_eq!(server.notices.board(user).await.unwrap().key_age, KeyAge::Year);
}

async fn a_key_ages_and_nears_its_end(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, MODEL, "simvalid").await;
    world.clock.advance(89 * DAY);
    assert_eq!(notices(&server, user).await, []);
    world.clock.advance(DAY);
    let old = notices(&server, user).await;
    assert!(matches!(old[0].cause, NoticeCause::Old { .. }), "{old:?}");
    server.notices.set_key_age(user, "never").await.unwrap();
    assert_eq!(notices(&server, user).await, []);
    let life = KeyLife::For(8 * DAY);
    let limited = server.keys.set_life(user, key.id, life).await.unwrap();
    assert_eq!(notices(&server, user).await, []);
    world.clock.advance(DAY);
    let ends = notices(&server, user).await;
    assert_eq!(
        ends[0].cause,
        NoticeCause::Expires {
            at: limited.expires_at.unwrap()
        }
    );
    world.clock.advance(7 * DAY);
    let over = notices(&server, user).await;
    let end = limited.expires_at.unwrap().0;
    assert_eq!(found(&over[0]), Some((Diagnosis::Lapsed, end)));
}
