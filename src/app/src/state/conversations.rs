//! The list of the person's conversations: what is loaded of it, and the actions on it.
//! It refuses to know which conversation is open and how the list looks.

use leptos::prelude::*;
use marshmallow_core::{ConversationId, ConversationPage, ConversationSummary, LIMITS, PublicError};

use super::chat::Tasks;
use crate::api::{self, ApiError};

/// The loaded part of the list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The conversations.
    pub conversations: Vec<ConversationSummary>,
    /// Whether older ones follow.
    pub has_more: bool,
}

impl Listing {
    /// Takes the newest page anew. Older lines that were loaded stay.
    pub fn refresh(&mut self, page: ConversationPage) {
        let Some(last) = page.conversations.last().filter(|_| page.has_more) else {
            *self = Self {
                conversations: page.conversations,
                has_more: page.has_more,
            };
            return;
        };
        let end = (last.updated_at, last.id);
        // What was used since stands in the page now, whatever its old line says.
        let is_new = |known: &ConversationSummary| page.conversations.iter().any(|line| line.id == known.id);
        let older: Vec<ConversationSummary> = self
            .conversations
            .drain(..)
            .filter(|known| (known.updated_at, known.id) < end && !is_new(known))
            .collect();
        let had_older = !older.is_empty();
        self.conversations = page.conversations;
        self.conversations.extend(older);
        self.has_more = if had_older { self.has_more } else { page.has_more };
    }

    /// Takes a page of older lines.
    pub fn append(&mut self, page: ConversationPage) {
        let new = page
            .conversations
            .into_iter()
            .filter(|line| self.find(line.id).is_none());
        let new: Vec<ConversationSummary> = new.collect();
        self.conversations.extend(new);
        self.has_more = page.has_more;
    }

    /// The line of a conversation.
    pub fn find(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.conversations.iter().find(|line| line.id == id)
    }

    /// Gives a line another title.
    pub fn rename(&mut self, id: ConversationId, title: &str) {
        if let Some(line) = self.conversations.iter_mut().find(|line| line.id == id) {
            title.clone_into(&mut line.title);
        }
    }

    /// Takes a line out.
    pub fn remove(&mut self, id: ConversationId) {
        self.conversations.retain(|line| line.id != id);
    }
}

/// A title as it may be stored: trimmed and not too long; none when nothing is left.
pub fn tidy_title(typed: &str) -> Option<String> {
    let title: String = typed.trim().chars().take(LIMITS.title_max_chars).collect();
    let title = title.trim_end();
    (!title.is_empty()).then(|| title.to_owned())
}

/// The list for every part of the chat.
#[derive(Clone, Copy)]
pub struct Conversations {
    /// The newest page, as the server sent it with the page.
    pub first: Resource<Result<ConversationPage, ApiError>>,
    /// What is loaded. Before `first` was taken over, nothing.
    pub listing: RwSignal<Listing>,
    /// Titles that changed or became known since the page was made. Empty on the server, so that what reads
    /// it renders the same there and here.
    pub news: RwSignal<Vec<ConversationSummary>>,
    /// Why the last action did not work.
    pub failure: RwSignal<Option<PublicError>>,
    /// Whether older lines are on their way.
    pub is_loading: RwSignal<bool>,
    tasks: Tasks,
}

impl Conversations {
    /// The list of the current view.
    pub fn new() -> Self {
        Self {
            first: Resource::new(|| (), |()| api::chat::conversations(None)),
            listing: RwSignal::new(Listing::default()),
            news: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            is_loading: RwSignal::new(false),
            tasks: Tasks::of_this_view(),
        }
    }

    /// The title of a conversation, if it changed since the page was made.
    pub fn new_title(self, id: ConversationId) -> Option<String> {
        self.news
            .read()
            .iter()
            .find(|line| line.id == id)
            .map(|line| line.title.clone())
    }

    /// Asks for the newest page again; when that fails, the list stays as it is.
    pub fn refresh(self) {
        self.tasks.spawn(async move {
            if let Ok(page) = api::chat::conversations(None).await {
                self.news.set(page.conversations.clone());
                self.listing.update(|listing| listing.refresh(page));
            }
        });
    }

    /// Asks for the next older page.
    pub fn load_older(self) {
        let Some(last) = self
            .listing
            .with_untracked(|listing| listing.conversations.last().map(|line| line.id))
        else {
            return;
        };
        if self.is_loading.get_untracked() {
            return;
        }
        self.is_loading.set(true);
        self.tasks.spawn(async move {
            match api::chat::conversations(Some(last)).await {
                Ok(page) => self.listing.update(|listing| listing.append(page)),
                Err(ApiError(error)) => self.failure.set(Some(error)),
            }
            self.is_loading.set(false);
        });
    }

