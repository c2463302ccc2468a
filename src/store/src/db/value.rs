//! The values that statements carry in, in the four types that both databases share.
//! The one door for text: it strips NUL characters, which PostgreSQL cannot store.

use marshmallow_core::{
    ConversationId, InvitationId, KeyId, MessageId, Millis, NanoDollars, SessionId, UserId,
};
use sqlx::{Arguments, Database, Encode, Type, query::Query};

use crate::{StoreError, db::Sql, error::Fault};

/// A parameter of a statement.
pub(crate) enum Value {
    /// Text, without NUL characters once it is bound.
    Text(Option<String>),
    /// An integer, also a time or an amount.
    Int(Option<i64>),
    /// A switch.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A list of parameters, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use values;

/// The statement with its parameters, for one of the databases.
pub(super) fn bind<DB>(sql: &Sql, values: Vec<Value>) -> Result<Query<'static, DB, DB::Arguments>, StoreError>
where
    DB: Database,
    DB::Arguments: Arguments<Database = DB>,
    Option<String>: for<'v> Encode<'v, DB> + Type<DB>,
    Option<i64>: for<'v> Encode<'v, DB> + Type<DB>,
    bool: for<'v> Encode<'v, DB> + Type<DB>,
    Vec<u8>: for<'v> Encode<'v, DB> + Type<DB>,
{
    if values.len() != sql.parameters {
        return Err(StoreError::Sql(Fault::new(
            "a statement was given too few or too many values",
        )));
    }
    Ok(values
        .into_iter()
        .fold(sqlx::query::<DB>(sql.text), |query, value| match value {
            Value::Text(text) => query.bind(text.map(without_nul)),
            Value::Int(number) => query.bind(number),
            Value::Bool(switch) => query.bind(switch),
            Value::Bytes(bytes) => query.bind(bytes),
        }))
}

fn without_nul(mut text: String) -> String {
    text.retain(|c| c != '\0');
    text
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<Option<u32>> for Value {
    fn from(number: Option<u32>) -> Self {
        Self::Int(number.map(i64::from))
    }
}

/// Counts and limits beyond what a database can hold are as good as its highest number.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<Millis> for Value {
    fn from(time: Millis) -> Self {
        Self::Int(Some(time.0))
    }
}

impl From<Option<Millis>> for Value {
    fn from(time: Option<Millis>) -> Self {
        Self::Int(time.map(|time| time.0))
    }
}

impl From<Option<NanoDollars>> for Value {
    fn from(amount: Option<NanoDollars>) -> Self {
        Self::Int(amount.map(|amount| amount.0))
    }
}

impl From<bool> for Value {
    fn from(switch: bool) -> Self {
        Self::Bool(switch)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

macro_rules! ids {
    ($($id:ty),+) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }

        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )+};
}

ids!(UserId, SessionId, KeyId, ConversationId, MessageId, InvitationId);
