//! Each kind of notice at its boundary, and what comes first.

use super::*;
use crate::{BudgetSummary, Diagnosis, KeyStatus, KeySummary, Random};

const NOW: Millis = Millis(1_795_442_709_000);
const DAY: i64 = 86_400_000;
const DOLLAR: i64 = 1_000_000_000;

struct Bytes(u8);
impl Random for Bytes {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

fn key(number: u8) -> KeySummary {
    KeySummary {
        id: KeyId::make(Millis(1), &Bytes(number)),
        provider: Provider::OpenAi,
        endpoint: Provider::OpenAi.into(),
        base_url: "https://api.example.org".into(),
        label: format!("Key {number}"),
        last_four: "x3Fa".into(),
        is_active: true,
        status: KeyStatus::Checked(Diagnosis::Valid),
        until: None,
        model_count: None,
        rest: None,
        created_at: NOW.plus(-DAY),
        last_used: None,
        last_validated: Some(NOW),
        expires_at: None,
        is_over: false,
        next_check: None,
        credit_left: None,
        status_since: None,
        replaced: None,
        former: None,
    }
}

fn budget(subject: BudgetSubject, used: i64, limit: i64) -> BudgetSummary {
    BudgetSummary {
        subject,
        day: Some(Allowance {
            limit: NanoDollars(limit),
            used: NanoDollars(used),
            // All of the limit: what is set aside is no reason for a notice.
            reserved: NanoDollars(limit),
        }),
        month: None,
    }
}

fn of(keys: &[KeySummary]) -> Vec<NoticeCause> {
    causes(derive_notices(keys, &[], KeyAge::Quarter, NOW))
}

fn causes(notices: Vec<Notice>) -> Vec<NoticeCause> {
    notices.into_iter().map(|notice| notice.cause).collect()
}

fn only_id(keys: &[KeySummary], budgets: &[BudgetSummary], now: Millis) -> String {
    let mut notices = derive_notices(keys, budgets, KeyAge::Quarter, now);
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0).id
}

#[test]
fn a_key_with_which_all_is_well_is_not_noticed() {
    assert_eq!(of(&[key(1)]), []);
}

#[test]
fn a_key_is_noticed_when_no_waiting_helps() {
    let noticed = Diagnosis::ALL.into_iter().filter(|diagnosis| {
        let status = KeyStatus::Checked(*diagnosis);
        !of(&[KeySummary { status, ..key(1) }]).is_empty()
    });
    assert_eq!(
        noticed.collect::<Vec<_>>(),
        [
            Diagnosis::Mistyped,
            Diagnosis::OtherProvider,
            Diagnosis::Invalid,
            Diagnosis::Expired,
            Diagnosis::Lapsed,
            Diagnosis::AdminKey,
            Diagnosis::SignInToken,
            Diagnosis::NoCredit,
            Diagnosis::SpendCap,
            Diagnosis::RegionBlocked,
            Diagnosis::IpNotAllowed,
            Diagnosis::ScopeMissing,
            Diagnosis::ProjectMissing,
            Diagnosis::AddressBlocked,
        ]
    );
    // Whatever takes a key out of service is noticed.
    for diagnosis in Diagnosis::ALL.into_iter().filter(|found| !found.may_serve()) {
        let status = KeyStatus::Checked(diagnosis);
        assert_eq!(of(&[KeySummary { status, ..key(1) }]).len(), 1, "{diagnosis:?}");
    }
    let unchecked = KeySummary {
        status: KeyStatus::Unchecked,
        ..key(1)
    };
    assert_eq!(of(&[unchecked]), []);
}

#[test]
fn the_same_trouble_at_another_time_is_another_notice() {
    let troubled = |since: i64, diagnosis| KeySummary {
        status: KeyStatus::Checked(diagnosis),
        status_since: Some(NOW.plus(since)),
        ..key(1)
    };
    let first = only_id(&[troubled(-5, Diagnosis::Invalid)], &[], NOW);
    assert_eq!(
        first,
        only_id(&[troubled(-5, Diagnosis::Invalid)], &[], NOW.plus(DAY))
    );
    assert_ne!(first, only_id(&[troubled(-4, Diagnosis::Invalid)], &[], NOW));
    assert_ne!(first, only_id(&[troubled(-5, Diagnosis::NoCredit)], &[], NOW));
}

