//! What the list is filtered by, and what people can choose from. Pure but for the signals that hold the choice.

use leptos::prelude::*;
use marshmallow_core::{AuditDetail, AuditKind, AuditLine, KeySummary, ProviderCard};
use serde::{Deserialize, Serialize};

use crate::ui::SelectOption;

/// The choice in words, as forms and addresses carry it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Choice {
    /// Whether everyone's entries are asked for.
    pub everyone: bool,
    /// The slug of a kind, or nothing.
    pub kind: String,
    /// A key's id, or nothing.
    pub key: String,
    /// How many days back; 0 for any time.
    pub days: u32,
}

impl Choice {
    /// Whether anything is left out.
    pub fn is_narrow(&self) -> bool {
        !self.kind.is_empty() || !self.key.is_empty() || self.days > 0
    }

    /// Where the CSV file of it is. What stands in it needs no escaping: slugs, ids and numbers.
    pub fn csv(&self) -> String {
        format!(
            "/download/activity.csv?everyone={}&kind={}&key={}&days={}",
            self.everyone, self.kind, self.key, self.days
        )
    }

    /// Where the JSON file is, which holds whole chains whatever the filter is.
    pub fn json(&self) -> String {
        format!("/download/activity.json?everyone={}", self.everyone)
    }
}

/// The fields of the filter.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub whose: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub key: RwSignal<String>,
    pub days: RwSignal<String>,
}

impl Fields {
    pub fn new() -> Self {
        let field = || RwSignal::new(String::new());
        Self {
            whose: field(),
            kind: field(),
            key: field(),
            days: field(),
        }
    }

    /// What is chosen now.
    pub fn choice(self) -> Choice {
        Choice {
            everyone: self.whose.get() == "everyone",
            kind: self.kind.get(),
            key: self.key.get(),
            days: self.days.get().parse().unwrap_or_default(),
        }
    }

    /// Shows everything again.
    pub fn clear(self) {
        for field in [self.kind, self.key, self.days] {
            field.set(String::new());
        }
    }
}

fn option(value: impl Into<String>, label: impl Into<String>) -> SelectOption {
    SelectOption {
        value: value.into(),
        label: label.into(),
    }
}

pub(super) fn whose_options() -> Vec<SelectOption> {
    vec![option("", "My own"), option("everyone", "Everyone's")]
}

pub(super) fn kind_options() -> Vec<SelectOption> {
    let kinds = AuditKind::ALL.map(|kind| option(kind.slug(), kind.title()));
    [option("", "Everything")].into_iter().chain(kinds).collect()
}

pub(super) fn time_options() -> Vec<SelectOption> {
    vec![
        option("", "Any time"),
        option("1", "Last 24 hours"),
        option("7", "Last 7 days"),
        option("30", "Last 30 days"),
        option("90", "Last 90 days"),
    ]
}

/// The person's keys, and behind them those that only entries still know.
pub(super) fn key_options(cards: &[ProviderCard], lines: &[AuditLine]) -> Vec<SelectOption> {
    let mut options = vec![option("", "All keys")];
    let keys = cards.iter().flat_map(|card| &card.keys);
    options.extend(keys.map(|key| option(key.id.to_string(), stored_name(key))));
    for line in lines {
        let (Some(id), Some(name)) = (&line.subject, key_name(&line.detail)) else {
            continue;
        };
        let is_nameless = line.detail.last_four.is_none();
        if !is_nameless && !options.iter().any(|known| known.value == *id) {
            options.push(option(id.clone(), format!("{name} (no longer stored)")));
        }
    }
    options
}

fn stored_name(key: &KeySummary) -> String {
    let detail = AuditDetail {
        provider: Some(key.provider),
        label: (!key.label.is_empty()).then(|| key.label.clone()),
        last_four: Some(key.last_four.clone()),
        ..AuditDetail::default()
    };
    key_name(&detail).unwrap_or_default()
}

/// A key in a few words: `OpenAI · Work ··x3Fa`; none where the entry names no provider.
pub(super) fn key_name(detail: &AuditDetail) -> Option<String> {
    let mut name = detail.provider?.to_string();
    if let Some(label) = &detail.label {
        name = format!("{name} · {label}");
    }
    if let Some(last_four) = &detail.last_four {
        name = format!("{name} ··{last_four}");
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{AuditCursor, Millis, Provider};

    use super::*;

    #[test]
    fn addresses_of_downloads_carry_the_choice() {
        let choice = Choice {
            everyone: true,
            kind: "key".into(),
            key: "abc".into(),
            days: 7,
        };
        assert_eq!(
            choice.csv(),
            "/download/activity.csv?everyone=true&kind=key&key=abc&days=7"
        );
        assert_eq!(choice.json(), "/download/activity.json?everyone=true");
        assert!(choice.is_narrow() && !Choice::default().is_narrow());
    }

    #[test]
    fn removed_keys_can_be_chosen_once_and_refused_ones_cannot() {
        let line = |subject: &str, last_four: Option<&str>| AuditLine {
            cursor: AuditCursor {
                at: Millis(1),
                seq: 1,
                chain: "x".into(),
            },
            action: "key.remove".into(),
            subject: Some(subject.into()),
            detail: AuditDetail {
                provider: Some(Provider::OpenAi),
                label: Some("Work".into()),
                last_four: last_four.map(str::to_owned),
                ..AuditDetail::default()
            },
            person: None,
        };
        let lines = [line("a", Some("x3Fa")), line("a", Some("x3Fa")), line("b", None)];
        let labels: Vec<_> = key_options(&[], &lines)
            .into_iter()
            .map(|option| option.label)
            .collect();
        assert_eq!(labels, ["All keys", "OpenAI · Work ··x3Fa (no longer stored)"]);
    }
}
