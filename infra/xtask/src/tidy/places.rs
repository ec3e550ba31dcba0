//! One name, eight places (docs/CONTRIBUTING.md).
//!
//! The manifests say which functions there are; whatever is missing for one of them elsewhere,
//! or stands elsewhere for none, is a fault.

use std::collections::{BTreeMap, BTreeSet};

use super::scenarios::{self, Scenarios};
use super::source::{self, Declared, Endpoints};
use super::template::{self, Resource};
use super::{Faults, openapi};
use crate::functions::Function;
use crate::tree::Tree;

/// What only a person starts, from the console of the deployment (RELIABILITY P7).
const BY_HAND: [&str; 1] = ["first-admin"];

const API_PAGE: &str = "docs/API.md";

/// Everything but the manifests, read once.
struct Places {
    resources: BTreeMap<String, Resource>,
    operations: BTreeMap<String, Endpoints>,
    page: String,
    scenarios: Scenarios,
}

/// Checks every function in every place, then every place for what is no function.
pub(super) fn check(tree: &Tree, functions: &BTreeSet<Function>, faults: &mut Faults) {
    let places = read(tree, faults);
    for function in functions {
        one(tree, &places, function, faults);
    }
    strangers(tree, &places, functions, faults);
}

fn read(tree: &Tree, faults: &mut Faults) -> Places {
    let mut text = |path: &str| {
        tree.read(path).unwrap_or_else(|| {
            faults.add(path, "is missing");
            String::new()
        })
    };
    let (template, document, page) = (text(template::FILE), text(openapi::FILE), text(API_PAGE));
    let resources = template::functions(&template).unwrap_or_else(|error| {
        faults.add(template::FILE, error);
        BTreeMap::new()
    });
    let operations = openapi::operations(&document).unwrap_or_else(|error| {
        faults.add(openapi::FILE, error);
        BTreeMap::new()
    });
    Places { resources, operations, page, scenarios: Scenarios::read(tree) }
}

fn one(tree: &Tree, places: &Places, function: &Function, faults: &mut Faults) {
    let file = function.module_file();
    let source = tree.read(&file).or_else(|| tree.read(&file.replace(".rs", "/mod.rs")));
    if source.is_none() {
        faults.add(&file, format!("is missing for `{}`", function.name));
    }
    let declared = source.and_then(|source| source::route(&source)).unwrap_or_default();
    if !function.is_job() && declared.name != function.route_name() {
        let (found, wanted) = (&declared.name, function.route_name());
        faults.add(&file, format!("its route is named `{found}`, wanted `{wanted}`"));
    }
    resource(places, function, &declared, faults);
    if !function.is_job() {
        operation(places, function, &declared, faults);
    }
    sample(tree, function, faults);
    if !places.page.contains(&format!("| `{}` |", function.name)) {
        faults.add(API_PAGE, format!("`{}` has no row", function.name));
    }
    if !places.scenarios.cover(function, &declared.endpoints) {
        faults.add(scenarios::FOLDER, format!("no scenario goes through `{}`", function.name));
    }
}

fn resource(places: &Places, function: &Function, declared: &Declared, faults: &mut Faults) {
    let name = function.resource();
    let Some(resource) = places.resources.get(&name) else {
        faults.add(template::FILE, format!("there is no `{name}`"));
        return;
    };
    let code = format!("../target/lambda/{}.zip", function.name);
    if resource.code != code {
        faults.add(template::FILE, format!("the code of `{name}` is not `{code}`"));
    }
    if resource.endpoints != declared.endpoints {
        let (found, wanted) = (list(&resource.endpoints), list(&declared.endpoints));
        faults.add(template::FILE, format!("`{name}` has {found}, its `ROUTE` has {wanted}"));
    }
    if function.is_job() && (resource.triggers == 0) != BY_HAND.contains(&function.name.as_str()) {
        let what = if resource.triggers == 0 { "nothing" } else { "something" };
        faults.add(template::FILE, format!("{what} starts `{name}`"));
    }
    if resource.actions.iter().any(|action| action.contains('*')) {
        faults.add(template::FILE, format!("the policy of `{name}` has a wildcard action"));
    }
}

fn operation(places: &Places, function: &Function, declared: &Declared, faults: &mut Faults) {
    let empty = Endpoints::new();
    let found = places.operations.get(&function.name).unwrap_or(&empty);
    for missing in declared.endpoints.difference(found) {
        faults.add(openapi::FILE, format!("`{}` lacks `{missing}`", function.name));
    }
    for extra in found.difference(&declared.endpoints) {
        faults.add(openapi::FILE, format!("`{}` has `{extra}`, its `ROUTE` not", function.name));
    }
}

