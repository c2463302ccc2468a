//! What stands where something is about to be: skeletons of the final size, and a spinner for buttons.
//! It refuses to know what is loading.

use leptos::prelude::*;

/// What the skeleton stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SkeletonShape {
    /// A line of text.
    #[default]
    Line,
    /// A heading.
    Heading,
    /// A row of a list, 64 pixels high.
    Row,
    /// A card, 176 pixels high.
    Card,
}

impl SkeletonShape {
    const fn class(self) -> &'static str {
        match self {
            SkeletonShape::Line => "h-4 w-full rounded-sm",
            SkeletonShape::Heading => "h-6 w-48 rounded-sm",
            SkeletonShape::Row => "h-16 w-full rounded-md",
            SkeletonShape::Card => "h-44 w-full rounded-lg",
        }
    }
}

/// Skeletons one below the other. Screen readers hear "Loading" once.
#[component]
pub fn Skeleton(
    /// What each stands for.
    #[prop(optional)]
    shape: SkeletonShape,
    /// How many.
    #[prop(default = 1)]
    count: usize,
) -> impl IntoView {
    let bars = (0..count)
        .map(|_| view! { <div class=format!("animate-pulse bg-sunken {}", shape.class())></div> })
        .collect_view();
    view! {
        <div role="status" class="space-y-3">
            <span class="sr-only">"Loading"</span>
            {bars}
        </div>
    }
}

/// A turning ring beside words that say what is under way.
#[component]
pub fn Spinner() -> impl IntoView {
    view! {
        <span
            class="inline-block size-4 shrink-0 animate-spin rounded-full border-2 border-current border-r-transparent"
            aria-hidden="true"
        ></span>
    }
}
