//! The later steps of replacing a key: the old one drains, is revoked at its provider, and is watched until it is dead.
//! All of it stands in rows, so it is there again after a reload. It never has the key itself.

use std::time::Duration;

use leptos::{html, leptos_dom::helpers::set_timeout_with_handle, prelude::*, task::spawn_local};
use marshmallow_core::{KeyId, KeySummary, Proof, Provider, ProviderCard, Replaced};

use super::{
    board::Board,
    progress::{Step, StepItem},
    remove::RemoveKey,
};
use crate::{
    api::{
        ApiError,
        keys::key_cards,
        replace::{check_replaced_key, take_key_back},
    },
    components::account::Failure,
    ui::{Badge, Button, ButtonSize, Icon, IconName, IconSize, Moment},
};

/// How often the cards are asked for anew while an answer still uses an old key.
const DRAINING: Duration = Duration::from_secs(2);

/// How the last step stands, and what is said of it.
fn fate(proof: Proof, is_watched: bool, provider: Provider) -> (Step, String) {
    match (proof, is_watched) {
        (Proof::Dead, _) => (
            Step::Waiting,
            format!("{provider} refused the old key in a chat. A check will settle it."),
        ),
        (Proof::Alive, true) => (
            Step::Waiting,
            format!("The old key still works: {provider} accepts it. It is checked again by itself."),
        ),
        (Proof::Alive, false) => (
            Step::Failed,
            format!("The old key still works, a week after it was replaced. Revoke it at {provider}, then check it."),
        ),
        (Proof::Nothing, true) => (
            Step::Waiting,
            "Not known yet whether the old key still works. It is checked by itself for a week.".to_owned(),
        ),
        (Proof::Nothing, false) => (
            Step::Failed,
            "It could not be found out whether the old key still works. Check it again, or remove it.".to_owned(),
        ),
        (Proof::Impossible, _) => (
            Step::Later,
            "The old key cannot be verified here: this server accepts any key. Remove it once it is revoked there."
                .to_owned(),
        ),
    }
}

/// The replaced keys of a provider; nothing where there is none.
#[component]
pub(super) fn ReplacedKeys(provider: Provider, board: Board) -> impl IntoView {
    let ids = Memo::new(move |_| board.replaced_of(provider));
    follow_draining(provider, board);
    view! {
        <Show when=move || { !ids.read().is_empty() }>
            <div class="mt-5 border-t border-line pt-4">
                <h3 class="text-sm font-semibold">"Replaced keys"</h3>
                <ul class="divide-y divide-line">
                    <For each=move || ids.get() key=|id| *id let:id>
                        <ReplacedKey id=id board=board/>
                    </For>
                </ul>
            </div>
        </Show>
    }
}

/// Asks for the cards from time to time until no answer uses an old key of this provider any more.
fn follow_draining(provider: Provider, board: Board) {
    Effect::new(move |_| {
        if !board.cards.with(|cards| is_draining(cards, provider)) {
            return;
        }
        let ask = move || {
            spawn_local(async move {
                if let Ok(cards) = key_cards().await {
                    // The page may have been left meanwhile.
                    board.cards.try_set(cards);
                }
            });
        };
        if let Ok(timer) = set_timeout_with_handle(ask, DRAINING) {
            on_cleanup(move || timer.clear());
        }
    });
}

fn is_draining(cards: &[ProviderCard], provider: Provider) -> bool {
    let of_provider = cards.iter().filter(|card| card.provider == provider);
    of_provider
        .flat_map(|card| &card.keys)
        .any(|key| key.replaced.is_some_and(|replaced| replaced.is_draining))
}

#[component]
fn ReplacedKey(id: KeyId, board: Board) -> impl IntoView {
    let key = Memo::new(move |_| board.key(id));
    let node = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if let (Some(heading), true) = (node.get(), board.just_replaced.get_untracked() == Some(id)) {
            board.just_replaced.set(None);
            // Fails only when the element has left the page.
            let _ = heading.focus();
        }
    });
    // The row leaves the page together with its key, so its buttons are made from the key it began with.
    let first = key.get_untracked()?;
    let (last_four, since) = (first.last_four.clone(), first.replaced?.at);
    let steps = move || {
        let key = key.get()?;
        let replaced = key.replaced?;
        Some(view! { <Steps key=key replaced=replaced/> })
    };
    Some(view! {
        <li class="space-y-3 py-4">
            <p node_ref=node tabindex="-1" class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                <span class="font-mono">{format!("…{last_four}")}</span>
                <Badge>"Replaced"</Badge>
                <Moment at=since/>
            </p>
            {steps}
            <ReplacedActions key=first board=board/>
        </li>
    })
}

