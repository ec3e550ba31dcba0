//! What the template owes to the audit and to secrets (promises R23, R25).
//!
//! A function that may remove or change items may do neither to the audit, and no variable of any
//! function holds a secret: only where one is kept.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use super::yaml::{at, items, names, plain, text_of, values};
use super::{Faults, template};
use crate::tree::Tree;

/// The policy that forbids it.
const GUARD: &str = "AuditGuard";
/// What is forbidden under the keys of the audit.
const FORBIDDEN: [&str; 5] = [
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLUpdate",
    "dynamodb:UpdateItem",
];
/// Keys of entries and seals begin like this.
const KEYS: &str = "AUDIT*";
/// Words in the name of a variable that holds, or names, a secret.
const SECRET: [&str; 4] = ["SECRET", "KEY", "TOKEN", "PASSWORD"];
/// The one template with a secret that is written into what it makes (docs/SECRETS.md), once for
/// each of its two origins of functions.
const EDGE: &str = "infra/edge.yaml";
/// How the parameter of a reference to a secret ends.
const REFERENCE: &str = "SecretArn";

/// Checks the template.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    let text = tree.read(template::FILE).unwrap_or_default();
    if let Ok(root) = serde_yaml_ng::from_str::<Value>(&text) {
        guarded(&text, &root, faults);
        references(&root, faults);
    }
    for file in tree.files("infra").iter().filter(|path| path.ends_with("yaml")) {
        let resolved = tree.read(file).map_or(0, |text| text.matches("{{resolve:").count());
        // A distribution can only be told what it sends to its origins.
        let allowed = if file == EDGE { 2 } else { 0 };
        if resolved > allowed {
            faults.add(file, "a secret would be written into the stack when it is deployed");
        }
    }
}

fn guarded(text: &str, root: &Value, faults: &mut Faults) {
    let policy = at(at(at(root, "Resources"), GUARD), "Properties");
    let listed: BTreeSet<&str> = items(at(policy, "Roles")).filter_map(Value::as_str).collect();
    let functions = template::functions(text).unwrap_or_default();
    let may = |actions: &[String]| actions.iter().any(|own| FORBIDDEN.contains(&own.as_str()));
    let wanted: BTreeSet<String> = functions
        .iter()
        .filter(|(_, resource)| may(&resource.actions))
        .map(|(name, _)| format!("{name}Role"))
        .collect();
    for role in wanted.iter().filter(|role| !listed.contains(role.as_str())) {
        faults.add(template::FILE, format!("`{GUARD}` does not list `{role}`"));
    }
    for role in listed.iter().filter(|role| !wanted.contains(**role)) {
        faults.add(template::FILE, format!("`{GUARD}` lists `{role}`, which removes nothing"));
    }
    let statements = at(at(policy, "PolicyDocument"), "Statement");
    let whole = items(statements).any(|statement| {
        let actions: Vec<&str> = items(at(statement, "Action")).filter_map(Value::as_str).collect();
        // With `ForAllValues` one key of somebody else in the same request would lift the denial.
        let keys =
            at(at(at(statement, "Condition"), "ForAnyValue:StringLike"), "dynamodb:LeadingKeys");
        text_of(statement, "Effect") == "Deny"
            && FORBIDDEN.iter().all(|action| actions.contains(action))
            && items(keys).any(|key| key.as_str() == Some(KEYS))
    });
    if !whole {
        faults.add(template::FILE, format!("`{GUARD}` must deny every way to change `{KEYS}`"));
    }
}

fn references(root: &Value, faults: &mut Faults) {
    let globals = at(at(root, "Globals"), "Function");
    let resources = at(root, "Resources");
    let functions =
        values(resources).filter(|one| text_of(one, "Type") == "AWS::Serverless::Function");
    let all = functions.map(|function| at(function, "Properties")).chain([globals]);
    for variables in all.map(|owner| at(at(owner, "Environment"), "Variables")) {
        for (name, value) in names(variables).zip(values(variables)) {
            let secret = SECRET.iter().any(|word| name.contains(word));
            if secret && !is_reference(value) {
                faults
                    .add(template::FILE, format!("`{name}` must only say where a secret is kept"));
            }
        }
    }
}

