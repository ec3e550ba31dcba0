use proptest::prelude::*;
use serde_json::json;

use super::*;

fn record(body: Value) -> Record {
    Record {
        key: Key::new("USER#usr_1", "ACCOUNT"),
        kind: "account".to_owned(),
        schema: 1,
        version: 3,
        indexes: Indexes::default(),
        expires_at: None,
        body: body.into(),
    }
}

fn body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!("")),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_of_whole_numbers_comes_back(body in body()) {
        let record = record(body);
        let back = decode(encode(&record).unwrap()).unwrap();
        prop_assert_eq!(back, record);
    }

    #[test]
    fn every_version_and_schema_comes_back(version: u64, schema: u32) {
        let record = Record { version, schema, ..record(json!({})) };
        prop_assert_eq!(decode(encode(&record).unwrap()).unwrap(), record);
    }
}

#[test]
fn two_reads_give_the_same_bytes() {
    let record = record(json!({"zebra": 1, "ant": {"y": 1, "b": 2}, "list": [{"d": 1, "c": 2}]}));
    let text = || decode(encode(&record).unwrap()).unwrap().body.to_string();
    assert_eq!(text(), r#"{"ant":{"b":2,"y":1},"list":[{"c":2,"d":1}],"zebra":1}"#);
    assert_eq!(text(), text());
}

#[test]
fn the_item_has_exactly_the_named_attributes() {
    let mut record = record(json!({"a": "b"}));
    let names = |record: &Record| {
        let mut names: Vec<String> = encode(record).unwrap().into_keys().collect();
        names.sort();
        names
    };
    assert_eq!(names(&record), ["body", "kind", "pk", "schema", "sk", "version"]);
    record.indexes.one = Some(Key::new("A", "1"));
    record.indexes.two = Some(Key::new("B", "2"));
    record.expires_at = Some("2026-06-01T10:00:00.25Z".parse().unwrap());
    let item = encode(&record).unwrap();
    assert_eq!(names(&record).len(), 11);
    for (name, value) in [("gsi1pk", "A"), ("gsi1sk", "1"), ("gsi2pk", "B"), ("gsi2sk", "2")] {
        assert_eq!(item[name].as_s().unwrap(), value);
    }
    assert_eq!(item["ttl"].as_n().unwrap(), "1780308001");
}

#[test]
fn a_number_that_is_not_whole_is_refused_at_any_depth() {
    for body in [json!(0.5), json!({"a": [1, 2.0]}), json!([{"b": 1e300}])] {
        assert!(matches!(encode(&record(body)), Err(StoreError::Corrupt { .. })));
    }
}

#[test]
fn an_item_that_lacks_a_part_is_corrupt_and_names_its_key() {
    for name in [KIND, SCHEMA, VERSION, BODY] {
        let mut item = encode(&record(json!({}))).unwrap();
        item.remove(name);
        let Err(StoreError::Corrupt { partition, sort, .. }) = decode(item) else {
            panic!("`{name}` was not missed");
        };
        assert_eq!((partition.as_str(), sort.as_str()), ("USER#usr_1", "ACCOUNT"));
    }
}

#[test]
fn an_item_with_a_part_of_another_type_is_corrupt() {
    for (name, value) in [
        (VERSION, AttributeValue::S("3".to_owned())),
        (VERSION, AttributeValue::N("-1".to_owned())),
        (SCHEMA, AttributeValue::N("4294967296".to_owned())),
        (KIND, AttributeValue::Bool(true)),
        (EXPIRY, AttributeValue::N("1.5".to_owned())),
        ("gsi1pk", AttributeValue::S("half an index key".to_owned())),
        (SORT, AttributeValue::N("1".to_owned())),
    ] {
        let mut item = encode(&record(json!({}))).unwrap();
        item.insert(name.to_owned(), value);
        assert!(matches!(decode(item), Err(StoreError::Corrupt { .. })), "{name}");
    }
}
