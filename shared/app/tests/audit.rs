//! The audit as a whole: sealed, listed, exported, verified, and never written twice.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Actor, AuditEntry, AuditSeal};
use interlock_app::ports::store::{Action, Document, Expect, Query, Record, Transaction};
use interlock_app::{
    AuditExport, AuditQuery, VerifyRequest, export_audit, list_audit, seal_audit, verify_audit,
    watch_audit,
};
use interlock_audit::{Anchors, What, check_lines};
use interlock_policy::{Id, RequestId};
use interlock_testkit::World;
use jiff::Timestamp;
use serde_json::json;
use support::all;

/// One entry now, about an object.
async fn note(world: &World, number: u32, object: &str) -> AuditEntry {
    let entry = AuditEntry {
        request_id: Id::from_body(&format!("r{number}")).unwrap(),
        at: world.clock_now(),
        actor: Actor::System { job: "test".to_owned() },
        action: "thing.change".to_owned(),
        object: object.to_owned(),
        detail: json!({ "before": number, "after": number + 1, "reason": "x" }),
    };
    let transaction = Transaction::new().put(&entry).unwrap();
    world.app.store.commit(&transaction).await.unwrap();
    world.advance(7);
    entry
}

/// A world with a hundred entries over a quarter of an hour, all of them sealed.
async fn sealed() -> (World, Vec<AuditEntry>) {
    let world = World::new().await;
    seal_audit(&world.app).await.unwrap();
    let mut entries = Vec::new();
    for number in 0..100 {
        entries.push(note(&world, number, &format!("obj_{}", number % 9)).await);
        if number % 40 == 39 {
            seal_audit(&world.app).await.unwrap();
        }
    }
    world.advance(600);
    seal_audit(&world.app).await.unwrap();
    (world, entries)
}

/// Past the port, as somebody with every right on the table would.
async fn write(world: &World, action: Action) {
    let transaction: Transaction = [action].into_iter().collect();
    world.app.store.commit(&transaction).await.unwrap();
}

async fn record_of(world: &World, entry: &AuditEntry) -> Record {
    let key = entry.key();
    world.app.store.read(std::slice::from_ref(&key)).await.unwrap().remove(&key).unwrap()
}

async fn faults(world: &World) -> Vec<What> {
    let verified = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert_eq!(verified.intact, verified.faults.is_empty());
    verified.faults.iter().map(|fault| fault.what).collect()
}

#[tokio::test]
async fn an_entry_is_written_once_and_never_again() {
    let world = World::new().await;
    let entry = note(&world, 1, "obj_1").await;
    let again = Transaction::new().put(&entry).unwrap();
    assert!(world.app.store.commit(&again).await.is_err());
    assert_eq!(all::<AuditEntry>(&world).len(), 1);
}

#[tokio::test]
async fn what_is_over_is_sealed_and_verified() {
    let (world, entries) = sealed().await;
    let verified = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert_eq!(verified.faults, []);
    assert_eq!(verified.entries, u64::try_from(entries.len()).unwrap());
    assert_eq!((verified.unsealed, verified.late), (0, false));
    let last = all::<AuditSeal>(&world).into_iter().max_by_key(|seal| seal.0.sequence).unwrap();
    assert_eq!(verified.root, Some(last.0.root));
    assert_eq!(last.0.until.as_second() % 300, 0, "seals end at whole five minutes");
    let root = verified.root;
    let noted = VerifyRequest { root, ..VerifyRequest::default() };
    assert!(verify_audit(&world.app, &noted).await.unwrap().intact);
    let forged = VerifyRequest { root: Some("0".repeat(64)), ..VerifyRequest::default() };
    let faults = verify_audit(&world.app, &forged).await.unwrap().faults;
    assert_eq!(faults[0].what, What::RootMissing);
}

#[tokio::test]
async fn nothing_of_the_last_two_minutes_is_sealed_and_a_second_sealer_changes_nothing() {
    let (world, _) = sealed().await;
    note(&world, 200, "obj_1").await;
    let report = seal_audit(&world.app).await.unwrap();
    assert_eq!(report.entries, 0);
    let before = world.store.dump();
    assert_eq!(seal_audit(&world.app).await.unwrap().seals, 0);
    assert_eq!(world.store.dump(), before);
    let verified = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert_eq!((verified.intact, verified.unsealed), (true, 1));
}

