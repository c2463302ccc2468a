//! Downloads of the trail, page by page, however long it is: CSV of what a filter shows, and JSON of whole chains,
//! which can be verified without the server. A download is itself recorded.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use marshmallow_core::{
    AuditAction, AuditCursor, AuditDetail, AuditExport, AuditHead, ChainEntry, ROOTS_CHAIN, chain_of,
};
use marshmallow_store::AuditEntry;

use super::{Audit, AuditQuery, csv, line, may_ask, records};
use crate::{Base, ServiceError, SignedIn};

/// Entries that are read at once.
const PAGE: usize = 500;

/// A download on its way. An error ends it, so that no file looks whole that is not.
pub struct AuditStream(Pin<Box<dyn Stream<Item = Result<Bytes, ServiceError>> + Send>>);

impl Stream for AuditStream {
    type Item = Result<Bytes, ServiceError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl Audit {
    /// What the query shows, as CSV, newest first.
    pub async fn csv(&self, signed_in: &SignedIn, query: AuditQuery) -> Result<AuditStream, ServiceError> {
        may_ask(signed_in, query.is_everyones)?;
        self.note(signed_in, "csv", query.is_everyones).await?;
        let state = (self.0.clone(), signed_in.clone(), query, None::<AuditCursor>);
        let pages = stream::try_unfold(Some(state), |state| async move {
            let Some((base, signed_in, query, before)) = state else {
                return Ok::<_, ServiceError>(None);
            };
            let found = records(&base, &signed_in, &query, before.as_ref(), PAGE).await?;
            let lines: Vec<_> = found.into_iter().map(line).collect();
            let rows: String = lines.iter().map(csv::row).collect();
            let last = lines.last().filter(|_| lines.len() == PAGE);
            let next = last.map(|last| (base, signed_in, query, Some(last.cursor.clone())));
            Ok(Some((Bytes::from(rows), next)))
        });
        let header = stream::iter([Ok(Bytes::from_static(csv::HEADER.as_bytes()))]);
        Ok(AuditStream(header.chain(pages).boxed()))
    }

    /// The person's chain, or all chains with their root entries, as an [`AuditExport`].
    pub async fn json(&self, signed_in: &SignedIn, is_everyones: bool) -> Result<AuditStream, ServiceError> {
        may_ask(signed_in, is_everyones)?;
        self.note(signed_in, "json", is_everyones).await?;
        let store = &self.0.store;
        let mut heads = if is_everyones {
            store.audit_heads().await?
        } else {
            let own = store.audit_head(&chain_of(Some(signed_in.account.id))).await?;
            own.into_iter().collect()
        };
        heads.sort_by_key(|head| head.chain != ROOTS_CHAIN);
        let begin = serde_json::json!({
            "format": AuditExport::FORMAT,
            "version": AuditExport::VERSION,
            "exported_at": self.0.clock.now(),
            "heads": heads,
        })
        .to_string();
        let begin = format!("{},\n\"entries\": [\n", begin.trim_end_matches('}'));
        let chains = heads.into_iter().map({
            let base = self.0.clone();
            move |head| Chain {
                base: base.clone(),
                head,
                after: i64::MIN,
            }
        });
        let pages =
            stream::iter(chains).flat_map(|chain| stream::try_unfold(chain, Chain::next_page).boxed());
        let mut is_first = true;
        let pages = pages.map(move |page| {
            let mut text = String::new();
            for entry in page? {
                text.push_str(if is_first { "" } else { ",\n" });
                is_first = false;
                text.push_str(&serde_json::to_string(&entry).map_err(|_| ServiceError::Internal("export"))?);
            }
            Ok(Bytes::from(text))
        });
        let ends = |text: String| stream::iter([Ok(Bytes::from(text))]);
        Ok(AuditStream(
            ends(begin).chain(pages).chain(ends("\n]}\n".to_owned())).boxed(),
        ))
    }

    async fn note(&self, signed_in: &SignedIn, form: &str, is_everyones: bool) -> Result<(), ServiceError> {
        let whose = if is_everyones { "everyone" } else { "own" };
        let entry = AuditEntry {
            at: self.0.clock.now(),
            user: Some(signed_in.account.id),
            action: AuditAction::AuditExported,
            subject: None,
            detail: AuditDetail::saying(&format!("{form}, {whose}")).to_json(),
        };
        Ok(self.0.store.record(&entry).await?)
    }
}

/// A chain being exported: up to its head of the moment when the file was begun.
struct Chain {
    base: Arc<Base>,
    head: AuditHead,
    after: i64,
}

impl Chain {
    async fn next_page(mut self) -> Result<Option<(Vec<ChainEntry>, Self)>, ServiceError> {
        let store = &self.base.store;
        let mut page = store.audit_chain(&self.head.chain, self.after, PAGE).await?;
        page.retain(|entry| entry.seq <= self.head.seq);
        let Some(last) = page.last() else { return Ok(None) };
        self.after = last.seq;
        Ok(Some((page, self)))
    }
}
