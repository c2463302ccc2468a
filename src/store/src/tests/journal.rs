//! The journal: frames of many streams in one write, read from any number on, gone when the answer is whole.

use marshmallow_core::MessageId;

use super::harness::{Counter, NOW, finished, on_both, person, running};
use crate::{JournalRow, Store, StoreError};

on_both!(
    frames_are_read_from_any_number_on,
    many_streams_share_a_write,
    a_batch_is_stored_whole_or_not_at_all,
    frames_of_answers_that_are_gone_are_reported,
    a_finished_answer_has_no_journal,
);

fn row(message: MessageId, seq: u32) -> JournalRow {
    JournalRow {
        message,
        seq,
        frame: format!("frame {seq} of {message}"),
    }
}

async fn frames_are_read_from_any_number_on(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let rows: Vec<_> = (0..5).map(|seq| row(answer, seq)).collect();
    assert!(store.append_frames("a", &rows).await.unwrap().is_empty());
    let read = |after, limit| store.frames(user, answer, after, limit);
    let numbers = |frames: Vec<(u32, String)>| frames.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>();
    let all = read(None, 100).await.unwrap();
    assert_eq!(all[3], (3, format!("frame 3 of {answer}")));
    assert_eq!(numbers(all), [0, 1, 2, 3, 4]);
    assert_eq!(numbers(read(Some(0), 2).await.unwrap()), [1, 2]);
    assert_eq!(numbers(read(Some(3), 100).await.unwrap()), [4]);
    assert_eq!(numbers(read(Some(4), 100).await.unwrap()), [0; 0]);
}

async fn many_streams_share_a_write(store: Store) {
    let user = person(&store, "ada").await;
    // 1 to 40 frames: every way in which a batch is cut into statements.
    for size in [1, 3, 4, 7, 16, 21, 40] {
        let (_, one) = running(&store, user).await;
        let (_, two) = running(&store, user).await;
        let rows: Vec<_> = (0..size)
            .map(|n| row(if n % 2 == 0 { one } else { two }, n / 2))
            .collect();
        assert!(store.append_frames("a", &rows).await.unwrap().is_empty());
        for (message, count) in [(one, size.div_ceil(2)), (two, size / 2)] {
            let expected: Vec<_> = (0..count).map(|seq| (seq, row(message, seq).frame)).collect();
            assert_eq!(store.frames(user, message, None, 100).await.unwrap(), expected);
        }
    }
    assert!(store.append_frames("a", &[]).await.unwrap().is_empty());
}

async fn a_batch_is_stored_whole_or_not_at_all(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let twice = [row(answer, 0), row(answer, 1), row(answer, 1)];
    let refused = store.append_frames("a", &twice).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(store.frames(user, answer, None, 100).await.unwrap().is_empty());
}

async fn frames_of_answers_that_are_gone_are_reported(store: Store) {
    let user = person(&store, "ada").await;
    let (_, alive) = running(&store, user).await;
    let (deleted, gone) = running(&store, user).await;
    store.delete_conversation(user, deleted).await.unwrap();
    let unknown = MessageId::make(NOW, &Counter);
    let rows = [row(gone, 0), row(alive, 0), row(unknown, 0), row(gone, 1)];
    let mut lost = store.append_frames("a", &rows).await.unwrap();
    lost.sort();
    let mut expected = vec![gone, unknown];
    expected.sort();
    assert_eq!(lost, expected);
    assert_eq!(store.frames(user, alive, None, 10).await.unwrap().len(), 1);
}

async fn a_finished_answer_has_no_journal(store: Store) {
    let user = person(&store, "ada").await;
    let (_, answer) = running(&store, user).await;
    let (_, other) = running(&store, user).await;
    store
        .append_frames("a", &[row(answer, 0), row(answer, 1), row(other, 0)])
        .await
        .unwrap();
    assert!(store.finish_turn(&finished(user, answer, "Whole")).await.unwrap());
    assert!(store.frames(user, answer, None, 10).await.unwrap().is_empty());
    assert_eq!(store.frames(user, other, None, 10).await.unwrap().len(), 1);
    assert_eq!(
        store.append_frames("a", &[row(answer, 2)]).await.unwrap(),
        [answer]
    );
    assert_eq!(store.message(user, answer).await.unwrap().unwrap().text, "Whole");
}
