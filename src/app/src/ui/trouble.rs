//! An error with what was found, where something was: the words of the diagnosis, until when, and the page that helps.
//! The pages before the door get along with `ErrorNotice` and do not download these words.

use leptos::prelude::*;
use marshmallow_core::{ErrorCode, Finding, PublicError};

use super::{ErrorAction, ErrorNotice, FindingNote};

/// An error in place, with its finding.
#[component]
pub fn Trouble(
    /// What happened.
    error: PublicError,
    /// The one button that does the next step.
    #[prop(optional, into)]
    action: Option<ErrorAction>,
) -> impl IntoView {
    let words = error.finding.map(|finding| {
        if error.code == ErrorCode::KeyRefused {
            return view! { <FindingNote finding=finding consequence="It was not stored."/> }.into_any();
        }
        let more = beyond(&finding, &error.next_step).map(|more| view! { <p>{more.to_owned()}</p> });
        view! { <FindingNote finding=finding/> {more} }.into_any()
    });
    view! { <ErrorNotice error=error nostrip:action=action nostrip:words=words/> }
}

/// What an error's next step says beyond that of its finding.
fn beyond<'a>(finding: &Finding, next_step: &'a str) -> Option<&'a str> {
    let more = next_step.strip_prefix(&finding.next_step())?.trim();
    (!more.is_empty()).then_some(more)
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Diagnosis, Provider};

    use super::*;

    #[test]
    fn what_is_said_beyond_the_finding_is_kept_and_nothing_is_said_twice() {
        let finding = Finding::new(Provider::OpenAi, Diagnosis::NoCredit);
        let own = finding.next_step();
        assert_eq!(beyond(&finding, &own), None);
        assert_eq!(beyond(&finding, &format!("{own} Or ask.")), Some("Or ask."));
    }
}
