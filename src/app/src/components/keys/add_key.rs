//! The form that adds a key. The key leaves the field the moment it is sent and is never shown again; it stands
//! in no storage of the browser. Without wasm the form posts to the same server function.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use marshmallow_core::{EndpointName, LIMITS, Provider};

use super::{
    board::{Board, FormPlace},
    life::{Chosen, LifeFields},
    progress::{AddProgress, Attempt},
    recognition::{self, Hint},
};
use crate::{
    api::keys::AddKey,
    components::account::Failure,
    state::handover::use_handover,
    ui::{
        Button, ButtonSize, ButtonType, ButtonVariant, FieldKind, Icon, IconName, SelectField, SelectOption,
        TextField, Tone, use_toasts,
    },
};

/// What is typed into the form.
#[derive(Clone, Copy)]
struct Typed {
    provider: RwSignal<String>,
    key: RwSignal<String>,
    label: RwSignal<String>,
    base_url: RwSignal<String>,
    endpoint: RwSignal<String>,
    life: Chosen,
}

impl Typed {
    fn chosen(self) -> Option<Provider> {
        self.provider.with(|slug| Provider::from_slug(slug))
    }

    /// What is sent. The key's field is empty afterwards, whatever the server will answer.
    fn take(self) -> AddKey {
        let key = self.key.get_untracked();
        self.key.set(String::new());
        AddKey {
            provider: self.provider.get_untracked(),
            key,
            label: self.label.get_untracked(),
            base_url: self.base_url.get_untracked(),
            endpoint: self.endpoint.get_untracked(),
            life: self.life.life.get_untracked(),
            until: self.life.until.get_untracked(),
        }
    }
}

/// What is wrong with the short name of a custom endpoint.
fn endpoint_error(typed: &str) -> Option<String> {
    if typed.is_empty() {
        return None;
    }
    match typed.parse::<EndpointName>() {
        Err(error) => Some(format!("Please {error}.")),
        Ok(name) if name.provider() != Provider::Custom => {
            Some(format!("{name} is taken by the provider itself."))
        }
        Ok(_) => None,
    }
}

const fn hint_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "text-good",
        Tone::Warning => "text-warning",
        Tone::Bad => "text-bad",
        Tone::Info => "text-info",
        Tone::Neutral => "text-soft",
    }
}

