//! Many tasks at one key: one of them wins.

use interlock_app::ports::store::{CommitError, Key, Transaction};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Table, create, on_both, record, replace, stored, thing};

on_both!(
    one_of_twenty_creations_wins_in_each_round,
    one_of_twenty_replacements_wins_in_each_round,
    one_of_twenty_holds_of_a_day_wins_in_each_round,
    no_increment_is_lost,
    a_check_races_with_a_write_and_both_never_win,
);

const ROUNDS: u64 = 20;
const TASKS: u64 = 20;

/// Commits all at once; answers which won. A loss must be a conflict.
async fn race(table: &Table, transactions: Vec<Transaction>) -> Vec<usize> {
    let mut tasks = JoinSet::new();
    for (number, transaction) in transactions.into_iter().enumerate() {
        let table = table.clone();
        tasks.spawn(async move { (number, table.commit(&transaction).await) });
    }
    let mut winners = Vec::new();
    for (number, result) in tasks.join_all().await {
        match result {
            Ok(()) => winners.push(number),
            Err(CommitError::Conflict(keys)) => assert!(!keys.is_empty()),
            Err(CommitError::Store(error)) => panic!("{error:?}"),
        }
    }
    winners
}

async fn one_of_twenty_creations_wins_in_each_round(table: Table) {
    for round in 0..ROUNDS {
        let name = format!("{round}");
        let creation = |task| Transaction::new().create(&thing("P", &name).with(task)).unwrap();
        let winners = race(&table, (0..TASKS).map(creation).collect()).await;
        assert_eq!(winners.len(), 1, "round {round}");
        let found = stored(&table, &Key::new("P", name.as_str())).await.unwrap();
        assert_eq!(found.value.value, json!(winners[0]));
    }
}

async fn one_of_twenty_replacements_wins_in_each_round(table: Table) {
    create(&table, &thing("P", "1")).await.unwrap();
    for version in 1..=ROUNDS {
        let change =
            |task| Transaction::new().replace(&thing("P", "1").with(task), version).unwrap();
        let winners = race(&table, (0..TASKS).map(change).collect()).await;
        assert_eq!(winners.len(), 1, "version {version}");
        let found = stored(&table, &Key::new("P", "1")).await.unwrap();
        assert_eq!((found.version, found.value.value), (version + 1, json!(winners[0])));
    }
}

async fn one_of_twenty_holds_of_a_day_wins_in_each_round(table: Table) {
    create(&table, &thing("LEDGER", "DAY")).await.unwrap();
    for round in 1..=ROUNDS {
        let id = |task| format!("{round}-{task}");
        let hold = |task| {
            Transaction::new()
                .replace(&thing("LEDGER", "DAY").with(id(task)), round)
                .unwrap()
                .create(&thing("RSV", &id(task)))
                .unwrap()
        };
        let winners = race(&table, (0..TASKS).map(hold).collect()).await;
        assert_eq!(winners.len(), 1, "round {round}");
        let day = stored(&table, &Key::new("LEDGER", "DAY")).await.unwrap();
        let winner = id(u64::try_from(winners[0]).unwrap());
        assert_eq!((day.version, day.value.value), (round + 1, json!(winner)));
        let keys: Vec<Key> = (0..TASKS).map(|task| Key::new("RSV", id(task))).collect();
        let made = table.read(&keys).await.unwrap();
        assert_eq!(made.into_keys().collect::<Vec<_>>(), [Key::new("RSV", winner)]);
    }
}

async fn no_increment_is_lost(table: Table) {
    create(&table, &thing("P", "count")).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let table = table.clone();
        tasks.spawn(async move {
            let mut done = 0;
            while done < 5 {
                let found = stored(&table, &Key::new("P", "count")).await.unwrap();
                let next = found.value.value.as_u64().unwrap() + 1;
                let next = thing("P", "count").with(next);
                match replace(&table, &next, found.version).await {
                    Ok(()) => done += 1,
                    Err(CommitError::Conflict(_)) => {}
                    Err(CommitError::Store(error)) => panic!("{error:?}"),
                }
            }
        });
    }
    tasks.join_all().await;
    let found = stored(&table, &Key::new("P", "count")).await.unwrap();
    assert_eq!((found.version, found.value.value), (41, json!(40)));
}

async fn a_check_races_with_a_write_and_both_never_win(table: Table) {
    create(&table, &thing("USER", "STANDING")).await.unwrap();
    for version in 1..=ROUNDS {
        let name = version.to_string();
        let ban = Transaction::new().replace(&thing("USER", "STANDING"), version).unwrap();
        let hold = Transaction::new()
            .create(&thing("RSV", &name))
            .unwrap()
            .unchanged(Key::new("USER", "STANDING"), Some(version));
        let winners = race(&table, vec![hold, ban]).await;
        assert!(winners.contains(&1), "the ban depends on nothing");
        let made = record(&table, &Key::new("RSV", name.as_str())).await.is_some();
        assert_eq!(made, winners.contains(&0));
    }
}
