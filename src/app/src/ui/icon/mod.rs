//! Icons: one set, drawn inline in the colour of the text around them.
//! It refuses to carry meaning alone: an icon is always hidden from screen readers, words stand beside it.

mod shapes;

use leptos::prelude::*;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IconName {
    /// A plus.
    Plus,
    /// An arrow up: send.
    Send,
    /// A square: stop.
    Stop,
    /// A turning arrow: once more.
    Retry,
    /// Two sheets.
    Copy,
    /// A tick.
    Check,
    /// A cross: close or remove from view.
    Close,
    /// Opens downwards.
    ChevronDown,
    /// Opens or goes on.
    ChevronRight,
    /// Goes back a step.
    ChevronLeft,
    /// Opens upwards.
    ChevronUp,
    /// Three bars.
    Menu,
    /// A cog wheel.
    Settings,
    /// A key: the person's own.
    Key,
    /// An arrow out of a door.
    LogOut,
    /// A magnifying glass.
    Search,
    /// A bin.
    Trash,
    /// A pencil.
    Pencil,
    /// Three dots.
    More,
    /// The light theme.
    Sun,
    /// The dark theme.
    Moon,
    /// The system's theme, or a device.
    Monitor,
    /// Protection.
    Shield,
    /// A warning triangle.
    Alert,
    /// An i in a circle.
    Info,
    /// Leads to another site.
    ExternalLink,
    /// A person.
    User,
    /// People: a lent key.
    Users,
    /// A clock.
    Clock,
    /// An eye.
    Eye,
    /// A padlock.
    Lock,
    /// A server of one's own.
    Server,
    /// A flash.
    Zap,
    /// A speech bubble.
    Message,
    /// Leads back to where one came from.
    Back,
    /// A way over others: OpenRouter.
    Route,
    /// A house: the platform's key.
    Platform,
    /// A dashed circle: no key serves.
    Unserved,
    /// A tick in a circle.
    Good,
    /// A cross in a circle.
    Bad,
    /// An envelope.
    Mail,
    /// A stack: models.
    Layers,
    /// A purse: what is spent.
    Wallet,
}

/// How large it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IconSize {
    /// 14 pixels, beside small text.
    Small,
    /// 18 pixels, beside text and in buttons.
    #[default]
    Medium,
    /// 28 pixels, above an empty state.
    Large,
}

impl IconSize {
    const fn class(self) -> &'static str {
        match self {
            IconSize::Small => "size-3.5 shrink-0",
            IconSize::Medium => "size-4.5 shrink-0",
            IconSize::Large => "size-7 shrink-0",
        }
    }
}

/// An icon.
#[component]
pub fn Icon(
    /// What is drawn.
    name: IconName,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    view! {
        <svg
            class=size.class()
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
            inner_html=name.shape()
        ></svg>
    }
}
