//! Taking a credential for one answer, in the moment before its call. What was resolved a while ago may have been
//! replaced since: then the key in its place is taken. It opens nothing.

use std::sync::Arc;

use marshmallow_core::{MessageId, PublicError, UserId};
use marshmallow_store::Taken;

use super::{
    Candidate, Credentials,
    wallet::{Source, own},
};
use crate::ServiceError;

impl Credentials {
    /// The candidate as it may be used now by an answer that `owner` writes: with the present key, which nobody
    /// replaces any more without seeing that it is at work. One that was withdrawn comes back as it is, and does not
    /// open.
    pub async fn take(
        &self,
        user: UserId,
        message: MessageId,
        owner: &str,
        candidate: &Candidate,
    ) -> Result<Candidate, ServiceError> {
        let store = &self.base.store;
        let Some(key) = candidate.label.key else {
            store.leave_key(user, message, owner).await?;
            return Ok(candidate.clone());
        };
        match store.take_key(user, message, owner, key).await? {
            Taken::Key(taken) => {
                let mut present = own(&taken.0, candidate.label.kind, candidate.model.clone());
                present.source = Source::Taken(Arc::from(taken));
                Ok(present)
            }
            Taken::Withdrawn => Ok(candidate.clone()),
            Taken::Lost => Err(PublicError::not_found("answer").into()),
        }
    }
}
