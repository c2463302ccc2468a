//! The choice of the theme. Which one is shown is known only to the browser, so it is marked after hydration.

use leptos::prelude::*;

use crate::{
    state::theme::Theme,
    ui::{Card, Icon, IconName},
};

const fn icon(theme: Theme) -> IconName {
    match theme {
        Theme::System => IconName::Monitor,
        Theme::Light => IconName::Sun,
        Theme::Dark => IconName::Moon,
    }
}

/// The card with the three themes.
#[component]
pub fn Appearance() -> impl IntoView {
    let chosen = RwSignal::new(None);
    Effect::new(move |_| chosen.set(Some(Theme::shown())));
    let option = move |theme: Theme| {
        view! {
            <label class="flex cursor-pointer items-center justify-center gap-2 rounded-md border border-line px-3 py-2.5 \
            text-sm font-medium text-soft hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft \
            has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 \
            has-focus-visible:outline-accent">
                <input
                    type="radio"
                    name="theme"
                    class="sr-only"
                    value=theme.slug()
                    prop:checked=move || chosen.get() == Some(theme)
                    on:change=move |_| {
                        theme.apply();
                        chosen.set(Some(theme));
                    }
                />
                <Icon name=icon(theme)/>
                {theme.title()}
            </label>
        }
    };
    view! {
        <Card title="Appearance">
            <fieldset>
                <legend class="sr-only">"Theme"</legend>
                <div class="grid gap-2 sm:grid-cols-3">{Theme::ALL.map(option).collect_view()}</div>
            </fieldset>
        </Card>
    }
}
