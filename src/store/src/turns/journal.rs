//! The journal: every frame of a running answer, stored before any reader gets it.
//! Many streams share one transaction. A server that lost an answer's lease can no longer write to it.

use std::collections::BTreeSet;

use marshmallow_core::{MessageId, UserId};

use crate::{
    Store, StoreError,
    db::{Sql, Tx, Value, statements, values},
};

/// A frame to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// The answer that it belongs to.
    pub message: MessageId,
    /// Its number within the answer.
    pub seq: u32,
    /// The frame as text.
    pub frame: String,
}

/// `INSERT` of several frames; each takes three parameters behind the owner, which is `$1`. Frames of answers
/// whose lease is not the owner's are passed over.
macro_rules! append {
    ($first:tt $(, $row:tt)*) => {
        concat!(
            "INSERT INTO journal (message_id, owner, seq, frame)
             SELECT v.column1, $1, v.column2, v.column3 FROM (VALUES ",
            append!(@row $first), $(", ", append!(@row $row),)*
            ") AS v WHERE EXISTS (SELECT 1 FROM generations g WHERE g.message_id = v.column1 AND g.owner = $1)"
        )
    };
    (@row ($message:literal $seq:literal $frame:literal)) => {
        concat!("($", $message, ", CAST($", $seq, " AS BIGINT), $", $frame, ")")
    };
}

statements! {
    APPEND_1 on "journal" = append!((2 3 4));
    APPEND_4 on "journal" = append!((2 3 4), (5 6 7), (8 9 10), (11 12 13));
    APPEND_16 on "journal" = append!(
        (2 3 4), (5 6 7), (8 9 10), (11 12 13), (14 15 16), (17 18 19), (20 21 22), (23 24 25),
        (26 27 28), (29 30 31), (32 33 34), (35 36 37), (38 39 40), (41 42 43), (44 45 46), (47 48 49)
    );
    OWNED on "generations" = "SELECT message_id FROM generations WHERE owner = $1";
    FRAMES on "journal" =
        "SELECT j.seq, j.frame FROM journal j JOIN generations g ON g.message_id = j.message_id
          WHERE g.user_id = $1 AND j.message_id = $2 AND j.seq > $3 ORDER BY j.seq LIMIT $4";
}

impl Store {
    /// Stores frames of any number of answers in one transaction. Returns the answers that `owner` does not hold
    /// (any more): deleted, ended, or claimed by another server. Their frames were not stored.
    pub async fn append_frames(
        &self,
        owner: &str,
        rows: &[JournalRow],
    ) -> Result<Vec<MessageId>, StoreError> {
        match self.try_append(owner, rows).await {
            // A lease was claimed between our look at it and our write. The second look sees the claim.
            Err(StoreError::Refused(_)) => self.try_append(owner, rows).await,
            outcome => outcome,
        }
    }

    async fn try_append(&self, owner: &str, rows: &[JournalRow]) -> Result<Vec<MessageId>, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut stored = 0;
        let mut rest = rows;
        for (statement, size) in [(&APPEND_16, 16), (&APPEND_4, 4), (&APPEND_1, 1)] {
            while let Some((chunk, others)) = rest.split_at_checked(size) {
                stored += append(&mut tx, statement, owner, chunk).await?;
                rest = others;
            }
        }
        let is_all = usize::try_from(stored) == Ok(rows.len());
        let lost = if is_all {
            Vec::new()
        } else {
            lost(&mut tx, owner, rows).await?
        };
        tx.commit().await?;
        Ok(lost)
    }

    /// Frames of a person's running answer in their order, from the one behind `after` on.
    pub async fn frames(
        &self,
        user: UserId,
        message: MessageId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, String)>, StoreError> {
        let after = after.map_or(-1, i64::from);
        let rows = self.db.all(&FRAMES, values![user, message, after, limit]).await?;
        rows.iter()
            .map(|row| Ok((row.number("seq")?, row.text("frame")?)))
            .collect()
    }
}

async fn append(
    tx: &mut Tx,
    statement: &'static Sql,
    owner: &str,
    rows: &[JournalRow],
) -> Result<u64, StoreError> {
    let mut values = values![owner];
    for row in rows {
        values.extend([
            Value::from(row.message),
            Value::from(row.seq),
            Value::from(&row.frame),
        ]);
    }
    tx.execute(statement, values).await
}

async fn lost(tx: &mut Tx, owner: &str, rows: &[JournalRow]) -> Result<Vec<MessageId>, StoreError> {
    let owned = tx.all(&OWNED, values![owner]).await?;
    let owned: BTreeSet<MessageId> = owned
        .iter()
        .map(|row| row.parsed("message_id"))
        .collect::<Result<_, _>>()?;
    let written: BTreeSet<MessageId> = rows.iter().map(|row| row.message).collect();
    Ok(written.difference(&owned).copied().collect())
}
