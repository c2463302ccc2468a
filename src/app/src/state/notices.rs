//! The bell: what needs attention, asked for with the page and again whenever it may have changed.
//! It refuses to know how notices look, and to guess: what the server answers is what is shown.

use leptos::prelude::*;
use marshmallow_core::{Notice, NoticeBoard, PublicError};

use super::chat::Tasks;
use crate::api::{self, ApiError};

/// What needs attention, for every part of a page.
#[derive(Clone, Copy)]
pub struct Bell {
    /// What the server sent with the page.
    pub first: Resource<Result<NoticeBoard, ApiError>>,
    /// Whether the panel is open.
    pub is_open: RwSignal<bool>,
    /// Notices that came up while the page was open, as the last answer brought them.
    pub arrived: RwSignal<Vec<Notice>>,
    /// Why the last action did not work.
    pub failure: RwSignal<Option<PublicError>>,
    later: RwSignal<Option<NoticeBoard>>,
    tasks: Tasks,
}

/// Puts a bell into the context; a layout does so once for the pages inside it.
pub fn provide_bell() -> Bell {
    let bell = Bell {
        first: Resource::new(|| (), |()| api::notices::notices()),
        is_open: RwSignal::new(false),
        arrived: RwSignal::new(Vec::new()),
        failure: RwSignal::new(None),
        later: RwSignal::new(None),
        tasks: Tasks::of_this_view(),
    };
    provide_context(bell);
    bell
}

/// The bell of the layout around; none outside.
pub fn use_bell() -> Option<Bell> {
    use_context()
}

impl Bell {
    /// The notices as they are known; reading them inside `Suspense` waits for the first answer. Where there is none,
    /// as for people who are not signed in, there are no notices.
    pub fn notices(self) -> Vec<Notice> {
        let later = self
            .later
            .with(|board| board.as_ref().map(|board| board.notices.clone()));
        later.unwrap_or_else(|| {
            let first = self.first.get().and_then(Result::ok);
            first.map(|board| board.notices).unwrap_or_default()
        })
    }

    /// Asks again; when that fails, what is shown stays.
    pub fn refresh(self) {
        self.tasks.spawn(async move {
            if let Ok(board) = api::notices::notices().await {
                self.take(board).await;
            }
        });
    }

    /// Asks again whenever something changes that `track` reads.
    pub fn look_again_after(self, track: impl Fn() + 'static) {
        Effect::new(move |seen: Option<()>| {
            track();
            if seen.is_some() {
                self.refresh();
            }
        });
    }

    /// Puts a notice away.
    pub fn dismiss(self, notice: String) {
        self.act(move || api::notices::dismiss_notice(notice));
    }

    /// Chooses from which age on a key is noticed: the word of an age.
    pub fn set_key_age(self, age: String) {
        self.act(move || api::notices::set_key_age(age));
    }

    fn act<F>(self, ask: impl FnOnce() -> F + 'static)
    where
        F: Future<Output = Result<NoticeBoard, ApiError>> + 'static,
    {
        self.failure.set(None);
        self.tasks.spawn(async move {
            match ask().await {
                Ok(board) => self.take(board).await,
                Err(ApiError(error)) => {
                    self.failure.set(Some(error));
                    self.refresh();
                }
            }
        });
    }

    async fn take(self, board: NoticeBoard) {
        let known = match self.later.get_untracked() {
            Some(later) => later.notices,
            None => self.first.await.map(|first| first.notices).unwrap_or_default(),
        };
        let arrived = arrived(&known, &board.notices);
        // First, since what is told of those that arrived counts all.
        self.later.set(Some(board));
        self.arrived.set(arrived);
    }
}

/// Those that were not there before.
fn arrived(known: &[Notice], now: &[Notice]) -> Vec<Notice> {
    let is_new = |notice: &&Notice| !known.iter().any(|old| old.id == notice.id);
    now.iter().filter(is_new).cloned().collect()
}

#[cfg(test)]
mod tests {
    use marshmallow_core::{Millis, NoticeCause};

    use super::*;

    fn notice(id: &str) -> Notice {
        Notice {
            id: id.to_owned(),
            key: None,
            cause: NoticeCause::Old { since: Millis(0) },
        }
    }

    #[test]
    fn what_arrives_is_what_was_not_there() {
        let known = [notice("a"), notice("b")];
        assert_eq!(arrived(&known, &[notice("c"), notice("a")]), [notice("c")]);
        assert_eq!(arrived(&known, &[notice("b")]), []);
    }
}