#[tokio::test]
async fn a_sealed_entry_cannot_be_changed_removed_added_or_swapped_unseen() {
    let (world, entries) = sealed().await;
    let (one, two) = (&entries[10], &entries[60]);

    let changed = world.fork();
    let mut record = record_of(&changed, one).await;
    record.body["detail"]["reason"] = json!("y");
    write(&changed, Action::Put { record: Box::new(record), expect: Expect::Any }).await;
    assert_eq!(faults(&changed).await, [What::EntryMisplaced, What::EntryChanged]);

    let removed = world.fork();
    write(&removed, Action::Delete { key: one.key(), expect: Expect::Any }).await;
    assert_eq!(faults(&removed).await, [What::EntryMissing]);

    let added = world.fork();
    let forged = AuditEntry { action: "thing.forge".to_owned(), ..one.clone() };
    let record = Box::new(Record::of(&forged, 1).unwrap());
    write(&added, Action::Put { record, expect: Expect::Any }).await;
    assert_eq!(faults(&added).await, [What::EntryAdded]);

    let swapped = world.fork();
    let (mut first, mut second) = (record_of(&swapped, one).await, record_of(&swapped, two).await);
    std::mem::swap(&mut first.body, &mut second.body);
    for record in [first, second] {
        write(&swapped, Action::Put { record: Box::new(record), expect: Expect::Any }).await;
    }
    let found = faults(&swapped).await;
    assert!(found.contains(&What::EntryMisplaced) && found.contains(&What::EntryChanged));
}

#[tokio::test]
async fn a_seal_cannot_be_removed_or_made_anew_unseen() {
    let (world, entries) = sealed().await;
    let mut seals = all::<AuditSeal>(&world);
    seals.sort_by_key(|seal| seal.0.sequence);

    let removed = world.fork();
    write(&removed, Action::Delete { key: seals[2].key(), expect: Expect::Any }).await;
    assert!(faults(&removed).await.contains(&What::SealMissing));

    // Entry and seal made to fit each other: the next seal does not follow.
    let remade = world.fork();
    let holds = |seal: &&AuditSeal| (seal.0.from..seal.0.until).contains(&entries[10].at);
    let place = seals.iter().position(|seal| holds(&seal)).unwrap();
    write(&remade, Action::Delete { key: entries[10].key(), expect: Expect::Any }).await;
    for seal in &seals[place..] {
        write(&remade, Action::Delete { key: seal.key(), expect: Expect::Any }).await;
    }
    seal_audit(&remade.app).await.unwrap();
    assert_eq!(faults(&remade).await, [], "the table alone cannot tell");
    let noted = VerifyRequest {
        root: Some(seals.last().unwrap().0.root.clone()),
        ..VerifyRequest::default()
    };
    let found = verify_audit(&remade.app, &noted).await.unwrap();
    assert_eq!(found.faults[0].what, What::RootMissing, "a root kept elsewhere can");
}

#[tokio::test]
async fn an_entry_that_is_not_sealed_yet_cannot_be_edited_in_place_unseen() {
    let (world, _) = sealed().await;
    let entry = note(&world, 200, "obj_1").await;
    let mut record = record_of(&world, &entry).await;
    record.body["actor"] = json!({ "kind": "cal_com" });
    write(&world, Action::Put { record: Box::new(record), expect: Expect::Any }).await;
    assert_eq!(faults(&world).await, [What::EntryMisplaced]);
    assert_eq!(watch_audit(&world.app).await.unwrap().faults.len(), 1);
}

#[tokio::test]
async fn sealing_that_was_late_for_days_catches_up_with_a_seal_a_day() {
    let (world, _) = sealed().await;
    world.advance(3 * 86_400);
    let late = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert!(late.late && late.intact);
    let report = seal_audit(&world.app).await.unwrap();
    assert_eq!(report.seals, 4);
    let verified = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert!(verified.intact && !verified.late, "{verified:?}");
    assert_eq!(verified.entries, 100);
    let yesterday = world.clock_now() - jiff::SignedDuration::from_hours(30);
    let part = VerifyRequest { from: Some(yesterday), ..VerifyRequest::default() };
    let part = verify_audit(&world.app, &part).await.unwrap();
    assert!(part.intact && part.base.is_some() && part.entries == 0, "{part:?}");
}

async fn listed(world: &World, wanted: AuditQuery) -> Vec<RequestId> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..1000 {
        let wanted = AuditQuery { after, ..wanted.clone() };
        let (page, next) = list_audit(&world.app, &wanted).await.unwrap();
        assert!(page.len() <= usize::try_from(wanted.limit).unwrap());
        found.extend(page.into_iter().map(|entry| entry.request_id));
        after = next;
        if after.is_none() {
            return found;
        }
    }
    panic!("the list never ends");
}

fn named(numbers: impl Iterator<Item = u32>) -> Vec<RequestId> {
    numbers.map(|number| Id::from_body(&format!("r{number}")).unwrap()).collect()
}

