//! Verifying the trail in the database, while servers may be writing to it. What the findings mean is `core`'s.

use marshmallow_core::{ROOTS_CHAIN, Verifier, VerifyReport};
use marshmallow_store::Store;

use crate::ServiceError;

/// Entries that are read at once.
const PAGE: usize = 1_000;

/// Reads every chain and says what is wrong with it.
pub async fn verify(store: &Store) -> Result<VerifyReport, ServiceError> {
    let mut verifier = Verifier::default();
    let mut chains = store.audit_chains().await?;
    chains.sort_by_key(|chain| chain != ROOTS_CHAIN);
    for chain in chains {
        let mut last = i64::MIN;
        loop {
            let before = last;
            last = read_on(store, &mut verifier, &chain, last).await?;
            // The head is read behind the entries: what it names had been written, so one more look finds it.
            let Some(head) = store.audit_head(&chain).await? else {
                verifier.no_head(&chain);
                break;
            };
            if head.seq <= last || last == before {
                verifier.head(&head);
                break;
            }
        }
    }
    Ok(verifier.finish())
}

/// Reads a chain to its present end; gives the number of the last entry.
async fn read_on(
    store: &Store,
    verifier: &mut Verifier,
    chain: &str,
    mut last: i64,
) -> Result<i64, ServiceError> {
    loop {
        let page = store.audit_chain(chain, last, PAGE).await?;
        let is_last = page.len() < PAGE;
        for entry in page {
            last = entry.seq;
            verifier.entry(entry);
        }
        if is_last {
            return Ok(last);
        }
    }
}
