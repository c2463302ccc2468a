//! Texts come back as they were stored: long ones, odd ones, and without the one character that cannot be stored.

use super::harness::{finished, new_turn, next_turn, on_both, person, running, send};
use crate::{JournalRow, Store};

on_both!(
    odd_texts_come_back_unchanged,
    a_megabyte_comes_back_unchanged,
    nul_characters_are_stripped_at_the_door,
);

async fn odd_texts_come_back_unchanged(store: Store) {
    let user = person(&store, "ada").await;
    let odd = "Grüße 👩‍👩‍👧‍👦 \u{202e}世界\r\n\t'; DROP TABLE users; -- $1 \\ \u{fffd}\u{10ffff}";
    let mut turn = new_turn(user);
    turn.question = send(odd);
    store.begin_turn(&turn).await.unwrap();
    store
        .finish_turn(&finished(user, turn.answer, odd))
        .await
        .unwrap();
    let id = store.conversations(user, None, 1).await.unwrap()[0].id;
    store.rename_conversation(user, id, odd).await.unwrap();
    assert_eq!(store.conversation(user, id).await.unwrap().unwrap().title, odd);
    let branch = store.branch(user, id).await.unwrap();
    assert_eq!((branch[0].text.as_str(), branch[1].text.as_str()), (odd, odd));
}

async fn a_megabyte_comes_back_unchanged(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let long = "0123456789abcdé👋".repeat(1024 * 1024 / 19 + 1);
    assert!(long.len() > 1024 * 1024);
    let frame = JournalRow {
        message: answer,
        seq: 0,
        frame: long.clone(),
    };
    store.append_frames("a", &[frame]).await.unwrap();
    assert!(store.frames(user, answer, None, 1).await.unwrap() == [(0, long.clone())]);
    store.finish_turn(&finished(user, answer, &long)).await.unwrap();
    assert!(store.branch(user, id).await.unwrap()[1].text == long);
}

async fn nul_characters_are_stripped_at_the_door(store: Store) {
    let user = person(&store, "ada").await;
    let (id, answer) = running(&store, user).await;
    let mut turn = finished(user, answer, "a\0b\0");
    turn.receipt = Some("\0".to_owned());
    store.finish_turn(&turn).await.unwrap();
    store.begin_turn(&next_turn(user, id, send("\0c"))).await.unwrap();
    let branch = store.branch(user, id).await.unwrap();
    assert_eq!(
        (branch[1].text.as_str(), branch[1].receipt.as_deref()),
        ("ab", Some(""))
    );
    assert_eq!(branch[2].text, "c");
}