fn sample(tree: &Tree, function: &Function, faults: &mut Faults) {
    let file = function.event_file();
    let parsed = tree.read(&file).map(|text| serde_json::from_str::<serde_json::Value>(&text));
    match parsed {
        None => faults.add(&file, "is missing"),
        Some(Err(error)) => faults.add(&file, format!("is not JSON: {error}")),
        Some(Ok(_)) => {}
    }
}

/// What stands somewhere for a function that does not exist.
fn strangers(tree: &Tree, places: &Places, functions: &BTreeSet<Function>, faults: &mut Faults) {
    let known = |test: &dyn Fn(&Function) -> bool| functions.iter().any(test);
    for name in places.resources.keys() {
        if !known(&|function| function.resource() == *name) {
            faults.add(template::FILE, format!("`{name}` is no function"));
        }
    }
    for name in places.operations.keys() {
        if !known(&|function| function.name == *name) {
            faults.add(openapi::FILE, format!("`{name}` is no function"));
        }
    }
    for path in tree.files("events") {
        if !known(&|function| function.event_file() == path) {
            faults.add(&path, "is a sample of no function");
        }
    }
}

fn list(endpoints: &Endpoints) -> String {
    let quoted: Vec<_> = endpoints.iter().map(|endpoint| format!("`{endpoint}`")).collect();
    if quoted.is_empty() { "none".to_owned() } else { quoted.join(", ") }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const ROUTE: &str =
        r#"pub const ROUTE: Route = Route::get("auth.me", "/api/auth/me").any_caller();"#;
    const TEMPLATE: &str = r"
Resources:
  AuthMeFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../target/lambda/auth-me.zip
      Events:
        Route: {Type: HttpApi, Properties: {Method: GET, Path: /api/auth/me}}
";
    const DOCUMENT: &str = r#"{"paths": {"/api/auth/me": {"get": {"operationId": "auth-me"}}}}"#;

    fn write(root: &Path, path: &str, text: &str) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn whole() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "functions/auth/src/me.rs", ROUTE);
        write(root, "infra/api.yaml", TEMPLATE);
        write(root, "docs/openapi.json", DOCUMENT);
        write(root, "docs/API.md", "| `auth-me` |");
        write(root, "infra/local/tests/flow.rs", "// auth-me");
        write(root, "events/auth-me.json", "{}");
        folder
    }

    fn faults(root: &Path) -> Vec<String> {
        let mut faults = Faults::default();
        let functions = [Function::new("auth-me", "auth")].into();
        check(&Tree::at(root), &functions, &mut faults);
        faults.lines().to_vec()
    }

    #[test]
    fn a_function_in_all_places_has_no_fault() {
        assert_eq!(faults(whole().path()), Vec::<String>::new());
    }

    #[test]
    fn a_missing_place_is_found_each_by_each() {
        for path in ["functions/auth/src/me.rs", "events/auth-me.json", "docs/API.md"] {
            let folder = whole();
            fs::remove_file(folder.path().join(path)).unwrap();
            let faults = faults(folder.path());
            assert!(faults.iter().any(|fault| fault.contains(path)), "{path}: {faults:?}");
        }
        for path in ["infra/local/tests/flow.rs", "infra/api.yaml", "docs/openapi.json"] {
            let folder = whole();
            fs::remove_file(folder.path().join(path)).unwrap();
            assert!(!faults(folder.path()).is_empty(), "{path}");
        }
    }

    #[test]
    fn another_path_in_the_template_is_found() {
        let folder = whole();
        write(folder.path(), "infra/api.yaml", &TEMPLATE.replace("/api/auth/me", "/api/me"));
        assert_eq!(
            faults(folder.path()),
            ["infra/api.yaml: `AuthMeFunction` has `GET /api/me`, its `ROUTE` has \
              `GET /api/auth/me`"]
        );
    }

    #[test]
    fn what_is_no_function_is_found() {
        let folder = whole();
        write(folder.path(), "events/auth-you.json", "{}");
        assert_eq!(faults(folder.path()), ["events/auth-you.json: is a sample of no function"]);
    }

    #[test]
    fn a_sample_must_be_json() {
        let folder = whole();
        write(folder.path(), "events/auth-me.json", "{");
        assert_eq!(faults(folder.path()).len(), 1);
    }
}
