//! The restore drill on the running thing: the table's file at one instant of a load, restored
//! into a table of its own beside a Cal.com that has moved on (promise R19, docs/runbooks).
//!
//! The instant is one read transaction of the embedded database while requests are served, which
//! is what a point-in-time restore gives: everything committed before it and nothing after. The
//! new table is made as a restore makes it, without its time to live.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use interlock_app::model::Reservation;
use interlock_app::ports::store::{Index, Query, Store};
use interlock_local::table::TABLE;
use serde_json::json;
use tokio::task::JoinSet;

use crate::crowd::{client, open, patient, stack_with, store};
use crate::dice::Dice;
use crate::kills::{Story, whole};
use crate::knobs::{STACK_RESTORES, number, rounds};
use crate::load::{Fact, Member};
use crate::stack::{Person, Stack};
use crate::trouble::{calm, job};

const MEMBERS: usize = 4;

#[tokio::test]
async fn a_table_restored_beside_a_calcom_that_moved_on_is_whole_after_one_full_run() {
    let count = number(STACK_RESTORES, 2);
    let (stack, mut people) = stack_with(MEMBERS + 1).await;
    let (mut stack, watcher) = (Arc::new(stack), people.pop().unwrap());
    let mut members: Vec<Member> =
        people.into_iter().enumerate().map(|(name, person)| Member::new(name, person)).collect();
    for round in rounds("restores", count) {
        let mut dice = Dice::new(7_000_003 * (round + 1));
        let mut story = Story { seed: 0, round, lines: Vec::new() };
        let folder = tempfile::tempdir().unwrap();
        let cut = folder.path().join("instant.db");
        load(&stack, (&watcher, &mut members), &mut dice, Some(&cut)).await;
        load(&stack, (&watcher, &mut members), &mut dice, None).await;
        for member in &mut members {
            story.lines.append(&mut member.log);
        }
        let (gone_back, doubted) = restore(Arc::into_inner(stack).unwrap(), &cut).await;
        stack = Arc::new(gone_back);
        forget(&mut members, &doubted);
        calm(&stack).await;
        let report = job(&stack, "reconcile", &json!({ "mode": "full" })).await;
        story.lines.push(format!("reconcile {report}"));
        whole(&stack, &members, &story).await;
        let second = job(&stack, "reconcile", &json!({ "mode": "full" })).await;
        let nothing = second["findings"] == json!([]) && second["repaired"] == 0;
        story.check(nothing, || format!("found after the run: {second}"));
    }
    println!("figures: {count} restores of the running table, each whole after one full run");
}

/// Some acts of everybody at once; with `cut`, the table's file is kept at a moment of them.
async fn load(
    stack: &Arc<Stack>,
    (watcher, members): (&Person, &mut Vec<Member>),
    dice: &mut Dice,
    cut: Option<&Path>,
) {
    let starts = stack.starts(watcher, "machines/mch_printer").await;
    let starts: Arc<Vec<String>> = Arc::new(starts.into_iter().take(12).collect());
    let mut acts = JoinSet::new();
    for mut member in members.drain(..) {
        let (stack, starts, mut own) = (Arc::clone(stack), Arc::clone(&starts), dice.another());
        acts.spawn(async move {
            for _ in 0..3 {
                member.act(&stack, &mut own, &starts).await;
            }
            member
        });
    }
    if let Some(cut) = cut {
        tokio::time::sleep(std::time::Duration::from_millis(200 + dice.roll(1500))).await;
        keep(stack, cut);
    }
    *members = acts.join_all().await;
    members.sort_by_key(|member| member.name);
}

/// The table's file as one read transaction sees it, while it is written.
fn keep(stack: &Stack, cut: &Path) {
    let file = stack.data.as_ref().unwrap().path().join("stack/table.db");
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    connection.execute("VACUUM INTO ?1", [cut.to_str().unwrap()]).unwrap();
}

/// Stops the stack, puts what was kept into a new table, and starts it on that; with the
/// reservations whose outcome was unknown at the instant.
async fn restore(stack: Stack, cut: &Path) -> (Stack, BTreeSet<String>) {
    let (data, port) = stack.killed();
    let folder = data.path().join("stack");
    for name in ["table.db", "table.db-wal", "table.db-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
            Ok(()) | Err(_) => {}
        }
    }
    let old = open(cut, |_| {}).await;
    let new = open(&folder.join("table.db"), |properties| {
        properties.as_object_mut().unwrap().remove("TimeToLiveSpecification");
    })
    .await;
    let mut pages = client(&old).scan().table_name(TABLE).into_paginator().items().send();
    let target = client(&new);
    while let Some(item) = pages.next().await {
        let put = target.put_item().table_name(TABLE).set_item(Some(item.unwrap()));
        put.send().await.unwrap();
    }
    let doubted = doubted(&store(&new)).await;
    drop((old, new));
    (patient(data, &port).await, doubted)
}

async fn doubted(store: &dyn Store) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for machine in ["mch_laser", "mch_printer"] {
        let partition = Reservation::partition_of_resource(&machine.parse().unwrap());
        let mut query = Query::partition(Some(Index::Two), partition, 100);
        loop {
            let page = store.query(&query).await.unwrap();
            for record in &page.records {
                let reservation = record.decode::<Reservation>().unwrap().value;
                if reservation.state.attempt().is_some() {
                    found.insert(reservation.id.to_string());
                }
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
    }
    found
}

/// What was in doubt at the instant is in doubt again, and nothing binds of it.
fn forget(members: &mut [Member], doubted: &BTreeSet<String>) {
    for (id, fact) in members.iter_mut().flat_map(|member| &mut member.facts) {
        if doubted.contains(id) {
            *fact = Fact::Open;
        }
    }
}
