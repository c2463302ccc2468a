//! Keys that leave in a sealed file and come back: who may, what is on record, and what is asked about.

use marshmallow_core::{
    AuditDetail, BundleChoice, BundleReview, BundleRowState, BundleStep, Diagnosis, ErrorCode, KeyId,
    KeySummary, Provider,
};
use marshmallow_service::{Caller, ExportRequest, ExportedKeys, SealedFile, ServiceError, SignedIn};

use crate::{
    harness::{Server, World, key_text, model, on_both, refusal},
    removal::{PASSWORD, registered},
};

const WORDS: &str = "four toasted paper boats";

on_both!(
    keys_leave_sealed_and_come_back_as_they_were,
    an_export_needs_the_password_and_is_on_record,
    only_own_keys_leave,
    a_key_that_does_not_open_stops_the_export,
    a_duplicate_is_asked_about,
    what_cannot_be_stored_is_named_and_the_rest_comes_in,
);

pub fn request(keys: &[KeyId]) -> ExportRequest {
    ExportRequest {
        password: PASSWORD.to_owned().into(),
        passphrase: WORDS.to_owned().into(),
        again: WORDS.to_owned().into(),
        keys: keys.to_vec(),
    }
}

pub async fn export(server: &Server, who: &SignedIn, keys: &[KeyId]) -> Result<ExportedKeys, ServiceError> {
    server.export_keys(who, request(keys), Caller::default()).await
}

fn file(text: &str) -> SealedFile {
    SealedFile::new(text.to_owned(), WORDS.to_owned())
}

pub async fn review(server: &Server, who: &SignedIn, text: &str) -> BundleReview {
    server
        .keys
        .review_bundle(who.account.id, file(text))
        .await
        .unwrap()
}

pub async fn import(
    server: &Server,
    who: &SignedIn,
    text: &str,
    number: usize,
    step: BundleStep,
) -> Result<KeySummary, marshmallow_core::PublicError> {
    let choices = vec![BundleChoice { number, step }];
    let outcomes = server
        .keys
        .import_bundle(who.account.id, file(text), choices)
        .await;
    outcomes.unwrap().remove(0).outcome
}

async fn keys_leave_sealed_and_come_back_as_they_were(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let first = server.key(user, Provider::OpenAi, "simvalid-first").await;
    let custom = server.key(user, Provider::Custom, "simvalid-mine").await;
    server.keys.rename(user, first.id, "Home").await.unwrap();
    server.keys.set_active(user, custom.id, false).await.unwrap();

    let exported = export(&server, &ada, &[custom.id, first.id]).await.unwrap();
    assert_eq!(exported.name, "marshmallow-keys-2027-01-15.mmkeys");
    for secret in [
        key_text(Provider::OpenAi, "simvalid-first").as_str(),
        "Home",
        "simvalid",
        WORDS,
    ] {
        assert!(!exported.text.contains(secret), "{secret}");
    }
    for key in [first.id, custom.id] {
        server.keys.remove(user, key).await.unwrap();
    }
    world.simulator.clear();
    let shown = review(&server, &ada, &exported.text).await;
    let rows: Vec<_> = shown
        .keys
        .iter()
        .map(|row| (row.provider, row.label.as_str(), row.is_active))
        .collect();
    assert_eq!(
        rows,
        [
            (Some(Provider::OpenAi), "Home", true),
            (Some(Provider::Custom), "work", false)
        ]
    );
    assert!(
        shown
            .keys
            .iter()
            .all(|row| row.state == BundleRowState::New && row.last_four == "cdef")
    );
    assert!(
        world.simulator.requests().is_empty(),
        "looking at a file asks nobody"
    );
    assert!(server.keys_of(user).await.is_empty(), "and stores nothing");

    let found = server
        .keys
        .inspect_bundle(user, file(&exported.text), &[0, 1])
        .await
        .unwrap();
    for one in found {
        let finding = one.outcome.unwrap().finding.unwrap();
        assert_eq!(finding.diagnosis, Diagnosis::Valid);
    }
    assert!(server.keys_of(user).await.is_empty(), "neither does asking");

    let home = import(&server, &ada, &exported.text, 0, BundleStep::Add)
        .await
        .unwrap();
    assert_eq!((home.label.as_str(), home.is_active), ("Home", true));
    let mine = import(&server, &ada, &exported.text, 1, BundleStep::Add)
        .await
        .unwrap();
    assert_eq!((mine.base_url, mine.is_active), (custom.base_url, false));
    let answer = server
        .ask(user, model(Provider::OpenAi), "Hello #sim delay=0")
        .await;
    assert_eq!(answer.receipt().credential.key, Some(home.id));
}

