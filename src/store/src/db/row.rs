//! A row that came back, read by column name into our own types.
//! It refuses to guess: a value that does not fit names its table and column and ends the call.

use std::str::FromStr;

use marshmallow_core::Millis;
use sqlx::{
    ColumnIndex, Database, Decode, Type,
    postgres::{PgRow, Postgres},
    sqlite::{Sqlite, SqliteRow},
};

use crate::StoreError;

/// A row of one of the two databases.
pub(crate) struct Row {
    table: &'static str,
    cells: Cells,
}

enum Cells {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(super) fn sqlite(table: &'static str, row: SqliteRow) -> Self {
        Self {
            table,
            cells: Cells::Sqlite(row),
        }
    }

    pub(super) fn postgres(table: &'static str, row: PgRow) -> Self {
        Self {
            table,
            cells: Cells::Postgres(row),
        }
    }

    /// The error for a column whose value is none that this version writes.
    pub(crate) fn inconsistent(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent {
            table: self.table,
            column,
        }
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        self.get(column)
    }

    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// Bytes of a fixed length.
    pub(crate) fn array<const N: usize>(&self, column: &'static str) -> Result<[u8; N], StoreError> {
        self.bytes(column)?
            .try_into()
            .map_err(|_| self.inconsistent(column))
    }

    /// An integer in a narrower type.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|_| self.inconsistent(column))
    }

    pub(crate) fn optional_number<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|number| T::try_from(number).map_err(|_| self.inconsistent(column)))
            .transpose()
    }

    pub(crate) fn millis(&self, column: &'static str) -> Result<Millis, StoreError> {
        self.int(column).map(Millis)
    }

    pub(crate) fn optional_millis(&self, column: &'static str) -> Result<Option<Millis>, StoreError> {
        Ok(self.get::<Option<i64>>(column)?.map(Millis))
    }

    /// A text in the type that it is the text form of.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| self.inconsistent(column))
    }

    pub(crate) fn optional_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.optional_text(column)?
            .map(|text| text.parse().map_err(|_| self.inconsistent(column)))
            .transpose()
    }

    fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match &self.cells {
            Cells::Sqlite(row) => cell(row, column),
            Cells::Postgres(row) => cell(row, column),
        }
        .map_err(|_| self.inconsistent(column))
    }
}

fn cell<T, R>(row: &R, column: &'static str) -> Result<T, sqlx::Error>
where
    R: sqlx::Row,
    &'static str: ColumnIndex<R>,
    T: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    R::Database: Database,
{
    row.try_get(column)
}