#[component]
fn Steps(key: KeySummary, replaced: Replaced) -> impl IntoView {
    let drains = if replaced.is_draining {
        (
            Step::Now,
            "An answer is still being written with the old key; it is finished with it.",
        )
    } else {
        (Step::Done, "No answer uses the old key.")
    };
    let proof = Proof::since(replaced.at, key.last_validated, key.status);
    let (step, words) = fate(proof, replaced.next_check.is_some(), key.provider);
    let checked = key
        .last_validated
        .filter(|at| *at > replaced.at)
        .map(|at| view! { " Checked " <Moment at=at/> "." });
    let next = replaced
        .next_check
        .map(|at| view! { " Next check " <Moment at=at/> "." });
    view! {
        <ol class="space-y-1.5 text-sm">
            <StepItem step=Step::Done>
                <span class="min-w-0 text-ink">"The new key was checked and has taken over."</span>
            </StepItem>
            <StepItem step=drains.0>
                <span class="min-w-0 text-ink">{drains.1}</span>
            </StepItem>
            <StepItem step=Step::Waiting>
                <span class="min-w-0 text-ink">{revoke(&key)}</span>
            </StepItem>
            <StepItem step=step>
                <span class="min-w-0 text-ink" role="status">
                    {words} {checked} {next}
                </span>
            </StepItem>
        </ol>
    }
}

/// Where the old key is to be revoked.
fn revoke(key: &KeySummary) -> impl IntoView + use<> {
    match key.provider.key_page() {
        Some(page) => view! {
            <a
                href=page
                class="link inline-flex items-center gap-1 pointer-coarse:min-h-11"
                target="_blank"
                rel="noopener noreferrer"
            >
                {format!("Revoke the old key at {}", key.provider)}
                <Icon name=IconName::ExternalLink size=IconSize::Small/>
            </a>
        }
        .into_any(),
        None => view! {
            "Revoke the old key at "
            <span class="font-mono break-all">{key.base_url.clone()}</span>
        }
        .into_any(),
    }
}

/// Check, return and removal of a replaced key.
#[component]
fn ReplacedActions(key: KeySummary, board: Board) -> impl IntoView {
    let (id, last_four) = (key.id, key.last_four.clone());
    let failure = RwSignal::new(None::<ApiError>);
    let settle = move |answer: Result<Vec<ProviderCard>, ApiError>| match answer {
        Ok(cards) => {
            failure.set(None);
            board.cards.set(cards);
            true
        }
        Err(error) => {
            failure.set(Some(error));
            false
        }
    };
    let check = Action::new(move |&(): &()| async move {
        if settle(check_replaced_key(id).await) && board.key(id).is_none() {
            board
                .toasts
                .good("The old key no longer works. Its sealed copy is deleted.");
        }
    });
    let back = Action::new(move |&(): &()| async move {
        if settle(take_key_back(id).await) {
            board.toasts.good("The key is in use again.");
        }
    });
    view! {
        <div class="flex flex-wrap items-center gap-2">
            <Button
                size=ButtonSize::Small
                label=format!("Check the replaced key …{last_four} now")
                loading=check.pending()
                on_click=move |_| { check.dispatch(()); }
            >
                <Icon name=IconName::Retry/>
                "Check now"
            </Button>
            <Button
                size=ButtonSize::Small
                label=format!("Take the replaced key …{last_four} back into use")
                loading=back.pending()
                on_click=move |_| { back.dispatch(()); }
            >
                "Take it back"
            </Button>
            <RemoveKey key=key board=board failure=failure/>
        </div>
        {move || failure.get().map(|error| view! { <div class="w-full"><Failure error=error/></div> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_says_what_is_known_and_no_more() {
        let said = |proof, is_watched| fate(proof, is_watched, Provider::OpenAi);
        let (step, words) = said(Proof::Alive, false);
        assert_eq!(step, Step::Failed);
        assert!(words.starts_with("The old key still works"), "{words}");
        let (step, words) = said(Proof::Nothing, true);
        assert_eq!(step, Step::Waiting);
        assert!(words.starts_with("Not known yet"), "{words}");
        assert_eq!(said(Proof::Nothing, false).0, Step::Failed);
        assert!(
            said(Proof::Impossible, false)
                .1
                .contains("cannot be verified here")
        );
        for (proof, is_watched) in [
            (Proof::Alive, true),
            (Proof::Impossible, false),
            (Proof::Dead, true),
        ] {
            assert_ne!(
                said(proof, is_watched).0,
                Step::Done,
                "only a removed row is done"
            );
        }
    }
}