/// Whether a value names a secret, or by a condition either names one or none.
fn is_reference(value: &Value) -> bool {
    let names = |value: &Value| value.as_str().is_some_and(|value| value.ends_with(REFERENCE));
    let none = |value: &Value| value.as_str() == Some("");
    match value.as_sequence().map(Vec::as_slice) {
        None => names(value),
        Some([_, yes, no]) => {
            [plain(yes), plain(no)].into_iter().all(|one| names(one) || none(one))
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Resources:
  AuditGuard:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref WorkerFunctionRole]
      PolicyDocument:
        Statement:
          - Effect: Deny
            Action:
              - dynamodb:BatchWriteItem
              - dynamodb:DeleteItem
              - dynamodb:PartiQLDelete
              - dynamodb:PartiQLUpdate
              - dynamodb:UpdateItem
            Condition:
              ForAnyValue:StringLike: {dynamodb:LeadingKeys: ["AUDIT*"]}
  WorkerFunction:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {INTERLOCK_CALCOM_SECRET: !Ref CalcomSecretArn}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: ["dynamodb:DeleteItem"], Resource: !Ref TableArn}
  ReaderFunction:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - {Effect: Allow, Action: ["dynamodb:Query"], Resource: !Ref TableArn}
"#;

    fn faults(template: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("infra")).unwrap();
        std::fs::write(folder.path().join("infra/api.yaml"), template).unwrap();
        let mut faults = Faults::default();
        check(&Tree::at(folder.path()), &mut faults);
        faults.lines().to_vec()
    }

    #[test]
    fn who_may_remove_items_may_not_touch_the_audit() {
        assert_eq!(faults(TEMPLATE), Vec::<String>::new());
        let forgotten = TEMPLATE.replace("Roles: [!Ref WorkerFunctionRole]", "Roles: []");
        assert_eq!(faults(&forgotten).len(), 1);
        let needless = TEMPLATE.replace(
            "[!Ref WorkerFunctionRole]",
            "[!Ref WorkerFunctionRole, !Ref ReaderFunctionRole]",
        );
        assert_eq!(faults(&needless).len(), 1);
        for (part, other) in [
            ("dynamodb:UpdateItem", "dynamodb:GetItem"),
            ("Effect: Deny", "Effect: Allow"),
            ("AUDIT*", "OTHER*"),
            ("ForAnyValue", "ForAllValues"),
        ] {
            assert_eq!(faults(&TEMPLATE.replace(part, other)).len(), 1, "{part}");
        }
    }

    #[test]
    fn no_variable_holds_a_secret() {
        for value in ["hunter2", "!Ref Password", "!Sub \"{{resolve:secretsmanager:x}}\""] {
            let told = TEMPLATE.replace("!Ref CalcomSecretArn", value);
            assert!(!faults(&told).is_empty(), "{value}");
            let chosen = format!("!If [Has, {value}, !Ref CalcomSecretArn]");
            let told = TEMPLATE.replace("!Ref CalcomSecretArn", &chosen);
            assert!(!faults(&told).is_empty(), "{chosen}");
        }
        let none = TEMPLATE.replace("!Ref CalcomSecretArn", "!If [Has, !Ref CalcomSecretArn, '']");
        assert_eq!(faults(&none), Vec::<String>::new());
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("infra")).unwrap();
        let faults_of = |file: &str, times: usize| {
            let text = "Header: \"{{resolve:secretsmanager:x}}\"\n".repeat(times);
            std::fs::write(folder.path().join(file), text).unwrap();
            let mut faults = Faults::default();
            check(&Tree::at(folder.path()), &mut faults);
            std::fs::remove_file(folder.path().join(file)).unwrap();
            faults.lines().iter().filter(|line| line.contains("written into")).count()
        };
        assert_eq!(
            [faults_of(EDGE, 2), faults_of(EDGE, 3), faults_of("infra/ops.yaml", 1)],
            [0, 1, 1]
        );
        let other = TEMPLATE.replace("INTERLOCK_CALCOM_SECRET: !Ref CalcomSecretArn", "X: y");
        assert_eq!(faults(&other), Vec::<String>::new());
    }
}
