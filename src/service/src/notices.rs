//! The use cases of notices: what needs a person's attention, putting it away, and how old a key may become.
//! It refuses to decide what a notice is: `core` derives it from the rows that this module gathers.

use marshmallow_core::{KeyAge, KeySummary, Notice, NoticeBoard, PublicError, UserId, derive_notices};

use crate::{Base, ServiceError, budgets, keys};

/// The use cases of notices.
pub struct Notices {
    base: Base,
}

impl Notices {
    pub(crate) fn new(base: Base) -> Self {
        Self { base }
    }

    /// What needs the person's attention now, without what they put away.
    pub async fn board(&self, user: UserId) -> Result<NoticeBoard, ServiceError> {
        let (mut notices, key_age) = self.derived(user).await?;
        let dismissed = self.base.store.dismissed_notices(user).await?;
        notices.retain(|notice| !dismissed.contains(&notice.id));
        Ok(NoticeBoard { notices, key_age })
    }

    /// Puts a notice away until its cause is another one, or worse.
    pub async fn dismiss(&self, user: UserId, notice: &str) -> Result<NoticeBoard, ServiceError> {
        let (notices, _) = self.derived(user).await?;
        let is_there = |id: &str| notices.iter().any(|found| found.id == id);
        if !is_there(notice) {
            return Err(PublicError::not_found("notice").into());
        }
        let dismissed = self.base.store.dismissed_notices(user).await?;
        let gone: Vec<String> = dismissed.into_iter().filter(|id| !is_there(id)).collect();
        let now = self.base.clock.now();
        self.base.store.dismiss_notice(user, notice, &gone, now).await?;
        self.board(user).await
    }

    /// Sets from which age on a key is noticed: the word of a [`KeyAge`].
    pub async fn set_key_age(&self, user: UserId, age: &str) -> Result<NoticeBoard, ServiceError> {
        let age = KeyAge::from_slug(age)
            .ok_or_else(|| PublicError::invalid("This is no age.", "Choose one of the list."))?;
        self.base.store.set_key_age(user, age).await?;
        self.board(user).await
    }

    /// All notices, with those that were put away.
    async fn derived(&self, user: UserId) -> Result<(Vec<Notice>, KeyAge), ServiceError> {
        let now = self.base.clock.now();
        let records = self.base.store.keys(user).await?;
        let keys: Vec<KeySummary> = records
            .into_iter()
            // A key that another one replaced is looked after where the replacement is shown.
            .filter(|record| record.replaced.is_none())
            .map(|record| keys::summary(record, now))
            .collect();
        let budgets = budgets::summaries(&self.base, user, now).await?;
        let key_age = self.base.store.key_age(user).await?.unwrap_or_default();
        Ok((derive_notices(&keys, &budgets, key_age, now), key_age))
    }
}
