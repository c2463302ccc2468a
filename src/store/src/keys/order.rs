//! The order in which turns try a person's keys. It knows places, and not what they are for.

use marshmallow_core::{KeyId, UserId};

use crate::{
    AuditEntry, Store, StoreError, audit,
    db::{statements, values},
};

statements! {
    PLACE on "provider_keys" = "UPDATE provider_keys SET position = $3 WHERE user_id = $1 AND id = $2";
}

impl Store {
    /// Puts keys in the given order. False, and nothing is changed, if one of them is not the person's.
    pub async fn order_keys(
        &self,
        user: UserId,
        ids: &[KeyId],
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        for (place, id) in ids.iter().enumerate() {
            if tx.execute(&PLACE, values![user, *id, place]).await? == 0 {
                return Ok(false);
            }
        }
        audit::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }
}
