//! The words of notices, and where they lead. Pure. What a provider's answer means is said by `Diagnosis` alone.

use marshmallow_core::{
    Allowance, BudgetSubject, Diagnosis, HelpPage, KeyId, Notice, NoticeCause, NoticedKey, Period, Urgency,
};

use crate::ui::Tone;

/// The place where notices are listed without scripts.
pub(super) const LIST_PLACE: &str = "/settings/keys#notices";

/// How the bell is called.
pub(super) fn bell_label(count: usize) -> String {
    match count {
        0 => "Notices: nothing needs your attention".to_owned(),
        1 => "Notices: 1 needs your attention".to_owned(),
        _ => format!("Notices: {count} need your attention"),
    }
}

/// A word or two for a badge.
pub(super) fn title(cause: &NoticeCause) -> &'static str {
    match cause {
        NoticeCause::Unusable { finding, .. } => finding.diagnosis.title(),
        NoticeCause::Expires { .. } => "Ends soon",
        NoticeCause::CreditLow { .. } => "Little credit left",
        NoticeCause::Budget { allowance, .. } if allowance.is_used_up() => Diagnosis::OverBudget.title(),
        NoticeCause::Budget { .. } => "Budget nearly used up",
        NoticeCause::Old { .. } => "Old key",
    }
}

pub(super) fn tone(urgency: Urgency) -> Tone {
    match urgency {
        Urgency::Now => Tone::Bad,
        Urgency::Soon => Tone::Warning,
        Urgency::Sometime => Tone::Info,
    }
}

/// What it is about.
pub(super) fn whose(notice: &Notice) -> String {
    match (&notice.key, &notice.cause) {
        (Some(key), _) => key_name(key),
        (
            None,
            NoticeCause::Budget {
                subject: BudgetSubject::Platform,
                ..
            },
        ) => "What the platform pays for you".to_owned(),
        (None, _) => "All your keys together".to_owned(),
    }
}

fn key_name(key: &NoticedKey) -> String {
    let label = if key.label.is_empty() {
        "Unnamed key"
    } else {
        &key.label
    };
    format!("{label} ··{}, {}", key.last_four, key.provider)
}

/// What is spent of a budget.
pub(super) fn spent(period: Period, allowance: &Allowance) -> String {
    let when = match period {
        Period::Day => "today",
        Period::Month => "this month",
    };
    format!("{} of {} is spent {when}.", allowance.used, allowance.limit)
}

/// What to do about a budget.
pub(super) fn budget_advice(subject: BudgetSubject, period: Period) -> String {
    let instead = match subject {
        BudgetSubject::Platform => "Use a key of your own",
        BudgetSubject::Account | BudgetSubject::Key(_) => "Raise the limit",
    };
    format!(
        "A chat that may cost more than what is left is refused. {instead}, or wait for the next {period} (UTC)."
    )
}

/// The provider's page that helps, where the words of a diagnosis do not bring it.
pub(super) fn page(notice: &Notice) -> Option<HelpPage> {
    let provider = notice.key.as_ref()?.provider;
    match notice.cause {
        NoticeCause::CreditLow { .. } => provider.help_page(Diagnosis::NoCredit),
        NoticeCause::Old { .. } | NoticeCause::Expires { .. } => provider.help_page(Diagnosis::Expired),
        NoticeCause::Unusable { .. } | NoticeCause::Budget { .. } => None,
    }
}

/// Where it is settled here: the words of the link and its address.
pub(super) fn place(notice: &Notice) -> (&'static str, String) {
    match (&notice.cause, &notice.key) {
        (NoticeCause::Budget { .. }, Some(key)) => ("Change the limit", key_place(key.id)),
        (_, Some(key)) => ("Go to the key", key_place(key.id)),
        (
            NoticeCause::Budget {
                subject: BudgetSubject::Platform,
                ..
            },
            None,
        ) => ("Add a key of your own", "/settings/keys".to_owned()),
        (_, None) => ("Change the limit", "/settings/spending".to_owned()),
    }
}

fn key_place(id: KeyId) -> String {
    format!("/settings/keys#key-{id}")
}

/// What is said when a budget has come near its end while the page was open.
pub(super) fn budget_news(notice: &Notice) -> Option<String> {
    match &notice.cause {
        NoticeCause::Budget {
            period, allowance, ..
        } => Some(format!("{}: {}", whose(notice), spent(*period, allowance))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Finding, Millis, NanoDollars, Provider, Random};

    use super::*;

    struct Zero;
    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn key(label: &str) -> Option<NoticedKey> {
        Some(NoticedKey {
            id: KeyId::make(Millis(1), &Zero),
            provider: Provider::OpenAi,
            label: label.into(),
            last_four: "x3Fa".into(),
        })
    }

    fn budget(subject: BudgetSubject, key: Option<NoticedKey>, used: i64) -> Notice {
        Notice {
            id: "budget".into(),
            key,
            cause: NoticeCause::Budget {
                subject,
                period: Period::Day,
                allowance: Allowance {
                    limit: NanoDollars(1_000_000_000),
                    used: NanoDollars(used),
                    reserved: NanoDollars(0),
                },
            },
        }
    }

    #[test]
    fn a_budget_says_whose_it_is_how_much_is_spent_and_where_to_raise_it() {
        let own = budget(BudgetSubject::Account, None, 850_000_000);
        assert_eq!(
            budget_news(&own).as_deref(),
            Some("All your keys together: $0.85 of $1.00 is spent today.")
        );
        assert_eq!(title(&own.cause), "Budget nearly used up");
        assert_eq!(place(&own).1, "/settings/spending");
        let used_up = budget(BudgetSubject::Platform, None, 1_000_000_000);
        assert_eq!(title(&used_up.cause), "Budget used up");
        assert_eq!(place(&used_up).0, "Add a key of your own");
        let id = KeyId::make(Millis(1), &Zero);
        let of_key = budget(BudgetSubject::Key(id), key(""), 1);
        assert_eq!(whose(&of_key), "Unnamed key ··x3Fa, OpenAI");
        assert_eq!(place(&of_key).1, format!("/settings/keys#key-{id}"));
        assert!(budget_advice(BudgetSubject::Platform, Period::Day).contains("Use a key of your own"));
    }

    #[test]
    fn a_finding_brings_its_own_words_and_page() {
        let finding = Finding::new(Provider::OpenAi, Diagnosis::Invalid);
        let notice = Notice {
            id: "unusable".into(),
            key: key("Work"),
            cause: NoticeCause::Unusable { finding, since: None },
        };
        assert_eq!(title(&notice.cause), Diagnosis::Invalid.title());
        assert_eq!(page(&notice), None);
        assert_eq!(budget_news(&notice), None);
        let left = NanoDollars(1);
        let low = Notice {
            cause: NoticeCause::CreditLow { left },
            ..notice
        };
        assert!(page(&low).unwrap().href.ends_with("/billing"));
    }

    #[test]
    fn the_bell_counts_in_words() {
        assert_eq!(bell_label(0), "Notices: nothing needs your attention");
        assert_eq!(bell_label(1), "Notices: 1 needs your attention");
        assert_eq!(bell_label(2), "Notices: 2 need your attention");
    }
}
