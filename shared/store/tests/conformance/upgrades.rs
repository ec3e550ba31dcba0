//! Records of an older shape are brought up to date when they are read.

use interlock_app::ports::store::{Document, Key, StoreError, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{Table, create, on_both, record, thing};

on_both!(
    a_record_of_an_older_shape_is_read_in_the_present_one,
    writing_it_back_keeps_the_present_shape,
    a_record_of_a_later_shape_is_corrupt,
    a_record_of_another_kind_is_corrupt,
    a_body_that_does_not_fit_is_corrupt,
);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct First {
    name: String,
}

impl Document for First {
    const KIND: &'static str = "person";

    fn key(&self) -> Key {
        Key::new("PERSON", "1")
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Second {
    given: String,
    family: String,
}

impl Document for Second {
    const KIND: &'static str = "person";
    const SCHEMA: u32 = 2;

    fn key(&self) -> Key {
        Key::new("PERSON", "1")
    }

    fn upgrade(schema: u32, body: Value) -> Value {
        assert_eq!(schema, 1);
        let name = body["name"].as_str().unwrap_or_default();
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        json!({"given": given, "family": family})
    }
}

fn second() -> Second {
    Second { given: "Ada".to_owned(), family: "Brown".to_owned() }
}

async fn first(table: &Table) {
    let made = First { name: "Ada Brown".to_owned() };
    table.commit(&Transaction::new().create(&made).unwrap()).await.unwrap();
}

async fn a_record_of_an_older_shape_is_read_in_the_present_one(table: Table) {
    first(&table).await;
    let found = record(&table, &Key::new("PERSON", "1")).await.unwrap();
    assert_eq!(found.schema, 1);
    let read = found.decode::<Second>().unwrap();
    assert_eq!((read.version, read.value), (1, second()));
}

async fn writing_it_back_keeps_the_present_shape(table: Table) {
    first(&table).await;
    table.commit(&Transaction::new().replace(&second(), 1).unwrap()).await.unwrap();
    let found = record(&table, &Key::new("PERSON", "1")).await.unwrap();
    assert_eq!((found.schema, found.version), (2, 2));
    assert_eq!(found.body, json!({"given": "Ada", "family": "Brown"}));
    assert_eq!(found.decode::<Second>().unwrap().value, second());
}

async fn a_record_of_a_later_shape_is_corrupt(table: Table) {
    table.commit(&Transaction::new().create(&second()).unwrap()).await.unwrap();
    let found = record(&table, &Key::new("PERSON", "1")).await.unwrap();
    assert!(matches!(found.decode::<First>(), Err(StoreError::Corrupt { .. })));
}

async fn a_record_of_another_kind_is_corrupt(table: Table) {
    create(&table, &thing("PERSON", "1")).await.unwrap();
    let found = record(&table, &Key::new("PERSON", "1")).await.unwrap();
    assert!(matches!(found.decode::<First>(), Err(StoreError::Corrupt { .. })));
}

async fn a_body_that_does_not_fit_is_corrupt(table: Table) {
    first(&table).await;
    let mut found = record(&table, &Key::new("PERSON", "1")).await.unwrap();
    *found.body = json!({"name": 5});
    assert!(matches!(found.decode::<First>(), Err(StoreError::Corrupt { .. })));
}