#[tokio::test]
async fn entries_are_listed_youngest_first_whatever_the_size_of_a_page() {
    let (world, entries) = sealed().await;
    for limit in [1, 3, 100] {
        let all = AuditQuery { limit, ..AuditQuery::default() };
        assert_eq!(listed(&world, all).await, named((0..100).rev()), "limit {limit}");
        let object = Some("obj_3".to_owned());
        let one = AuditQuery { limit, object, ..AuditQuery::default() };
        let own = (0..100).rev().filter(|number| number % 9 == 3);
        assert_eq!(listed(&world, one).await, named(own), "limit {limit}");
    }
    let (from, to) = (Some(entries[20].at), Some(entries[30].at));
    let span = AuditQuery { limit: 4, from, to, ..AuditQuery::default() };
    assert_eq!(listed(&world, span).await, named((20..30).rev()));
    let request = Some("req_r42".to_owned());
    let one = AuditQuery { limit: 4, request, ..AuditQuery::default() };
    assert_eq!(listed(&world, one).await, named([42].into_iter()));
    for (actor, action, count) in [
        (Some("test"), None, 100),
        (Some("usr_none"), None, 0),
        (None, Some("thing."), 100),
        (None, Some("thing.change"), 100),
        (None, Some("thing"), 0),
    ] {
        let (actor, action) = (actor.map(str::to_owned), action.map(str::to_owned));
        let wanted = AuditQuery { limit: 50, actor, action, ..AuditQuery::default() };
        assert_eq!(listed(&world, wanted).await.len(), count);
    }
}

#[tokio::test]
async fn a_list_goes_back_over_days_and_shows_before_and_after() {
    let (world, _) = sealed().await;
    world.advance(2 * 86_400);
    note(&world, 300, "obj_1").await;
    let wanted = AuditQuery { limit: 100, ..AuditQuery::default() };
    assert_eq!(listed(&world, wanted.clone()).await.len(), 101);
    let (page, _) = list_audit(&world.app, &wanted).await.unwrap();
    assert_eq!((&page[0].before, &page[0].after), (&Some(json!(300)), &Some(json!(301))));
    assert_eq!(serde_json::to_value(&page[0].detail).unwrap(), json!({ "reason": "x" }));
}

async fn exported(world: &World, wanted: AuditExport) -> Vec<String> {
    let (mut lines, mut after) = (Vec::new(), None);
    for _ in 0..1000 {
        let (page, next) =
            export_audit(&world.app, &AuditExport { after, ..wanted.clone() }).await.unwrap();
        lines.extend(page.iter().map(|line| serde_json::to_string(line).unwrap()));
        after = next;
        if after.is_none() {
            return lines;
        }
    }
    panic!("the export never ends");
}

#[tokio::test]
async fn an_export_is_judged_without_the_table() {
    let (world, _) = sealed().await;
    world.advance(86_400);
    note(&world, 300, "obj_1").await;
    world.advance(600);
    let root = seal_audit(&world.app).await.unwrap().root.unwrap();
    note(&world, 301, "obj_1").await;
    for limit in [1, 7, 100] {
        let lines = exported(&world, AuditExport { limit, ..AuditExport::default() }).await;
        let anchors = Anchors { base: None, root: Some(&root) };
        let summary = check_lines(lines.iter().map(String::as_str), anchors);
        assert_eq!(summary.faults, [], "limit {limit}");
        assert_eq!(summary.entries, 101);
        let fewer = lines.iter().skip(1).map(String::as_str);
        assert!(!check_lines(fewer, anchors).faults.is_empty());
    }
    let to: Option<Timestamp> = Some(world.clock_now() - jiff::SignedDuration::from_hours(12));
    let part = exported(&world, AuditExport { to, limit: 9, ..AuditExport::default() }).await;
    let summary = check_lines(part.iter().map(String::as_str), Anchors::default());
    assert_eq!((summary.faults.len(), summary.entries), (0, 100));
}

#[tokio::test]
async fn a_world_without_a_seal_has_nothing_to_export_and_is_late() {
    let world = World::new().await;
    assert!(exported(&world, AuditExport { limit: 9, ..AuditExport::default() }).await.is_empty());
    let verified = verify_audit(&world.app, &VerifyRequest::default()).await.unwrap();
    assert!(verified.intact && verified.late && verified.seals == 0);
    let now = world.clock_now();
    let backwards = VerifyRequest { from: Some(now), to: Some(now), root: None };
    assert!(verify_audit(&world.app, &backwards).await.is_err());
    let query = Query::partition(None, AuditSeal::PARTITION, 5);
    assert!(world.app.store.query(&query).await.unwrap().records.is_empty());
}
