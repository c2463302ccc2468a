//! One provider's card: where its keys come from, the person's keys, and the form for another one.

use leptos::prelude::*;
use marshmallow_core::Provider;

use super::{add_key::AddKeyForm, board::Board, key_row::KeyRow, replaced::ReplacedKeys};
use crate::{
    format::counted,
    ui::{Badge, Card, Disclosure, Icon, IconName, IconSize},
};

/// A line that says what a provider's keys look like and where they are sent.
fn description(provider: Provider, base_url: Option<&str>) -> String {
    match (provider, base_url) {
        (Provider::Custom, _) => {
            "Any server that speaks OpenAI's language: Ollama, vLLM, llama.cpp, LM Studio and \
                                  others. Each key is sent to the address that you give with it."
                .to_owned()
        }
        (_, Some(address)) => format!(
            "Keys look like {} and are sent to {address} only.",
            provider.key_example()
        ),
        (_, None) => format!("Keys look like {}", provider.key_example()),
    }
}

/// A provider's card.
#[component]
pub(super) fn ProviderSection(provider: Provider, board: Board) -> impl IntoView {
    let base_url = board.cards.with_untracked(|cards| {
        cards
            .iter()
            .find(|card| card.provider == provider)
            .and_then(|card| card.base_url.clone())
    });
    let count = Memo::new(move |_| board.ids_of(provider).len());
    let words = move || match count.get() {
        0 => "No key".to_owned(),
        count => counted(count as u64, "key", "keys"),
    };
    // The card draws it once; its words follow the count.
    let badge = move || view! { <Badge>{words}</Badge> };
    let title = if provider == Provider::Custom {
        "Custom endpoints"
    } else {
        provider.name()
    };
    let link = provider.key_page().map(|page| {
        view! {
            <a
                href=page
                class="link inline-flex items-center gap-1 whitespace-nowrap"
                target="_blank"
                rel="noopener noreferrer"
            >
                "Where do I get one?"
                <Icon name=IconName::ExternalLink size=IconSize::Small/>
            </a>
        }
    });
    view! {
        <Card title=title aside=badge>
            <p class="text-sm break-words text-soft">{description(provider, base_url.as_deref())} " " {link}</p>
            <Show when=move || { count.get() > 0 }>
                <Show when=move || { count.get() > 1 }>
                    <p class="mt-4 text-sm text-soft">
                        "Chats take the first key that can serve. Drag a key to another place, or move it with its arrows."
                    </p>
                </Show>
                <p class="sr-only" role="status">{move || board.announcement.get()}</p>
                <ul class="mt-5 divide-y divide-line border-t border-line pt-4">
                    <For each=move || board.ids_of(provider) key=|id| *id let:id>
                        <KeyRow id=id board=board/>
                    </For>
                </ul>
            </Show>
            <ReplacedKeys provider=provider board=board/>
            <div class="mt-4 border-t border-line pt-4">
                <Disclosure summary=move || {
                    view! {
                        <span class="font-medium text-ink">
                            {if provider == Provider::Custom { "Add an endpoint" } else { "Add a key" }}
                        </span>
                    }
                }>
                    <AddKeyForm place=Some(provider) board=board/>
                </Disclosure>
            </div>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_where_their_key_is_sent() {
        let told = description(Provider::Anthropic, Some("https://api.anthropic.com"));
        assert_eq!(
            told,
            "Keys look like sk-ant-api03-… and are sent to https://api.anthropic.com only."
        );
        assert!(description(Provider::Custom, None).contains("the address that you give"));
    }
}
