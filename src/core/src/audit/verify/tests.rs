//! What the verifier finds: every way to tamper with a trail, made by hand.

use super::*;
use crate::Millis;

fn entry(chain: &str, seq: i64, prev: &str, action: &str, detail: &str) -> ChainEntry {
    let mut entry = ChainEntry {
        format: 1,
        chain: chain.into(),
        seq,
        at: Millis(1_800_000_000_000 + seq),
        user: None,
        action: action.into(),
        subject: None,
        detail: detail.into(),
        prev: prev.into(),
        hash: String::new(),
    };
    entry.hash = entry.derive_hash().unwrap();
    entry
}

fn chain(name: &str, length: i64) -> Vec<ChainEntry> {
    let mut entries: Vec<ChainEntry> = Vec::new();
    for seq in 1..=length {
        let prev = entries.last().map_or(FIRST_PREV, |last| &last.hash).to_owned();
        entries.push(entry(name, seq, &prev, "key.add", "{}"));
    }
    entries
}

fn head(entries: &[ChainEntry]) -> AuditHead {
    let last = entries.last().unwrap();
    AuditHead {
        chain: last.chain.clone(),
        seq: last.seq,
        hash: last.hash.clone(),
    }
}

/// Two chains of five entries, tied together by a root entry.
fn export() -> AuditExport {
    let (ana, ben) = (chain("ana", 5), chain("ben", 5));
    let root = AuditRoot {
        heads: vec![head(&ana), head(&ben)],
    };
    let detail = serde_json::to_string(&root).unwrap();
    let roots = vec![entry(ROOTS_CHAIN, 1, FIRST_PREV, "audit.root", &detail)];
    AuditExport {
        format: AuditExport::FORMAT.into(),
        version: AuditExport::VERSION,
        exported_at: Millis(0),
        heads: vec![head(&ana), head(&ben), head(&roots)],
        entries: [ana, ben, roots].concat(),
    }
}

fn found(export: AuditExport) -> Vec<String> {
    let report = verify_export(export);
    let named = |finding: &AuditFault| {
        let text = finding.to_string();
        text.split(", id ")
            .next()
            .unwrap()
            .split(" (by")
            .next()
            .unwrap()
            .to_owned()
            + &finding.root.map(|root| format!(" by {root}")).unwrap_or_default()
    };
    report.findings.iter().map(named).collect()
}

/// Gives an entry and all that follow it in its chain new hashes, as a careful forger would.
fn forge(entries: &mut [ChainEntry]) {
    for at in 0..entries.len() {
        if at > 0 {
            entries[at].prev = entries[at - 1].hash.clone();
        }
        entries[at].hash = entries[at].derive_hash().unwrap();
    }
}

#[test]
fn untouched_chains_are_counted() {
    let report = verify_export(export());
    assert_eq!(report.findings, []);
    assert_eq!((report.chains, report.entries), (3, 11));
    assert_eq!(report.last_root.unwrap().seq, 1);
}

#[test]
fn a_changed_entry_is_named_whatever_was_changed() {
    let changes: [fn(&mut ChainEntry); 8] = [
        |entry| entry.at = Millis(1),
        |entry| entry.user = Some("eve".into()),
        |entry| entry.action = "key.remove".into(),
        |entry| entry.subject = Some("x".into()),
        |entry| entry.detail = "{\"said\":\"x\"}".into(),
        |entry| entry.prev = FIRST_PREV.into(),
        |entry| entry.hash = FIRST_PREV.into(),
        |entry| entry.format = 7,
    ];
    for change in changes {
        let mut export = export();
        change(&mut export.entries[2]);
        assert_eq!(found(export), ["changed: chain ana, entry 3"]);
    }
}

#[test]
fn an_entry_that_was_given_a_fitting_hash_is_named_by_its_successor() {
    let mut export = export();
    export.entries[2].detail = "{\"said\":\"x\"}".into();
    forge(&mut export.entries[2..3]);
    assert_eq!(found(export), ["changed: chain ana, entry 3"]);
}

