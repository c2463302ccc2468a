//! One notice: what it is about, what to do, where, and the button that puts it away. It refuses to choose words.

use leptos::prelude::*;
use marshmallow_core::{Notice, NoticeCause};

use super::words::{budget_advice, page, place, spent, title, tone, whose};
use crate::{
    state::notices::Bell,
    ui::{Badge, ButtonSize, FindingNote, Icon, IconButton, IconName, IconSize, Moment},
};

/// A notice in a list.
#[component]
pub(super) fn NoticeItem(notice: Notice, bell: Bell) -> impl IntoView {
    let name = whose(&notice);
    let badge = title(&notice.cause);
    let (link, href) = place(&notice);
    let page = page(&notice).map(|page| {
        view! {
            <a
                href=page.href
                class="link inline-flex items-center gap-1 pointer-coarse:min-h-11"
                target="_blank"
                rel="noopener noreferrer"
            >
                {page.label}
                <Icon name=IconName::ExternalLink size=IconSize::Small/>
            </a>
        }
    });
    let label = format!("Put away: {name}, {}", badge.to_lowercase());
    let id = notice.id.clone();
    view! {
        <li class="flex items-start gap-2 py-4 first:pt-0 last:pb-0">
            <div class="min-w-0 flex-1 space-y-1 text-sm">
                <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <Badge tone=tone(notice.urgency())>{badge}</Badge>
                    <span class="font-medium break-words">{name}</span>
                </p>
                <Facts cause=notice.cause/>
                <p class="flex flex-wrap items-center gap-x-4">
                    // `external` lets the browser itself find the place, once the page is there as a whole.
                    <a
                        href=href
                        rel="external"
                        class="link inline-flex items-center pointer-coarse:min-h-11"
                        on:click=move |_| bell.is_open.set(false)
                    >
                        {link}
                    </a>
                    {page}
                </p>
            </div>
            <IconButton
                icon=IconName::Close
                label=label
                size=ButtonSize::Small
                on_click=move |_| bell.dismiss(id.clone())
            />
        </li>
    }
}

/// What is the matter, and what to do.
#[component]
fn Facts(cause: NoticeCause) -> impl IntoView {
    match cause {
        NoticeCause::Unusable { finding, since } => {
            let since =
                since.map(|since| view! { <p class="text-xs text-soft">"Found " <Moment at=since/></p> });
            view! { <FindingNote finding=finding/> {since} }.into_any()
        }
        NoticeCause::Expires { at } => view! {
            <p class="font-semibold">"Its time limit ends " <Moment at=at/> "."</p>
            <p>"Extend it, or add a new key in time."</p>
        }
        .into_any(),
        NoticeCause::CreditLow { left } => view! {
            <p class="font-semibold">{format!("{left} is left to spend, by the provider's word.")}</p>
            <p>"Add credit, or raise the key's limit there."</p>
        }
        .into_any(),
        NoticeCause::Budget {
            subject,
            period,
            allowance,
        } => view! {
            <p class="font-semibold tabular-nums">{spent(period, &allowance)}</p>
            <p>{budget_advice(subject, period)}</p>
        }
        .into_any(),
        NoticeCause::Old { since } => view! {
            <p class="font-semibold">"It was stored " <Moment at=since/> "."</p>
            <p>"Make a new key at the provider, add it here, and remove this one in both places."</p>
        }
        .into_any(),
    }
}
