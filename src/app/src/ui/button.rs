//! Buttons, and links that look like them. They refuse to know what they do.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, IconName, IconSize, Spinner};

/// How much a button asks for attention. A view has one primary action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonVariant {
    /// The one action of the view.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action that stays in the background until it is needed.
    Quiet,
    /// An action that destroys something.
    Danger,
}

/// How large a button is. Both grow to 44 pixels where the pointer is a finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonSize {
    /// 32 pixels high, in rows and toolbars.
    Small,
    /// 40 pixels high.
    #[default]
    Medium,
}

/// What a button is to the form around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonType {
    /// Nothing.
    #[default]
    Button,
    /// It sends the form.
    Submit,
}

const BASE: &str = "inline-flex items-center justify-center gap-2 rounded-md border font-medium \
     whitespace-nowrap select-none transition-colors cursor-pointer pointer-coarse:min-h-11 \
     disabled:cursor-not-allowed disabled:border-transparent disabled:text-faint aria-disabled:cursor-progress";
const SMALL: &str = "h-8 px-3 text-sm";
const MEDIUM: &str = "h-10 px-4 text-sm";
const SMALL_SQUARE: &str = "size-8 pointer-coarse:min-w-11 text-sm";
const MEDIUM_SQUARE: &str = "size-10 pointer-coarse:min-w-11 text-base";

impl ButtonVariant {
    const fn class(self) -> &'static str {
        match self {
            ButtonVariant::Primary => {
                "border-transparent bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong \
                 disabled:bg-sunken"
            }
            ButtonVariant::Secondary => {
                "border-line bg-surface text-ink hover:bg-sunken hover:border-strong active:bg-sunken disabled:bg-sunken"
            }
            ButtonVariant::Quiet => {
                "border-transparent text-soft hover:bg-sunken hover:text-ink active:bg-sunken disabled:bg-transparent \
                 disabled:opacity-60"
            }
            ButtonVariant::Danger => {
                "border-transparent bg-bad text-on-bad hover:bg-bad-strong active:bg-bad-strong disabled:bg-sunken"
            }
        }
    }
}

impl ButtonSize {
    const fn class(self) -> &'static str {
        match self {
            ButtonSize::Small => SMALL,
            ButtonSize::Medium => MEDIUM,
        }
    }

    const fn square_class(self) -> &'static str {
        match self {
            ButtonSize::Small => SMALL_SQUARE,
            ButtonSize::Medium => MEDIUM_SQUARE,
        }
    }
}

impl ButtonType {
    const fn word(self) -> &'static str {
        match self {
            ButtonType::Button => "button",
            ButtonType::Submit => "submit",
        }
    }
}

/// Lets a click through unless the button is busy; a busy button keeps the focus that `disabled` would lose.
fn click(event: MouseEvent, loading: Signal<bool>, on_click: Option<Callback<MouseEvent>>) {
    if loading.get_untracked() {
        event.prevent_default();
    } else if let Some(on_click) = on_click {
        on_click.run(event);
    }
}

/// A button with words.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    variant: ButtonVariant,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Whether it cannot be used now; say beside it why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether its action is under way: it shows a spinner and takes no click.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// What it is to the form around it.
    #[prop(optional)]
    kind: ButtonType,
    /// Whether it takes the whole width.
    #[prop(optional)]
    wide: bool,
    /// Words for screen readers, where those inside do not say enough.
    #[prop(optional, into)]
    label: Option<String>,
    /// What it does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// Its words, and perhaps an icon before them.
    children: Children,
) -> impl IntoView {
    let width = if wide { " w-full" } else { "" };
    view! {
        <button
            type=kind.word()
            class=format!("{BASE} {} {}{width}", size.class(), variant.class())
            disabled=move || disabled.get()
            aria-disabled=move || loading.get().then_some("true")
            aria-busy=move || loading.get().then_some("true")
            aria-label=label
            on:click=move |event| click(event, loading, on_click)
        >
            <Show when=move || loading.get()>
                <Spinner/>
            </Show>
            {children()}
        </button>
    }
}

/// A button that is an icon; its words are for screen readers and for the pointer that waits.
#[component]
pub fn IconButton(
    /// What is drawn.
    icon: IconName,
    /// What it does, in words.
    #[prop(into)]
    label: Signal<String>,
    /// How much it asks for attention.
    #[prop(default = ButtonVariant::Quiet)]
    variant: ButtonVariant,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether its action is under way.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// What it is to the form around it.
    #[prop(optional)]
    kind: ButtonType,
    /// What it does.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let icon_size = if size == ButtonSize::Small {
        IconSize::Small
    } else {
        IconSize::Medium
    };
    view! {
        <button
            type=kind.word()
            class=format!("{BASE} {} {}", size.square_class(), variant.class())
            disabled=move || disabled.get()
            aria-disabled=move || loading.get().then_some("true")
            aria-busy=move || loading.get().then_some("true")
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |event| click(event, loading, on_click)
        >
            <Show when=move || loading.get() fallback=move || view! { <Icon name=icon size=icon_size/> }>
                <Spinner/>
            </Show>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it asks for attention.
    #[prop(optional)]
    variant: ButtonVariant,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Whether it leads to another site: it opens beside this one and tells that site nothing.
    #[prop(optional)]
    external: bool,
    /// Whether it leads to a file for the browser to keep instead of a page.
    #[prop(optional)]
    download: bool,
    /// Whether it takes the whole width.
    #[prop(optional)]
    wide: bool,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let width = if wide { " w-full" } else { "" };
    view! {
        <a
            href=href
            download=download.then_some("")
            class=format!("{BASE} {} {}{width}", size.class(), variant.class())
            target=external.then_some("_blank")
            rel=external.then_some("noopener noreferrer")
        >
            {children()}
            {external
                .then(|| {
                    view! {
                        <Icon name=IconName::ExternalLink size=IconSize::Small/>
                        <span class="sr-only">"(opens another site)"</span>
                    }
                })}
        </a>
    }
}
