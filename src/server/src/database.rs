//! Where the database is. It refuses to open it.

use std::path::Path;

/// `DATABASE_URL`, or SQLite in the data folder.
pub fn url(data: &Path) -> String {
    std::env::var("DATABASE_URL")
        .unwrap_or_else(|_| format!("sqlite:{}", data.join("marshmallow.sqlite").display()))
}
