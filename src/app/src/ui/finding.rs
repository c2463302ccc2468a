//! What was found about a key or a failed turn, in the same words wherever it is shown: what it means, what to
//! do, until when, and the page at the provider that helps. It refuses to choose words: they stand in `core`.

use leptos::prelude::*;
use marshmallow_core::Finding;

use super::{Icon, IconName, IconSize, Moment};

/// A finding in words. The ground it stands on is the caller's.
#[component]
pub fn FindingNote(
    /// What was found.
    finding: Finding,
    /// What follows from it here, behind its meaning: "It was not stored."
    #[prop(optional, into)]
    consequence: Option<&'static str>,
) -> impl IntoView {
    let until = finding.until.map(|until| {
        view! { <p>"It serves again: " <Moment at=until/> "."</p> }
    });
    let link = finding.page().map(|page| {
        view! {
            <p>
                <a
                    href=page.href
                    class="link inline-flex items-center gap-1 pointer-coarse:min-h-11"
                    target="_blank"
                    rel="noopener noreferrer"
                >
                    {page.label}
                    <Icon name=IconName::ExternalLink size=IconSize::Small/>
                </a>
            </p>
        }
    });
    view! {
        <p class="font-semibold">
            {finding.meaning()} {consequence.map(|words| format!(" {words}"))}
        </p>
        <p>{finding.next_step()}</p>
        {until}
        {link}
    }
}