#[test]
fn a_chain_that_was_forged_to_its_end_is_named_by_the_root_entry() {
    let mut export = export();
    export.entries[2].detail = "{\"said\":\"x\"}".into();
    forge(&mut export.entries[2..5]);
    export.heads[0] = head(&export.entries[..5]);
    assert_eq!(found(export), ["changed: chain ana, entry 5 by 1"]);
}

#[test]
fn removed_entries_are_named_at_the_beginning_in_the_middle_and_at_the_end() {
    for (range, said) in [
        (0..1, "removed: chain ana, entry 1"),
        (2..3, "removed: chain ana, entry 3"),
        (1..4, "removed: chain ana, entries 2 to 4"),
        (3..5, "removed: chain ana, entries 4 to 5"),
        (0..5, "removed: chain ana, entries 1 to 5"),
    ] {
        let mut export = export();
        export.entries.drain(range);
        assert_eq!(found(export), [said]);
    }
}

#[test]
fn a_tail_or_a_chain_that_was_cut_with_its_head_is_named_by_the_root_entry() {
    let mut tail = export();
    tail.entries.drain(3..5);
    tail.heads[0] = head(&tail.entries[..3]);
    assert_eq!(found(tail), ["removed: chain ana, entries 4 to 5 by 1"]);
    let mut whole = export();
    whole.entries.drain(0..5);
    whole.heads.remove(0);
    assert_eq!(found(whole), ["removed: chain ana, entries 1 to 5 by 1"]);
}

#[test]
fn reordered_entries_are_named_by_number_and_by_place() {
    let mut places = export();
    places.entries.swap(1, 2);
    assert_eq!(found(places), ["reordered: chain ana, entry 2"]);
    let mut numbers = export();
    (numbers.entries[1].seq, numbers.entries[2].seq) = (3, 2);
    numbers.entries.swap(1, 2);
    assert_eq!(
        found(numbers),
        ["reordered: chain ana, entry 2", "reordered: chain ana, entry 3"]
    );
}

#[test]
fn inserted_entries_are_named() {
    let mut twice = export();
    twice
        .entries
        .insert(3, entry("ana", 3, FIRST_PREV, "key.remove", "{}"));
    assert_eq!(found(twice), ["inserted: chain ana, entry 3"]);

    let mut behind = export();
    let next = entry("ana", 6, &behind.entries[4].hash, "key.remove", "{}");
    behind.entries.insert(5, next);
    assert_eq!(found(behind), ["inserted: chain ana, entry 6"]);

    let mut chain = export();
    chain.entries.push(entry("eve", 1, FIRST_PREV, "key.add", "{}"));
    assert_eq!(found(chain), ["inserted: chain eve, entry 1"]);

    let mut between = export();
    for entry in &mut between.entries[2..5] {
        entry.seq += 1;
    }
    let wedge = entry("ana", 3, &between.entries[1].hash, "key.remove", "{}");
    between.entries.insert(2, wedge);
    assert!(found(between).contains(&"reordered: chain ana, entry 4".to_owned()));
}

#[test]
fn root_entries_are_a_chain_like_any_other() {
    let mut removed = export();
    removed.entries.pop();
    assert_eq!(found(removed), ["removed: chain roots, entry 1"]);
    let mut changed = export();
    changed.entries[10].detail = r#"{"heads":[]}"#.into();
    assert_eq!(found(changed), ["changed: chain roots, entry 1"]);
}

#[test]
fn a_finding_names_chain_number_id_action_and_time_and_nothing_that_somebody_wrote() {
    let mut export = export();
    export.entries[2].detail = "x".into();
    let id: String = export.entries[2].hash.chars().take(12).collect();
    let said = verify_export(export.clone()).findings[0].to_string();
    assert_eq!(
        said,
        format!("changed: chain ana, entry 3, id {id}, key.add, 2027-01-15T08:00:00Z")
    );
    export.entries[2].action = "\u{1b}[2J".into();
    assert!(
        verify_export(export).findings[0]
            .to_string()
            .contains("unknown action")
    );
}
