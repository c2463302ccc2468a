//! Follows a growing answer until the reader scrolls away, and leads back.
//! It refuses to scroll while the reader is elsewhere.

use leptos::{html, prelude::*};

/// Pixels from the end within which a reader counts as being there.
const NEAR: i32 = 64;

/// Whether the end of the content is in view.
fn is_at_end(scrolled: i32, seen: i32, whole: i32) -> bool {
    whole - seen - scrolled <= NEAR
}

/// The scrolling part of a view.
#[derive(Clone, Copy)]
pub struct Follow {
    /// The element that scrolls.
    pub node: NodeRef<html::Section>,
    /// Whether the reader is at the end.
    pub is_at_end: RwSignal<bool>,
}

impl Follow {
    /// Follows whatever `content` reads; it runs after each change of it.
    pub fn new(content: impl Fn() + 'static) -> Self {
        let follow = Self {
            node: NodeRef::new(),
            is_at_end: RwSignal::new(true),
        };
        Effect::new(move |_| {
            content();
            if follow.node.get().is_some() && follow.is_at_end.get_untracked() {
                // The new content is in the page by the next frame.
                request_animation_frame(move || {
                    if follow.is_at_end.try_get_untracked() == Some(true) {
                        follow.go_to_end();
                    }
                });
            }
        });
        follow
    }

    /// Notes where the reader is.
    pub fn note(self) {
        if let Some(node) = self.node.get_untracked() {
            let is_there = is_at_end(node.scroll_top(), node.client_height(), node.scroll_height());
            if is_there != self.is_at_end.get_untracked() {
                self.is_at_end.set(is_there);
            }
        }
    }

    /// Goes to the end and follows from there on.
    pub fn go_to_end(self) {
        if let Some(node) = self.node.try_get_untracked().flatten() {
            node.set_scroll_top(node.scroll_height());
            self.is_at_end.set(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_near_the_end_is_followed_and_one_further_up_is_not() {
        assert!(is_at_end(0, 500, 300), "all of it is seen");
        assert!(is_at_end(500, 500, 1_000));
        assert!(is_at_end(440, 500, 1_000));
        assert!(!is_at_end(400, 500, 1_000));
    }
}