#[test]
fn an_end_is_noticed_a_week_before_and_when_it_has_come() {
    let ending = |end: i64| KeySummary {
        created_at: NOW.plus(-60 * DAY),
        expires_at: Some(NOW.plus(end)),
        is_over: end <= 0,
        status_since: Some(NOW.plus(-30 * DAY)),
        ..key(1)
    };
    assert_eq!(of(&[ending(7 * DAY + 1)]), []);
    let at = NOW.plus(7 * DAY);
    assert_eq!(of(&[ending(7 * DAY)]), [NoticeCause::Expires { at }]);
    assert_eq!(of(&[ending(1)]), [NoticeCause::Expires { at: NOW.plus(1) }]);
    let finding = Finding::new(Provider::OpenAi, Diagnosis::Lapsed);
    let since = Some(NOW);
    assert_eq!(of(&[ending(0)]), [NoticeCause::Unusable { finding, since }]);
    assert_ne!(only_id(&[ending(1)], &[], NOW), only_id(&[ending(0)], &[], NOW));
}

#[test]
fn a_key_of_a_short_life_is_noticed_in_its_last_quarter() {
    let short = |age: i64| KeySummary {
        created_at: NOW.plus(-age),
        expires_at: Some(NOW.plus(400 - age)),
        ..key(1)
    };
    assert_eq!(of(&[short(299)]), []);
    assert_eq!(of(&[short(300)]).len(), 1);
}

#[test]
fn an_age_that_is_exactly_reached_is_noticed_and_again_when_it_has_doubled() {
    let aged = |age: i64| KeySummary {
        created_at: NOW.plus(-age),
        ..key(1)
    };
    assert_eq!(of(&[aged(90 * DAY - 1)]), []);
    let since = NOW.plus(-90 * DAY);
    assert_eq!(of(&[aged(90 * DAY)]), [NoticeCause::Old { since }]);
    let id = |days: i64| only_id(&[aged(days * DAY)], &[], NOW);
    assert_eq!(id(90), id(179));
    assert_ne!(id(90), id(180));
    let old = [aged(1_000 * DAY)];
    assert_eq!(derive_notices(&old, &[], KeyAge::Never, NOW), []);
    for age in KeyAge::ALL {
        let found = derive_notices(&old, &[], age, NOW);
        assert_eq!(found.len(), usize::from(age.days().is_some()), "{age:?}");
    }
}

#[test]
fn an_unknown_credit_is_not_noticed_and_none_left_is_the_diagnosis() {
    let left = |left: Option<i64>| KeySummary {
        credit_left: left.map(NanoDollars),
        ..key(1)
    };
    assert_eq!(of(&[left(None)]), []);
    assert_eq!(of(&[left(Some(DOLLAR + 1))]), []);
    let low = |nano| {
        [NoticeCause::CreditLow {
            left: NanoDollars(nano),
        }]
    };
    assert_eq!(of(&[left(Some(DOLLAR))]), low(DOLLAR));
    assert_eq!(of(&[left(Some(1))]), low(1));
    for gone in [0, -5] {
        let finding = Finding::new(Provider::OpenAi, Diagnosis::NoCredit);
        let unusable = NoticeCause::Unusable { finding, since: None };
        assert_eq!(of(&[left(Some(gone))]), [unusable]);
    }
}

#[test]
fn credit_is_noticed_again_when_half_of_it_is_gone_and_in_another_month() {
    let id = |left: i64, now: Millis| {
        let key = KeySummary {
            credit_left: Some(NanoDollars(left)),
            created_at: now,
            ..key(1)
        };
        only_id(&[key], &[], now)
    };
    assert_eq!(id(DOLLAR, NOW), id(DOLLAR / 2 + 1, NOW));
    assert_ne!(id(DOLLAR, NOW), id(DOLLAR / 2, NOW));
    assert_ne!(id(DOLLAR, NOW), id(DOLLAR, NOW.plus(31 * DAY)));
}

