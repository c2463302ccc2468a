//! A link that is an icon with a count at its corner. It refuses to know what is counted; nothing counted shows nothing.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, IconName};

/// What stands at the corner: the count, as far as it fits.
fn shown(count: usize) -> Option<String> {
    match count {
        0 => None,
        1..=9 => Some(count.to_string()),
        _ => Some("9+".to_owned()),
    }
}

/// The link. With scripts it may open a dialog instead of leading away: `on_click` then keeps the browser from it.
#[component]
pub fn CountLink(
    /// What is drawn.
    icon: IconName,
    /// What it leads to, with the count in words.
    #[prop(into)]
    label: String,
    /// How many there are.
    count: usize,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What a click does before the link.
    #[prop(into)]
    on_click: Callback<MouseEvent>,
) -> impl IntoView {
    let badge = shown(count).map(|count| {
        view! {
            <span
                aria-hidden="true"
                class="absolute top-0.5 right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent \
                px-1 text-xs leading-none font-semibold text-on-accent tabular-nums"
            >
                {count}
            </span>
        }
    });
    // `external` keeps the router out, which cannot know that a click may be taken.
    view! {
        <a
            href=href
            rel="external"
            aria-haspopup="dialog"
            aria-label=label.clone()
            title=label
            class="relative inline-flex size-10 shrink-0 items-center justify-center rounded-md text-soft \
            hover:bg-sunken hover:text-ink pointer-coarse:size-11"
            on:click=move |event| on_click.run(event)
        >
            <Icon name=icon/>
            {badge}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn nothing_shows_nothing_and_many_fit() {
        assert_eq!(shown(0), None);
        assert_eq!(shown(9).as_deref(), Some("9"));
        assert_eq!(shown(10).as_deref(), Some("9+"));
    }
}
