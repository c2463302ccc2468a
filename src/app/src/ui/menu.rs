//! A menu behind a button: arrows move, Esc closes and gives the focus back, leaving it closes it.
//! It refuses to act: each item brings its callback or its address.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};

use super::{Icon, IconName};

/// Where the menu opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MenuPlacement {
    /// Below the button, its right edge at the button's.
    #[default]
    BelowEnd,
    /// Below the button, its left edge at the button's.
    BelowStart,
    /// Above the button, its left edge at the button's.
    AboveStart,
}

impl MenuPlacement {
    const fn class(self) -> &'static str {
        match self {
            MenuPlacement::BelowEnd => "top-full right-0 mt-1",
            MenuPlacement::BelowStart => "top-full left-0 mt-1",
            MenuPlacement::AboveStart => "bottom-full left-0 mb-1",
        }
    }
}

/// The open menu around an item.
#[derive(Clone, Copy)]
struct MenuState {
    open: RwSignal<bool>,
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only when the element has left the page.
        let _ = element.focus();
    }
}

/// The item to which a key leads from the focused one, round the ends.
fn item_after(key: &str, panel: &web_sys::Element) -> Option<web_sys::Element> {
    let focused = document()
        .active_element()
        .filter(|element| panel.contains(Some(element)));
    match (key, focused) {
        ("Home", _) | ("ArrowDown", None) => panel.first_element_child(),
        ("End", _) | ("ArrowUp", None) => panel.last_element_child(),
        ("ArrowDown", Some(item)) => item
            .next_element_sibling()
            .or_else(|| panel.first_element_child()),
        ("ArrowUp", Some(item)) => item
            .previous_element_sibling()
            .or_else(|| panel.last_element_child()),
        _ => None,
    }
}

/// A button that opens a menu.
#[component]
pub fn Menu(
    /// What the menu is for, in words.
    #[prop(into)]
    label: String,
    /// What is drawn on the button.
    #[prop(default = IconName::More)]
    icon: IconName,
    /// What stands on the button instead of the icon; the button then takes the whole width.
    #[prop(optional, into)]
    trigger: Option<ViewFn>,
    /// Where it opens.
    #[prop(optional)]
    placement: MenuPlacement,
    /// The items: `MenuItem`s only, as the arrows step from sibling to sibling.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    provide_context(MenuState { open });
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();

    Effect::new(move |_| {
        if let (true, Some(panel)) = (open.get(), panel.get()) {
            focus(panel.first_element_child());
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        let key = event.key();
        if key == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            open.set(false);
            focus(button.get_untracked().map(Into::into));
        } else if let Some(item) = panel.get_untracked().and_then(|panel| item_after(&key, &panel)) {
            event.prevent_default();
            focus(Some(item));
        }
    };
    let on_leave = move |event: FocusEvent| {
        let goes_to = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let stays = root
            .get_untracked()
            .is_some_and(|root| root.contains(goes_to.as_ref()));
        if !stays {
            open.set(false);
        }
    };

    let is_wide = trigger.is_some();
    let face = match &trigger {
        Some(trigger) => trigger.run(),
        None => view! { <Icon name=icon/> }.into_any(),
    };
    let button_class = if is_wide {
        "flex w-full cursor-pointer items-center gap-2 rounded-md px-2 py-2 text-left text-sm hover:bg-sunken \
         pointer-coarse:min-h-11"
    } else {
        "inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-soft hover:bg-sunken \
         hover:text-ink pointer-coarse:min-h-11 pointer-coarse:min-w-11"
    };
    view! {
        <div node_ref=root class="relative" on:keydown=on_key on:focusout=on_leave>
            <button
                node_ref=button
                type="button"
                class=button_class
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=(!is_wide).then(|| label.clone())
                title=label.clone()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {face}
            </button>
            <Show when=move || open.get()>
                <div
                    node_ref=panel
                    role="menu"
                    aria-label=label.clone()
                    class=format!(
                        "absolute z-30 min-w-48 rounded-md border border-line bg-surface p-1 shadow-float {}",
                        placement.class(),
                    )
                >
                    {children()}
                </div>
            </Show>
        </div>
    }
}

/// One item of a menu.
#[component]
pub fn MenuItem(
    /// What is drawn before its words.
    icon: IconName,
    /// Whether it destroys something.
    #[prop(optional)]
    danger: bool,
    /// Where it leads; without an address it does `on_select`.
    #[prop(optional, into)]
    href: Option<String>,
    /// What it does.
    #[prop(optional, into)]
    on_select: Option<Callback<()>>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let menu = use_context::<MenuState>();
    let choose = move || {
        if let Some(menu) = menu {
            menu.open.set(false);
        }
        if let Some(on_select) = on_select {
            on_select.run(());
        }
    };
    let tone = if danger { "text-bad" } else { "text-ink" };
    let class = format!(
        "flex w-full cursor-pointer items-center gap-2.5 rounded-sm px-2.5 py-2 text-left text-sm whitespace-nowrap \
         hover:bg-sunken focus:bg-sunken pointer-coarse:min-h-11 {tone}"
    );
    match href {
        Some(href) => view! {
            <a role="menuitem" tabindex="-1" href=href class=class on:click=move |_| choose()>
                <Icon name=icon/>
                {children()}
            </a>
        }
        .into_any(),
        None => view! {
            <button type="button" role="menuitem" tabindex="-1" class=class on:click=move |_| choose()>
                <Icon name=icon/>
                {children()}
            </button>
        }
        .into_any(),
    }
}