/// The form. In a provider's card it is set to that provider; above the cards a pasted key chooses.
#[component]
pub(super) fn AddKeyForm(
    /// Where it stands.
    place: FormPlace,
    board: Board,
) -> impl IntoView {
    let toasts = use_toasts();
    let longest = board.longest.get_value();
    let id = |field: &str| format!("{}-{field}", place.map_or("paste", Provider::slug));
    let typed = Typed {
        provider: RwSignal::new(place.map_or("", Provider::slug).to_owned()),
        key: RwSignal::new(String::new()),
        label: RwSignal::new(String::new()),
        base_url: RwSignal::new(String::new()),
        endpoint: RwSignal::new(String::new()),
        life: Chosen::longest(longest),
    };
    // The provider that was sent last, for the words of the steps.
    let asked = RwSignal::new(place.unwrap_or(Provider::Custom));
    let is_mine = move || board.sender.get() == place;

    if place.is_none() {
        let handover = use_handover();
        Effect::new(move |_| {
            if let Some(key) = handover.take_key() {
                typed.key.set(key.expose_secret().to_owned());
            }
        });
        Effect::new(move |_| {
            if let Some(owner) = typed.key.with(|key| recognition::owner(key)) {
                typed.provider.set(owner.slug().to_owned());
            }
        });
    }
    Effect::new(move |_| {
        if let (true, Some(Ok(added))) = (board.sender.get_untracked() == place, board.add.value().get()) {
            typed.provider.set(place.map_or("", Provider::slug).to_owned());
            typed.label.set(String::new());
            typed.base_url.set(String::new());
            typed.endpoint.set(String::new());
            typed.life.reset(longest);
            toasts.good(format!(
                "Your {} key ··{} is sealed and ready.",
                added.provider, added.last_four
            ));
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if board.add.pending().get_untracked() {
            return;
        }
        board.sender.set(place);
        asked.set(
            typed
                .provider
                .with_untracked(|slug| Provider::from_slug(slug))
                .unwrap_or(Provider::Custom),
        );
        board.add.dispatch(typed.take());
    };
    let hint = move || {
        let chosen = typed.chosen();
        typed
            .key
            .with(|key| recognition::hint(key, chosen))
            .map(|hint| view! { <HintLine hint=hint typed=typed/> })
    };
    let progress = move || {
        let attempt = match board.add.value().get() {
            _ if !is_mine() => return None,
            _ if board.add.pending().get() => Attempt::Running,
            None => return None,
            Some(Ok(_)) => Attempt::Stored,
            Some(Err(error)) => Attempt::Refused(error.0.code),
        };
        Some(view! { <AddProgress attempt=attempt provider=asked.get()/> })
    };
    let failure = move || {
        let is_settled = is_mine() && !board.add.pending().get();
        let error = board.add.value().get().filter(|_| is_settled)?.err()?;
        Some(view! { <Failure error=error/> })
    };
    let provider_field = match place {
        Some(_) => {
            view! { <input type="hidden" name="provider" value=move || typed.provider.get()/> }.into_any()
        }
        None => view! {
            <SelectField
                label="Provider"
                name="provider"
                options=provider_options()
                value=typed.provider
                hint="Set by itself when the key is recognised."
            />
        }
        .into_any(),
    };
    let needs_address = move || typed.chosen() == Some(Provider::Custom);
    let example = place.map_or("sk-…, AQ.… or any other", Provider::key_example);
    let (url_id, endpoint_id) = (id("base-url"), id("endpoint"));

    view! {
        <form method="post" action=AddKey::url() class="space-y-4" autocomplete="off" on:submit=submit>
            <div class="grid gap-4 sm:grid-cols-2">
                <div class="space-y-1.5 sm:col-span-2">
                    <TextField
                        label="Key"
                        name="key"
                        id=id("key")
                        kind=FieldKind::Password
                        value=typed.key
                        placeholder=example
                        autocomplete="off"
                        max_length=LIMITS.key_max_chars
                        mono=true
                        required=true
                    />
                    <div aria-live="polite" class="min-h-6 text-sm">{hint}</div>
                </div>
                {provider_field}
                <Show when=needs_address>
                    <TextField
                        label="Base URL"
                        name="base_url"
                        id=url_id.clone()
                        kind=FieldKind::Url
                        value=typed.base_url
                        placeholder="http://localhost:11434/v1"
                        hint="The only address that this key will be sent to."
                        mono=true
                        required=true
                    />
                    <TextField
                        label="Short name"
                        name="endpoint"
                        id=endpoint_id.clone()
                        value=typed.endpoint
                        placeholder="ollama"
                        hint="Stands before the slash of its models: ollama/llama."
                        error=Signal::derive(move || typed.endpoint.with(|name| endpoint_error(name)))
                        max_length=32_usize
                        mono=true
                        required=true
                    />
                </Show>
                <TextField
                    label="Label (optional)"
                    name="label"
                    id=id("label")
                    value=typed.label
                    placeholder="Work"
                    max_length=LIMITS.label_max_chars
                />
                <LifeFields chosen=typed.life longest=longest id=id("key")/>
            </div>
            <div aria-live="polite">{progress}</div>
            {failure}
            <Button
                kind=ButtonType::Submit
                variant=if place.is_none() { ButtonVariant::Primary } else { ButtonVariant::Secondary }
                loading=board.add.pending()
            >
                <Icon name=IconName::Lock/>
                "Check and seal"
            </Button>
        </form>
    }
}

/// The providers to choose from, after an empty choice.
fn provider_options() -> Vec<SelectOption> {
    let none = SelectOption {
        value: String::new(),
        label: "Choose a provider".to_owned(),
    };
    let all = Provider::ALL.into_iter().map(|provider| SelectOption {
        value: provider.slug().to_owned(),
        label: provider.name().to_owned(),
    });
    std::iter::once(none).chain(all).collect()
}

/// What is said about the typed key, and the button that puts it where it belongs.
#[component]
fn HintLine(hint: Hint, typed: Typed) -> impl IntoView {
    let icon = hint.tone.icon().unwrap_or(IconName::Info);
    view! {
        <p class=format!("flex flex-wrap items-center gap-2 {}", hint_class(hint.tone))>
            <Icon name=icon/>
            <span>{hint.text}</span>
            {hint
                .belongs_to
                .map(|owner| {
                    view! {
                        <Button
                            size=ButtonSize::Small
                            on_click=move |_| typed.provider.set(owner.slug().to_owned())
                        >
                            {format!("Add it to {owner}")}
                        </Button>
                    }
                })}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::endpoint_error;

    #[test]
    fn a_short_name_is_checked_while_it_is_typed() {
        assert_eq!(endpoint_error(""), None);
        assert_eq!(endpoint_error("ollama"), None);
        assert!(endpoint_error("My Server").unwrap().contains("lower-case"));
        assert!(endpoint_error("openai").unwrap().contains("taken"));
    }
}
