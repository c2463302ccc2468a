//! Budgets hold: whatever happens at once, and however an answer ends.

use std::sync::Arc;

use marshmallow_core::{Allowance, BudgetSubject, ErrorCode, MessageStatus, NanoDollars, Provider, UserId};
use marshmallow_service::ServiceError;
use tokio::task::JoinSet;

use crate::harness::{Answer, Reader, Server, World, eventually, model, on_both, on_one, said, usage_of};

on_both!(
    fifty_at_once_on_a_budget_for_ten_are_ten,
    nothing_stays_reserved_however_an_answer_ends,
    what_a_killed_server_reserved_is_settled,
    a_deleted_answer_still_counts,
);
on_one!(
    real_usage_settles_and_the_limit_is_shown,
    a_budget_begins_with_what_was_spent_before,
    a_keys_budget_moves_on_to_the_next_key,
    an_unknown_price_is_refused_where_a_budget_is_set,
    a_stream_that_reaches_the_limit_is_stopped_and_says_so,
    budgets_are_ones_own_and_bounded,
    days_and_months_begin_anew,
);

const MODEL: Provider = Provider::OpenAi;
const HELLO: &str = "Hello #sim delay=0 words=9";
/// Holds its stream open for ever.
const HELD: &str = "Hello #sim delay=0 fail=stall@1 text=one two three";

/// Dollars as one types them.
fn typed(amount: NanoDollars) -> String {
    format!("{}.{:09}", amount.0 / 1_000_000_000, amount.0 % 1_000_000_000)
}

async fn account(server: &Server, user: UserId) -> Allowance {
    let budgets = server.budgets.list(user).await.unwrap();
    let account = budgets
        .into_iter()
        .find(|budget| budget.subject == BudgetSubject::Account);
    account.unwrap().day.unwrap()
}

/// What one turn of this text sets aside.
async fn worst_case(server: &Server, text: &str) -> NanoDollars {
    let user = server.person("measure").await;
    server.key(user, MODEL, "simvalid-measure").await;
    server.budgets.set(user, None, "1000", "").await.unwrap();
    let mut reader = server.begin(user, model(MODEL), text).await;
    reader.until(|answer| answer.start.is_some()).await;
    let reserved = eventually("a reservation", async || {
        Some(account(server, user).await.reserved).filter(|reserved| reserved.0 > 0)
    })
    .await;
    server.chat.stop(user, reader.answer.message()).await.unwrap();
    reader.end().await;
    reserved
}

async fn nothing_reserved(server: &Server, user: UserId) {
    eventually("nothing is reserved", async || {
        (account(server, user).await.reserved == NanoDollars(0)).then_some(())
    })
    .await;
}

async fn fifty_at_once_on_a_budget_for_ten_are_ten(world: World) {
    let server = Arc::new(world.server().await);
    let worst = worst_case(&server, HELD).await;
    let user = server.person("ada").await;
    let key = server.key(user, MODEL, "simvalid").await;
    let ten = NanoDollars(worst.0 * 10 + worst.0 / 2);
    server
        .budgets
        .set(user, Some(key.id), &typed(ten), "")
        .await
        .unwrap();
    server
        .budgets
        .set(user, None, &typed(ten), &typed(ten))
        .await
        .unwrap();
    world.simulator.clear();
    // On seven servers, since a person may have eight answers running on each.
    let mut servers = vec![server.clone()];
    for _ in 1..7 {
        servers.push(Arc::new(world.server().await));
    }
    let mut turns: JoinSet<Reader> = JoinSet::new();
    for number in 0..50 {
        let server = servers[number % servers.len()].clone();
        turns.spawn(async move {
            let mut reader = server.begin(user, model(MODEL), HELD).await;
            reader
                .until(|answer| answer.done.is_some() || !answer.text.is_empty())
                .await;
            reader
        });
    }
    let (mut running, mut refused) = (Vec::new(), 0);
    while let Some(turn) = turns.join_next().await {
        let reader = turn.unwrap();
        match reader.answer.error.clone() {
            Some(error) => {
                assert_eq!(error.code, ErrorCode::Budget, "{error}");
                refused += 1;
            }
            None => running.push(reader),
        }
    }
    assert_eq!((running.len(), refused), (10, 40));
    assert_eq!(world.chats().len(), 10);
    assert_eq!(account(&server, user).await.reserved.0, worst.0 * 10);
    let messages: Vec<_> = running.iter().map(|reader| reader.answer.message()).collect();
    for message in messages {
        for server in &servers {
            server.chat.stop(user, message).await.unwrap();
        }
    }
    nothing_reserved(&server, user).await;
}

