//! A PostgreSQL database of its own for each test that asks for one. It refuses to know what the test keeps there.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::{
    future::Future,
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::Semaphore;

/// Databases at a time, so that their connections stay below what a PostgreSQL allows, on any machine.
static AT_A_TIME: Semaphore = Semaphore::const_new(3);

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Runs a test with the address of a fresh database of the PostgreSQL that `MARSHMALLOW_TEST_POSTGRES` names, and
/// drops the database also when the test fails.
///
/// # Panics
/// Without that variable, since a suite that skips half of itself proves nothing; and where the test panics.
pub async fn on_postgres<F>(test: impl FnOnce(String) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let admin = std::env::var("MARSHMALLOW_TEST_POSTGRES").expect(
        "set MARSHMALLOW_TEST_POSTGRES to the address of a PostgreSQL whose user may create databases, \
         or run `cargo xtask test`, which starts one",
    );
    let admin: PgConnectOptions = admin.parse().unwrap();
    let _permit = AT_A_TIME.acquire().await.unwrap();
    let name = make_name();
    run(&admin, format!("CREATE DATABASE {name}")).await;
    let url = admin.clone().database(&name).to_url_lossy().to_string();
    let outcome = tokio::spawn(test(url)).await;
    run(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// A name that no other test has, also none of another process or of an earlier run.
fn make_name() -> String {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("marshmallow_{}_{since}_{number}", process::id())
}

async fn run(admin: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
