//! What was acknowledged is there after the server was killed and started again.

use interlock_app::ports::store::{Index, Key};

use crate::support::{Embedded, all, ask, create, fill, lost, replace, stored, thing};

#[tokio::test]
async fn acknowledged_writes_survive_a_killed_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.db");
    let first = Embedded::in_file(&path).await;
    let store = first.store();
    let things: Vec<_> =
        (0..30).map(|number| thing("P", &format!("{number:02}")).in_one("I", "x")).collect();
    fill(&store, &things).await;
    replace(&store, &thing("P", "07").in_one("I", "x").with("changed"), 1).await.unwrap();
    first.kill().await;
    drop(store);

    let second = Embedded::in_file(&path).await;
    let store = second.store();
    assert_eq!(all(&store, ask(None, "P")).await.len(), 30);
    assert_eq!(all(&store, ask(Some(Index::One), "I")).await.len(), 30);
    let changed = stored(&store, &Key::new("P", "07")).await.unwrap();
    assert_eq!((changed.version, changed.value.value), (2, "changed".into()));
    assert_eq!(lost(create(&store, &thing("P", "00")).await), [Key::new("P", "00")]);
    second.kill().await;
}