#[test]
fn a_budget_is_noticed_at_four_fifths_and_again_when_it_is_spent() {
    let subject = BudgetSubject::Account;
    let noticed = |used: i64, limit: i64| {
        let found = derive_notices(&[], &[budget(subject, used, limit)], KeyAge::Quarter, NOW);
        found
            .iter()
            .map(|notice| (notice.urgency(), notice.id.clone()))
            .next()
    };
    assert_eq!(noticed(799, 1_000), None);
    let (urgency, nearly) = noticed(800, 1_000).unwrap();
    assert_eq!(urgency, Urgency::Soon);
    assert_eq!(noticed(999, 1_000).unwrap(), (Urgency::Soon, nearly.clone()));
    let (urgency, used_up) = noticed(1_000, 1_000).unwrap();
    assert_eq!(urgency, Urgency::Now);
    assert_ne!(used_up, nearly);
    assert_ne!(noticed(900, 1_100).unwrap().1, nearly, "another limit");
    assert_eq!(noticed(0, 0), None, "a limit of nothing is a decision");
    // Four fifths of more than 64 bits hold.
    assert_eq!(noticed(i64::MAX / 2, i64::MAX), None);
}

#[test]
fn a_budget_of_the_next_day_is_another_one() {
    let budgets = [budget(BudgetSubject::Platform, 9, 10)];
    let today = only_id(&[], &budgets, NOW);
    assert_eq!(today, only_id(&[], &budgets, NOW.plus(1)));
    assert_ne!(today, only_id(&[], &budgets, NOW.plus(DAY)));
}

#[test]
fn a_budget_without_a_limit_or_without_its_key_is_not_noticed() {
    let unlimited = BudgetSummary {
        day: None,
        ..budget(BudgetSubject::Account, 9, 10)
    };
    let off = KeySummary {
        is_active: false,
        ..key(1)
    };
    let of_key = budget(BudgetSubject::Key(off.id), 9, 10);
    assert_eq!(
        derive_notices(&[], &[unlimited, of_key], KeyAge::Quarter, NOW),
        []
    );
    assert_eq!(derive_notices(&[off], &[of_key], KeyAge::Quarter, NOW), []);
    let notices = derive_notices(&[key(1)], &[of_key], KeyAge::Quarter, NOW);
    assert_eq!(notices[0].key.as_ref().map(|key| key.id), Some(key(1).id));
}

#[test]
fn a_key_that_is_switched_off_is_left_alone() {
    let off = KeySummary {
        is_active: false,
        status: KeyStatus::Checked(Diagnosis::Invalid),
        expires_at: Some(NOW),
        is_over: true,
        credit_left: Some(NanoDollars(1)),
        created_at: Millis(0),
        ..key(1)
    };
    assert_eq!(of(&[off]), []);
}

#[test]
fn what_is_most_urgent_comes_first_and_what_ends_a_key_hides_what_is_wise() {
    let old = KeySummary {
        created_at: NOW.plus(-100 * DAY),
        ..key(1)
    };
    let invalid = KeySummary {
        status: KeyStatus::Checked(Diagnosis::Invalid),
        credit_left: Some(NanoDollars(5)),
        ..KeySummary {
            id: key(2).id,
            ..old.clone()
        }
    };
    let ends = |number: u8, days: i64| KeySummary {
        expires_at: Some(NOW.plus(days * DAY)),
        id: key(number).id,
        ..old.clone()
    };
    let keys = [old.clone(), ends(3, 5), ends(4, 2), invalid];
    let budgets = [
        budget(BudgetSubject::Account, 9, 10),
        budget(BudgetSubject::Platform, 10, 10),
    ];
    let notices = derive_notices(&keys, &budgets, KeyAge::Quarter, NOW);
    let told: Vec<&str> = notices
        .iter()
        .map(|notice| notice.id.split(':').next().unwrap())
        .collect();
    assert_eq!(
        told,
        ["unusable", "budget", "expires", "expires", "budget", "old"]
    );
    assert_eq!(notices[2].key.as_ref().map(|key| key.id), Some(key(4).id));
    let ids: std::collections::BTreeSet<_> = notices.iter().map(|notice| &notice.id).collect();
    assert_eq!(ids.len(), notices.len());
}
