//! Runs one script on two tables and compares every answer.

use interlock_app::ports::store::{CommitError, Key, Page, Query, Record, StoreError, Transaction};

use super::script::{Names, Step};
use crate::support::Table;

/// An answer in a form that compares: what a caller acts on.
#[derive(Debug, PartialEq)]
pub(super) enum Told<T> {
    Answer(T),
    Conflict(Vec<Key>),
    Defect,
}

fn told<T>(result: Result<T, StoreError>) -> Told<T> {
    match result {
        Ok(answer) => Told::Answer(answer),
        Err(StoreError::Corrupt { .. }) => Told::Defect,
        Err(StoreError::Unavailable(error)) => panic!("unavailable: {error:?}"),
    }
}

pub(super) fn outcome(result: Result<(), CommitError>) -> Told<()> {
    match result {
        Ok(()) => Told::Answer(()),
        Err(CommitError::Conflict(keys)) => Told::Conflict(keys),
        Err(CommitError::Store(error)) => told(Err(error)),
    }
}

/// Two tables that should not be told apart.
pub(super) struct Pair {
    pub(super) one: Table,
    pub(super) two: Table,
}

/// What a script is in the middle of.
#[derive(Default)]
struct Thread {
    last: Transaction,
    rest: Option<Query>,
}

impl Pair {
    /// Plays a script; answers the records it left, looked for by every way if so wanted.
    pub(super) async fn play(&self, names: &Names, script: &[Step], ways: bool) -> Vec<Record> {
        let mut thread = Thread::default();
        for step in script {
            self.step(names, step, &mut thread).await;
        }
        self.dump(names, ways).await
    }

    async fn step(&self, names: &Names, step: &Step, thread: &mut Thread) {
        match step {
            Step::Commit(deeds) => {
                thread.last = names.transaction(deeds);
                self.commit(&thread.last, step).await;
            }
            Step::Again => self.commit(&thread.last, step).await,
            Step::Read(numbers) => self.read(&names.keys(numbers), step).await,
            Step::Pages(ask) => self.pages(names.query(ask), step).await,
            Step::Page(ask) => {
                let query = names.query(ask);
                thread.rest = self.page(&query, step).await;
            }
            Step::Next => {
                if let Some(query) = thread.rest.take() {
                    thread.rest = self.page(&query, step).await;
                }
            }
            Step::Wrong(wrong) => self.commit(&names.wrong(*wrong), step).await,
            Step::ReadTooMany => {
                let keys: Vec<Key> = (0..101).map(|sort| Key::new("A", sort.to_string())).collect();
                self.read(&keys, step).await;
            }
            Step::ReadNowhere => self.read(&[Key::new("", "1"), Key::new("A", "")], step).await,
            Step::PageOfNothing => {
                self.page(&Query::partition(None, "A", 0), step).await;
            }
            Step::PageOfNoPartition => {
                self.page(&Query::partition(None, "", 5), step).await;
            }
        }
    }

    async fn commit(&self, transaction: &Transaction, step: &Step) {
        let one = outcome(self.one.commit(transaction).await);
        assert_eq!(one, outcome(self.two.commit(transaction).await), "{step:?}");
    }

    async fn read(&self, keys: &[Key], step: &Step) {
        let one = told(self.one.read(keys).await);
        assert_eq!(one, told(self.two.read(keys).await), "{step:?}");
    }

    /// The query of the page after this one, where there may be one.
    async fn page(&self, query: &Query, step: &Step) -> Option<Query> {
        let one: Told<Page> = told(self.one.query(query).await);
        assert_eq!(one, told(self.two.query(query).await), "{step:?}");
        let Told::Answer(page) = one else { return None };
        page.next.map(|next| Query { after: Some(next), ..query.clone() })
    }

    async fn pages(&self, query: Query, step: &Step) {
        let mut rest = Some(query);
        while let Some(query) = rest {
            rest = self.page(&query, step).await;
        }
    }

    /// Everything a sequence left, by its keys and by every way to them.
    async fn dump(&self, names: &Names, ways: bool) -> Vec<Record> {
        let keys = names.every_key();
        let one = self.one.read(&keys).await.unwrap();
        assert_eq!(one, self.two.read(&keys).await.unwrap(), "at the end");
        for query in names.every_query().filter(|_| ways) {
            let page = self.one.query(&query).await.unwrap();
            assert_eq!(page, self.two.query(&query).await.unwrap(), "at the end: {query:?}");
        }
        one.into_values().collect()
    }
}