    /// Renames a conversation; the old title comes back when the server refuses.
    pub fn rename(self, id: ConversationId, title: String) {
        let Some(before) = self.listing.with_untracked(|listing| listing.find(id).cloned()) else {
            return;
        };
        if before.title == title {
            return;
        }
        self.show_title(&before, &title);
        self.tasks.spawn(async move {
            if let Err(ApiError(error)) = api::chat::rename_conversation(id, title).await {
                self.show_title(&before, &before.title);
                self.failure.set(Some(error));
            }
        });
    }

    /// Deletes a conversation, then runs `then`; a refusal is shown and changes nothing.
    pub fn delete(self, id: ConversationId, then: impl FnOnce(bool) + 'static) {
        self.tasks.spawn(async move {
            let result = api::chat::delete_conversation(id).await;
            match &result {
                Ok(()) => self.listing.update(|listing| listing.remove(id)),
                Err(ApiError(error)) => self.failure.set(Some(error.clone())),
            }
            then(result.is_ok());
        });
    }

    fn show_title(self, line: &ConversationSummary, title: &str) {
        self.listing.update(|listing| listing.rename(line.id, title));
        self.news.update(|news| {
            news.retain(|known| known.id != line.id);
            news.push(ConversationSummary {
                title: title.to_owned(),
                ..line.clone()
            });
        });
    }
}

impl Default for Conversations {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use marshmallow_core::Millis;

    use super::*;

    fn line(number: u8, updated_at: i64) -> ConversationSummary {
        let id = format!("01900000-0000-7000-8000-0000000000{number:02}");
        ConversationSummary {
            id: id.parse().unwrap(),
            title: format!("Chat {number}"),
            updated_at: Millis(updated_at),
        }
    }

    fn page(lines: &[(u8, i64)], has_more: bool) -> ConversationPage {
        let conversations = lines.iter().map(|&(number, at)| line(number, at)).collect();
        ConversationPage {
            conversations,
            has_more,
        }
    }

    fn titles(listing: &Listing) -> Vec<&str> {
        listing
            .conversations
            .iter()
            .map(|line| line.title.as_str())
            .collect()
    }

    fn loaded() -> Listing {
        let mut listing = Listing::default();
        listing.refresh(page(&[(4, 40), (3, 30)], true));
        listing.append(page(&[(2, 20), (1, 10)], false));
        listing
    }

    #[test]
    fn pages_follow_one_another() {
        let listing = loaded();
        assert_eq!(titles(&listing), ["Chat 4", "Chat 3", "Chat 2", "Chat 1"]);
        assert!(!listing.has_more);
    }

    #[test]
    fn a_refresh_moves_what_was_used_and_keeps_the_older_lines() {
        let mut listing = loaded();
        listing.refresh(page(&[(2, 50), (4, 40)], true));
        assert_eq!(titles(&listing), ["Chat 2", "Chat 4", "Chat 3", "Chat 1"]);
        assert!(!listing.has_more, "the end of the list is known already");
    }

    #[test]
    fn a_refresh_of_the_only_page_takes_its_place() {
        let mut listing = loaded();
        listing.refresh(page(&[(4, 40)], false));
        assert_eq!(titles(&listing), ["Chat 4"]);
    }

    #[test]
    fn a_line_that_moved_between_two_pages_is_not_shown_twice() {
        let mut listing = Listing::default();
        listing.refresh(page(&[(4, 40), (3, 30)], true));
        listing.append(page(&[(3, 30), (2, 20)], true));
        assert_eq!(titles(&listing), ["Chat 4", "Chat 3", "Chat 2"]);
        assert!(listing.has_more);
    }

    #[test]
    fn lines_are_renamed_and_removed_by_id() {
        let mut listing = loaded();
        listing.rename(line(3, 0).id, "Oslo");
        listing.remove(line(4, 0).id);
        assert_eq!(titles(&listing), ["Oslo", "Chat 2", "Chat 1"]);
    }

    #[test]
    fn a_title_is_trimmed_cut_and_never_empty() {
        assert_eq!(tidy_title("  Trip to Oslo \n").as_deref(), Some("Trip to Oslo"));
        assert_eq!(tidy_title(" \t "), None);
        let long = "é".repeat(LIMITS.title_max_chars + 5);
        assert_eq!(
            tidy_title(&long).map(|title| title.chars().count()),
            Some(LIMITS.title_max_chars)
        );
    }
}
