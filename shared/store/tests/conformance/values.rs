//! What a body, a key and an expiry may be.

use interlock_app::ports::store::{Key, StoreError, Transaction};
use serde_json::{Value, json};

use crate::support::{
    Table, ask, create, is_corrupt, on_both, record, replace, sorts, stored, thing,
};

on_both!(
    empty_texts_nulls_and_empty_containers_come_back,
    the_largest_and_smallest_whole_numbers_come_back,
    numbers_with_many_noughts_come_back,
    a_number_that_is_not_whole_is_refused,
    text_of_every_script_comes_back_in_keys_and_bodies,
    control_characters_and_quotes_come_back,
    names_of_members_may_be_anything,
    a_deep_body_comes_back,
    a_big_record_comes_back,
    a_record_beyond_the_limit_is_refused,
    an_expiry_is_kept_in_whole_seconds_and_never_early,
    an_expiry_goes_when_the_record_has_none_any_more,
    an_expired_record_is_still_read,
    an_empty_key_is_refused_everywhere,
    a_key_that_is_too_long_is_refused,
    members_come_back_in_order_of_their_names,
);

async fn comes_back(table: &Table, value: Value) {
    create(table, &thing("P", "1").with(value.clone())).await.unwrap();
    assert_eq!(stored(table, &Key::new("P", "1")).await.unwrap().value.value, value);
}

async fn empty_texts_nulls_and_empty_containers_come_back(table: Table) {
    comes_back(
        &table,
        json!({"text": "", "null": null, "list": [], "map": {}, "in": ["", null, [{}]]}),
    )
    .await;
}

async fn the_largest_and_smallest_whole_numbers_come_back(table: Table) {
    comes_back(&table, json!([0, -1, u64::MAX, i64::MIN, i64::MAX, u32::MAX])).await;
}

async fn numbers_with_many_noughts_come_back(table: Table) {
    comes_back(&table, json!([10, 1_000_000_000_000_000_000_u64, -100, 9_007_199_254_740_993_u64]))
        .await;
}

async fn a_number_that_is_not_whole_is_refused(table: Table) {
    assert!(is_corrupt(create(&table, &thing("P", "1").with(json!({"a": [0.5]}))).await));
    let two = Transaction::new()
        .create(&thing("P", "1").with(1.0))
        .unwrap()
        .create(&thing("P", "2"))
        .unwrap();
    assert!(is_corrupt(table.commit(&two).await));
    assert!(table.query(&ask(None, "P")).await.unwrap().records.is_empty());
}

async fn text_of_every_script_comes_back_in_keys_and_bodies(table: Table) {
    let text = "Grüße 東京 שלום 🛠️ e\u{301}";
    create(&table, &thing(text, text).in_one(text, text).with(text)).await.unwrap();
    let found = stored(&table, &Key::new(text, text)).await.unwrap();
    assert_eq!(found.value.value, json!(text));
    let index = Some(interlock_app::ports::store::Index::One);
    assert_eq!(sorts(&table.query(&ask(index, text)).await.unwrap()), [text]);
    assert_eq!(sorts(&table.query(&ask(None, text)).await.unwrap()), [text]);
}

async fn control_characters_and_quotes_come_back(table: Table) {
    comes_back(&table, json!("\u{0}\u{1}\t\r\n\"\\/\u{7f}\u{2028}")).await;
}

async fn names_of_members_may_be_anything(table: Table) {
    comes_back(
        &table,
        json!({"pk": 1, "version": "x", "a.b": 2, "#": 3, ":v": 4, "S": {"N": "5"}}),
    )
    .await;
}

async fn a_deep_body_comes_back(table: Table) {
    let deep = (0..20).fold(json!("end"), |inner, _| json!([inner]));
    comes_back(&table, deep).await;
}

async fn a_big_record_comes_back(table: Table) {
    comes_back(&table, json!("ä".repeat(190_000))).await;
}

async fn a_record_beyond_the_limit_is_refused(table: Table) {
    let big = thing("P", "1").with("x".repeat(420_000));
    assert!(is_corrupt(create(&table, &big).await));
    let two = Transaction::new().create(&thing("P", "2")).unwrap().create(&big).unwrap();
    assert!(is_corrupt(table.commit(&two).await));
    assert!(table.query(&ask(None, "P")).await.unwrap().records.is_empty());
}

async fn an_expiry_is_kept_in_whole_seconds_and_never_early(table: Table) {
    for (sort, given, kept) in [
        ("whole", "2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"),
        ("part", "2026-06-01T10:00:00.000001Z", "2026-06-01T10:00:01Z"),
    ] {
        let mut made = thing("P", sort);
        made.expires_at = Some(given.parse().unwrap());
        create(&table, &made).await.unwrap();
        let found = record(&table, &Key::new("P", sort)).await.unwrap();
        assert_eq!(found.expires_at, Some(kept.parse().unwrap()));
    }
}

async fn an_expiry_goes_when_the_record_has_none_any_more(table: Table) {
    let mut made = thing("P", "1");
    made.expires_at = Some("2026-06-01T10:00:00Z".parse().unwrap());
    create(&table, &made).await.unwrap();
    replace(&table, &thing("P", "1"), 1).await.unwrap();
    assert_eq!(record(&table, &Key::new("P", "1")).await.unwrap().expires_at, None);
}

async fn an_expired_record_is_still_read(table: Table) {
    let mut made = thing("P", "1");
    made.expires_at = Some("2001-01-01T00:00:00Z".parse().unwrap());
    create(&table, &made).await.unwrap();
    assert!(record(&table, &Key::new("P", "1")).await.is_some());
    assert_eq!(table.query(&ask(None, "P")).await.unwrap().records.len(), 1);
}

async fn an_empty_key_is_refused_everywhere(table: Table) {
    for (partition, sort) in [("", "1"), ("P", "")] {
        assert!(is_corrupt(create(&table, &thing(partition, sort)).await));
        let two = Transaction::new()
            .create(&thing("P", "2"))
            .unwrap()
            .unchanged(Key::new(partition, sort), None);
        assert!(is_corrupt(table.commit(&two).await));
        let read = table.read(&[Key::new(partition, sort)]).await;
        assert!(matches!(read, Err(StoreError::Corrupt { .. })));
    }
    assert!(is_corrupt(create(&table, &thing("P", "1").in_one("I", "")).await));
    assert!(is_corrupt(create(&table, &thing("P", "1").in_two("", "1")).await));
    assert!(matches!(table.query(&ask(None, "")).await, Err(StoreError::Corrupt { .. })));
}

async fn a_key_that_is_too_long_is_refused(table: Table) {
    create(&table, &thing(&"p".repeat(2048), &"s".repeat(1024))).await.unwrap();
    assert!(is_corrupt(create(&table, &thing(&"p".repeat(2049), "s")).await));
    assert!(is_corrupt(create(&table, &thing("p", &"s".repeat(1025))).await));
}

async fn members_come_back_in_order_of_their_names(table: Table) {
    let value = json!({"zebra": 1, "ant": {"y": 1, "b": 2}, "list": [{"d": 1, "c": 2}]});
    create(&table, &thing("P", "1").with(value)).await.unwrap();
    let found = stored(&table, &Key::new("P", "1")).await.unwrap();
    let text = r#"{"ant":{"b":2,"y":1},"list":[{"c":2,"d":1}],"zebra":1}"#;
    assert_eq!(found.value.value.to_string(), text);
}