async fn an_export_needs_the_password_and_is_on_record(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let keys = [
        server.key(user, Provider::OpenAi, "simvalid").await.id,
        server.key(user, Provider::Google, "simvalid").await.id,
    ];
    let tried = |change: fn(&mut ExportRequest)| {
        let mut request = request(&keys);
        change(&mut request);
        server.export_keys(&ada, request, Caller::default())
    };
    let slips: [fn(&mut ExportRequest); 5] = [
        |request| request.again = "four toasted paper boat".to_owned().into(),
        |request| request.keys.clear(),
        |request| {
            request.passphrase = PASSWORD.to_owned().into();
            request.again = PASSWORD.to_owned().into();
        },
        |request| {
            request.passphrase = "short".to_owned().into();
            request.again = "short".to_owned().into();
        },
        |request| {
            request.passphrase = "aaaaaaaaaaaaaaaa".to_owned().into();
            request.again = "aaaaaaaaaaaaaaaa".to_owned().into();
        },
    ];
    // More slips than attempts that an account has: they cost none.
    for slip in slips.iter().cycle().take(15) {
        assert_eq!(refusal(tried(*slip).await).code, ErrorCode::InvalidInput);
    }
    let wrong = refusal(tried(|request| request.password = "not the right one".to_owned().into()).await);
    assert_eq!(wrong.code, ErrorCode::WrongCredentials);
    assert_eq!(server.last_audited(user).await.0, "key.export_refused");
    assert_eq!(server.audited(user, "key.export").await, 0);

    tried(|_| ()).await.unwrap();
    assert_eq!(server.audited(user, "key.export").await, 2);
    let entries = server.audit(user).await;
    let mut subjects: Vec<_> = entries[..2]
        .iter()
        .map(|entry| entry.subject.clone().unwrap())
        .collect();
    subjects.sort();
    assert_eq!(subjects, keys.map(|key| key.to_string()));
    assert_eq!(
        AuditDetail::from_json(&entries[0].detail).last_four.as_deref(),
        Some("cdef")
    );
    assert!(entries.iter().all(|entry| !entry.detail.contains(WORDS)));

    let mut last = ErrorCode::WrongCredentials;
    for _ in 0..12 {
        last = refusal(tried(|request| request.password = "guessed".to_owned().into()).await).code;
    }
    assert_eq!(last, ErrorCode::TooManyAttempts, "throttled like signing in");
}

async fn only_own_keys_leave(world: World) {
    let server = world.server().await;
    let (ada, ben) = (registered(&server, "ada").await, registered(&server, "ben").await);
    let own = server.key(ada.account.id, Provider::OpenAi, "simvalid-ada").await;
    let other = server.key(ben.account.id, Provider::OpenAi, "simvalid-ben").await;
    let refused = refusal(export(&server, &ada, &[own.id, other.id]).await);
    assert_eq!(refused.code, ErrorCode::NotFound);
    assert_eq!(server.audited(ada.account.id, "key.export").await, 0);

    let exported = export(&server, &ada, &[own.id]).await.unwrap();
    assert_eq!(review(&server, &ben, &exported.text).await.keys.len(), 1);
    // An account that is gone exports nothing more.
    server
        .delete_account(&ben, PASSWORD.to_owned(), Caller::default())
        .await
        .unwrap();
    let gone = refusal(export(&server, &ben, &[other.id]).await);
    assert_eq!(gone.code, ErrorCode::SignInNeeded);
}

async fn a_key_that_does_not_open_stops_the_export(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let good = server.key(user, Provider::OpenAi, "simvalid").await;
    let broken = server.key(user, Provider::Google, "simvalid").await;
    world
        .database
        .run(&format!(
            "UPDATE provider_keys SET base_url = 'https://elsewhere.test' WHERE id = '{}'",
            broken.id
        ))
        .await;
    let refused = refusal(export(&server, &ada, &[good.id, broken.id]).await);
    assert_eq!(refused.code, ErrorCode::KeyDoesNotOpen);
    assert!(refused.message.contains("Google AI work …cdef"), "{refused}");
    assert_eq!(server.audited(user, "key.export").await, 0);
    assert_eq!(
        server.last_audited(user).await,
        ("key.does_not_open".to_owned(), "export".to_owned())
    );
    export(&server, &ada, &[good.id]).await.unwrap();
    assert_eq!(server.audited(user, "key.export").await, 1);
}

