//! `marshmallow audit verify` on a database and on a downloaded file, and the downloads themselves.

use std::fs;

use marshmallow_core::{AuditExport, Provider};
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::harness::{Actor, Place, on_postgres, own_key};

const VERIFY: [&str; 2] = ["audit", "verify"];
const DROPPED_ON_SQLITE: &str = "DROP TRIGGER audit_refuses_update";
const DROPPED_ON_POSTGRES: &str = "ALTER TABLE audit DISABLE TRIGGER ALL";
const CHANGE: &str = "UPDATE audit SET detail = '{\"said\":\"invalid\"}' WHERE action = 'key.add'";

/// Ana, the administrator, with a key; and Ben.
async fn people(place: &Place, anonymous: &Actor) -> (Actor, Actor) {
    let ana = anonymous.register("ana").await;
    let key = own_key(Provider::OpenAi, "ana");
    ana.add_key(place, Provider::OpenAi, &key).await;
    (ana, anonymous.register("ben").await)
}

/// Whether the program says that all is well, with these counts.
async fn assert_well(place: &Place, arguments: &[&str], counts: &str) {
    let well = place.run(arguments).await;
    assert_eq!(well.code, Some(0), "{}", well.said);
    assert!(well.said.contains(counts), "{}", well.said);
    assert!(well.said.contains("all is as it was written"), "{}", well.said);
}

/// Whether the program names the entry about the key.
async fn assert_named(place: &Place, arguments: &[&str]) {
    let told = place.run(arguments).await;
    assert_eq!(told.code, Some(1), "{}", told.said);
    for word in ["changed: chain ", ", entry 3, id ", ", key.add, 20", "1 finding"] {
        assert!(told.said.contains(word), "{word}: {}", told.said);
    }
}

#[tokio::test]
async fn the_database_is_verified_while_the_server_runs_and_a_changed_entry_is_named() {
    let place = Place::new().await;
    let server = place.start().await;
    let (ana, _) = people(&place, &server.anonymous()).await;
    assert_well(&place, &VERIFY, "entries: 5, chains: 2").await;
    let wrong = ana.try_sign_in("ana@example.org", "not the right one").await;
    let unknown = ana.try_sign_in("nobody@example.org", "not the right one").await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_well(&place, &VERIFY, "entries: 7, chains: 3").await;

    let url = format!("sqlite:{}", place.data().join("marshmallow.sqlite").display());
    let mut shell = SqliteConnection::connect(&url).await.unwrap();
    for statement in [DROPPED_ON_SQLITE, CHANGE] {
        sqlx::query(statement).execute(&mut shell).await.unwrap();
    }
    assert_named(&place, &VERIFY).await;
}

#[tokio::test]
async fn a_changed_entry_is_named_on_postgres() {
    on_postgres(|url| async move {
        let place = Place::new().await.with("DATABASE_URL", &url);
        let server = place.start().await;
        people(&place, &server.anonymous()).await;
        assert_well(&place, &VERIFY, "entries: 5, chains: 2").await;
        let mut shell = PgConnection::connect(&url).await.unwrap();
        for statement in [DROPPED_ON_POSTGRES, CHANGE] {
            sqlx::query(statement).execute(&mut shell).await.unwrap();
        }
        assert_named(&place, &VERIFY).await;
    })
    .await;
}

#[tokio::test]
async fn a_download_is_verified_without_the_server() {
    let place = Place::new().await;
    let server = place.start().await;
    let (ana, ben) = people(&place, &server.anonymous()).await;
    let own = ana.page("/download/activity.json").await;
    assert_eq!(own.header("content-type"), "application/json");
    assert_eq!(
        own.header("content-disposition"),
        "attachment; filename=\"marshmallow-activity-own.json\""
    );
    let everyones = ana.page("/download/activity.json?everyone=true").await;
    let bens = ben.page("/download/activity.json").await.text();
    assert!(!bens.contains("key.add"), "{bens}");
    server.kill().await;
    fs::remove_dir_all(place.data()).unwrap();

    let file = place.folder().join("export.json");
    let name = file.display().to_string();
    let arguments = ["audit", "verify", "--file", name.as_str()];
    fs::write(&file, &own.body).unwrap();
    assert_well(&place, &arguments, "entries: 4, chains: 1").await;
    fs::write(&file, &everyones.body).unwrap();
    assert_well(&place, &arguments, "entries: 7, chains: 2").await;

    let mut export: AuditExport = serde_json::from_slice(&own.body).unwrap();
    export.entries[2].detail = "{}".to_owned();
    fs::write(&file, serde_json::to_string(&export).unwrap()).unwrap();
    assert_named(&place, &arguments).await;
    export.entries.remove(1);
    fs::write(&file, serde_json::to_string(&export).unwrap()).unwrap();
    let told = place.run(&arguments).await;
    assert!(
        told.said.contains("removed: chain ") && told.said.contains("entry 2\n"),
        "{}",
        told.said
    );
    assert_eq!(told.code, Some(1));
}

#[tokio::test]
async fn what_cannot_be_verified_is_named() {
    let place = Place::new().await;
    let refused = place.run(&VERIFY).await;
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.said.contains("there is no database at"),
        "{}",
        refused.said
    );
    assert!(!place.data().exists());
    let file = place.folder().join("export.json");
    let name = file.display().to_string();
    let arguments = ["audit", "verify", "--file", name.as_str()];
    assert!(place.run(&arguments).await.said.contains("cannot be read"));
    for (text, said) in [
        (
            "{\"format\":\"marsh",
            "is no audit download of Marshmallow, or it was cut off",
        ),
        (
            "{\"format\":\"marshmallow-audit\",\"version\":2,\"exported_at\":0,\"heads\":[],\"entries\":[]}",
            "has a form that this version does not know",
        ),
    ] {
        fs::write(&file, text).unwrap();
        let refused = place.run(&arguments).await;
        assert!(
            refused.code == Some(1) && refused.said.contains(said),
            "{}",
            refused.said
        );
    }
}

#[tokio::test]
async fn csv_holds_no_formula_and_no_key_and_odd_questions_are_refused() {
    let place = Place::new().await;
    let server = place.start().await;
    let ana = server.anonymous().register("ana").await;
    let key = own_key(Provider::OpenAi, "csv");
    let fields = [
        ("provider", "openai"),
        ("key", key.as_str()),
        ("label", "=HYPERLINK(\"x\")"),
    ];
    assert_eq!(ana.post("keys/add", &fields).await.status, 200);
    let csv = ana.page("/download/activity.csv?kind=key").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = csv.text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(
        text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && text.contains("\"cdef\""),
        "{text}"
    );
    assert!(!text.contains(&key));
    for odd in ["kind=nothing", "key=x", "days=-1", "everyone=maybe", "other=1"] {
        let refused = ana.page(&format!("/download/activity.csv?{odd}")).await;
        assert_eq!(refused.outcome(), "422 invalid_input", "{odd}");
    }
}
