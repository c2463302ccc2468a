//! What stays on SQLite's disk: files that nobody else may read, and not one byte of a removed key.

use std::path::Path;

use super::harness::{entry, make_hash, new_key, person, sqlite_url};
use crate::{NewKey, Store};

/// Everything in the files of the folder, a character a byte.
fn disk(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap();
    let bytes = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap());
    bytes.map(char::from).collect()
}

/// Whether the key's sealed bytes are there. Their first 32 are trace enough.
fn holds(disk: &str, key: &NewKey) -> bool {
    let trace = |part: &[u8]| part[..32].iter().copied().map(char::from).collect::<String>();
    disk.contains(&trace(&key.sealed.key_cipher)) || disk.contains(&trace(&key.sealed.wrapped_dek))
}

#[tokio::test]
async fn a_removed_key_leaves_no_byte_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    let user = person(&store, "ada").await;
    // Enough of all sizes for several pages, so that rows move while others come and go.
    let mut keys = Vec::new();
    for number in 0..80 {
        let mut key = new_key(user);
        key.sealed.key_cipher = make_hash().repeat(1 + number % 40);
        store.add_key(&key, 100, &entry(user, "key.add")).await.unwrap();
        keys.push(key);
    }
    let before = disk(folder.path());
    assert!(keys.iter().all(|key| holds(&before, key)));
    let (removed, kept): (Vec<_>, Vec<_>) = keys
        .into_iter()
        .enumerate()
        .partition(|(number, _)| number % 3 > 0);
    for (_, key) in &removed {
        assert!(
            store
                .remove_key(user, key.id, &entry(user, "key.remove"))
                .await
                .unwrap()
        );
        assert!(!holds(&disk(folder.path()), key));
    }
    let between = disk(folder.path());
    assert!(kept.iter().all(|(_, key)| holds(&between, key)));
    for (_, key) in &kept {
        store
            .remove_key(user, key.id, &entry(user, "key.remove"))
            .await
            .unwrap();
    }
    let after = disk(folder.path());
    assert!(!removed.iter().chain(&kept).any(|(_, key)| holds(&after, key)));
    store.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&sqlite_url(folder.path())).await.unwrap();
    person(&store, "ada").await;
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["store.db", "store.db-shm", "store.db-wal"]);
    store.close().await;
}
