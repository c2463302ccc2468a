//! The three steps of adding a key: recognised, asked, sealed. It refuses to pretend: a step is done when the
//! server has said so, and the server answers once, at the end.

use leptos::prelude::*;
use marshmallow_core::{ErrorCode, Provider};

use crate::ui::{Icon, IconName, IconSize, Spinner};

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The server is asking the provider.
    Running,
    /// Stored.
    Stored,
    /// Not stored, and why.
    Refused(ErrorCode),
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is done.
    Done,
    /// It is being done.
    Now,
    /// It comes about elsewhere, and is looked after from time to time.
    Waiting,
    /// It comes later.
    Later,
    /// It did not come about.
    Failed,
}

/// One step with its sign, which is spoken too.
#[component]
pub(super) fn StepItem(
    /// How it stands.
    step: Step,
    /// What it is.
    children: Children,
) -> impl IntoView {
    let (class, mark) = match step {
        Step::Done => (
            "text-good",
            view! { <Icon name=IconName::Check size=IconSize::Small/> }.into_any(),
        ),
        Step::Now => ("text-ink", view! { <Spinner/> }.into_any()),
        Step::Waiting => (
            "text-info",
            view! { <Icon name=IconName::Clock size=IconSize::Small/> }.into_any(),
        ),
        Step::Later => (
            "text-faint",
            view! { <span aria-hidden="true">"·"</span> }.into_any(),
        ),
        Step::Failed => (
            "text-bad",
            view! { <Icon name=IconName::Close size=IconSize::Small/> }.into_any(),
        ),
    };
    let spoken = match step {
        Step::Done => "done: ",
        Step::Now => "under way: ",
        Step::Waiting => "waiting: ",
        Step::Later => "not yet: ",
        Step::Failed => "failed: ",
    };
    view! {
        <li class=format!("flex items-center gap-1.5 {class}")>
            {mark} <span class="sr-only">{spoken}</span> {children()}
        </li>
    }
}

/// The state of the steps recognised, asked, sealed.
fn steps(attempt: Attempt) -> [Step; 3] {
    match attempt {
        Attempt::Running => [Step::Done, Step::Now, Step::Later],
        Attempt::Stored => [Step::Done, Step::Done, Step::Done],
        // What was refused before a provider was asked failed at the first step.
        Attempt::Refused(ErrorCode::InvalidInput | ErrorCode::KeyDuplicate) => {
            [Step::Failed, Step::Later, Step::Later]
        }
        Attempt::Refused(ErrorCode::Storage | ErrorCode::Internal) => [Step::Done, Step::Done, Step::Failed],
        Attempt::Refused(_) => [Step::Done, Step::Failed, Step::Later],
    }
}

/// The steps in words.
#[component]
pub(super) fn AddProgress(
    /// How far the attempt has come.
    attempt: Attempt,
    /// Who is asked.
    provider: Provider,
) -> impl IntoView {
    let asked = match (provider, attempt) {
        (Provider::Custom, Attempt::Running) => "asking your endpoint".to_owned(),
        (Provider::Custom, _) => "asked your endpoint".to_owned(),
        (_, Attempt::Running) => format!("asking {provider}"),
        _ => format!("asked {provider}"),
    };
    let words = ["recognised".to_owned(), asked, "sealed".to_owned()];
    let items = words
        .into_iter()
        .zip(steps(attempt))
        .map(|(words, step)| view! { <StepItem step=step>{words}</StepItem> })
        .collect_view();
    view! { <ol class="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">{items}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_only_when_it_is() {
        assert_eq!(steps(Attempt::Running), [Step::Done, Step::Now, Step::Later]);
        assert_eq!(steps(Attempt::Stored), [Step::Done; 3]);
        assert_eq!(
            steps(Attempt::Refused(ErrorCode::KeyRefused)),
            [Step::Done, Step::Failed, Step::Later]
        );
        assert_eq!(
            steps(Attempt::Refused(ErrorCode::KeyDuplicate)),
            [Step::Failed, Step::Later, Step::Later]
        );
    }
}