async fn nothing_stays_reserved_however_an_answer_ends(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    server.budgets.set(user, None, "1", "").await.unwrap();
    for (ask, status) in [
        (HELLO, MessageStatus::Complete),
        ("#sim status=500", MessageStatus::Failed),
        ("#sim status=400", MessageStatus::Failed),
        ("#sim delay=0 fail=error@1 text=one two", MessageStatus::Failed),
        ("#sim delay=0 fail=cut@1 text=one two", MessageStatus::Failed),
    ] {
        let answer = server.ask(user, model(MODEL), ask).await;
        assert_eq!(answer.status(), status, "{ask}");
        assert_eq!(account(&server, user).await.reserved, NanoDollars(0), "{ask}");
    }
    let mut held = server.begin(user, model(MODEL), HELD).await;
    held.until(|answer| answer.start.is_some()).await;
    server.chat.stop(user, held.answer.message()).await.unwrap();
    assert_eq!(held.end().await.status(), MessageStatus::Stopped);
    assert_eq!(account(&server, user).await.reserved, NanoDollars(0));
    assert_eq!(
        world.database.number("SELECT COUNT(*) FROM reservations").await,
        0
    );
}

async fn what_a_killed_server_reserved_is_settled(world: World) {
    // On a runtime of its own, which ends without a word, as a killed process does.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let starting = world.starting(crate::harness::Setup::default());
    let (user, answer) = runtime
        .spawn(async move {
            let server = starting.await.unwrap();
            let user = server.person("ada").await;
            server.key(user, MODEL, "simvalid").await;
            server.budgets.set(user, None, "1", "").await.unwrap();
            let mut reader = server
                .begin(user, model(MODEL), "#sim delay=0 fail=stall@2 text=one two three")
                .await;
            reader.until(|answer| answer.text.len() > 6).await;
            assert!(account(&server, user).await.reserved.0 > 0);
            (user, reader.answer.clone())
        })
        .await
        .unwrap();
    runtime.shutdown_background();
    world.clock.advance(60_000);
    let server = world.server().await;
    let view = eventually("the answer is recovered", async || {
        let view = server
            .chat
            .conversation(user, answer.conversation())
            .await
            .unwrap();
        (view.messages[1].status != MessageStatus::Streaming).then_some(view)
    })
    .await;
    let spent = view.messages[1].receipt.as_ref().unwrap().cost.amount.unwrap();
    let allowance = account(&server, user).await;
    assert_eq!((allowance.reserved, allowance.used), (NanoDollars(0), spent));
    assert_eq!(
        world.database.number("SELECT COUNT(*) FROM reservations").await,
        0
    );
}

async fn a_deleted_answer_still_counts(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    server.budgets.set(user, None, "1", "").await.unwrap();
    let mut reader = server.begin(user, model(MODEL), "#sim delay=20 words=2000").await;
    reader.until(|answer| answer.text.len() > 6).await;
    server
        .chat
        .delete(user, reader.answer.conversation())
        .await
        .unwrap();
    nothing_reserved(&server, user).await;
    assert!(account(&server, user).await.used.0 > 0);
}

async fn real_usage_settles_and_the_limit_is_shown(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let key = server.key(user, MODEL, "simvalid").await;
    server.budgets.set(user, None, "", "2").await.unwrap();
    let budgets = server.budgets.set(user, Some(key.id), "1", "").await.unwrap();
    assert_eq!(budgets.len(), 2);
    let answer = server.ask(user, model(MODEL), HELLO).await;
    let receipt = answer.receipt();
    assert_eq!(
        (receipt.usage, answer.text.clone()),
        (usage_of(HELLO), said(HELLO))
    );
    let spent = receipt.cost.amount.unwrap();
    assert!(spent.0 > 0);
    for budget in server.budgets.list(user).await.unwrap() {
        let (shown, limit) = match budget.subject {
            BudgetSubject::Key(_) => (budget.day.unwrap(), 1_000_000_000),
            _ => (budget.month.unwrap(), 2_000_000_000),
        };
        let expected = Allowance {
            limit: NanoDollars(limit),
            used: spent,
            reserved: NanoDollars(0),
        };
        assert_eq!(shown, expected);
    }
    // Taken away again, nothing is in the way.
    server.budgets.set(user, Some(key.id), "", "").await.unwrap();
    let left = server.budgets.set(user, None, "", " ").await.unwrap();
    assert!(left.is_empty());
    assert_eq!(server.audited(user, "rule.budget").await, 4);
}

async fn a_budget_begins_with_what_was_spent_before(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    let answer = server.ask(user, model(MODEL), HELLO).await;
    server.budgets.set(user, None, "1", "").await.unwrap();
    assert_eq!(
        Some(account(&server, user).await.used),
        answer.receipt().cost.amount
    );
}

