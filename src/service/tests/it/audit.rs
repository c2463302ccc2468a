//! The audit trail: what the keys did is on record, everyone sees their own, and downloads verify.

use futures::TryStreamExt;
use marshmallow_core::{
    AccountSummary, AuditExport, ErrorCode, Millis, Provider, Role, SessionId, UserId, verify_export,
};
use marshmallow_service::{AuditQuery, SignedIn, audit::verify};

use crate::harness::{Server, Setup, TestRandom, World, model, on_both, refusal};

on_both!(
    every_step_of_a_key_is_on_record,
    members_see_their_own_and_administrators_everyones,
    downloads_verify_and_are_recorded,
);

const EVERYONES: (bool, &str, &str, u32) = (true, "", "", 0);

fn query((everyone, kind, key, days): (bool, &str, &str, u32)) -> AuditQuery {
    AuditQuery::parse(everyone, kind, key, days).unwrap()
}

async fn signed_in(server: &Server, user: UserId) -> SignedIn {
    let user = server.store.user(user).await.unwrap().unwrap();
    SignedIn {
        account: AccountSummary {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
        },
        session: SessionId::make(Millis(1), &TestRandom),
    }
}

async fn every_step_of_a_key_is_on_record(world: World) {
    let server = world.server_with(Setup::lending(Provider::OpenAi)).await;
    let user = server.person("ada").await;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    server.ask(user, model(Provider::OpenAi), "Hello").await;
    server
        .ask(user, model(Provider::OpenAi), "Hello #sim status=402")
        .await;
    server.keys.recheck(user, key.id).await.unwrap();
    server.keys.set_active(user, key.id, false).await.unwrap();
    server.ask(user, model(Provider::OpenAi), "On the platform").await;
    server.keys.remove(user, key.id).await.unwrap();

    let person = signed_in(&server, user).await;
    let page = server
        .audit
        .page(&person, &query((false, "", "", 0)), None)
        .await
        .unwrap();
    let told: Vec<_> = page
        .lines
        .iter()
        .rev()
        .map(|line| {
            (
                line.action.as_str(),
                line.subject.is_some(),
                line.detail.said.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("account.created", false, None),
            ("key.add", true, Some("valid")),
            ("use.answer", true, Some("complete")),
            ("use.fall_back", true, Some("no_credit")),
            ("use.fail", false, Some("no_credit")),
            ("key.check", true, Some("valid")),
            ("key.switch_off", true, None),
            ("use.answer", false, Some("complete")),
            ("key.remove", true, None),
        ]
    );
    let of_key = query((false, "use", &key.id.to_string(), 7));
    let page = server.audit.page(&person, &of_key, None).await.unwrap();
    assert_eq!(page.lines.len(), 2);
    assert!(
        page.lines
            .iter()
            .all(|line| line.detail.last_four == Some(key.last_four.clone()))
    );
    assert_eq!(verify(&server.store).await.unwrap().findings, []);
}

async fn members_see_their_own_and_administrators_everyones(world: World) {
    let server = world.server().await;
    let (ada, bob) = (server.person("ada").await, server.person("bob").await);
    let (ada, bob) = (signed_in(&server, ada).await, signed_in(&server, bob).await);
    assert_eq!(
        (ada.account.role, bob.account.role),
        (Role::Administrator, Role::User)
    );
    let own = server
        .audit
        .page(&bob, &query((false, "", "", 0)), None)
        .await
        .unwrap();
    assert_eq!(own.lines.len(), 1);
    assert!(own.lines.iter().all(|line| line.person.is_none()));
    let refused = refusal(server.audit.page(&bob, &query(EVERYONES), None).await);
    assert_eq!(refused.code, ErrorCode::Forbidden);
    for outcome in [
        server.audit.csv(&bob, query(EVERYONES)).await.map(drop),
        server.audit.json(&bob, true).await.map(drop),
    ] {
        assert_eq!(refusal(outcome).code, ErrorCode::Forbidden);
    }
    let all = server.audit.page(&ada, &query(EVERYONES), None).await.unwrap();
    let mut people: Vec<_> = all
        .lines
        .iter()
        .filter_map(|line| line.person.as_deref())
        .collect();
    people.sort_unstable();
    assert_eq!(people, ["ada (ada@example.org)", "bob (bob@example.org)"]);
}

async fn text(stream: marshmallow_service::AuditStream) -> String {
    let pieces: Vec<_> = stream.try_collect().await.unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

async fn downloads_verify_and_are_recorded(world: World) {
    let server = world.server().await;
    let (ada, bob) = (server.person("ada").await, server.person("bob").await);
    let key = server.key(bob, Provider::OpenAi, "simvalid").await;
    // More than is read at once.
    for _ in 0..260 {
        server.keys.set_active(bob, key.id, false).await.unwrap();
        server.keys.set_active(bob, key.id, true).await.unwrap();
    }
    server
        .store
        .write_audit_root(Millis(1), 1)
        .await
        .unwrap()
        .unwrap();
    let (ada, bob) = (signed_in(&server, ada).await, signed_in(&server, bob).await);

    let csv = text(
        server
            .audit
            .csv(&bob, query((false, "key", "", 0)))
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(csv.lines().count(), 1 + 521);
    assert!(csv.lines().nth(1).unwrap().contains("\"key.switch_on\""));

    // Everyone's: those of two people, the platform's terms on the installation's chain, and the root entry.
    for (person, is_everyones, chains, entries) in [(&bob, false, 1, 524), (&ada, true, 4, 528)] {
        let json = text(server.audit.json(person, is_everyones).await.unwrap()).await;
        let mut export: AuditExport = serde_json::from_str(&json).unwrap();
        let report = verify_export(export.clone());
        assert_eq!(
            (report.findings, report.chains, report.entries),
            (vec![], chains, entries)
        );
        let chain = bob.account.id.to_string();
        let last = export
            .entries
            .iter()
            .rposition(|entry| entry.chain == chain)
            .unwrap();
        export.entries[last].detail = "{}".to_owned();
        export.entries.remove(last - 2);
        let told: Vec<_> = verify_export(export)
            .findings
            .iter()
            .map(|found| found.kind)
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
    }
    let recorded = server.audited(bob.account.id, "audit.export").await;
    assert_eq!(
        (recorded, server.audited(ada.account.id, "audit.export").await),
        (2, 1)
    );
}
