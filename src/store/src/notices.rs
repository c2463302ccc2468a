//! What a person decided about notices: those that they put away, and from which age on they hear of a key.
//! It refuses to know which notices there are: the caller derives them.

use marshmallow_core::{KeyAge, Millis, UserId};

use crate::{
    Store, StoreError,
    db::{statements, values},
};

statements! {
    DISMISSED on "dismissed_notices" = "SELECT notice FROM dismissed_notices WHERE user_id = $1 ORDER BY notice";
    DISMISS on "dismissed_notices" =
        "INSERT INTO dismissed_notices (user_id, notice, dismissed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, notice) DO NOTHING";
    FORGET on "dismissed_notices" = "DELETE FROM dismissed_notices WHERE user_id = $1 AND notice = $2";
    KEY_AGE on "notice_settings" = "SELECT key_age FROM notice_settings WHERE user_id = $1";
    SET_KEY_AGE on "notice_settings" =
        "INSERT INTO notice_settings (user_id, key_age) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET key_age = excluded.key_age";
}

impl Store {
    /// The notices that a person put away.
    pub async fn dismissed_notices(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let rows = self.db.all(&DISMISSED, values![user]).await?;
        rows.iter().map(|row| row.text("notice")).collect()
    }

    /// Puts a notice away, and forgets those in `gone`, whose causes are no more.
    pub async fn dismiss_notice(
        &self,
        user: UserId,
        notice: &str,
        gone: &[String],
        at: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for old in gone {
            tx.execute(&FORGET, values![user, old]).await?;
        }
        tx.execute(&DISMISS, values![user, notice, at]).await?;
        tx.commit().await
    }

    /// From which age on a person hears of a key; none where they never chose, or chose what only another version knows.
    pub async fn key_age(&self, user: UserId) -> Result<Option<KeyAge>, StoreError> {
        let row = self.db.optional(&KEY_AGE, values![user]).await?;
        let word = row.map(|row| row.text("key_age")).transpose()?;
        Ok(word.and_then(|word| KeyAge::from_slug(&word)))
    }

    /// Sets from which age on a person hears of a key.
    pub async fn set_key_age(&self, user: UserId, age: KeyAge) -> Result<(), StoreError> {
        self.db.execute(&SET_KEY_AGE, values![user, age.slug()]).await?;
        Ok(())
    }
}
