//! The audit trail for people: a page of it, and its downloads. Everyone sees their own entries; administrators may
//! look at everyone's, which hold no secret. It refuses to change an entry, and to say more than entries hold.

mod csv;
mod export;
mod roots;
mod verify;

use std::sync::Arc;

use marshmallow_core::{
    AuditCursor, AuditDetail, AuditFilter, AuditKind, AuditLine, AuditPage, CredentialLabel, KeyId,
    PublicError, Role,
};
use marshmallow_store::{AuditRecord, KeyRecord};

pub use export::AuditStream;
pub use verify::verify;

use crate::{Base, ServiceError, SignedIn};

/// Entries of one page.
const PAGE: usize = 50;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    is_everyones: bool,
    kind: Option<AuditKind>,
    key: Option<KeyId>,
    days: u32,
}

impl AuditQuery {
    /// Reads what an address or a form says. Empty words and 0 days ask for all.
    pub fn parse(is_everyones: bool, kind: &str, key: &str, days: u32) -> Result<Self, PublicError> {
        let refused = || {
            PublicError::invalid(
                "This filter is not known here.",
                "Choose one of the list, or show everything.",
            )
        };
        let kind = match kind {
            "" => None,
            slug => Some(AuditKind::from_slug(slug).ok_or_else(refused)?),
        };
        let key = match key {
            "" => None,
            id => Some(id.parse().map_err(|_| refused())?),
        };
        Ok(Self {
            is_everyones,
            kind,
            key,
            days,
        })
    }
}

/// The use cases of the audit trail.
pub struct Audit(Arc<Base>);

impl Audit {
    /// Starts the job that writes root entries; it ends with this.
    pub(crate) fn start(base: Base) -> Self {
        let base = Arc::new(base);
        roots::start(&base);
        Self(base)
    }

    /// A page of entries, newest first, older than `before`.
    pub async fn page(
        &self,
        signed_in: &SignedIn,
        query: &AuditQuery,
        before: Option<&AuditCursor>,
    ) -> Result<AuditPage, ServiceError> {
        may_ask(signed_in, query.is_everyones)?;
        let mut records = records(&self.0, signed_in, query, before, PAGE + 1).await?;
        let has_more = records.len() > PAGE;
        records.truncate(PAGE);
        Ok(AuditPage {
            lines: records.into_iter().map(line).collect(),
            has_more,
        })
    }
}

/// Only administrators may ask for what is not theirs.
fn may_ask(signed_in: &SignedIn, is_everyones: bool) -> Result<(), PublicError> {
    if is_everyones && signed_in.account.role != Role::Administrator {
        return Err(PublicError::forbidden());
    }
    Ok(())
}

async fn records(
    base: &Base,
    signed_in: &SignedIn,
    query: &AuditQuery,
    before: Option<&AuditCursor>,
    limit: usize,
) -> Result<Vec<AuditRecord>, ServiceError> {
    let since = (query.days > 0).then(|| base.clock.now().plus(-DAY_MS * i64::from(query.days)));
    let filter = AuditFilter {
        kind: query.kind,
        key: query.key,
        since,
    };
    let store = &base.store;
    Ok(if query.is_everyones {
        store.audit_of_everyone(&filter, before, limit).await?
    } else {
        let before = before.map(|cursor| cursor.seq);
        store
            .audit_of(signed_in.account.id, &filter, before, limit)
            .await?
    })
}

fn line(record: AuditRecord) -> AuditLine {
    AuditLine {
        cursor: record.cursor,
        action: record.action,
        subject: record.subject,
        detail: AuditDetail::from_json(&record.detail),
        person: record.person.map(|(name, email)| format!("{name} ({email})")),
    }
}

/// What an entry about a stored key says of it, and `said`: a word such as a diagnosis, never what a provider wrote.
pub(crate) fn detail_of(key: &KeyRecord, said: &str) -> AuditDetail {
    AuditDetail {
        provider: Some(key.provider),
        label: (!key.label.is_empty()).then(|| key.label.clone()),
        last_four: Some(key.last_four.clone()),
        ..AuditDetail::saying(said)
    }
}

/// What an entry says of a credential, and `said`: a word of ours.
pub(crate) fn detail_of_credential(credential: &CredentialLabel, said: &str) -> AuditDetail {
    let present = |text: &String| (!text.is_empty()).then(|| text.clone());
    AuditDetail {
        provider: Some(credential.provider),
        label: present(&credential.label),
        last_four: present(&credential.last_four),
        credential: Some(credential.kind),
        ..AuditDetail::saying(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused() {
        assert_eq!(AuditQuery::parse(false, "", "", 0), Ok(AuditQuery::default()));
        let query = AuditQuery::parse(true, "use", "01900000-0000-7000-8000-000000000000", 7).unwrap();
        assert_eq!(
            (query.is_everyones, query.kind, query.key.is_some(), query.days),
            (true, Some(AuditKind::Use), true, 7)
        );
        assert!(AuditQuery::parse(false, "nothing", "", 0).is_err());
        assert!(AuditQuery::parse(false, "", "x' OR 1=1", 0).is_err());
    }
}
