//! Notices: what has to be known here and now, in place. They refuse to float and to vanish by themselves.

use leptos::prelude::*;

use super::{Icon, IconName, Tone};

const fn ground(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "border-good/30 bg-good-soft",
        Tone::Warning => "border-warning/30 bg-warning-soft",
        Tone::Bad => "border-bad/30 bg-bad-soft",
        Tone::Info => "border-info/30 bg-info-soft",
        Tone::Neutral => "border-line bg-sunken",
    }
}

const fn icon_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "text-good",
        Tone::Warning => "text-warning",
        Tone::Bad => "text-bad",
        Tone::Info => "text-info",
        Tone::Neutral => "text-soft",
    }
}

/// A notice in place. What is wrong is announced at once, everything else when the reader pauses.
#[component]
pub fn Notice(
    /// What it says beside its words.
    #[prop(optional)]
    tone: Tone,
    /// Its first line.
    #[prop(optional, into)]
    title: Option<String>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    let icon = tone.icon().unwrap_or(IconName::Info);
    view! {
        <div role=role class=format!("flex gap-3 rounded-md border p-3 text-sm text-ink {}", ground(tone))>
            <span class=format!("mt-0.5 {}", icon_class(tone))>
                <Icon name=icon/>
            </span>
            <div class="min-w-0 flex-1 space-y-1 break-words">
                {title.map(|title| view! { <p class="font-semibold">{title}</p> })} {children()}
            </div>
        </div>
    }
}