async fn a_duplicate_is_asked_about(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    let key = server.key(user, Provider::OpenAi, "simvalid").await;
    server.keys.rename(user, key.id, "Then").await.unwrap();
    let exported = export(&server, &ada, &[key.id]).await.unwrap();
    server.keys.rename(user, key.id, "Now").await.unwrap();
    server.keys.set_active(user, key.id, false).await.unwrap();

    let shown = review(&server, &ada, &exported.text).await.keys.remove(0);
    let expected = BundleRowState::Stored {
        label: "Now".to_owned(),
        is_active: false,
    };
    assert_eq!(
        (shown.label.as_str(), shown.is_active, shown.state),
        ("Then", true, expected)
    );
    let asked_before = world.simulator.requests().len();
    let found = server
        .keys
        .inspect_bundle(user, file(&exported.text), &[0])
        .await
        .unwrap();
    assert_eq!(found[0].outcome.as_ref().unwrap().finding, None);
    let again = import(&server, &ada, &exported.text, 0, BundleStep::Add)
        .await
        .unwrap_err();
    assert_eq!(again.code, ErrorCode::KeyDuplicate);
    assert_eq!(
        server.keys_of(user).await[0].label,
        "Now",
        "nothing is taken without being asked for"
    );

    let taken = import(&server, &ada, &exported.text, 0, BundleStep::TakeSettings)
        .await
        .unwrap();
    assert_eq!(
        (taken.id, taken.label.as_str(), taken.is_active),
        (key.id, "Then", true)
    );
    assert_eq!(
        world.simulator.requests().len(),
        asked_before,
        "a stored key is not asked about"
    );
    server.keys.remove(user, key.id).await.unwrap();
    let gone = import(&server, &ada, &exported.text, 0, BundleStep::TakeSettings)
        .await
        .unwrap_err();
    assert_eq!(gone.code, ErrorCode::InvalidInput);
    assert!(server.keys_of(user).await.is_empty());
}

async fn what_cannot_be_stored_is_named_and_the_rest_comes_in(world: World) {
    let server = world.server().await;
    let ada = registered(&server, "ada").await;
    let user = ada.account.id;
    // Made by another program: a broken key, and a provider of another version.
    let vectors = include_str!("../../../vault/tests/sealing/bundles/vectors.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    let odd = vectors
        .as_array()
        .unwrap()
        .iter()
        .find(|vector| vector["name"] == "odd")
        .unwrap();
    let text = odd["file"].as_str().unwrap();
    let sealed = || SealedFile::new(text.to_owned(), PASSWORD.to_owned());
    let rows = server.keys.review_bundle(user, sealed()).await.unwrap().keys;
    let refusals: Vec<_> = rows
        .iter()
        .map(|row| match &row.state {
            BundleRowState::Refused(error) => error.message.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(refusals[0].contains("another address than here"), "{refusals:?}");
    assert!(refusals[1].contains("does not know"), "{refusals:?}");
    let both = [0, 1].map(|number| BundleChoice {
        number,
        step: BundleStep::Add,
    });
    let outcomes = server
        .keys
        .import_bundle(user, sealed(), both.to_vec())
        .await
        .unwrap();
    assert!(outcomes.iter().all(|one| one.outcome.is_err()), "{outcomes:?}");

    let wrong = SealedFile::new(text.to_owned(), "not the right one".to_owned());
    let wrong = refusal(server.keys.review_bundle(user, wrong).await);
    assert_eq!(wrong.message, "This passphrase does not open the file.");
    let picture = SealedFile::new("\u{fffd}PNG\r\n".to_owned(), "x".to_owned());
    let picture = refusal(server.keys.review_bundle(user, picture).await);
    assert_eq!(picture.message, "This file is no bundle of keys.");
    for count in [0, 7] {
        let many = vec![0; count];
        let outcome = server.keys.inspect_bundle(user, sealed(), &many).await;
        assert_eq!(refusal(outcome).code, ErrorCode::InvalidInput, "{count}");
    }
    let beyond = server
        .keys
        .inspect_bundle(user, sealed(), &[9])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(beyond.outcome.unwrap_err().code, ErrorCode::NotFound);
    let mut last = None;
    for _ in 0..40 {
        last = server
            .keys
            .review_bundle(user, SealedFile::new(String::new(), String::new()))
            .await
            .err();
    }
    assert_eq!(last.unwrap().into_public().code, ErrorCode::TooManyAttempts);
    assert!(server.keys_of(user).await.is_empty());
}
