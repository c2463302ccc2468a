//! The emergency card: all keys out of service at once, and afterwards where each was last used and where to revoke
//! it. It never acts before a choice was made in its dialog.

use leptos::prelude::*;
use marshmallow_core::KeySummary;

use super::{board::Board, help};
use crate::{
    api::{ApiError, removal::shut_all_keys},
    components::account::Failure,
    ui::{Button, ButtonVariant, Card, Dialog, Moment, Notice, Tone},
};

/// The card; nothing where there is no key and none was taken away.
#[component]
pub(super) fn EmergencyCard(board: Board) -> impl IntoView {
    let asks = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiError>);
    let report = RwSignal::new(None::<Report>);
    let shut = Action::new(move |&remove: &bool| async move {
        let answer = shut_all_keys(remove).await;
        asks.set(false);
        match answer {
            Ok(keys) => {
                failure.set(None);
                for key in &keys {
                    if remove {
                        board.take_away(key.id);
                    } else {
                        board.put(key.clone());
                    }
                }
                report.set(Some(Report { keys, remove }));
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let is_needed = Memo::new(move |_| board.has_keys() || report.with(Option::is_some));
    view! {
        <Show when=move || is_needed.get()>
            <Card title="Emergency">
                <p class="mb-4 max-w-measure text-sm text-soft">
                    "If your keys may be in wrong hands, take all of them out of service here at once. Running answers \
                    are stopped. You then see where each key was last used, and where to revoke it."
                </p>
                <Button variant=ButtonVariant::Danger on_click=move |_| asks.set(true)>
                    "Take all keys away"
                </Button>
                {move || failure.get().map(|error| view! { <div class="mt-4"><Failure error=error/></div> })}
                {move || report.get().map(|report| view! { <ReportView report=report/> })}
            </Card>
        </Show>
        <Dialog open=asks title="Take all your keys away?">
            <div class="space-y-3 text-sm text-soft">
                <p>"Either way, no key of yours serves a chat any more, and answers that are being written stop."</p>
                <p>"Switched off, they stay sealed here and can be switched on again one by one."</p>
                <p>"Removed, their sealed copies are deleted at once, and nothing brings them back."</p>
            </div>
            <div class="mt-6 flex flex-wrap justify-end gap-2">
                <Button on_click=move |_| asks.set(false)>"Leave them"</Button>
                <Button loading=shut.pending() on_click=move |_| { shut.dispatch(false); }>
                    "Switch all off"
                </Button>
                <Button
                    variant=ButtonVariant::Danger
                    loading=shut.pending()
                    on_click=move |_| { shut.dispatch(true); }
                >
                    "Remove all"
                </Button>
            </div>
        </Dialog>
    }
}

/// What was done, and with which keys.
#[derive(Debug, Clone)]
struct Report {
    keys: Vec<KeySummary>,
    remove: bool,
}

#[component]
fn ReportView(report: Report) -> impl IntoView {
    let rows = report
        .keys
        .iter()
        .map(|key| view! { <ReportRow key=key.clone()/> })
        .collect_view();
    view! {
        <div class="mt-4 space-y-4" aria-live="polite">
            <Notice tone=Tone::Good>
                <p>{headline(report.keys.len(), report.remove)}</p>
            </Notice>
            <ul class="divide-y divide-line">{rows}</ul>
        </div>
    }
}

#[component]
fn ReportRow(key: KeySummary) -> impl IntoView {
    let used = match key.last_used {
        Some(at) => view! { "last used " <Moment at=at/> }.into_any(),
        None => "never used here".into_any(),
    };
    let revoke = match key.provider.key_page() {
        Some(page) => view! {
            <a href=page class="link text-sm" target="_blank" rel="noopener noreferrer">
                {format!("Revoke it at {}", key.provider)}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="text-sm text-soft">
                "Revoke it at " <span class="font-mono break-all">{key.base_url.clone()}</span>
            </span>
        }
        .into_any(),
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3">
            <div class="min-w-0">
                <p class="text-sm">
                    <span class="font-medium break-words">{help::name(&key)}</span>
                    " "
                    <span class="font-mono text-soft">{format!("…{}", key.last_four)}</span>
                </p>
                <p class="text-xs text-soft">{used}</p>
            </div>
            {revoke}
        </li>
    }
}

/// What was done, in a sentence.
fn headline(count: usize, remove: bool) -> String {
    let keys = if count == 1 {
        "Your key is".to_owned()
    } else {
        format!("Your {count} keys are")
    };
    let done = if remove {
        "removed from this server"
    } else {
        "switched off"
    };
    format!("{keys} {done}, and running answers are stopped. Now revoke what may be in wrong hands:")
}

#[cfg(test)]
mod tests {
    use super::headline;

    #[test]
    fn the_headline_counts_and_says_what_was_done() {
        assert!(headline(1, true).starts_with("Your key is removed from this server, "));
        assert!(headline(3, false).starts_with("Your 3 keys are switched off, "));
    }
}
