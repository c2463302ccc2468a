//! One SQL for two databases: every text is prepared on both, and no file above `db` goes around them.

use std::{collections::BTreeSet, fs, path::Path};

use sqlx::{Executor, SqlSafeStr};

use super::harness::on_both;
use crate::{
    Store, audit, budgets, conversations,
    db::{Db, Sql},
    invitations, keys, messages, notices, removal, roots, rules, sealed, sessions, turns, usage, users,
};

on_both!(every_statement_is_understood);

fn all() -> Vec<&'static Sql> {
    [
        audit::ALL,
        audit::adopt::ALL,
        audit::read::ALL,
        audit::roots::ALL,
        budgets::limits::ALL,
        budgets::reserve::ALL,
        budgets::settle::ALL,
        budgets::succession::ALL,
        conversations::ALL,
        invitations::ALL,
        keys::ALL,
        keys::checks::ALL,
        keys::life::ALL,
        keys::order::ALL,
        keys::replace::ALL,
        keys::rest::ALL,
        keys::take::ALL,
        messages::ALL,
        notices::ALL,
        removal::ALL,
        roots::ALL,
        rules::ALL,
        sealed::ALL,
        sessions::ALL,
        turns::begin::ALL,
        turns::finish::ALL,
        turns::journal::ALL,
        turns::lease::ALL,
        turns::pause::ALL,
        usage::ALL,
        users::ALL,
    ]
    .concat()
}

async fn every_statement_is_understood(store: Store) {
    for sql in all() {
        let text = sql.text.into_sql_str();
        let outcome = match &store.db {
            Db::Sqlite { writer, .. } => writer.prepare(text).await.map(|_| ()),
            Db::Postgres(pool) => pool.prepare(text).await.map(|_| ()),
        };
        assert!(outcome.is_ok(), "{}: {outcome:?}", sql.text);
    }
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_statement_is_listed_and_every_user_row_asks_for_its_user() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = 0;
    for (path, text) in sources(&folder) {
        let file = path.strip_prefix(folder.to_str().unwrap()).unwrap();
        if file.starts_with("/tests") || file.starts_with("/db") || file == "/error.rs" {
            continue;
        }
        assert!(!text.contains("sqlx"), "{file} names the driver");
        modules += usize::from(text.contains("\nstatements! {"));
    }
    assert_eq!(
        modules, 31,
        "a module declares statements that `all` does not list"
    );
    // What belongs to nobody, or is found before anybody is known, or is the servers' own housekeeping.
    let no_user = [
        "UPDATE installation",
        "SELECT policy, day_limit, grant_day FROM platform_terms",
        "UPDATE platform_terms",
        "UPDATE invitations",
        "DELETE FROM invitations",
        "SELECT id, created_by, created_at, expires_at, used_at FROM invitations",
        "SELECT id FROM invitations",
        "SELECT COUNT(*) AS count FROM users",
        "SELECT DISTINCT kek_id FROM provider_keys",
        // Everybody's keys, for the servers' checks and the end of lives.
        "SELECT user_id, id FROM provider_keys",
        "SELECT longest_key_life FROM platform_terms",
        "SELECT id FROM users WHERE role = 'administrator'",
        "SELECT kek_id, next_kek_id FROM installation",
        "SELECT k.user_id, u.kek_salt",
        "SELECT kek_id, COUNT(*) AS row_count",
        "SELECT id, kek_ids FROM servers",
        "DELETE FROM servers",
        "DELETE FROM sessions WHERE expires_at",
        "SELECT message_id FROM generations WHERE owner",
        "UPDATE generations SET lease_until = $2 WHERE owner",
        "UPDATE generations SET owner",
        "SELECT DISTINCT r.user_id, r.message_id FROM reservations",
        // Chains as a whole, for the writer, the verifier and administrators.
        "UPDATE audit_heads",
        "DELETE FROM audit_unchained RETURNING",
        "SELECT id FROM audit_unchained LIMIT 1",
        "SELECT h.chain, h.seq, h.hash FROM audit_heads",
        "SELECT a.chain, a.seq, a.at",
        "SELECT chain, seq, format",
        "SELECT chain FROM audit_heads UNION",
        "SELECT chain, seq, hash FROM audit_heads",
    ];
    for sql in all() {
        let asks = match sql.table {
            "users" => sql.text.contains("WHERE id = $1") || sql.text.contains("WHERE email_lower = $1"),
            _ => sql.text.contains("user_id = $1") || sql.text.contains("s.token_hash = $1"),
        };
        let finds_for_servers = sql
            .text
            .contains("SELECT message_id, user_id, conversation_id, owner");
        let is_insert = sql.text.starts_with("INSERT");
        let is_known = no_user.iter().any(|start| sql.text.starts_with(start));
        assert!(
            asks || is_insert || is_known || finds_for_servers,
            "whose row? {}",
            sql.text
        );
    }
}

#[test]
fn migrations_are_paired() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(database);
        let files = fs::read_dir(folder).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgres"));
}
