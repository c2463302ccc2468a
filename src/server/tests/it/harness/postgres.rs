//! A PostgreSQL database of its own for a test.

use std::{
    future::Future,
    sync::atomic::{AtomicU32, Ordering},
    time::SystemTime,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

/// Runs a test with the address of a fresh database of the PostgreSQL that `MARSHMALLOW_TEST_POSTGRES` names, and
/// drops the database also when the test fails. Without that variable the test fails: a suite that skips half of
/// itself proves nothing.
pub async fn on_postgres<F>(test: impl FnOnce(String) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let admin = std::env::var("MARSHMALLOW_TEST_POSTGRES").expect(
        "set MARSHMALLOW_TEST_POSTGRES to the address of a PostgreSQL whose user may create databases, \
         or run `cargo xtask test`, which starts one",
    );
    let admin: PgConnectOptions = admin.parse().unwrap();
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let name = format!("marshmallow_it_{since}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    run(&admin, format!("CREATE DATABASE {name}")).await;
    let url = admin.clone().database(&name).to_url_lossy().to_string();
    let outcome = tokio::spawn(test(url)).await;
    run(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn run(admin: &PgConnectOptions, sql: String) {
    let mut connection = PgConnection::connect_with(admin).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
