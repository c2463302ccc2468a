//! The design system: typed parts from which pages are put together.
//! It refuses to know pages, server functions and the router; classes live here, pages choose variants.

mod badge;
mod button;
mod card;
mod checkbox;
mod count_link;
mod credential;
mod dialog;
mod disclosure;
mod empty;
mod error_notice;
mod field;
mod file_field;
mod finding;
mod icon;
mod mark;
mod menu;
mod meter;
mod moment;
mod notice;
mod reload_bar;
mod rename_field;
mod select;
mod skeleton;
mod status;
mod switch;
mod tabs;
mod text_area;
mod toast;
mod trouble;

pub use badge::{Badge, Tone};
pub use button::{Button, ButtonSize, ButtonType, ButtonVariant, IconButton, LinkButton};
pub use card::Card;
pub use checkbox::Checkbox;
pub use count_link::CountLink;
pub use credential::{CredentialBadge, credential_text};
pub use dialog::{Confirm, Dialog};
pub use disclosure::Disclosure;
pub use empty::EmptyState;
pub use error_notice::{ErrorAction, ErrorNotice};
pub use field::{FieldKind, TextField};
pub use file_field::FileField;
pub use finding::FindingNote;
pub use icon::{Icon, IconName, IconSize};
pub use mark::{Mark, MarkSize};
pub use menu::{Menu, MenuItem, MenuPlacement};
pub use meter::Meter;
pub use moment::Moment;
pub use notice::Notice;
pub use reload_bar::ReloadBar;
pub use rename_field::RenameField;
pub use select::{SelectField, SelectOption};
pub use skeleton::{Skeleton, SkeletonShape, Spinner};
pub use status::{StatusBadge, status_tone};
pub use switch::Switch;
pub use tabs::{TabLink, Tabs};
pub use text_area::TextArea;
pub use toast::{Toaster, Toasts, provide_toasts, use_toasts};
pub use trouble::Trouble;

#[cfg(all(test, feature = "ssr"))]
pub(crate) mod gallery;