async fn a_keys_budget_moves_on_to_the_next_key(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    let first = server.key(user, MODEL, "simvalid").await;
    let second = server.key(user, MODEL, "simvalid-second").await;
    server.budgets.set(user, Some(first.id), "0", "").await.unwrap();
    let answer = server.ask(user, model(MODEL), HELLO).await;
    assert_eq!(answer.receipt().credential.key, Some(second.id));
    assert_eq!(
        answer.notices[0].0.because,
        marshmallow_core::Diagnosis::OverBudget
    );
    // The budget of all keys stops them all, and says which budget it was.
    server.budgets.set(user, None, "", "0").await.unwrap();
    world.simulator.clear();
    let answer = server.ask(user, model(MODEL), HELLO).await;
    let error = answer.error.clone().unwrap();
    assert_eq!(
        (answer.status(), error.code),
        (MessageStatus::Failed, ErrorCode::Budget)
    );
    assert!(error.message.contains("your budget for this month"), "{error}");
    assert!(world.chats().is_empty());
    let budgets = server.store.budgets(user).await.unwrap();
    assert_eq!(budgets.iter().map(|budget| budget.reserved.0).sum::<i64>(), 0);
}

async fn an_unknown_price_is_refused_where_a_budget_is_set(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, Provider::Custom, "simvalid").await;
    let ask = async || -> Answer { server.ask(user, model(Provider::Custom), HELLO).await };
    assert_eq!(ask().await.status(), MessageStatus::Complete);
    server.budgets.set(user, None, "5", "").await.unwrap();
    world.simulator.clear();
    let error = ask().await.error.unwrap();
    assert_eq!(error.code, ErrorCode::Budget);
    assert!(error.message.contains("price"), "{error}");
    assert!(world.chats().is_empty());
}

async fn a_stream_that_reaches_the_limit_is_stopped_and_says_so(world: World) {
    let server = world.server().await;
    // Its output limit is 16 384 tokens; this provider does not keep to it.
    let long = "#sim delay=0 words=16000";
    let worst = worst_case(&server, long).await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    let limit = NanoDollars(worst.0 + worst.0 / 10);
    server.budgets.set(user, None, &typed(limit), "").await.unwrap();
    let answer = server.ask(user, model(MODEL), long).await;
    let error = answer.error.clone().expect("it was not stopped");
    assert_eq!(
        (answer.status(), error.code),
        (MessageStatus::Incomplete, ErrorCode::Budget)
    );
    assert!(
        error.message.starts_with("The answer was stopped here."),
        "{error}"
    );
    assert!(said(long).starts_with(&answer.text) && answer.text.len() > 10_000);
    let allowance = account(&server, user).await;
    assert_eq!(allowance.reserved, NanoDollars(0));
    assert!(allowance.used.0 > 0);
    // With room for more, more is set aside, and the answer comes whole.
    server.budgets.set(user, None, "1", "").await.unwrap();
    let answer = server.ask(user, model(MODEL), long).await;
    assert_eq!(answer.status(), MessageStatus::Complete);
    assert_eq!(account(&server, user).await.reserved, NanoDollars(0));
}

async fn budgets_are_ones_own_and_bounded(world: World) {
    let server = world.server().await;
    let (ada, eve) = (server.person("ada").await, server.person("eve").await);
    let key = server.key(ada, MODEL, "simvalid").await;
    server.budgets.set(ada, Some(key.id), "1", "2").await.unwrap();
    let theft = server.budgets.set(eve, Some(key.id), "9", "").await;
    assert!(matches!(theft, Err(ServiceError::Refused(error)) if error.code == ErrorCode::NotFound));
    assert!(server.budgets.list(eve).await.unwrap().is_empty());
    for wrong in ["-1", "much", "1000000", "1,50"] {
        assert!(server.budgets.set(ada, None, wrong, "").await.is_err(), "{wrong}");
    }
    let shown = server.budgets.list(ada).await.unwrap();
    assert_eq!(shown[0].day.unwrap().limit, NanoDollars(1_000_000_000));
    server.keys.remove(ada, key.id).await.unwrap();
    assert!(server.budgets.list(ada).await.unwrap().is_empty());
}

async fn days_and_months_begin_anew(world: World) {
    let server = world.server().await;
    let user = server.person("ada").await;
    server.key(user, MODEL, "simvalid").await;
    server.budgets.set(user, None, "1", "1").await.unwrap();
    server.ask(user, model(MODEL), HELLO).await;
    let used = account(&server, user).await.used;
    world.clock.advance(86_400_000);
    let month = async || server.budgets.list(user).await.unwrap()[0].month.unwrap().used;
    assert_eq!(
        (account(&server, user).await.used, month().await),
        (NanoDollars(0), used)
    );
    server.ask(user, model(MODEL), HELLO).await;
    assert_eq!(account(&server, user).await.used, used);
    assert_eq!(month().await, NanoDollars(used.0 * 2));
    world.clock.advance(31 * 86_400_000);
    assert_eq!(month().await, NanoDollars(0));
}
