//! The table that is deployed has the keys and indexes that the code writes.

use std::collections::BTreeMap;

use crate::support::Embedded;

const TEMPLATE: &str = include_str!("../../../../infra/data.yaml");

#[tokio::test]
async fn the_template_names_every_key_the_table_of_the_suite_has() {
    let table = Embedded::in_memory().await;
    let described = table.client().describe_table().table_name("interlock").send().await.unwrap();
    let described = described.table.unwrap();
    let mut indexes = BTreeMap::new();
    for index in described.global_secondary_indexes() {
        let names: Vec<String> =
            index.key_schema().iter().map(|key| key.attribute_name.clone()).collect();
        indexes.insert(index.index_name().unwrap().to_owned(), names);
    }
    assert_eq!(indexes["gsi1"], ["gsi1pk", "gsi1sk"]);
    assert_eq!(indexes["gsi2"], ["gsi2pk", "gsi2sk"]);
    for attribute in described.attribute_definitions() {
        let name = attribute.attribute_name();
        let line = format!("{{AttributeName: {name}, AttributeType: S}}");
        assert!(TEMPLATE.contains(&line), "`{name}` is not in the template");
    }
    for name in indexes.keys() {
        assert!(TEMPLATE.contains(&format!("IndexName: {name}\n")));
    }
    assert!(TEMPLATE.contains("{AttributeName: ttl, Enabled: true}"));
}
