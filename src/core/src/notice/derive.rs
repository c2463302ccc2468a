//! Which notices follow from a person's keys and budgets at a moment.
//! It refuses to notice what passes by itself, what its owner has decided, and what nobody knows.

use super::{KeyAge, Notice, NoticeCause, NoticedKey};
use crate::{
    Allowance, BudgetSubject, BudgetSummary, Diagnosis, Finding, KeySummary, Millis, NanoDollars, Period,
};

/// How long before its end a key is noticed, in milliseconds: a week.
const BEFORE_END_MS: i64 = 7 * 86_400_000;

/// What is left at a provider when it is noticed: one long answer of a dear model may cost more.
const LITTLE_CREDIT: NanoDollars = NanoDollars(1_000_000_000);

/// What needs attention at `now`, the most urgent first. Keys that are switched off are left alone: no chat depends on
/// them, and somebody decided so.
pub fn derive_notices(
    keys: &[KeySummary],
    budgets: &[BudgetSummary],
    key_age: KeyAge,
    now: Millis,
) -> Vec<Notice> {
    let used: Vec<&KeySummary> = keys.iter().filter(|key| key.is_active).collect();
    let mut notices: Vec<Notice> = used.iter().filter_map(|key| of_life(key, key_age, now)).collect();
    notices.extend(used.iter().filter_map(|key| of_credit(key, now)));
    notices.extend(budgets.iter().flat_map(|budget| of_budget(budget, &used, now)));
    // Stable: what is equally urgent stays in the order of its keys.
    notices.sort_by_key(|notice| (notice.urgency(), place(&notice.cause)));
    notices
}

/// The order of what is equally urgent: what ends chats first, then what ends first.
fn place(cause: &NoticeCause) -> (u8, Millis) {
    let nothing = Millis(0);
    match cause {
        NoticeCause::Unusable { .. } => (0, nothing),
        NoticeCause::Expires { at } => (1, *at),
        NoticeCause::CreditLow { .. } => (2, nothing),
        NoticeCause::Budget { .. } => (3, nothing),
        NoticeCause::Old { since } => (4, *since),
    }
}

/// The one thing to know about a key's life: what ends it hides what is merely wise, as one new key settles both.
fn of_life(key: &KeySummary, key_age: KeyAge, now: Millis) -> Option<Notice> {
    if let Some(finding) = trouble(key) {
        let since = if key.is_over {
            key.expires_at
        } else {
            key.status_since
        };
        let known = since.unwrap_or_default().0;
        let id = format!("unusable:{}:{}:{known}", key.id, finding.diagnosis.slug());
        return Some(about(key, id, NoticeCause::Unusable { finding, since }));
    }
    if let Some(at) = key.expires_at.filter(|at| at.since(now) <= warning(key, *at)) {
        let id = format!("expires:{}:{}", key.id, at.0);
        return Some(about(key, id, NoticeCause::Expires { at }));
    }
    let limit = key_age.millis()?;
    let since = key.created_at;
    let times = now.since(since) / limit;
    // It comes back each time that the key has become as old again.
    let id = format!("old:{}:{limit}:{times}", key.id);
    (times >= 1).then(|| about(key, id, NoticeCause::Old { since }))
}

/// How long before its end a key is noticed: a week, or, where its whole life is no longer than that, its last quarter.
fn warning(key: &KeySummary, end: Millis) -> i64 {
    let life = end.since(key.created_at);
    if life > BEFORE_END_MS {
        BEFORE_END_MS
    } else {
        life / 4
    }
}

/// What was found about a key, where it cannot serve before somebody acts.
fn trouble(key: &KeySummary) -> Option<Finding> {
    let is_empty = key.credit_left.is_some_and(|left| left.0 <= 0);
    let empty = is_empty.then(|| Finding::new(key.provider, Diagnosis::NoCredit));
    key.finding()
        .filter(|finding| needs_somebody(finding.diagnosis))
        .or(empty)
}

/// Whether a key with this diagnosis cannot serve before somebody acts. What may work all the same, what passes by
/// itself, and what is about one request is none of it.
fn needs_somebody(diagnosis: Diagnosis) -> bool {
    match diagnosis {
        Diagnosis::Mistyped
        | Diagnosis::OtherProvider
        | Diagnosis::Invalid
        | Diagnosis::Expired
        | Diagnosis::Lapsed
        | Diagnosis::AdminKey
        | Diagnosis::SignInToken
        | Diagnosis::NoCredit
        | Diagnosis::SpendCap
        | Diagnosis::RegionBlocked
        | Diagnosis::IpNotAllowed
        | Diagnosis::ScopeMissing
        | Diagnosis::ProjectMissing
        | Diagnosis::AddressBlocked => true,
        Diagnosis::Valid
        | Diagnosis::Restricted
        | Diagnosis::Unverifiable
        | Diagnosis::OverBudget
        | Diagnosis::RateLimited
        | Diagnosis::ModelUnavailable
        | Diagnosis::BadRequest
        | Diagnosis::Filtered
        | Diagnosis::ProviderDown
        | Diagnosis::Garbled
        | Diagnosis::Unreachable => false,
    }
}

fn of_credit(key: &KeySummary, now: Millis) -> Option<Notice> {
    let left = key
        .credit_left
        .filter(|left| left.0 > 0 && *left <= LITTLE_CREDIT)?;
    if trouble(key).is_some() {
        return None;
    }
    // It comes back when half of it is gone, and with each month: credit may have come and gone meanwhile.
    let halvings = (LITTLE_CREDIT.0 / left.0).ilog2();
    let month = Period::Month.start(now).0;
    let id = format!("credit:{}:{month}:{halvings}", key.id);
    Some(about(key, id, NoticeCause::CreditLow { left }))
}

fn of_budget(budget: &BudgetSummary, used: &[&KeySummary], now: Millis) -> Vec<Notice> {
    let subject = budget.subject;
    let key = match subject {
        BudgetSubject::Key(id) => match used.iter().find(|key| key.id == id) {
            Some(key) => Some(noticed(key)),
            None => return Vec::new(),
        },
        BudgetSubject::Account | BudgetSubject::Platform => None,
    };
    let periods = [(Period::Day, budget.day), (Period::Month, budget.month)];
    let full = periods
        .into_iter()
        .filter_map(|(period, allowance)| Some((period, allowance.filter(is_noticed)?)));
    full.map(|(period, allowance)| {
        let start = period.start(now).0;
        let stage = if allowance.is_used_up() {
            "used_up"
        } else {
            "nearly"
        };
        Notice {
            id: format!("budget:{subject}:{period}:{start}:{}:{stage}", allowance.limit.0),
            key: key.clone(),
            cause: NoticeCause::Budget {
                subject,
                period,
                allowance,
            },
        }
    })
    .collect()
}

/// A limit of nothing is a decision, and reached from the beginning.
fn is_noticed(allowance: &Allowance) -> bool {
    allowance.limit.0 > 0 && allowance.is_nearly_used_up()
}

fn about(key: &KeySummary, id: String, cause: NoticeCause) -> Notice {
    Notice {
        id,
        key: Some(noticed(key)),
        cause,
    }
}

fn noticed(key: &KeySummary) -> NoticedKey {
    NoticedKey {
        id: key.id,
        provider: key.provider,
        label: key.label.clone(),
        last_four: key.last_four.clone(),
    }
}
