//! The mark of the product: a two-tone marshmallow with a keyhole. The same shape stands in
//! `public/favicon.svg`. It refuses to be anything but decoration beside the name.

use leptos::prelude::*;

/// How large the mark is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MarkSize {
    /// 24 pixels, beside the name.
    #[default]
    Small,
    /// 64 pixels, above a greeting.
    Large,
}

/// The mark.
#[component]
pub fn Mark(
    /// How large.
    #[prop(optional)]
    size: MarkSize,
) -> impl IntoView {
    let class = match size {
        MarkSize::Small => "size-6 shrink-0",
        MarkSize::Large => "size-16 shrink-0",
    };
    view! {
        <svg class=class viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path
                class="fill-mark-body"
                d="M4 10.5v11C4 26 9.4 29 16 29s12-3 12-7.5v-11Z"
            ></path>
            <path
                class="fill-mark-toast"
                d="M4 9.5C4 5.9 9.4 3 16 3s12 2.9 12 6.5v3c0 2-2 2.6-3.2 1.3-1-1.1-2.4-.9-3.1.4-1 1.9-3.6 2-4.6.1-.6-1.2-1.8-1.2-2.5-.1-1 1.6-3.2 1.5-4.1-.1-.8-1.3-2.2-1.4-3.2-.4C6 14.900 4 14.500 4 12.500Z"
            ></path>
            <path
                class="fill-mark-hole"
                d="M16 16.400a2.700 2.700 0 0 1 1.500 4.950l.6 3.150a.8.8 0 0 1-.8.95h-2.600a.8.8 0 0 1-.8-.95l.6-3.150A2.700 2.700 0 0 1 16 16.400Z"
            ></path>
        </svg>
    }
}
