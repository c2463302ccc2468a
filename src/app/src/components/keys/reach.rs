//! Which models a key can call: how many at once, and their names when somebody opens the list and searches it.
//! The names are fetched when they are asked for, since some lists are hundreds long.

use leptos::prelude::*;
use marshmallow_core::KeyId;

use crate::{
    api::{ApiError, keys},
    components::account::Failure,
    format::counted,
    ui::{Button, ButtonSize, ButtonVariant, Icon, IconName, IconSize, Spinner, TextField},
};

/// Names shown at once; more are found by searching.
const SHOWN: usize = 50;

/// The names that hold every word of `search`, in any case, and how many more there are than are shown.
fn matching(names: &[String], search: &str) -> (Vec<String>, usize) {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let all: Vec<&String> = names
        .iter()
        .filter(|name| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        })
        .collect();
    let more = all.len().saturating_sub(SHOWN);
    (all.into_iter().take(SHOWN).cloned().collect(), more)
}

/// The count of models, which opens the list.
#[component]
pub(super) fn Reach(
    /// The key.
    id: KeyId,
    /// How many models its endpoint listed.
    count: u32,
    /// What people call the key.
    name: String,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let names = RwSignal::new(None::<Result<Vec<String>, ApiError>>);
    let load = Action::new(move |&(): &()| async move { names.set(Some(keys::key_models(id).await)) });
    let toggle = move |_| {
        is_open.update(|is_open| *is_open = !*is_open);
        let is_missing = names.with_untracked(|names| !matches!(names, Some(Ok(_))));
        if is_open.get_untracked() && is_missing {
            load.dispatch(());
        }
    };
    let label = counted(count.into(), "model", "models");
    let spoken = format!("Models that {name} can call");
    view! {
        <div class="space-y-2">
            // Its words stand in line with those of the rows below.
            <div class="-ml-3">
                <Button
                    size=ButtonSize::Small
                    variant=ButtonVariant::Quiet
                    on_click=toggle
                >
                    <Icon name=IconName::Layers size=IconSize::Small/>
                    {move || if is_open.get() { format!("Hide {label}") } else { format!("Can call {label}") }}
                    <span class="sr-only">{format!(" with {name}")}</span>
                </Button>
            </div>
            <Show when=move || is_open.get()>
                {
                    let spoken = spoken.clone();
                    move || match names.get() {
                        None => view! { <Spinner/> }.into_any(),
                        Some(Err(error)) => view! {
                            <Failure error=error retry=move |()| { load.dispatch(()); }/>
                        }
                        .into_any(),
                        Some(Ok(names)) => {
                            view! { <Names id=id names=names spoken=spoken.clone()/> }.into_any()
                        }
                    }
                }
            </Show>
        </div>
    }
}

/// The names, and the field that searches them.
#[component]
fn Names(id: KeyId, names: Vec<String>, spoken: String) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| matching(&names, &search.read()));
    let none_left = move || found.with(|(shown, _)| shown.is_empty());
    view! {
        <div class="space-y-3 rounded-md bg-sunken p-3">
            <TextField label="Search these models" name="search" id=format!("models-{id}") value=search/>
            <ul aria-label=spoken tabindex="0" class="max-h-64 overflow-y-auto font-mono text-xs">
                <For each=move || found.get().0 key=Clone::clone let:name>
                    <li class="py-1 [overflow-wrap:anywhere]">{name.clone()}</li>
                </For>
            </ul>
            <p role="status" class="text-xs text-soft">
                {move || match found.get().1 {
                    _ if none_left() => "No model has these words in its name.".to_owned(),
                    0 => String::new(),
                    more => format!("{more} more: search to find them."),
                }}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_word_of_the_search_has_to_be_in_the_name() {
        let all = names(&["openai/gpt-5-mini", "openai/gpt-5", "anthropic/claude"]);
        assert_eq!(matching(&all, "").0.len(), 3);
        assert_eq!(matching(&all, " GPT mini ").0, ["openai/gpt-5-mini"]);
        assert_eq!(matching(&all, "gemini"), (vec![], 0));
    }

    #[test]
    fn a_long_list_is_cut_and_says_by_how_much() {
        let all: Vec<String> = (0..70).map(|number| format!("model-{number}")).collect();
        let (shown, more) = matching(&all, "");
        assert_eq!((shown.len(), more), (SHOWN, 20));
    }
}
